"""Stretches of a text, and what each of them is. All offsets count Unicode code points."""

from __future__ import annotations

import base64
import json
import sys
import zlib
from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import compress, islice, pairwise
from operator import le, neg
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Self, get_args, overload

if TYPE_CHECKING:
    from pydantic_core import CoreSchema

    _Column = array[int]


class Span(NamedTuple):
    """A half-open range ``[start, end)`` of code points."""

    start: int
    end: int

    def overlaps(self, other: Span) -> bool:
        """Whether the two share a code point."""
        return self.start < other.end and other.start < self.end

    def is_inside(self, other: Span) -> bool:
        """Whether ``other`` holds all of it."""
        return other.start <= self.start and self.end <= other.end

    def moved(self, by: int) -> Span:
        """The same range so many code points further on."""
        return Span(self.start + by, self.end + by)


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

_Label = tuple[Kind, str]
"""The kind and the value of an annotation."""

_NUMBER = "I"
_NUMBER_BYTES = 4


class Annotations(Sequence[Annotation]):
    """Annotations by columns, of 12 bytes each: of a large sheet there are a million.

    ``starts`` and ``ends`` are columns, of one number for each; a third, not shown, tells which of
    ``labels`` it has.
    """

    __slots__ = ("_labelled", "_labels", "ends", "starts")

    def __init__(self, columns: Iterable[_Column] = (), labels: Sequence[_Label] = ()) -> None:
        self.starts, self.ends, self._labelled = columns or _no_columns()
        self._labels = labels

    @classmethod
    def of(cls, annotations: Iterable[Annotation]) -> Annotations:
        """The same by columns."""
        if isinstance(annotations, Annotations):
            return annotations
        found = AnnotationBuilder()
        for one in annotations:
            found.append(*one)
        return found.as_appended()

    @classmethod
    def decoded(cls, encoded: bytes) -> Self:
        """What ``encoded`` has made bytes of.

        Raises:
            ValueError: they are none that it makes, or have changed since.
        """
        head, _, columns = encoded.partition(b"\n")
        labels = _labels(json.loads(head))
        length, rest = divmod(len(columns), 3 * _NUMBER_BYTES)
        if rest == len(_checksum(b"")):  # there was none in what was written before
            if encoded[-rest:] != _checksum(encoded[:-rest]):
                raise ValueError("annotations have changed")
            columns, rest = columns[:-rest], 0
        if rest:
            raise ValueError("columns of annotations end too early")
        cuts = [at * length * _NUMBER_BYTES for at in range(4)]
        found = cls([_column(columns[a:b]) for a, b in pairwise(cuts)], labels)
        if max(found._labelled, default=-1) >= len(labels):
            raise ValueError("an annotation has no label")
        return found

    def encoded(self) -> bytes:
        """A line of JSON with what there is of kinds and values, the columns, and a checksum."""
        columns = map(_little_endian, (self.starts, self.ends, self._labelled))
        told = b"".join([json.dumps(self._labels).encode("ascii"), b"\n", *columns])
        return told + _checksum(told)

    def of_kinds(self, kinds: Collection[Kind]) -> Annotations:
        """Those of these kinds alone."""
        wanted = [kind in kinds for kind, _ in self._labels]
        if all(wanted):
            return self
        chosen = bytes(map(wanted.__getitem__, self._labelled))
        columns = (self.starts, self.ends, self._labelled)
        return Annotations([array(_NUMBER, compress(one, chosen)) for one in columns], self._labels)

    def __len__(self) -> int:
        return len(self.starts)

    @overload
    def __getitem__(self, at: int) -> Annotation: ...

    @overload
    def __getitem__(self, at: slice) -> list[Annotation]: ...

    def __getitem__(self, at: int | slice) -> Annotation | list[Annotation]:
        if isinstance(at, slice):
            return list(self._made(self.starts[at], self.ends[at], self._labelled[at]))
        return Annotation(self.starts[at], self.ends[at], *self._labels[self._labelled[at]])

    def __iter__(self) -> Iterator[Annotation]:
        return self._made(self.starts, self.ends, self._labelled)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(a == b for a, b in zip(self, other, strict=True))

    def __hash__(self) -> int:
        return hash((self.starts.tobytes(), self.ends.tobytes()))

    def __repr__(self) -> str:
        return f"Annotations.of({list(self)})"

    @classmethod
    def __get_pydantic_core_schema__(cls, *_: Any) -> CoreSchema:
        """In JSON, they are what ``encoded`` makes, in base 64."""
        from pydantic_core import core_schema

        return core_schema.no_info_after_validator_function(
            lambda data: cls.decoded(base64.b64decode(data)), core_schema.bytes_schema()
        )

    def _made(self, starts: _Column, ends: _Column, labelled: _Column) -> Iterator[Annotation]:
        for start, end, label in zip(starts, ends, labelled, strict=True):
            yield Annotation(start, end, *self._labels[label])


class AnnotationBuilder:
    """Annotations while they are made."""

    def __init__(self) -> None:
        self._columns = _no_columns()
        self._labels: dict[_Label, int] = {}

    def append(self, start: int, end: int, kind: Kind, value: str = "") -> None:
        starts, ends, labelled = self._columns
        starts.append(start)
        ends.append(end)
        labelled.append(self._labels.setdefault((kind, value), len(self._labels)))

    def reserve(self, kind: Kind, value: str = "") -> int:
        """Append one whose place is not known before what is in it; returns its number."""
        self.append(0, 0, kind, value)
        return len(self._columns[0]) - 1

    def place(self, number: int, start: int, end: int) -> None:
        """Say where one stands that was reserved."""
        starts, ends, _ = self._columns
        starts[number], ends[number] = start, end

    def withdraw(self, number: int) -> None:
        """Take back one that was reserved, and after which none was appended."""
        for column in self._columns:
            del column[number:]

    def as_appended(self) -> Annotations:
        """What was appended, in that order."""
        return Annotations([column[:] for column in self._columns], tuple(self._labels))

    def in_order(self) -> Annotations:
        """By their places; of those that begin together, the outer first."""
        found = self.as_appended()
        if all(map(le, self._keys(), islice(self._keys(), 1, None))):
            return found
        keys = list(self._keys())
        order = sorted(range(len(keys)), key=keys.__getitem__)
        columns = [array(_NUMBER, map(column.__getitem__, order)) for column in self._columns]
        return Annotations(columns, tuple(self._labels))

    def _keys(self) -> Iterator[tuple[int, int, bool]]:
        starts, ends, labelled = self._columns
        is_inside = [kind not in _AROUND for kind, _ in self._labels]
        return zip(starts, map(neg, ends), map(is_inside.__getitem__, labelled), strict=True)


def in_order(annotations: Iterable[Annotation]) -> Annotations:
    """By their places; of those that begin together, the outer first."""
    found = AnnotationBuilder()
    for one in annotations:
        found.append(*one)
    return found.in_order()


_KINDS = frozenset(get_args(Kind))


def _labels(given: Any) -> list[_Label]:
    try:
        labels = [(kind, value) for kind, value in given]
        if all(kind in _KINDS and isinstance(value, str) for kind, value in labels):
            return labels
    except TypeError:
        pass
    raise ValueError("an annotation is of no kind")


def _no_columns() -> tuple[_Column, _Column, _Column]:
    return array(_NUMBER), array(_NUMBER), array(_NUMBER)


def _column(data: bytes) -> _Column:
    found = array(_NUMBER, data)
    if sys.byteorder == "big":
        found.byteswap()
    return found


def _checksum(told: bytes) -> bytes:
    return zlib.crc32(told).to_bytes(4, "little")


def _little_endian(column: _Column) -> bytes:
    if sys.byteorder == "big":
        column = column[:]
        column.byteswap()
    return column.tobytes()
