"""JSON of unknown make, checked against a model; whatever is amiss is told in one line."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

from footnoted.corpus.errors import UnusableInput


class Checked(BaseModel):
    """An object of which each field has its type to the letter; those unknown are kept aside."""

    model_config = ConfigDict(strict=True, extra="allow", allow_inf_nan=False)


AnyChecked = TypeVar("AnyChecked", bound=Checked)


def _filled(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("empty", "is empty; fill it in or leave it out")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise PydanticCustomError("surrogate", "holds half of a surrogate pair") from None
    return text


Text = Annotated[str, AfterValidator(_filled)]
"""A string that holds something and can be written as UTF-8."""

Offset = Annotated[int, Field(ge=0, le=sys.maxsize)]

_NOT_BETWEEN = f"is not between 0 and {sys.maxsize}"
_AMISS = {
    "bool_type": "is neither true nor false",
    "dict_type": "is not a JSON object",
    "finite_number": "is not a number",
    "float_type": "is not a number",
    "greater_than_equal": _NOT_BETWEEN,
    "int_type": "is not a whole number",
    "less_than_equal": _NOT_BETWEEN,
    "list_type": "is not a list",
    "model_type": "is not a JSON object",
    "string_type": "is not a string; put it between quotation marks",
}


def check(model: type[AnyChecked], value: Any, where: str) -> AnyChecked:
    """``value`` as the model has it; ``where`` names it in errors.

    Raises:
        UnusableInput: it is something else; names the first place that is wrong.
    """
    try:
        return model.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
    *outer, last = first["loc"] or ("",)
    # A field that is null is as good as none.
    if isinstance(last, str) and last and (first["type"] == "missing" or first["input"] is None):
        place, what = outer, f"the field {last} is missing"
    else:
        place, what = [*outer, last], _AMISS.get(first["type"], first["msg"])
    raise UnusableInput(" ".join(filter(None, [f"{where}:", _named(place), what])))


def _named(place: Sequence[int | str]) -> str:
    """``evidence[0] start``"""
    parts = (f"[{one}]" if isinstance(one, int) else f" {_flat(one)}" for one in place)
    return "".join(parts).strip()


def _flat(name: str) -> str:
    return " ".join(name.split())[:80]


def decode(data: bytes, where: str) -> str:
    """A question set's text: UTF-8, or UTF-16 with the byte-order mark that spreadsheets put.

    Other encodings are not guessed as they are for documents: a wrong guess would make right
    answers count as wrong.
    """
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].decode(encoding, errors="ignore").count("\n") + 1
        raise UnusableInput(f"{where}: line {line}: is not UTF-8; save the file as UTF-8") from None


def parse(text: str, where: str) -> Any:
    """JSON as the standard has it, so without NaN; ``where`` names the text in errors."""
    try:
        return json.loads(text, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        line = f"line {error.lineno}, " if "\n" in text else ""
        problem = f"{error.msg}, {line}column {error.colno}"
    except RecursionError:
        problem = "too deeply nested"
    except ValueError as error:
        problem = str(error)
    raise UnusableInput(f"{where}: is not valid JSON ({problem})")


def _no_number(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON number")


def read_lines(path: Path, model: type[AnyChecked]) -> Iterator[tuple[AnyChecked, str]]:
    """The objects of a file that holds one a line, each with its place."""
    # Only a line feed ends a line: a JSON string may hold the other separators of Unicode.
    for number, line in enumerate(decode(path.read_bytes(), str(path)).split("\n"), start=1):
        if not line.strip():
            continue
        where = f"{path}: line {number}"
        try:
            value = parse(line, where)
            if not isinstance(value, dict):
                raise UnusableInput(f"{where}: is not a JSON object")
        except UnusableInput as error:
            raise UnusableInput(f"{error}; write one JSON object a line") from None
        yield check(model, value, where), where
