"""Files and folders to documents. A file that cannot be read is reported, never skipped."""

from __future__ import annotations

import json
import os
import re
import stat
import tomllib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from footnoted.corpus.attachments import Attached, Read, opened
from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.formats import is_named_as_known
from footnoted.corpus.formats.beir import BEIR_FILE
from footnoted.corpus.language import language, prepare
from footnoted.corpus.reader_pool import ReaderPool, Result
from footnoted.corpus.reading import NO_STAMP, Reply, Stamp, has_changed, not_opened, stamped
from footnoted.corpus.types import Document, Extracted, Listed

# Resolved, since an editable installation may reach this file by a link.
_HERE = Path(__file__).resolve().parent

SHIPPED = _HERE / "documents"
"""The documents that come with Footnoted, its first corpus."""

SHIPPED_QUESTIONS = _HERE / "questions.jsonl"
"""A question set on the shipped documents."""

# A byte that is not valid UTF-8, which are all beyond ASCII.
_SPELT = re.compile(rb"\\x([89a-f][0-9a-f])")

# What Windows hides from whoever looks into a folder: whom Office lets edit a file, small pictures,
# how a folder is shown.
_LEFT_BY_PROGRAMS = re.compile(r"~\$.*\.\w{2,5}|(?:eh)?thumbs\.db|desktop\.ini", re.I | re.DOTALL)

CHANGED = "changed while it was being read; index it again"

About = Mapping[str, Mapping[str, str]]
"""By the id of a document, what the file beside its folder tells of it."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """What came of one file: its documents with any warnings, or the reason that it failed.

    ``path`` is to be shown and stored: what is not valid UTF-8 in it is spelt with backslashes.
    """

    path: Path
    documents: tuple[Document, ...] = ()
    warnings: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    """Those of the warnings that tell of a part of it which could not be read."""
    failure: str | None = None
    unopened: bool = False
    """Whether it failed because it cannot be opened now, so that nobody knows what it holds."""
    stamp: Stamp = NO_STAMP
    reader: str = ""
    """The name and the version of what read it."""
    seconds: float = 0.0
    """How long that took."""
    told: str = ""
    """What the file beside the folder tells of its documents."""
    kept: tuple[str, ...] = ()
    """Not read again, for nothing of it has changed: the ids of the documents it held before."""
    same_as: str | None = None
    """Not read, for it holds the same bytes as the file at this path."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "path", _printable_path(self.path))

    @property
    def ids(self) -> tuple[str, ...]:
        """Of the documents that it holds, read again or not."""
        return self.kept or tuple(document.id for document in self.documents)


@dataclass(frozen=True, slots=True)
class Found:
    """A file that was found and is to be read, or all there is to be said of it.

    ``document_id`` is the id of its document unless the file gives one; ``about`` is what is told
    of documents beside the folder. ``path`` is the one to open.
    """

    path: Path
    document_id: str = ""
    about: About = field(default_factory=dict)
    settled: SourceFile | None = None

    @property
    def shown(self) -> Path:
        """The path as it is shown and stored."""
        return _printable_path(self.path)


Recall = Callable[[Found, Stamp], SourceFile | None]
"""What came of a file with this stamp, where it need not be read to know that."""


def read(path: Path, password: str | None = None) -> Iterator[SourceFile]:
    """Read a file, or every file of a folder, in the order of their names; see ``find``.

    Raises:
        UnusableInput: ``path`` does not exist, or the toml file is broken.
    """
    yield from read_found(find(path), password)


def find(path: Path) -> Iterator[Found]:
    """A file, or every file of a folder, in the order of their names.

    In a folder, a document's id is its path relative to the folder, with ``/``; a single file's
    id is its name. A ``FOLDER.toml`` beside a folder may give its documents their title,
    publisher and date, one table for each id. Hidden files and folders, and what programs leave
    behind, are left alone; so are links out of the folder, which are reported. Nothing but regular
    files is ever opened.

    Raises:
        UnusableInput: ``path`` does not exist, or the toml file is broken.
    """
    try:
        is_folder = stat.S_ISDIR(path.stat().st_mode)
    except FileNotFoundError:
        raise UnusableInput(f"{path} does not exist; name a file or a folder that does") from None
    except OSError as error:
        raise UnusableInput(f"{path} {not_opened(error).failure}") from None
    if is_folder:
        yield from _find_in_folder(path)
    else:
        yield Found(path, _printable(path.name))


def read_found(
    found: Iterable[Found], password: str | None = None, recall: Recall = lambda *_: None
) -> Iterator[SourceFile]:
    """Read files with all cores, and hand them on in their order.

    Files of which ``recall`` knows what came of them are not read.
    """
    begun: deque[Callable[[], SourceFile]] = deque()
    with ReaderPool(password) as pool:
        for one in found:
            begun.append(begin(one, pool, known(one, recall)))
            if len(begun) > pool.ahead:
                yield begun.popleft()()
        while begun:
            yield begun.popleft()()


def _find_in_folder(folder: Path) -> Iterator[Found]:
    about = _read_metadata(folder)
    root = folder.resolve()
    unopened: list[OSError] = []
    for path in _entries(folder, root, unopened):
        document_id = _printable(path.relative_to(folder).as_posix())
        yield Found(path, document_id, about, _passed_over(path, root))
    for error in unopened:
        path, reply = Path(error.filename), not_opened(error)
        yield Found(path, settled=_failed(path, reply))


def _entries(folder: Path, root: Path, unopened: list[OSError]) -> Iterator[Path]:
    """All files that are not hidden, and links to folders elsewhere; others are read in place."""
    for parent, folders, files in os.walk(folder, onerror=unopened.append):
        folders[:] = sorted(name for name in folders if not _is_hidden(name))
        paths = (Path(parent, name) for name in folders)
        leave = [one.name for one in paths if one.is_symlink() and not _lies_below(one, root)]
        for name in sorted([*files, *leave]):
            if not _is_hidden(name):
                yield Path(parent, name)


def _passed_over(path: Path, root: Path) -> SourceFile | None:
    """What is said of a file in a folder that is not to be read, at least not here."""
    if path.is_symlink() and (target := _target(path)):
        if not target.is_relative_to(root):
            # Not where to: the list of files is shown to those who may not know what lies there.
            reason = "is a link out of the folder; name what it leads to itself"
            return SourceFile(path, failure=reason)
        place = target.relative_to(root)
        if not any(map(_is_hidden, place.parts)) and _is_read_in_folders(target):
            warning = f"is a link to {_printable(str(place))}, which is read itself"
            return SourceFile(path, warnings=(warning,))
    if path.suffix.lower() == ".jsonl" and not _is_read_in_folders(path):
        return SourceFile(path, failure=f"in a folder only {BEIR_FILE} is read; name it itself")
    return None


def _target(link: Path) -> Path | None:
    """Where a link leads; None if nowhere, which an attempt to read it tells."""
    try:
        return link.resolve(strict=True)
    except (OSError, RuntimeError):  # the latter for links in a circle
        return None


def _lies_below(link: Path, root: Path) -> bool:
    target = _target(link)
    return target is not None and target.is_relative_to(root)


def _is_hidden(name: str) -> bool:
    return name.startswith(".") or _LEFT_BY_PROGRAMS.fullmatch(name) is not None


def _is_read_in_folders(path: Path) -> bool:
    ending = path.suffix.lower()
    return path.name.lower() == BEIR_FILE if ending == ".jsonl" else is_named_as_known(path)


def _printable_path(path: Path) -> Path:
    return Path(_printable(str(path)))


def _printable(name: str) -> str:
    """A file name that is not valid UTF-8 still becomes a usable id, and one of its own."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def as_named(printable: str) -> str:
    """The name in the file system of what is spelt with backslashes, if that is how it is spelt."""
    return os.fsdecode(_SPELT.sub(lambda byte: bytes([int(byte[1], 16)]), os.fsencode(printable)))


# -- reading ---------------------------------------------------------------------------------------


def known(found: Found, recall: Recall = lambda *_: None) -> SourceFile | Stamp:
    """All there is to be said of a file that need not be read, or the stamp of one to be read."""
    if found.settled:
        return found.settled
    path = found.path
    try:
        # What nobody expects to be read is not gone through before it was.
        stamp = stamped(path, hashed=is_named_as_known(path))
    except UnusableInput as error:
        return SourceFile(path, failure=str(error))
    except OSError as error:
        return unopened(found, error)
    return (recall(found, stamp) if stamp.sha256 else None) or stamp


def begin(found: Found, pool: ReaderPool, told: SourceFile | Stamp) -> Callable[[], SourceFile]:
    """Begin to read a file, unless all is ``known``; what is returned waits for it."""
    if isinstance(told, SourceFile):
        return partial(_same, told)
    prepare()
    return partial(_finish, found, pool, told, pool.begin(found.path, told.size))


def unopened(found: Found, error: OSError) -> SourceFile:
    """What is said of a file that cannot be opened."""
    return _failed(found.path, not_opened(error))


def _same(file: SourceFile) -> SourceFile:
    return file


def _finish(found: Found, pool: ReaderPool, stamp: Stamp, result: Result) -> SourceFile:
    """Wait for what was begun. A file that has changed in the meantime is read once more."""
    path, warnings = found.path, tuple[str, ...]()
    reply, seconds = result()
    try:
        if has_changed(path, stamp):
            stamp = stamped(path)
            reply, seconds = pool.begin(path, stamp.size)()
            if has_changed(path, stamp):
                warnings = (CHANGED,)
        elif reply.contents and not stamp.sha256:
            stamp = stamped(path)
    except UnusableInput as error:
        reply = Reply(failure=str(error))
    except OSError as error:
        reply = not_opened(error)

    def read(attachment: Path, size: int) -> Reply:
        return pool.begin(attachment, size)().reply

    file = _source_file(found, reply, read)
    return replace(file, warnings=warnings + file.warnings, stamp=stamp, seconds=seconds)


def _source_file(found: Found, reply: Reply, read: Read) -> SourceFile:
    contents = reply.contents
    if contents is None:
        return _failed(found.path, reply)
    inside = opened(contents.attachments, found.document_id, read)
    own = Attached(found.document_id, found.path.name, contents, reply.reader)
    documents = tuple(one for file in (own, *inside.files) for one in _documents(file, found.about))
    told = what_is_told(found.about, [document.id for document in documents])
    warnings = (*contents.warnings, *inside.warnings)
    lost = (*contents.lost, *inside.lost)
    return SourceFile(found.path, documents, warnings, lost, reader=reply.reader, told=told)


def _documents(file: Attached, about: About) -> Iterator[Document]:
    name = _printable(Path(file.name).stem)
    for one in file.contents.texts:
        part = f"{file.id}#{one.part}" if one.part else file.id
        yield _document(one, one.id or part, name, about, file.reader)


def what_is_told(about: About, ids: Sequence[str]) -> str:
    """All that is told of documents, to be compared."""
    told = {name: dict(about[name]) for name in ids if name in about}
    return json.dumps(told, sort_keys=True)


def hold_shipped(documents: Iterable[Listed]) -> bool:
    """Whether the shipped documents are among these."""
    return {path.name for path in SHIPPED.iterdir()} <= {document.id for document in documents}


def _failed(path: Path, reply: Reply) -> SourceFile:
    return SourceFile(path, failure=reply.failure, unopened=reply.unopened, reader=reply.reader)


def _document(
    extracted: Extracted, document_id: str, name: str, about: About, reader: str
) -> Document:
    given = about.get(document_id, {})
    return Document(
        document_id,
        extracted.text,
        given.get("title") or extracted.title or name,
        given.get("publisher") or extracted.publisher,
        given.get("date") or extracted.date,
        given.get("author") or extracted.author,
        language(extracted.text),
        reader,
        pages=extracted.pages,
        annotations=extracted.annotations,
    )


def _read_metadata(folder: Path) -> About:
    folder = folder.resolve()
    path = folder.parent / f"{folder.name}.toml"
    if not path.is_file():
        return {}
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except RecursionError:
        raise UnusableInput(f"{path} is not valid TOML: too deeply nested") from None
    except (ValueError, OSError) as error:
        raise UnusableInput(f"{path} is not valid TOML: {error}") from None
    for document_id, table in tables.items():
        if not isinstance(table, dict) or not all(isinstance(v, str) for v in table.values()):
            raise UnusableInput(
                f"{path}: [{document_id!r}] must hold strings: title, publisher, date"
            )
    return tables
