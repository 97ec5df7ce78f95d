"""What is asked of all rows together, where the table says it, or it can be seen in its rows."""

from __future__ import annotations

from footnoted.corpus.words import content_stems
from footnoted.qa.english.aggregate import Aggregate
from footnoted.qa.tables.found import Found
from footnoted.qa.tables.table import Table, having, naming


def together(question: str, wanted: Aggregate, table: Table) -> Found | None:
    """The row of the total or the average, or the rows that are to be counted; None where the table
    has none, or it is not clear that they are what is asked for.

    Nothing is computed that would stand nowhere: of a count, the things are listed.
    """
    counts_things = wanted.kind == "count" and wanted.counted <= table.about
    return _listed(question, wanted, table) if counts_things else _of_all(question, wanted, table)


def _listed(question: str, wanted: Aggregate, table: Table) -> Found | None:
    rows, left = table.among(table.left_of(question) - wanted.words)
    if having(left):
        return None
    of = f"of the {len(table.rows):,} rows" if len(rows) < len(table.rows) else "rows"
    note = f"{len(rows):,} {of} of “{table.document.title}”"
    return Found(table, rows, table.key, note, 2)


def _of_all(question: str, wanted: Aggregate, table: Table) -> Found | None:
    """The cell that is asked for in the row of the total, or of the average."""
    left = table.left_of(question) - wanted.words - wanted.counted.intersection(table.about)
    rows = [row for row in table.of_all if wanted.is_total(table.said(row.cells[table.key]))]
    headers = sorted(table.figures, key=lambda one: -len(content_stems(one) & left))
    named = [one for one in headers if left & naming(one)] or headers[: len(headers) == 1]
    if len(rows) != 1 or not named or having(left - naming(named[0])):
        return None
    return Found(table, rows, named[0], "", 2) if named[0] in rows[0].cells else None
