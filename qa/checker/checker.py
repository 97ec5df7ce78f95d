"""The check of the likeliest answers: a small language model is asked if their passages say so.

The reader points at the likeliest words of a passage; whether they answer at all is another task,
at which another network does not err alike (Hu et al., "Read + Verify", AAAI 2019). Of the language
model, nothing is ever read but one number.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import cached_property, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from footnoted.index.networks.compiled import CompiledNetwork, by_length, compiled
from footnoted.index.networks.models import exact_name
from footnoted.qa.checker.language_model import INSTALL, language_model
from footnoted.qa.checker.network import ADAPTERS, ADAPTERS_CONFIG, HEAD, check_network
from footnoted.qa.checker.packing import Prompts, inputs, packs, places
from footnoted.qa.protocols import Claim

log = logging.getLogger(__name__)

SHIPPED_CHECKER = Path(__file__).parent / "footnoted-checker"
TOKENIZER = "tokenizer.json"
FILES = TOKENIZER, ADAPTERS_CONFIG, ADAPTERS, HEAD
"""What a checker's folder must hold, beside its recipe and its card."""

# Of a row and of a batch, padding included.
_MOST_TOKENS = 1024


class LanguageModelChecker:
    """See ``qa.protocols.Checker``. It may be shared by threads."""

    def __init__(self, folder: Path = SHIPPED_CHECKER) -> None:
        self.name = exact_name(str(folder))
        self._folder = folder
        self._prompts = Prompts(Tokenizer.from_file(str(folder / TOKENIZER)))

    def logits(self, claims: Sequence[Claim]) -> NDArray[np.float64]:
        found = np.zeros(len(claims))
        rows = list(packs(claims, self._prompts, _MOST_TOKENS))
        for batch in by_length([len(row) for row in rows], _MOST_TOKENS):
            some = [rows[at] for at in batch]
            (of_tokens,) = self._network(inputs(some))
            numbers, of, ends = places(some)
            found[numbers] = of_tokens[of, ends]
        return found

    @cached_property
    def _network(self) -> CompiledNetwork:
        return compiled(self.name, partial(check_network, self._folder))


def shipped_checker(folder: Path = SHIPPED_CHECKER) -> LanguageModelChecker | None:
    """The checker; none where its own files or the language model that it stands on are missing."""
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        log.warning(
            "answers are not checked a second time: %s lacks %s; install Footnoted again",
            folder,
            ", ".join(missing),
        )
        return None
    if language_model() is None:
        log.warning("answers are not checked a second time, which refuses better; do: %s", INSTALL)
        return None
    return LanguageModelChecker(folder)
