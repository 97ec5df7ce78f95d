"""A row is found exactly as it is shown, and nowhere that it does not stand."""

from __future__ import annotations

from pathlib import Path

import pytest

import footnoted
from footnoted.corpus.files import read
from footnoted.corpus.types import Document, Span
from footnoted.qa.lookup.folding import fold
from footnoted.qa.lookup.shown_rows import places_in_rows
from footnoted.qa.types import Citation

TEXT = """# Market

Everybody pays by noon.

| Stall | Per day | Per year |
|-------|---------|----------|
| Food | **£18** | £640 |
| Old clothes | £15 | £520 |
| Books | £15 | £500 |
"""
SHEET = "Room,Seats,Contact\nOld Chapel,60,Per Moe\nHall,180,Liv Dahl\n"


def document(folder: Path, name: str, text: str) -> Document:
    (folder / name).write_text(text)
    ((found,),) = (file.documents for file in read(folder / name))
    return found


def found(of: Document, text: str) -> list[str]:
    return [of.text[slice(*place)] for place in places_in_rows(of, fold(text))]


@pytest.mark.parametrize(
    ("shown", "stands"),
    [
        ("Stall: Food; Per day: £18; Per year: £640", "Food | **£18** | £640"),
        ("Old clothes\t£15\t£520", "Old clothes | £15 | £520"),
        ("per day: £15; per year: £500", "£15 | £500"),
        ("£640\nOld clothes", "£640 |\n| Old clothes"),
        ("per year\tFood", "Per year |\n|-------|---------|----------|\n| Food"),
    ],
)
def test_a_row_is_found_as_it_is_shown(shown: str, stands: str, tmp_path: Path) -> None:
    assert found(document(tmp_path, "market.md", TEXT), shown) == [stands]


@pytest.mark.parametrize(
    "other",
    [
        "Stall: Food; Per day: £15; Per year: £640",
        "Stall: Food; Per year: £640",
        "Food £640",
        "Stall: Books; Per year: £15",
        "Stall:",
        "Paid by noon",
    ],
)
def test_what_no_row_says_is_not_found(other: str, tmp_path: Path) -> None:
    assert found(document(tmp_path, "market.md", TEXT), other) == []


def test_every_row_that_says_so_is_found(tmp_path: Path) -> None:
    many = "Day,Tide,Height\n" + "".join(f"Day {n % 3},low,{n % 2} m\n" for n in range(600))
    of = document(tmp_path, "tides.csv", many)
    assert len(found(of, "Day: Day 1; Tide: low; Height: 1 m")) == 100
    assert len(found(of, "Day 1 low 1 m Day 2 low 0 m")) == 100


def test_what_an_answer_shows_of_a_row_is_looked_up(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    document(folder, "market.md", TEXT)
    document(folder, "rooms.csv", SHEET)
    library = footnoted.open(folder, index=tmp_path / "index")
    for of in library.documents():
        row = next(one for one in of.structure.blocks if one.kind == "row" and not one.value)
        shown = Citation.of(1, of, Span(row.start, row.end)).said
        (match,) = library.lookup(shown)
        assert match.match == "exact" and match.citation.document == of.id
        assert row.start <= match.citation.start < match.citation.end <= row.end
