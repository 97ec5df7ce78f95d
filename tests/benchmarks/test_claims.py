"""What of public sets of claims is checked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from claims import COLUMNS, files, measure_claims, measure_questions, read, row, shared
from footnoted.index.embedding import load_embedder
from footnoted.qa.checker.checker import LanguageModelChecker
from footnoted.qa.entailment.entailment import two_checks
from footnoted.qa.protocols import Claim, Pair

LINES: list[dict[str, object]] = [
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
    found = measure_questions(Literal(), list(read(file)), lambda text: text.split(". "))
    # Cut there, no passage holds the full stop of "Ann sails."
    assert found == {"auc of answers": 0.5}
    found = measure_questions(Literal(), list(read(file)), lambda text: [text[:10], text[10:]])
    assert found["auc of answers"] == 1


def test_the_share_of_the_words_that_stand_in_the_text() -> None:
    assert shared(Pair("Bo rests.", "Bo was resting in Varde.")) == 2 / 3
    assert shared(Pair("", "Bo rests.")) == 0


@pytest.mark.models
def test_the_check_of_claims_is_measured_beside_others(tmp_path: Path) -> None:
    file = tmp_path / "some.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in LINES[:3]))
    judged = list(read(file))
    checks = two_checks(LanguageModelChecker())
    found = measure_claims(checks, load_embedder(), judged, lambda text: [text])
    assert found["auc"] == found["auc of claims"] == found["auc of cosine"] == 1
    assert set(found) < set(COLUMNS)
    assert list(row(found))[:3] == ["–", "–", "1.000"]


def test_those_kept_are_some(tmp_path: Path) -> None:
    file = tmp_path / "some.jsonl"
    lines = [{**LINES[0], "id": str(n), "context": f"{n} sails."} for n in range(100)]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert 0 < len(list(read(file, kept=True))) < 30
    assert len(list(read(file))) == 100
