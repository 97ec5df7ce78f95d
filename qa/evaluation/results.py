"""Results of evaluations as files: written whole, read back checked, kept while in the making."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from footnoted.corpus.errors import UnusableInput
from footnoted.qa.evaluation.json_input import Checked, Text, check, decode, parse

log = logging.getLogger(__name__)

FORMAT = 1

SECONDS = ("retrieve", "read", "total")


class _Seconds(Checked):
    retrieve: float
    read: float
    total: float


class _Answer(Checked):
    question: Text
    answered: bool
    confidence: float
    seconds: _Seconds


class _Gold(Checked):
    read: bool
    nearest: bool


class _Record(Checked):
    id: Text
    kind: Text | None = None
    answer: _Answer
    gold: _Gold | None = None
    scores: dict[str, float | None]
    cause: Text | None = None


class _Result(Checked):
    questions: list[_Record]


def partial_file(file: Path) -> Path:
    """Where an evaluation whose result goes to ``file`` keeps what is done."""
    return file.with_name(f"{file.name}.partial.jsonl")


def save(result: Mapping[str, Any], file: Path) -> None:
    """Write a result whole or not at all; then what was kept on the way is removed."""
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        beside.write_text(json.dumps(result, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        beside.replace(file)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise UnusableInput(f"{file} cannot be written: {error.strerror or error}") from None
    partial_file(file).unlink(missing_ok=True)


def read_result(file: Path) -> dict[str, Any]:
    """A saved result, of which everything that a comparison needs is there and of its type.

    Raises:
        UnusableInput: it is not; names what is wrong.
    """
    try:
        result = parse(decode(file.read_bytes(), str(file)), str(file))
    except OSError as error:
        raise UnusableInput(f"{file} cannot be opened: {error.strerror or error}") from None
    if isinstance(result, dict) and result.get("format") not in (None, FORMAT):
        raise UnusableInput(f"{file}: is of format {result['format']!r:.20}, not {FORMAT}")
    records = check(_Result, result, str(file)).questions
    if len({record.id for record in records}) < len(records):
        raise UnusableInput(f"{file}: an id stands twice in its questions")
    assert isinstance(result, dict)
    return result


class Kept:
    """The records of an evaluation that is not complete, in a file that a kill leaves usable."""

    def __init__(self, records: dict[str, dict[str, Any]], lines: IO[bytes] | None) -> None:
        self.records = records
        self._lines = lines

    def add(self, record: Mapping[str, Any]) -> None:
        """Keep a record, as it will be read back."""
        line = json.dumps(record)
        if self._lines:
            self._lines.write(line.encode() + b"\n")
            self._lines.flush()
        self.records[record["id"]] = json.loads(line)


@contextmanager
def keeping(file: Path | None, header: Mapping[str, Any], ids: Collection[str]) -> Iterator[Kept]:
    """Records of the questions ``ids``: those that ``file`` holds already, and room for more.

    ``file`` holds its ``header``, then a record a line. One with another header belongs to another
    index, model or question set: it is not used, which is warned of, and written anew. A line that
    a kill cut off is dropped. Without a file, nothing outlives the process.
    """
    if file is None:
        yield Kept({}, None)
        return
    records, length = _kept(file, header, ids)
    try:
        lines = file.open("r+b" if records else "wb")
    except OSError as error:
        raise UnusableInput(f"{file} cannot be written: {error.strerror or error}") from None
    with lines:
        lines.truncate(length)
        lines.seek(length)
        if not records:
            lines.write(json.dumps(header).encode() + b"\n")
            lines.flush()
        yield Kept(records, lines)


def _kept(
    file: Path, header: Mapping[str, Any], ids: Collection[str]
) -> tuple[dict[str, dict[str, Any]], int]:
    """The usable records of a file, and how many of its bytes they and the header take."""
    if not file.is_file():
        return {}, 0
    first, *lines = file.read_bytes().splitlines(keepends=True) or [b""]
    if _json(first) != json.loads(json.dumps(header)):
        log.warning("%s is of another evaluation; it is not used, and written anew", file)
        return {}, 0
    records, length = {}, len(first)
    for line in lines:
        record = _json(line)
        if not _is_record(record) or record["id"] not in ids:
            break
        records[record["id"]] = record
        length += len(line)
    return (records, length) if records else ({}, 0)


def _is_record(value: Any) -> bool:
    try:
        check(_Record, value, "the record")
    except UnusableInput:
        return False
    return set(value) == set(_Record.model_fields)


def _json(line: bytes) -> Any:
    """What a whole line holds; None if it was cut off."""
    try:
        return json.loads(line) if line.endswith(b"\n") else None
    except (ValueError, RecursionError):
        return None
