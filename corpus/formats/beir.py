"""BEIR's ``corpus.jsonl``: a document a line; one bad line refuses the file, by its number."""

from __future__ import annotations

import json
import re
from pathlib import Path

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.formats.encoding import decode
from footnoted.corpus.formats.plain import structure
from footnoted.corpus.protocols import Peek
from footnoted.corpus.types import Contents, Extracted

BEIR_FILE = "corpus.jsonl"

_SURROGATE = re.compile("[\ud800-\udfff]")


class Beir:
    """``.jsonl`` files; see ``corpus.protocols.Format``."""

    name = "BEIR corpus.jsonl"
    endings = (".jsonl",)
    version = "1"

    def recognises(self, file: Peek) -> bool:
        return False

    def read(self, path: Path, password: str | None = None) -> Contents:
        text, warnings = decode(path.read_bytes())
        texts: dict[str, Extracted] = {}
        line_of: dict[str, int] = {}
        for number, line in enumerate(text.split("\n"), start=1):
            if not line.strip():
                continue
            id_, extracted = _parsed(line, number)
            if id_ in texts:
                raise UnusableInput(
                    f"line {number}: the id {id_!r} is that of line {line_of[id_]} too"
                )
            texts[id_] = extracted
            line_of[id_] = number
        if not texts:
            raise UnusableInput("holds no documents")
        empty = sum(not one.text.strip() for one in texts.values())
        if empty:
            warnings += (f"{empty} of its documents hold no text",)
        return Contents(tuple(texts.values()), warnings)


def _parsed(line: str, number: int) -> tuple[str, Extracted]:
    """A line's document and its id."""
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UnusableInput(f"line {number}: is not valid JSON ({error})") from None
    if not isinstance(fields, dict):
        raise UnusableInput(f"line {number}: is not a JSON object with _id, title and text")
    for name in ("_id", "text"):
        if not isinstance(fields.get(name), str) or (name == "_id" and not fields[name]):
            raise UnusableInput(f"line {number}: the field {name} is missing or not a string")
    id_, title, text = fields["_id"], fields.get("title") or "", fields["text"]
    if not isinstance(title, str):
        raise UnusableInput(f"line {number}: the field title is not a string")
    for name, value in (("id", id_), ("title", title), ("text", text)):
        if _SURROGATE.search(value):
            raise UnusableInput(f"line {number}: the {name} holds half of a surrogate pair")
    return id_, Extracted(text, title or id_, id_, annotations=structure(text, ""))
