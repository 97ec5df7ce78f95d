"""Folders of the server's machine that editors may have read, as they lie: these, and those below.

Whoever can write in such a folder could lay links in it, so that nothing but what a path leads to
in the end counts: a folder is read as the place that it is, and what has become a link is not read
again. What lies outside is not even looked at, and told as what is not there.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from footnoted.corpus.errors import UnusableInput


class OfferedFolders:
    """Those that the server was started with, if any."""

    def __init__(self, folders: Iterable[Path] = ()) -> None:
        self._roots = tuple(dict.fromkeys(folder.resolve() for folder in folders))

    @classmethod
    def beside(cls, folders: Iterable[Path], own: Sequence[Path]) -> OfferedFolders:
        """``own`` are the server's own folders, which hold what is not for everyone.

        Raises:
            UnusableInput: one of the folders is none, or lies around or in one of these.
        """
        offered = cls(folders)
        for root in offered._roots:
            if not root.is_dir():
                raise UnusableInput(f"there is no folder {root}; name one with --folders")
            for one in (folder.resolve() for folder in own):
                if one.is_relative_to(root) or root.is_relative_to(one):
                    raise UnusableInput(
                        f"{root} cannot be offered with --folders: {one} is the server's own; name "
                        "a folder beside it"
                    )
        return offered

    @property
    def names(self) -> list[str]:
        """What they are called on the page."""
        return [root.name or str(root) for root in self._roots]

    @property
    def above(self) -> list[Path]:
        """What of a path is the server's, and told to nobody."""
        return [root.parent for root in self._roots]

    def folder(self, named: str) -> Path:
        """The folder that is named from one of these on, or by all of its path.

        Raises:
            UnusableInput: there is none, for whatever reason.
        """
        for root in self._roots:
            for place in _places(root, named):
                if _is_as_it_lies(place, root) and place.is_dir():
                    return place
        if not self._roots:
            raise UnusableInput("this server offers no folders; it is started so: --folders DIR")
        raise UnusableInput(
            f"there is no folder of that name below {', '.join(self.names)}; name it from there "
            "on, and no link"
        )

    def refuse_links(self, sources: Iterable[Path]) -> None:
        """
        Raises:
            UnusableInput: one of the ``sources`` was a folder or a file of these, and leads
                elsewhere by now.
        """
        for source in sources:
            for root in self._roots:
                if source.is_relative_to(root) and not _is_as_it_lies(source, root):
                    raise UnusableInput(
                        f"{source.relative_to(root.parent)} is a link by now, or beside one, and "
                        "is not read; have the link removed"
                    )


def _places(root: Path, named: str) -> Iterable[Path]:
    """Where a folder would lie below ``root``; nothing is looked at for it."""
    parts = Path(named).parts
    if "\0" in named or ".." in parts or not parts:
        return
    if Path(named).is_absolute():
        places = [Path(os.path.normpath(named))]
    else:
        places = [root / named, *([root.joinpath(*parts[1:])] if parts[0] == root.name else [])]
    for place in places:
        if place.is_relative_to(root):
            below = place.relative_to(root).parts
            if not any(part.startswith(".") for part in below):
                yield place


def _is_as_it_lies(place: Path, root: Path) -> bool:
    """Whether no link is on the way to it, and none is what tells of it, the file beside it."""
    beside = place.with_name(f"{place.name}.toml")
    try:
        is_led = beside.is_symlink() and place != root
        return not is_led and place.resolve() == place
    except (OSError, RuntimeError, ValueError):
        return False
