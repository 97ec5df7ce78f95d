"""What every state must do: the same is kept in a home and in PostgreSQL, and seen by others."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.types import Document, Span
from footnoted.qa.conversations.store import Conversations, NoConversation
from footnoted.qa.conversations.types import Turn
from footnoted.qa.evaluation.types import Evaluation, Evidence, Question
from footnoted.qa.state.protocols import State
from footnoted.qa.types import Answer, Citation, Searched, ShortAnswer, Statement
from footnoted.qa.within import ALL, Choice
from support.answers import NOTHING

PASSWORD = "correct horse battery"  # noqa: S105
DOCUMENT = Document("a *b*.txt", "The keeper is Zebedee, said <b>Orla</b> – Ærø 🚢.\n", "A [title]")
CITATION = Citation.of(1, DOCUMENT, Span(0, len(DOCUMENT.text) - 1))
ANSWER: Answer = replace(
    NOTHING,
    question="Who keeps it?",
    answered=True,
    outcome="answered",
    answers=(ShortAnswer("Zebedee", 0.9, (1,), "Orla"),),
    statements=(Statement(CITATION.quote, "verbatim", (1,)),),
    citations=(CITATION,),
    coverage=Searched(1, 1, 1, 0, {"en": 1}),
)

Opened = Callable[[], State]


def shown(owner: str, collection: str) -> bool:
    return collection != "secret"


@pytest.fixture
def two(opened: Opened) -> tuple[State, State]:
    """The same, as two servers have it."""
    return opened(), opened()


@pytest.fixture
def kept(two: tuple[State, State]) -> tuple[Conversations, Conversations]:
    one, other = two
    return one.conversations(shown), other.conversations(shown)


def at_once(do: Callable[[int], object], times: int) -> list[object]:
    """All of them begin together."""
    begin = threading.Barrier(times)

    def begun(number: int) -> object:
        begin.wait()
        return do(number)

    with ThreadPoolExecutor(times) as threads:
        return list(threads.map(begun, range(times)))


# -- conversations


def test_a_conversation_goes_on_elsewhere(kept: tuple[Conversations, Conversations]) -> None:
    here, there = kept
    id_ = here.create("anna", "letters", "Who  keeps\nit?")
    assert here.ask("anna", id_, "Who keeps it?") == 1
    assert there.turns("anna", id_)[0].is_waiting and there.is_waiting(id_, 1)
    here.finish(id_, 1, ANSWER)
    choice = Choice(["a.txt", "b/c.txt"], "2024-03", "")
    assert there.ask("anna", id_, "And why?", choice, alone=True) == 2
    there.finish(id_, 2, "It failed")
    assert here.turns("anna", id_) == [
        Turn("Who keeps it?", ANSWER),
        Turn("And why?", error="It failed", choice=choice, alone=True),
    ]
    assert not here.is_waiting(id_, 2) and not here.is_waiting(id_, 3)
    (listed,) = there.conversations("anna")
    assert (listed.id, listed.title, listed.collection) == (id_, "Who keeps it?", "letters")
    assert listed.turns == 2


def test_what_comes_first_of_a_question_stays(kept: tuple[Conversations, Conversations]) -> None:
    here, there = kept
    id_ = here.create("anna", "letters", "Who?")
    here.ask("anna", id_, "Who?")
    there.finish(id_, 1, "Stopped")
    here.finish(id_, 1, ANSWER)
    assert there.turns("anna", id_) == [Turn("Who?", error="Stopped")]


def test_questions_that_are_asked_at_once_each_have_a_number(
    kept: tuple[Conversations, Conversations],
) -> None:
    id_ = kept[0].create("anna", "letters", "Who?")
    numbers = at_once(lambda number: kept[number % 2].ask("anna", id_, f"Question {number}?"), 8)
    turns = kept[0].turns("anna", id_)
    assert sorted(map(str, numbers)) == [str(number) for number in range(1, 9)]
    for number, asked in enumerate(numbers):
        assert isinstance(asked, int) and turns[asked - 1].question == f"Question {number}?"


def test_everybody_sees_their_own_and_what_they_may_read(
    kept: tuple[Conversations, Conversations],
) -> None:
    here, there = kept
    id_, hidden = here.create("anna", "letters", "Who?"), here.create("anna", "secret", "What?")
    assert there.conversations("bert") == []
    for owner, one in (("bert", id_), ("anna", hidden), ("anna", "made up")):
        refused: Sequence[Callable[[], object]] = (
            lambda: there.turns(owner, one),  # noqa: B023
            lambda: there.ask(owner, one, "Who?"),  # noqa: B023
            lambda: there.rename(owner, one, "Mine"),  # noqa: B023
            lambda: there.remove(owner, one),  # noqa: B023
        )
        for do in refused:
            with pytest.raises(NoConversation):
                do()
    assert [one.id for one in there.conversations("anna")] == [id_]


def test_they_are_found_by_words_and_the_last_comes_first(
    kept: tuple[Conversations, Conversations],
) -> None:
    here, there = kept
    first = here.create("anna", "letters", "Who keeps the 100% light?")
    second = there.create("anna", "letters", "Other ' \" \\ ? %s")
    here.ask("anna", second, "Where is the_harbour of Ærø?\0")
    found = {
        "": [second, first],
        "100%": [first],
        "KEEPS": [first],
        "the_h": [second],
        "the%h": [],
        "' \" \\ ? %s": [second],
        "of Ærø": [second],
        "!": [],
    }
    for words, ids in found.items():
        assert [one.id for one in there.conversations("anna", words)] == ids
    assert [one.id for one in there.conversations("anna", most=1)] == [second]
    there.ask("anna", first, "And now?")
    assert here.conversations("anna")[0].id == first


def test_a_conversation_is_renamed_judged_and_deleted(
    kept: tuple[Conversations, Conversations],
) -> None:
    here, there = kept
    id_ = here.create("anna", "letters", "x" * 500)
    there.rename("anna", id_, " The keeper ")
    assert here.conversation("anna", id_).title == "The keeper"
    with pytest.raises(UnusableInput, match="needs a name"):
        here.rename("anna", id_, "  ")
    number = here.ask("anna", id_, "Who?")
    with pytest.raises(UnusableInput, match="no answer that could be judged"):
        there.judge("anna", id_, number, "right")
    here.finish(id_, number, ANSWER)
    place = Evidence("a.txt", 4, "the keeper")
    there.judge("anna", id_, number, "wrong", place)
    (turn,) = here.turns("anna", id_)
    assert (turn.verdict, turn.place) == ("wrong", place)
    there.remove("anna", id_)
    with pytest.raises(NoConversation):
        here.turns("anna", id_)
    here.finish(id_, number, ANSWER)  # which was being read
    assert here.conversations("anna") == []


def test_they_follow_their_collection(two: tuple[State, State]) -> None:
    here, there = (one.conversations(shown) for one in two)
    runs, its = (one.evaluations() for one in two)
    id_ = here.create("anna", "letters", "Who?")
    here.ask("anna", id_, "Who?")
    runs.add("anna", "letters", "mine.jsonl", Evaluation((), (), {"number": 1}))
    there.collection_renamed("letters", "Old letters")
    its.collection_renamed("letters", "Old letters")
    assert here.conversation("anna", id_).collection == "Old letters"
    assert runs.last("anna", "letters") is None and runs.last("anna", "Old letters")
    there.collection_removed("Old letters")
    its.collection_removed("Old letters")
    assert here.conversations("anna") == [] and runs.last("anna", "Old letters") is None


# -- evaluations


def test_the_last_evaluation_is_kept_and_the_one_before_it(two: tuple[State, State]) -> None:
    here, there = (one.evaluations() for one in two)
    asked = Question("1", "Who?", (("Zebedee",),), (Evidence("a.txt", None, "x"),), (), "fact", {})
    assert there.last("anna", "letters") is None
    for number in range(4):
        made = Evaluation((asked,), ("line 3 is empty",), {"number": number})
        (here, there)[number % 2].add("anna", "letters", "mine.jsonl", made)
    here.add("bo", "letters", "mine.jsonl", Evaluation((), (), {"number": 9}))
    for one in (here, there):
        last = one.last("anna", "letters")
        assert last and last.evaluation.result == {"number": 3}
        assert last.baseline == {"number": 2} and last.evaluation.questions == (asked,)


# -- accounts, and who has signed in


def test_an_account_is_seen_by_others_at_once(two: tuple[State, State]) -> None:
    here, there = (one.accounts for one in two)
    assert not here.are_there and not there.are_there
    here.add("Anna", PASSWORD, "editor")
    assert here.are_there and there.are_there
    with pytest.raises(UnusableInput, match="there is an account 'anna' already"):
        there.add("ANNA", PASSWORD, "reader")
    token, _ = there.new_token("anna", 1)
    found = here.of_token(token)
    assert found and found.name == "anna" and here.of_id(found.id)
    assert here.proved("anna", PASSWORD) and not here.proved("anna", "another")
    there.set_role("anna", "reader")
    assert [one.role for one in here.listed()] == ["reader"]
    there.set_password("anna", "another long one")
    assert here.of_token(token) is None and here.of_id(found.id) is None
    assert here.proved("anna", "another long one") and not here.proved("anna", PASSWORD)
    there.remove("anna")
    assert here.listed() == [] and here.are_there  # what was closed does not open


def test_accounts_that_are_added_at_once_are_all_kept(two: tuple[State, State]) -> None:
    at_once(lambda number: two[number % 2].accounts.add(f"user{number}", PASSWORD, "reader"), 6)
    names = [f"user{number}" for number in range(6)]
    assert [one.name for one in two[0].accounts.listed()] == names


def test_a_change_that_fails_leaves_what_was_there(two: tuple[State, State]) -> None:
    here, there = (one.accounts for one in two)
    here.add("anna", PASSWORD, "editor")
    with pytest.raises(UnusableInput):
        here.remove("bob")
    assert [one.name for one in there.listed()] == ["anna"]
    there.add("bob", PASSWORD, "reader")  # nothing is held on to
    assert [one.name for one in here.listed()] == ["anna", "bob"]


def test_who_signs_in_at_one_is_known_to_the_other(two: tuple[State, State]) -> None:
    here, there = (one.sessions() for one in two)
    one, other = here.begin("anna's"), there.begin("bob's")
    assert (there.account(one), here.account(other)) == ("anna's", "bob's")
    for wrong in ("", one[:-1], "' OR 1=1 --", "\ud800"):
        assert there.account(wrong) is None
    there.end(one)
    assert here.account(one) is None and here.account(other) == "bob's"


# -- how often


def test_one_too_many_waits_and_others_do_not(opened: Opened) -> None:
    rates = opened().rates
    rate, other = rates.rate("questions", 2), rates.rate("changes", 1)
    assert [rate.wait("anna"), rate.wait("anna")] == [0, 0]
    assert 0 < rate.wait("anna") <= 60 and 0 < rate.wait("anna") <= 60
    assert rate.wait("bob") == rate.wait("anna", "bob") == other.wait("anna") == 0


def test_no_more_are_let_in_at_once(opened: Opened) -> None:
    rate = opened().rates.rate("questions", 5)
    waits = at_once(lambda _: rate.wait("anna"), 12)
    assert sum(not one for one in waits) == 5


def test_where_somebody_was_is_remembered(opened: Opened) -> None:
    rates = opened().rates
    rates.remember("anna", "10.0.0.1")
    rates.remember("anna", "10.0.0.1")
    assert rates.is_remembered("anna", "10.0.0.1")
    assert not rates.is_remembered("anna", "10.0.0.2") and not rates.is_remembered("bob", "x")


def test_it_is_there(opened: Opened) -> None:
    opened().check()


def test_all_documents_are_meant_where_none_is_chosen(
    kept: tuple[Conversations, Conversations],
) -> None:
    id_ = kept[0].create("anna", "letters", "Who?")
    kept[0].ask("anna", id_, "Who?")
    assert kept[1].turns("anna", id_)[0].choice == ALL
