"""Which passages and sentences are about the ids that a question names."""

from __future__ import annotations

import pytest

from footnoted.corpus.ids import ids
from footnoted.corpus.sentences import sentences, spans
from footnoted.corpus.types import Document, Passage
from footnoted.index.types import Hit
from footnoted.qa.reader.candidates import Candidate, Excerpt, excerpts
from footnoted.qa.reader.named import is_about_another, naming

FAULTS = "F-310 is a dry bearing. Oil it.\n\nF-320 is a worn belt. It must be replaced. Call us."


def hit(text: str, title: str = "Notes") -> Hit:
    document = Document("notes", text, title)
    passage = Passage("notes", 0, len(text), tuple(spans(sentences(text))))
    return Hit(passage, document, 1.0, 0.5)


def left(question: str, text: str) -> list[str]:
    """The sentences that are not about another id."""
    found = hit(text)
    every = [Candidate(found, text, 0, span, span, 0.0, 0.0) for span in found.passage.sentences]
    return [one.sentence_text for one in every if not is_about_another(ids(question), one)]


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("What is F-310?", FAULTS, ["F-310 is a dry bearing.", "Oil it."]),
        (
            "What is F-320?",
            FAULTS,
            ["F-320 is a worn belt.", "It must be replaced.", "Call us."],
        ),
        (
            "What does section 7.1(b) say?",
            "Section 7.1(a). Pay.\nSection 7.1(b). Go.",
            ["Section 7.1(b). Go."],
        ),
        (
            "What does AB-100 cost?",
            "AB-100 is a pump. It is like AB-200. The price is 9 euros.",
            ["AB-100 is a pump.", "The price is 9 euros."],
        ),
        (
            "What is F-310?",
            "Oil is good. In 1990 there were 12.5 % of T-1.",
            ["Oil is good.", "In 1990 there were 12.5 % of T-1."],
        ),
        ("What is a belt?", FAULTS, FAULTS.replace("\n\n", " ").replace(". ", ".|").split("|")),
    ],
)
def test_a_sentence_about_another_id_does_not_answer(
    question: str, text: str, expected: list[str]
) -> None:
    assert left(question, text) == expected


def kept(question: str, *texts: str) -> list[str]:
    found: list[Excerpt] = naming(ids(question), excerpts([hit(text) for text in texts]))
    return [one.hit.text for one in found]


def test_passages_of_documents_without_the_id_are_not_read() -> None:
    assert kept("What is ERR-77102?", "ERR-77103 is old.", "ERR-77102 is new.") == [
        "ERR-77102 is new."
    ]
    assert kept("What is ERR-77104?", "ERR-77103 is old.", "It is new.") == []
    assert kept("What is new?", "ERR-77103 is old.") == ["ERR-77103 is old."]
    titled = naming(ids("How heavy is KX-200?"), excerpts([hit("It weighs 5 kg.", "KX-200")]))
    assert len(titled) == 1


def test_names_with_figures_may_be_written_otherwise() -> None:
    texts = ("World War II ended in 1945.", "WW2 was a war.")
    assert kept("When did WW2 end?", *texts) == list(texts)
