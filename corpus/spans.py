"""Stretches of a text, and what each of them is. All offsets count Unicode code points."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple


class Span(NamedTuple):
    """A half-open range ``[start, end)`` of code points."""

    start: int
    end: int

    def overlaps(self, other: Span) -> bool:
        """Whether the two share a code point."""
        return self.start < other.end and other.start < self.end


Kind = Literal[
    "heading",
    "paragraph",
    "list",
    "item",
    "table",
    "row",
    "cell",
    "record",
    "quotation",
    "turn",
    "code",
    "note",
    "running",
    "boilerplate",
    "metadata",
    "markup",
]
"""What a stretch of a text may be; ``Annotation`` tells what the value of each is."""


class Annotation(NamedTuple):
    """What a stretch of a text is, as the reader of its format says.

    Blocks hold the text and do not overlap each other:

    - ``heading``, whose value is its level, from ``"1"``, the outermost, to ``"6"``
    - ``paragraph``
    - ``item``: the own text of an item of a list, without the items below it; its value is the
      lead-in, the words above that it continues
    - ``row``: a row of a table, or a line ``key: value`` of a record; the value of one that holds
      the headers is ``"header"``
    - ``turn``: what one speaker says, ``Name:`` included; its value is the speaker
    - ``code``, whose value is the language
    - ``note``: a footnote, an endnote, a comment, a note to a slide
    - ``running``: a header or footer that the pages share; ``boilerplate``: what belongs to a site
      and not to its article; ``metadata``: settings, whose value is what they tell of. These three
      stay in the text, and no passage holds them.

    Around blocks: ``list``, ``table``, ``record`` (what is about one thing, as one of several in a
    row), ``quotation`` (its value is who is quoted, if that is known). Inside them: ``cell``, whose
    value is its header, and ``markup``, signs that say how the text is set and are no part of what
    it says.
    """

    start: int
    end: int
    kind: Kind
    value: str = ""


class Page(NamedTuple):
    """A stretch of a text that stands on one page or slide, of which several may.

    ``number`` counts from 1; ``label`` is what is printed on the page, "" if that is not known.
    """

    start: int
    end: int
    number: int
    label: str = ""


_AROUND: frozenset[Kind] = frozenset(("list", "table", "record", "quotation"))


def in_order(annotations: Iterable[Annotation]) -> tuple[Annotation, ...]:
    """By their places; of those that begin together, the outer first."""
    return tuple(
        sorted(annotations, key=lambda one: (one.start, -one.end, one.kind not in _AROUND))
    )
