"""JSON of unknown make: every value that is taken out of it is checked, and named if refused."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from footnoted.corpus.errors import UnusableInput


def decode(data: bytes, where: str) -> str:
    """A question set's text: UTF-8, with or without a byte-order mark.

    Other encodings are not guessed as they are for documents: a wrong guess would make right
    answers count as wrong.
    """
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnusableInput(f"{where}: line {line}: is not UTF-8; save the file as UTF-8") from None


def parse(text: str, where: str) -> Any:
    """JSON as the standard has it, so without NaN; ``where`` names the text in errors."""
    try:
        return json.loads(text, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        line = f"line {error.lineno}, " if "\n" in text else ""
        raise UnusableInput(
            f"{where}: is not valid JSON ({error.msg}, {line}column {error.colno})"
        ) from None
    except RecursionError:
        raise UnusableInput(f"{where}: is not valid JSON (too deeply nested)") from None
    except ValueError as error:
        raise UnusableInput(f"{where}: is not valid JSON ({error})") from None


def _no_number(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON number")


def text(value: Any, where: str) -> str:
    """A string that holds something and can be written as UTF-8."""
    if not isinstance(value, str):
        raise UnusableInput(f"{where} is not a string")
    if not value.strip():
        raise UnusableInput(f"{where} is empty")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise UnusableInput(f"{where} holds half of a surrogate pair") from None
    return value


def whole_number(value: Any, where: str, most: int) -> int:
    """A whole number from 0 to ``most``; true and 1.0 are none."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise UnusableInput(f"{where} is not a whole number")
    if not 0 <= value <= most:
        raise UnusableInput(f"{where} is not between 0 and {most}")
    return value


class Fields:
    """A JSON object whose fields are taken out one by one. A field that is null is not there."""

    def __init__(self, value: Any, where: str) -> None:
        if not isinstance(value, dict):
            raise UnusableInput(f"{where} is not a JSON object")
        self._fields: dict[str, Any] = value
        self.where = where

    def __contains__(self, name: str) -> bool:
        return self._fields.get(name) is not None

    def __getitem__(self, name: str) -> Any:
        if name not in self:
            raise UnusableInput(f"{self.where} the field {name} is missing")
        return self._fields[name]

    def place(self, name: str) -> str:
        return f"{self.where} {name}"

    def text(self, name: str) -> str:
        return text(self[name], self.place(name))

    def items(self, name: str) -> list[tuple[Any, str]]:
        """The items of a list, each with its name for errors; none where the list is missing."""
        values = self._fields.get(name)
        if values is None:
            return []
        if not isinstance(values, list):
            raise UnusableInput(f"{self.place(name)} is not a list")
        return [(value, f"{self.place(name)}[{n}]") for n, value in enumerate(values)]

    def unknown(self, known: frozenset[str]) -> set[str]:
        return set(self._fields) - known
