"""Networks as they compute exactly, to be compared with torch's; and tiny ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from footnoted.index.embedding import packaged_model
from footnoted.index.networks.openvino import core
from footnoted.qa.checker.language_model import needed_language_model


def in_float32(model: Any) -> Callable[[Mapping[str, NDArray[Any]]], list[NDArray[np.float32]]]:
    """OpenVINO's network, for any processor, from arrays by the names of its inputs."""
    compiled = core().compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    names = [port.any_name for port in compiled.inputs]
    request = compiled.create_infer_request()
    return lambda inputs: list(request.infer([inputs[name] for name in names]).values())


def save_cross_encoder(folder: Path, labels: Sequence[str]) -> Path:
    """A random model of two layers that judges pairs of texts, saved as transformers saves one."""
    from transformers import BertForSequenceClassification

    numbered = {label: at for at, label in enumerate(labels)}
    return save_random(
        BertForSequenceClassification,
        folder,
        seed=11,
        id2label=dict(enumerate(labels)),
        label2id=numbered,
    )


def save_language_model(folder: Path) -> Path:
    """SmolLM2-135M-Instruct, which a package brings as a GGUF, as transformers saves one."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

    file = needed_language_model()
    made: Any = AutoModelForCausalLM
    model = made.from_pretrained(
        file.parent,
        gguf_file=file.name,
        dtype=torch.bfloat16,
        quantization_config=GgufConfig(dequantize=True),  # else it cannot be saved
    )
    model.save_pretrained(folder)
    AutoTokenizer.from_pretrained(file.parent, gguf_file=file.name).save_pretrained(folder)
    return folder


def save_random(model: Any, folder: Path, seed: int, **choices: Any) -> Path:
    """A random BERT of two layers, with the packaged model's tokenizer, as transformers saves it.

    ``model`` is its class, ``choices`` are further ones of its configuration.
    """
    import torch
    from transformers import AutoTokenizer, BertConfig

    torch.manual_seed(seed)
    tokenizer = AutoTokenizer.from_pretrained(packaged_model())
    config = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        initializer_range=0.5,
        **choices,
    )
    model(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder
