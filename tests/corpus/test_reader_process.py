"""Processes that read files: what they survive, what they are not given, and how they end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from footnoted.corpus import reader_process
from footnoted.corpus.files import CHANGED, SourceFile, read
from footnoted.corpus.reader_pool import ReaderPool
from footnoted.corpus.reader_process import ReaderProcess
from support.ole import ole

pytestmark = pytest.mark.slow

# What a broken parser does when it meets certain files, in the real process.
_PARSER = """
import os, re, signal, sys, time

def misbehave(event, arguments):
    path = arguments[0] if event == "open" else ""
    name = os.path.basename(path) if isinstance(path, str) else ""
    if name == "never.jsonl":
        re.match(r"(a+)+$", "a" * 99 + "b")  # never gives another thread a turn
    elif name == "crash.jsonl":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif name == "fault.jsonl":
        raise KeyError("a parser's own")
    elif name == "large.jsonl":
        bytearray(3 << 30)
    elif name == "noise.jsonl":
        os.write(1, b"printed by a library")
    elif name == "caller.jsonl":
        import socket
        socket.create_connection(("127.0.0.1", 9))

sys.addaudithook(misbehave)
"""


@pytest.fixture
def parsers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder; of the files in it, some are what a parser breaks at."""
    beside = tmp_path / "beside"
    beside.mkdir()
    (beside / "sitecustomize.py").write_text(_PARSER)
    monkeypatch.setenv("PYTHONPATH", str(beside))
    folder = tmp_path / "files"
    folder.mkdir()
    return folder


def write(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).write_text(f'{{"_id": "{name}", "text": "The pier is long."}}\n')


def read_all(paths: list[Path]) -> dict[str, SourceFile]:
    return {path.name: file for path in paths for file in read(path)}


def test_a_bad_file_ends_no_other(parsers: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader_process, "SECONDS", 20.0)
    names = ["a", "never", "crash", "fault", "large", "noise", "caller", "z"]
    write(parsers, *(f"{name}.jsonl" for name in names))
    with ReaderPool() as pool:
        begun = {
            name: pool.begin(path, path.stat().st_size)
            for name in names
            if (path := parsers / f"{name}.jsonl")
        }
        found = {name: wait().reply for name, wait in begun.items()}
    assert {name: reply.failure for name, reply in found.items()} == {
        "a": None,
        "never": "took longer than 20 s to be read and was given up; split it",
        "crash": "crashed its reader, as a broken file may, or one that needs too much memory; "
        "save it anew",
        "fault": 'made its reader fail (KeyError: "a parser\'s own"); it may be broken: '
        "save it anew",
        "large": "needs more than 2 GB of memory to be read; split it",
        "noise": None,
        "caller": "cannot be opened: documents are read without a network",
        "z": None,
    }
    for name in ("a", "noise", "z"):
        contents = found[name].contents
        assert contents and contents.texts[0].text == "The pier is long."


def test_the_order_is_that_of_the_files(tmp_path: Path) -> None:
    """Large ones first, so that later ones are done before them."""
    for number in range(12):
        lines = (f'{{"_id": "{number}-{i}", "text": "x"}}' for i in range(1 + 5000 // (1 + number)))
        (tmp_path / f"{number:02}").mkdir()
        (tmp_path / f"{number:02}" / "corpus.jsonl").write_text("\n".join(lines))
    files = list(read(tmp_path))
    assert [file.path.parent.name for file in files] == [f"{number:02}" for number in range(12)]
    assert all(file.documents[0].id == f"{n}-0" for n, file in enumerate(files))


def test_an_answer_that_is_too_long_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "corpus.jsonl")
    monkeypatch.setattr(reader_process, "ANSWER", 10)
    monkeypatch.setattr(reader_process, "ANSWER_A_BYTE", 0)
    (file,) = read(tmp_path)
    assert "crashed its reader" in (file.failure or "")


def test_a_process_is_replaced_after_so_many_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader_process, "FILES", 2)
    write(tmp_path, "corpus.jsonl")
    process = ReaderProcess()
    for _ in range(2):
        assert process.is_usable
        assert process.read(tmp_path / "corpus.jsonl", 100).contents
    assert not process.is_usable
    process.close()


def test_threads_of_a_server_read_at_once(tmp_path: Path) -> None:
    write(tmp_path, "corpus.jsonl")
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda _: list(read(tmp_path)), range(4)))
    assert all(file.documents for files in found for file in files)


def test_a_file_that_changes_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "log.txt"
    path.write_text("The first line.\n")
    begin, times = ReaderPool.begin, []

    def changing(pool: ReaderPool, file: Path, size: int) -> object:
        result = begin(pool, file, size)()
        times.append(size)
        if len(times) <= most:
            with file.open("a") as log:
                log.write("Another line.\n")
        return lambda: result

    monkeypatch.setattr(ReaderPool, "begin", changing)
    most = 1
    (file,) = read(path)
    assert file.documents[0].text == path.read_text() and not file.warnings and len(times) == 2
    times, most = [], 9
    (file,) = read(path)
    assert file.warnings == (CHANGED,) and len(times) == 2


# -- ends ------------------------------------------------------------------------------------------

_READS = """
import os, sys
from pathlib import Path
from footnoted.corpus.reader_process import ReaderProcess
one = ReaderProcess()
one._begin()
print(one._process.pid, flush=True)
if len(sys.argv) > 1:
    one.read(Path(sys.argv[1]), 1)
sys.stdin.read()
"""


@pytest.fixture
def parent(
    parsers: Path, request: pytest.FixtureRequest
) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A process with a child that reads: both, the latter as its number."""
    write(parsers, "never.jsonl")
    named = [str(parsers / "never.jsonl")] if request.param == "busy" else []
    process = subprocess.Popen(
        [sys.executable, "-c", _READS, *named],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        # Whoever runs the tests in the background has them ignore it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert process.stdout
    child = int(process.stdout.readline())
    if named:
        time.sleep(1)
    yield process, child
    process.kill()
    process.communicate()


@pytest.mark.parametrize("parent", ["idle", "busy"], indirect=True)
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_child_ends_with_its_parent(
    parent: tuple[subprocess.Popen[str], int], how: signal.Signals
) -> None:
    process, child = parent
    assert _runs(child)
    process.send_signal(how)
    process.wait(60)
    for _ in range(600):
        if not _runs(child):
            return
        time.sleep(0.1)
    os.kill(child, signal.SIGKILL)
    pytest.fail("the child goes on without its parent")


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_program_that_a_reader_has_started_ends_with_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: signal.Signals
) -> None:
    """One that makes much of ending, and one that it has started in turn."""
    started, office = tmp_path / "started", tmp_path / "soffice"
    office.write_text(f"#!/bin/sh\ntrap '' IO TERM\nsleep 600 &\necho $$ $! > {started}\nwait\n")
    office.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    path = ole(tmp_path / "file.doc", "WordDocument")
    process = subprocess.Popen(
        [sys.executable, "-c", _READS, str(path)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _until(lambda: started.exists() and started.read_text().endswith("\n"))
    programs = [int(one) for one in started.read_text().split()]
    assert all(map(_runs, programs))
    process.send_signal(how)
    process.wait(60)
    _until(lambda: not any(map(_runs, programs)))


def test_nothing_is_left_of_a_file_that_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that converts works with a copy, which its reader removes unless it is ended."""
    office, copies = tmp_path / "soffice", tmp_path / "copies"
    copies.mkdir()
    office.write_text("#!/bin/sh\nsleep 600\n")
    office.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(tempfile, "tempdir", str(copies))
    monkeypatch.setattr(reader_process, "SECONDS", 10.0)
    (file,) = read(ole(tmp_path / "file.doc", "WordDocument"))
    assert "took longer than 10 s" in (file.failure or "")
    assert list(copies.iterdir()) == []


def _until(holds: Callable[[], bool]) -> None:
    for _ in range(600):
        if holds():
            return
        time.sleep(0.1)
    pytest.fail("it does not come to that")


def _runs(process: int) -> bool:
    try:
        told = Path(f"/proc/{process}/stat").read_text()
    except FileNotFoundError:
        return False
    return told.rpartition(")")[2].split()[0] != "Z"


def test_a_child_imports_nothing_heavy() -> None:
    heavy = ["torch", "openvino", "gradio", "faiss", "pydantic", "numpy"]
    program = f"import sys, footnoted.corpus.reader_process; print({{*{heavy}}} & {{*sys.modules}})"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert ran.stdout == "set()\n"
