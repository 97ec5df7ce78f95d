"""The reader's network, written down, traced, or run by torch: all compute the same."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from footnoted.index.networks.compiled import Ids, converted, padded
from footnoted.qa.reader.reader import SHIPPED_READER
from footnoted.qa.reader.torch_network import InferenceNetwork, load
from footnoted.qa.reader.written import INPUTS, written
from support.networks import in_float32

pytestmark = pytest.mark.models


@pytest.fixture(params=["with further heads", "without"])
def folder(request: pytest.FixtureRequest, tiny_reader: Path) -> Path:
    return SHIPPED_READER if request.param == "with further heads" else tiny_reader


def batch() -> dict[str, Ids]:
    chance = np.random.default_rng(3)
    rows = [chance.integers(1000, 30000, length).tolist() for length in (40, 7, 25)]
    ids, mask = padded(rows)
    return {"ids": ids, "mask": mask, "types": mask * (np.arange(40) > 5)}


def test_written_down_it_computes_what_torch_does(folder: Path) -> None:
    network = InferenceNetwork(load(str(folder), torch.float32, local=True)[0])
    given = batch()
    with torch.inference_mode():
        exact = network(*(torch.from_numpy(given[name]) for name in INPUTS))
    found = in_float32(written(folder))(given)
    traced = in_float32(converted(network, INPUTS))(given)
    assert len(found) == len(exact)
    for ours, theirs, by_torch in zip(found, traced, exact, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-5)
        np.testing.assert_allclose(ours, by_torch.numpy(), atol=1e-3)


@pytest.mark.parametrize("change", [{"model_type": "roberta"}, {"hidden_act": "relu"}])
def test_what_is_unlike_ours_is_not_written_down(
    change: dict[str, str], tiny_reader: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(tiny_reader, tmp_path / "other")
    assert written(folder) is not None
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    (folder / "config.json").write_text(json.dumps(config | change), encoding="utf-8")
    assert written(folder) is None


def test_an_encoder_that_answers_no_questions_is_not_written_down(tmp_path: Path) -> None:
    from transformers import BertConfig, BertForMaskedLM

    config = BertConfig(
        hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64
    )
    BertForMaskedLM(config).save_pretrained(tmp_path)
    assert written(tmp_path) is None
