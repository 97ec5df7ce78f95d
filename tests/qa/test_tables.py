"""What the rows of a table answer together: the most of something, the total, how many."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import xlsxwriter

from footnoted.index.library import Library
from footnoted.qa.conversations.types import Turn
from footnoted.qa.page.markup import chat
from footnoted.qa.pipeline import Pipeline
from footnoted.qa.show import terminal
from footnoted.qa.show.style import Style
from footnoted.qa.types import Answer
from footnoted.qa.verify.verification import verify

ROOMS = """Room,Seats,Floor,Price per day
Harbour Hall,120,0,450
Maren Room,24,1,90
Tower,8,4,60
Library,60,2,210
"""
FERRIES = """# Fleet of the county

| Ferry | Built | Length (m) | Passengers |
|---|---|---|---|
| Astrid | 1998 | 42.5 | 250 |
| Birk | 2011 | 61 | 400 |
| Clara | 1975 | 28 | 90 |
| Total | | | 740 |

The oldest ferry still sails in summer only.
"""
REPORT = """# Annual report of the harbour

## Visitors by month

| Month | Visitors | Share |
|---|---|---|
| May 2024 | 4,100 | 12.5% |
| June 2024 | 9,050 | 27.6% |
| July 2024 | 15,800 | 48.2% |
| August 2024 | n/a | n/a |

## Staff

| Name | Joined | Salary |
|---|---|---|
| Ada Holm | 3 May 2011 | €61,000 |
| Per Lie | 12 January 2009 | €58,500 |
| Ines Faro | 1 June 2021 | €64,200 |

Ines Faro is the youngest member of staff. The most visitors in one day came on 14 July.
"""
QUAY = """The quay of Sund

There are seven bollards on the quay. In total, the quay has cost 4 million kroner.
"""
NOTES = """Day,Note
Monday,There are forty herring barrels in the shed.
Tuesday,The shed was locked.
"""
SPENDING = [
    ("Department", 2022, 2023),
    ("Schools", 1_200_000, 1_310_000),
    ("Roads", 900_000, 2_050_000),
    ("Parks", 150_000, 140_000),
    ("Total", 2_250_000, 3_500_000),
]


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pipeline]:
    folder = tmp_path_factory.mktemp("tables")
    (folder / "rooms.csv").write_text(ROOMS)
    (folder / "quay.txt").write_text(QUAY)
    (folder / "notes.csv").write_text(NOTES)
    (folder / "ferries.md").write_text(FERRIES)
    (folder / "report.md").write_text(REPORT)
    with xlsxwriter.Workbook(folder / "spending.xlsx") as book:
        sheet = book.add_worksheet("Spending")
        for number, row in enumerate(SPENDING):
            sheet.write_row(number, 0, row)
    library = Library.create(folder / "index")
    library.update([folder])
    yield Pipeline(library)
    library.close()


def short(answer: Answer) -> list[str]:
    return [one.text for one in answer.answers]


@pytest.mark.models
@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Which room holds the most?", ["Harbour Hall"]),
        ("Which room has the most seats?", ["Harbour Hall"]),
        ("Which is the cheapest room?", ["Tower"]),
        ("What is the most expensive room?", ["Harbour Hall"]),
        ("Which room is the largest?", ["Harbour Hall"]),
        ("How many seats does the largest room have?", ["120"]),
        ("What does the cheapest room cost?", ["60"]),
        ("What is the highest price per day?", ["450"]),
        ("Which room is on the highest floor?", ["Tower"]),
        ("Which room on floor 2 is the largest?", ["Library"]),
        ("Which of Tower and Library is the cheapest?", ["Tower"]),
        ("Which ferry is the oldest?", ["Clara"]),
        ("Which is the newest ferry?", ["Birk"]),
        ("When was the longest ferry built?", ["2011"]),
        ("How long is the oldest ferry?", ["28"]),
        ("Which ferry carries the fewest passengers?", ["Clara"]),
        ("Which month had the most visitors?", ["July 2024"]),
        ("Who earns the least?", ["Per Lie"]),
        ("Who has the highest salary?", ["Ines Faro"]),
        ("Which department spent the most in 2023?", ["Roads"]),
        ("Which department spent the most in 2022?", ["Schools"]),
        ("How much was spent in total in 2023?", ["3500000"]),
        ("What is the total number of passengers?", ["740"]),
        ("How many rooms are there on floor 2?", ["Library"]),
    ],
)
def test_rows_are_compared(question: str, expected: list[str], pipeline: Pipeline) -> None:
    answer = pipeline.ask(question)
    assert short(answer) == expected
    assert [expected[0] in one.quote for one in answer.citations] == [True]
    assert verify(answer, pipeline.library.document) == []


@pytest.mark.models
def test_what_was_compared_is_told(pipeline: Pipeline) -> None:
    answer = pipeline.ask("Which ferry is the longest?")
    told = "Highest under “Length (m)” of the 3 rows of “Fleet of the county”"
    assert answer.note == told and told in terminal.answer(answer, Style())
    assert f">{told}<" in chat([Turn(answer.question, answer)])
    assert "3 rows" in pipeline.ask("Which month had the most visitors?").note
    assert not pipeline.ask("Which room on floor 2 is the largest?").note


@pytest.mark.models
def test_what_is_counted_is_listed(pipeline: Pipeline) -> None:
    answer = pipeline.ask("How many rooms are there?")
    assert short(answer) == ["Harbour Hall", "Maren Room", "Tower", "Library"]
    assert answer.note == "4 rows of “rooms”" and len(answer.citations) == 4
    assert verify(answer, pipeline.library.document) == []


@pytest.mark.models
def test_what_is_asked_of_the_documents_is_not_asked_of_rows(tmp_path: Path) -> None:
    (tmp_path / "register.csv").write_text("Document,Pages\nCharter,9\nLetter,2\nPlan,40\n")
    library = Library.create(tmp_path / "index")
    library.update([tmp_path / "register.csv"])
    pipeline = Pipeline(library)
    assert "Charter" not in short(pipeline.ask("How many documents are there?"))
    assert short(pipeline.ask("Which document has the most pages?")) == ["Plan"]
    library.close()


@pytest.mark.models
def test_of_many_rows_the_first_are_quoted(tmp_path: Path) -> None:
    rows = [f"Boat {number},{number % 2}" for number in range(200)]
    (tmp_path / "boats.csv").write_text("\n".join(["Boat,Masts", *rows]))
    library = Library.create(tmp_path / "index")
    library.update([tmp_path / "boats.csv"])
    counted = Pipeline(library).ask("How many boats are there?")
    assert counted.note == "200 rows of “boats”; the first 30 of 200 are quoted"
    most = Pipeline(library).ask("Which boat has the most masts?")
    assert len(most.citations) == 30 and short(most)[:2] == ["Boat 1", "Boat 3"]
    assert most.note.endswith("of the 200 rows of “boats”; the first 30 of 100 are quoted")
    library.close()


@pytest.mark.models
def test_what_the_documents_say_themselves_stays(pipeline: Pipeline) -> None:
    assert short(pipeline.ask("Who is the youngest member of staff?")) == ["Ines Faro"]
    assert (
        "member of staff" in pipeline.ask("Who is the youngest member of staff?").citations[0].quote
    )
    assert short(pipeline.ask("On which day did the most visitors come?")) == ["14 July"]
    assert short(pipeline.ask("How many bollards are there on the quay?")) == ["seven"]
    assert short(pipeline.ask("How many herring barrels are there?"))[0].startswith("forty")
    assert short(pipeline.ask("How much has the quay cost in total?")) == ["4 million kroner"]


@pytest.mark.models
@pytest.mark.parametrize(
    "question",
    [
        "Which room has the most windows?",
        "Which room did the council like the most?",
        "Which conference room is the cheapest?",
        "Which department had the largest deficit in 2022?",
        "Which ferry had the most accidents?",
        "Which is the fastest ferry?",
        "Which is the second largest room?",
        "What is the total number of seats?",
        "What is the average price per day?",
        "How many seats are there?",
    ],
)
def test_no_row_answers_what_nothing_compares(question: str, pipeline: Pipeline) -> None:
    answer = pipeline.ask(question)
    assert not answer.answered
    assert answer.outcome != "uncertain" or "none tells this of all" in answer.refusal
