"""Some documents of an index, as if there were no others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from footnoted.corpus.types import Document, Listed, Passage
from footnoted.index.options import SearchOptions
from footnoted.index.protocols import Made, Searchable, Vectors
from footnoted.index.types import (
    Coverage,
    FileReceipt,
    Filter,
    Manifest,
    Origin,
    Place,
    Retrieved,
    Stamp,
)


class Part:
    """The ``documents`` of ``whole`` with these ids, as a ``Searchable`` of its own.

    Nothing is found outside them, and nothing counted. How much a word tells, and how it is spelt,
    all documents say: scores are the same as in the whole.
    """

    def __init__(self, whole: Searchable, documents: frozenset[str]) -> None:
        self._whole = whole
        self._ids = documents
        self._where = Filter(documents)
        self._kept: dict[Callable[[Any], Any], Any] = {}

    @property
    def place(self) -> Place:
        return self._whole.place

    @property
    def folder(self) -> Path:
        return self._whole.folder

    @property
    def manifest(self) -> Manifest:
        return self._whole.manifest

    def coverage(self, where: Filter | None = None) -> Coverage:
        return self._whole.coverage(self._within(where))

    def documents(self) -> list[Document]:
        found = (self._whole.document(one.id) for one in self.listing())
        return [one for one in found if one]

    def listing(self) -> list[Listed]:
        return [one for one in self._whole.listing() if one.id in self._ids]

    def document(self, document_id: str) -> Document | None:
        return self._whole.document(document_id) if document_id in self._ids else None

    def retrieve(
        self,
        question: str,
        limit: int,
        where: Filter | None = None,
        options: SearchOptions | None = None,
    ) -> Retrieved:
        return self._whole.retrieve(question, limit, self._within(where), options)

    def vectors(self, texts: Sequence[str]) -> Vectors:
        return self._whole.vectors(texts)

    def rarity(self, word: str) -> float:
        return self._whole.rarity(word)

    def alike(self, word: str, distance: int) -> list[str]:
        return self._whole.alike(word, distance)

    def holders(self, word: str, most: int) -> frozenset[str] | None:
        found = self._whole.holders(word, most)
        return None if found is None else found & self._ids

    def candidates(
        self, text: str, limit: int, where: Filter | None = None
    ) -> list[tuple[Document, Passage]]:
        return self._whole.candidates(text, limit, self._within(where))

    def unreadable(self) -> int:
        return self.coverage().unreadable

    def files(self, *, unreadable: bool = False, most: int = -1) -> list[FileReceipt]:
        """The files of its documents; of those that hold none, nobody knows whose they are."""
        own = {origin.file.path for origin in self.origins().values()}
        found = [one for one in self._whole.files(unreadable=unreadable) if one.path in own]
        return found if most < 0 else found[:most]

    def sources(self) -> list[Path]:
        return self._whole.sources()

    def origin(self, document_id: str) -> Origin | None:
        return self._whole.origin(document_id) if document_id in self._ids else None

    def origins(self) -> dict[str, Origin]:
        return {id_: one for id_, one in self._whole.origins().items() if id_ in self._ids}

    def held(self, paths: Sequence[str]) -> dict[str, str]:
        return {path: id_ for path, id_ in self._whole.held(paths).items() if id_ in self._ids}

    def stamps(self) -> dict[str, Stamp]:
        every = self._whole.stamps()
        return {path: every[path] for path in self.held(list(every))}

    def kept(self, make: Callable[[Any], Made]) -> Made:
        """As long as the part is used: whoever has it gives it up with a change of the whole."""
        if make not in self._kept:
            self._kept[make] = make(self)
        made: Made = self._kept[make]
        return made

    def _within(self, where: Filter | None) -> Filter:
        if where is None or where.documents is None:
            return self._where
        return Filter(where.documents & self._ids)
