"""What was found to what is said, on made findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from footnoted.corpus.types import Document, Passage, Span
from footnoted.index.types import Hit
from footnoted.qa.english.question import AskedFor
from footnoted.qa.reader.calibration import Shares
from footnoted.qa.reader.candidates import Candidate
from footnoted.qa.reader.options import MEASURED, ReadingOptions
from footnoted.qa.reader.selection import answers, beside, further, priors, worth_checking
from footnoted.qa.types import Finding

TEXT = "Maren, Freja and Astrid are boats. Maren is old. It rains in Aarhus. Photo: Ritzau"
DOCUMENT = Document("boats", TEXT, "Boats")
SENTENCES = tuple(
    Span(TEXT.index(words), TEXT.index(words) + len(words))
    for words in (
        "Maren, Freja and Astrid are boats.",
        "Maren is old.",
        "It rains in Aarhus.",
        "Photo: Ritzau",
    )
)
HIT = Hit(Passage("boats", 0, len(TEXT), SENTENCES), DOCUMENT, 1.0, 0.5)

HALF = Shares(0.5, 0.5)


def span(words: str, margin: float = 0.0) -> Candidate:
    """The first place of these words, as a candidate."""
    answer = Span(TEXT.index(words), TEXT.index(words) + len(words))
    sentence = next(s for s in SENTENCES if s.start <= answer.start < s.end)
    return Candidate(HIT, TEXT, 0, answer, sentence, margin, 0.0)


def sentences(*margins: float) -> list[Candidate]:
    return [
        Candidate(HIT, TEXT, 0, sentence, sentence, margin, 0.0)
        for sentence, margin in zip(SENTENCES, margins, strict=True)
    ]


def said_of(
    question: str,
    spans: Sequence[Candidate],
    chances: Sequence[float],
    shares: Shares = HALF,
    options: ReadingOptions = MEASURED,
) -> tuple[Finding, ...]:
    return answers(AskedFor.of(question), spans, np.array(chances), shares, options)


def test_the_likeliest_comes_first_and_others_need_to_be_likely() -> None:
    spans = [span("old"), span("Aarhus"), span("Freja")]
    found = said_of("Where is it?", spans, [0.3, 0.6, 0.2], Shares(0.4, 0.4))
    assert [finding.answer_text for finding in found] == ["Aarhus", "old"]
    assert [finding.text for finding in found] == ["It rains in Aarhus.", "Maren is old."]
    assert [finding.confidence for finding in found] == [0.6, 0.3]
    assert len(said_of("Where is it?", spans, [0.3, 0.1, 0.2], Shares(0.9, 0.9))) == 1
    assert len(said_of("Where is it?", spans, [0.14, 0.2, 0.16])) == 2


def test_less_is_needed_in_the_sentence_that_is_quoted_anyhow() -> None:
    spans = [span("Maren"), span("Astrid"), span("old"), span("Aarhus")]
    found = said_of("Who?", spans, [0.8, 0.4, 0.4, 0.6], Shares(0.5, 0.7))
    assert [finding.answer_text for finding in found] == ["Maren", "Aarhus", "Astrid"]


def test_a_side_speaks_for_who_takes_it_not_for_what_it_is_about() -> None:
    text = "The mayor did not want a plan that sends boats to Greenland or Iceland."
    document = Document("plan", text, "Plan")
    whole = Span(0, len(text))
    hit = Hit(Passage("plan", 0, len(text), (whole,)), document, 1.0, 0.5)

    def candidate(words: str) -> Candidate:
        answer = Span(text.index(words), text.index(words) + len(words))
        return Candidate(hit, text, 0, answer, whole, 0.0, 0.0)

    spans = [candidate("Greenland or Iceland"), candidate("The mayor"), candidate("boats")]
    for_it, against = (AskedFor.of(f"Who {verb} the plan?") for verb in ("supports", "opposes"))
    against_it = priors(against, spans, MEASURED)
    assert against_it[1] > 0 == against_it[0] == against_it[2]
    assert priors(for_it, spans, MEASURED)[1] < 0
    assert not priors(AskedFor.of("Where does the plan send boats?"), spans, MEASURED).any()


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("Which boats are there?", ["Maren", "Freja", "Astrid"]),
        ("What is said?", ["Maren", "Freja", "Astrid"]),
    ],
)
def test_what_a_span_joins_is_told_apart(question: str, named: list[str]) -> None:
    found = said_of(question, [span("Maren, Freja and Astrid")], [0.9])
    assert [finding.answer_text for finding in found] == named
    assert {finding.sentence for finding in found} == {SENTENCES[0]}


def test_a_list_ends_somewhere() -> None:
    found = said_of("Which boats?", [span("Maren")] * 50, [0.9] * 50)
    assert len(found) == 20


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Where is Aarhus?", ["Maren is old."]),
        (
            "Which boats are there?",
            ["Maren is old.", "Maren, Freja and Astrid are boats.", "It rains in Aarhus."],
        ),
        ("Why is it old?", ["Maren is old.", "Maren, Freja and Astrid are boats."]),
        ("Who opposes the boats?", []),
    ],
)
def test_further_sentences_say_about_as_much_as_the_best(
    question: str, expected: list[str]
) -> None:
    found = sorted(sentences(1.5, 3.0, 0.5, 2.9), key=lambda one: -one.margin)
    assert [
        one.sentence_text for one in further(AskedFor.of(question), found, MEASURED)
    ] == expected
    assert further(AskedFor.of(question), [], MEASURED) == []


def test_a_sentence_is_quoted_once() -> None:
    said = said_of("Which is old?", [span("Maren is")], [0.9])
    assert said[0].sentence == SENTENCES[1]
    more = list(beside(said, [*sentences(1, 1, 1, 1)[:3], *sentences(1, 1, 1, 1)[:3]]))
    assert [finding.sentence for finding in more] == [SENTENCES[0], SENTENCES[2]]
    assert all(finding.answer is None and not finding.answer_text for finding in more)


def test_all_of_a_text_is_checked_where_the_likeliest_are() -> None:
    chances = np.array([0.1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.2])
    rows = worth_checking(chances, ["a", "a", "b", "a", "b", "c", "b"], MEASURED)
    assert rows.tolist() == [1, 2, 3, 4, 6, 0]
    assert worth_checking(np.array([0.5]), ["a"], MEASURED).tolist() == [0]


def test_what_is_said_follows_the_options_that_are_given() -> None:
    spans = [span("Maren"), span("Aarhus"), span("Freja")]
    strict = replace(MEASURED, least_chance=0.35, most_answers=2)
    assert len(said_of("Where is it?", spans, [0.3, 0.4, 0.3])) == 3
    assert len(said_of("Where is it?", spans, [0.3, 0.4, 0.3], options=strict)) == 1
    assert len(said_of("Where is it?", spans, [0.4, 0.4, 0.4], options=strict)) == 2
    asked = AskedFor.of("Which boats are there?")
    found = sorted(sentences(1.5, 3.0, 0.5, 2.9), key=lambda one: -one.margin)
    for options in (replace(MEASURED, reach_of_several=0.0), replace(MEASURED, most_further=1)):
        assert [one.sentence_text for one in further(asked, found, options)] == ["Maren is old."]
    rows = worth_checking(np.array([0.9, 0.1]), ["a", "b"], replace(MEASURED, checked=1))
    assert rows.tolist() == [0]
    credit, flat = [span("Ritzau")], replace(MEASURED, furniture_weight=0.0)
    assert priors(asked, credit, MEASURED)[0] == MEASURED.furniture_weight < 0
    assert priors(asked, credit, flat)[0] == 0
