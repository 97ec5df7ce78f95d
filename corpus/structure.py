"""The structure of a document: blocks under headings, on pages, inside what holds them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property

from footnoted.corpus.spans import Annotation, Kind, Page, Span

UNREAD: frozenset[Kind] = frozenset(("running", "boilerplate", "metadata"))
"""What stays in the text and is neither searched nor quoted in answers."""

READ: frozenset[Kind] = frozenset(
    ("heading", "paragraph", "item", "row", "turn", "code", "note"),
)
BLOCKS = READ | UNREAD
"""What holds text; see ``Annotation``."""

HEADER = "header"
"""The value of a row that holds the headers of a table."""


class Structure:
    """What stands where in a text.

    A text without annotations has none: no blocks, no headings, no pages.
    """

    def __init__(
        self, text: str, annotations: Sequence[Annotation], pages: Sequence[Page] = ()
    ) -> None:
        self._text = text
        self._pages = pages
        self.annotations = annotations

    @cached_property
    def blocks(self) -> Sequence[Annotation]:
        """All blocks, in their order."""
        return [one for one in self.annotations if one.kind in BLOCKS]

    def block_at(self, offset: int) -> Annotation | None:
        """The block that holds the character at ``offset``, if one does."""
        at = bisect_right(self._block_starts, offset) - 1
        return self.blocks[at] if at >= 0 and offset < self.blocks[at].end else None

    def blocks_in(self, span: Span) -> Sequence[Annotation]:
        """The blocks that share a character with ``span``."""
        first = bisect_right(self._block_starts, span.start) - 1
        if first < 0 or self.blocks[first].end <= span.start:
            first += 1
        last = bisect_right(self._block_starts, span.end - 1)
        return self.blocks[first:last]

    def within(self, span: Span, *kinds: Kind) -> list[Annotation]:
        """The annotations of these kinds that share a character with ``span``."""
        found = (one for kind in kinds for one in self._of_kind(kind, span))
        return sorted(found, key=lambda one: (one.start, -one.end))

    def around(self, offset: int, kind: Kind) -> Annotation | None:
        """The innermost annotation of this kind that holds the character at ``offset``."""
        holding = self._of_kind(kind, Span(offset, offset + 1))
        return max(holding, key=lambda one: (one.start, -one.end), default=None)

    def heading_path(self, offset: int) -> tuple[str, ...]:
        """The titles under which ``offset`` stands, from the outermost in.

        A heading stands under those above it, not under itself.
        """
        at = bisect_right(self._heading_starts, offset) - 1
        if at >= 0 and offset < self._headings[at].end:
            at = self._above[at]
        path: list[str] = []
        while at >= 0:
            path.append(self.words_of(self._headings[at]))
            at = self._above[at]
        return tuple(reversed(path))

    def page_at(self, offset: int) -> Page | None:
        """The page on which the character at ``offset`` stands, if the text has pages."""
        at = bisect_right(self._page_starts, offset) - 1
        return self._pages[at] if at >= 0 and offset < self._pages[at].end else None

    def words_of(self, span: Span | Annotation) -> str:
        """What a stretch says, on one line, without the signs that say how it is set."""
        return " ".join("".join(self._text[a:b] for a, b in self.without_signs(span)).split())

    def without_signs(self, span: Span | Annotation) -> Iterator[Span]:
        """What is left of a stretch between the signs that say how it is set."""
        at = span.start
        for sign in self.within(Span(span.start, span.end), "markup"):
            if at < sign.start:
                yield Span(at, sign.start)
            at = max(at, sign.end)
        if at < span.end:
            yield Span(at, span.end)

    @cached_property
    def _by_kind(self) -> dict[Kind, tuple[list[Annotation], list[int]]]:
        found: dict[Kind, list[Annotation]] = {}
        for one in self.annotations:
            found.setdefault(one.kind, []).append(one)
        return {kind: (every, _furthest(every)) for kind, every in found.items()}

    def _of_kind(self, kind: Kind, span: Span) -> list[Annotation]:
        every, furthest = self._by_kind.get(kind, ([], []))
        found = []
        for at in range(bisect_right(furthest, span.start), len(every)):
            if every[at].start >= span.end:
                break
            if every[at].end > span.start:
                found.append(every[at])
        return found

    @cached_property
    def _block_starts(self) -> list[int]:
        return [one.start for one in self.blocks]

    @cached_property
    def _headings(self) -> list[Annotation]:
        return [one for one in self.blocks if one.kind == "heading"]

    @cached_property
    def _heading_starts(self) -> list[int]:
        return [one.start for one in self._headings]

    @cached_property
    def _above(self) -> list[int]:
        """For each heading the number of the one that it stands under, -1 for none."""
        found: list[int] = []
        opened: list[int] = []
        for number, heading in enumerate(self._headings):
            while opened and int(self._headings[opened[-1]].value) >= int(heading.value):
                opened.pop()
            found.append(opened[-1] if opened else -1)
            opened.append(number)
        return found

    @cached_property
    def _page_starts(self) -> list[int]:
        return [page.start for page in self._pages]


def _furthest(every: Sequence[Annotation]) -> list[int]:
    """Up to where each and all before it reach: rising, so that it can be bisected."""
    reached, found = 0, []
    for one in every:
        reached = max(reached, one.end)
        found.append(reached)
    return found
