"""What of public sets of claims is checked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from claims import files, measure, read
from footnoted.qa.protocols import Claim

LINES = [
    {"context": "Ann sails. Bo rests.", "claim": "Ann sails.", "label": "supported"},
    {"context": "Bo rests.", "claim": "Ann sails.", "label": "not_enough"},
    {"context": "Bo rests.", "claim": "Bo sails.", "label": "refuted"},
    {"context": "Bo rests.", "question": "does bo rest", "yesno": "yes"},
    {"context": "Bo rests.", "question": "does ann", "yesno": "unknown"},
    {"context": "Bo rests.", "question": "who", "answers": []},
]


class Literal:
    """Surest of what stands in the text letter for letter."""

    name = "literal"

    def logits(self, claims: Sequence[Claim]) -> NDArray[np.float64]:
        return np.array([float(claim.answer in claim.text) for claim in claims])


def test_claims_and_yes_or_no_are_read_and_the_rest_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "some.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in LINES))
    judged = list(read(file))
    assert [one.supported for one in judged] == [True, False, False, True, False]
    assert judged[3].claim == Claim("Bo rests.", "does bo rest", "Yes")
    assert list(files([tmp_path, file])) == [file, file]


def test_the_surest_passage_of_a_long_text_counts(tmp_path: Path) -> None:
    file = tmp_path / "some.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in LINES[:3]))
    found = measure(Literal(), list(read(file)), lambda text: text.split(". "))
    # Cut there, no passage holds the full stop of "Ann sails."
    assert found == {"claims": 3, "supported": 1, "auc": 0.5}
    found = measure(Literal(), list(read(file)), lambda text: [text[:10], text[10:]])
    assert found["auc"] == 1
