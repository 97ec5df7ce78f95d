"""What follow-up questions mean, as the documents tell; and who says what, when that is asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

import footnoted
from footnoted.index.types import Hit
from footnoted.qa.english.question import AskedFor
from footnoted.qa.pipeline import Pipeline
from footnoted.qa.protocols import Reading
from footnoted.qa.types import Answer

pytestmark = pytest.mark.models

LIBRARIES = """The libraries of Fjeldby and Torsund

The library of Fjeldby was opened in 1904. Its librarian is Signe Aalto. It holds 62,000 books.

The library of Torsund was opened in 1958. Its librarian is Bjarne Kolstad. It holds 18,000 books.

The teachers' union opposes the merger of the libraries because pupils would have to travel.
"""

BRIDGE = """# New bridge over the Elv

Press release: Elv Bridge Company

The Elv Bridge Company will build a bridge at Nordvik. The bridge will cost 340 million kroner.

“The bridge will cut the way to the hospital by forty minutes,” said Karin Vold, director of the \
company. She promised that there will be no toll for ambulances.

“Every family on the island has waited for it.”

Anders Lie speaks for the ferry workers. He wants the company to hire the crew of the ferry.
"""

CLUB = """# The rowing club Havdur

Havdur won the regional cup in 2021 and the national cup in 2023. Its captain is Maja Strand.

JOURNALIST: Will the club ever row at the world cup? When would that be?

MAJA STRAND: We need a bigger boat for that, and we shall have one by 2031.
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[footnoted.Library]:
    folder = tmp_path_factory.mktemp("documents")
    for name, text in (("libraries.txt", LIBRARIES), ("bridge.md", BRIDGE), ("club.md", CLUB)):
        (folder / name).write_text(text, encoding="utf-8")
    with footnoted.open(folder, folder.with_name("index")) as opened:
        yield opened


OPENED = "When was the library of Fjeldby opened?"


@pytest.mark.parametrize(
    ("history", "question", "understood", "answer"),
    [
        ([OPENED], "And Torsund?", "When was the library of Torsund opened?", "1958"),
        ([OPENED], "And its librarian?", "Who is the library of Fjeldby's librarian?", "Aalto"),
        (
            [OPENED, "And Torsund?"],
            "And its librarian?",
            "Who is the library of Torsund's librarian?",
            "Kolstad",
        ),
        (
            [OPENED, "thanks"],
            "No, I meant Torsund",
            "When was the library of Torsund opened?",
            "1958",
        ),
        ([OPENED], "Shorter, please.", OPENED, "1904"),
        (
            ["Who speaks for the ferry workers?"],
            "What does he want?",
            "What does Anders Lie want?",
            "crew",
        ),
        (
            ["Who is the director of the bridge company?"],
            "What did she promise?",
            "What did Karin Vold promise?",
            "no toll for ambulances",
        ),
        (
            ["Which cup did Havdur win in 2021?"],
            "And the captain?",
            "Who is the captain of Havdur?",
            "Maja Strand",
        ),
        (
            ["How much will the bridge cost?"],
            "Who will build it?",
            "Who will build the bridge?",
            "Elv",
        ),
    ],
)
def test_a_follow_up_means_what_the_documents_answer(
    library: footnoted.Library, history: list[str], question: str, understood: str, answer: str
) -> None:
    found = library.ask(question, history)
    assert found.understood == understood
    assert answer in " ".join(statement.text for statement in found.main)


@pytest.mark.parametrize(
    ("history", "question", "understood"),
    [
        ([OPENED], "Is it raining today?", "Is it raining today?"),
        (
            ["Who opposes the merger?"],
            "And the mayor of Rome?",
            "Does the mayor of Rome oppose the merger?",
        ),
        (["Who leads the fleet?"], "How old is he?", "How old is the person who leads the fleet?"),
    ],
)
def test_what_nothing_answers_means_what_its_words_say(
    library: footnoted.Library, history: list[str], question: str, understood: str
) -> None:
    assert library.ask(question, history).understood == understood


class Counting:
    """A reader that weighs meanings by a word, and counts what it is asked."""

    name = "counting"

    def __init__(self, word: str) -> None:
        self._word = word
        self.weighed: list[list[str]] = []
        self.read_for: list[str] = []

    def read(self, asked: AskedFor, hits: Sequence[Hit]) -> Reading:
        self.read_for.append(asked.text)
        return Reading((), 0.5)

    def weigh(self, asked: Sequence[AskedFor], hits: Sequence[Sequence[Hit]]) -> list[float]:
        self.weighed.append([one.text for one in asked])
        return [0.9 if self._word in one.text else 0.1 for one in asked]


def test_only_a_choice_is_weighed_and_it_is_remembered(library: footnoted.Library) -> None:
    reader = Counting("Who is")
    pipeline = Pipeline(library._index, reader)
    pipeline.ask(OPENED)
    pipeline.ask("And Torsund?", [OPENED])
    assert reader.weighed == []
    pipeline.ask("And its librarian?", [OPENED])
    pipeline.ask("Why?", [OPENED, "And its librarian?"])
    first = len(reader.weighed)
    pipeline.ask("Why?", [OPENED, "And its librarian?"])
    assert first == len(reader.weighed) == 2
    assert reader.weighed[0][0] == "Who is the library of Fjeldby's librarian?"


def test_a_meaning_that_is_answered_much_more_likely_is_read_for_first(
    library: footnoted.Library,
) -> None:
    reader = Counting("opened")
    answer = Pipeline(library._index, reader).ask("And its librarian?", [OPENED])
    assert reader.read_for == [
        "When was the library of Fjeldby's librarian opened?",
        "Who is the library of Fjeldby's librarian?",
    ]
    assert answer.understood == "Who is the library of Fjeldby's librarian?"


def cited(answer: Answer) -> list[str]:
    return [citation.quote for citation in answer.citations]


def test_who_stands_elsewhere_is_cited_after_what_they_say(library: footnoted.Library) -> None:
    answer = library.ask("Who has promised that ambulances pay no toll?")
    assert answer.answers[0].speaker == "Karin Vold, director of the company"
    first, second, *_ = cited(answer)
    assert first == "She promised that there will be no toll for ambulances."
    assert second == "said Karin Vold, director of the company."
    assert answer.answers[0].citations[:2] == answer.statements[0].citations[:2] == (1, 2)
    assert answer.said_by(answer.statements[0]) == answer.answers[0].speaker


@pytest.mark.parametrize(
    ("question", "who", "said"),
    [
        (
            "Who said that every family has waited for it?",
            "Karin Vold",
            "“Every family on the island has waited for it.”",
        ),
        (
            "Who said that a bigger boat is needed?",
            "MAJA STRAND",
            "MAJA STRAND: We need a bigger boat",
        ),
    ],
)
def test_who_said_something_is_answered_with_the_speaker(
    library: footnoted.Library, question: str, who: str, said: str
) -> None:
    answer = library.ask(question)
    assert answer.answers[0].text == who
    assert cited(answer)[0].startswith(said)
    assert any(who in quote for quote in cited(answer))


def test_what_nobody_said_has_no_speaker(library: footnoted.Library) -> None:
    assert not library.ask("Who said that the sea is warm?").answered


def test_a_question_in_a_transcript_answers_nothing(library: footnoted.Library) -> None:
    answer = library.ask("When will the club row at the world cup?")
    assert not any(
        "?" in quote for quote in [*cited(answer), *(c.quote for c in answer.nearest[:1])]
    )
