"""The network of the reader: any model for extractive question answering, and two further heads.

The spans' head and the encoder are saved in the standard layout, so that transformers reads them as
they are; the other two heads stand in a file beside. A model of somebody else's has none.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from footnoted.qa.reader.written import HEADS


class Inputs(NamedTuple):
    """Token ids, attention mask and segment of each token, shape (rows, tokens)."""

    ids: Tensor
    mask: Tensor
    types: Tensor

    @classmethod
    def padded(
        cls, rows: Sequence[Sequence[int]], text_from: Sequence[int], pad: int | None
    ) -> Inputs:
        """Rows of token ids, each with the place where its text follows its question."""
        shape = len(rows), max(map(len, rows))
        ids = torch.full(shape, pad or 0)
        mask, types = torch.zeros(shape, dtype=torch.long), torch.zeros(shape, dtype=torch.long)
        for row, (tokens, first) in enumerate(zip(rows, text_from, strict=True)):
            ids[row, : len(tokens)] = torch.tensor(tokens)
            mask[row, : len(tokens)] = 1
            types[row, first : len(tokens)] = 1
        return cls(ids, mask, types)


class Outputs(NamedTuple):
    """Logits: of ``start``, ``end`` and ``inside``, shape (rows, tokens); ``answerable``, (rows,).

    The first token's start and end stand for "no answer here". The last two are None where the
    model has no such heads.
    """

    start: Tensor
    end: Tensor
    answerable: Tensor | None
    inside: Tensor | None


class Heads(nn.Module):
    """Whether the passage answers, read off its first token; and whether each token does."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.answerable = nn.Linear(width, 1)
        self.inside = nn.Linear(width, 1)


class SpanNetwork(nn.Module):
    """A model that ``AutoModelForQuestionAnswering`` loads, with ``heads`` or without."""

    def __init__(self, model: Any, heads: Heads | None) -> None:
        super().__init__()
        self.model = model
        self.heads = heads

    def forward(self, inputs: Inputs) -> Outputs:
        # Not every architecture tells question and passage apart by a segment.
        segments = {"token_type_ids": inputs.types} if self._has_segments else {}
        found = self.model(
            input_ids=inputs.ids,
            attention_mask=inputs.mask,
            output_hidden_states=self.heads is not None,
            **segments,
        )
        if self.heads is None:
            return Outputs(found.start_logits.float(), found.end_logits.float(), None, None)
        hidden = found.hidden_states[-1]
        return Outputs(
            found.start_logits.float(),
            found.end_logits.float(),
            self.heads.answerable(hidden[:, 0]).squeeze(-1).float(),
            self.heads.inside(hidden).squeeze(-1).float(),
        )

    @property
    def _has_segments(self) -> bool:
        return getattr(self.model.config, "type_vocab_size", 0) > 1

    def save(self, folder: Path) -> None:
        """Write the weights as float16, in transformers' layout."""
        from safetensors.torch import save_file

        self.model.half().save_pretrained(folder)
        self.model.float()
        if self.heads is not None:
            halves = {name: value.half() for name, value in self.heads.state_dict().items()}
            save_file(halves, folder / HEADS)


class InferenceNetwork(nn.Module):
    """What of a network is used to answer: tensors in, tensors out, so that it can be traced."""

    def __init__(self, network: SpanNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, ids: Tensor, mask: Tensor, types: Tensor) -> tuple[Tensor, ...]:
        """The logits of ``start`` and ``end`` and, of a network with heads, ``answerable``."""
        found = self.network(Inputs(ids, mask, types))
        pair = found.start, found.end
        return pair if found.answerable is None else (*pair, found.answerable)


def load(name: str, number_type: torch.dtype, *, local: bool) -> tuple[SpanNetwork, Any]:
    """A network and its tokenizer, from a folder or, unless ``local``, from the hub.

    Raises:
        ValueError: the model was not trained to answer questions, or cannot tell where it read.
    """
    from transformers import AutoModelForQuestionAnswering, AutoTokenizer
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    model, found = AutoModelForQuestionAnswering.from_pretrained(
        name, local_files_only=local, output_loading_info=True
    )
    if found["missing_keys"]:
        raise ValueError("it was not trained for extractive question answering")
    tokenizer = AutoTokenizer.from_pretrained(name, local_files_only=local)
    if not tokenizer.is_fast:
        raise ValueError("its tokenizer does not tell offsets")
    heads = saved_heads(Path(name), model.config.hidden_size)
    return SpanNetwork(model, heads).to(number_type).eval(), tokenizer


def saved_heads(folder: Path, width: int) -> Heads | None:
    """The two further heads, of a model that has them."""
    from safetensors.torch import load_file

    if not (folder / HEADS).is_file():
        return None
    heads = Heads(width)
    heads.load_state_dict(load_file(folder / HEADS))
    return heads
