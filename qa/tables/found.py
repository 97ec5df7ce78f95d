"""What was found in the rows of a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from footnoted.qa.tables.table import Row, Table


class Found(NamedTuple):
    """Rows, each of which is quoted, and the header of what of them answers.

    ``note`` says what they were compared with. ``surely``: how plainly the question names what they
    are compared by, from 3, its header, to 0, where there is nothing else.
    """

    table: Table
    rows: Sequence[Row]
    asked: str
    note: str
    surely: int
