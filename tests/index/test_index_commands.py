"""What the commands on an index say to a person, and how they end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import footnoted.cli
from footnoted.index.library import Library
from footnoted.index.store import FILE
from footnoted.index.writer import writing

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Runs a command in an empty folder; its exit code and what it printed on either side."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str | Path) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            footnoted.cli.main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    return run


def test_own_documents_after_the_sample(run: Run, folder: Path) -> None:
    run("index")
    code, out, err = run("index", folder)
    assert (code, err) == (0, "")
    assert "the sample documents made way for yours; to have both: footnoted index /" in out
    assert json.loads(run("documents", "--json")[1])[0]["id"] == "boats.txt"


def test_the_sample_beside_own_documents_is_told(run: Run, folder: Path) -> None:
    _, out, _ = run("index")
    assert "no PATH was named, so these are the sample documents; yours take their place" in out
    run("index", folder)
    code, out, err = run("index")
    assert (code, err) == (0, "") and "so the sample documents stand beside yours now" in out
    assert json.loads(run("index", "--json")[1])["notes"][0].startswith("no PATH was named")
    command = out.partition("to take them out: footnoted ")[2].splitlines()[0]
    assert run(*command.split())[0] == 0
    listed = json.loads(run("documents", "--json")[1])
    assert [document["id"] for document in listed] == ["boats.txt", "sub/bread.md"]


def test_the_shipped_questions_on_own_documents_are_refused_with_a_way_out(
    run: Run, folder: Path
) -> None:
    run("index", folder)
    code, out, err = run("evaluate")
    assert (code, out) == (2, "") and err.count("\n") == 1
    assert "name the file with yours, or measure those: footnoted evaluate --corpus /" in err


def test_an_index_of_nothing_that_can_be_read_fails(run: Run, folder: Path) -> None:
    run("index", folder)
    for file in (folder / "boats.txt", folder / "sub" / "bread.md"):
        file.write_bytes(b"")
    code, out, err = run("index", folder)
    assert code == 2 and out.count("holds no text") == 2
    assert err == "footnoted: none of these files can be read; the reasons stand beside them\n"


def test_an_empty_index_says_so(run: Run, folder: Path) -> None:
    run("index", folder)
    run("documents", "remove", "boats.txt", "sub/bread.md")
    assert run("documents") == (
        0,
        "No documents are indexed; footnoted index PATH adds some.\n",
        "",
    )
    assert run("documents", "--json") == (0, "[]\n", "")
    for asked in (("ask", "What is the oldest boat called?"), ("lookup", "the oldest boat")):
        code, out, err = run(*asked)
        assert (code, out) == (2, "") and err.count("\n") == 1
        assert "the index in .footnoted holds no documents; footnoted index PATH adds some" in err


def test_a_damaged_index_gets_one_line(run: Run, library: Library, folder: Path) -> None:
    library.update([folder])
    library.close()
    os.truncate(library.folder / FILE, (library.folder / FILE).stat().st_size // 2)
    code, out, err = run("documents", "--index", library.folder)
    assert (code, out) == (2, "") and err.startswith(f"footnoted: the index in {library.folder} is")
    assert err.endswith("; footnoted index --rebuild makes it anew from its documents\n")


def test_who_waits_for_another_writer_is_told_and_may_give_up(
    library: Library, folder: Path, unplugged: dict[str, str]
) -> None:
    command = [sys.executable, "-m", "footnoted", "index", str(folder)]
    with writing(library.folder):
        process = subprocess.Popen(
            [*command, "--index", str(library.folder)],
            env=unplugged,
            text=True,
            stderr=subprocess.PIPE,
            # Whoever runs the tests in the background has them ignore it.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        try:
            assert process.stderr
            said = process.stderr.readline()
            assert said.startswith(f"footnoted: another footnoted (process {os.getpid()} on ")
            process.send_signal(signal.SIGINT)
            assert process.wait(30) == 130
        finally:
            process.kill()
            process.communicate()
    assert library.coverage().documents == 0
