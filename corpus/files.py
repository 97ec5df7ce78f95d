"""Files and folders to documents. A file that cannot be read is reported, never skipped."""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import chardet

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.types import Document

# Resolved, since an editable installation may reach this file by a link.
_HERE = Path(__file__).resolve().parent

SHIPPED = _HERE / "documents"
"""The documents that come with Footnoted, its first corpus."""

SHIPPED_QUESTIONS = _HERE / "questions.jsonl"
"""A question set on the shipped documents."""

BEIR_FILE = "corpus.jsonl"
_TITLE_LENGTH = 120
# Below it chardet names an encoding for any bytes; it gives short texts 0.1 and more.
_LEAST_CONFIDENCE = 0.1


@dataclass(frozen=True, slots=True)
class SourceFile:
    """What came of one file: its documents with any warnings, or the reason that it failed."""

    path: Path
    documents: tuple[Document, ...] = ()
    warnings: tuple[str, ...] = ()
    failure: str | None = None
    unopened: bool = False
    """Whether it failed because it cannot be opened now, so that nobody knows what it holds."""


def read(path: Path) -> Iterator[SourceFile]:
    """Read a file, or every file of a folder, in the order of their names.

    In a folder, a document's id is its path relative to the folder, with ``/``; a single file's
    id is its name. A ``FOLDER.toml`` beside a folder may give its documents their title,
    publisher and date, one table for each id. Hidden files and folders are left alone.

    Raises:
        UnusableInput: ``path`` does not exist, or the toml file is broken.
    """
    if path.is_dir():
        about = _read_metadata(path)
        closed: list[OSError] = []
        for file in _files_below(path, closed.append):
            if file.suffix == ".jsonl" and file.name != BEIR_FILE:
                yield SourceFile(
                    file, failure=f"in a folder only {BEIR_FILE} is read; name it itself"
                )
                continue
            yield _read_file(file, _printable(file.relative_to(path).as_posix()), about)
        yield from (_unopened(Path(error.filename), error) for error in closed)
    elif path.exists():
        yield _read_file(path, _printable(path.name), {})
    else:
        raise UnusableInput(f"{path} does not exist; name a file or a folder that does")


def _files_below(folder: Path, closed: Callable[[OSError], None]) -> Iterator[Path]:
    """Every file below ``folder``; ``closed`` is called for each folder that cannot be opened."""
    for parent, folders, files in os.walk(folder, onerror=closed):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith("."):
                yield Path(parent, name)


def _printable(name: str) -> str:
    """A file name that is not valid in the file system's encoding still becomes a usable id."""
    return os.fsencode(name).decode("utf-8", "replace")


def _read_file(path: Path, document_id: str, about: dict[str, Any]) -> SourceFile:
    try:
        reader = _reader_for(path)
        documents, warnings = reader(path, document_id, about)
    except UnusableInput as error:
        return SourceFile(path, failure=str(error))
    except OSError as error:
        return _unopened(path, error)
    return SourceFile(path, tuple(documents), tuple(warnings))


def _unopened(path: Path, error: OSError) -> SourceFile:
    reason = f"cannot be opened: {error.strerror or error}"
    # What is not there any more, as where a link leads nowhere, will not come back by itself.
    return SourceFile(path, failure=reason, unopened=not isinstance(error, FileNotFoundError))


Reader = Callable[[Path, str, dict[str, Any]], tuple[list[Document], list[str]]]


def _reader_for(path: Path) -> Reader:
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        kinds = ", ".join(READERS)
        raise UnusableInput(
            f"no reader for {path.suffix or 'such'} files (there is one for {kinds})"
        )
    return reader


def _read_text(
    path: Path, document_id: str, about: dict[str, Any]
) -> tuple[list[Document], list[str]]:
    text, warnings = decode(path.read_bytes())
    if not text.strip():
        raise UnusableInput("holds no text")
    given = about.get(document_id, {})
    title = given.get("title") or _first_line(text) or document_id
    document = Document(document_id, text, title, given.get("publisher"), given.get("date"))
    return [document], warnings


def decode(data: bytes) -> tuple[str, list[str]]:
    """A file's canonical text: its bytes as UTF-8, less a byte-order mark, nothing else changed.

    Text in another encoding is recognised and decoded, with a warning that says which.

    Raises:
        UnusableInput: the bytes are not text.
    """
    try:
        text = data.decode("utf-8").removeprefix("\ufeff")
        encoding = None
    except UnicodeDecodeError:
        text, encoding = _decode_other(data)
    if "\0" in text:
        text, encoding = _decode_other(data)  # UTF-16 without its mark is valid UTF-8
    return text, [f"is not UTF-8; read as {encoding}"] if encoding else []


def _decode_other(data: bytes) -> tuple[str, str]:
    guess = chardet.detect(data)
    encoding = guess["encoding"]
    if encoding and guess["confidence"] >= _LEAST_CONFIDENCE:
        # A single bad byte must not hide a text: it is decoded to a mark that can be seen.
        text = data.decode(encoding, "replace").removeprefix("\ufeff")
        if "\0" not in text:
            return text, encoding
    raise UnusableInput("is binary, or text in an unknown encoding; save it as UTF-8")


def _first_line(text: str) -> str:
    """The first line that holds a word, without Markdown's signs, as a title to show."""
    for line in text.splitlines():
        title = re.sub(r"^[#>*_\s-]+|[*_#\s]+$", "", line)
        if title:
            return title if len(title) <= _TITLE_LENGTH else title[: _TITLE_LENGTH - 1] + "…"
    return ""


def _read_beir(path: Path, _: str, __: dict[str, Any]) -> tuple[list[Document], list[str]]:
    """BEIR's ``corpus.jsonl``: a document a line; one bad line refuses the file, by its number."""
    text, warnings = decode(path.read_bytes())
    documents: dict[str, Document] = {}
    line_of: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        document = _beir_document(line, number)
        if document.id in documents:
            raise UnusableInput(
                f"line {number}: the id {document.id!r} is that of line {line_of[document.id]} too"
            )
        documents[document.id] = document
        line_of[document.id] = number
    if not documents:
        raise UnusableInput("holds no documents")
    empty = sum(not document.text.strip() for document in documents.values())
    if empty:
        warnings.append(f"{empty} of its documents hold no text")
    return list(documents.values()), warnings


def _beir_document(line: str, number: int) -> Document:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UnusableInput(f"line {number}: is not valid JSON ({error})") from None
    if not isinstance(fields, dict):
        raise UnusableInput(f"line {number}: is not a JSON object with _id, title and text")
    for name in ("_id", "text"):
        if not isinstance(fields.get(name), str) or (name == "_id" and not fields[name]):
            raise UnusableInput(f"line {number}: the field {name} is missing or not a string")
    title = fields.get("title") or ""
    if not isinstance(title, str):
        raise UnusableInput(f"line {number}: the field title is not a string")
    try:
        return Document(fields["_id"], fields["text"], title or fields["_id"])
    except UnicodeEncodeError:
        raise UnusableInput(f"line {number}: the text holds half of a surrogate pair") from None


def _read_metadata(folder: Path) -> dict[str, Any]:
    path = folder.resolve().with_suffix(".toml")
    if not path.is_file():
        return {}
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise UnusableInput(f"{path} is not valid TOML: {error}") from None
    for document_id, table in tables.items():
        if not isinstance(table, dict) or not all(isinstance(v, str) for v in table.values()):
            raise UnusableInput(
                f"{path}: [{document_id!r}] must hold strings: title, publisher, date"
            )
    return tables


READERS: dict[str, Reader] = {".txt": _read_text, ".md": _read_text, ".jsonl": _read_beir}
"""To read another kind of file, add its ending and a function from a path to its documents."""
