"""The network of a reader like ours, written down: an encoder, the spans' head and two further."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from footnoted.index.networks.bert import Bert, is_bert
from footnoted.index.networks.graph import linear, load_weights, network, op, tokens

INPUTS = "ids", "mask", "types"
HEADS = "heads.safetensors"

_SPANS = "qa_outputs"


def written(folder: Path) -> Any:
    """OpenVINO's network, with the outputs of ``torch_network.InferenceNetwork``.

    None for another architecture, or an encoder that was not trained to answer questions.
    """
    if not is_bert(folder):
        return None
    encoder = Bert(folder, "bert.")
    if f"{_SPANS}.weight" not in encoder.weights:
        return None
    ids, mask, types = (tokens(name) for name in INPUTS)
    hidden = encoder.hidden(ids, mask, types)
    spans = linear(hidden, encoder.weights[f"{_SPANS}.weight"], encoder.weights[f"{_SPANS}.bias"])
    outputs = [op().gather(spans, np.int64(at), np.int64(2)) for at in (0, 1)]
    if (folder / HEADS).is_file():
        heads = load_weights(folder / HEADS)
        first = op().gather(hidden, np.int64(0), np.int64(1))
        answerable = linear(first, heads["answerable.weight"], heads["answerable.bias"])
        outputs.append(op().squeeze(answerable, np.int64(-1)))
    return network(outputs, [ids, mask, types])
