"""From a network's logits to answers: spans, their merging, their speakers, what is asked for."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.passages import PassageSplitter, split
from footnoted.corpus.types import Document
from footnoted.index.embedding import packaged_model
from footnoted.index.library import Library
from footnoted.qa.english.attribution import with_speaker
from footnoted.qa.english.coordination import items
from footnoted.qa.english.question import AskedFor
from footnoted.qa.english.sameness import distinct, same
from footnoted.qa.reader.finder import _LONGEST_ANSWER, SpanFinder, _best
from footnoted.qa.reader.network import load_network
from footnoted.qa.readers import load_reader

TEXT = "The oldest boat of Aarhus is called Maren. She has lain in the harbour since 1911."

logits = arrays(np.float32, st.integers(1, 12), elements=st.floats(-9, 9, width=32))


@given(logits, st.lists(st.integers(-1, 3), min_size=12, max_size=12).map(sorted))
def test_best_spans_are_those_of_an_exhaustive_search(start: np.ndarray, units: list[int]) -> None:
    end = start[::-1].copy()
    found = _best(start, end, np.array(units[: len(start)]))
    every = [
        (float(start[i] + end[j]), i, j)
        for i, j in product(range(len(start)), repeat=2)
        if i <= j < i + _LONGEST_ANSWER and units[i] == units[j] >= 0
    ]
    if not every:
        assert found == []
        return
    assert found[0][2] == pytest.approx(max(score for score, _, _ in every))
    free = [(i, j) for _, i, j in every]
    for i, j, score in found:
        assert score == pytest.approx(max(float(start[a] + end[b]) for a, b in free))
        free = [(a, b) for a, b in free if b < i or a > j]


@given(logits)
def test_no_span_goes_from_one_part_to_the_next(start: np.ndarray) -> None:
    parts = np.arange(len(start)) // 3
    found = _best(start, start[::-1].copy(), parts)
    assert found and all(parts[first] == parts[last] for first, last, _ in found)


@pytest.fixture(scope="module")
def finder(tiny_reader: Path) -> SpanFinder:
    return SpanFinder(load_network(str(tiny_reader)))


def test_spans_are_the_same_in_any_company(finder: SpanFinder) -> None:
    texts = ["The boat is called Maren.", TEXT, "Forty boats lie in the harbour of Aarhus."]
    together = finder.read("Which boat?", texts)
    alone = [finder.read("Which boat?", [text])[0] for text in texts]
    for one, other in zip(together, alone, strict=True):
        assert one.margin == pytest.approx(other.margin, abs=1e-3)
        assert one.spans[0].span == other.spans[0].span
        assert [f.margin for f in one.spans] == sorted((f.margin for f in one.spans), reverse=True)


def test_every_span_lies_in_its_text_and_overlaps_no_other(finder: SpanFinder) -> None:
    for text in (TEXT * 40, "x", "", "\u00a0 \n", "日本語のテキスト。" * 300):
        (reading,) = finder.read("what " * 400, [text])
        taken: set[int] = set()
        for found in reading.spans:
            inside = set(range(*found.span))
            assert inside and inside <= set(range(len(text))) and not inside & taken
            taken |= inside


def test_a_long_text_is_read_to_its_end(finder: SpanFinder) -> None:
    """Each window's best spans compete: one that stands alone in the last window is among them."""
    text = "Nothing happens here today. " * 200
    (reading,) = finder.read("Which boat?", [text + TEXT])
    alone = finder.read("Which boat?", [text])[0]
    assert {found.span for found in reading.spans} != {found.span for found in alone.spans}
    windows = finder._encode([("Which boat?", text + TEXT)])
    covered = {offset for _, window in windows for span in window.offsets for offset in span}
    assert len(windows) > 3 and max(covered) == len(text + TEXT)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("UNHCR", "the UN’s refugee agency UNHCR", True),
        ("Amnesty", "Amnesty International", True),
        ("Amnesty International", "Human rights organisation Amnesty International", True),
        ("two", "Two", True),
        ("April 2021", "2021", True),
        ("World Health Organization", "WHO", True),
        ("the governing party", "Party", True),
        ("Denmark", "Denmark’s Social Democratic party", False),
        ("Denmark", "Rwanda", False),
        ("2 boats", "3 boats", False),
        ("Social Liberal party", "Social Democratic party", False),
        ("", "", True),
        ("", "Denmark", False),
    ],
)
def test_same(one: str, other: str, expected: bool) -> None:
    assert same(one, other) == same(other, one) == expected


@given(st.lists(st.text(max_size=20), max_size=8))
def test_every_answer_is_in_one_group(answers: list[str]) -> None:
    groups = distinct(answers)
    assert sorted(at for group in groups for at in group) == list(range(len(answers)))
    assert all(group == sorted(group) for group in groups)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Denmark, Iceland and Norway", ["Denmark", "Iceland", "Norway"]),
        ("Denmark as well as Norway", ["Denmark", "Norway"]),
        ("Aarhus, Denmark", ["Aarhus, Denmark"]),
        ("1,500 boats", ["1,500 boats"]),
        ("boats, nets and sails", ["boats", "nets", "sails"]),
        ("the town’s old allies, the Greens and the Liberals", ["the Greens", "the Liberals"]),
        ("the mayor, who is old, and Maren", ["the mayor, who is old, and Maren"]),
        ("", [""]),
        (", and", [", and"]),
    ],
)
def test_what_is_joined_is_told_apart(text: str, named: list[str]) -> None:
    assert [text[start:end] for start, end in items(text)] == named


SPEECH = (
    "The mayor spoke on Monday. “We have decided. The harbour will be closed. Nobody asked us,” "
    "she said. The boats left.\n\nThe union answered:\n\nThat is a disgrace.\n\nIt rained."
)


@pytest.mark.parametrize(
    ("cited", "widened"),
    [
        ("The mayor spoke on Monday.", "The mayor spoke on Monday."),
        ("The boats left.", "The boats left."),
        ("That is a disgrace.", "The union answered:\n\nThat is a disgrace."),
        ("It rained.", "It rained."),
    ],
)
def test_with_speaker(cited: str, widened: str) -> None:
    assert spoken(SPEECH, cited) == widened


@pytest.mark.parametrize("speech", [SPEECH, SPEECH.replace("“", '"').replace("”", '"')])
def test_a_sentence_inside_a_quotation_keeps_its_speaker(speech: str) -> None:
    said = spoken(speech, "The harbour will be closed.")
    assert said.startswith(("“We have", '"We have')) and said.endswith("she said.")


def spoken(text: str, cited: str) -> str:
    document = Document("d", text, "d")
    (passage,) = split(document, PassageSplitter(lambda t: len(t.split()), 200))
    start = text.index(cited)
    holding = next(s for s in passage.sentences if s.start <= start < s.end)
    found = with_speaker(document, passage.sentences, holding)
    return text[found.start : found.end]


@pytest.mark.parametrize(
    ("question", "statement", "several"),
    [
        ("What does the mayor say about the plan?", True, False),
        ("Why was the harbour closed?", True, False),
        ("Has an agreement been reached?", True, False),
        ("Isn’t it closed?", True, False),
        ("How does the harbour work?", True, False),
        ("What is the union's view of the plan?", True, False),
        ("What happened in March?", True, False),
        ("How many boats are there?", False, False),
        ("How long is it?", False, False),
        ("Who opposes the plan?", False, False),
        ("What is the capital of Denmark?", False, False),
        ("Which parties oppose the plan?", False, True),
        ("What are the goals?", False, True),
        ("Who were the sailors?", False, True),
        ("Which of the other goals are met?", False, False),
        ("Which bus is late?", False, False),
        ("Which party leads the council?", False, False),
        ("Which river runs through the town?", False, False),
        ("What makes the harbour safe?", False, False),
        ("What is the focus of the studies?", False, False),
        ("Which two large islands are meant?", False, True),
        ("What type of boats were built?", False, True),
        ("Which boats on the river are old?", False, True),
        ("Which boy likes boats?", False, True),  # "likes" could be things
        ("", False, False),
    ],
)
def test_what_a_question_asks_for(question: str, statement: bool, several: bool) -> None:
    asked = AskedFor.of(question)
    assert (asked.statement, asked.several) == (statement, several)


def test_who_is_on_a_side_is_asked_for_on_both() -> None:
    asked = AskedFor.of("Who opposes the new harbour?")
    assert asked.sides and asked.sides.opposite == "Who supports the new harbour?"
    assert asked.about == {"new", "harbour"}
    asked = AskedFor.of("Which parties welcome the harbour?")
    assert asked.sides and asked.sides.own == "Which parties support the harbour?"
    for question in ("Who built the harbour?", "Who opposes?", "Does Maren oppose the harbour?"):
        asked = AskedFor.of(question)
        assert asked.sides is None and asked.about == frozenset()


def test_a_plan_is_called_many_things() -> None:
    assert {"plan", "idea", "propos"} <= AskedFor.of("Who opposes the plan?").about


@pytest.mark.parametrize(
    ("question", "named", "several"),
    [
        ("Who wrote it?", 2, True),
        ("What is it made of?", 2, False),
        ("What is it made of?", 3, True),
        ("Which boats are there?", 1, True),
    ],
)
def test_what_an_answer_joins_is_several_where_several_may_be_asked_for(
    question: str, named: int, several: bool
) -> None:
    assert AskedFor.of(question).expects(named) == several


@pytest.mark.parametrize(
    ("question", "names", "figures", "dates"),
    [
        ("Does the Maren sail to Aarhus?", ("Maren", "Aarhus"), (), ()),
        ("Which of the 12 boats cost 1,500.50 in 2021?", (), ("12", "1,500.50"), ("2021",)),
        ("What did Theresa May say on 3 May 2019?", ("Theresa", "May", "May"), (), ("3 May 2019",)),
        ("Who left on March 3rd, or in April?", ("March", "April"), (), ("March 3rd", "April")),
        ("Is 2021-05-01 before June 2021?", ("June",), (), ("2021-05-01", "June 2021")),
        ("May the 1st of May be the day?", ("May",), (), ("1st of May",)),
        ("Did 2000 boats sail 2,000.5 miles with B52?", ("B52",), ("2,000.5",), ("2000",)),
        ("Who opposes the plan?", (), (), ()),
        ("", (), (), ()),
    ],
)
def test_names_figures_and_dates_are_told(
    question: str, names: tuple[str, ...], figures: tuple[str, ...], dates: tuple[str, ...]
) -> None:
    asked = AskedFor.of(question)
    assert (asked.names, asked.figures, asked.dates) == (names, figures, dates)


@given(st.text())
def test_any_text_can_be_asked(text: str) -> None:
    asked = AskedFor.of(text)
    assert asked.text == text and asked.side in (-1, 0, 1) and asked == AskedFor.of(text)
    assert all(part in text for part in (*asked.names, *asked.figures, *asked.dates))


@pytest.mark.parametrize(
    ("question", "sentence", "side"),
    [
        ("Who supports the plan?", "The mayor welcomed the proposal.", 1),
        ("Who supports the plan?", "The town gives support to its fishermen, says the mayor.", 0),
        ("Who supports the plan?", "The union opposes the plan.", -1),
        ("Who opposes the plan?", "The union does not think the idea a good one.", 1),
        ("Who opposes the new harbour?", "Sailors criticised the harbour.", 1),
        ("Who opposes the new harbour?", "Sailors criticised the weather.", 0),
        ("Does the union oppose it?", "The union has criticised it.", 0),
        ("Does Maren oppose it?", "Maren has criticised it.", 1),
        ("Who built the harbour?", "Sailors criticised the harbour.", 0),
    ],
)
def test_agreement(question: str, sentence: str, side: int) -> None:
    assert AskedFor.of(question).agreement(sentence) == side


def test_any_model_reads(
    tiny_reader: Path, shipped: Library, caplog: pytest.LogCaptureFixture
) -> None:
    """Somebody's own model, in the standard layout, without our heads and calibration."""
    reader = load_reader(str(tiny_reader))
    assert reader.name.startswith("tiny@")
    assert "is not calibrated" in caplog.text
    hits = shipped.search("Who opposes the plan?", 5)
    reading = reader.read(AskedFor.of("Who opposes the plan?"), hits)
    assert 0 <= reading.confidence <= 1
    for finding in reading.findings:
        assert finding.answer_text in finding.text


@pytest.mark.models
@pytest.mark.parametrize("name", ["all-minilm", "nothing"])
def test_what_is_no_reader_is_refused(name: str, tmp_path: Path) -> None:
    model = str(packaged_model()) if name == "all-minilm" else str(tmp_path / name)
    with pytest.raises(UnusableInput, match=r"cannot be loaded: .*; give a folder"):
        load_reader(model)
