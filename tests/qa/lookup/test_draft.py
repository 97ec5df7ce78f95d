"""What a draft quotes is looked up, quotation by quotation; a pasted text, sentence by sentence."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import footnoted.cli
from footnoted.corpus.files import read
from footnoted.corpus.types import Document
from footnoted.index.library import Library
from footnoted.qa.lookup.draft import check, quoted, sentences_of

DRAFT = """\
# A report on boats

The board writes that “the harbour of Aarhus has forty boats,” and is proud of it.
Of the oldest it says: "The oldest boat is called … Maren." It is «well known».

> Rye bread is baked
> for three hours.

They also claim that “the harbour of Aarhus has fifty boats”.
"""


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    path = tmp_path / "draft.md"
    path.write_text(DRAFT)
    return path


def only(path: Path) -> Document:
    ((document,),) = (file.documents for file in read(path))
    return document


def test_all_that_is_quoted_is_found(draft: Path) -> None:
    document = only(draft)
    pieces = quoted(document)
    assert [piece.text for piece in pieces] == [
        "the harbour of Aarhus has forty boats",
        "The oldest boat is called … Maren",
        "well known",
        "Rye bread is baked for three hours",
        "the harbour of Aarhus has fifty boats",
    ]
    assert document.text[pieces[0].start] == "“" and document.text[pieces[0].end - 1] == "”"


def test_a_quotation_stands_where_all_its_parts_do(
    draft: Path, folder: Path, library: Library, hashed: object
) -> None:
    library.update([folder])
    checked = list(check(library, quoted(only(draft))))
    assert [one.stands for one in checked] == [True, True, False, True, False]
    assert checked[1].matches[0].citation.quote == "The oldest boat is called"
    assert checked[4].matches[0].match == "close"


def test_a_pasted_text_is_cut_into_sentences() -> None:
    text = "The harbour has boats. ***\n\nDr. Holm counted them, all\nof them! Why?"
    pieces = sentences_of(text)
    assert [one.text for one in pieces] == [
        "The harbour has boats.",
        "Dr. Holm counted them, all of them!",
        "Why?",
    ]
    assert [text[one.start : one.end].split()[0] for one in pieces] == ["The", "Dr.", "Why?"]


@pytest.fixture
def run(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    folder: Path,
    hashed: object,
) -> Callable[..., tuple[int, str, str]]:
    monkeypatch.chdir(tmp_path)
    library = Library.create(tmp_path / ".footnoted")
    library.update([folder])
    library.close()

    def run(*arguments: str | Path) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            footnoted.cli.main(list(map(str, arguments)))
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    return run


def test_the_command_fails_where_something_stands_nowhere(
    run: Callable[..., tuple[int, str, str]], draft: Path, tmp_path: Path
) -> None:
    code, out, _ = run("lookup", "--file", draft)
    assert (code, out.splitlines()[-1]) == (1, "3 of 5 quotations stand word for word")
    assert "Not word for word: “the harbour of Aarhus has fifty boats”" in out
    assert "[-fifty-] {+forty+}" in out
    code, out, _ = run("lookup", "--file", draft, "--json")
    assert [one["stands"] for one in json.loads(out)] == [True, True, False, True, False]
    (tmp_path / "good.txt").write_text("“Rye bread is baked for three hours.”\n")
    assert run("lookup", "--file", "good.txt")[0] == 0
    (tmp_path / "none.txt").write_text("It quotes nothing.\n")
    assert run("lookup", "--file", "none.txt")[:2] == (0, "0 of 0 quotations stand word for word\n")


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ([], "give a TEXT, or a --file"),
        (["x", "--file", "draft.md"], "give a TEXT, or a --file"),
        (["--file", "nowhere.md"], "nowhere.md does not exist"),
        (["--file", "."], "is a folder"),
        (["--file", "broken.pdf"], "is broken"),
    ],
)
def test_mistakes_are_one_line(
    run: Callable[..., tuple[int, str, str]], tmp_path: Path, arguments: list[str], error: str
) -> None:
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7 and nothing more")
    code, out, err = run("lookup", *arguments)
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert error in err
