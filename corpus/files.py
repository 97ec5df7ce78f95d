"""Files and folders to documents. A file that cannot be read is reported, never skipped."""

from __future__ import annotations

import os
import re
import stat
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.formats import format_of, is_named_as_known
from footnoted.corpus.formats.beir import BEIR_FILE
from footnoted.corpus.language import language
from footnoted.corpus.protocols import Format
from footnoted.corpus.types import Attachment, Contents, Document, Extracted

# Resolved, since an editable installation may reach this file by a link.
_HERE = Path(__file__).resolve().parent

SHIPPED = _HERE / "documents"
"""The documents that come with Footnoted, its first corpus."""

SHIPPED_QUESTIONS = _HERE / "questions.jsonl"
"""A question set on the shipped documents."""

_KINDS = (
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)

# A byte that is not valid UTF-8, which are all beyond ASCII.
_SPELT = re.compile(rb"\\x([89a-f][0-9a-f])")

# Control characters, halves of surrogate pairs, what reverses the direction of writing, and what
# means something in names of files.
_UNSAFE = re.compile(
    r'[\0-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff<>:"|?*#/]'
)
_LONGEST_NAME = 100
_DEEPEST_ATTACHMENT = 3

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
    failure: str | None = None
    unopened: bool = False
    """Whether it failed because it cannot be opened now, so that nobody knows what it holds."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "path", Path(_printable(str(self.path))))


def read(path: Path) -> Iterator[SourceFile]:
    """Read a file, or every file of a folder, in the order of their names.

    In a folder, a document's id is its path relative to the folder, with ``/``; a single file's
    id is its name. A ``FOLDER.toml`` beside a folder may give its documents their title,
    publisher and date, one table for each id. Hidden files and folders are left alone, and so are
    links out of the folder, which are reported. Nothing but regular files is ever opened.

    Raises:
        UnusableInput: ``path`` does not exist, or the toml file is broken.
    """
    try:
        is_folder = stat.S_ISDIR(path.stat().st_mode)
    except FileNotFoundError:
        raise UnusableInput(f"{path} does not exist; name a file or a folder that does") from None
    except OSError as error:
        raise UnusableInput(f"{path} {_not_opened(error)}") from None
    if is_folder:
        yield from _read_folder(path)
    else:
        yield _read_file(path, _printable(path.name), {})


def _read_folder(folder: Path) -> Iterator[SourceFile]:
    about = _read_metadata(folder)
    root = folder.resolve()
    unopened: list[OSError] = []
    for path in _entries(folder, root, unopened):
        passed_over = _passed_over(path, root)
        yield passed_over or _read_file(
            path, _printable(path.relative_to(folder).as_posix()), about
        )
    for error in unopened:
        yield _unopened(Path(error.filename), error)


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
            reason = f"is a link out of the folder, to {_printable(str(target))}; name that itself"
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
    return name.startswith(".")


def _is_read_in_folders(path: Path) -> bool:
    ending = path.suffix.lower()
    return path.name.lower() == BEIR_FILE if ending == ".jsonl" else is_named_as_known(path)


def _printable(name: str) -> str:
    """A file name that is not valid UTF-8 still becomes a usable id, and one of its own."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def as_named(printable: str) -> str:
    """The name in the file system of what is spelt with backslashes, if that is how it is spelt."""
    return os.fsdecode(_SPELT.sub(lambda byte: bytes([int(byte[1], 16)]), os.fsencode(printable)))


def _read_file(path: Path, document_id: str, about: About) -> SourceFile:
    try:
        reader = _format(path)
        contents = reader.read(path)
    except UnusableInput as error:
        return SourceFile(path, failure=str(error))
    except OSError as error:
        return _unopened(path, error)
    name = _printable(path.stem)
    documents = _documents(contents, document_id, name, about, reader)
    attached, failures = _attached(contents.attachments, document_id, about)
    return SourceFile(path, (*documents, *attached), contents.warnings + failures)


def _documents(
    contents: Contents, file_id: str, name: str, about: About, reader: Format
) -> list[Document]:
    read_by = f"{reader.name} {reader.version}"
    return [
        _document(one, one.id or _part_id(one, file_id), name, about, read_by)
        for one in contents.texts
    ]


def _part_id(one: Extracted, file_id: str) -> str:
    return f"{file_id}#{one.part}" if one.part else file_id


def _attached(
    attachments: Sequence[Attachment], inside: str, about: About, depth: int = 1
) -> tuple[list[Document], tuple[str, ...]]:
    """The documents that files inside a file hold, and why others could not be read.

    Their ids are that of the file which holds them, ``inside``, ``/`` and their own name.
    """
    if not attachments:
        return [], ()
    if depth > _DEEPEST_ATTACHMENT:
        return [], (f"{len(attachments)} attachments inside attachments left out",)
    documents: list[Document] = []
    warnings: list[str] = []
    names: set[str] = set()
    with TemporaryDirectory() as folder:
        for number, one in enumerate(attachments):
            name = _safe(one.name, names)
            path = Path(folder, f"{number}{Path(name).suffix.lower()}")
            path.write_bytes(one.data)
            try:
                reader = _format(path)
                contents = reader.read(path)
            except (UnusableInput, OSError) as error:
                warnings.append(f"attachment {name}: {error}")
                continue
            place = f"{inside}/{name}"
            documents += _documents(contents, place, Path(name).stem, about, reader)
            warnings += (f"attachment {name}: {said}" for said in contents.warnings)
            deeper, failures = _attached(contents.attachments, place, about, depth + 1)
            documents += deeper
            warnings += (f"attachment {name}: {said}" for said in failures)
    return documents, tuple(warnings)


def _safe(name: str, taken: set[str]) -> str:
    """A name that stays in its place, is no other's, and shows as it is."""
    name = _printable(_UNSAFE.sub("_", name.replace("\\", "/").rsplit("/", 1)[-1]).strip(" ."))
    stem, ending = (
        Path(name).stem[:_LONGEST_NAME] or "attachment",
        Path(name).suffix[:_LONGEST_NAME],
    )
    name, number = f"{stem}{ending}", 2
    while name in taken:
        name, number = f"{stem} ({number}){ending}", number + 1
    taken.add(name)
    return name


def _format(path: Path) -> Format:
    mode = path.stat().st_mode
    if not stat.S_ISREG(mode):  # to open a pipe would wait until somebody writes into it
        kind = next((kind for is_such, kind in _KINDS if is_such(mode)), "something else")
        raise UnusableInput(f"is no file but {kind}; left unopened")
    return format_of(path)


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


def _unopened(path: Path, error: OSError) -> SourceFile:
    # What is not there any more, as where a link leads nowhere, will not come back by itself.
    unopened = not isinstance(error, FileNotFoundError)
    return SourceFile(path, failure=_not_opened(error), unopened=unopened)


def _not_opened(error: OSError) -> str:
    return f"cannot be opened: {error.strerror or error}"


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
