"""What a point of each kind holds, and how: others may have written into a collection, too."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from footnoted.index.qdrant.points import Kind

_Is = Callable[[Any], bool]


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _number(value: Any) -> bool:
    return isinstance(value, int)


def _may_be_text(value: Any) -> bool:
    return value is None or isinstance(value, str)


def _table(value: Any) -> bool:
    return isinstance(value, dict)


def _rows(*columns: _Is) -> _Is:
    """Each of so many cells, of these kinds."""

    def are_rows(value: Any) -> bool:
        return isinstance(value, list) and all(
            isinstance(row, list)
            and len(row) == len(columns)
            and all(is_right(cell) for is_right, cell in zip(columns, row, strict=True))
            for row in value
        )

    return are_rows


_DOCUMENT: dict[str, _Is] = {
    **dict.fromkeys("document title reader sha256 path source sketch".split(), _text),
    **dict.fromkeys("publisher date author language".split(), _may_be_text),
    **dict.fromkeys("characters passages number".split(), _number),
    "pages": _rows(_number, _number, _number, _text),
}
_FORMS: dict[Kind, dict[str, _Is]] = {
    "document": _DOCUMENT,
    "body": {"document": _text, "part": _number, "text": _text, "annotations": _text},
    "passage": {
        **{"document": _text, "start": _number, "end": _number, "key": _text},
        "sentences": _rows(_number, _number),
    },
    "file": {"source": _text, "path": _text, "told": _text, "receipt": _table},
    "source": {"source": _text},
}


def checked(kind: Kind, payload: Mapping[str, Any] | None, fields: list[str] | bool) -> Any:
    """What a point holds of these fields.

    Raises:
        ValueError: one of them is not there, or is not what it has to be.
    """
    held = payload or {}
    for name, is_right in _FORMS[kind].items():
        is_asked_for = fields if isinstance(fields, bool) else name in fields
        if is_asked_for and not is_right(held.get(name)):
            raise ValueError(f"its {name} is {str(held.get(name))[:40]!r}")
    return held
