"""Files moved into a folder, out of it and within it, all or none."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

from footnoted.corpus.errors import UnusableInput


class Moves:
    """What was moved so far into ``root``, out of it or within it; ``undo`` moves it back.

    A file stands in its place as a whole at any moment, or not at all. ``workshop`` is an empty
    folder on the file system of ``root``.
    """

    def __init__(self, root: Path, workshop: Path) -> None:
        self._root = root
        self._unused = (workshop / str(number) for number in count())
        self._done: list[tuple[Path, Path, Path | None]] = []

    def move(self, file: Path, place: Path) -> None:
        """Move a file to a place below ``root`` or beside it, replacing the one that is there.

        Raises:
            UnusableInput: there is a folder in the place, or a file where its folder is to be.
        """
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            replaced = self._kept(place) if place.exists() else None
            self._put(file, place)
        except (FileExistsError, NotADirectoryError, IsADirectoryError):
            raise UnusableInput(
                f"{place.name} cannot be put there: a file and a folder would have one name"
            ) from None
        self._done.append((file, place, replaced))

    def undo(self) -> None:
        while self._done:
            file, place, replaced = self._done.pop()
            file.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(place, file)
            self._remove_empty(place.parent)
            if replaced:
                place.parent.mkdir(parents=True, exist_ok=True)
                self._put(replaced, place)

    def _kept(self, place: Path) -> Path:
        """The same file once more."""
        if place.is_dir():
            raise IsADirectoryError
        kept = next(self._unused)
        try:
            os.link(place, kept, follow_symlinks=False)
        except OSError:  # not every file system can
            shutil.copy2(place, kept, follow_symlinks=False)
        return kept

    def _put(self, file: Path, place: Path) -> None:
        try:
            file.replace(place)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            # From another file system: what is half copied is nowhere to be seen.
            copied = next(self._unused)
            shutil.copy2(file, copied)
            copied.replace(place)
            file.unlink()
        self._remove_empty(file.parent)

    def _remove_empty(self, folder: Path) -> None:
        with suppress(OSError):
            while self._root in folder.parents:
                folder.rmdir()
                folder = folder.parent


@contextmanager
def all_or_none(root: Path, workshop: Path) -> Iterator[Moves]:
    """Moves that are undone where what is done inside fails; the ``workshop`` goes."""
    moves = Moves(root, workshop)
    try:
        yield moves
    except BaseException:
        moves.undo()
        raise
    finally:
        shutil.rmtree(workshop, ignore_errors=True)
