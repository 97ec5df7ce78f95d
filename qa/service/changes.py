"""What changes a collection: files brought, read again, taken out, and put back."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

from footnoted.corpus.errors import UnusableInput
from footnoted.index.collections import Collection, NoCollection
from footnoted.index.library import Library
from footnoted.index.protocols import Progress, silent
from footnoted.index.types import Receipt
from footnoted.qa.evaluation.run import Answering
from footnoted.qa.service.metrics import Metrics
from footnoted.qa.service.moves import Moves, all_or_none
from footnoted.qa.service.named import collection_of, is_sample
from footnoted.qa.service.offered import OfferedFolders
from footnoted.qa.service.workplace import Workplace

_Made = TypeVar("_Made")

_UNDONE_AT_MOST = 20
"""Removals that can be undone; of those before, what they took out is deleted."""


@dataclass(frozen=True, slots=True)
class Removal:
    """Something that was taken out; ``token`` undoes it, once."""

    token: str
    files: tuple[str, ...]
    """That were brought to the collection, by their names: they are gone from it."""
    documents: tuple[str, ...]
    """Of files that lie elsewhere and are untouched, by their ids."""


class Changes:
    """The changes of one collection, one at a time. Threads may share it.

    What fails changes nothing, and moves files back. Receipts name files by their paths. Each
    raises ``UnusableInput`` where what it is given is wrong, and ``NoCollection`` where the
    collection is not there any more.
    """

    def __init__(self, pipeline: Answering, offered: OfferedFolders, metrics: Metrics) -> None:
        self._pipeline = pipeline
        self._offered = offered
        self._metrics = metrics
        self._changing = threading.Lock()
        self._removals: dict[str, _Removed] = {}
        self._removed = Workplace(pipeline.library.folder, "removed")
        self.is_gone = False

    def close(self) -> None:
        """Give up what can be undone."""
        self._removed.close()

    @contextmanager
    def leaving(self) -> Iterator[None]:
        """Inside, nothing changes it; then it is gone, though some may still be reading in it.

        Raises:
            UnusableInput: it is being changed.
        """
        if not self._changing.acquire(blocking=False):
            raise UnusableInput(
                f"{self._collection.name} is being changed just now; wait until that is done, and "
                "try again"
            )
        try:
            self.close()
            yield
            self.is_gone = True
        finally:
            self._changing.release()

    def add(self, files: Mapping[str, Path], progress: Progress, password: str | None) -> Receipt:
        """Take files in, by the names they were brought under, and read them.

        They are moved. One that was brought before under its name is replaced. The receipt is of
        these and of what else changed.
        """

        def take_in(library: Library, moves: Moves) -> Receipt:
            self._refuse_sample()
            places = self._places(files)
            for place, file in places.items():
                moves.move(file, place)
            brought = self._collection.brought
            receipt = library.update([brought], progress, password, even_if_unreadable=True)
            taken = {str(place) for place in places}
            told = (one for one in receipt.files if one.path in taken or one.change != "failed")
            return replace(receipt, files=tuple(told))

        return self._changed("add", take_in)

    def add_folder(self, named: str, progress: Progress, password: str | None) -> Receipt:
        """Read a folder of the server's machine, where it lies: one of those that are offered."""

        def read(library: Library, _: Moves) -> Receipt:
            self._refuse_sample()
            self._offered.refuse_links(library.sources())
            return library.update([self._offered.folder(named)], progress, password)

        return self._changed("add", read)

    def read_again(self, progress: Progress = silent, password: str | None = None) -> Receipt:
        """Bring everything up to date with its files."""

        def read(library: Library, _: Moves) -> Receipt:
            self._offered.refuse_links(library.sources())
            return library.refresh(progress, password)

        return self._changed("read again", read)

    def remove(self, names: Sequence[str]) -> Removal:
        """Take out files that were brought, by their names, and documents, by their ids."""
        token = uuid4().hex

        def take_out(library: Library, moves: Moves) -> Removal:
            brought = self._collection.brought
            named = list(dict.fromkeys(names))
            files = [name for name in named if self._collection.is_brought(name)]
            documents = [name for name in named if name not in files]
            known = {one.id for one in library.listing()}
            if unknown := [name for name in documents if name not in known]:
                raise UnusableInput(
                    f"there is no file and no document {unknown[0][:200]!r}; nothing is removed"
                )
            elsewhere = [origin.file.path for one in documents if (origin := library.origin(one))]
            trash = self._removed.new_folder()
            for name in files:
                moves.move(brought / name, trash / name)
            if documents:
                library.remove(documents)
            if files:
                library.update([brought], even_if_unreadable=True)
            self._removals[token] = _Removed(trash, tuple(files), tuple(map(Path, elsewhere)))
            self._forget_oldest()
            return Removal(token, tuple(files), tuple(documents))

        return self._changed("remove", take_out)

    def restore(self, token: str) -> None:
        """Undo a removal."""

        def put_back(library: Library, moves: Moves) -> None:
            removed = self._removals.get(token)
            if removed is None or not removed.is_whole:
                raise UnusableInput("This cannot be undone any more; add the files again")
            brought = self._collection.brought
            for name in removed.files:
                if not (brought / name).exists():  # brought again meanwhile, that one stays
                    moves.move(removed.trash / name, brought / name)
            self._offered.refuse_links(removed.elsewhere)
            places = [*([brought] if removed.files else []), *removed.elsewhere]
            library.update([one for one in places if one.exists()], even_if_unreadable=True)
            del self._removals[token]

        self._changed("restore", put_back)

    def rename(self, name: str, new: str) -> str:
        """Call a file otherwise that was brought; its documents are called so, too. What it is
        called then: a name that would lead elsewhere is one of a file here."""

        def call(library: Library, moves: Moves) -> str:
            brought, place = self._collection.brought, self._collection.place(new)
            if not self._collection.is_brought(name):
                raise UnusableInput(
                    f"{name[:200]} lies elsewhere on this machine; rename it there, and read it "
                    "again"
                )
            if place.exists():
                raise UnusableInput(f"there is a file {new} already; choose another name")
            moves.move(brought / name, place)
            library.update([brought], even_if_unreadable=True)
            return place.relative_to(brought).as_posix()

        return self._changed("rename", call)

    def _changed(self, kind: str, change: Callable[[Library, Moves], _Made]) -> _Made:
        """What comes of a change, during which others go on reading what there was before."""
        reading = self._pipeline.library
        assert isinstance(reading, Library)
        with self._changing:
            if self.is_gone:
                raise self.gone()
            library = reading.beside(reading.place)
            try:
                brought = self._collection.brought
                with library.writing(), all_or_none(brought, self._removed.new_folder()) as moves:
                    made = change(library, moves)
            finally:
                library.close()
        self._metrics.changed(kind)
        return made

    def gone(self) -> NoCollection:
        """What is raised where the collection is not there any more."""
        name = self._collection.name
        return NoCollection(f"there is no collection {name!r} any more; choose another")

    @property
    def _collection(self) -> Collection:
        return collection_of(self._pipeline.library)

    def _places(self, files: Mapping[str, Path]) -> dict[Path, Path]:
        """The files by the places where they are going to be kept."""
        places: dict[Path, Path] = {}
        for name, file in files.items():
            place = self._collection.place(name)
            if place in places:
                raise UnusableInput(
                    f"two files would be called {place.name!r} here; give one another name"
                )
            places[place] = file
        return places

    def _refuse_sample(self) -> None:
        if is_sample(self._pipeline.library):
            raise UnusableInput(
                "these are the sample documents; make a collection for yours, and add them there"
            )

    def _forget_oldest(self) -> None:
        while len(self._removals) > _UNDONE_AT_MOST:
            oldest = self._removals.pop(next(iter(self._removals)))
            shutil.rmtree(oldest.trash, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class _Removed:
    """What undoes a removal: names below ``trash``, and the files of documents elsewhere."""

    trash: Path
    files: tuple[str, ...]
    elsewhere: tuple[Path, ...]

    @property
    def is_whole(self) -> bool:
        return all((self.trash / name).is_file() for name in self.files)
