"""Checkers by name: what cross-encoders are asked, and which models are none."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from footnoted.corpus.errors import UnusableInput
from footnoted.index.embedding import packaged_model
from footnoted.index.library import Library
from footnoted.qa.checker import cross_encoder
from footnoted.qa.checker.checker import LanguageModelChecker
from footnoted.qa.checker.cross_encoder import declarative
from footnoted.qa.checker.named import load_checker
from footnoted.qa.english.question import AskedFor
from footnoted.qa.protocols import Checker, Claim
from footnoted.qa.reader.network import load_network
from footnoted.qa.reader.reader import SHIPPED_READER, load_span_reader
from footnoted.qa.readers import load_reader
from support.networks import save_cross_encoder

pytestmark = pytest.mark.models

TEXT = "The ferry Maren was built in Odense in 1901. Its captain was Niels Holm."
CLAIMS = [
    Claim(TEXT, "Who was its captain?", "Niels Holm"),
    Claim(TEXT, "When was the Maren built?", "1901"),
    Claim("It rains.", "When was the Maren built?", "1901"),
]
NLI = ("contradiction", "Entailment", "neutral")

Save = Callable[..., str]


@pytest.fixture(scope="module")
def save(tmp_path_factory: pytest.TempPathFactory) -> Save:
    def save(*labels: str) -> str:
        return str(save_cross_encoder(tmp_path_factory.mktemp("models") / "tiny", labels))

    return save


def loaded(folder: str) -> Checker:
    found = load_checker(folder)
    assert found is not None and found.name.startswith("tiny@")
    return found


def own_scores(folder: str, first: str, second: str) -> Any:
    """What the model itself says of a pair, in float32."""
    model = AutoModelForSequenceClassification.from_pretrained(folder).eval()
    tokens = AutoTokenizer.from_pretrained(folder)(first, second, return_tensors="pt")
    with torch.inference_mode():
        return model(**tokens).logits[0].double()


@pytest.mark.parametrize(
    ("question", "answer", "claim"),
    [
        ("Who opposes the plan?", "the union", "the union opposes the plan."),
        (" What is the largest town? ", "Aarhus", "Aarhus is the largest town."),
        ("What did the ferry carry?", "bread", "What did the ferry carry? bread"),
        ("Who doesn't it suit?", "Niels", "Who doesn't it suit? Niels"),
        ("When was it built?", "1901", "When was it built? 1901"),
        ("What happened?", "It sank.", "What happened? It sank."),
        ("Who?", "Niels", "Who? Niels"),
    ],
)
def test_a_claim_is_a_statement_where_words_allow(question: str, answer: str, claim: str) -> None:
    assert declarative(question, answer) == claim


@pytest.fixture
def exact(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cross_encoder, "fastest_number_type", lambda: torch.float32)


@pytest.mark.usefixtures("exact")
@pytest.mark.parametrize("labels", [NLI, ("not_entailment", "entailment")])
def test_of_an_nli_model_the_odds_of_entailment_count(save: Save, labels: tuple[str, ...]) -> None:
    folder = save(*labels)
    expected = []
    for text, question, answer in CLAIMS:
        chances = own_scores(folder, text, declarative(question, answer)).softmax(0)
        expected.append(float(torch.logit(chances[1])))
    found = loaded(folder).logits(CLAIMS)
    assert found.tolist() == pytest.approx(expected, abs=1e-3)
    assert np.ptp(expected) > 0.5


@pytest.mark.usefixtures("exact")
def test_of_a_relevance_model_its_score_counts(save: Save) -> None:
    folder = save("LABEL_0")
    expected = [float(own_scores(folder, f"{q} {a}", text)[0]) for text, q, a in CLAIMS]
    assert loaded(folder).logits(CLAIMS).tolist() == pytest.approx(expected, abs=1e-3)


def test_any_number_of_claims_of_any_length(save: Save) -> None:
    checker = loaded(save(*NLI))
    assert checker.logits([]).shape == (0,)
    long = Claim("It rains. " * 2000, "Who? " * 400, "Niels " * 500)
    alone = checker.logits([long, *CLAIMS])
    assert alone.shape == (4,) and np.isfinite(alone).all()
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(checker.logits, [[long, *CLAIMS]] * 8):
            assert found.tolist() == pytest.approx(alone.tolist(), abs=0.2)


@pytest.mark.parametrize("labels", [("negative", "positive"), ("LABEL_0", "LABEL_1", "LABEL_2")])
def test_a_model_that_judges_otherwise_is_refused(save: Save, labels: tuple[str, ...]) -> None:
    with pytest.raises(UnusableInput, match=r"none of its labels \(.*\) is entailment") as refused:
        load_checker(save(*labels))
    assert "\n" not in str(refused.value)


def test_what_is_no_cross_encoder_is_refused(tmp_path: Path, tiny_reader: Path) -> None:
    for other in (packaged_model(), tiny_reader):
        with pytest.raises(UnusableInput, match="was not trained to judge pairs"):
            load_checker(str(other))
    with pytest.raises(UnusableInput, match=r"cannot be loaded: .*; give a folder"):
        load_checker(str(tmp_path / "nothing"))


def test_our_own_can_be_named_and_left_out() -> None:
    assert load_checker("none") is None
    assert isinstance(load_checker("footnoted-checker"), LanguageModelChecker)


def test_a_reader_is_checked_by_another(
    save: Save, shipped: Library, caplog: pytest.LogCaptureFixture
) -> None:
    folder = save(*NLI)
    reader = load_reader("footnoted-reader", checker=folder)
    checker = loaded(folder)
    assert reader.name.startswith("footnoted-reader@") and reader.name.endswith(f"+{checker.name}")
    (warning,) = caplog.messages
    assert warning.startswith(f"{checker.name} is not calibrated: its probabilities are taken at")
    question = "Who opposes the plan?"
    reading = reader.read(AskedFor.of(question), shipped.search(question, 5))
    assert 0 <= reading.confidence <= 1


def test_without_a_checker_the_reader_decides_alone(caplog: pytest.LogCaptureFixture) -> None:
    reader = load_span_reader(str(SHIPPED_READER), checker="none")
    assert "+" not in reader.name and reader.checker is None and not caplog.messages


def test_what_both_are_not_calibrated_is_said_once(
    save: Save, tiny_reader: Path, caplog: pytest.LogCaptureFixture
) -> None:
    checker = loaded(save("LABEL_0"))
    load_network(str(tiny_reader))  # which is said, where it is the first time
    caplog.clear()
    load_span_reader(str(tiny_reader), checker=checker)
    (warning,) = caplog.messages
    assert f"{tiny_reader} and {checker.name} are not calibrated" in warning


def test_at_its_word_a_checker_decides_beside_the_reader(save: Save) -> None:
    """Both weigh the same: sure of the same, they are as sure; at odds, they are not."""
    reader = load_span_reader(str(SHIPPED_READER), checker=save(*NLI))
    alone, checked = reader.calibration.unchecked, reader.calibration.checked
    assert checked is not None and checked.shares == alone.shares
    features = np.array([[3.0, 2.0, 0.1]])
    told = float(alone.right.logits(features)[0])

    def pooled(check: float) -> float:
        return float(checked.right.logits(np.append(features, [[check]], axis=1))[0])

    assert pooled(told) == pytest.approx(told)
    assert pooled(-told) == pytest.approx(0)
