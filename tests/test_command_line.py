"""Commands as a user types them; in this process where only the words matter, else in their own."""

from __future__ import annotations

import functools
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import footnoted.cli
from footnoted.corpus.files import SHIPPED, SHIPPED_QUESTIONS
from footnoted.corpus.types import Annotation, Document, Page
from footnoted.index.library import Library
from support.varied import BROKEN, COPY, HOSTILE, MINUTES_ID, REPORT_ID, write_varied

ROOT = Path(__file__).parent.parent


class Ran:
    """What a command printed and how it ended."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str | Path) -> Ran:
        with pytest.raises(SystemExit) as ended:
            footnoted.cli.main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return Ran(int(ended.value.code or 0), printed.out, printed.err)

    return run


def refused(ran: Ran, *words: str) -> None:
    """The command failed with one line on stderr that holds ``words``, and printed nothing else."""
    assert (ran.code, ran.out) == (2, "")
    lines = ran.err.strip().splitlines()
    assert len(lines) == 1 and lines[0].startswith("footnoted: ")
    for word in words:
        assert word in lines[0]


def test_a_watched_folder_is_followed(
    folder: Path, tmp_path: Path, unplugged: dict[str, str]
) -> None:
    command = [sys.executable, "-m", "footnoted", "index", str(folder), "--watch", "--json"]
    # The index is inside the folder: that it is written is no change.
    command += ["--index", str(folder / ".footnoted")]
    process = subprocess.Popen(
        command,
        env=unplugged,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # Whoever runs the tests in the background has them ignore it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert process.stdout and process.stderr

    def next_changes() -> dict[str, str]:
        files = json.loads(process.stdout.readline())["files"]  # type: ignore[union-attr]
        return {Path(file["path"]).name: file["change"] for file in files}

    try:
        assert next_changes() == {"boats.txt": "added", "bread.md": "added"}
        assert f"watching {folder}" in process.stderr.readline()
        (folder / "sub" / "cake.txt").write_text("Cakes are baked on Sundays.")
        assert next_changes() == {"cake.txt": "added"}
        (folder / "boats.txt").write_text("The boat Freja has come in.")
        (folder / "sub" / "bread.md").unlink()
        seen: dict[str, str] = {}
        while len(seen) < 2:
            seen |= next_changes()
        assert seen == {"boats.txt": "updated", "bread.md": "removed"}
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.communicate()


@pytest.mark.models
def test_a_first_question_builds_an_index_and_says_so(
    tmp_path: Path, shipped_documents: dict[str, Document], unplugged: dict[str, str]
) -> None:
    """From any folder, as its own process, with the network unplugged."""
    result = subprocess.run(
        [sys.executable, "-m", "footnoted", "ask", "--json", "Who opposes the plan?"],
        cwd=tmp_path,
        capture_output=True,
        env=unplugged,
        encoding="utf-8",
        check=True,
    )
    assert result.stderr == (
        "footnoted: no index in .footnoted yet; making one of the shipped documents\n"
    )
    answer = json.loads(result.stdout)
    assert answer["answered"] and answer["format"] == 2
    for citation in answer["citations"]:
        document = shipped_documents[citation["document"]]
        assert document.text[citation["start"] : citation["end"]] == citation["quote"]
    quotes = " ".join(citation["quote"] for citation in answer["citations"])
    for name in ("Amnesty International", "Social Liberal", "Red Green Alliance", "UNHCR"):
        assert name in quotes


@pytest.mark.models
def test_some_documents_are_asked_alone(run: Run, folder: Path) -> None:
    (folder.parent / "folder.toml").write_text('["boats.txt"]\ndate = "2024-03-12"\n')
    run("index", folder)
    question = "How many boats has the harbour of Aarhus?"
    for chosen in (["--in", "boats.txt"], ["--in", folder], ["--since", "2024", "--until", "2024"]):
        ran = run("ask", question, *chosen)
        assert ran.code == 0 and "forty" in ran.out and " of 2 documents" in ran.out
    ran = run("ask", question, "--in", "sub", "--json")
    answer = json.loads(ran.out)
    assert not answer["answered"] and answer["within"]["documents"] == 1
    refused(run("ask", question, "--in", "boat.txt"), "'boat.txt'; the closest: 'boats.txt'")
    refused(run("ask", question, "--since", "spring"), "since is no date", "2024-03")
    refused(run("ask", question, "--since", "2025"), "2 documents is dated from 1 January 2025 on")


@pytest.mark.models
def test_answers_for_people(run: Run, shipped_index: Path) -> None:
    ran = run("ask", "Who opposes the plan?", "--index", shipped_index)
    assert "[1]" in ran.out and "Ritzau/The Local" in ran.out
    assert "001_28f3d182f749647c.txt, characters" in ran.out
    assert "\x1b" not in ran.out and ran.err == ""


@pytest.mark.models
def test_declining_for_people(run: Run, shipped_index: Path) -> None:
    ran = run("ask", "What is the population of Kigali?", "--index", shipped_index)
    assert ran.code == 0
    assert "The documents do not answer this question." in ran.out
    assert "Nearest passages, not answers:" in ran.out


@pytest.mark.models
def test_history(run: Run, shipped_index: Path) -> None:
    earlier = ("--history", "What did UNHCR say about the plan?")
    ran = run("ask", "And Amnesty?", *earlier, "--index", shipped_index, "--json")
    assert ran.json["understood"] == "What did Amnesty say about the plan?"
    assert ran.json["question"] == "And Amnesty?"
    assert "Amnesty" in ran.json["citations"][0]["quote"]


def test_index_prints_a_receipt(run: Run, folder: Path) -> None:
    (folder / "broken.txt").write_bytes(b"\0")
    first = run("index", folder, "--json").json
    assert {Path(file["path"]).name: file["change"] for file in first["files"]} == {
        "boats.txt": "added",
        "bread.md": "added",
        "broken.txt": "failed",
    }
    assert first["coverage"] == {"documents": 2, "passages": 2, "unreadable": 1}
    again = run("index", folder)
    assert again.code == 0
    assert "broken.txt: is binary" in again.out and "0 passages embedded now" in again.out


def test_documents(run: Run, folder: Path) -> None:
    run("index", folder)
    listed = run("documents", "--json").json
    assert [document["id"] for document in listed] == ["boats.txt", "sub/bread.md"]
    assert "Rye bread" in run("documents").out
    assert {"author", "language", "pages", "reader"} < set(listed[1])
    assert listed[1]["pages"] is None and listed[1]["reader"].startswith("Markdown")
    assert run("documents", "remove", "boats.txt").code == 0
    assert [document["id"] for document in run("documents", "--json").json] == ["sub/bread.md"]
    removed = run("documents", "remove", "sub/bread.md", "sub/bread.md").out
    assert removed == "removed 1 document; its file is untouched\n"
    refused(run("documents", "remove", "boats.txt"), "there is no document 'boats.txt'")


def test_files_are_listed_with_what_came_of_them(run: Run, tmp_path: Path, hashed: object) -> None:
    varied = write_varied(tmp_path / "varied")
    assert "hafen.txt: 175 characters, 1 passage, in German" in run("index", varied).out
    every = run("documents", "--files").out
    assert (
        every.splitlines()[-1] == "8 files: 4 read, 1 read with warnings, 1 partly read, 2 failed"
    )
    assert f"{varied / MINUTES_ID}: same as {varied / COPY}" in every
    unreadable = run("documents", "--unreadable")
    assert unreadable.out.splitlines()[-1] == "3 files: 1 partly read, 2 failed"
    told = run("documents", "--unreadable", "--json").json
    assert [(Path(one["path"]).name, one["state"]) for one in told] == [
        *((HOSTILE, "failed"), (REPORT_ID, "partly read"), (BROKEN, "failed"))
    ]
    assert told[1]["lost"] == ["page 2 cannot be read: broken"]
    assert run("documents", "--files", "--json").json[1] == told[1]
    listed = run("documents").out
    assert "\n    also at " in listed and "\n    nearly the same as " in listed
    assert "3 pages, 59 characters" in listed and "1 warning\n" in listed
    assert f"\n    {varied / BROKEN}: is broken" in listed
    (report,) = [one for one in run("documents", "--json").json if one["id"] == REPORT_ID]
    assert report["path"] == str(varied / REPORT_ID) and report["warnings"] == told[1]["lost"]


def test_the_count_of_unreadable_files_names_its_list(run: Run, tmp_path: Path) -> None:
    run("index", write_varied(tmp_path / "varied"), "--index", "my index")
    asked = run("ask", "Who owns the airport of Reykjavik?", "--index", "my index").out
    assert "1 of 5 documents is not in English (German)" in asked
    last = asked.splitlines()[-1]
    assert last.endswith("footnoted documents --unreadable --index 'my index' lists it")


def test_on_a_terminal_a_document_has_its_receipt_above_it(
    run: Run, folder: Path, hashed: object
) -> None:
    run("index", folder)
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "footnoted", "documents", "show", "boats.txt"]
    subprocess.run(command, stdout=theirs, check=True)
    os.close(theirs)
    shown = os.read(ours, 10_000).decode().replace("\r\n", "\n")
    os.close(ours)
    receipt, blank, text = shown.split("\n", 2)
    assert f"{folder / 'boats.txt'}, plain text, 73 characters, 73 bytes" in receipt
    assert not blank and text == (folder / "boats.txt").read_text() + "\n"


def test_a_document_is_shown_as_it_is_cited(run: Run, tmp_path: Path, hashed: object) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    data = "\ufeff# Ry\u0308e\r\n\r\nA *loaf*\x85 \U0001f35e\x1b[31m.\r\rEnd".encode()
    (folder / "rye bread.md").write_bytes(data)
    run("index", folder)
    command = [sys.executable, "-m", "footnoted", "documents", "show", "rye bread.md"]
    shown = subprocess.run(command, capture_output=True, check=True)
    assert shown.stdout == data.removeprefix(b"\xef\xbb\xbf") and shown.stderr == b""
    spans = subprocess.run([*command, "--spans"], capture_output=True, check=True).stdout
    text = shown.stdout.decode()
    found = [json.loads(line) for line in spans.decode().splitlines()]
    assert [list(one) for one in found] == [["start", "end", "kind", "value"]] * len(found)
    said = [(text[one["start"] : one["end"]], one["kind"], one["value"]) for one in found]
    assert ("Ry\u0308e", "heading", "1") in said and ("*", "markup", "") in said
    assert [one["start"] for one in found] == sorted(one["start"] for one in found)
    refused(run("documents", "show", "bread.md"), "no document 'bread.md'; the closest: 'rye bread")


def test_spans_tell_of_pages() -> None:
    pages = (Page(0, 9, 1), Page(9, 20, 2, "ii"))
    blocks = (Annotation(0, 20, "list"), Annotation(0, 9, "item"), Annotation(9, 20, "item"))
    document = Document("d", 20 * "x", "D", pages=pages, annotations=blocks)
    assert [tuple(one.values()) for one in footnoted.cli._spans(document)] == [
        *((0, 20, "list", ""), (0, 9, "page", "1"), (0, 9, "item", "")),
        *((9, 20, "page", "ii"), (9, 20, "item", "")),
    ]


@pytest.mark.models
def test_hostile_text_steers_no_terminal(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "evil.txt"
    path.write_text("The harbour master \x1b[31mopposes\x1b[0m the \x9b31m new \u202eplan\u202c.\n")
    run("index", path)
    ran = run("ask", "Who opposes the new plan?")
    assert not set("\x1b\x9b\u202e") & set(ran.out)
    quoted = run("ask", "Who opposes the new plan?", "--json").json
    passages = quoted["citations"] or quoted["nearest"]
    assert "\x1b[31m" in passages[0]["quote"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ask", ""], ["the question is empty"]),
        (["ask", " \t\n"], ["the question is empty"]),
        (["ask", "why " * 262_144], ["the question has 1,048,576 characters"]),
        (["ask", "\udcff"], ["not valid text"]),
        (["ask", "Who?", "--history", ""], ["an earlier question is empty"]),
        (["ask"], ["Missing argument 'QUESTION'"]),
        (["ask", "Who?", "--colour"], ["No such option"]),
        (["ask", "Who", "opposes", "it?"], ["put what has blanks between quotation marks"]),
        (["frobnicate"], ["No such command"]),
        (["index", "nowhere"], ["nowhere does not exist"]),
        pytest.param(
            ["index", "--embedder", "no/such-model"],
            ["the model no/such-model cannot be loaded"],
            marks=pytest.mark.models,
        ),
        (["index", ""], ["'PATH'", "a path is empty; name a file or a folder"]),
        (["index", "a.txt", ""], ["a path is empty"]),
        (["documents", "--index", ""], ["'--index'", "a path is empty"]),
        (["verify", ""], ["a path is empty"]),
        (["evaluate", "--report", ""], ["a path is empty"]),
        (["ask", "Who?", "--generator", "llama3.2"], ["neither an address", "nor a folder"]),
        (["index", "a\0b"], [r"'a\x00b' cannot be the name of a file"]),
        (["verify", "\ud800"], [r"'\ud800' cannot be the name of a file"]),
        (["lookup", "a\0b.json#1"], ["there is no file"]),
        (["serve", "--host", "a" * 70], ["cannot serve on"]),
        (["documents"], ["there is no index in .footnoted"]),
        (["serve", "--port", "70000"], ["'--port'"]),
    ],
    ids=lambda value: str(value)[:40],
)
def test_wrong_usage_gets_one_line(run: Run, arguments: list[str], words: list[str]) -> None:
    refused(run(*arguments), *words)


def test_unreadable_input_gets_one_line(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    refused(run("index", folder), "holds no files")
    (folder / "a.txt").write_bytes(b"")
    refused(run("index", folder), "holds no readable file: a.txt holds no text")
    refused(run("index", folder / "a.txt"), "a.txt: holds no text")
    (folder / "corpus.jsonl").write_text('{"_id": "1", "text": "x"}\n{"_id": "1", "text": "y"}\n')
    refused(run("index", folder / "corpus.jsonl"), "line 2", "is that of line 1 too")
    (folder / "corpus.jsonl").write_text('{"_id": "1", "text": "x"}\n{oops}\n')
    refused(run("index", folder / "corpus.jsonl"), "line 2: is not valid JSON")


def test_an_index_that_cannot_be_made(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    refused(run("ask", "Who?", "--index", tmp_path / "file"), "cannot make an index in")


def test_an_index_of_another_model(run: Run, shipped_index: Path) -> None:
    ran = run("index", SHIPPED, "--index", shipped_index, "--embedder", "other/model")
    refused(ran, "was made with all-MiniLM-L6-v2@53aa51172d14, not other/model")


def test_alone_it_says_what_there_is(run: Run) -> None:
    alone = run()
    assert (alone.code, alone.err) == (0, "")
    assert alone.out == run("--help").out
    assert len(alone.out.splitlines()) > 10


@pytest.mark.parametrize("columns", ["60", "80", "200"])
def test_help_cuts_no_sentence_short(
    run: Run, monkeypatch: pytest.MonkeyPatch, columns: str
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    for arguments in ([], ["documents"]):
        listed = run(*arguments, "--help").out.partition("Commands:\n")[2].partition("\n\n")[0]
        assert listed and all(line.endswith(".") for line in listed.splitlines())
        assert "..." not in listed


def test_version(run: Run) -> None:
    assert run("--version").out == f"footnoted {footnoted.__version__}\n"


def test_an_interrupted_command_says_so(
    run: Run, monkeypatch: pytest.MonkeyPatch, shipped_index: Path
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Library, "open", interrupt)
    ran = run("documents", "--index", shipped_index)
    assert (ran.code, ran.out, ran.err) == (130, "", "footnoted: interrupted\n")


@pytest.mark.parametrize(
    "start",
    [
        "from importlib.metadata import entry_points\n"
        "(command,) = entry_points(group='console_scripts', name='footnoted')\n"
        "command.load()()",
        "import runpy\nrunpy.run_module('footnoted', run_name='__main__')",
        f"import runpy\nrunpy.run_path({str(ROOT / 'app.py')!r}, run_name='__main__')",
    ],
    ids=["footnoted", "python -m footnoted", "python app.py"],
)
@pytest.mark.parametrize(
    "making", ["{}", "class A:\n    class B:\n        __set_name__ = {}\n    b = B()"]
)
def test_an_interrupt_while_it_is_still_imported(tmp_path: Path, start: str, making: str) -> None:
    """What is raised while a class is made comes out as another error."""
    interrupt = "__import__('os').kill(__import__('os').getpid(), 2)"
    if "class" in making:
        interrupt = f"lambda *_: {interrupt}"
    (tmp_path / "typer.py").write_text(making.format(interrupt))
    program = f"import sys\nsys.path.insert(0, {str(tmp_path)!r})\n{start}"
    ran = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        # Whoever runs the tests in the background has them ignore it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (130, "", "footnoted: interrupted\n")


def test_an_interrupt_that_comes_out_as_another_error(
    run: Run, monkeypatch: pytest.MonkeyPatch, shipped_index: Path
) -> None:
    def interrupt(*_: object) -> None:
        raise RuntimeError("while a class was made") from KeyboardInterrupt()

    monkeypatch.setattr(Library, "open", interrupt)
    ran = run("documents", "--index", shipped_index)
    assert (ran.code, ran.out, ran.err) == (130, "", "footnoted: interrupted\n")


def test_what_nobody_foresaw_is_one_line_unless_asked_for(
    run: Run, monkeypatch: pytest.MonkeyPatch, shipped_index: Path
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("a bolt\nis loose")

    monkeypatch.setattr(Library, "open", fail)
    ran = run("documents", "--index", shipped_index)
    assert (ran.code, ran.out) == (70, "")
    assert ran.err.splitlines() == [
        "footnoted: this is a fault of Footnoted's own: RuntimeError: a bolt is loose; "
        "FOOTNOTED_DEBUG=1 shows where"
    ]
    monkeypatch.setenv("FOOTNOTED_DEBUG", "1")
    with pytest.raises(RuntimeError):
        footnoted.cli.main(["documents", "--index", str(shipped_index)])


@pytest.mark.models
def test_a_model_that_is_nowhere_is_not_waited_for(
    run: Run, monkeypatch: pytest.MonkeyPatch, shipped_index: Path
) -> None:
    """With no network, asking the hub again and again would take half a minute."""
    asked: list[str] = []

    def unreachable(_: object, host: str, *__: object, **___: object) -> None:
        asked.append(host)
        raise OSError("unreachable")

    monkeypatch.setattr(socket, "getaddrinfo", functools.partial(unreachable, None))
    ran = run("ask", "Who?", "--reader", "no/such", "--index", shipped_index)
    refused(ran, "the model no/such cannot be loaded")
    assert len(asked) <= 1


def test_every_command_has_help_with_an_example(run: Run) -> None:
    commands = "index ask suggest lookup evaluate calibrate verify serve documents"
    for command in commands.split():
        ran = run(command, "--help")
        assert ran.code == 0 and f"Example: footnoted {command}" in ran.out


@pytest.mark.models
def test_output_that_nobody_reads_is_no_error(shipped_index: Path) -> None:
    """``footnoted documents | true``: the pipe is closed before anything is written."""
    arguments = ["documents", "--index", str(shipped_index)]
    program = f"import footnoted.cli; footnoted.cli.main({arguments!r})"
    reading, writing = os.pipe()
    os.close(reading)
    result = subprocess.run(
        [sys.executable, "-c", program], stdout=writing, stderr=subprocess.PIPE, cwd=ROOT
    )
    os.close(writing)
    assert b"Traceback" not in result.stderr and b"Exception" not in result.stderr


@pytest.mark.models
def test_questions_are_suggested(run: Run, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("The treasurer of the society is Sven \x1b[7mBrandt.\n")
    (tmp_path / "note.txt").write_text("The new pier of Ribe will be opened on 3 May 2026.\n")
    run("index", tmp_path / "letter.txt", tmp_path / "note.txt", "--index", "mine")
    found = run("suggest", "--index", "mine", "--json").json
    assert [(one["question"], one["answer"], one["document"]) for one in found] == [
        ("When will the new pier of Ribe be opened?", "3 May 2026", "note.txt")
    ]
    shown = run("suggest", "--corpus", tmp_path / "note.txt")
    assert shown.code == 0
    assert shown.out == ("When will the new pier of Ribe be opened?\n  3 May 2026 note.txt\n")
    (tmp_path / "note.txt").write_text("Nothing of note.\n")
    nothing = run("suggest", "--corpus", tmp_path / "note.txt")
    assert nothing.code == 0 and "Nothing is suggested" in nothing.out


@pytest.mark.models
def test_lookup_finds_misquotations_and_opens_citations(
    run: Run, shipped_index: Path, tmp_path: Path
) -> None:
    index = ("--index", shipped_index)
    exact = run("lookup", "signed in april 2021", *index, "--json").json
    assert [(m["match"], m["similarity"], m["quote"]) for m in exact] == [
        ("exact", 1.0, "signed in April 2021")
    ]
    close = run("lookup", "does not see the idea of outsourcing asylum as responsible", *index)
    assert "[-see-] {+view+}" in close.out
    nothing = run("lookup", "The minister resigned on Tuesday after the vote", *index)
    assert nothing.out == "The documents hold nothing like this.\n"
    refused(run("lookup", " ", *index), "nothing to look up")
    saved = tmp_path / "answer.json"
    saved.write_text(run("ask", "--json", "Who opposes the plan?", *index).out, encoding="utf-8")
    opened = run("lookup", f"{saved}#2", *index)
    assert "»Human rights organisations Amnesty International" in opened.out
    assert "“does not view the idea of outsourcing asylum" in " ".join(opened.out.split())
    refused(run("lookup", f"{saved}#9", *index), "has no citation 9; it has 3")
    refused(run("lookup", saved, *index), f"saved answer, with 3 citations; {saved}#1 opens")
    older = json.loads(saved.read_text(encoding="utf-8")) | {"format": 1}
    for citation in older["citations"]:
        for later in ("publisher", "date", "heading", "page_label"):
            del citation[later]
    older_file = tmp_path / "older.json"
    older_file.write_text(json.dumps(older))
    assert run("lookup", f"{older_file}#2", *index).out == opened.out
    (citation,) = run("lookup", f"{older_file}#2", *index, "--json").json
    assert citation["publisher"] == "Ritzau/The Local" and citation["match"] == "exact"
    saved.write_text(saved.read_text(encoding="utf-8").replace("criticised", "praised"))
    assert run("lookup", f"{saved}#2", *index).code == 1


def test_lookup_of_a_file_that_is_not_there(run: Run, shipped_index: Path) -> None:
    index = ("--index", shipped_index)
    for name in ("nofile.json", "my answers/of May.JSON"):
        refused(run("lookup", f"{name}#2", *index), f"there is no file {name}; name one")
    nothing = "The documents hold nothing like this.\n"
    refused(run("lookup", "\udcff", *index), "not valid text")
    Path("zebra.json").write_text("{}")  # a file that is no answer may be quoted
    for quotation in (
        "zebra.json",
        "Room #2",
        f"{'zebra' * 60}#2",
        "answers.json#two",
        f"x#{'9' * 5000}",
    ):
        assert run("lookup", quotation, *index).out == nothing


def test_lookup_shows_the_first_places_and_counts_the_rest(run: Run, shipped_index: Path) -> None:
    index = ("--index", shipped_index)
    few, every = run("lookup", "asylum", *index).out, run("lookup", "asylum", *index, "--all").out
    there = len(run("lookup", "asylum", *index, "--json").json)
    assert there > 11
    assert few.count(", exact\n") == 10 and every.count(", exact\n") == there
    assert few.endswith(f"\n\nand {there - 10} more places; --all shows them\n")
    assert every.startswith(few.rpartition("\n\nand ")[0]) and "--all" not in every


@pytest.mark.models
def test_evaluate_writes_compares_and_holds_limits(
    run: Run, shipped_index: Path, tmp_path: Path
) -> None:
    index = ("--index", shipped_index)
    questions = tmp_path / "few.jsonl"
    lines = SHIPPED_QUESTIONS.read_text(encoding="utf-8").splitlines()
    questions.write_text("\n".join(lines[:4]), encoding="utf-8")
    files = ("--json", "result.json", "--report", "report.html")
    first = run("evaluate", questions, *index, *files, "--fail-under", "fact_recall=0.9")
    assert first.code == 0 and "fact_recall" in first.out
    result = json.loads((tmp_path / "result.json").read_text(encoding="utf-8"))
    assert [record["id"] for record in result["questions"]] == ["d01", "d02", "d03", "d04"]
    assert "</html>" in (tmp_path / "report.html").read_text(encoding="utf-8")
    again = run("evaluate", questions, *index, "--baseline", "result.json")
    assert again.code == 0 and "change" in again.out
    missed = run("evaluate", questions, *index, "--fail-under", "wrong_answer_rate=-1")
    assert missed.code == 1 and "missed: wrong_answer_rate is 0.0000; at most -1" in missed.out


@pytest.mark.models
def test_evaluate_over_a_corpus_of_its_own(run: Run, folder: Path, tmp_path: Path) -> None:
    questions = tmp_path / "boats.csv"
    questions.write_text("question,answer\nWhat is the oldest boat called?,Maren\n")
    ran = run("evaluate", questions, "--corpus", folder, "--fail-under", "fact_recall=1")
    assert ran.code == 0 and not (tmp_path / ".footnoted").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere.jsonl"], ["nowhere.jsonl cannot be opened"]),
        (["--fail-under", "beauty=1"], ["there is no metric 'beauty'"]),
        (["--fail-under", "fact_recall=high"], ["gives no number"]),
        (["--baseline", "nowhere.json"], ["nowhere.json"]),
        (["broken.jsonl"], ["line 1"]),
        (["others.jsonl"], ["the questions are about other documents: o1"]),
    ],
    ids=str,
)
def test_evaluate_refuses_before_it_runs(
    run: Run, shipped_index: Path, tmp_path: Path, arguments: list[str], words: list[str]
) -> None:
    (tmp_path / "broken.jsonl").write_text('{"id": "b", "question": 7}\n')
    place = {"document": "other.txt", "start": 0, "quote": "me"}
    other = {"id": "o1", "question": "Who?", "answers": [["me"]], "evidence": [place]}
    (tmp_path / "others.jsonl").write_text(json.dumps(other))
    refused(run("evaluate", *arguments, "--index", shipped_index), *words)
