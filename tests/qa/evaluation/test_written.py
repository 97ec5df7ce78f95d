"""Answers that a language model writes, measured: by hand, and by the command."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import footnoted.cli
from footnoted.qa.evaluation.compare import compare
from footnoted.qa.evaluation.metrics import OF_WRITTEN, aggregate, score
from footnoted.qa.evaluation.results import read_result
from footnoted.qa.evaluation.types import Question
from support.scripted import Scripted, scripted

SAID = "Two diplomats are to be sent from Denmark to work in a new office in Kigali [1]."
STRUCK = "Seven diplomats <b>&</b> a cook are to be sent from Denmark to Kigali [1]."
SET = [
    {
        "id": "two",
        "question": "How many diplomats will Denmark send to Kigali?",
        "answers": [["Two"]],
    },
    {"id": "none", "question": "What is the population of Kigali?", "answers": []},
]


def scores(written: dict[str, Any] | None, *, known: bool = True) -> dict[str, float]:
    answer = {"answered": True, "answers": [], "statements": [], "citations": []}
    given = answer if written is None else answer | {"written": written}
    question = Question("q", "?", (("Two",),), answers_known=known)
    found = score(question, given, [], lambda _: None)
    return {name: found[name] for name in OF_WRITTEN if name in found}


@pytest.mark.parametrize(
    ("sentences", "supported", "share", "unproved"),
    [(4, 3, 0.75, 1), (1, 1, 1, 0), (3, 0, 0, 3)],
)
def test_what_was_written_is_counted(
    sentences: int, supported: int, share: float, unproved: float
) -> None:
    told = {"sentences": sentences, "supported": supported, "shows": True}
    assert scores(told) == {"supported_share": share, "unproved_sentences": unproved}
    assert scores(told, known=False) == scores(told)  # which needs no gold answer


def test_where_nothing_was_written_nothing_is_measured() -> None:
    assert scores(None) == {}
    away = {"sentences": 0, "supported": 0, "failure": "the language model is away"}
    assert scores(away) == {}


def test_a_set_is_the_mean_of_the_questions_that_were_written() -> None:
    asked = [
        {"scores": one, "answer": {"seconds": {"total": 1.0}, "answered": True, "confidence": 1.0}}
        for one in (
            {"supported_share": 1.0, "unproved_sentences": 0.0},
            {"supported_share": 0.5, "unproved_sentences": 3.0},
            {},
        )
    ]
    totals = aggregate(asked)
    assert totals["supported_share"] == 0.75 and totals["unproved_sentences"] == 1.5


# -- the command ---------------------------------------------------------------------------------


@pytest.fixture
def server() -> Iterator[Scripted]:
    with scripted() as server:
        server.says = f"{SAID} {STRUCK}"
        yield server


def evaluate(index: Path, folder: Path, *options: str) -> int:
    questions = folder / "questions.jsonl"
    questions.write_text("".join(json.dumps(one) + "\n" for one in SET), encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        footnoted.cli.main(["evaluate", str(questions), "--index", str(index), *options])
    return int(ended.value.code or 0)


@pytest.mark.models
def test_evaluate_measures_what_is_written_and_shows_what_is_struck(
    shipped_index: Path, tmp_path: Path, server: Scripted, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("matplotlib", reason="pip install 'footnoted[report]'")
    result, report = tmp_path / "result.json", tmp_path / "report.html"
    files = ["--json", str(result), "--report", str(report)]
    limits = ["--fail-under", "supported_share=0.5", "--fail-under", "unproved_sentences=0"]
    ended = evaluate(shipped_index, tmp_path, "--generator", server.url, *files, *limits)
    printed = capsys.readouterr().out
    assert ended == 1 and "missed: unproved_sentences is 1.0000; at most 0" in printed
    assert "missed: supported_share" not in printed
    held = read_result(result)
    assert held["metrics"]["supported_share"] == 0.5
    assert held["models"]["generator"] == "first"  # the server's name, known once it wrote
    of = {one["id"]: one["scores"] for one in held["questions"]}
    assert of["two"]["fact_recall"] == 1 and not set(OF_WRITTEN) & set(of["none"])
    page = report.read_text(encoding="utf-8")
    assert "Sentences proved" in page and "Sentences not proved" in page
    assert '<s dir="auto">Seven diplomats &lt;b&gt;&amp;&lt;/b&gt; a cook' in page
    assert "not proved: " in page and "no figure 7 diplomats is quoted" in page
    assert "Written by a language model; 1 sentence checked" in page
    # Beside one that was quoted, what was written is nothing that both have.
    assert evaluate(shipped_index, tmp_path, "--json", str(tmp_path / "quoted.json")) == 0
    assert "supported_share" not in capsys.readouterr().out
    quoted = read_result(tmp_path / "quoted.json")
    assert not set(OF_WRITTEN) & set(quoted["metrics"])
    assert not set(OF_WRITTEN) & set(compare(held, quoted))
