"""Calibration to somebody's own questions: what it is worth, and what it is fitted with."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import footnoted.cli
from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.types import Span
from footnoted.index.library import Library
from footnoted.index.types import Hit
from footnoted.qa.english.question import AskedFor
from footnoted.qa.evaluation.types import Question
from footnoted.qa.protocols import Claim, Reading
from footnoted.qa.reader.calibration import Calibration, Fitted, Regression
from footnoted.qa.reader.candidates import FEATURES
from footnoted.qa.reader.reader import SHIPPED_READER, load_span_reader
from footnoted.qa.readers import load_reader
from footnoted.qa.training.calibrate import calibrate, usable
from footnoted.qa.training.labelling import Labelled
from footnoted.qa.training.refitting import refit
from support.networks import save_cross_encoder

BOATS = "Maren Freja Astrid Ingrid Sigrid Solveig Gudrun Ragnhild Thora Signe".split()
LOST = "Dagmar Estrid Hedvig Johanne Kirsten Laura Nanna Petra Rosa Vera".split()
START = Calibration.plain()


def asked_of(boats: Sequence[str], lost: Sequence[str]) -> list[Question]:
    """A question on each boat; of those that are lost, the documents do not say when."""
    known = [Question(b, f"When was the boat {b} built?", ((str(1901 + n),),))
             for n, b in enumerate(boats)]  # fmt: skip
    # More differs than one word: else the documents would say otherwise, whatever a checker says.
    return known + [Question(b, f"When was the boat {b} sold to the museum?", ()) for b in lost]


QUESTIONS = asked_of(BOATS, LOST)


@pytest.fixture(scope="module")
def boats(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("boats")
    for year, boat in enumerate(BOATS, start=1901):
        text = f"The boat {boat} was built in {year}. It lies in the harbour of Aarhus."
        (folder / f"{boat}.txt").write_text(text)
    return folder


@pytest.fixture(scope="module")
def library(boats: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    library = Library.create(tmp_path_factory.mktemp("index") / "boats")
    library.update([boats])
    yield library
    library.close()


@pytest.fixture
def question_set(tmp_path: Path) -> Path:
    file = tmp_path / "questions.jsonl"
    lines = [{"id": q.id, "question": q.question, "answers": q.answers} for q in QUESTIONS]
    file.write_text("\n".join(map(json.dumps, lines)))
    return file


class Boasting:
    """A checker that knows, and is sure of everything: a little surer of what is right."""

    name = "boasting"
    asked = 0

    def logits(self, claims: Sequence[Claim]) -> NDArray[np.float64]:
        self.asked += len(claims)
        years = {q.question: q.answers[0][0] for q in QUESTIONS if q.answers}
        right = [years.get(one.question, "never") in one.answer for one in claims]
        return np.where(right, 9.0, 6.0)


@pytest.mark.models
def test_what_a_checker_says_is_told_for_what_it_is_worth(library: Library) -> None:
    checker = Boasting()
    reader = load_span_reader(str(SHIPPED_READER), checker=checker)
    found = calibrate(library, reader, QUESTIONS)
    assert found.before["wrong_answer_rate"] > 0.3 and found.before["calibration_error"] > 0.2
    assert found.after["wrong_answer_rate"] < 0.1 and found.after["calibration_error"] < 0.2
    assert found.after["abstention_accuracy"] > 0.9 and found.gains
    assert found.after["fact_recall"] == found.before["fact_recall"] == 1
    fitted = found.calibration
    assert (fitted.reader, fitted.checker) == (reader.network_name, "boasting")
    # Each claim once, however many calibrations were fitted.
    assert checker.asked <= 12 * len(QUESTIONS)


@pytest.mark.models
def test_small_talk_and_follow_ups_are_asked_as_people_ask_them(library: Library) -> None:
    reader = load_span_reader(str(SHIPPED_READER), checker="none")
    follow_up = replace(QUESTIONS[1], question="And the boat Freja?",
                        history=("When was the boat Maren built?",))  # fmt: skip
    questions = [Question("hello", "Hello!", ()), QUESTIONS[0], follow_up, *QUESTIONS[2:]]
    found = calibrate(library, reader, questions)
    assert found.questions == 21 and found.calibration.checked is None
    assert found.before["fact_recall"] == 1


def labelled(count: int, true: Regression, seed: int = 5) -> list[Labelled]:
    """Questions with one candidate each, which is right by the chance that ``true`` tells."""
    chance, made = np.random.default_rng(seed), []
    for _ in range(count):
        features = np.zeros((1, len(FEATURES)))
        features[0, 0] = chance.normal(0, 3)
        right = (chance.random(1) < true.probabilities(features)).astype(float)
        holds, places, facts = bool(right[0]), (("boats", Span(0, 1)),), (("boat",),)
        made.append(
            Labelled(features, ("",), places, facts, right, right, False, holds, not holds, facts,
                     lambda _: None, np.zeros(1))
        )  # fmt: skip
    return made


def test_by_many_questions_it_moves_to_what_is_true() -> None:
    truth = Regression(tuple(0.5 * (name == "margin") for name in FEATURES), -2.0)
    grid = np.zeros((5, len(FEATURES)))
    grid[:, 0] = [-4, -1, 1, 3, 6]
    far, near = (
        refit(labelled(count, truth), START).unchecked.right.probabilities(grid)
        for count in (3000, 6)
    )
    before, expected = (one.probabilities(grid) for one in (START.unchecked.right, truth))
    assert far == pytest.approx(expected, abs=0.05)
    assert np.abs(near - before).max() < np.abs(far - before).max()


def test_what_it_was_right_about_stays() -> None:
    fitted = refit(labelled(3000, START.unchecked.right), START).unchecked
    assert fitted.right.weights[0] == pytest.approx(1, abs=0.1)
    assert fitted.right.bias == pytest.approx(0, abs=0.1)
    # A wrong answer costs what a right one gains: one that is two thirds sure is worth giving.
    assert 0.5 <= fitted.threshold <= 0.7
    assert fitted.shares == START.unchecked.shares


def test_priors_are_no_news() -> None:
    """What a reader adds to the logits anyhow is not learnt a second time."""
    truth = START.unchecked.right
    some = labelled(2000, replace(truth, bias=2.0))
    told = refit([replace(one, priors=np.full(1, 2.0)) for one in some], START)
    assert told.unchecked.right.bias == pytest.approx(0, abs=0.2)


@pytest.mark.parametrize(
    ("questions", "complaint"),
    [
        (asked_of(BOATS, LOST[:9]), "19 questions with known answers are too few"),
        (asked_of(BOATS * 2, ()), "of 20 questions, none have none"),
        (asked_of(BOATS[:4], LOST * 2), "of 24 questions, 4 have an answer"),
        ([replace(q, answers_known=False) for q in QUESTIONS], "0 questions with known answers"),
    ],
)
def test_by_too_few_questions_nothing_is_fitted(questions: list[Question], complaint: str) -> None:
    with pytest.raises(UnusableInput, match=complaint):
        usable(questions)
    assert usable(QUESTIONS) == QUESTIONS


def test_questions_for_which_nothing_is_found(library: Library) -> None:
    questions = [replace(question, question="Hello!") for question in QUESTIONS]
    reader = load_span_reader(str(SHIPPED_READER), checker="none")
    with pytest.raises(UnusableInput, match="hold nothing to read for these questions"):
        calibrate(library, reader, questions)


def test_it_is_kept_with_what_it_was_fitted_with(tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    kept = replace(START.pooled(), reader="a reader", checker="a checker")
    kept.save(file)
    assert Calibration.load(file) == kept and kept.name == Calibration.load(file).name
    assert kept.name != replace(kept, unchecked=replace(kept.unchecked, threshold=0.6)).name


def damaged(change: Callable[[dict[str, Any]], object]) -> str:
    stored = {**json.loads((SHIPPED_READER / "calibration.json").read_text())}
    change(stored)
    return json.dumps(stored)


@pytest.mark.parametrize(
    "content",
    [
        "", "[]", "null", "\udcff", "{}", "[" * 100_000, '{"features": 1}',
        damaged(lambda one: one.pop("unchecked")),
        damaged(lambda one: one["unchecked"].pop("right")),
        damaged(lambda one: one["unchecked"]["right"].update(weights=[1])),
        damaged(lambda one: one["unchecked"]["right"].update(weights=["x"] * len(FEATURES))),
        damaged(lambda one: one["unchecked"]["held"].update(bias=float("nan"))),
        damaged(lambda one: one["unchecked"].update(shares=[0.5, 0.5])),
        damaged(lambda one: one["checked"].update(threshold=None)),
        damaged(lambda one: one.update(reader=3)),
    ],
    ids=range(15),
)  # fmt: skip
def test_what_is_no_calibration_is_refused(content: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    file.write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(UnusableInput, match="footnoted calibrate") as refused:
        Calibration.load(file)
    assert str(file) in str(refused.value) and "\n" not in str(refused.value)
    with pytest.raises(UnusableInput, match="cannot be opened"):
        Calibration.load(tmp_path / "nothing")


@pytest.mark.models
def test_it_fits_no_other_models(tiny_reader: Path, tmp_path: Path) -> None:
    checker = str(save_cross_encoder(tmp_path / "tiny", ["LABEL_0"]))
    reader = load_span_reader(str(tiny_reader), checker=checker)
    assert reader.checker is not None
    fitted = replace(reader.calibration, reader=reader.network_name, checker=reader.checker.name)
    again = load_reader(str(tiny_reader), calibration=fitted, checker=checker)
    assert again.name == f"{reader.name}+{fitted.name}"
    with pytest.raises(UnusableInput, match=r"fitted with the reader tiny@.*; name that with"):
        load_reader("footnoted-reader", calibration=fitted)
    with pytest.raises(UnusableInput, match=r"with the checker tiny@.*, not with foot"):
        load_reader(str(tiny_reader), calibration=fitted)
    without = load_reader(str(tiny_reader), calibration=fitted, checker="none")
    assert without.checker is None


def test_a_reader_of_ones_own_has_its_own(boats: Path, tmp_path: Path) -> None:
    class Mine:
        name = "mine"

        def read(self, asked: AskedFor, hits: Sequence[Hit]) -> Reading:
            return Reading((), 0.5)

    given: list[dict[str, Any]] = [{"checker": "none"}, {"calibration": tmp_path}]
    for one in given:
        with pytest.raises(footnoted.UnusableInput, match="has its own checker and calibration"):
            footnoted.open(boats, tmp_path / "index", reader=Mine(), **one)
    with pytest.raises(footnoted.UnusableInput, match="checker is a model's name or an object"):
        footnoted.open(boats, tmp_path / "index", checker=3)  # type: ignore[arg-type]
    with pytest.raises(footnoted.UnusableInput, match="cannot be opened"):
        footnoted.open(boats, tmp_path / "index", calibration=tmp_path / "nothing")


@pytest.mark.models
def test_calibrated_by_command_and_used(
    boats: Path,
    tiny_reader: Path,
    question_set: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    hashed: object,
) -> None:
    def run(*arguments: str | Path) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            footnoted.cli.main([str(one) for one in (*arguments, "--index", tmp_path / "index")])
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    checker = save_cross_encoder(tmp_path / "nli", ["contradiction", "entailment", "neutral"])
    models = ("--reader", tiny_reader, "--checker", checker)
    out = tmp_path / "mine.json"
    assert run("index", boats)[0] == 0
    code, printed, told = run("calibrate", question_set, *models, "--out", out)
    assert code == 0 and "held out" in printed and f"--calibration {out}" in printed
    assert "are not calibrated" in told
    code, printed, told = run("calibrate", question_set, *models, "--out", out, "--json")
    assert code == 0 and json.loads(printed)["questions"] == 20
    used = ("--calibration", out, *models)
    code, printed, told = run("ask", "When was the boat Maren built?", *used, "--json")
    name = json.loads(printed)["models"]["reader"]
    assert (code, told) == (0, "")
    assert name.split("+")[2] == Calibration.load(out).name and "+nli@" in name
    result = tmp_path / "result.json"
    assert run("evaluate", question_set, *used, "--json", result)[0] == 0
    assert json.loads(result.read_text())["models"]["reader"] == name
    with footnoted.open(
        index=tmp_path / "index", reader=str(tiny_reader), checker=str(checker), calibration=out
    ) as library:
        assert library.ask("When was the boat Maren built?").models.reader == name
    code, _, told = run("ask", "When was it built?", *used[:-1], "none")
    assert code == 0
    code, _, told = run("ask", "When was it built?", "--calibration", out)
    assert code == 2 and "was fitted with the reader tiny@" in told
    assert run("ask", "Who?", "--calibration", question_set)[2].count("is no calibration") == 1
    for wrong, complaint in (
        (question_set, "is there and no calibration"),
        (tmp_path, "is a folder"),
        (tmp_path / "no" / "where.json", "there is no folder"),
    ):
        code, printed, told = run("calibrate", question_set, "--out", wrong)
        assert (code, printed) == (2, "") and complaint in told and told.count("\n") == 1


def test_fitted_shapes() -> None:
    """A checker's logit is one more feature, of what ranks as of what decides."""
    pooled = START.pooled().checked
    assert isinstance(pooled, Fitted)
    assert len(pooled.right.weights) == len(FEATURES) + 1
    assert pooled.right.weights[-1] == pooled.answerable.weights[-1] == 0.5
