"""The network of the check: a small language model with adapters, and a head for yes or no.

The model is SmolLM2-135M, which a package of PyPI's brings as a GGUF; only the adapters (Hu et al.,
"LoRA", ICLR 2022) and the head are our own.
"""

from __future__ import annotations

from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from footnoted.qa.checker.language_model import needed_language_model
from footnoted.qa.checker.network import HEAD

_BASE = "HuggingFaceTB/SmolLM2-135M-Instruct"
# Of full rank's 106 million numbers, two million are trained: five megabytes.
_RANK = 8


class CheckNetwork(nn.Module):
    """``model`` without its own head; each token gives the logit of yes, were it the last."""

    def __init__(self, model: Any, head: nn.Linear) -> None:
        super().__init__()
        self.model = model
        self.head = head

    def forward(self, ids: Tensor, positions: Tensor, until: Tensor) -> Tensor:
        """To logits; all of shape (rows, tokens). See ``qa.checker.packing.Pack``."""
        hidden = self.model(
            input_ids=ids,
            attention_mask=_mask(until, self.model.dtype),
            position_ids=positions,
            use_cache=False,
        ).last_hidden_state
        logits: Tensor = self.head(hidden.float()).squeeze(-1)
        return logits

    def save(self, folder: Path) -> None:
        """Write the adapters in PEFT's layout, and the head beside them."""
        from safetensors.torch import save_file

        # "auto" would ask the hub whether the language model's words are as they were.
        self.model.half().save_pretrained(folder, save_embedding_layers=False)
        save_file(self.head.half().state_dict(), folder / HEAD)


def _mask(until: Tensor, number_type: torch.dtype) -> Tensor:
    """What is added to the attention of each token (third axis) to each (fourth)."""
    at = torch.arange(until.shape[1])
    here, there = at[None, :, None], at[None, None, :]
    sees = (there <= here) & (here < until[:, None, :]) | (there == here)
    mask = torch.zeros(sees.shape, dtype=number_type)
    return mask.masked_fill(~sees, torch.finfo(number_type).min)[:, None]


def load_base(number_type: torch.dtype) -> tuple[Any, Any]:
    """The language model with its head, and its tokenizer.

    Raises:
        UnusableInput: its package is not installed.
    """
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from transformers.utils import logging

    file = needed_language_model()
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    with redirect_stderr(StringIO()):  # a second bar, which nothing else disables
        model = AutoModelForCausalLM.from_pretrained(
            file.parent, gguf_file=file.name, dtype=number_type
        )
    return model, AutoTokenizer.from_pretrained(file.parent, gguf_file=file.name)


def to_train(seed: int, start: Path | None = None) -> tuple[CheckNetwork, Any]:
    """A network whose adapters are yet to be trained, and its tokenizer.

    The adapters are those of ``start``, if it is given, to be trained further; else the head begins
    as the language model's own: " yes" less " no".
    """
    from peft import LoraConfig, PeftModel, get_peft_model

    torch.manual_seed(seed)
    model, tokenizer = load_base(torch.bfloat16)
    # What it was read from is a file of this machine.
    model.model.name_or_path = _BASE
    if start is not None:
        adapted = PeftModel.from_pretrained(model.model, str(start), is_trainable=True)
        return CheckNetwork(adapted, _saved_head(start)), tokenizer
    adapters = LoraConfig(r=_RANK, lora_alpha=2 * _RANK, target_modules="all-linear")
    head = _first_head(model, tokenizer)
    return CheckNetwork(get_peft_model(model.model, adapters), head), tokenizer


def load(folder: Path) -> CheckNetwork:
    """The trained network of ``folder``, with its adapters merged into the language model."""
    from peft import PeftModel

    model, _ = load_base(torch.float32)
    merged = PeftModel.from_pretrained(model.model, str(folder)).merge_and_unload()
    return CheckNetwork(merged, _saved_head(folder)).eval()


def _first_head(model: Any, tokenizer: Any) -> nn.Linear:
    words = model.get_input_embeddings().weight.detach().float()
    yes, no = (words[tokenizer.encode(word)[-1]] for word in (" yes", " no"))
    head = nn.Linear(words.shape[1], 1)
    with torch.no_grad():
        head.weight.copy_(yes - no)
        head.bias.zero_()
    return head


def _saved_head(folder: Path) -> nn.Linear:
    from safetensors.torch import load_file

    state = {name: one.float() for name, one in load_file(folder / HEAD).items()}
    head = nn.Linear(state["weight"].shape[1], 1)
    head.load_state_dict(state)
    return head
