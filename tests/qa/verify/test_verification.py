"""Saved answers: true ones pass, and nothing that was tampered with does."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footnoted.cli import main
from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.types import Document, Span
from footnoted.qa.composing import compose
from footnoted.qa.protocols import Reading
from footnoted.qa.types import Answer, Finding, IndexState, Models, Searched, Seconds
from footnoted.qa.verify.saved import Malformed, answer_from, read_answer
from footnoted.qa.verify.verification import verify

ROOT = Path(__file__).parents[3]


def composed(findings: list[Finding], nearest: list[Any], confidence: float) -> Answer:
    parts = compose(Reading(tuple(findings), confidence), nearest)
    return Answer(
        question="Who?",
        understood="Who?",
        answered=parts.answered,
        confidence=parts.confidence,
        answers=parts.answers,
        statements=parts.statements,
        citations=parts.citations,
        coverage=Searched(2, 9, 8, 0),
        nearest=parts.nearest,
        models=Models("e", "r"),
        index=IndexState("i", 1),
        seconds=Seconds(0.1, 0.1, 0.2),
    )


@st.composite
def valid(draw: st.DrawFn) -> tuple[Answer, dict[str, Document]]:
    """An answer made by the product's own composing, over hostile documents."""
    texts = draw(st.lists(st.text(min_size=3), min_size=1, max_size=3))
    documents = [Document(f"d{n}", text, f"D{n}") for n, text in enumerate(texts)]
    findings = []
    for _ in range(draw(st.integers(1, 4))):
        document = draw(st.sampled_from(documents))
        start = draw(st.integers(0, len(document.text) - 1))
        end = draw(st.integers(start + 1, len(document.text)))
        findings.append(
            Finding(document, Span(start, end), Span(start, end), draw(st.floats(0, 1)))
        )
    answer = composed(findings, [], draw(st.floats(0, 1)))
    return answer, {document.id: document for document in documents}


def saved(answer: Answer) -> bytes:
    return json.dumps(answer.as_dict(), ensure_ascii=False).encode("utf-8")


@settings(max_examples=1000, deadline=None)
@given(valid())
def test_what_is_true_passes(made: tuple[Answer, dict[str, Document]]) -> None:
    answer, documents = made
    read = read_answer(saved(answer))
    assert read == answer
    assert verify(read, documents.get) == []


def changed_text(draw: st.DrawFn, text: str) -> str:
    return draw(st.text().filter(lambda other: other != text))


def changed_number(draw: st.DrawFn, number: int) -> int:
    return number + draw(st.integers(-40, 40).filter(bool))


def holds_otherwise(citation: dict[str, Any], documents: dict[str, Document]) -> bool:
    """Whether the tampered citation is as true as the old one: the same words stand there too."""
    document = documents.get(citation["document"])
    return (
        document is not None
        and document.sha256 == citation["sha256"]
        and 0 <= citation["start"] < citation["end"]
        and document.text[citation["start"] : citation["end"]] == citation["quote"]
    )


@settings(max_examples=1000, deadline=None)
@given(st.data())
def test_what_was_tampered_with_is_caught(data: st.DataObject) -> None:
    """One change to a quotation, an offset, a hash, a document or a statement."""
    answer, documents = data.draw(valid())
    stored = answer.as_dict()
    tampered = json.loads(json.dumps(stored))
    citation = data.draw(st.sampled_from(tampered["citations"]))
    field = data.draw(
        st.sampled_from(["quote", "start", "end", "sha256", "document", "statement", "answer"])
    )
    draw: Any = data.draw
    if field in ("start", "end"):
        citation[field] = changed_number(draw, citation[field])
    elif field in ("statement", "answer"):
        named = data.draw(st.sampled_from(tampered[f"{field}s"]))
        named["text"] += "x" + draw(st.text())
        quotes = [one["quote"] for one in tampered["citations"]]
        if any(named["text"] in quote for quote in quotes):
            return  # which happens to be true, too
    else:
        citation[field] = changed_text(draw, citation[field])
    if field in ("start", "end", "document") and holds_otherwise(citation, documents):
        return
    try:
        problems = verify(read_answer(json.dumps(tampered).encode()), documents.get)
    except Malformed as error:
        problems = list(error.problems)  # type: ignore[arg-type]
    assert problems, (field, tampered)


TEXT = "One boat lies here. Two ships lie there. One boat lies here."
DOCUMENT = Document("harbour.txt", TEXT, "Harbour", "The Port", "2021-05-01")
TRUE = composed([Finding(DOCUMENT, Span(0, 19), Span(0, 8), 0.9)], [], 0.9).as_dict()


def reasons(change: Callable[[dict[str, Any]], object], now: Document | None = DOCUMENT) -> str:
    tampered = copy.deepcopy(TRUE)
    tampered = json.loads(json.dumps(tampered))
    change(tampered)
    answer = read_answer(json.dumps(tampered).encode())
    return "; ".join(map(str, verify(answer, lambda _: now)))


def test_reasons_are_told_apart() -> None:
    def nothing(answer: dict[str, Any]) -> None:
        pass

    def first(**values: Any) -> Callable[[dict[str, Any]], None]:
        return lambda answer: answer["citations"][0].update(values)

    longer = Document("harbour.txt", "New. " + TEXT, "Harbour")
    emptied = Document("harbour.txt", "Nothing.", "Harbour")
    appended = Document("harbour.txt", TEXT + " More.", "Harbour")
    assert reasons(nothing) == ""
    assert reasons(nothing, None) == "citation 1: missing source (there is no harbour.txt)"
    assert reasons(nothing, appended) == (
        "citation 1: changed source (the quotation still stands where it says)"
    )
    assert reasons(nothing, longer) == (
        "citation 1: changed source, moved (from 0 to 19; it stands at 5 to 24, 46 to 65)"
    )
    assert (
        reasons(nothing, emptied) == "citation 1: changed source, quote not found (in harbour.txt)"
    )
    assert reasons(first(start=1, end=20)) == (
        "citation 1: moved (from 1 to 20; it stands at 0 to 19, 41 to 60)"
    )
    assert "citation 1: quote not found" in reasons(first(quote="No boat."))
    assert "not what its citations say" in reasons(
        lambda answer: answer["statements"][0].update(text="One boat lay here.")
    )
    assert "names a citation that is not there" in reasons(
        lambda answer: answer["statements"][0].update(citations=[2])
    )
    assert "declined, yet it states something" in reasons(
        lambda answer: answer.update(answered=False)
    )
    assert "confidence" in reasons(lambda answer: answer.update(confidence=1.5))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is not JSON"),
        (b"{", "is not JSON"),
        (b"\xff\x00\xfe", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b'{"a":' * 100_000, "is not JSON"),
        (b'{"format": NaN}', "NaN is no JSON number"),
        (b"1" * 10_000, "is not JSON"),
        (b"[]", "wrong type the object"),
        (b"{}", "missing field format"),
        (b'{"format": true}', "wrong type format: Input should be a valid integer"),
        (b'{"format": 1.5}', "wrong type format: Input should be a valid integer"),
        (b'{"format": 3}', "wrong type format: Input should be less than or equal to 2"),
        (b'{"format": 2}', "missing field question"),
        (b'{"format": 1}', "missing field question"),
        (b'{"format": 1, "format": 1}', "duplicate field 'format'"),
        (json.dumps({**TRUE, "answered": "yes"}).encode(), "wrong type answered"),
        (json.dumps({**TRUE, "confidence": "0.9"}).encode(), "wrong type confidence"),
        (json.dumps({**TRUE, "citations": {}}).encode(), "wrong type citations"),
        (
            json.dumps({**TRUE, "citations": [{**TRUE["citations"][0], "start": "0"}]}).encode(),
            "wrong type citations.0.start",
        ),
        (
            json.dumps({**TRUE, "citations": [{**TRUE["citations"][0], "start": 0.5}]}).encode(),
            "wrong type citations.0.start",
        ),
        (
            json.dumps({**TRUE, "citations": [{**TRUE["citations"][0], "heading": "H"}]}).encode(),
            "wrong type citations.0.heading",
        ),
        (json.dumps({**TRUE, "question": "\ud800"}).encode(), "wrong type the object"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_hostile_json_is_refused_in_a_line(data: bytes, message: str) -> None:
    with pytest.raises(UnusableInput) as refused:
        read_answer(data)
    assert message in str(refused.value) and "\n" not in str(refused.value)


def test_fields_of_later_versions_are_passed_over() -> None:
    assert read_answer(json.dumps({**TRUE, "later": [1]}).encode()).question == "Who?"


def test_answers_of_format_1_are_read() -> None:
    later = ("publisher", "date", "heading", "page_label")
    (citation,) = TRUE["citations"]
    first = {key: value for key, value in citation.items() if key not in later}
    answer = read_answer(json.dumps({**TRUE, "format": 1, "citations": [first]}).encode())
    assert answer == replace(
        answer_from(TRUE), citations=(replace(answer.citations[0], publisher=None, date=None),)
    )
    assert verify(answer, lambda _: DOCUMENT) == []


@given(valid())
def test_an_answer_comes_back_from_its_object(made: tuple[Answer, Any]) -> None:
    assert answer_from(made[0].as_dict()) == made[0]


def test_answers_saved_in_other_encodings() -> None:
    for encoding in ("utf-8-sig", "utf-16", "utf-32"):
        assert read_answer(json.dumps(TRUE).encode(encoding)).answered


@pytest.fixture
def verified(
    capsys: pytest.CaptureFixture[str],
) -> Callable[..., tuple[int, str, str]]:
    def run(*arguments: str | Path) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(["verify", *map(str, arguments)])
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    return run


@pytest.mark.models
def test_the_command(
    verified: Callable[..., tuple[int, str, str]],
    shipped_index: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / "answer.json"
    with pytest.raises(SystemExit):
        main(["ask", "--json", "Who opposes the plan?", "--index", str(shipped_index)])
    file.write_text(capsys.readouterr().out, encoding="utf-8")
    index = ("--index", shipped_index)
    documents = ("--documents", ROOT / "corpus" / "documents")
    for source in (index, documents):
        assert verified(file, *source) == (0, "3 of 3 quotations stand where they say\n", "")
    file.write_text(file.read_text(encoding="utf-8").replace("oppose the plan", "love the plan"))
    code, out, err = verified(file, *documents)
    assert code == 1 and "citation 1: quote not found" in out and err == ""
    file.write_text('{"format": 1}')
    code, out, err = verified(file, *documents)
    assert code == 1 and "missing field citations" in out
    file.write_text("{oops")
    code, out, err = verified(file, *documents)
    assert code == 2 and out == "" and err.startswith(f"footnoted: {file} is not JSON")
    assert len(err.splitlines()) == 1
    assert verified(tmp_path / "nowhere.json")[0] == 2
    assert verified(file, "--documents", tmp_path / "nowhere")[0] == 2


def test_verifying_loads_no_model(tmp_path: Path) -> None:
    file = tmp_path / "answer.json"
    file.write_text(json.dumps(TRUE))
    program = (
        "import sys, footnoted.cli\n"
        "try: footnoted.cli.main(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        "heavy = ('torch', 'transformers', 'faiss', 'gradio', 'langchain_core')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", program, "verify", str(file), "--documents", str(tmp_path)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    assert result.stdout.splitlines()[-1] == "[]"
