"""The Python API: what ``import footnoted`` gives, and what it leaves alone."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from platformdirs import user_cache_path

import footnoted
from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.files import SHIPPED, SHIPPED_QUESTIONS
from footnoted.index.protocols import Embedder, Vectors
from footnoted.index.types import Hit
from footnoted.qa.english.question import AskedFor
from footnoted.qa.protocols import Reading
from support.answers import NOTHING
from support.varied import BROKEN, HOSTILE, REPORT_ID, write_varied

ROOT = Path(__file__).parent.parent
# What a reader of the README types into a notebook.
SNIPPETS = [
    snippet
    for snippet in re.findall(
        r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.S
    )
    if "import footnoted" in snippet
]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own_caches: None) -> Path:
    """A user's cache of the test's own, but for the compiled networks."""
    kept = user_cache_path("footnoted", appauthor=False) / "networks"
    kept.mkdir(parents=True, exist_ok=True)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    here = user_cache_path("footnoted", appauthor=False)
    here.mkdir(parents=True)
    (here / "networks").symlink_to(kept)
    return here


class Counting:
    """The packaged embedder, which counts the passages that it embeds."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.name, self.embedded = "counting", 0
        self.dimension, self.max_tokens = embedder.dimension, embedder.max_tokens

    def count_tokens(self, text: str) -> int:
        return self._embedder.count_tokens(text)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        self.embedded += len(texts)
        return self._embedder.embed_passages(texts)

    def embed_question(self, text: str) -> Vectors:
        return self._embedder.embed_question(text)


class Declining:
    """A reader that finds nothing."""

    name = "declining"

    def read(self, asked: AskedFor, hits: Sequence[Hit]) -> Reading:
        return Reading((), 0.75)


@pytest.fixture
def counting(embedder: Embedder) -> Counting:
    return Counting(embedder)


# -- the face --------------------------------------------------------------------------------------


def test_the_face_is_what_is_listed() -> None:
    assert footnoted.__all__ == [
        "Answer",
        "Citation",
        "Document",
        "FootnotedError",
        "Library",
        "Span",
        "UnusableInput",
        "__version__",
        "open",
        "verify",
    ]
    assert dir(footnoted) == sorted(footnoted.__all__)
    held = {name: getattr(footnoted, name) for name in footnoted.__all__}
    assert all(one.__doc__ for one in held.values())
    with pytest.raises(AttributeError, match="has no attribute 'ask'"):
        _ = footnoted.ask  # type: ignore[attr-defined]
    methods = {name for name in vars(footnoted.Library) if not name.startswith("_")}
    assert methods == {
        *("ask", "lookup", "evaluate", "documents", "files", "add", "remove", "close", "folder")
    }


def test_some_documents_are_asked_alone(folder: Path, cache: Path) -> None:
    (folder.parent / "folder.toml").write_text('["boats.txt"]\ndate = "2024-03-12"\n')
    question = "How many boats has the harbour of Aarhus?"
    with footnoted.open(folder) as library:
        choices: list[dict[str, Any]] = [
            {"documents": "boats.txt"},
            {"since": "2024"},
            {"since": date(2024, 3, 1)},
        ]
        for choice in choices:
            answer = library.ask(question, **choice)
            assert answer.answered and answer.within and answer.within.documents == 1
        assert not library.ask(question, documents=["sub"]).answered
        mistakes: list[dict[str, Any]] = [{"documents": one} for one in (["a.txt"], 3, [3])]
        for wrong in mistakes:
            with pytest.raises(UnusableInput):
                library.ask(question, **wrong)
        with pytest.raises(UnusableInput, match="until is no date"):
            library.ask(question, until="soon")


def test_the_version_is_that_of_what_is_installed() -> None:
    said = subprocess.run(
        [sys.executable, "-m", "footnoted", "--version"], capture_output=True, text=True, check=True
    )
    assert said.stdout == f"footnoted {footnoted.__version__}\n"


def test_importing_it_imports_the_standard_library_alone() -> None:
    program = (
        "import sys\n"
        "before = set(sys.modules)\n"
        "import footnoted\n"
        "new = {name.split('.')[0] for name in set(sys.modules) - before} - {'footnoted'}\n"
        "print(sorted(new - sys.stdlib_module_names))\n"
        "footnoted.Answer, footnoted.UnusableInput, footnoted.verify, footnoted.Library\n"
        "heavy = ('numpy', 'faiss', 'tantivy', 'openvino', 'torch', 'gradio', 'typer')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stdout.splitlines() == ["[]", "[]"]


@pytest.mark.models
def test_using_it_prints_nothing_and_leaves_the_process_as_it_was(
    cache: Path, folder: Path, unplugged: dict[str, str]
) -> None:
    (folder / "report.pdf").write_bytes(b"%PDF-1.7")  # which is told, to who listens
    program = (
        "import logging, os, sys\n"
        "before = dict(os.environ)\n"
        "import footnoted\n"
        "with footnoted.open(sys.argv[1]) as library:\n"
        "    answer = library.ask('What is the oldest boat called?')\n"
        "    assert 'Maren' in answer.citations[0].quote\n"
        "    assert library.lookup('forty boats')\n"
        "    assert not footnoted.verify(answer, library)\n"
        "assert dict(os.environ) == before, set(os.environ.items()) ^ set(before.items())\n"
        "assert not logging.root.handlers and logging.root.level == logging.WARNING\n"
        "assert [type(one).__name__ for one in logging.getLogger('footnoted').handlers]"
        " == ['NullHandler']\n"
    )
    environment = {**unplugged, "XDG_CACHE_HOME": str(cache.parent)}
    ran = subprocess.run(
        [sys.executable, "-c", program, str(folder)],
        capture_output=True,
        text=True,
        env=environment,
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


# -- documents opened ------------------------------------------------------------------------------


def test_documents_are_indexed_in_the_cache_and_embedded_once(
    cache: Path, folder: Path, counting: Counting
) -> None:
    before = sorted(folder.rglob("*"))
    with footnoted.open(folder, embedder=counting) as library:
        assert [document.id for document in library.documents()] == ["boats.txt", "sub/bread.md"]
        place = library.folder
    assert cache in place.parents and sorted(folder.rglob("*")) == before
    assert counting.embedded == 2
    with footnoted.open([str(folder)], embedder=counting) as library:
        assert library.folder == place and counting.embedded == 2
    assert place.stat().st_mode & 0o077 == 0  # the texts may be nobody else's business
    (folder / "boats.txt").write_text("The boat Freja has come in.")
    with footnoted.open(folder, embedder=counting) as library:
        assert counting.embedded == 3
        assert library.documents()[0].text == "The boat Freja has come in."
    with footnoted.open(folder / "boats.txt", embedder=counting) as library:
        assert library.folder != place
        assert [document.id for document in library.documents()] == ["boats.txt"]


def test_files_that_could_not_be_read_are_listed(
    cache: Path, tmp_path: Path, counting: Counting
) -> None:
    varied = write_varied(tmp_path / "varied")
    with footnoted.open(varied, embedder=counting) as library:
        assert len(library.files()) == 8
        unreadable = {Path(file.path).name: file for file in library.files(unreadable=True)}
    assert list(unreadable) == [HOSTILE, REPORT_ID, BROKEN]
    assert unreadable[REPORT_ID].lost == ("page 2 cannot be read: broken",)
    assert str(unreadable[BROKEN].failure).startswith("is broken")


def test_what_is_opened_holds_what_was_named_and_nothing_else(
    cache: Path, folder: Path, tmp_path: Path, counting: Counting
) -> None:
    other = tmp_path / "other.txt"
    other.write_text("Trains leave at noon.")
    with footnoted.open(folder, embedder=counting) as library:
        assert library.add(other).coverage.documents == 3
        library.remove("boats.txt")
        assert [document.id for document in library.documents()] == ["other.txt", "sub/bread.md"]
    with footnoted.open(folder, embedder=counting) as library:
        assert [document.id for document in library.documents()] == ["boats.txt", "sub/bread.md"]


def test_an_index_of_ones_own_is_added_to(
    cache: Path, folder: Path, tmp_path: Path, counting: Counting
) -> None:
    index = tmp_path / "index"
    with footnoted.open(index=index, embedder=counting) as library:
        assert library.documents() == []
        library.add([folder / "boats.txt"])
    with footnoted.open(folder / "sub", index, embedder=counting) as library:
        assert [document.id for document in library.documents()] == ["boats.txt", "bread.md"]
        assert library.folder == index
    with footnoted.open(index=str(index), embedder=counting) as library:
        assert len(library.documents()) == 2
    with pytest.raises(footnoted.UnusableInput, match="was made with counting, not all-MiniLM"):
        footnoted.open(index=index, embedder="all-MiniLM-L6-v2")
    assert not (cache / "indexes").exists()


def test_what_cannot_be_used_is_refused_in_one_line(
    cache: Path, tmp_path: Path, counting: Counting, shipped_index: Path
) -> None:
    for paths, words in ((tmp_path / "nowhere", "nowhere does not exist"), ([], "no paths")):
        with pytest.raises(footnoted.UnusableInput, match=words):
            footnoted.open(paths, embedder=counting)
    assert not (cache / "indexes").exists()
    (tmp_path / "empty").mkdir()
    with pytest.raises(footnoted.UnusableInput, match="holds no"):
        footnoted.open(tmp_path / "empty", embedder=counting)
    foreign = tmp_path / "foreign.jsonl"
    place = {"document": "other.txt", "quote": "me"}
    question = {"id": "o1", "question": "Who?", "answers": [["me"]], "evidence": [place]}
    foreign.write_text(json.dumps(question))
    with footnoted.open(index=shipped_index) as library:
        with pytest.raises(footnoted.UnusableInput, match="the question is empty"):
            library.ask(" ")
        with pytest.raises(footnoted.UnusableInput, match="there is no document 'x'"):
            library.remove("x")
        with pytest.raises(footnoted.UnusableInput, match="are about other documents"):
            library.evaluate(foreign)
        with pytest.raises(footnoted.UnusableInput, match="nothing to look up"):
            library.lookup("")
    with pytest.raises(footnoted.UnusableInput, match="this is no answer object"):
        footnoted.verify({"format": 1}, SHIPPED)


# -- and asked -------------------------------------------------------------------------------------


@pytest.mark.models
def test_the_shipped_documents_are_asked_and_evaluated(cache: Path, tmp_path: Path) -> None:
    questions = tmp_path / "few.jsonl"
    lines = SHIPPED_QUESTIONS.read_text(encoding="utf-8").splitlines()
    questions.write_text("\n".join(lines[:2]), encoding="utf-8")
    with footnoted.open() as library:
        answer = library.ask("Who opposes the plan?")
        assert answer.answered and cache in library.folder.parents
        follow_up = library.ask("And the parties?", history="Who opposes the plan?")
        assert follow_up.understood == "Who opposes the plan, and the parties?"
        (match,) = library.lookup("signed in april 2021")
        assert match.citation.quote == "signed in April 2021"
        result = library.evaluate(questions)
        assert [record["id"] for record in result["questions"]] == ["d01", "d02"]
        saved = json.loads(json.dumps(answer.as_dict()))
        for documents in (library, library.documents(), SHIPPED, [str(SHIPPED)]):
            assert footnoted.verify(answer, documents) == []
            assert footnoted.verify(saved, documents) == []
    altered = footnoted.Document("001_28f3d182f749647c.txt", "Something else.", "A title")
    problems = footnoted.verify(answer, [altered])
    assert "citation 1: changed source, quote not found" in str(problems[0])


def test_a_reader_can_be_ones_own(shipped_index: Path) -> None:
    with footnoted.open(index=shipped_index, reader=Declining()) as library:
        answer = library.ask("Who opposes the plan?")
    assert not answer.answered and answer.confidence == 0.75
    assert answer.models.reader == "declining" and answer.nearest


def test_a_reader_can_be_named(shipped_index: Path, tiny_reader: Path) -> None:
    with footnoted.open(index=shipped_index, reader=str(tiny_reader)) as library:
        assert library.ask("Who opposes the plan?").models.reader.startswith("tiny@")


@pytest.mark.models
def test_what_the_readme_shows_runs(cache: Path, tmp_path: Path) -> None:
    shutil.copytree(SHIPPED, tmp_path / "reports")
    program = "\n".join([*SNIPPETS, "assert answer.answered and answer.citations"])
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, check=True)


NO_PATHS = [1, b"reports", "", "a\0b", "\ud800", [None], [1], [""], ["a\0b"], Ellipsis]


@pytest.mark.parametrize("what", [None, *NO_PATHS], ids=ascii)
def test_what_is_no_path_is_refused(
    cache: Path, folder: Path, tmp_path: Path, counting: Counting, what: Any
) -> None:
    with footnoted.open(folder, tmp_path / "index", embedder=counting) as library:
        tries: list[Callable[[], object]] = [
            lambda: library.add(what),
            lambda: library.remove(what),
            lambda: footnoted.verify(NOTHING, what),
        ]
        if what is not None:  # which means the default elsewhere
            tries += [
                lambda: library.evaluate(what),
                lambda: footnoted.open(what),
                lambda: footnoted.open(index=what),
            ]
        for one in tries:
            with pytest.raises(footnoted.UnusableInput) as refused:
                one()
            assert "\n" not in str(refused.value)
        assert len(library.documents()) == 2
    assert not (cache / "indexes").exists()


@pytest.mark.parametrize("what", [1, b"model", "a\0b", "\ud800", [], Ellipsis], ids=ascii)
def test_what_is_no_model_is_refused(cache: Path, folder: Path, what: Any) -> None:
    with pytest.raises(footnoted.UnusableInput, match="embedder"):
        footnoted.open(folder, embedder=what)
    with pytest.raises(footnoted.UnusableInput, match="reader"):
        footnoted.open(folder, reader=what)


@pytest.mark.parametrize(
    "what", [None, 1, "answer.json", "\ud800", [], {1: 2}, {"a": {1, 2}}], ids=ascii
)
def test_what_is_no_answer_is_refused(what: Any) -> None:
    with pytest.raises(footnoted.UnusableInput, match="this is no answer object"):
        footnoted.verify(what, SHIPPED)


def test_the_shipped_questions_on_other_documents(
    folder: Path, tmp_path: Path, hashed: Embedder
) -> None:
    way_out = "give the file with yours, or ask these"
    with (
        footnoted.open(folder, tmp_path / "index") as library,
        pytest.raises(footnoted.UnusableInput, match=way_out),
    ):
        library.evaluate()


@pytest.mark.parametrize("what", [None, b"Who?", 1])
def test_what_is_no_text_is_refused(shipped_index: Path, what: Any) -> None:
    with footnoted.open(index=shipped_index) as library:
        with pytest.raises(footnoted.UnusableInput, match="not a text"):
            library.ask(what)
        with pytest.raises(footnoted.UnusableInput, match="not a text"):
            library.lookup(what)
        with pytest.raises(footnoted.UnusableInput, match="history is a text"):
            library.ask("Who?", what)
        with pytest.raises(footnoted.UnusableInput, match="not valid text"):
            library.lookup("\ud800")
