"""Where does this stand? A pasted sentence, a headline or half a memory, to places in documents.

First every place where the words stand exactly, dress aside: quotation marks, dashes, white space,
case and the way Unicode spells a letter do not count. Only where there is none, places where
nearly the same is said, each with the words that differ. No model has a say in either.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby, pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Indel
from rapidfuzz.process import cdist

from corpus.types import Document, Span, UnusableInput
from index.library import Library
from qa.types import Citation

LONGEST = 10_000
"""The most characters that can be looked up at once."""

LEAST_SIMILARITY = 0.6
"""What is less alike is not shown as close. See ``_align`` for what is counted.

Measured over 490 Wikipedia articles: of 1,000 sentences from elsewhere, 999 are less like anything
there (median 0.30, 98th percentile 0.50); of 200 sentences from there with every fourth word
exchanged for another, 198 are found first (median 0.75, 5th percentile 0.64), with every third 193.
"""

MOST_CLOSE = 10
"""How many close matches are shown."""

# Below it two words are two words, not one in two spellings: "view" and "views" are 0.89 alike,
# "organisation" and "organization" 0.92, "see" and "view" 0.29.
_LEAST_WORD_SIMILARITY = 0.75

# A longer stretch is taken for the quotation if it holds a tenth more of what was given, with at
# most six letters between for each of these.
_WORTH_WIDENING = 0.1
_WIDE_RATE = 0.3

# How many words at either end of what was given may stand for others in the source.
_MOST_EXCHANGED = 3
_SENTENCE_END = re.compile(r"[.!?…]\s|\n\s*\n")

# How many passages BM25 proposes for close matches.
_CANDIDATES = 30

# An exact look-up reads the documents that hold its rarest words: it asks for so many words, until
# few documents are left; a word of too many passages tells too little to be worth asking for.
_RAREST_WORDS = 3
_FEW_DOCUMENTS = 4
_MOST_HOLDERS = 2_000


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
    """

    citation: Citation
    match: str
    similarity: float
    differences: tuple[Difference, ...]

    def as_dict(self) -> dict[str, Any]:
        """The published object: the citation with ``match`` and ``similarity``."""
        return {**asdict(self.citation), "match": self.match, "similarity": self.similarity}


def lookup(library: Library, text: str) -> list[Match]:
    """The places where ``text`` stands.

    Exact ones are all given, in the order of the documents. Where there is none, at most
    ``MOST_CLOSE`` close ones, best first; where there is none of those either, nothing.

    Raises:
        UnusableInput: there is nothing to look up, or too much.
    """
    if len(text) > LONGEST:
        raise UnusableInput(
            f"{len(text):,} characters are too many to look up; give at most {LONGEST:,}"
        )
    pattern = fold(text)
    if not pattern:
        raise UnusableInput("there is nothing to look up; give a sentence, a headline or a phrase")
    return _exact(library, text, pattern) or _close(library, text)


def differences(query: str, quote: str) -> tuple[Difference, ...]:
    """What a quotation has made of its source, word by word, dress aside.

    Nothing is lost: the ``given`` of all runs, joined, is ``query``, and the ``source`` ``quote``.
    """
    given, source = _words(query), _words(quote)
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


def _cuts(text: str, words: Sequence[_Word], ends: Sequence[int]) -> list[int]:
    """Where runs that end before these words begin and end, so that all of ``text`` is in one.

    What stands between two words goes with the former, what stands before the first with it.
    """
    starts = [0, *(word.start for word in words[1:]), len(text)]
    return [0, *(starts[end] for end in ends[:-1]), len(text)]


# -- folding: a text without its dress ------------------------------------------------------------

# Tests hold these ranges against Unicode's tables.
_INVISIBLE = re.compile(
    "[\xad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+"
)
_QUOTES = re.compile(
    "['`«»\u02b9-\u02bd\u02ee\u2018-\u201f\u2032-\u2037\u2039\u203a\u2e42\u275b-\u2760"
    "\u300c-\u300f\u301d-\u301f]"
)
_DASHES = re.compile(
    "[\u058a\u05be\u1400\u1806\u2010-\u2015\u2043\u2212\u2e17\u2e1a\u2e3a\u2e3b\u2e40\u2e5d\u301c"
    "\u3030\u30a0\U00010ead]"
)
# Accents that stand alone are decomposed into a space and a mark. The acute one is a keyboard's
# apostrophe; the others count as space.
_ACCENT = "[\u0300-\u0345\u064b-\u0652\u0670\u3099\u309a]"
_ACCENTS = re.compile(_ACCENT)
_LONE_ACUTE = re.compile(rf"\s\u0301(?!{_ACCENT})")
_LONE_ACCENT = re.compile(rf"\s{_ACCENT}+")


def fold(text: str) -> str:
    """``text`` without what does not count: two texts that fold alike say the same.

    Letters are decomposed (NFKD: ligatures, full-width forms, ½ and … too) and their case is
    folded; quotation marks of all kinds are one, and dashes; marks that nobody sees are gone; white
    space is one space between words.
    """
    return " ".join(_fold(text).split())


def _fold(text: str) -> str:
    """``fold`` but for the white space."""
    if text.isascii():
        return text.lower().replace("'", '"').replace("`", '"')
    text = unicodedata.normalize("NFKD", _INVISIBLE.sub("", text))
    if _ACCENTS.search(text):
        text = _LONE_ACCENT.sub(" ", _LONE_ACUTE.sub('"', text))
    return _DASHES.sub("-", _QUOTES.sub('"', text.casefold())).replace("\u2044", "/")


# Scripts that put no space between words: there, a match may begin and end anywhere.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)


class _Kinds(dict[int, str]):
    """A table for ``str.translate``: each character to a letter for what it is."""

    def __missing__(self, code: int) -> str:
        self[code] = kind = self._kind(chr(code))
        return kind

    @staticmethod
    def _kind(char: str) -> str:
        if _INVISIBLE.match(char):
            return "i"
        if unicodedata.category(char)[0] == "M" or char in "\uff9e\uff9f":
            return "m"
        folded = _fold(char)
        if folded[0].isspace():
            return "s"
        if not folded[0].isalnum():
            return "o"
        return "u" if _UNSPACED.match(folded) else "w"


_KINDS = _Kinds()
# A character with the marks on it, which are one with it in every normal form.
_CLUSTER = re.compile("[^mi][mi]*|[mi]+")
_WORD = re.compile("w(?:[wmi]*[wm])?|u(?:[mi]*m)?")
# A run that folds character by character, but for a last one that may carry marks.
_PLAIN = re.compile(r"[!-~]+(?: [!-~]+)*(?![^\x00-\x7f])")


class _Word(NamedTuple):
    """A word, folded, and where it stands; of scripts without spaces, a character."""

    text: str
    start: int
    end: int


def _words(text: str) -> list[_Word]:
    found = _WORD.finditer(text.translate(_KINDS))
    return [_Word(fold(text[m.start() : m.end()]), m.start(), m.end()) for m in found]


class _Segment(NamedTuple):
    """A stretch of a text and where its folded form begins; ``plain`` if that is as long."""

    folded: int
    start: int
    end: int
    plain: bool


class _FoldedText:
    """A folded text that knows where each part of it came from."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._kinds = text.translate(_KINDS)
        self._segments: list[_Segment] = []
        pieces: list[str] = []
        length = 0
        for start, end, plain in self._cut():
            piece = _fold(text[start:end])
            if piece[:1].isspace():
                piece = piece[1:] if pieces and pieces[-1][-1] == " " else " " + piece[1:]
            if piece:
                self._segments.append(_Segment(length, start, end, plain))
                pieces.append(piece)
                length += len(piece)
        self.folded = "".join(pieces)
        self._starts = [segment.folded for segment in self._segments]

    def _cut(self) -> Iterator[tuple[int, int, bool]]:
        """The text as plain runs and, between them, single characters with their marks."""
        at = 0
        for run in _PLAIN.finditer(self._text):
            yield from self._clusters(at, run.start())
            yield *run.span(), True
            at = run.end()
        yield from self._clusters(at, len(self._text))

    def _clusters(self, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
        for cluster in _CLUSTER.finditer(self._kinds, start, end):
            yield *cluster.span(), False

    def places(self, pattern: str) -> Iterator[Span]:
        """Where ``pattern``, folded, stands in the text: from left to right, none overlapping."""
        at = self.folded.find(pattern)
        while at >= 0:
            span = self._span(at, at + len(pattern))
            if span:
                yield span
            at = self.folded.find(pattern, at + len(pattern) if span else at + 1)

    def _span(self, start: int, end: int) -> Span | None:
        """The place of a folded range; None if it begins or ends inside a character or a word."""
        first = bisect_right(self._starts, start) - 1
        last = bisect_right(self._starts, end - 1) - 1
        begin = self._source(first, start)
        finish = self._source(last, end)
        if begin is None or finish is None:
            return None
        if self._inside_word(begin) or self._inside_word(finish):
            return None
        while self._kinds[begin] == "i":
            begin += 1
        while self._kinds[finish - 1] == "i":
            finish -= 1
        return Span(begin, finish)

    def _source(self, index: int, at: int) -> int | None:
        """The source of the folded offset ``at``, at or in the segment of this number."""
        segment = self._segments[index]
        if segment.plain:
            return segment.start + at - segment.folded
        if at == segment.folded:
            return segment.start
        after = self._starts[index + 1] if index + 1 < len(self._starts) else len(self.folded)
        return segment.end if at == after else None

    def _inside_word(self, at: int) -> bool:
        if at == len(self._text) or self._kinds[at] != "w":
            return False
        before = at - 1
        while before >= 0 and self._kinds[before] in "mi":
            before -= 1
        return before >= 0 and self._kinds[before] == "w"


# -- exact ----------------------------------------------------------------------------------------


def _exact(library: Library, text: str, pattern: str) -> list[Match]:
    # Who pastes a quotation often pastes its quotation marks, or dots for what is left out.
    bare = re.sub(r'^(?:["\s]|\.{3})+|(?:["\s]|\.{3})+$', "", pattern)
    for sought in dict.fromkeys([pattern, bare]):
        found = [
            (document, span)
            for document in _holding(library, sought)
            for span in _places(document, sought)
        ]
        if found:
            citations = [Citation.of(n, *place) for n, place in enumerate(found, start=1)]
            return [Match(c, "exact", 1.0, (Difference("same", text, c.quote),)) for c in citations]
    return []


def _places(document: Document, pattern: str) -> list[Span]:
    # Keeping account of where each letter came from takes ten times as long.
    if not pattern or pattern not in fold(document.text):
        return []
    return list(_FoldedText(document.text).places(pattern))


def _holding(library: Library, pattern: str) -> Iterable[Document]:
    """Documents among which are all that hold ``pattern``; all there are where that is unknown."""
    ids: set[str] | None = None
    for word in _rarest(library, {word.text for word in _words(pattern)}):
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


def _rarest(library: Library, words: Iterable[str]) -> list[str]:
    """The words that fewest passages hold, of the longest."""
    longest = sorted(words, key=lambda word: (-len(word), word))[:20]
    return sorted(longest, key=lambda word: -library.rarity(_composed(word)))[:_RAREST_WORDS]


def _composed(word: str) -> str:
    """A folded word in the form in which the lexical index knows it."""
    return unicodedata.normalize("NFC", word)


# What the lexical index surely takes apart as ``_words`` does, in whatever form it is written.
_USUAL = re.compile("[!-~“”‘’«»–—…À-ÖØ-öø-ÿА-яЁё]+")


def _unusual_words(library: Library) -> dict[str, set[str]]:
    """Words, folded, that the lexical index may not know, and the documents that hold them.

    It sees two words where a soft hyphen stands, another where a letter is spelled in two parts,
    and none where passages had to be cut inside one. So what stands between two white spaces and
    is not plainly usual is remembered here.
    """
    # No tokenizer makes more tokens of a text than it has bytes: shorter ones are never cut.
    uncut = library.manifest.passage_tokens
    found: dict[str, set[str]] = defaultdict(set)
    for document in library.documents():
        for run in set(document.text.split()):
            if len(run) < uncut and (
                run.isascii() or (_USUAL.fullmatch(run) and len(run.encode()) < uncut)
            ):
                continue
            # The space is there for marks that stand on it.
            for word in _words(fold(f" {run}")):
                found[word.text].add(document.id)
    return dict(found)


# -- close ----------------------------------------------------------------------------------------


class _Near(NamedTuple):
    """A stretch that is like what was given."""

    similarity: float
    document: Document
    span: Span


def _close(library: Library, text: str) -> list[Match]:
    query = _words(text)
    if not query:
        return []
    near = [
        found
        for document, region in _regions(library, text)
        for found in _near(query, document, region)
    ]
    near.sort(key=lambda found: (-found.similarity, found.document.id, found.span.start))
    matches = []
    for number, found in enumerate(near[:MOST_CLOSE], start=1):
        citation = Citation.of(number, found.document, found.span)
        changed = differences(text, citation.quote)
        matches.append(Match(citation, "close", round(found.similarity, 4), changed))
    return matches


def _regions(library: Library, text: str) -> Iterator[tuple[Document, Span]]:
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


Floats = NDArray[np.float64]


class _Stretch(NamedTuple):
    """Words from ``start`` to ``end``, with the letters they share with a query."""

    similarity: float
    shared: float
    start: int
    end: int


def _near(query: Sequence[_Word], document: Document, region: Span) -> Iterator[_Near]:
    """The stretches of a region that are like the query, none overlapping, the best first."""
    text = document.text[region.start : region.end]
    words = _words(text)
    if not words:
        return
    shared = _shared_letters([word.text for word in query], [word.text for word in words])
    letters = np.array([len(word.text) for word in words], dtype=np.float64)
    given = float(sum(len(word.text) for word in query))
    waiting = [(0, len(words))]
    for _ in range(MOST_CLOSE):
        if not waiting:
            return
        low, high = waiting.pop(0)
        found = _align(shared[:, low:high], letters[low:high], given)
        if found is None:
            continue
        found = _with_exchanged_ends(found, query, words[low:high], text, given)
        first, last = low + found.start, low + found.end
        start, end = region.start + words[first].start, region.start + words[last - 1].end
        yield _Near(found.similarity, document, Span(start, end))
        waiting += [(low, first), (last, high)]


def _with_exchanged_ends(
    found: _Stretch, query: Sequence[_Word], words: Sequence[_Word], text: str, given: float
) -> _Stretch:
    """The stretch with the words that stand where the query's first or last ones do not.

    "in Kigali in 2023" is like "in Kigali in" most, but what the source says is "2022". Only a few
    words of the same sentence are added, and none that would make it too little alike.
    """
    stretch = [word.text for word in words[found.start : found.end]]
    steps = Indel.opcodes([word.text for word in query], stretch)
    same = [step for step in steps if step.tag == "equal"]
    if not same:
        return found
    before = same[0].src_start - same[0].dest_start
    after = (len(query) - same[-1].src_end) - (len(stretch) - same[-1].dest_end)
    start, end = found.start, found.end
    if 0 < before <= _MOST_EXCHANGED and before <= start:
        between = text[words[start - before].start : words[start].start]
        start -= 0 if _SENTENCE_END.search(between) else before
    if 0 < after <= _MOST_EXCHANGED and end + after <= len(words):
        between = text[words[end - 1].end : words[end + after - 1].end]
        end += 0 if _SENTENCE_END.search(between) else after
    letters = sum(len(word.text) for word in words[start:end])
    similarity = found.shared / (given + letters)
    if similarity < LEAST_SIMILARITY:
        return found
    return _Stretch(similarity, found.shared, start, end)


def _shared_letters(query: Sequence[str], words: Sequence[str]) -> Floats:
    """Letters that two words share, counted in both: shape (len(query), len(words)).

    Words less alike than ``_LEAST_WORD_SIMILARITY`` share none, and a number shares with itself
    alone: 2021 is not a way to write 2022.
    """
    rows, columns = list(dict.fromkeys(query)), list(dict.fromkeys(words))
    alike = cdist(
        rows, columns, scorer=Indel.normalized_similarity, score_cutoff=_LEAST_WORD_SIMILARITY
    ).astype(np.float64)
    numbers = [[any(map(str.isdigit, word)) for word in side] for side in (rows, columns)]
    alike[np.logical_or.outer(*numbers) & (alike < 1)] = 0
    alike *= np.add.outer([len(word) for word in rows], [len(word) for word in columns])
    row, column = ({word: i for i, word in enumerate(side)} for side in (rows, columns))
    chosen: Floats = alike[np.ix_([row[w] for w in query], [column[w] for w in words])]
    return chosen


def _align(shared: Floats, letters: Floats, given: float) -> _Stretch | None:
    """The stretch of words that is most like the query, and how much; None below the least.

    The similarity of two texts is Dice's, over the letters of their words: those in words that
    they share in the same order, counted in both, over all. 1 is the same words.

    The greatest ratio is found by Dinkelbach's method: the greatest of ``shared - rate * all`` is
    at least 0 as long as ``rate`` can be reached; each round's stretch gives the next ``rate``.
    """
    best = None
    rate = LEAST_SIMILARITY
    while True:
        found = _stretch(shared, letters, given, rate)
        if found.similarity < rate or (best and found.similarity <= best.similarity + 1e-9):
            break
        best, rate = found, found.similarity
    if best is None:
        return None
    # A quotation cut short in the middle: its end stands far from its beginning, and without the
    # one the other is more alike. It is one quotation all the same, if there is enough of it.
    wide = _stretch(shared, letters, given, _WIDE_RATE)
    more = wide.shared - best.shared >= 2 * _WORTH_WIDENING * given
    return wide if more and wide.similarity >= LEAST_SIMILARITY else best


def _stretch(shared: Floats, letters: Floats, given: float, rate: float) -> _Stretch:
    """The stretch whose shared letters exceed ``rate`` times its words' letters most.

    Rows of the table are words of the query. ``total[j]`` is the best of stretches that end before
    word ``j``, with the costs of all words before its start added, so that to pass over a word of
    either text is to keep the value, and a whole row is found at once.
    """
    columns = np.arange(len(letters) + 1)
    paid = np.concatenate([[0.0], np.cumsum(rate * letters)])
    total, start = paid.copy(), columns.copy()
    for row in shared[shared.any(axis=1)]:
        paired = total[:-1] + row
        better = paired > total[1:]
        start[1:] = np.where(better, start[:-1], start[1:])
        total[1:] = np.where(better, paired, total[1:])
        highest = np.maximum.accumulate(total)
        start = start[np.maximum.accumulate(np.where(total >= highest, columns, 0))]
        total = highest
    end = int(np.argmax(total - paid))
    begin = int(start[end])
    alike = float(total[end] - paid[begin])
    similarity = alike / (given + float(letters[begin:end].sum()))
    return _Stretch(min(similarity, 1.0), alike, begin, end)
