"""Train a reader.

    python -m footnoted.qa.training.train_reader DATA... --out FOLDER [--recipe FILE]
        [--epochs N] [--base FOLDER]

DATA are SQuAD's JSON files, and folders with corpus.jsonl and questions.jsonl. What to begin with
is the encoder all-MiniLM-L6-v2, unless --base names another, or a reader to train further. Killed,
a run goes on from its last checkpoint when it is started again.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch

from footnoted.corpus.errors import UnusableInput
from footnoted.index.embedding import packaged_model
from footnoted.qa.reader.torch_network import Heads, SpanNetwork, saved_heads
from footnoted.qa.training.command import exit_code
from footnoted.qa.training.examples import TRAIN, read
from footnoted.qa.training.loop import Trainer
from footnoted.qa.training.progress import KEEP_EVERY
from footnoted.qa.training.recipe import Recipe


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Train a reader on public question sets.")
    parser.add_argument("data", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--recipe", type=Path)
    parser.add_argument("--epochs", type=float)
    parser.add_argument("--base", type=Path)
    parser.add_argument("--keep-every", type=float, default=KEEP_EVERY, metavar="SECONDS")
    options = parser.parse_args(arguments)
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.INFO, stream=sys.stderr)

    def run() -> None:
        recipe = Recipe.load(options.recipe) if options.recipe else Recipe()
        if options.epochs:
            recipe = replace(recipe, epochs=options.epochs)
        train(options.data, options.out, recipe, options.base, options.keep_every)

    return exit_code(run)


def train(
    data: Sequence[Path],
    folder: Path,
    recipe: Recipe,
    base: Path | None = None,
    keep_every: float = KEEP_EVERY,
) -> None:
    """Train on the part of ``data`` that is for training; the weights go to ``folder``."""
    from transformers import AutoModelForQuestionAnswering, AutoTokenizer
    from transformers.utils import logging as quiet

    quiet.set_verbosity_error()  # type: ignore[no-untyped-call]
    torch.manual_seed(recipe.seed)
    base = base or packaged_model()
    # Without dropout, of which an epoch or three need none, a step takes half the time.
    model = AutoModelForQuestionAnswering.from_pretrained(
        base, dtype=torch.float32, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0
    )
    width = model.config.hidden_size
    network = SpanNetwork(model, saved_heads(base, width) or Heads(width))
    tokenizer = AutoTokenizer.from_pretrained(base)
    examples = [example for path in data for example in read(path) if example.part == TRAIN]
    if not examples:
        raise UnusableInput("none of the data is for training; see qa/training/examples.py")
    Trainer(network, tokenizer, examples, recipe, folder, keep_every).train()


if __name__ == "__main__":
    sys.exit(main())
