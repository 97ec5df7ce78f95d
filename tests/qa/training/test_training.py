"""Training and calibration, with a tiny network on a tiny set."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import load_file
from transformers import AutoModelForQuestionAnswering, AutoTokenizer

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.types import Span
from footnoted.index.embedding import packaged_model
from footnoted.index.library import Library
from footnoted.qa.checker.checker import TOKENIZER, LanguageModelChecker
from footnoted.qa.english.question import AskedFor
from footnoted.qa.protocols import Claim
from footnoted.qa.reader.calibration import Calibration, Described, Regression
from footnoted.qa.reader.candidates import FEATURES, Place
from footnoted.qa.reader.finder import SpanFinder
from footnoted.qa.reader.network import load_network
from footnoted.qa.readers import load_reader
from footnoted.qa.training import average, calibrate_reader, fitting, train_checker, train_reader
from footnoted.qa.training.examples import CALIBRATE, MEASURE, TRAIN, Example, read
from footnoted.qa.training.fitting import Told, fit
from footnoted.qa.training.labelling import Labelled
from footnoted.qa.training.negatives import Negatives
from footnoted.qa.training.progress import CHECKPOINT
from footnoted.qa.training.recipe import Recipe
from footnoted.qa.training.windows import batches, tokenize, window

pytestmark = pytest.mark.models

ROOT = Path(__file__).parents[3]
BOATS = ("Maren", "Freja", "Astrid", "Ingrid", "Sigrid", "Solveig", "Gudrun", "Ragnhild")
SMALL = {"epochs": 2.0, "batch": 4, "peak_rate": 1e-3, "retrieved": 0.5}


def article(title: str, boats: Sequence[str]) -> dict[str, object]:
    """An article in SQuAD's form: a paragraph and a question for each boat."""
    paragraphs = []
    for year, boat in enumerate(boats, start=1901):
        text = f"The harbour of {title} is old. The boat {boat} was built in {year}. It rains."
        where = text.index(str(year))
        asked = {
            "id": f"{title}-{boat}",
            "question": f"When was the boat {boat} built?",
            "answers": [{"text": str(year), "answer_start": where}] * 3,
        }
        paragraphs.append({"context": text, "qas": [asked]})
    return {"title": title, "paragraphs": paragraphs}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One article of each part of the data."""
    return written(tmp_path_factory.mktemp("data"), BOATS)


def written(folder: Path, boats: Sequence[str]) -> Path:
    path = folder / "squad-boats.json"
    articles = [article(title, boats) for title in ("Aarhus", "Manhattan", "Warsaw")]
    path.write_text(json.dumps({"data": articles}))
    return path


@pytest.fixture(scope="module")
def recipe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("recipe") / "small.toml"
    path.write_text("\n".join(f"{name} = {value}" for name, value in SMALL.items()))
    return path


@pytest.fixture(scope="module")
def trained(
    data: Path, recipe: Path, tiny_reader: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    folder = tmp_path_factory.mktemp("trained") / "reader"
    options = ["--out", str(folder), "--recipe", str(recipe), "--base", str(tiny_reader)]
    assert train_reader.main([str(data), *options]) == 0
    return folder


def test_parts_never_mix(data: Path) -> None:
    parts = {example.article: example.part for example in read(data)}
    assert parts == {"Aarhus": TRAIN, "Manhattan": CALIBRATE, "Warsaw": MEASURE}


def test_what_is_trained_is_read_by_transformers(trained: Path) -> None:
    model = AutoModelForQuestionAnswering.from_pretrained(trained)
    assert str(model.dtype) == "torch.float16"
    assert AutoTokenizer.from_pretrained(trained)("boat").input_ids
    assert set(load_file(trained / "heads.safetensors")) == {
        f"{head}.{part}" for head in ("answerable", "inside") for part in ("weight", "bias")
    }
    assert Recipe.load(trained / "recipe.json") == Recipe().changed(SMALL)


def test_a_killed_run_ends_as_one_that_was_not(
    data: Path,
    recipe: Path,
    tiny_reader: Path,
    trained: Path,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    folder = tmp_path / "killed"
    arguments = [
        *(str(data), "--out", str(folder), "--recipe", str(recipe)),
        *("--base", str(tiny_reader), "--keep-every", "0"),
    ]
    command = [sys.executable, "-m", "footnoted.qa.training.train_reader", *arguments]
    first = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    while first.poll() is None and not (folder / "checkpoint.pt").exists():
        time.sleep(0.01)
    first.kill()
    first.wait()
    caplog.set_level("INFO", logger="footnoted")
    assert train_reader.main(arguments) == 0
    assert "resumed after step" in caplog.text
    weights, expected = (load_file(one / "model.safetensors") for one in (folder, trained))
    for name, value in expected.items():
        assert np.allclose(weights[name].float(), value.float(), atol=2e-3), name


def test_a_run_is_not_resumed_with_another_recipe(
    data: Path, tiny_reader: Path, trained: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--out", str(trained), "--base", str(tiny_reader)]
    assert train_reader.main([str(data), *options]) == 2
    assert "begun otherwise, with another batch, peak_rate, retrieved;" in capsys.readouterr().err


def test_a_run_of_another_version_is_not_resumed(
    data: Path, tiny_reader: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    torch.save({"recipe": {}, "step": 3}, tmp_path / CHECKPOINT)
    options = ["--out", str(tmp_path), "--base", str(tiny_reader)]
    assert train_reader.main([str(data), *options]) == 2
    assert "of another version of Footnoted; name another --out" in capsys.readouterr().err


def train_further(data: Path, base: Path, folder: Path, **choices: float) -> Path:
    recipe = folder.with_suffix(".json")
    recipe.write_text(json.dumps(SMALL | choices))
    options = ["--out", str(folder), "--recipe", str(recipe), "--base", str(base)]
    assert train_reader.main([str(data), *options]) == 0
    return folder


def weights(reader: Path) -> dict[str, np.ndarray]:
    """All weights of a reader, its own heads' too."""
    files = sorted(reader.glob("*.safetensors"))
    assert len(files) == 2
    return {name: v.float().numpy() for file in files for name, v in load_file(file).items()}


def test_training_goes_on_from_all_weights_of_a_reader(
    data: Path, trained: Path, tmp_path: Path
) -> None:
    same = weights(train_further(data, trained, tmp_path / "still", peak_rate=0.0))
    moved = weights(train_further(data, trained, tmp_path / "moved", seed=2))
    for name, value in weights(trained).items():
        assert np.array_equal(same[name], value), name
    assert any(not np.array_equal(moved[name], value) for name, value in same.items())


def test_readers_are_averaged(data: Path, trained: Path, tmp_path: Path) -> None:
    other = train_further(data, trained, tmp_path / "other", seed=2)
    mean = tmp_path / "mean"
    assert average.main([str(trained), str(other), "--out", str(mean)]) == 0
    one, two, both = weights(trained), weights(other), weights(mean)
    assert both.keys() == one.keys()
    for name, value in both.items():
        assert np.allclose(value, (one[name] + two[name]) / 2, atol=1e-3), name
    recipes = json.loads((mean / "recipe.json").read_text())
    assert [recipe["seed"] for recipe in recipes] == [Recipe().seed, 2]
    assert SpanFinder(load_network(str(mean))).read("Who?", ["He."])


def test_readers_of_two_kinds_are_not_averaged(
    trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = shutil.copytree(trained, tmp_path / "plain")
    (plain / "heads.safetensors").unlink()
    assert average.main([str(trained), str(plain), "--out", str(tmp_path / "mean")]) == 2
    assert "same architecture" in capsys.readouterr().err
    assert average.main([str(trained), str(tmp_path), "--out", str(tmp_path / "mean")]) == 2
    assert "holds no weights" in capsys.readouterr().err
    assert not (tmp_path / "mean").exists()


@pytest.mark.parametrize(
    ("written", "complaint"),
    [("pace = 2", "a recipe has no pace"), ("epochs = ", "cannot be read")],
)
def test_a_bad_recipe_is_refused(tmp_path: Path, written: str, complaint: str) -> None:
    path = tmp_path / "recipe.toml"
    path.write_text(written)
    with pytest.raises(UnusableInput, match=complaint):
        Recipe.load(path)


@pytest.mark.parametrize("content", ["{}", "[", '{"data": [{"title": 1}]}'])
def test_bad_data_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "squad.json"
    path.write_text(content)
    with pytest.raises(UnusableInput, match="not in SQuAD's form"):
        read(path)
    with pytest.raises(UnusableInput, match="holds no training data"):
        read(tmp_path / "nothing")


def test_negatives_do_not_answer(data: Path) -> None:
    examples = read(data)
    always = Recipe().changed({"retrieved": 1, "removed": 1, "altered": 1})
    negatives = Negatives(examples, always)
    for example in examples:
        made = list(negatives.of(example, random.Random(1)))
        assert made
        for one in made:
            assert not one.spans and not one.answers
            altered = one.question != example.question
            assert altered or not any(answer in one.text for answer in example.answers)


def test_a_word_is_changed_for_one_that_stands_in_its_place_elsewhere() -> None:
    asked = "Who is the prime minister of Denmark?"
    text = "The prime minister of Denmark is Mette."
    one = Example(asked, text, (Span(33, 38),), "a", "s", ("Mette",))
    others = [
        Example("Who is it?", f"{said} It rains.", (), "b", "s")
        for said in ("The foreign minister left.", "The foreign minister came.", "A minister sat.")
    ]
    negatives = Negatives([one, *others], Recipe().changed({"altered": 1, "retrieved": 0}))
    made = {q.question for n in range(40) for q in negatives.of(one, random.Random(n))}
    assert "Who is the foreign minister of Denmark?" in made
    assert asked not in made


def test_a_source_may_hold_unanswerable_questions_alone(data: Path) -> None:
    unanswerable = [replace(one, spans=(), answers=(), source="tricks") for one in read(data)]
    always = Recipe().changed({"retrieved": 1})
    negatives = Negatives([*read(data), *unanswerable], always)
    assert list(negatives.of(read(data)[0], random.Random(1)))


@given(st.lists(st.text("ab .\n", min_size=1, max_size=60), min_size=1, max_size=9), st.randoms())
def test_a_window_holds_whole_answers(pieces: list[str], chance: random.Random) -> None:
    text = "He said x. ".join(pieces) + "Maren."
    start = text.index("Maren")
    example = Example("Who?", text, (Span(start, start + 5),), "a", "s")
    cut, spans = window(example, Recipe().changed({"window": [10, 80], "whole_text": 0}), chance)
    assert cut in text
    assert [cut[a:b] for a, b in spans] == ["Maren"]


def test_targets_are_the_shares_of_people() -> None:
    text = "The boat Maren, or Freja, is old."
    spans = tuple(Span(text.index(w), text.index(w) + 5) for w in ("Maren", "Maren", "Freja"))
    tokenizer = AutoTokenizer.from_pretrained(packaged_model())
    alternatives = Example("Which boat?", text, spans, "a", "s")
    both = Example("Which boats?", text, spans[1:], "a", "s", is_list=True)
    none = Example("Which car?", text, (), "a", "s")
    one, two, three = tokenize([alternatives, both, none], Recipe(), tokenizer, random.Random(1))
    assert sorted(one.starts.values()) == sorted(one.ends.values()) == pytest.approx([1 / 3, 2 / 3])
    assert sorted(set(one.inside.values())) == pytest.approx([1 / 3, 2 / 3])
    assert set(two.starts.values()) == {0.5} and set(two.inside.values()) == {1.0}
    assert three.starts == three.ends == {0: 1.0} and not three.answerable


def test_batches_hold_every_window_once() -> None:
    tokenizer = AutoTokenizer.from_pretrained(packaged_model())
    examples = [Example("Who?", "word " * n, (), "a", "s") for n in range(1, 40)]
    windows = tokenize(examples, Recipe(), tokenizer, random.Random(1))
    cut = list(batches(windows, 4, random.Random(2)))
    assert sorted(len(w.ids) for batch in cut for w in batch) == sorted(len(w.ids) for w in windows)
    assert all(len(b[-1].ids) - len(b[0].ids) <= 3 for b in cut)


def test_a_reader_is_calibrated(
    trained: Path, data: Path, shipped: Library, caplog: pytest.LogCaptureFixture
) -> None:
    assert calibrate_reader.main([str(trained), str(data)]) == 0
    kept = Calibration.load(trained)
    for fitted in (kept.unchecked, kept.checked):
        assert fitted is not None and 0 < fitted.threshold <= 1
        assert 0 < fitted.shares.within <= fitted.shares.elsewhere < 1
    caplog.clear()
    reader = load_reader(str(trained))
    assert "not calibrated" not in caplog.text
    reading = reader.read(
        AskedFor.of("When was it signed?"), shipped.search("When was it signed?", 5)
    )
    assert 0 <= reading.confidence <= 1


def test_a_calibration_for_other_features_is_refused(tmp_path: Path) -> None:
    Calibration.plain().save(tmp_path)
    assert Calibration.load(tmp_path) == Calibration.plain()
    stored = json.loads((tmp_path / "calibration.json").read_text())
    stored["features"][0] = "mood"
    (tmp_path / "calibration.json").write_text(json.dumps(stored))
    with pytest.raises(ValueError, match="fitted for"):
        Calibration.load(tmp_path)


def _places(count: int) -> tuple[Place, ...]:
    return tuple(("boats", Span(at, at + 1)) for at in range(count))


def test_the_strictest_shares_are_fitted_of_those_that_are_as_good() -> None:
    """Two names in one sentence, right though the second is hardly likely; one elsewhere, wrong."""
    features = np.zeros((3, len(FEATURES)))
    features[:, 0] = [2.0, 0.5, 1.0]
    places = (*_places(1), *_places(2))
    named, right = (("Maren",), ("Freja",), ("Aarhus",)), np.array([1.0, 1.0, 0.0])
    facts = named[:2]
    told = Told.of(
        Labelled(features, ("",) * 3, places, named, right, right, False, True, False, facts,
              lambda _: None, np.zeros(3)),
    )  # fmt: skip
    right_by_margin = Calibration.plain().unchecked.right  # chances of 0.88, 0.62 and 0.73
    fitted = fitting._best_shares([told], right_by_margin)
    assert (fitted.within, fitted.elsewhere) == (0.7, 0.9)


def test_fitted_probabilities_are_those_that_made_the_data() -> None:
    """Right answers drawn with a known probability: the fit finds it again."""
    chance = np.random.default_rng(5)
    truth = Regression(tuple(float(name == "margin") for name in FEATURES), -1.0)
    asked = []
    for _ in range(3000):
        features = np.zeros((1, len(FEATURES)))
        features[0, 0] = chance.normal(0, 3)
        right = (chance.random(1) < truth.probabilities(features)).astype(float)
        holds = bool(right[0])
        facts = (("boat",),)
        asked.append(
            Labelled(
                features, ("",), _places(1), facts, right, right, False, holds, False, facts,
                lambda _: None, np.zeros(1),
            )
        )  # fmt: skip
    half = sum(one.answerable for one in asked) / len(asked)
    fitted = fit(asked)
    assert fitted.checked is None
    grid = np.zeros((5, len(FEATURES)))
    grid[:, 0] = [-4, -1, 1, 3, 6]
    # Answerable questions are weighed three to two, whatever their share was.
    shift = np.log(1.5 * (1 - half) / half)
    expected = Regression(truth.weights, truth.bias + shift).probabilities(grid)
    assert fitted.unchecked.right.probabilities(grid) == pytest.approx(expected, abs=0.05)
    weights = np.where([one.answerable for one in asked], 1.0, half / (1 - half) / 1.5)
    deciding = np.vstack([Described.all(one.features, np.zeros(1)).deciding(0) for one in asked])
    chances = fitted.unchecked.answerable.probabilities(deciding)
    wrong = weights * (~np.array([one.answerable for one in asked]))

    def share_wrong(threshold: float) -> float:
        return float(wrong[chances >= threshold].sum() / weights.sum())

    most = fitting._MOST_WRONG
    threshold = fitted.unchecked.threshold
    assert share_wrong(threshold) <= most < share_wrong(threshold - 0.01)


def test_a_check_that_knows_decides() -> None:
    """Where the reader's logits say nothing and the checker knows, the checker decides."""
    chance = np.random.default_rng(6)
    asked = []
    for number in range(400):
        features = chance.normal(0, 1, (2, len(FEATURES)))
        known = bool(number % 2)
        right = np.full(2, float(known))
        checks = np.full(2, 4.0 if known else -4.0)
        says, named = ("a or b",) * 2, (("a",), ("b",))
        knows = checks.__getitem__
        asked.append(
            Labelled(
                features, says, _places(2), named, right, right, False, known, False, named[:1],
                knows, np.zeros(2),
            )
        )  # fmt: skip
    checked = fit(asked).checked
    assert checked is not None
    unseen = Described.all(np.zeros((1, len(FEATURES))), np.zeros(1))
    for check, likely in ((4.0, True), (-4.0, False)):
        seen = unseen.checked(np.array([0]), np.array([check]), np.zeros(1))
        for told in (checked.right, checked.held):
            assert (told.probabilities(seen.features)[0] > 0.9) == likely
        answerable = checked.answerable.probabilities(seen.deciding(0))[0]
        assert (answerable > 0.9) == (answerable >= checked.threshold) == likely


@pytest.mark.usefixtures("read_once")
def test_a_checker_is_trained_resumed_and_loaded(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    data = written(tmp_path, BOATS[:2])  # each step of a network of this size takes seconds
    monkeypatch.setattr(train_checker, "_TOKENS", 100)
    half = tmp_path / "half"
    caplog.set_level("INFO", logger="footnoted")
    assert train_checker.main([str(data), "--out", str(half), "--epochs", "0.5"]) == 0
    assert train_checker.main([str(data), "--out", str(half), "--epochs", "1"]) == 0
    assert "resumed after step" in caplog.text
    assert {file.name for file in half.iterdir()} >= {
        "adapter_config.json", "adapter_model.safetensors", "head.safetensors", TOKENIZER,
    }  # fmt: skip
    assert train_checker.main([str(data), "--out", str(half), "--seed", "1"]) == 2
    assert "begun otherwise" in capsys.readouterr().err
    claims = [Claim("It was built in 1901.", "When was it built?", "1901")]
    assert np.isfinite(LanguageModelChecker(half).logits(claims)).all()
    further = str(tmp_path / "further")
    begun = ["--out", further, "--epochs", "0.5", "--start", str(half)]
    assert train_checker.main([str(data), *begun]) == 0
    assert (
        np.abs(
            LanguageModelChecker(Path(further)).logits(claims)
            - LanguageModelChecker(half).logits(claims)
        )[0]
        > 0
    )
    mean = tmp_path / "mean"
    assert average.main([str(half), further, "--out", str(mean)]) == 0
    assert np.isfinite(LanguageModelChecker(mean).logits(claims)).all()
