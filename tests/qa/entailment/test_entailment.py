"""Both checks of a claim together, as they are shipped."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.sentences import sentences
from footnoted.qa.entailment.entailment import CALIBRATION, Calibration
from footnoted.qa.entailment.named import shipped_entailment
from footnoted.qa.protocols import Entailment, Pair
from footnoted.qa.writing.particulars import said_at_once

pytestmark = pytest.mark.models

TEXT = (
    "The council met on Monday. It approved the new library by seven votes to two. According to the"
    " mayor, the building will cost 4.2 million euros. Amnesty International said that the plan"
    " violates the rights of asylum seekers. Some residents may move before the summer."
)
SAID = {
    "word for word": "The council met on Monday.",
    "in other words": "The library was approved by the council on Monday.",
    "less": "Some residents may move.",
    "with its speaker": "The mayor said that the building will cost 4.2 million euros.",
}
NOT_SAID = {
    "opposite": "The council rejected the new library.",
    "modality": "All residents will move before the summer.",
    "not said": "The library will be open on Sundays.",
    "about something else": "Whales feed on krill in the cold waters of the Antarctic.",
}


@pytest.fixture(scope="module")
def entailment() -> Entailment:
    found = shipped_entailment()
    assert found is not None
    return found


def least(claim: str, entailment: Entailment) -> float:
    return entailment.threshold(said_at_once(claim, sentences(TEXT)))


@pytest.mark.parametrize("claim", SAID.values(), ids=SAID)
def test_what_the_text_says_is_supported(claim: str, entailment: Entailment) -> None:
    assert entailment.probabilities([Pair(TEXT, claim)])[0] >= least(claim, entailment)


@pytest.mark.parametrize("claim", NOT_SAID.values(), ids=NOT_SAID)
def test_what_the_text_does_not_say_is_not(claim: str, entailment: Entailment) -> None:
    assert entailment.probabilities([Pair(TEXT, claim)])[0] < least(claim, entailment)


def test_the_less_is_said_word_for_word_the_surer_it_has_to_be(entailment: Entailment) -> None:
    assert entailment.threshold(1.0) < entailment.threshold(0.5) < entailment.threshold(0.0) <= 1


def test_what_is_denied_is_less_likely(entailment: Entailment) -> None:
    """Though not struck: rules hear a "not", and the check of answers hardly does."""
    denied = Pair(TEXT, "The council did not approve the new library.")
    said = [Pair(TEXT, claim) for claim in SAID.values()]
    assert entailment.probabilities([denied])[0] < entailment.probabilities(said).min()


def test_a_pair_depends_on_nothing_asked_beside_it(entailment: Entailment) -> None:
    pairs = [Pair(TEXT, claim) for claim in (*SAID.values(), *NOT_SAID.values())]
    together = entailment.probabilities(pairs)
    assert together.dtype == np.float64
    assert together.shape == (len(pairs),)
    assert np.all((together >= 0) & (together <= 1))
    assert np.array_equal(together[::-1], entailment.probabilities(pairs[::-1]))
    assert together.tolist() == [entailment.probabilities([pair])[0] for pair in pairs]


def test_nothing_is_asked(entailment: Entailment) -> None:
    assert entailment.probabilities([]).shape == (0,)


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
def test_what_cannot_be_read_is_not_supported(pair: Pair, entailment: Entailment) -> None:
    assert entailment.probabilities([pair]).tolist() == [0.0]


def test_the_name_tells_both_checks(entailment: Entailment) -> None:
    assert "footnoted-entailment@" in entailment.name and "footnoted-checker@" in entailment.name


@pytest.mark.parametrize(
    "stored", ["", "[]", '{"claims": NaN}', '{"steepness": 1}', '{"bias": "x"}']
)
def test_a_damaged_calibration_is_told(stored: str, tmp_path: Path) -> None:
    (tmp_path / CALIBRATION).write_text(stored)
    with pytest.raises(UnusableInput, match=CALIBRATION):
        Calibration.load(tmp_path)


def test_nothing_is_loaded_before_it_is_asked() -> None:
    program = (
        "import sys\n"
        "from footnoted.qa.entailment.named import shipped_entailment\n"
        "shipped_entailment()\n"
        "print([name for name in ('torch', 'transformers', 'openvino') if name in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "[]"
