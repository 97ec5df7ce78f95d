"""Conversations are kept, found, exported, and deleted for good."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.types import Document, Span
from footnoted.qa.conversations.exported import markdown
from footnoted.qa.conversations.judged import question_set
from footnoted.qa.conversations.store import Conversations, NoConversation
from footnoted.qa.conversations.types import Turn
from footnoted.qa.evaluation.questions import read
from footnoted.qa.evaluation.types import Evidence
from footnoted.qa.types import Answer, Citation, Searched, ShortAnswer, Statement
from footnoted.qa.within import ALL, Choice
from support.answers import NOTHING

UNHEARD = "quicksilver"
DOCUMENT = Document(
    "a *b*.txt", f"The keeper is Zebedee, said {UNHEARD} <b>Orla</b>.\n", "A [title]"
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "conversations.sqlite"


@pytest.fixture
def kept(file: Path) -> Conversations:
    return Conversations(file)


@pytest.fixture
def answer() -> Answer:
    citation = Citation.of(1, DOCUMENT, Span(0, len(DOCUMENT.text) - 1))
    return replace(
        NOTHING,
        question="Who keeps it?",
        answered=True,
        outcome="answered",
        answers=(ShortAnswer("Zebedee", 0.9, (1,), "Orla"),),
        statements=(Statement(citation.quote, "verbatim", (1,)),),
        citations=(citation,),
        coverage=Searched(1, 1, 1, 0, {"en": 1}),
    )


def test_what_was_asked_comes_back(kept: Conversations, file: Path, answer: Answer) -> None:
    id_ = kept.create("anna", "letters", "Who  keeps\nit?")
    assert kept.ask("anna", id_, "Who keeps it?") == 1
    assert kept.turns("anna", id_)[0].is_waiting
    kept.finish(id_, 1, answer)
    assert kept.ask("anna", id_, "And why?") == 2
    kept.finish(id_, 2, "It failed")
    kept.close()
    again = Conversations(file)  # after a restart
    assert again.turns("anna", id_) == [
        Turn("Who keeps it?", answer),
        Turn("And why?", error="It failed"),
    ]
    # Also what is not published of an answer.
    (first, _) = again.turns("anna", id_)
    assert first.answer and first.answer.coverage.languages == {"en": 1}
    assert first.answer.citations[0].said == answer.citations[0].said
    (listed,) = again.conversations("anna")
    assert (listed.title, listed.collection, listed.turns) == ("Who keeps it?", "letters", 2)


def test_what_came_first_of_a_question_stays(kept: Conversations, answer: Answer) -> None:
    id_ = kept.create("anna", "letters", "Who?")
    kept.ask("anna", id_, "Who?")
    kept.finish(id_, 1, "Stopped")
    kept.finish(id_, 1, answer)
    assert kept.turns("anna", id_) == [Turn("Who?", error="Stopped")]


def test_everybody_sees_their_own(kept: Conversations) -> None:
    id_ = kept.create("anna", "letters", "Who?")
    assert kept.conversations("bert") == []
    for refused in (
        lambda: kept.turns("bert", id_),
        lambda: kept.ask("bert", id_, "Who?"),
        lambda: kept.rename("bert", id_, "Mine"),
        lambda: kept.remove("bert", id_),
    ):
        with pytest.raises(NoConversation):
            refused()
    assert [one.title for one in kept.conversations("anna")] == ["Who?"]


def test_they_are_found_by_words_and_the_last_comes_first(kept: Conversations) -> None:
    first = kept.create("anna", "letters", "Who keeps the 100% light?")
    second = kept.create("anna", "letters", "Other")
    kept.ask("anna", second, "Where is the_harbour?")
    assert [one.id for one in kept.conversations("anna")] == [second, first]
    assert [one.id for one in kept.conversations("anna", "100%")] == [first]
    assert [one.id for one in kept.conversations("anna", "the_h")] == [second]
    assert kept.conversations("anna", "the%h") == kept.conversations("anna", "nothing") == []
    assert [one.id for one in kept.conversations("anna", most=1)] == [second]
    kept.ask("anna", first, "And now?")
    assert kept.conversations("anna")[0].id == first


def test_a_conversation_is_renamed(kept: Conversations) -> None:
    id_ = kept.create("anna", "letters", "x" * 500)
    assert len(kept.conversation("anna", id_).title) <= 120
    kept.rename("anna", id_, " The keeper ")
    assert kept.conversation("anna", id_).title == "The keeper"
    with pytest.raises(UnusableInput, match="needs a name"):
        kept.rename("anna", id_, "  ")


@pytest.mark.parametrize("how", ["it", "its collection"])
def test_what_is_deleted_is_not_on_the_disk(
    kept: Conversations, file: Path, answer: Answer, how: str
) -> None:
    id_ = kept.create("anna", "letters", "Who?")
    kept.ask("anna", id_, "Who?")
    kept.finish(id_, 1, answer)
    other = kept.create("anna", "minutes", "Other")
    beside = [path for path in file.parent.iterdir() if path.suffix != ".sqlite-shm"]
    assert any(UNHEARD.encode() in path.read_bytes() for path in beside)
    if how == "it":
        kept.remove("anna", id_)
    else:
        kept.collection_removed("letters")
    assert all(UNHEARD.encode() not in path.read_bytes() for path in file.parent.iterdir())
    assert [one.id for one in kept.conversations("anna")] == [other]
    kept.finish(id_, 1, answer)  # which was being read
    assert kept.conversations("anna", "Who") == []


def test_it_follows_a_collection_that_is_renamed(kept: Conversations) -> None:
    id_ = kept.create("anna", "letters", "Who?")
    kept.collection_renamed("letters", "Old letters")
    assert kept.conversation("anna", id_).collection == "Old letters"


def test_it_is_exported_with_footnotes(answer: Answer) -> None:
    turns = [Turn("Who keeps it?", answer), Turn("Why?", error="It *failed*"), Turn("Who?", answer)]
    told = markdown("The # keeper", turns)
    assert told.startswith("# The \\# keeper\n\n## Who keeps it?\n\n- **Zebedee**[^1]\n")
    assert "\\<b\\>Orla\\</b\\>.[^1]\n> — Orla\n" in told
    assert "[^1]: A \\[title\\] · a \\*b\\*.txt, characters 0 to" in told
    assert "*It \\*failed\\**" in told and "[^2]: A" in told


def test_what_is_said_of_answers_becomes_a_question_set(
    kept: Conversations, answer: Answer, tmp_path: Path
) -> None:
    id_ = kept.create("anna", "letters", "Who?")
    outcomes: list[Answer | str] = [answer, answer, NOTHING, answer, "It failed"]
    for number, outcome in enumerate(outcomes, 1):
        kept.ask("anna", id_, f"Question {number}?")
        kept.finish(id_, number, outcome)
    kept.judge("anna", id_, 1, "right")
    kept.judge("anna", id_, 2, "unanswerable")
    kept.judge("anna", id_, 3, "right")  # it was rightly declined
    kept.judge("anna", id_, 4, "wrong")
    turns = kept.turns("anna", id_)
    assert [turn.verdict for turn in turns] == ["right", "unanswerable", "right", "wrong", None]
    lines = list(question_set(id_, turns))
    assert [line["answers"] for line in lines] == [[["Zebedee"]], [], []]
    assert [line["history"] for line in lines] == [
        [],
        ["Question 1?"],
        ["Question 1?", "Question 2?"],
    ]
    file = tmp_path / "questions.jsonl"
    file.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    (first, *_) = read(file, [DOCUMENT]).questions  # in the project's own form
    assert first.answers == (("Zebedee",),)
    shown = Evidence("a.txt", 4, "the keeper")
    kept.judge("anna", id_, 4, "wrong", shown)
    assert kept.turns("anna", id_)[3].place == shown
    (*_, line) = question_set(id_, kept.turns("anna", id_))
    assert line["answers"] == [["the keeper"]] and line["evidence"] == [asdict(shown)]
    kept.judge("anna", id_, 1, None)
    kept.judge("anna", id_, 4, None)
    assert [turn.place for turn in kept.turns("anna", id_)] == [None] * 5
    assert kept.turns("anna", id_)[0].verdict is None
    for number in (0, 5, 6):
        with pytest.raises(UnusableInput, match="no answer that could be judged"):
            kept.judge("anna", id_, number, "right")


def test_what_an_earlier_version_kept_is_read(tmp_path: Path, answer: Answer) -> None:
    file = tmp_path / "conversations.sqlite"
    with closing(sqlite3.connect(file)) as old:
        old.executescript(
            "CREATE TABLE conversations (id TEXT PRIMARY KEY, owner TEXT NOT NULL, collection TEXT"
            " NOT NULL, title TEXT NOT NULL, updated TEXT NOT NULL);"
            "CREATE TABLE turns (conversation TEXT NOT NULL REFERENCES conversations ON DELETE"
            " CASCADE, number INTEGER NOT NULL, question TEXT NOT NULL, answer TEXT, error TEXT,"
            " verdict TEXT, PRIMARY KEY (conversation, number));"
            "INSERT INTO conversations VALUES ('old', 'anna', 'letters', 'Who?', '2026-01-01');"
            "INSERT INTO turns VALUES ('old', 1, 'Who?', NULL, 'It failed', NULL);"
        )
    for _ in range(2):
        kept = Conversations(file)
        (turn,) = kept.turns("anna", "old")[:1]
        assert turn == Turn("Who?", error="It failed")
        number = kept.ask("anna", "old", "Who else?")
        kept.finish("old", number, answer)
        kept.judge("anna", "old", number, "wrong", Evidence("a.txt", 0, "x"))
        kept.close()


def test_how_a_question_is_asked_is_kept(tmp_path: Path, answer: Answer) -> None:
    kept = Conversations(tmp_path / "conversations.sqlite")
    id_ = kept.create("anna", "letters", "Who?")
    choice = Choice(["a.txt", "b/c.txt"], "2024-03", "")
    kept.ask("anna", id_, "Who?", choice)
    kept.ask("anna", id_, "And of all?", alone=True)
    turns = kept.turns("anna", id_)
    assert [(turn.choice, turn.alone) for turn in turns] == [(choice, False), (ALL, True)]
    kept.finish(id_, 1, answer)
    assert kept.turns("anna", id_)[0].choice == choice
    kept.close()


def test_what_a_later_version_kept_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "conversations.sqlite"
    Conversations(file).close()
    with closing(sqlite3.connect(file)) as later:
        later.execute("PRAGMA user_version = 99")
    before = file.read_bytes()
    with pytest.raises(UnusableInput, match="a later version of Footnoted; update"):
        Conversations(file)
    assert file.read_bytes() == before
