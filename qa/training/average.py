"""Average networks that were trained from the same weights: readers, or adapters of the check.

    python -m footnoted.qa.training.average FOLDER... --out FOLDER

Runs that part from the same weights end near each other, and the mean of their weights does better
than any one of them, at no cost when it is asked (Wortsman et al., "Model soups", ICML 2022).
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from footnoted.corpus.errors import UnusableInput
from footnoted.qa.reader.calibration import FILE as CALIBRATION
from footnoted.qa.training.command import exit_code
from footnoted.qa.training.recipe import FILE as RECIPE

Weights = dict[str, dict[str, torch.Tensor]]
"""By file and by name."""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Average the weights of several networks.")
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    return exit_code(lambda: average(options.folders, options.out))


def average(folders: Sequence[Path], out: Path) -> None:
    """Write the mean of the folders' weights to ``out``, with the recipes of all.

    Raises:
        UnusableInput: a folder holds no weights, or those of another architecture.
    """
    all_weights = [_weights(folder) for folder in folders]
    first, *others = map(_shapes, all_weights)
    if any(other != first for other in others):
        raise UnusableInput("only networks of the same architecture can be averaged")
    out.mkdir(parents=True, exist_ok=True)
    for file, tensors in all_weights[0].items():
        mean = {name: _mean([one[file][name] for one in all_weights]) for name in tensors}
        save_file(mean, out / file, metadata={"format": "pt"})
        (out / file).chmod(0o644)  # safetensors lets nobody else read what it writes
    # What was fitted to one of them is none for the mean.
    for path in folders[0].glob("*.json"):
        if path.name not in (CALIBRATION, RECIPE):
            shutil.copy(path, out)
    recipes = [recipe for folder in folders for recipe in _recipes(folder)]
    if recipes:
        (out / RECIPE).write_text(json.dumps(recipes, indent=1) + "\n", encoding="utf-8")


def _weights(folder: Path) -> Weights:
    try:
        found = {path.name: load_file(path) for path in sorted(folder.glob("*.safetensors"))}
    except (OSError, SafetensorError) as error:
        raise UnusableInput(f"the weights in {folder} cannot be read: {error}") from None
    if not found:
        raise UnusableInput(f"{folder} holds no weights; name a folder that training made")
    return found


def _shapes(weights: Weights) -> dict[str, dict[str, torch.Size]]:
    return {
        file: {name: value.shape for name, value in tensors.items()}
        for file, tensors in weights.items()
    }


def _mean(values: Sequence[torch.Tensor]) -> torch.Tensor:
    return torch.stack([value.float() for value in values]).mean(0).to(values[0].dtype)


def _recipes(folder: Path) -> list[object]:
    if not (folder / RECIPE).is_file():
        return []
    found = json.loads((folder / RECIPE).read_text(encoding="utf-8"))
    return found if isinstance(found, list) else [found]


if __name__ == "__main__":
    sys.exit(main())
