"""Average readers that were trained from the same weights.

    python -m qa.average_readers READER... --out FOLDER

Runs that part from the same weights end near each other, and the mean of their weights does better
than any one of them, at no cost when it is asked (Wortsman et al., "Model soups", ICML 2022).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from corpus.types import UnusableInput
from index.models import load_named
from qa.span_network import SpanNetwork, load
from qa.training.command import exit_code
from qa.training.recipe import FILE


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Average the weights of several readers.")
    parser.add_argument("readers", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    return exit_code(lambda: average(options.readers, options.out))


def average(readers: Sequence[Path], folder: Path) -> None:
    """Write the mean of the readers' weights to ``folder``, with the recipes of all."""
    (network, tokenizer), *others = [_load(reader) for reader in readers]
    states = [network.state_dict(), *(other.state_dict() for other, _ in others)]
    shapes = [{name: value.shape for name, value in state.items()} for state in states]
    if any(other != shapes[0] for other in shapes):
        raise UnusableInput("only readers of the same architecture can be averaged")
    network.load_state_dict(
        {name: torch.stack([state[name] for state in states]).mean(0) for name in states[0]}
    )
    network.save(folder)
    tokenizer.save_pretrained(folder)
    recipes = [recipe for reader in readers for recipe in _recipes(reader)]
    (folder / FILE).write_text(json.dumps(recipes, indent=1) + "\n", encoding="utf-8")


def _load(reader: Path) -> tuple[SpanNetwork, Any]:
    return load_named(str(reader), lambda local: load(str(reader), torch.float32, local=local))


def _recipes(reader: Path) -> list[object]:
    if not (reader / FILE).is_file():
        return []
    found = json.loads((reader / FILE).read_text(encoding="utf-8"))
    return found if isinstance(found, list) else [found]


if __name__ == "__main__":
    sys.exit(main())
