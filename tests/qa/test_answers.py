"""Question to answer over the shipped documents: the contract, and what an answer may say."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footnoted.corpus.errors import NoDocuments, UnusableInput
from footnoted.corpus.files import SHIPPED, SHIPPED_QUESTIONS
from footnoted.corpus.types import Document, Passage, Span
from footnoted.index.library import Library
from footnoted.index.types import Hit
from footnoted.qa.composing import compose
from footnoted.qa.english.question import AskedFor
from footnoted.qa.pipeline import Pipeline
from footnoted.qa.protocols import Composition, Reading
from footnoted.qa.reader.options import MEASURED
from footnoted.qa.types import Citation, Finding, ShortAnswer, Statement, Underway

QUESTIONS = [
    json.loads(line) for line in SHIPPED_QUESTIONS.read_text(encoding="utf-8").splitlines()
]


@pytest.fixture(scope="module")
def pipeline(shipped: Library) -> Pipeline:
    return Pipeline(shipped)


def assert_true(citation: dict[str, Any]) -> None:
    """The citation holds on the file itself, read here with nothing of ours."""
    data = (SHIPPED / citation["document"]).read_bytes()
    text = data.decode("utf-8").removeprefix("\ufeff")
    assert text[citation["start"] : citation["end"]] == citation["quote"] != ""
    assert citation["sha256"] == hashlib.sha256(text.encode()).hexdigest()
    assert citation["page"] is None


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["id"])
def test_every_citation_proves_itself(
    sample_result: dict[str, Any], question: dict[str, Any]
) -> None:
    records = {record["id"]: record for record in sample_result["questions"]}
    answer = records[question["id"]]["answer"]
    assert answer["question"] == question["question"]
    for citation in (*answer["citations"], *answer["nearest"]):
        assert_true(citation)
    numbers = [citation["number"] for citation in answer["citations"]]
    assert numbers == list(range(1, len(numbers) + 1))
    assert 0 <= answer["confidence"] <= 1
    quotes = {citation["number"]: citation["quote"] for citation in answer["citations"]}
    for statement in answer["statements"]:
        assert statement["support"] == "verbatim"
        assert statement["text"] in [quotes[number] for number in statement["citations"]]
    for short in answer["answers"]:
        assert any(short["text"] in quotes[number] for number in short["citations"])
    if answer["answered"]:
        assert answer["answers"] and 1 <= len(answer["statements"]) <= 5 and not answer["nearest"]
    else:
        assert not (answer["answers"] or answer["statements"] or answer["citations"])
        assert 1 <= len(answer["nearest"]) <= 3


def test_what_is_shown_first_and_what_after_it(pipeline: Pipeline) -> None:
    first, second, third = (Statement(f"Sentence {n}.", "verbatim", (n,)) for n in (1, 2, 3))
    short = ShortAnswer("Maren", 0.9, (2,))
    answer = replace(
        pipeline.ask("Who opposes the plan?"), statements=(first, second, third), answers=(short,)
    )
    assert (answer.short, answer.main, answer.further) == ((short,), (second,), (first, third))
    whole = replace(short, text=second.text)
    assert replace(answer, answers=(whole, short)).short == (short,)
    uncited = replace(answer, answers=())
    assert (uncited.main, uncited.further) == (answer.statements, ())
    declined = replace(uncited, statements=())
    assert (declined.short, declined.main, declined.further) == ((), (), ())


def test_what_it_is_read_in_is_told_once(pipeline: Pipeline) -> None:
    told: list[Underway] = []
    answer = pipeline.ask("How many diplomats will Denmark send?", told=told.append)
    (underway,) = told
    assert (underway.documents, underway.passages) == (2, answer.coverage.passages_read)
    texts = {document.id: document.text for document in pipeline.documents()}
    for place in underway.first:
        assert texts[place.document][place.start : place.end] == place.quote
    pipeline.ask("Hello!", told=told.append)
    assert told == [underway]  # nothing is read


def test_the_answer_object_has_the_published_fields(pipeline: Pipeline) -> None:
    answer = pipeline.ask("Who opposes the plan?").as_dict()
    assert json.dumps(answer, allow_nan=False)  # raises for what JSON has no word for
    assert list(answer) == [
        "format",
        "question",
        "understood",
        "answered",
        "confidence",
        "answers",
        "statements",
        "citations",
        "coverage",
        "nearest",
        "models",
        "index",
        "seconds",
        "outcome",
        "corrected",
        "ledger",
        "unanswered",
        "within",
    ]
    assert (answer["outcome"], answer["corrected"]) == ("answered", {})
    assert (answer["unanswered"], answer["within"]) == ((), None)
    assert list(answer["answers"][0]) == ["text", "confidence", "citations", "speaker"]
    assert list(answer["statements"][0]) == ["text", "support", "citations"]
    assert list(answer["citations"][0]) == [
        "number",
        "document",
        "title",
        "start",
        "end",
        "quote",
        "page",
        "sha256",
        "publisher",
        "date",
        "heading",
        "page_label",
    ]
    assert answer["coverage"] == {
        "documents": 2,
        "passages": 10,
        "passages_read": 10,
        "unreadable": 0,
    }
    exact = r"@[0-9a-f]{12}"
    reader = rf"footnoted-reader{exact}\+footnoted-checker{exact}"
    assert re.fullmatch(reader, answer["models"].pop("reader"))
    assert answer["models"] == {"embedder": "all-MiniLM-L6-v2@53aa51172d14", "generator": None}
    assert list(answer["index"]) == ["id", "generation"]
    assert list(answer["seconds"]) == ["retrieve", "read", "total"]


def test_a_list_question_gets_every_opponent(pipeline: Pipeline) -> None:
    said = " ".join(s.text for s in pipeline.ask("Who opposes the plan?").statements)
    for name in ("UNHCR", "Amnesty International", "Social Liberal", "Red Green Alliance"):
        assert name in said


def test_what_two_documents_say_is_cited_from_both(pipeline: Pipeline) -> None:
    answer = pipeline.ask("How many diplomats will Denmark send to Kigali?")
    assert {citation.document[:3] for citation in answer.citations} == {"000", "001"}


@pytest.mark.parametrize(
    "question",
    [question for question in QUESTIONS if question["kind"] == "unanswerable"],
    ids=lambda question: question["id"],
)
def test_a_refusal_is_the_same_at_every_turn(pipeline: Pipeline, question: dict[str, Any]) -> None:
    first = pipeline.ask(question["question"])
    history = [one["question"] for one in QUESTIONS if one is not question][:9]
    tenth = pipeline.ask(question["question"], history)
    assert replace(tenth, seconds=first.seconds) == first


@pytest.mark.parametrize("question", ["?", "...", "🤷", "why", "¿", "مرحبا", "ا" * 500, "x" * 2000])
def test_odd_questions_are_answered_or_declined(pipeline: Pipeline, question: str) -> None:
    answer = pipeline.ask(question)
    assert answer.answered == bool(answer.statements)


@pytest.mark.parametrize("said", ["Hello!", "Thanks a lot.", "what can you do?", "Good morning"])
def test_small_talk_is_no_question(pipeline: Pipeline, said: str) -> None:
    answer = pipeline.ask(said)
    assert (answer.outcome, answer.answered, answer.nearest) == ("not a question", False, ())
    assert answer.coverage.passages_read == 0


@pytest.mark.parametrize("said", ["Who said thanks?", "Help for whom?", "Is the test over?"])
def test_a_question_with_such_words_is_one(pipeline: Pipeline, said: str) -> None:
    assert pipeline.ask(said).outcome != "not a question"


def test_misspelt_words_are_read_as_the_documents_write_them(pipeline: Pipeline) -> None:
    answer, typed = pipeline.ask("Who oposes Amnsty?"), "Who oposes Amnsty?"
    assert answer.corrected == {"oposes": "opposes", "Amnsty": "Amnesty"}
    assert (answer.question, answer.understood) == (typed, typed)
    assert answer.read_as == "“opposes” for “oposes”, “Amnesty” for “Amnsty”"
    right = pipeline.ask("Who opposes Amnesty?")
    assert (answer.statements, answer.confidence) == (right.statements, right.confidence)


@pytest.mark.parametrize("question", ["Who praises penguins?", "Is Rwandan coffee sold?"])
def test_words_that_are_spelt_right_are_left_alone(pipeline: Pipeline, question: str) -> None:
    assert pipeline.ask(question).corrected == {}


def test_what_is_found_and_not_sure_is_shown_apart(pipeline: Pipeline) -> None:
    answer = Pipeline(pipeline.library, Doubting()).ask("Who opposes the plan?")
    assert (answer.outcome, answer.answered, answer.answers) == ("uncertain", False, ())
    first = pipeline.library.retrieve("Who opposes the plan?", 1).hits[0]
    start, end = first.passage.sentences[0]
    assert [citation.quote for citation in answer.nearest] == [first.document.text[start:end]]


def test_an_empty_index_says_so(library: Library) -> None:
    with pytest.raises(NoDocuments, match="holds no documents; footnoted index PATH adds some"):
        Pipeline(library).ask("Who opposes the plan?")


def test_a_question_beyond_measure_is_refused(pipeline: Pipeline) -> None:
    with pytest.raises(UnusableInput, match="has 1,000,000 characters; ask in at most 2,000"):
        pipeline.ask("x" * 1_000_000)


class Doubting:
    """A reader that is sure of nothing, and would say the first sentence."""

    name = "doubting"

    def read(self, asked: AskedFor, hits: Sequence[Hit]) -> Reading:
        first = hits[0].passage.sentences[0]
        return Reading((), 0.6, (Finding(hits[0].document, first, first, 0.4),))


# -- the parts, exchanged --------------------------------------------------------------------------


class Recording:
    """A reader and a writer that find nothing, and remember what they were handed."""

    name = "recording"

    def __init__(self) -> None:
        self.read_for: list[tuple[AskedFor, int]] = []
        self.written_for: list[str] = []
        self.is_warm = False

    def warm_up(self) -> None:
        self.is_warm = True

    def read(self, asked: AskedFor, hits: Sequence[Hit]) -> Reading:
        self.read_for.append((asked, len(hits)))
        return Reading((), 0.25)

    def write(self, question: str, found: Composition, *_: object) -> Composition:
        self.written_for.append(question)
        return found


def test_the_parts_of_an_answer_are_handed_in(shipped: Library) -> None:
    part = Recording()
    pipeline = Pipeline(
        shipped,
        part,
        rewrite=lambda question, history: f"{question}, {history[-1]}",
        writer=part,
        options=replace(MEASURED, passages=3),
    )
    pipeline.warm_up()
    assert part.is_warm and part.read_for.pop()[0].text == "Ready?"
    answer = pipeline.ask("Does Amnesty", ["Who opposes it?", "Who supports the plan of 2021?"])
    assert answer.understood == "Does Amnesty, Who supports the plan of 2021?"
    assert (answer.confidence, answer.coverage.passages_read) == (0.25, 3)
    assert (answer.models.reader, answer.models.generator) == ("recording", "recording")
    asked = AskedFor.of(answer.understood)
    assert part.read_for == [(asked, 3)] and part.written_for == [answer.understood]
    assert (asked.side, asked.dates) == (1, ("2021",))


def test_a_question_that_leans_on_another_is_told_from_one_that_stands_alone(
    shipped: Library,
) -> None:
    part = Recording()
    pipeline = Pipeline(shipped, part)
    pipeline.ask("And the cost?")
    pipeline.ask("And the cost?", ["Where will Denmark open an office?"])
    assert [asked.stands_alone for asked, _ in part.read_for] == [False, True]


# -- composing, on made findings -------------------------------------------------------------------

TEXT = "Same words. Other words. same  WORDS. Last words."
ONE = Document("one", TEXT, "One")
TWO = Document("two", "Preface. " + TEXT, "Two")


def finding(document: Document, words: str, confidence: float = 0.9) -> Finding:
    start = document.text.index(words)
    span = Span(start, start + len(words))
    return Finding(document, span, span, confidence)


def test_the_same_words_are_said_once_and_cited_everywhere() -> None:
    findings = (
        finding(ONE, "Same words."),
        finding(TWO, "Other words."),
        finding(ONE, "same  WORDS."),
        finding(TWO, "Same words.", 0.95),
    )
    composed = compose(Reading(findings, 0.9), [])
    assert [s.text for s in composed.statements] == ["Same words.", "Other words."]
    assert composed.statements[0].citations == (1, 3, 4)
    assert composed.answers[0].confidence == 0.95
    assert [(c.number, c.document, c.start) for c in composed.citations] == [
        (1, "one", 0),
        (2, "two", 21),
        (3, "one", 25),
        (4, "two", 9),
    ]


def test_a_sentence_with_two_answers_is_one_statement() -> None:
    sentence = finding(ONE, "Other words.")
    first = replace(sentence, answer=Span(12, 17))
    second = replace(sentence, answer=Span(18, 23))
    composed = compose(Reading((first, second), 0.9), [])
    assert [a.text for a in composed.answers] == ["Other", "words"]
    assert len(composed.statements) == len(composed.citations) == 1


def test_declining_shows_the_nearest_three() -> None:
    hits = [Hit(Passage("one", a, a + 4, (Span(a, a + 4),)), ONE, 1.0, 0.5) for a in range(5)]
    composed = compose(Reading((), 0.7), hits)
    assert not composed.answered and composed.confidence == 0.7
    assert [c.quote for c in composed.nearest] == [TEXT[a : a + 4] for a in range(3)]


@given(st.text(), st.integers(-5, 50), st.integers(-5, 50))
def test_a_citation_is_true_or_cannot_be_made(text: str, start: int, end: int) -> None:
    document = Document("d", text, "D")
    if 0 <= start < end <= len(text):
        assert Citation.of(1, document, Span(start, end)).quote == text[start:end]
    else:
        with pytest.raises(ValueError, match="is not inside"):
            Citation.of(1, document, Span(start, end))


def test_the_same_thing_in_other_words_is_one_answer() -> None:
    long = finding(ONE, "Same words.")
    short = replace(finding(TWO, "Other words."), answer=Span(14, 19))
    assert long.answer_text == "Same words." and short.answer_text == "words"
    composed = compose(Reading((long, short), 0.9), [])
    assert [(a.text, a.citations) for a in composed.answers] == [("Same words.", (1, 2))]
    assert len(composed.statements) == 2


def test_a_further_sentence_is_stated_and_no_answer() -> None:
    said = replace(finding(ONE, "Same words."), answer=Span(0, 4))
    more = replace(finding(ONE, "Other words."), answer=None)
    composed = compose(Reading((said, more), 0.9), [])
    assert [(a.text, a.citations) for a in composed.answers] == [("Same", (1,))]
    assert [(s.text, s.citations) for s in composed.statements] == [
        ("Same words.", (1,)),
        ("Other words.", (2,)),
    ]
