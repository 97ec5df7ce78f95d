"""The structure of a document: blocks under headings, on pages, inside what holds them."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate

from footnoted.corpus.spans import Annotation, Annotations, Kind, Page, Span

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
        self._annotations = Annotations.of(annotations)
        self._by_kind: dict[Kind, tuple[Annotations, array[int]]] = {}
        self._paths: dict[int, tuple[str, ...]] = {}

    @cached_property
    def blocks(self) -> Annotations:
        """All blocks, in their order."""
        return self._annotations.of_kinds(BLOCKS)

    def block_at(self, offset: int) -> Annotation | None:
        """The block that holds the character at ``offset``, if one does."""
        at = bisect_right(self.blocks.starts, offset) - 1
        return self.blocks[at] if at >= 0 and offset < self.blocks[at].end else None

    def blocks_in(self, span: Span) -> Sequence[Annotation]:
        """The blocks that share a character with ``span``."""
        first = bisect_right(self.blocks.starts, span.start) - 1
        if first < 0 or self.blocks[first].end <= span.start:
            first += 1
        last = bisect_right(self.blocks.starts, span.end - 1)
        return self.blocks[first:last]

    def within(self, span: Span, *kinds: Kind) -> list[Annotation]:
        """The annotations of these kinds that share a character with ``span``."""
        found = [one for kind in kinds for one in self._of_kind(kind, span)]
        if len(kinds) > 1:
            found.sort(key=lambda one: (one.start, -one.end))
        return found

    def around(self, offset: int, kind: Kind) -> Annotation | None:
        """The innermost annotation of this kind that holds the character at ``offset``."""
        holding = self._of_kind(kind, Span(offset, offset + 1))
        return max(holding, key=lambda one: (one.start, -one.end), default=None)

    def heading_path(self, offset: int) -> tuple[str, ...]:
        """The titles under which ``offset`` stands, from the outermost in.

        A heading stands under those above it, not under itself.
        """
        at = bisect_right(self._headings.starts, offset) - 1
        if at >= 0 and offset < self._headings.ends[at]:
            at = self._above[at]
        if at not in self._paths:
            self._paths[at] = tuple(reversed([*self._up_from(at)]))
        return self._paths[at]

    def _up_from(self, number: int) -> Iterator[str]:
        """The titles of a heading and of those that it stands under."""
        while number >= 0:
            yield self.words_of(self._headings[number])
            number = self._above[number]

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

    def _of_kind(self, kind: Kind, span: Span) -> list[Annotation]:
        every, furthest = self._all_of(kind)
        if not every:
            return []
        first = bisect_right(furthest, span.start)
        last = bisect_left(every.starts, span.end, first)
        return [one for one in every[first:last] if one.end > span.start]

    def _all_of(self, kind: Kind) -> tuple[Annotations, array[int]]:
        """The annotations of a kind, and up to where each and all before it reach.

        The latter rises, so that it can be bisected.
        """
        if kind not in self._by_kind:
            every = self._annotations.of_kinds((kind,))
            self._by_kind[kind] = every, array("I", accumulate(every.ends, max))
        return self._by_kind[kind]

    @cached_property
    def _headings(self) -> Annotations:
        return self._all_of("heading")[0]

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
