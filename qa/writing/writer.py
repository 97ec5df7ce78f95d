"""An answer in sentences of a language model, made from one in quotations."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import chain

from footnoted.corpus.errors import NotWritten
from footnoted.corpus.sentences import sentences, spans
from footnoted.corpus.types import Document, Span
from footnoted.index.types import Hit
from footnoted.qa.protocols import Advice, Composition
from footnoted.qa.protocols import Generator as LanguageModel
from footnoted.qa.types import Citation, ShortAnswer, Statement, Written
from footnoted.qa.writing.checking import Check, Checked
from footnoted.qa.writing.drafting import Drafted, drafted
from footnoted.qa.writing.evidence import Place, Source
from footnoted.qa.writing.prompt import messages

_ENDS = re.compile(r"[.!?。\n]")
_LATELY = 100
"""Without one of these signs in so many characters, no sentence has become whole; that it has tells
what follows it."""
_PASSAGES = 8
_SENTENCES = 12
"""More of them nobody checks who reads."""
NOTHING_PROVED = "nothing that the language model wrote is proved by what it was given"


class CheckedWriter:
    """See ``qa.protocols.Writer``. ``generator`` writes, ``check`` believes nothing of it, and
    ``advice`` is asked beforehand.

    ``shows``: whether sentences that are not supported are shown, struck, or left out.
    """

    def __init__(
        self,
        generator: LanguageModel,
        check: Check,
        advice: Advice | None = None,
        *,
        shows: bool = True,
    ) -> None:
        self.advice = advice
        self._generator = generator
        self._check = check
        self._shows = shows

    @property
    def name(self) -> str:
        return self._generator.name

    def warm_up(self) -> None:
        self._check.warm_up()

    def write(
        self,
        question: str,
        found: Composition,
        hits: Sequence[Hit],
        find: Callable[[str], Document | None],
        told: Callable[[tuple[Statement, ...]], None],
    ) -> Composition:
        if not found.answered:
            return found
        sources = _sources(found, hits, find)
        checked: list[Checked] = []
        so_far: tuple[Statement, ...] = ()
        try:
            # Closed at once where ``told`` raises: the model writes no further.
            with closing(self._sentences(question, sources)) as written:
                for some in written:
                    if some:
                        checked += [self._check.check(one, sources) for one in some]
                        so_far = _Cited(checked, self._shows).statements
                    told(so_far)
        except NotWritten as failure:
            return replace(found, written=Written(0, 0, self._shows, str(failure)))
        supported = sum(one.is_supported for one in checked)
        if not supported:
            counts = Written(len(checked), 0, self._shows, NOTHING_PROVED)
            return replace(found, written=counts)
        cited = _Cited(checked, self._shows)
        answers = cited.cite_also(found)
        return replace(
            found,
            answers=answers,
            statements=cited.statements,
            citations=cited.citations,
            written=Written(len(checked), supported, self._shows),
        )

    def _sentences(
        self, question: str, sources: Sequence[Source]
    ) -> Generator[list[Drafted], None, None]:
        """With each piece that is written, the sentences that are whole by it: mostly none."""
        text, seen, said = "", 0, set[str]()
        generating = self._generator.generate(messages(question, sources))
        with closing(generating):
            for piece in chain(generating, [""]):
                text += piece
                if piece and not _ENDS.search(text, len(text) - _LATELY):
                    yield []
                    continue
                ready = drafted(text, is_whole=not piece)
                new = [one for one in ready[seen:] if not one.text.endswith(":")]  # which leads in
                seen = max(seen, len(ready))
                fresh = [one for one in new if one.text not in said][: _SENTENCES - len(said)]
                said.update(one.text for one in fresh)
                yield fresh
                if len(fresh) < len(new):
                    return  # small models say one thing over and over


class _Cited:
    """Checked sentences as statements, and what they cite, numbered in the order of its use."""

    def __init__(self, checked: Iterable[Checked], shows: bool) -> None:
        self._numbers: dict[tuple[str, Span], int] = {}
        self._citations: list[Citation] = []
        self.statements = tuple(
            self._statement(one) for one in checked if one.is_supported or shows
        )

    @property
    def citations(self) -> tuple[Citation, ...]:
        return tuple(self._citations)

    def _statement(self, one: Checked) -> Statement:
        if not one.is_supported:
            return Statement(one.text, "unsupported", (), why=one.why)
        return Statement(one.text, "supported", tuple(map(self._number, one.places)))

    def _number(self, place: Place) -> int:
        at = place.document.id, place.span
        if at not in self._numbers:
            self._numbers[at] = len(self._citations) + 1
            self._citations.append(Citation.of(self._numbers[at], place.document, place.span))
        return self._numbers[at]

    def cite_also(self, found: Composition) -> tuple[ShortAnswer, ...]:
        """The short answers of what was quoted, with what they cite behind what is cited yet."""
        quoted = {one.number: one for one in found.citations}
        return tuple(
            replace(short, citations=tuple(self._renumbered(quoted[n]) for n in short.citations))
            for short in found.answers
        )

    def _renumbered(self, one: Citation) -> int:
        at = one.document, Span(one.start, one.end)
        if at not in self._numbers:
            self._numbers[at] = len(self._citations) + 1
            self._citations.append(replace(one, number=self._numbers[at]))
        return self._numbers[at]


def _sources(
    found: Composition, hits: Sequence[Hit], find: Callable[[str], Document | None]
) -> list[Source]:
    """The passages to write from: those that are quoted, in the order of the quotations, and then
    the others that were found."""
    chosen: dict[tuple[str, int], Source] = {}
    for one in found.citations:
        span = Span(one.start, one.end)
        hit = next((hit for hit in hits if hit.holds(one.document, one.start)), None)
        if hit:
            chosen.setdefault((hit.document.id, hit.passage.start), _source(hit))
        elif document := find(one.document):
            cut = tuple(spans(sentences(document.text[slice(*span)]), span.start))
            chosen.setdefault((document.id, span.start), Source(document, cut))
    for hit in hits:
        chosen.setdefault((hit.document.id, hit.passage.start), _source(hit))
    return list(chosen.values())[: max(_PASSAGES, len(found.citations))]


def _source(hit: Hit) -> Source:
    return Source(hit.document, hit.passage.sentences)
