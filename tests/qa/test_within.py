"""Questions asked of some documents alone: by name, by folder, by date."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from weakref import ref

import pytest

from footnoted.corpus.errors import NoDocuments, UnusableInput
from footnoted.index.library import Library
from footnoted.qa.notebook import html
from footnoted.qa.pipeline import Pipeline
from footnoted.qa.show import terminal
from footnoted.qa.show.style import Style
from footnoted.qa.types import Answer
from footnoted.qa.verify.saved import read_answer
from footnoted.qa.verify.verification import verify
from footnoted.qa.within import Within, choose, within
from support.embedder import HashedEmbedder

DOCUMENTS = {
    "council/march.txt": """Minutes of March

The council met on Tuesday evening, in the town hall.

The clerk reported that the new footbridge cost 40,000 pounds.

Councillor Ann Lee opposes the plan for a car park.
""",
    "council/june.txt": """Minutes of June

The council met on Monday evening, in the library.

The clerk reported that the new footbridge cost 52,000 pounds.

Councillor Tom Hall opposes the plan for a car park.
""",
    "press/growers.txt": """Statement of the Growers

The Growers oppose the plan for a car park. They sell at the market on Fridays.

The mayor of Aldham is Ruth Gray.
""",
    "press/note.txt": """A note

The Traders support the plan for a car park, and the market is held on Fridays.
""",
}
DATES = {
    "council/march.txt": "2024-03-12",
    "council/june.txt": "June 2024",
    "press/growers.txt": "2025",
}
MARCH, JUNE, GROWERS, NOTE = DOCUMENTS


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("within")
    for name, text in DOCUMENTS.items():
        (folder / "town" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "town" / name).write_text(text, encoding="utf-8")
    tables = (f'["{name}"]\ndate = "{day}"\n' for name, day in DATES.items())
    (folder / "town.toml").write_text("\n".join(tables), encoding="utf-8")
    library = Library.create(folder / "index")
    library.update([folder / "town"])
    yield library
    library.close()


@pytest.fixture(scope="module")
def pipeline(library: Library) -> Pipeline:
    return Pipeline(library)


def of(*documents: str) -> Within:
    return Within(frozenset(documents))


def cited(answer: Answer) -> set[str]:
    return {one.document for one in (*answer.citations, *answer.nearest)}


def said(answer: Answer) -> str:
    texts = [one.text for one in answer.answers] + [one.text for one in answer.statements]
    return " | ".join(texts)


# -- which documents -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "meant"),
    [
        ([MARCH], {MARCH}),
        (["minutes of  MARCH"], {MARCH}),
        (["council"], {MARCH, JUNE}),
        (["council/", GROWERS], {MARCH, JUNE, GROWERS}),
        ([NOTE, NOTE], {NOTE}),
    ],
)
def test_documents_are_named_by_id_title_or_folder(
    names: list[str], meant: set[str], library: Library
) -> None:
    chosen = within(library, names)
    assert chosen and chosen.documents == frozenset(meant)


def test_documents_are_named_by_where_their_files_are(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    (town,) = library.sources()
    assert within(library, [str(town / "press")]) == of(GROWERS, NOTE)
    assert within(library, [str(town)]) == of(*DOCUMENTS)
    monkeypatch.chdir(town.parent)
    assert within(library, ["town/council/june.txt"]) == of(JUNE)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("counsil/march.txt", f"'counsil/march.txt'; the closest: '{MARCH}'"),
        ("council/mar", "there is no document 'council/mar'"),
        ("../town", "there is no document"),
        ("\0", "there is no document"),
        (" ", "a document's name is empty"),
    ],
)
def test_who_is_not_there_is_one_line_with_the_closest(
    name: str, message: str, library: Library
) -> None:
    with pytest.raises(UnusableInput) as refused:
        within(library, [MARCH, name])
    assert message in str(refused.value) and "\n" not in str(refused.value)


def test_where_nothing_is_chosen_all_are_asked(library: Library) -> None:
    assert within(library) is within(library, [], "", "") is None


@pytest.mark.parametrize(
    ("since", "until", "found", "undated"),
    [
        ("2024", "2024", {MARCH, JUNE}, 1),
        ("2024-03-12", "2024-03-12", {MARCH}, 1),
        ("2024-03-13", None, {JUNE, GROWERS}, 1),
        (None, "2024-06-30", {MARCH, JUNE}, 1),
        (None, "2024-06-29", {MARCH}, 1),  # of "June 2024", it is not known whether it is earlier
        ("2025", None, {GROWERS}, 1),
    ],
)
def test_documents_are_of_a_range_of_days_if_they_are_surely(
    since: str | None, until: str | None, found: set[str], undated: int, library: Library
) -> None:
    asked = within(library, [], since, until)
    assert asked
    chosen = choose(asked, library)
    assert chosen.documents == found
    assert (chosen.scope.documents, chosen.scope.of) == (len(found), len(DOCUMENTS))
    assert chosen.scope.undated == undated and "1 other of no known date" in chosen.scope.said


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        (
            Within(since=date(2030, 1, 1)),
            "4 documents is dated from 1 January 2030 on (1 of",
        ),
        (Within(frozenset({NOTE}), until=date(2030, 1, 1)), "none of 1 document is dated until"),
        (Within(since=date(2024, 2, 1), until=date(2024, 1, 1)), "since 2024-02-01 is after until"),
        (Within(frozenset()), "no document is chosen"),
        (of(MARCH, "gone.txt"), "there is no document 'gone.txt'"),
    ],
)
def test_a_choice_of_nothing_is_refused(chosen: Within, message: str, library: Library) -> None:
    with pytest.raises(UnusableInput) as refused:
        choose(chosen, library)
    assert message in str(refused.value)


@pytest.mark.parametrize("written", ["March", "12.3.2024", "2024-3", "2024-02-30", "2024 or so"])
def test_a_day_is_written_in_one_way(written: str, library: Library) -> None:
    with pytest.raises(UnusableInput, match=r"since is no date.*write a year, a month or a day"):
        within(library, since=written)


def test_an_empty_index_says_so(tmp_path: Path, hashed: object) -> None:
    empty = Library.create(tmp_path / "empty")
    with pytest.raises(NoDocuments):
        choose(Within(since=date(2024, 1, 1)), empty)
    empty.close()


# -- what they answer ------------------------------------------------------------------------------

COST = "What did the footbridge cost?"
OPPOSES = "Who opposes the plan for a car park?"


@pytest.mark.parametrize(("document", "cost"), [(MARCH, "40,000"), (JUNE, "52,000")])
def test_a_fact_is_that_of_the_document(document: str, cost: str, pipeline: Pipeline) -> None:
    answer = pipeline.ask(COST, within=of(document))
    assert answer.answered and cost in said(answer) and cited(answer) == {document}
    assert (answer.coverage.documents, answer.coverage.passages) == (1, 1)
    assert answer.within and answer.within.said == "Asked of 1 of 4 documents"


def test_what_others_say_is_declined_and_said_of_whom(pipeline: Pipeline) -> None:
    assert pipeline.ask(COST).answered
    answer = pipeline.ask(COST, within=of(GROWERS, NOTE))
    assert not answer.answered and cited(answer) <= {GROWERS, NOTE}
    assert answer.refusal == "Nothing in the 2 chosen documents answers this question."
    shown = terminal.answer(answer, Style(colour=False, width=100))
    for face in (shown, html(answer)):
        assert answer.refusal in face and "Asked of 2 of 4 documents" in face
    assert "2 of 2 passages in 2 documents read" in shown


def test_a_side_is_taken_by_those_who_are_asked(pipeline: Pipeline) -> None:
    every, some = pipeline.ask(OPPOSES), pipeline.ask(OPPOSES, within=of(JUNE, GROWERS))
    assert "Ann Lee" in said(every)
    assert some.answered and cited(some) <= {JUNE, GROWERS}
    assert "Ann Lee" not in said(some) and "Tom Hall" in said(some) and "Growers" in said(some)
    assert some.ledger and some.ledger.documents == 2
    assert {one.document for one in some.ledger.left_out} <= {JUNE, GROWERS}
    assert "searched 2 of 2 documents" in some.weighed


@pytest.mark.parametrize(
    "question",
    [
        "Which documents are there?",
        "Which documents mention the council?",
        "What do the documents say about the council?",
        "Summarise the minutes.",
        "When does the council meet?",
        "Who wrote the statement?",
        "What was said in June 2024?",
        "Where does the council meet, and what did the footbridge cost?",
        "What is the capital of Peru?",
    ],
)
def test_no_kind_of_question_is_answered_from_elsewhere(question: str, pipeline: Pipeline) -> None:
    answer = pipeline.ask(question, within=of(MARCH, NOTE))
    assert cited(answer) and cited(answer) <= {MARCH, NOTE}
    assert answer.coverage.documents == 2 and answer.within and answer.within.of == 4


def test_a_range_of_days_is_answered_from_its_documents(
    library: Library, pipeline: Pipeline
) -> None:
    answer = pipeline.ask("Where did the council meet?", within=within(library, since="2024-04"))
    assert "library" in said(answer) and "town hall" not in said(answer)
    assert cited(answer) <= {JUNE, GROWERS}
    assert answer.within and answer.within.said == (
        "Asked of 2 of 4 documents, those dated from 1 April 2024 on; "
        "1 other of no known date left out"
    )


def test_a_conversation_goes_on_among_them(pipeline: Pipeline) -> None:
    answer = pipeline.ask("And where?", ["When did the council meet?"], of(JUNE))
    assert "library" in said(answer) and cited(answer) == {JUNE}


def test_a_change_is_seen(tmp_path: Path, pipeline: Pipeline) -> None:
    folder = tmp_path / "town"
    folder.mkdir()
    (folder / "a.txt").write_text("The harbour of Sund has forty boats.\n")
    library = Library.create(tmp_path / "index")
    library.update([folder])
    asking = pipeline.over(library)
    question = "How many boats has the harbour of Sund?"
    assert "forty" in said(asking.ask(question, within=of("a.txt")))
    (folder / "a.txt").write_text("The harbour of Sund has sixty boats.\n")
    library.update([folder])
    assert "sixty" in said(asking.ask(question, within=of("a.txt")))
    library.close()


def test_nobody_is_held_by_the_documents_that_were_asked(
    library: Library, pipeline: Pipeline
) -> None:
    """Readers, checks and language models hang on whoever asks; a library outlives many."""
    other = pipeline.over(library)
    assert other.ask("And where?", ["When did the council meet?"]).answered
    assert other.ask("And where?", ["When did the council meet?"], of(JUNE)).answered
    gone = ref(other)
    del other
    gc.collect()
    assert gone() is None


def test_a_saved_answer_tells_of_it_and_holds(library: Library, pipeline: Pipeline) -> None:
    answer = pipeline.ask(COST, within=Within(until=date(2024, 12, 31)))
    saved = answer.as_dict()
    assert saved["within"] == {
        "documents": 2,
        "of": 4,
        "undated": 1,
        "since": None,
        "until": "2024-12-31",
    }
    read = read_answer(json.dumps(saved).encode())
    assert read.within == answer.within and verify(read, library.document) == []
    del saved["within"]  # as an older release saved it
    assert read_answer(json.dumps(saved).encode()).within is None


def test_an_id_means_its_document_alone(tmp_path: Path) -> None:
    for name in ("note.txt", "press/note.txt", "press/old/other.txt", "pressed.txt"):
        file = tmp_path / "documents" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"note.txt\n\nThe boat of {name} left at noon.\n")
    library = Library.create(tmp_path / "index", HashedEmbedder())
    library.update([tmp_path / "documents"])
    assert {one.title for one in library.listing()} == {"note.txt"}  # all of them are called so
    for name, ids in {
        "note.txt": {"note.txt"},
        "NOTE.txt": {"note.txt", "press/note.txt", "press/old/other.txt", "pressed.txt"},
        "press": {"press/note.txt", "press/old/other.txt"},
        "press/": {"press/note.txt", "press/old/other.txt"},
    }.items():
        found = within(library, [name])
        assert found and set(found.documents or ()) == ids
    library.close()
