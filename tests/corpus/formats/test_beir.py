from __future__ import annotations

import json
from pathlib import Path

import pytest

from footnoted.corpus.files import SourceFile, read


def beir(tmp_path: Path, *lines: str) -> SourceFile:
    path = tmp_path / "corpus.jsonl"
    path.write_text("\n".join(lines))
    (file,) = read(path)
    return file


def test_beir(tmp_path: Path) -> None:
    first = json.dumps({"_id": "a/1", "title": "T", "text": "Some text.\u2028More."})
    file = beir(tmp_path, first, "", json.dumps({"_id": "2", "text": "Other."}))
    assert [(d.id, d.title, d.text) for d in file.documents] == [
        ("a/1", "T", "Some text.\u2028More."),
        ("2", "2", "Other."),
    ]


GOOD = json.dumps({"_id": "1", "title": "", "text": "x"})


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([GOOD, "{"], "line 2: is not valid JSON"),
        ([GOOD, "[]"], "line 2: is not a JSON object"),
        ([GOOD, '{"text": "x"}'], "line 2: the field _id is missing"),
        ([GOOD, '{"_id": "2"}'], "line 2: the field text is missing"),
        ([GOOD, '{"_id": 2, "text": "x"}'], "line 2: the field _id is missing or not a string"),
        ([GOOD, '{"_id": "2", "text": "x", "title": 3}'], "line 2: the field title"),
        ([GOOD, '{"_id": "2", "text": "\\ud800"}'], "line 2: the text holds half"),
        ([GOOD, '{"_id": "2", "title": "\\udc00", "text": ""}'], "line 2: the title holds half"),
        ([GOOD, "", GOOD], "line 3: the id '1' is that of line 1 too"),
        ([GOOD, "[" * 100_000], "line 2: is not valid JSON"),
        ([], "holds no documents"),
    ],
)
def test_a_broken_beir_corpus_names_the_line(tmp_path: Path, lines: list[str], reason: str) -> None:
    file = beir(tmp_path, *lines)
    assert not file.documents
    assert file.failure is not None and file.failure.startswith(reason)
