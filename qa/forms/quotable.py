"""The sentences of documents that can stand by themselves, and what of them is on a topic."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from footnoted.corpus.sentences import paragraphs, sentences, spans
from footnoted.corpus.spans import Kind
from footnoted.corpus.structure import HEADER
from footnoted.corpus.types import Document, Span
from footnoted.corpus.words import content_words, stem, stems
from footnoted.index.protocols import Searchable, WordSearch
from footnoted.qa.catalogue.meant import MOST_READ, read
from footnoted.qa.english.attribution import with_speaker
from footnoted.qa.english.boilerplate import is_boilerplate, is_furniture

_QUOTED: frozenset[Kind] = frozenset(("paragraph", "item", "turn", "row"))
_LINE_END = re.compile(r"[\r\n]")
_FEWEST_WORDS = 4
_LARGE = 0.75
# So many sentences before and after one may tell who says it.
_NEAR = 8
# Who was there, and where: the head of minutes.
_ROLL = re.compile(
    r"[\W\d_]*(?:present|(?:in\s+)?attendance|attend(?:ees|ing)|absent|apolog(?:y|ies)(?:\s+for\s+absence)?"
    r"|panel|venue)\b[^.!?]{0,20}[:\-–—]",
    re.I,
)
# What so many documents say word for word belongs to where they stand: "Join today".
_FORMULA = 3
# What stands under a title or a heading that names the topic is on it, if less surely.
UNDER_ITS_NAME = 0.9
LEAST_SHARE = 0.6


_PLANS = frozenset(map(stem, "plan proposal scheme project programme program initiative".split()))
"""What a thing that is meant to be done is called, in one document so and in another so."""


class Sentence(NamedTuple):
    """A sentence of a document, and what is quoted for it: with it, who says it."""

    document: Document
    span: Span
    quoted: Span

    @property
    def text(self) -> str:
        return self.document.text[slice(*self.span)]

    @property
    def as_quoted(self) -> Sentence:
        """All that is quoted for it, as one."""
        return self._replace(span=self.quoted)

    @property
    def is_whole(self) -> bool:
        """Whether it is one, and no item of a list or row of a table that only ends like none."""
        return not is_furniture(self.text, self.document.title)


def quotable(document: Document, formulas: frozenset[str] = frozenset()) -> Iterator[Sentence]:
    """Its sentences, items and rows, in their order, without what is furniture of a page, without
    ``formulas``, and without the second halves of what a reader of the file has cut in two."""
    for block, kind in _blocks(document):
        flat = _LINE_END.sub(" ", document.text[slice(*block)])
        inside = [block] if kind == "row" else spans(sentences(flat), block.start)
        for at, span in enumerate(inside):
            said = document.text[slice(*span)]
            if _is_fit(document, said, kind) and formula(document, span) not in formulas:
                near = inside[max(at - _NEAR, 0) : at + _NEAR + 1]
                yield Sentence(document, span, with_speaker(document, near, span))


def _blocks(document: Document) -> Iterator[tuple[Span, Kind]]:
    if blocks := document.structure.blocks:
        for one in blocks:
            if one.kind in _QUOTED and one.value != HEADER:
                yield Span(one.start, one.end), one.kind
    else:
        for span in spans(paragraphs(document.text)):
            yield span, "paragraph"


def _is_fit(document: Document, said: str, kind: Kind) -> bool:
    if len(said.split()) < _FEWEST_WORDS or _ROLL.match(said):
        return False
    if kind in ("paragraph", "turn"):
        letter = next((one for one in said if one.isalpha()), "")
        is_cut = letter.islower() or _is_headline(said)
        return not (is_cut or is_furniture(said, document.title))
    return not is_boilerplate(said, document.title)


def _is_headline(said: str) -> bool:
    """Whether most of its longer words are written large, as in a title."""
    longer = [word for word in said.split() if word[0].isalpha() and len(word) > 3]
    large = sum(word[0].isupper() for word in longer)
    return len(longer) >= _FEWEST_WORDS and large >= _LARGE * len(longer)


def same_words(said: str) -> str:
    """What sentences have in common that are the same but for case and white space."""
    return " ".join(said.casefold().split())


def apart(found: Iterable[Sentence]) -> Iterator[Sentence]:
    """Those that are quoted apart, each as it is quoted, and the same words once."""
    end: dict[str, int] = {}
    said: set[str] = set()
    for one in found:
        words = same_words(one.as_quoted.text)
        if one.quoted.start >= end.get(one.document.id, 0) and words not in said:
            end[one.document.id] = one.quoted.end
            said.add(words)
            yield one.as_quoted


def formula(document: Document, span: Span) -> str:
    """What sentences have in common that say the same of other names: "Find more from on"."""
    said = document.structure.words_of(span).split()
    return " ".join(word for at, word in enumerate(said) if not (at and word[0].isupper()))


def formulas(library: Searchable) -> frozenset[str]:
    """The formulas of several documents of ``library``; keep them with ``library.kept``."""
    holders: Counter[str] = Counter()
    for document in read(library, library.listing()[:MOST_READ]):
        holders.update({formula(document, one.span) for one in quotable(document)})
    return frozenset(said for said, many in holders.items() if many >= _FORMULA)


class Topic:
    """What is spoken of, by its words, of which the rarer tell more."""

    def __init__(self, topic: str, library: WordSearch) -> None:
        self._weights = {word.stem: library.rarity(word.text) for word in content_words(topic)}
        self._total = sum(self._weights.values())

    @property
    def is_unnamed(self) -> bool:
        """Whether it is "the plan" or "the project", whatever it is called where it is told of."""
        return bool(self._weights) and self._weights.keys() <= _PLANS

    def share(self, document: Document, span: Span) -> float:
        """How surely what stands at ``span`` is on it, from 0 to 1; 0 where that is too little."""
        said = stems(document.text[slice(*span)])
        named = stems(" ".join((document.title, *document.structure.heading_path(span.start))))
        known = self._weights.keys()
        if said & _PLANS:
            said |= known & _PLANS
        share = sum(self._weights[one] for one in known & said) / (self._total or 1.0)
        under = UNDER_ITS_NAME if known <= named else 0.0
        best = max(share, under)
        return best if best >= LEAST_SHARE else 0.0
