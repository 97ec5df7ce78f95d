"""The check of claims, with the weights that are shipped."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from footnoted.corpus.errors import UnusableInput
from footnoted.qa.entailment.entailment import (
    CALIBRATION,
    SHIPPED_ENTAILMENT,
    CrossEncoderEntailment,
)
from footnoted.qa.entailment.network import BASE, LAYERS, RECIPE
from footnoted.qa.protocols import Pair

pytestmark = pytest.mark.models

TEXT = (
    "The council met on Monday. It approved the new library by seven votes to two. According to the"
    " mayor, the building will cost 4.2 million euros. Amnesty International said that the plan"
    " violates the rights of asylum seekers. Some residents may move before the summer."
)
SAID = [
    "The council met on Monday.",
    "It approved the new library by seven votes to two.",
    "Some residents may move.",
    "Amnesty International said that the plan violates the rights of asylum seekers.",
    "The mayor said that the building will cost 4.2 million euros.",
]
NOT_SAID = {
    "negation": "The council did not approve the new library.",
    "another figure": "It approved the new library by nine votes to two.",
    "another day": "The council met on Friday.",
    "opposite": "The council rejected the new library.",
    "modality": "All residents will move before the summer.",
    "attribution lost": "The plan violates the rights of asylum seekers.",
    "another speaker": "The mayor said that the plan violates the rights of asylum seekers.",
    "not said": "The library will be open on Sundays.",
    "about something else": "Whales feed on krill in the cold waters of the Antarctic.",
}


@pytest.fixture(scope="module")
def entailment() -> CrossEncoderEntailment:
    return CrossEncoderEntailment()


@pytest.mark.parametrize("claim", SAID)
def test_what_the_text_says_is_supported(claim: str, entailment: CrossEncoderEntailment) -> None:
    assert entailment.probabilities([Pair(TEXT, claim)])[0] >= entailment.threshold


@pytest.mark.parametrize("claim", NOT_SAID.values(), ids=NOT_SAID)
def test_what_the_text_does_not_say_is_not(claim: str, entailment: CrossEncoderEntailment) -> None:
    assert entailment.probabilities([Pair(TEXT, claim)])[0] < entailment.threshold


def test_who_did_it_to_whom_matters(entailment: CrossEncoderEntailment) -> None:
    text = "Norway defeated Sweden in the final."
    claims = "Norway defeated Sweden.", "Sweden defeated Norway."
    right, wrong = entailment.probabilities([Pair(text, claim) for claim in claims])
    assert right >= entailment.threshold > wrong


def test_a_pair_depends_on_nothing_asked_beside_it(entailment: CrossEncoderEntailment) -> None:
    pairs = [Pair(TEXT, claim) for claim in (*SAID, *NOT_SAID.values())]
    together = entailment.probabilities(pairs)
    assert together.dtype == np.float64
    assert together.shape == (len(pairs),)
    assert np.all((together >= 0) & (together <= 1))
    assert np.array_equal(together[::-1], entailment.probabilities(pairs[::-1]))
    alone = [entailment.probabilities([pair])[0] for pair in pairs]
    assert np.array_equal(together, alone)


def test_nothing_is_asked(entailment: CrossEncoderEntailment) -> None:
    assert entailment.probabilities([]).shape == (0,)


def test_a_long_text_is_read_to_its_end(entailment: CrossEncoderEntailment) -> None:
    filler = "The committee heard reports on roads, drains and hedges, and noted all of them. " * 60
    claim = "The council met on Monday."
    said, unsaid = entailment.probabilities([Pair(filler + TEXT, claim), Pair(filler, claim)])
    assert said >= entailment.threshold > unsaid


@pytest.mark.parametrize(
    "pair",
    [
        Pair("", "The council met."),
        Pair(TEXT, ""),
        Pair(" \n", " "),
        Pair(TEXT, "The council met and met. " * 100),
    ],
    ids=["no text", "no claim", "blank", "a claim too long to be read whole"],
)
def test_what_cannot_be_read_is_not_supported(
    pair: Pair, entailment: CrossEncoderEntailment
) -> None:
    assert entailment.probabilities([pair]).tolist() == [0.0]


@pytest.mark.parametrize(
    "pair",
    [
        Pair("理事会は月曜日に図書館を承認した。", "図書館は承認された。"),
        Pair("Совет одобрил библиотеку.", "The council approved the library."),
        Pair("وافق المجلس على المكتبة", "😀 ✅"),
        Pair("\x00\ufffc\ud7ff" * 400, "a"),
    ],
)
def test_any_script_is_read(pair: Pair, entailment: CrossEncoderEntailment) -> None:
    (found,) = entailment.probabilities([pair])
    assert 0 <= found <= 1


def test_the_name_tells_the_weights(entailment: CrossEncoderEntailment, tmp_path: Path) -> None:
    assert entailment.name.startswith("footnoted-entailment@")
    copy = tmp_path / "footnoted-entailment"
    shutil.copytree(SHIPPED_ENTAILMENT, copy)
    assert CrossEncoderEntailment(copy).name == entailment.name
    (copy / CALIBRATION).write_text(json.dumps({"slope": 2.0, "bias": 0.0, "threshold": 0.5}))
    assert CrossEncoderEntailment(copy).name != entailment.name


@pytest.mark.parametrize(
    "stored", ["", "[]", '{"slope": NaN}', '{"steepness": 1}', '{"bias": "x"}']
)
def test_a_damaged_calibration_is_told(stored: str, tmp_path: Path) -> None:
    for name in (LAYERS, RECIPE):
        (tmp_path / name).touch()
    (tmp_path / CALIBRATION).write_text(stored)
    with pytest.raises(UnusableInput, match=CALIBRATION):
        CrossEncoderEntailment(tmp_path)


def test_layers_that_were_trained_with_another_reader_are_not_run(tmp_path: Path) -> None:
    folder = tmp_path / "footnoted-entailment"
    shutil.copytree(SHIPPED_ENTAILMENT, folder)
    (folder / RECIPE).write_text(json.dumps({BASE: "another"}))
    with pytest.raises(UnusableInput, match="another reader"):
        CrossEncoderEntailment(folder).probabilities([Pair(TEXT, TEXT)])


def test_missing_weights_are_told(tmp_path: Path) -> None:
    with pytest.raises(UnusableInput, match="install Footnoted again"):
        CrossEncoderEntailment(tmp_path)


def test_nothing_is_loaded_before_it_is_asked() -> None:
    program = (
        "import sys\n"
        "from footnoted.qa.entailment.entailment import CrossEncoderEntailment\n"
        "CrossEncoderEntailment()\n"
        "print([name for name in ('torch', 'transformers', 'openvino') if name in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "[]"
