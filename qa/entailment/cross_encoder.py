"""The check of claims: a small cross-encoder that reads a text and a claim together.

It was trained to tell what a text says from what it denies, says otherwise, or does not say.
Figures and names are better checked by rules; it is for the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from footnoted.corpus.errors import UnusableInput
from footnoted.index.networks.compiled import CompiledNetwork, compiled
from footnoted.index.networks.models import exact_name
from footnoted.qa.entailment.network import LAYERS, RECIPE, check_network
from footnoted.qa.entailment.rows import Rows
from footnoted.qa.protocols import Pair
from footnoted.qa.reader.reader import SHIPPED_READER

SHIPPED_ENTAILMENT = Path(__file__).parent / "footnoted-entailment"
TOKENIZER = "tokenizer.json"

Numbers = NDArray[np.float64]


class CrossEncoder:
    """Says of texts and claims, by one number each, whether the one supports the other. It may be
    shared by threads.

    Its network is loaded when it is first asked.
    """

    def __init__(self, folder: Path = SHIPPED_ENTAILMENT) -> None:
        missing = [name for name in (LAYERS, RECIPE) if not (folder / name).is_file()]
        if missing:
            raise UnusableInput(f"{folder} lacks {', '.join(missing)}; install Footnoted again")
        self.name = exact_name(str(folder))
        self._folder = folder

    def logits(self, pairs: Sequence[Pair]) -> Numbers:
        """Those of each text supporting its claim, shape (pairs,): of a long text, its surest
        window's. Minus infinity where there is nothing to read, or the claim is too long.

        Each row is computed by itself, so that it depends on nothing that is asked beside it.
        """
        of_pairs = [self._rows.of(pair) for pair in pairs]
        found = np.full(len(pairs), -np.inf)
        rows = [(at, row) for at, some in enumerate(of_pairs) for row in some]
        outputs = self._network.each(row.inputs(self._rows.pad) for _, row in rows)
        for (at, _), (logit,) in zip(rows, outputs, strict=True):
            found[at] = max(found[at], float(logit[0]))
        return found

    def count_tokens(self, text: str) -> int:
        return self._rows.count(text)

    @cached_property
    def _rows(self) -> Rows:
        return Rows(Tokenizer.from_file(str(SHIPPED_READER / TOKENIZER)))

    @cached_property
    def _network(self) -> CompiledNetwork:
        return compiled(self.name, partial(check_network, self._folder))
