"""Where does this stand? A pasted sentence, a headline or half a memory, to places in documents.

First every place where the words stand exactly, dress aside: quotation marks, dashes, white space,
case and the way Unicode spells a letter do not count. Only where there is none, places where
nearly the same is said, each with the words that differ. No model has a say in either.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any, NamedTuple

import numpy as np
from rapidfuzz.distance import Indel

from footnoted.corpus.errors import NoDocuments, UnusableInput
from footnoted.corpus.rendering import without_signs
from footnoted.corpus.structure import UNREAD
from footnoted.corpus.types import Document, Span
from footnoted.index.protocols import Searchable
from footnoted.qa.lookup.alignment import align, shared_letters, with_exchanged_ends
from footnoted.qa.lookup.context import Context
from footnoted.qa.lookup.folding import Word, fold, folded_words, places_in
from footnoted.qa.lookup.shown_rows import places_in_rows
from footnoted.qa.types import Citation

LONGEST = 10_000
"""The most characters that can be looked up at once."""

MOST_CLOSE = 10
"""How many close matches are shown."""

# How many passages BM25 proposes for close matches.
_CANDIDATES = 30

# An exact look-up reads the documents that hold its rarest words: it asks for so many words, until
# few documents are left; a word of too many passages tells too little to be worth asking for.
_RAREST_WORDS = 3
_FEW_DOCUMENTS = 4
_MOST_HOLDERS = 2_000


_HYPHEN = re.compile(r"(?<=\w)-(?=\w)")
_LINE_END = re.compile(r"[\r\n]")


@dataclass(frozen=True, slots=True)
class Difference:
    """A run of words that two texts share or do not share, as each of them writes it.

    ``kind`` is ``same``, ``missing`` (given, not in the source), ``added`` (in the source only)
    or ``replaced``.
    """

    kind: str
    given: str
    source: str


@dataclass(frozen=True, slots=True)
class Match:
    """A place where what was looked up stands: ``exact``, or ``close`` with what differs.

    A ``close`` match of similarity 1 has all the words in their order; its punctuation differs.
    ``differences`` are between what was given and the source as it is read, on one line and without
    signs. ``before`` and ``after`` are the rest of the sentence that the quotation stands in: they
    are shown beside it, and are no part of it.
    """

    citation: Citation
    match: str
    similarity: float
    differences: tuple[Difference, ...]
    before: str
    after: str

    @property
    def said(self) -> str:
        """What stands there, for a person to read."""
        return "".join(run.source for run in self.differences)

    def as_dict(self) -> dict[str, Any]:
        """The published object: the citation with ``match`` and ``similarity``."""
        return {**self.citation.as_dict(), "match": self.match, "similarity": self.similarity}


def lookup(library: Searchable, text: str) -> list[Match]:
    """The places where ``text`` stands.

    Exact ones are all given, in the order of the documents. Where there is none, at most
    ``MOST_CLOSE`` close ones, best first; where there is none of those either, nothing.

    Raises:
        UnusableInput: there is nothing to look up, or too much, or no document.
    """
    if not isinstance(text, str):
        raise UnusableInput(f"what is looked up is a {type(text).__name__}, not a text")
    if len(text) > LONGEST:
        raise UnusableInput(
            f"{len(text):,} characters are too many to look up; give at most {LONGEST:,}"
        )
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise UnusableInput("what is looked up is not valid text; type it again in UTF-8") from None
    pattern = fold(text)
    if not pattern:
        raise UnusableInput("there is nothing to look up; give a sentence, a headline or a phrase")
    if not library.kept(_passages):
        raise NoDocuments.of(library.place)
    if found := _exact(library, pattern):
        return _matches("exact", text, found)
    return _matches("close", text, _close(library, text))


def _passages(library: Searchable) -> int:
    return library.coverage().passages


class _Found(NamedTuple):
    """A stretch that is what was given, or like it."""

    similarity: float
    document: Document
    span: Span


def _matches(kind: str, text: str, found: Iterable[_Found]) -> list[Match]:
    contexts: dict[str, Context] = {}
    matches = []
    for number, (similarity, document, span) in enumerate(found, start=1):
        citation = Citation.of(number, document, span)
        said = document.structure.words_of(span) or citation.said
        same = (Difference("same", text, said),)
        changed = same if kind == "exact" else differences(text, said)
        if document.id not in contexts:
            contexts[document.id] = Context(document)
        before, after = contexts[document.id].around(span)
        matches.append(Match(citation, kind, round(similarity, 4), changed, before, after))
    return matches


def differences(query: str, quote: str) -> tuple[Difference, ...]:
    """What a quotation has made of its source, word by word, dress aside.

    Nothing is lost: the ``given`` of all runs, joined, is ``query``, and the ``source`` ``quote``.
    """
    given, source = folded_words(query), folded_words(quote)
    steps = Indel.opcodes([word.text for word in given], [word.text for word in source])
    runs = []
    for same, group in groupby(steps, key=lambda step: step.tag == "equal"):
        parts = list(group)
        edges = (parts[-1].src_end, parts[-1].dest_end)
        # Words left out and words put in side by side are words exchanged.
        tags = {part.tag for part in parts}
        kind = {"delete": "missing", "insert": "added"}.get("".join(tags), "replaced")
        runs.append(("same" if same else kind, *edges))
    if not runs:  # no words at all
        kind = "same" if fold(query) == fold(quote) else "replaced"
        return (Difference(kind, query, quote),)
    cuts_given = _cuts(query, given, [a for _, a, _ in runs])
    cuts_source = _cuts(quote, source, [b for _, _, b in runs])
    return tuple(
        Difference(kind, query[a:b], quote[c:d])
        for (kind, _, _), (a, b), (c, d) in zip(
            runs, pairwise(cuts_given), pairwise(cuts_source), strict=True
        )
    )


def _cuts(text: str, words: Sequence[Word], ends: Sequence[int]) -> list[int]:
    """Where runs that end before these words begin and end, so that all of ``text`` is in one.

    What stands between two words goes with the former, what stands before the first with it.
    """
    starts = [0, *(word.start for word in words[1:]), len(text)]
    return [0, *(starts[end] for end in ends[:-1]), len(text)]


# -- exact ----------------------------------------------------------------------------------------


def _exact(library: Searchable, pattern: str) -> list[_Found]:
    # Who pastes a quotation often pastes its quotation marks, or dots for what is left out.
    bare = re.sub(r'^(?:["\s]|\.{3})+|(?:["\s]|\.{3})+$', "", pattern)
    for sought in dict.fromkeys([pattern, bare]):
        found = [
            _Found(1.0, document, span)
            for document in _holding(library, sought)
            for span in _places(document, sought)
        ]
        if found:
            return found
    return []


def _places(document: Document, pattern: str) -> list[Span]:
    """Where it stands as it is written; else as it is read, with no sign in between; else in rows
    as they are shown."""
    return (
        places_in(document.text, pattern)
        or _places_read(document, pattern)
        or places_in_rows(document, pattern)
    )


def _places_read(document: Document, pattern: str) -> list[Span]:
    if not document.structure.within(Span(0, len(document.text)), "markup"):
        return []
    rendering = without_signs(document)
    # A hyphen at a line's end may have been taken out that the word has.
    for sought in dict.fromkeys([pattern, _HYPHEN.sub("", pattern)]):
        places = (rendering.source(place) for place in places_in(rendering.text, sought))
        found = [place for place in places if place]
        if sought != pattern:
            found = [place for place in found if _LINE_END.search(document.text, *place)]
        if found:
            return found
    return []


def _holding(library: Searchable, pattern: str) -> Iterable[Document]:
    """Documents among which are all that hold ``pattern``; all there are where that is unknown."""
    ids: set[str] | None = None
    for word in _rarest(library, {word.text for word in folded_words(pattern)}):
        indexed = library.holders(_composed(word), _MOST_HOLDERS)
        if indexed is None:
            continue
        held = {*indexed, *library.kept(_unusual_words).get(word, ())}
        ids = held if ids is None else ids & held
        if len(ids) <= _FEW_DOCUMENTS:
            break
    if ids is None:
        return library.documents()
    found = (library.document(document_id) for document_id in sorted(ids))
    return [document for document in found if document]


def _rarest(library: Searchable, words: Iterable[str]) -> list[str]:
    """The words that fewest passages hold, of the longest."""
    longest = sorted(words, key=lambda word: (-len(word), word))[:20]
    return sorted(longest, key=lambda word: -library.rarity(_composed(word)))[:_RAREST_WORDS]


def _composed(word: str) -> str:
    """A folded word in the form in which the lexical index knows it."""
    return unicodedata.normalize("NFC", word)


# What the lexical index surely takes apart as ``folded_words`` does, however it is written.
_USUAL = re.compile("[!-~“”‘’«»–—…À-ÖØ-öø-ÿА-яЁё]+")


def _unusual_words(library: Searchable) -> dict[str, set[str]]:
    """Words, folded, that the lexical index may not know, and the documents that hold them.

    It sees two words where a soft hyphen stands, another where a letter is spelled in two parts,
    and none where passages had to be cut inside one, or where none reach. So what stands between
    two white spaces and is not plainly usual is remembered here, and what no passage holds.
    """
    # No tokenizer makes more tokens of a text than it has bytes: shorter ones are never cut.
    uncut = library.manifest.passage_tokens
    found: dict[str, set[str]] = defaultdict(set)
    for document in library.documents():
        unread = {run for span in _unread(document) for run in document.text[slice(*span)].split()}
        for run in {*document.text.split()}:
            if (
                run not in unread
                and len(run) < uncut
                and (run.isascii() or (_USUAL.fullmatch(run) and len(run.encode()) < uncut))
            ):
                continue
            # The space is there for marks that stand on it.
            for word in folded_words(fold(f" {run}")):
                found[word.text].add(document.id)
    return dict(found)


def _unread(document: Document) -> Iterator[Span]:
    """What no passage of a document holds, grown to whole words."""
    structure, text = document.structure, document.text
    if not structure.blocks:
        return
    blocks = [one for one in structure.blocks if one.kind not in UNREAD]
    edges = [0, *(edge for block in blocks for edge in (block.start, block.end)), len(text)]
    gaps = (Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if a < b)
    signs = structure.within(Span(0, len(text)), "markup")
    for span in (*gaps, *(Span(sign.start, sign.end) for sign in signs)):
        yield _whole_words(text, *span)


# -- close ----------------------------------------------------------------------------------------


def _close(library: Searchable, text: str) -> list[_Found]:
    query = folded_words(text)
    if not query:
        return []
    near = [
        found
        for document, region in _regions(library, text)
        for found in _near(query, document, region)
    ]
    near.sort(key=lambda found: (-found.similarity, found.document.id, found.span.start))
    return near[:MOST_CLOSE]


def _regions(library: Searchable, text: str) -> Iterator[tuple[Document, Span]]:
    """Where to look for close matches: the passages that share most, and as much around them.

    What was given may begin before a passage or end after it, and may leave out words.
    """
    documents: dict[str, Document] = {}
    spans: dict[str, list[Span]] = defaultdict(list)
    for document, passage in library.candidates(text, _CANDIDATES):
        margin = len(text) + 100
        start, end = max(0, passage.start - margin), passage.end + margin
        documents[document.id] = document
        spans[document.id].append(_whole_words(document.text, start, end))
    for document_id, found in spans.items():
        for region in _merged(found):
            yield documents[document_id], region


def _whole_words(text: str, start: int, end: int) -> Span:
    """The span, grown until white space or by a hundred characters."""
    before = re.search(r"\S*\Z", text[max(0, start - 100) : start])
    after = re.match(r"\S*", text[end : end + 100])
    assert before and after, "both match the empty text"
    return Span(start - len(before.group()), min(end + len(after.group()), len(text)))


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(span.end, merged[-1].end))
        else:
            merged.append(span)
    return merged


def _near(query: Sequence[Word], document: Document, region: Span) -> Iterator[_Found]:
    """The stretches of a region that are like the query, none overlapping, the best first."""
    text = document.text[region.start : region.end]
    words = folded_words(text)
    if not words:
        return
    shared = shared_letters([word.text for word in query], [word.text for word in words])
    letters = np.array([len(word.text) for word in words], dtype=np.float64)
    given = float(sum(len(word.text) for word in query))
    waiting = [(0, len(words))]
    for _ in range(MOST_CLOSE):
        if not waiting:
            return
        low, high = waiting.pop(0)
        found = align(shared[:, low:high], letters[low:high], given)
        if found is None:
            continue
        found = with_exchanged_ends(found, query, words[low:high], text, given)
        first, last = low + found.start, low + found.end
        start, end = region.start + words[first].start, region.start + words[last - 1].end
        yield _Found(found.similarity, document, Span(start, end))
        waiting += [(low, first), (last, high)]
