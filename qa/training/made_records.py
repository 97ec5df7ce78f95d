"""Rows of tables with questions on them, made for the checker: a row is no sentence.

A row answers what is asked of its own key and column. Asked of another key, or of a column that it
does not have, it does not, however well its cells fit.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from footnoted.qa.protocols import Claim
from footnoted.qa.training.claims import Judged

_TABLES = Path(__file__).with_name("made_records.toml")
_FIGURE = re.compile("#")
_RECORDS = 0.25
"""How often a row is set as lines, each a column."""
_OTHER_WORDS = 0.3
"""How often the question's own words are the answer, which is wrong."""


class _Cell(NamedTuple):
    column: dict[str, Any]
    value: str


class _Row(NamedTuple):
    table: dict[str, Any]
    key: str
    cells: list[_Cell]
    text: str


def judged(count: int, chance: random.Random) -> Iterator[Judged]:
    """Questions on ``count`` rows, with answers that their cells give, right and wrong."""
    for _ in range(count):
        row = _row(chance)
        yield from _by_key(row, chance)
        yield from _by_value(row, chance)


def _row(chance: random.Random) -> _Row:
    table = chance.choice(_tables())
    key = chance.choice(table["keys"])
    columns = chance.sample(table["columns"], chance.randint(2, len(table["columns"])))
    cells = list(_cells(columns, chance))
    pairs = [(table["key"], key), *((one.column["name"], one.value) for one in cells)]
    joint = "\n" if chance.random() < _RECORDS else "; "
    title = chance.choice(table["titles"])
    said = joint.join(f"{name}: {value}" for name, value in pairs)
    return _Row(table, key, cells, f"{title}\n{said}" if title else said)


def _cells(columns: list[dict[str, Any]], chance: random.Random) -> Iterator[_Cell]:
    """Of each column a cell, no two of them alike: one would answer for the other."""
    taken: set[str] = set()
    for column in columns:
        value = next(v for _ in range(99) if (v := _value(column, chance)) not in taken)
        taken.add(value)
        yield _Cell(column, value)


@cache
def _tables() -> list[dict[str, Any]]:
    tables: list[dict[str, Any]] = tomllib.loads(_TABLES.read_text(encoding="utf-8"))["table"]
    return tables


def _value(column: dict[str, Any], chance: random.Random) -> str:
    return _FIGURE.sub(lambda _: str(chance.randint(2, 99)), chance.choice(column["values"]))


def _by_key(row: _Row, chance: random.Random) -> Iterator[Judged]:
    """Of a key, a column: its own key and column are right, another of either is wrong."""
    asked, other = chance.sample(row.cells, 2)
    question = chance.choice(asked.column["asked"])
    yield _judged(row, question.format(key=row.key), asked.value, True)
    yield _judged(row, question.format(key=row.key), other.value, False)
    if chance.random() < _OTHER_WORDS:
        yield _judged(row, question.format(key=row.key), row.key, False)
    another = chance.choice([key for key in row.table["keys"] if key != row.key])
    yield _judged(row, question.format(key=another), asked.value, False)
    missing = [one for one in row.table["columns"] if one not in [c.column for c in row.cells]]
    if missing:
        question = chance.choice(chance.choice(missing)["asked"])
        yield _judged(row, question.format(key=row.key), asked.value, False)
    else:
        question = chance.choice(other.column["asked"])
        yield _judged(row, question.format(key=row.key), other.value, True)


def _by_value(row: _Row, chance: random.Random) -> Iterator[Judged]:
    """Of a cell, the key: of another value, the row is not the one."""
    cell = chance.choice(row.cells)
    which, has = chance.choice(row.table["which"]), chance.choice(cell.column["has"])
    question = which.format(has=has.format(value=cell.value))
    yield _judged(row, question, row.key, True)
    if chance.random() < _OTHER_WORDS:
        yield _judged(row, question, cell.value, False)
    values = {_value(cell.column, chance) for _ in range(3)} - {cell.value}
    if values:
        question = which.format(has=has.format(value=chance.choice(sorted(values))))
        yield _judged(row, question, row.key, False)


def _judged(row: _Row, question: str, answer: str, right: bool) -> Judged:
    return Judged(Claim(row.text, question, answer), right)
