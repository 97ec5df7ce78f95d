"""What was found in the rows of a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from footnoted.qa.tables.table import Row, Table

QUOTED_ROWS = 30
"""Of more rows, the first of these are quoted, and that is told."""


class Found(NamedTuple):
    """Rows that answer, and the header of what of them does.

    ``note`` says what they were compared with. ``surely``: how plainly the question names what they
    are compared by, from 3, its header, to 0, where there is nothing else.
    """

    table: Table
    rows: Sequence[Row]
    asked: str
    note: str
    surely: int

    @property
    def quoted(self) -> Sequence[Row]:
        return [row for row in self.rows if self.asked in row.cells][:QUOTED_ROWS]

    @property
    def told(self) -> str:
        """The note, and how many rows are not quoted."""
        is_part = len(self.rows) > QUOTED_ROWS
        part = f"the first {QUOTED_ROWS} of {len(self.rows):,} are quoted" if is_part else ""
        return "; ".join(filter(None, (self.note, part)))
