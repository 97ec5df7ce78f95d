"""Documents to passages: whole paragraphs where they fit, whole sentences where they do not."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import accumulate, groupby, pairwise

from langchain_text_splitters import RecursiveCharacterTextSplitter, TextSplitter

from footnoted.corpus.rendering import Rendering, render, render_alone
from footnoted.corpus.sentences import joined_lines, paragraphs, sentences, spans
from footnoted.corpus.spans import Annotation, Span
from footnoted.corpus.structure import HEADER, UNREAD, Structure
from footnoted.corpus.types import Document, Passage

# Prose has four to five in English; twice that is not prose and is cut by its length.
_LETTERS_PER_TOKEN = 8

# Signs of Markdown that end what they set apart, as "](address)" does a link.
_CLOSING = "*_`~]"
_LINE_END = re.compile(r"[\r\n]")

Cut = Callable[[str], Sequence[str]]


class PassageSplitter(TextSplitter):
    """Fill each passage with whole paragraphs, then sentences, then words, up to a size in tokens.

    The pieces that ``split_text`` returns are consecutive and lose nothing: joined, they are the
    text. Offsets are therefore sums of lengths, also where the same text stands many times.

    Args:
        count_tokens: how many tokens the embedder makes of a text, without special tokens.
        max_tokens: the most tokens a passage may have.
    """

    def __init__(self, count_tokens: Callable[[str], int], max_tokens: int) -> None:

        # Cached because langchain measures each piece again when it merges them. White space has
        # no tokens, but a piece that weighs nothing would be carried into the next passage too.
        # A word of a thousand letters is one unknown token, but no passage that one can read.
        # What is too long by its letters alone is cut anyway: its tokens need not be counted.
        @lru_cache(maxsize=4096)
        def count(text: str) -> int:
            least = len(text) // _LETTERS_PER_TOKEN
            if least > max_tokens:
                return least
            return max(1, count_tokens(text), least) if text else 0

        self.count = count
        self.most = max_tokens
        self._sentences = cache(sentences)

        super().__init__(
            chunk_size=max_tokens, chunk_overlap=0, length_function=count, strip_whitespace=False
        )
        self._words = RecursiveCharacterTextSplitter(
            separators=["\n", "; ", ", ", " ", ""],
            keep_separator="end",
            chunk_size=max_tokens,
            chunk_overlap=0,
            length_function=count,
            strip_whitespace=False,
        )

    def split_text(self, text: str) -> list[str]:
        """Cut ``text`` into consecutive passages."""
        return self.fill(paragraphs(text))

    def fill(self, pieces: Sequence[str]) -> list[str]:
        """Passages of whole ``pieces``, which are consecutive; those too long are cut."""
        return self._fill(pieces, (self.sentences, self._words.split_text))

    def sentences(self, text: str) -> list[str]:
        """The sentences of ``text``, each with the white space that follows it.

        Of a long block they are asked for twice: where it is cut, and for what is in each passage.
        """
        said = text.rstrip()
        if not said:
            return [text]
        *others, last = self._sentences(said)
        return [*others, last + text[len(said) :]]

    def forget(self) -> None:
        """Of a document that is done, nothing is asked again."""
        self._sentences.cache_clear()

    def _fill(self, pieces: Sequence[str], finer: Sequence[Cut]) -> list[str]:
        passages: list[str] = []
        waiting: list[str] = []
        for piece in pieces:
            if not finer or self._length_function(piece) <= self._chunk_size:
                waiting.append(piece)
                continue
            passages += self._merge_splits(waiting, "")
            waiting = []
            passages += self._fill(finer[0](piece), finer[1:])
        return passages + self._merge_splits(waiting, "")


def split(document: Document, splitter: PassageSplitter) -> list[Passage]:
    """The passages of ``document``, in order, each with the sentences it holds.

    None crosses a heading, or mixes what is about different things: records, and a table with what
    stands around it. A heading is in the passages below it by its words alone (``rendering``), and
    stands in one only at the head of the text, or where nothing stands below it. A sentence too
    long for one passage is divided where the passage ends.
    """
    splitter.forget()
    if not document.structure.blocks:
        whole = Span(0, len(document.text))
        return _cut(document, whole, splitter.split_text(document.text), [whole], splitter)
    return [
        passage
        for group in _groups(document.structure)
        for passage in _passages_of(document, group, splitter)
    ]


def _groups(structure: Structure) -> Iterator[list[Annotation]]:
    """Neighbouring blocks that may share a passage.

    A heading that begins the text is its title, and goes with what stands right below it.
    """
    group: list[Annotation] = []
    held: Annotation | None = None
    heading: Annotation | None = None
    blocks = [one for one in structure.blocks if one.kind not in UNREAD and one.value != HEADER]
    for number, block in enumerate(blocks):
        holder = structure.around(block.start, "record") or structure.around(block.start, "table")
        if group and (block.kind == "heading" or holder != held):
            yield group
            group, heading = [], None
        if block.kind == "heading":
            if heading and int(heading.value) >= int(block.value):
                yield [heading]  # nothing stands below it
            heading = block
        else:
            if heading and not group and number == 1:
                group.append(heading)
            group.append(block)
            held = holder
    if group:
        yield group
    elif heading:
        yield [heading]


def _passages_of(
    document: Document, group: Sequence[Annotation], splitter: PassageSplitter
) -> list[Passage]:
    """A group of blocks, cut so that each passage is no longer than may be."""
    whole = Span(group[0].start, group[-1].end)
    if all(block.kind == "row" for block in group):
        pieces = _rows_together(document, group, splitter)
    else:
        edges = [*(block.start for block in group), whole.end]
        pieces = splitter.fill([document.text[a:b] for a, b in pairwise(edges)])
    blocks = [Span(block.start, block.end) for block in group]
    return _cut(document, whole, pieces, blocks, splitter)


def _rows_together(
    document: Document, rows: Sequence[Annotation], splitter: PassageSplitter
) -> list[str]:
    """Pieces of as many rows as fit, each with its headers; a row that is too long is cut."""
    pieces: list[str] = []
    weight = splitter.most
    edges = [*(row.start for row in rows), rows[-1].end]
    for row, (start, end) in zip(rows, pairwise(edges), strict=True):
        weighs = splitter.count(render(document, Span(row.start, row.end)).text)
        text = document.text[start:end]
        if weighs > splitter.most:
            pieces += splitter.fill([text])
            weight = splitter.most
        elif weight + weighs <= splitter.most:
            pieces[-1] += text
            weight += weighs
        else:
            pieces.append(text)
            weight = weighs
    return pieces


def _cut(
    document: Document,
    whole: Span,
    pieces: Sequence[str],
    blocks: Sequence[Span],
    splitter: PassageSplitter,
) -> list[Passage]:
    """``pieces``, which together are what stands in ``whole``, as passages of whole sentences."""
    edges = _edges(pieces, whole.start)
    assert edges[-1] == whole.end, "a splitter must lose nothing"
    found = [one for block in blocks for one in _sentences(document, block, edges, splitter)]
    passages = []
    for _, group in groupby(found, key=lambda piece: bisect_right(edges, piece.start)):
        inside = tuple(group)
        passages.append(Passage(document.id, inside[0].start, inside[-1].end, inside))
    return passages


def _sentences(
    document: Document, block: Span, cuts: Sequence[int], splitter: PassageSplitter
) -> list[Span]:
    """The sentences of a block, none of which crosses one of the ``cuts``."""
    found = document.structure.block_at(block.start)
    kind = found.kind if found else None
    rendering = render_alone(document, block)
    text = rendering.text
    if kind in ("row", "heading"):
        pieces = [text]
    else:
        pieces = (
            text.splitlines(keepends=True)
            if kind == "code"
            else splitter.sentences(_unwrapped(document, block, rendering))
        )
    said = (rendering.source(piece) for piece in spans(pieces))
    whole = (_with_signs(document, block, span) for span in said if span)
    return [part for span in whole for part in _divided(document.text, span, cuts)]


def _unwrapped(document: Document, block: Span, rendering: Rendering) -> str:
    """What a block says, on one line where lines were only wrapped, as wide as they are written.

    Without the signs between them, as the addresses of links, they look shorter than they are.
    """
    flat = "".join(
        _LINE_END.sub(" ", lines.rstrip()) + lines[len(lines.rstrip()) :]
        for paragraph in paragraphs(document.text[block.start : block.end])
        for lines in joined_lines(paragraph)
    )
    starts = ((one.source - block.start, one.length) for one in rendering.pieces)
    return "".join(flat[start : start + length] for start, length in starts)


def _with_signs(document: Document, block: Span, sentence: Span) -> Span:
    """A sentence with the signs that open before its first word, and close after its last."""
    start, end = sentence
    for sign in document.structure.within(block, "markup"):
        opens = not document.text[sign.end - 1].isspace()
        if sign.end == start and opens:
            start = sign.start
        elif sign.start == end and document.text[end] in _CLOSING:
            end = sign.end
    return Span(start, end)


def _divided(text: str, span: Span, cuts: Sequence[int]) -> list[Span]:
    first, last = bisect_right(cuts, span.start), bisect_right(cuts, span.end - 1)
    edges = [span.start, *cuts[first:last], span.end]
    return spans((text[start:end] for start, end in pairwise(edges)), span.start)


def _edges(pieces: Sequence[str], start: int) -> list[int]:
    return list(accumulate(map(len, pieces), initial=start))
