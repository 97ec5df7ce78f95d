"""The network of the check of claims, written down: its own layers on the reader's embeddings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from footnoted.corpus.errors import UnusableInput
from footnoted.index.networks.bert import Bert
from footnoted.index.networks.graph import linear, load_weights, network, op, tokens
from footnoted.index.networks.models import sha256_of_file
from footnoted.qa.reader.reader import SHIPPED_READER

INPUTS = "ids", "mask", "types"
LAYERS = "layers.safetensors"
"""What was trained: the encoder's layers, by their names in the reader, and the head's."""
WEIGHTS = "model.safetensors"
"""The reader's, of which the embeddings are taken."""
RECIPE = "recipe.json"
BASE = "reader_sha256"
"""Where the recipe tells the hash of the reader's weights with which the layers were trained."""

_HEAD = "supported"


def check_network(folder: Path) -> Any:
    """The network of ``folder`` as OpenVINO's: the logits of rows of ``INPUTS``, shape (rows,).

    Raises:
        UnusableInput: it was trained with another reader.
    """
    trained_with = json.loads((folder / RECIPE).read_text(encoding="utf-8"))[BASE]
    if trained_with != sha256_of_file(SHIPPED_READER / WEIGHTS):
        raise UnusableInput(
            f"the check of claims in {folder} was trained with another reader than the one in "
            f"{SHIPPED_READER}; install Footnoted again"
        )
    encoder = Bert(SHIPPED_READER, "bert.")
    encoder.weights.update(load_weights(folder / LAYERS))
    ids, mask, types = (tokens(name) for name in INPUTS)
    first = op().gather(encoder.hidden(ids, mask, types), np.int64(0), np.int64(1))
    weight, bias = (encoder.weights[f"{_HEAD}.{part}"] for part in ("weight", "bias"))
    logits = op().squeeze(linear(first, weight, bias), np.int64(-1))
    return network([logits], [ids, mask, types])
