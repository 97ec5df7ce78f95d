"""What rules let through is read once more, by the checks of claims that are shipped."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from footnoted.corpus.files import SHIPPED, read
from footnoted.corpus.sentences import sentences, spans
from footnoted.corpus.types import Document
from footnoted.qa.entailment.named import shipped_entailment
from footnoted.qa.writing.checking import Check
from footnoted.qa.writing.drafting import Drafted
from footnoted.qa.writing.evidence import Source
from planted import (
    measure,
    planted_ones,
)  # benchmarks/, whose figures on other texts stand in its README

pytestmark = pytest.mark.models

NOT_SAID = "what is quoted does not say so"


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    return [document for file in read(Path(SHIPPED)) for document in file.documents]


@pytest.fixture(scope="module")
def check() -> Check:
    entailment = shipped_entailment()
    assert entailment is not None
    return Check(entailment)


def sources(documents: Sequence[Document]) -> list[Source]:
    return [Source(one, tuple(spans(sentences(one.text)))) for one in documents]


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("Two diplomats are to be sent from Denmark to work in a new office in Kigali.", ""),
        ("The new office in Kigali was closed by Denmark.", NOT_SAID),
        ("Kigali's office will close and send the diplomats home to Denmark.", NOT_SAID),
    ],
)
def test_what_rules_cannot_tell_is_struck(
    sentence: str, why: str, check: Check, documents: list[Document]
) -> None:
    drafted, passages = Drafted(sentence, ()), sources(documents)
    assert Check().check(drafted, passages).is_supported
    assert check.check(drafted, passages).why == why


def test_what_is_wrong_or_made_up_is_struck_and_what_is_true_kept(
    check: Check, documents: list[Document]
) -> None:
    judged, _ = measure(documents, check)
    true, caught = judged["true"], planted_ones(judged)
    assert sum(caught) / len(caught) >= 0.95 and sum(true) / len(true) >= 0.85
    made_up = [*judged["made up"], *judged["made up, short"]]
    assert len(made_up) >= 8 and sum(made_up) / len(made_up) >= 0.6


def test_nothing_of_it_is_imported_where_nothing_writes(tmp_path: Path) -> None:
    program = (
        "import sys, footnoted.cli\n"
        "try: footnoted.cli.main(['ask', 'Who opposes the plan?', '--index', sys.argv[1]])\n"
        "except SystemExit: pass\n"
        "rooms = ('footnoted.qa.entailment', 'footnoted.qa.writing')\n"
        "print([name for name in sys.modules if name.startswith(rooms)])"
    )
    index = ["-m", "footnoted", "index", str(SHIPPED), "--index", str(tmp_path / "index")]
    subprocess.run([sys.executable, *index], check=True, capture_output=True)
    asked = [sys.executable, "-c", program, str(tmp_path / "index")]
    found = subprocess.run(asked, capture_output=True, text=True, check=True)
    assert found.stdout.splitlines()[-1] == "[]"
