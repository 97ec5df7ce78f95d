"""The cross-encoder of the check of claims, with the weights that are shipped."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from footnoted.corpus.errors import UnusableInput
from footnoted.qa.entailment.cross_encoder import SHIPPED_ENTAILMENT, CrossEncoder
from footnoted.qa.entailment.network import BASE, RECIPE
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
def claims() -> CrossEncoder:
    return CrossEncoder()


@pytest.mark.parametrize("claim", NOT_SAID.values(), ids=NOT_SAID)
def test_what_the_text_says_is_likelier_than_what_it_does_not(
    claim: str, claims: CrossEncoder
) -> None:
    unsaid, *said = claims.logits([Pair(TEXT, one) for one in (claim, *SAID)])
    assert unsaid < min(said)


def test_who_did_it_to_whom_matters(claims: CrossEncoder) -> None:
    text = "Norway defeated Sweden in the final."
    said = "Norway defeated Sweden.", "Sweden defeated Norway."
    right, wrong = claims.logits([Pair(text, claim) for claim in said])
    assert right > wrong


def test_a_pair_depends_on_nothing_asked_beside_it(claims: CrossEncoder) -> None:
    pairs = [Pair(TEXT, claim) for claim in (*SAID, *NOT_SAID.values())]
    together = claims.logits(pairs)
    assert together.dtype == np.float64
    assert together.shape == (len(pairs),)
    assert np.array_equal(together[::-1], claims.logits(pairs[::-1]))
    assert together.tolist() == [claims.logits([pair])[0] for pair in pairs]


def test_nothing_is_asked(claims: CrossEncoder) -> None:
    assert claims.logits([]).shape == (0,)


def test_a_long_text_is_read_to_its_end(claims: CrossEncoder) -> None:
    filler = "The committee heard reports on roads, drains and hedges, and noted all of them. " * 60
    claim = "The council met on Monday."
    said, unsaid = claims.logits([Pair(filler + TEXT, claim), Pair(filler, claim)])
    assert said > unsaid


@pytest.mark.parametrize(
    "pair",
    [
        Pair("理事会は月曜日に図書館を承認した。", "図書館は承認された。"),
        Pair("Совет одобрил библиотеку.", "The council approved the library."),
        Pair("وافق المجلس على المكتبة", "😀 ✅"),
        Pair("\x00\ufffc\ud7ff" * 400, "a"),
    ],
)
def test_any_script_is_read(pair: Pair, claims: CrossEncoder) -> None:
    (found,) = claims.logits([pair])
    assert np.isfinite(found)


def test_the_name_tells_the_weights(claims: CrossEncoder, tmp_path: Path) -> None:
    assert claims.name.startswith("footnoted-entailment@")
    copy = tmp_path / "footnoted-entailment"
    shutil.copytree(SHIPPED_ENTAILMENT, copy)
    assert CrossEncoder(copy).name == claims.name
    (copy / RECIPE).write_text(json.dumps({BASE: "another"}))
    assert CrossEncoder(copy).name != claims.name


def test_layers_that_were_trained_with_another_reader_are_not_run(tmp_path: Path) -> None:
    folder = tmp_path / "footnoted-entailment"
    shutil.copytree(SHIPPED_ENTAILMENT, folder)
    (folder / RECIPE).write_text(json.dumps({BASE: "another"}))
    with pytest.raises(UnusableInput, match="another reader"):
        CrossEncoder(folder).logits([Pair(TEXT, TEXT)])


def test_missing_weights_are_told(tmp_path: Path) -> None:
    with pytest.raises(UnusableInput, match="install Footnoted again"):
        CrossEncoder(tmp_path)
