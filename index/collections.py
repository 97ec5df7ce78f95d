"""Collections: indexes under one home, each by its name, with the files that were brought to it.

What is brought to a collection, as by a browser, is kept in it and goes with it. What is named to
it, as on the command line, stays where it is.
"""

from __future__ import annotations

import shutil
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from pathvalidate import ValidationError, sanitize_filename, validate_filename
from platformdirs import user_data_path
from rapidfuzz import process, utils

from footnoted.corpus.errors import FootnotedError, UnusableInput
from footnoted.index.embedding import DEFAULT_EMBEDDER
from footnoted.index.library import Library
from footnoted.index.protocols import Embedder
from footnoted.index.store import FILE
from footnoted.index.types import Place
from footnoted.index.writer import nobody_writing

CONVERSATIONS = "conversations.sqlite"
"""The file in a home in which conversations are kept."""

EVALUATIONS = "evaluations.sqlite"
"""The file in a home in which evaluations are kept."""

ACCOUNTS = "accounts.json"
"""The same for accounts."""

SESSIONS = "sessions.sqlite"
"""The same for those who have signed in."""

MAKES = "footnoted collections create NAME makes one"
"""What is told where there is none."""

_RESERVED = (CONVERSATIONS, EVALUATIONS, ACCOUNTS, SESSIONS)

_LONGEST_NAME = 80
_BROUGHT = "files"
# Of what is on its way out. No collection is called so: names do not begin with a full stop.
_REMOVED = ".removed-"
_LONGEST_FILE_NAME = 255  # bytes, of most file systems
_LONGEST_PATH = 1000  # bytes of all its folders; most systems take 4,096 from the root on
# What turns the direction of writing, so that a name is read as another.
_TURNING = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))


def default_home() -> Path:
    """The user's own: ``~/.local/share/footnoted`` on Linux."""
    return user_data_path("footnoted", appauthor=False)


class NoCollection(UnusableInput):
    """There is no collection of that name."""


@dataclass(frozen=True, slots=True)
class Described:
    """A collection as it is listed; the counts are None where there is a ``failure``."""

    name: str
    place: Place
    documents: int | None
    passages: int | None
    failure: str | None = None

    def as_dict(self) -> dict[str, Any]:
        where = "folder" if isinstance(self.place, Path) else "store"
        counts = {"documents": self.documents, "passages": self.passages}
        return {"name": self.name, where: str(self.place), **counts, "failure": self.failure}


@dataclass(frozen=True, slots=True)
class Collection:
    """An index with its name; ``folder`` is what the command line takes as ``--index``.

    Where the index lies elsewhere, that is ``kept_at``, and what belongs to it is in ``folder``.
    """

    name: str
    folder: Path
    kept_at: Place | None = None

    @property
    def index(self) -> Place:
        """Where its index lies."""
        return self.kept_at or self.folder

    def described(self) -> Described:
        """How much there is in it, as far as its index can be read."""
        try:
            library = Library.open(self.index)
        except FootnotedError as error:
            return Described(self.name, self.index, None, None, str(error))
        try:
            held = library.coverage()
        finally:
            library.close()
        return Described(self.name, self.index, held.documents, held.passages)

    @property
    def brought(self) -> Path:
        """Where the files lie that were brought to it, as they were called."""
        return (self.folder / _BROUGHT).resolve()

    def place(self, name: str) -> Path:
        """Where a file is kept that was brought as ``name``, perhaps with its folders before it.

        It lies in ``brought``, whatever the name says.

        Raises:
            UnusableInput: no file can be called so.
        """
        parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".", "..")]
        kept = [_file_name(part) for part in parts]
        place = self.brought.joinpath(*kept)
        is_short = len("/".join(kept).encode()) <= _LONGEST_PATH
        if not (kept and all(kept) and is_short and place.parent.resolve() == place.parent):
            raise UnusableInput(
                f"no file can be called {name[:_LONGEST_NAME]!r}; give it another name"
            )
        return place

    def is_brought(self, name: str) -> bool:
        """Whether a file was brought that is called so here; no name leads elsewhere."""
        try:
            place = self.brought / name
            is_plain = (
                place.relative_to(self.brought).as_posix() == name and place.resolve() == place
            )
            return is_plain and place.is_file()
        except (OSError, ValueError):
            return False


class Home:
    """The folder in which a user's collections lie; it need not be there yet."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = (folder or default_home()).absolute()

    def collections(self) -> list[Collection]:
        """Every collection, in the order of their names."""
        try:
            folders = [one for one in self.folder.iterdir() if (one / FILE).is_file()]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise self._unusable(error) from None
        shown = (one for one in folders if not one.name.startswith("."))
        return [Collection(one.name, one) for one in sorted(shown, key=lambda one: _key(one.name))]

    def collection(
        self, name: str, is_shown: Callable[[Collection], bool] = lambda _: True
    ) -> Collection:
        """The collection of this name; great and small letters are alike.

        One that is not shown is told as what is not there.

        Raises:
            NoCollection: there is none.
        """
        return called(name, [one for one in self.collections() if is_shown(one)])

    def create(
        self,
        name: str,
        embedder: Embedder | str = DEFAULT_EMBEDDER,
        claim: Callable[[Path], None] = lambda _: None,
        loaded_as: str = "",
    ) -> Collection:
        """Make an empty collection; ``claim`` is called with its folder before it can be seen.
        ``loaded_as`` as in ``Library.create``.

        Raises:
            UnusableInput: there is one already, or none can be called so.
        """
        made = self._named(name)
        if any(_key(one.name) == _key(made.name) for one in self.collections()):
            raise UnusableInput(f"there is a collection {name!r} already; choose another name")
        is_new = not made.folder.exists()
        try:
            # Whoever may not read the documents may not read what is kept of them.
            with self._changing():
                self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                made.folder.mkdir(mode=0o700, exist_ok=True)
                claim(made.folder)
                made.brought.mkdir(exist_ok=True)
            library = Library.create(made.folder, embedder, loaded_as=loaded_as)
            # Nothing stands in for what comes.
            library.update([made.brought], even_if_unreadable=True)
            library.close()
        except BaseException:
            if is_new:  # half of one, as where the disk is full, is in nobody's list
                shutil.rmtree(made.folder, ignore_errors=True)
            raise
        return made

    def rename(self, name: str, new: str) -> Collection:
        """Call a collection otherwise.

        Raises:
            NoCollection: there is none.
            UnusableInput: there is one called so already, or none can be; or it is being changed.
        """
        before, after = self.collection(name), self._named(new)
        if _key(before.name) != _key(after.name) and after.folder.exists():
            raise UnusableInput(f"there is a collection {new!r} already; choose another name")
        with self._changing(), nobody_writing(before.folder):
            before.folder.rename(after.folder)
        return after

    def remove(self, name: str) -> None:
        """Delete a collection, with the files that were brought to it, for good.

        It is gone at once, though its files may take longer.

        Raises:
            NoCollection: there is none.
            UnusableInput: it is being changed.
        """
        folder, going = self.collection(name).folder, self.folder / f"{_REMOVED}{uuid4().hex}"
        with self._changing():
            with nobody_writing(folder):
                folder.rename(going)
            for left in self.folder.glob(f"{_REMOVED}*"):  # also of a run that was killed
                shutil.rmtree(left, ignore_errors=True)

    def _named(self, name: str) -> Collection:
        name = unicodedata.normalize("NFC", name).strip()
        try:
            validate_filename(name, platform="universal", max_len=_LONGEST_NAME)
            is_taken = _key(name).startswith(_RESERVED) or (self.folder / name).is_file()
            shown = name.isprintable() and not name.startswith(".") and not is_taken
        except (ValidationError, ValueError):
            shown = False
        if not shown:
            raise UnusableInput(
                f"a collection cannot be called {name[:_LONGEST_NAME]!r}; choose a name such as "
                f"'Board minutes 2024', of at most {_LONGEST_NAME} letters, figures and blanks"
            )
        return Collection(name, self.folder / name)

    @contextmanager
    def _changing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise self._unusable(error) from None

    def _unusable(self, error: OSError) -> UnusableInput:
        return UnusableInput(
            f"{self.folder} cannot be used: {error.strerror}; name another with --home"
        )


def called(name: str, every: Sequence[Collection], makes: str = MAKES) -> Collection:
    """That of these which is called so; great and small letters are alike.

    ``makes`` says how another is made, where there is none like it.

    Raises:
        NoCollection: there is none.
    """
    if same := [one for one in every if same_name(one.name, name)]:
        return same[0]
    names, asked = [one.name for one in every], name[:_LONGEST_NAME]
    near = process.extract(asked, names, processor=utils.default_process, limit=3)
    closest = ", ".join(repr(found) for found, _, _ in near)
    remedy = f"the closest: {closest}" if closest else makes
    raise NoCollection(f"there is no collection {asked!r}; {remedy}")


def same_name(one: str, other: str) -> bool:
    """Whether one collection is meant by both."""
    return _key(one) == _key(other)


def _key(name: str) -> str:
    """What two names have in common that one collection is meant by."""
    return unicodedata.normalize("NFC", name).casefold()


def _file_name(part: str) -> str:
    """A name that a file can have here, with its ending; empty if nothing is left of it.

    It steers no terminal, and is not hidden: what is hidden in a folder is not read.
    """
    text = part.encode("utf-8", "replace").decode()
    shown = (one for one in text if unicodedata.category(one) != "Cc" and one not in _TURNING)
    name = sanitize_filename("".join(shown), platform="auto", max_len=10**6).lstrip(".")
    if len(name.encode()) <= _LONGEST_FILE_NAME:
        return name
    ending = Path(name).suffix
    ending = ending if len(ending.encode()) < 20 else ""
    room = _LONGEST_FILE_NAME - len(ending.encode())
    return name.removesuffix(ending).encode()[:room].decode("utf-8", "ignore") + ending
