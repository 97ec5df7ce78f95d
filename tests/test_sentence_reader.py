"""The scoring of sentences: its parts by hand, its fitted file, its choice."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.embedding import Embedder
from index.library import Library
from qa.figures import figure_asked_for, holds_figure
from qa.sentence_features import FEATURES, Candidate, describe
from qa.sentence_reader import COEFFICIENTS, Regression, is_furniture, select
from qa.stance import side_asked_for, stance


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("They oppose the plan.", -1),
        ("She criticised it sharply.", -1),
        ("They do not support the plan.", -1),
        ("The agency said it does not view this as a solution.", -1),
        ("They support the plan.", 1),
        ("He does not oppose it.", 1),
        ("The office opens in May.", 0),
        ("It is not raining.", 0),
        ("“I’m not saying that this solves everything,” he said.", 0),
        ("He does not think that it helps.", -1),
        ("", 0),
    ],
)
def test_stance(text: str, side: int) -> None:
    assert stance(text) == side


def test_a_side_is_asked_for_only_by_name() -> None:
    assert side_asked_for("Who opposes the plan?") == -1
    assert side_asked_for("Who supports the plan?") == 1
    assert side_asked_for("Who does not support the plan?") == -1
    assert side_asked_for("Who said that it is not raining?") == 0


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How much money will Denmark pay?", "money"),
        ("How much will the office cost?", "money"),
        ("What is the salary of the diplomats?", "money"),
        ("How old is the minister?", "length"),
        ("How many diplomats are sent?", "number"),
        ("What is the population of Kigali?", "number"),
        ("When will the office open?", "date"),
        ("In which year was it signed?", "date"),
        ("Who opposes the plan?", None),
        ("How does it work?", None),
    ],
)
def test_figures_asked_for(question: str, kind: str | None) -> None:
    assert figure_asked_for(question) == kind


@pytest.mark.parametrize(
    ("kind", "sentence", "held"),
    [
        ("number", "Two diplomats will go.", True),
        ("number", "Some diplomats will go.", False),
        ("number", "The plan of 2021 goes on.", False),  # the question says 2021 itself
        ("date", "It was signed in April 2020.", True),
        ("date", "It may be signed.", False),
        ("money", "It costs 3 million euros.", True),
        ("money", "It costs three times as much.", False),
        ("length", "It took nine months.", True),
        ("length", "It took nine diplomats.", False),
    ],
)
def test_figures_held(kind: str, sentence: str, held: bool) -> None:
    assert holds_figure(kind, sentence, frozenset({"2021"})) == held


def described(embedder: Embedder, question: str, *sentences: str) -> dict[str, list[float]]:
    passage = " ".join(sentences)
    candidates = [Candidate(sentence, passage, "Harbour news") for sentence in sentences]
    asked, *embedded = embedder.embed_tokens([question, *sentences])
    rows = describe(question, candidates, asked, embedded, lambda word: 1.0)
    assert rows.shape == (len(sentences), len(FEATURES)) and np.isfinite(rows).all()
    return dict(zip(FEATURES, rows.T.tolist(), strict=True))


def test_features_by_hand(embedder: Embedder) -> None:
    features = described(
        embedder,
        "When did the mayor of Aarhus sell boats?",  # asked: mayor, Aarhus, sell, boats
        "The mayor of Aarhus sold boats in May.",
        "He sells boats.",
        "Nothing happened.",
    )
    assert features["soft"][0] > features["soft"][2]
    assert features["met_with_previous"][1] >= features["soft"][1]
    assert features["met_with_previous"][0] == features["soft"][0]
    assert features["lacks_figure"] == [0, 1, 1]
    assert features["names_missing"] == [0, 1, 1]
    assert features["names_missing_near"] == [0, 0, 0]
    assert features["absent"] == [0, 0, 0]
    assert features["cos_centred"][0] == max(features["cos_centred"])


def test_words_that_stand_nowhere_are_absent(embedder: Embedder) -> None:
    features = described(embedder, "Which airline flies boats to Paris?", "The boats lie idle.")
    assert features["absent"] == [0.75]  # airline, flies, Paris; boats are there
    assert features["names_missing_near"] == [1]


def test_related_words_meet(embedder: Embedder) -> None:
    features = described(
        embedder, "Who purchased the vessel?", "A fisherman bought the boat.", "It rains in May."
    )
    bought, rains = features["soft"]
    assert rains < bought < 1


@given(st.text(max_size=80), st.lists(st.text(max_size=80), min_size=1, max_size=4))
def test_any_text_has_finite_features(
    embedder: Embedder, question: str, sentences: list[str]
) -> None:
    described(embedder, question + " why", *sentences)


def test_rarity_is_what_its_formula_says(shipped: Library) -> None:
    passages = shipped.coverage().passages
    assert shipped.rarity("flight") == pytest.approx(math.log(1 + (passages + 1) / 0.5))
    assert shipped.rarity("Rwanda") < shipped.rarity("Amnesty") < shipped.rarity("flight")
    assert shipped.rarity("diplomat") == shipped.rarity("diplomats")


def candidates(*sentences: str) -> list[Candidate]:
    return [Candidate(sentence, " ".join(sentences), "T") for sentence in sentences]


def chosen(question: str, *scored: tuple[float, str]) -> list[int]:
    probabilities = np.array([probability for probability, _ in scored])
    texts = candidates(*(text for _, text in scored))
    return select(question, probabilities, texts, Regression.load())


def test_nothing_below_the_threshold() -> None:
    least = Regression.load().threshold
    assert chosen("What?", (least - 0.01, "One boat."), (least - 0.02, "Two ships.")) == []
    assert chosen("What?", (least, "One boat."), (0.0, "Two ships.")) == [0]


def test_later_sentences_need_a_share_of_the_first() -> None:
    share = Regression.load().later_share
    later = [(0.9 * share + 0.01, "Two ships."), (0.9 * share - 0.01, "Bread is baked.")]
    assert chosen("What?", *later, (0.9, "One boat.")) == [2, 0]


def test_sentences_on_the_side_asked_for_need_less() -> None:
    scored = [
        (0.9, "They oppose the plan."),
        (0.02, "UN experts criticised that."),
        (0.02, "Rain."),
    ]
    assert chosen("Who opposes the plan?", *scored) == [0, 1]
    assert chosen("Who described the plan?", *scored) == [0]


def test_a_handful_without_repetition() -> None:
    repeated = [(0.9, "The old boat lies here."), (0.8, "Here lies the old boat.")]
    assert chosen("What?", *repeated) == [0]
    many = [
        (0.9, f"{word} came alone {word}.") for word in "boat ship raft canoe ferry yacht".split()
    ]
    assert len(chosen("What?", *many)) == 5


@pytest.mark.parametrize(
    ("text", "furniture"),
    [
        ("The office will open in May.", False),
        ("“We go on,” he said.", False),
        ("Please log in to leave a comment.", True),
        ("Photo: A. Person/Agency.", True),
        ("See also", True),
        ("Office opens in May", True),
        ("Harbour news.", True),
    ],
)
def test_lines_of_the_page_are_told_from_text(text: str, furniture: bool) -> None:
    assert is_furniture(Candidate(text, text, "Harbour news")) == furniture


def test_coefficients_of_other_features_are_refused(tmp_path: Path) -> None:
    stored = json.loads(COEFFICIENTS.read_text())
    stored["features"] = ["length"]
    path = tmp_path / "other.json"
    path.write_text(json.dumps(stored))
    with pytest.raises(ValueError, match="was fitted for"):
        Regression.load(path)


@given(st.floats(0, 1), st.floats(0, 1))
def test_calibrations_are_probabilities_and_keep_the_order(one: float, two: float) -> None:
    regression = Regression.load()
    low, high = sorted((one, two))
    assert 0 <= regression.right(low) <= regression.right(high) <= 1
    assert 1 >= regression.unanswerable(low) >= regression.unanswerable(high) >= 0
