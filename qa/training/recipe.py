"""Every choice of a training run, in one place. It is saved with the weights."""

from __future__ import annotations

import json
import tomllib
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from footnoted.corpus.errors import UnusableInput

FILE = "recipe.json"
"""Where a run's recipe stands, beside the weights that it made."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a training run does. Shares are probabilities for each question in each epoch."""

    seed: int = 20221122
    epochs: float = 3.0
    batch: int = 32
    peak_rate: float = 2e-4
    warm_up: float = 0.02
    """The share of all steps in which the rate rises to its peak, evenly."""
    decay: float = 0.25
    """The share of all steps, at the end, in which it falls to zero, evenly. Between the two it is
    constant, so that a run can be lengthened after it was begun (Hu et al., "MiniCPM", 2024)."""
    weight_decay: float = 0.01
    most_tokens: int = 384
    window: tuple[int, int] = (250, 900)
    """The shortest and longest window that is cut from a text, in characters."""
    whole_text: float = 0.15
    """The share of texts that are read whole, as far as ``most_tokens`` go."""
    retrieved: float = 0.4
    """Also asked of a passage that was found for it and does not hold the answer."""
    retrieved_from: int = 8
    removed: float = 0.25
    """Also asked of its passage without the sentences that hold the answer."""
    altered: float = 0.3
    """Also asked with a name, a number or a word changed, so that its passage no longer answers."""
    repeats: tuple[tuple[str, float], ...] = (
        ("policyqa", 0.4),
        ("squad2", 2.0),
        ("multispanqa", 3.0),
    )
    """How often an epoch holds the questions of a source; 1 where none is given."""
    answerable_weight: float = 0.5
    inside_weight: float = 4.0
    """The weights of the two further heads' losses, beside 1 for that of the spans."""

    def repeats_of(self, source: str) -> float:
        return dict(self.repeats).get(source, 1.0)

    def rate(self, step: int, last: int) -> float:
        """The rate of a step, which are numbered from 0, of ``last``.

        ``transformers.get_wsd_schedule`` gives other values: it counts the warm-up and the fall in
        whole steps, and begins at zero.
        """
        done = (step + 1) / last
        falling = (1 - done) / self.decay + 1 / last
        return self.peak_rate * min(1.0, done / self.warm_up, falling)

    def save(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Recipe:
        """The recipe of a TOML or JSON file, which names only what differs from the defaults.

        Raises:
            UnusableInput: the file names a choice that there is not, or cannot be read.
        """
        try:
            text = path.read_text(encoding="utf-8")
            given = tomllib.loads(text) if path.suffix == ".toml" else json.loads(text)
        except (OSError, ValueError) as error:
            raise UnusableInput(f"the recipe {path} cannot be read: {error}") from None
        return cls().changed(given)

    def changed(self, choices: dict[str, Any]) -> Recipe:
        """This recipe with other ``choices``."""
        known = [field.name for field in fields(self)]
        for name in choices:
            if name not in known:
                raise UnusableInput(f"a recipe has no {name}; it has {', '.join(known)}")
        return replace(self, **{name: _frozen(value) for name, value in choices.items()})


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value
