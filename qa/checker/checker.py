"""The check of the likeliest answers: a small language model is asked if their passages say so.

The reader points at the likeliest words of a passage; whether they answer at all is another task,
at which another network does not err alike (Hu et al., "Read + Verify", AAAI 2019). Of the language
model, nothing is ever read but one number.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from footnoted.index.networks.compiled import Arrays, CompiledNetwork, Ids, compiled
from footnoted.index.networks.models import exact_name
from footnoted.qa.checker.known import KnownTexts
from footnoted.qa.checker.language_model import INSTALL, language_model
from footnoted.qa.checker.network import ADAPTERS, ADAPTERS_CONFIG, HEAD, PAST, check_network
from footnoted.qa.checker.packing import Pack, Prompts, in_parts, packs
from footnoted.qa.protocols import Claim

log = logging.getLogger(__name__)

SHIPPED_CHECKER = Path(__file__).parent / "footnoted-checker"
TOKENIZER = "tokenizer.json"
FILES = TOKENIZER, ADAPTERS_CONFIG, ADAPTERS, HEAD
"""What a checker's folder must hold, beside its recipe and its card."""

# Of a row.
_MOST_TOKENS = 1024
# Texts begun before what follows on the first of them, so that no core waits.
_AHEAD = 4
# What the network gives.
_LOGITS, _OWN_PAST = slice(0, 1), slice(1, 2)

Logits: TypeAlias = NDArray[Any]


class LanguageModelChecker:
    """See ``qa.protocols.Checker``. It may be shared by threads."""

    def __init__(self, folder: Path = SHIPPED_CHECKER) -> None:
        self.name = exact_name(str(folder))
        self._folder = folder
        self._prompts = Prompts(Tokenizer.from_file(str(folder / TOKENIZER)))
        self._known = KnownTexts()

    def logits(self, claims: Sequence[Claim]) -> NDArray[np.float64]:
        found = np.zeros(len(claims))
        for numbers, of_claims in self._begun(claims):
            found[numbers] = of_claims()
        return found

    def _begun(self, claims: Sequence[Claim]) -> list[tuple[list[int], Callable[[], Logits]]]:
        """The numbers of claims and, once they are computed, their logits.

        Each row is computed by itself: that costs no more than filling rows up to equal lengths,
        and a claim's logit depends on its row alone.
        """
        rows = sorted(packs(claims, self._prompts, _MOST_TOKENS), key=len, reverse=True)
        begun = list[tuple[list[int], Callable[[], Logits]]]()
        for at in range(0, len(rows), _AHEAD):
            some = rows[at : at + _AHEAD]
            parts = [in_parts(row) for row in some]
            texts = [
                self._text(row, of_text) for row, (of_text, _) in zip(some, parts, strict=True)
            ]
            for row, text, (_, after) in zip(some, texts, parts, strict=True):
                (past,) = text.result()
                of_row = self.network.begin({**after, PAST: past}, _LOGITS)
                begun.append((list(row.ends), partial(_at_ends, row, of_row)))
        return begun

    def _text(self, row: Pack, of_text: Mapping[str, Ids]) -> Future[Arrays]:
        if not row.of_text:
            nothing = Future[Arrays]()
            nothing.set_result((self._nothing,))
            return nothing
        given = {**of_text, PAST: self._nothing}
        return self._known.of(row.ids[: row.of_text], lambda: self.network.begin(given, _OWN_PAST))

    @cached_property
    def _nothing(self) -> NDArray[Any]:
        return self.network.nothing(PAST)

    @cached_property
    def network(self) -> CompiledNetwork:
        return compiled(self.name, partial(check_network, self._folder))


def _at_ends(row: Pack, of_row: Future[Arrays]) -> Logits:
    (of_tokens,) = of_row.result()
    found: Logits = of_tokens[0, [end - row.of_text for end in row.ends.values()]]
    return found


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
    return _loaded(folder)


@lru_cache(maxsize=1)
def _loaded(folder: Path) -> LanguageModelChecker:
    """Held once: answers are checked by it, and so are claims."""
    return LanguageModelChecker(folder)
