"""The row that has the most or the least of something: "Which is the cheapest room?"."""

from __future__ import annotations

import re
from typing import NamedTuple

from footnoted.corpus.words import content_stems
from footnoted.qa.english.superlative import Superlative
from footnoted.qa.tables.found import Found
from footnoted.qa.tables.table import Table, having, naming

_ASKS_WHICH = re.compile(r"\W*(?:which|who|what|name)\b", re.I)


class _Column(NamedTuple):
    """What is compared: its header, and whether the most (1) or the least (-1) of it is wanted.

    ``surely``: whether the question names the header (3) or one of its kind (2), an adjective says
    it (1), or there is but one column of figures (0).
    """

    header: str
    way: int
    surely: int


def extreme(question: str, wanted: Superlative, table: Table) -> Found | None:
    """The rows of ``table`` that have what is wanted; None where that is not clear.

    Each word of the question has to be accounted for: by what the table is about, by a header, or
    by the cells of the rows that it asks about.
    """
    column = _column(wanted, content_stems(question), table)
    if column is None:
        return None
    left = table.left_of(question) - wanted.words
    if column.surely > 1:
        left -= naming(column.header)
    rows, left = table.among(left)
    is_itself = wanted.is_itself and not table.about & set(wanted.noun[:1])
    what = column.header if is_itself else _asked_of(left, table)
    if what is None and not _ASKS_WHICH.match(question):
        return None
    ordered = table.ordered(rows, column.header)
    if having(left - naming(what or "")) or not ordered:
        return None
    best = max(ordered.values()) if column.way > 0 else min(ordered.values())
    most = "Highest" if column.way > 0 else "Lowest"
    place = f"{len(ordered):,} rows of “{table.document.title}”"
    note = f"{most} under “{column.header}” of the {place}" if len(ordered) > 1 else ""
    chosen = [row for row in rows if ordered.get(row.span) == best]
    return Found(table, chosen, what or table.key, note, column.surely)


def _column(wanted: Superlative, said: set[str], table: Table) -> _Column | None:
    """What is compared, by a question with these stems."""
    headers = sorted(table.headers, key=lambda one: -len(content_stems(one) & said))
    noun, ways = set(wanted.noun[:1]), dict(wanted.ways)
    found = [_Column(one, wanted.wants, 3) for one in headers if noun & content_stems(one)]
    found += [_Column(one, wanted.wants, 2) for one in headers if noun & naming(one)]
    for one in headers:
        found += [_Column(one, ways[word], 1) for word in content_stems(one) & ways.keys()]
    is_of_table = noun <= table.about and not ways
    named = [one for one in table.figures if content_stems(one) <= said - table.about]
    if is_of_table and len(named) == 1:  # "the most inhabitants in 2023"
        found.append(_Column(named[0], wanted.wants, 2))
    if len(table.figures) == 1 and (wanted.is_of_size or is_of_table):
        found.append(_Column(table.figures[0], wanted.wants, 0))
    return next((one for one in found if one.header in table.figures), None)


def _asked_of(left: set[str], table: Table) -> str | None:
    """The header of what is asked of a thing: "When was the longest ferry built?"."""
    return next((header for header in table.headers if left & naming(header)), None)
