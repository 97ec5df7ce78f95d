"""Train the check of claims.

    python -m footnoted.qa.training.train_entailment CLAIMS... --paragraphs DATA... --out FOLDER
        [--epochs N] [--made N] [--rate R]

CLAIMS are files of JSON lines (see ``claim_sets``), DATA SQuAD's JSON files: of their paragraphs
and questions, claims are made. What to begin with is the encoder of the reader that is shipped,
whose embeddings stay as they are. Killed, a run goes on from its last checkpoint when it is started
again.
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.types import Span
from footnoted.corpus.words import content_stems
from footnoted.index.networks.compiled import by_length
from footnoted.index.networks.models import processor_has_bfloat16, sha256_of_file
from footnoted.qa.entailment.cross_encoder import TOKENIZER
from footnoted.qa.entailment.network import BASE, LAYERS, WEIGHTS
from footnoted.qa.entailment.rows import Row, Rows
from footnoted.qa.protocols import Pair
from footnoted.qa.reader.reader import SHIPPED_READER
from footnoted.qa.reader.torch_network import Inputs
from footnoted.qa.training import asked_claims, claim_sets, loop
from footnoted.qa.training.claim_sets import Judged
from footnoted.qa.training.command import exit_code
from footnoted.qa.training.examples import TRAIN, read
from footnoted.qa.training.made_claims import Paragraphs
from footnoted.qa.training.recipe import FILE, Recipe
from footnoted.qa.training.windows import sentence_starts

_RECIPE = replace(Recipe(), peak_rate=2e-4, warm_up=0.03, decay=0.6, epochs=1.0)
_REPEATS = {"fever-symmetric": 2, "fool-me-twice": 2, "wice": 3}
"""How often an epoch holds the claims of small sets that are hard."""
_TOKENS = 4096
"""Of a batch, padding included."""
_POOL = 2048
_AROUND = 2
"""Sentences before and after that which holds an answer."""


class Batch(NamedTuple):
    rows: list[Row]
    supported: list[bool]


@dataclass(frozen=True, slots=True)
class Data:
    """What is trained on: claims that people judged, claims of questions, and paragraphs."""

    judged: Sequence[Judged]
    asked: Sequence[Judged]
    paragraphs: Paragraphs
    made: int
    """So many claims are made of the paragraphs in each epoch."""

    def epoch(self, chance: random.Random) -> list[Judged]:
        asked = [replace(one, pair=_narrowed(one.pair, chance)) for one in self.asked]
        often = [one for one in self.judged for _ in range(_REPEATS.get(one.source, 1))]
        return [*often, *asked, *self.paragraphs.judged(self.made, chance)]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Train the check of claims.")
    parser.add_argument("claims", type=Path, nargs="+")
    parser.add_argument("--paragraphs", type=Path, nargs="+", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=float, default=_RECIPE.epochs)
    parser.add_argument("--made", type=int, default=30_000)
    parser.add_argument("--rate", type=float, default=_RECIPE.peak_rate)
    parser.add_argument("--seed", type=int, default=_RECIPE.seed)
    options = parser.parse_args(arguments)
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.INFO, stream=sys.stderr)

    def run() -> None:
        recipe = replace(_RECIPE, seed=options.seed, epochs=options.epochs, peak_rate=options.rate)
        data = read_data(options.claims, options.paragraphs, TRAIN, options.made)
        train(data, options.out, recipe)

    return exit_code(run)


def read_data(sets: Sequence[Path], paragraphs: Sequence[Path], part: str, made: int) -> Data:
    """What of the files is for one part.

    Raises:
        UnusableInput: a file cannot be read, or none is for that part.
    """
    judged = [one for path in sets for one in claim_sets.read(path) if one.part == part]
    asked = [one for path in paragraphs for one in asked_claims.read(path) if one.part == part]
    examples = [one for path in paragraphs for one in read(path) if one.part == TRAIN]
    articles: dict[str, dict[str, None]] = {}
    for one in examples:
        if claim_sets.part_of(one.article) == part:
            articles.setdefault(one.article, {})[one.text] = None
    if not judged or not articles:
        raise UnusableInput("none of the data is for training")
    of_articles = {article: list(texts) for article, texts in articles.items()}
    return Data(judged, asked, Paragraphs(of_articles, "made"), made)


def _narrowed(pair: Pair, chance: random.Random) -> Pair:
    """The claim, with the sentence of its text that it is about and a few round it.

    That sentence is the one with most of the claim's words.
    """
    edges = sentence_starts(pair.text)
    there = content_stems(pair.claim)
    spans = [Span(a, b) for a, b in pairwise(edges)]
    best = max(
        range(len(spans)), key=lambda at: len(content_stems(pair.text[slice(*spans[at])]) & there)
    )
    first = max(0, best - chance.randint(0, _AROUND))
    last = min(len(spans) - 1, best + chance.randint(0, _AROUND))
    return Pair(pair.text[spans[first].start : spans[last].end].strip(), pair.claim)


def train(data: Data, folder: Path, recipe: Recipe) -> None:
    """Train on ``data``; the layers go to ``folder``."""
    torch.manual_seed(recipe.seed)
    network = SupportNetwork()
    learner = _Learner(network, data, recipe)
    began_with = {BASE: sha256_of_file(SHIPPED_READER / WEIGHTS), "made": str(data.made)}
    loop.train(learner, recipe, folder, began_with=began_with)
    network.save(folder)
    stored = {**asdict(recipe), **began_with}
    (folder / FILE).write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")


class SupportNetwork(nn.Module):
    """The reader's encoder, of which the layers are trained, and a head on the first token."""

    def __init__(self) -> None:
        super().__init__()
        from transformers import AutoModel
        from transformers.utils import logging as quiet

        quiet.set_verbosity_error()  # type: ignore[no-untyped-call]
        quiet.disable_progress_bar()  # type: ignore[no-untyped-call]
        self.encoder = AutoModel.from_pretrained(
            SHIPPED_READER,
            dtype=torch.float32,
            add_pooling_layer=False,
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
        )
        self.encoder.embeddings.requires_grad_(False)
        self.supported = nn.Linear(self.encoder.config.hidden_size, 1)

    def forward(self, inputs: Inputs) -> Tensor:
        """The logits of rows, shape (rows,)."""
        found = self.encoder(
            input_ids=inputs.ids, attention_mask=inputs.mask, token_type_ids=inputs.types
        )
        logits: Tensor = self.supported(found.last_hidden_state[:, 0].float()).squeeze(-1)
        return logits

    def trained(self) -> dict[str, nn.Parameter]:
        """What is learnt, by the names under which it is saved."""
        named = {re.sub("^encoder", "bert", name): p for name, p in self.named_parameters()}
        return {name: p for name, p in named.items() if p.requires_grad}

    def save(self, folder: Path) -> None:
        """Write what was learnt as float16."""
        from safetensors.torch import save_file

        halves = {name: value.detach().half() for name, value in self.trained().items()}
        save_file(halves, folder / LAYERS, metadata={"format": "pt"})
        (folder / LAYERS).chmod(0o644)  # safetensors lets nobody else read what it writes


class _Learner:
    def __init__(self, network: SupportNetwork, data: Data, recipe: Recipe) -> None:
        self._network = network.train()
        self._data, self._recipe = data, recipe
        self._rows = Rows(Tokenizer.from_file(str(SHIPPED_READER / TOKENIZER)))
        self.weights = network.trained()
        plain = [p for p in self.weights.values() if p.ndim < 2]
        decayed = [p for p in self.weights.values() if p.ndim >= 2]
        self.optimizer = torch.optim.AdamW(
            [
                {"params": decayed, "weight_decay": recipe.weight_decay},
                {"params": plain, "weight_decay": 0.0},
            ],
            lr=recipe.peak_rate,
            fused=True,
        )

    def batches(self, epoch: int) -> list[Batch]:
        chance = random.Random(f"{self._recipe.seed}/{epoch}")  # noqa: S311
        judged = self._data.epoch(chance)
        chance.shuffle(judged)
        # What is read in several windows may be supported in any one of them.
        read = [
            (rows[0], one.supported) for one in judged if len(rows := self._rows.of(one.pair)) == 1
        ]
        return list(_batches(read, chance))

    def backward(self, batch: Batch) -> float:
        rows = batch.rows
        inputs = Inputs.padded(
            [row.ids for row in rows], [row.text_from for row in rows], self._rows.pad
        )
        with torch.autocast("cpu", torch.bfloat16, enabled=processor_has_bfloat16()):
            logits = self._network(inputs)
        loss = binary_cross_entropy_with_logits(
            logits.float(), torch.tensor(batch.supported).float()
        )
        loss.backward()  # type: ignore[no-untyped-call]
        return loss.item()

    def moved(self) -> None:
        """Nothing more: the weights are the network's own."""


def _batches(read: Sequence[tuple[Row, bool]], chance: random.Random) -> Iterator[Batch]:
    """Of nearly equal lengths."""
    for first in range(0, len(read), _POOL):
        some = read[first : first + _POOL]
        cut = list(by_length([len(row.ids) for row, _ in some], _TOKENS))
        chance.shuffle(cut)
        for numbers in cut:
            yield Batch([some[at][0] for at in numbers], [some[at][1] for at in numbers])


if __name__ == "__main__":
    sys.exit(main())
