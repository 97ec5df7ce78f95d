"""Files with a password: opened with it, never lost without it, and the password kept nowhere."""

from __future__ import annotations

import io
import json
import os
import pty
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

import footnoted
from footnoted.cli import main
from footnoted.corpus import reading
from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.formats import FORMATS
from footnoted.corpus.formats.pdf import Pdf
from footnoted.corpus.types import Span
from footnoted.index.library import Library
from footnoted.index.types import Receipt
from footnoted.qa.types import Citation
from support.answers import NOTHING

pytestmark = pytest.mark.usefixtures("hashed")

SECRET = "open-sesame-4711"  # noqa: S105
KEPT = "what was read of it before stays indexed"
ASK = "is protected by a password; give it with --password"
WRONG = "is protected by another password than the one that --password gives"


def locked(path: Path, text: str = "Nine boats lie in the harbour.", is_open: bool = False) -> Path:
    lock = None if is_open else StandardEncryption(SECRET, "owner", strength=128)
    canvas = Canvas(str(path), encrypt=lock)
    canvas.drawString(72, 700, text)
    canvas.save()
    return path


@pytest.fixture
def protected(folder: Path) -> Path:
    """A folder of files, one of which has a password."""
    locked(folder / "locked.pdf")
    return folder


def told(receipt: Receipt) -> tuple[str, str | None, tuple[str, ...]]:
    """What is said of the file with the password."""
    (file,) = (one for one in receipt.files if one.path.endswith("locked.pdf"))
    return file.change, file.failure, file.warnings


def text(library: Library) -> str | None:
    found = library.document("locked.pdf")
    return found.text if found else None


def test_without_its_password_a_file_is_not_lost(
    library: Library, protected: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert told(library.update([protected])) == ("failed", ASK, ())
    assert text(library) is None
    assert told(library.update([protected], password="no")) == ("failed", WRONG, ())  # noqa: S106
    assert told(library.update([protected], password=SECRET)) == ("added", None, ())
    read = text(library)
    assert read == "Nine boats lie in the harbour."
    # Unchanged, it is not opened.
    assert told(library.update([protected])) == ("unchanged", None, ())
    # Another version of the reader would read it anew.
    with monkeypatch.context() as patched:
        patched.setattr(next(one for one in FORMATS if isinstance(one, Pdf)), "version", "another")
        reading.readers.cache_clear()
        assert told(library.update([protected])) == ("failed", ASK, (KEPT,))
    reading.readers.cache_clear()
    assert text(library) == read
    # Nobody knows what stands in it now.
    locked(protected / "locked.pdf", "Ten boats lie in the harbour.")
    assert told(library.update([protected])) == ("failed", ASK, (KEPT,))
    assert told(library.refresh()) == ("failed", ASK, (KEPT,))
    assert text(library) == read
    assert library.coverage().unreadable == 1
    assert told(library.update([protected], password=SECRET)) == ("updated", None, ())
    assert text(library) == "Ten boats lie in the harbour."


@pytest.mark.parametrize("named", [True, False])
def test_an_index_that_is_made_anew_keeps_it(
    library: Library, protected: Path, named: bool
) -> None:
    library.update([protected], password=SECRET)
    read = library.document("locked.pdf")
    library.close()
    paths = [protected] if named else []
    for _ in range(2):  # from what was kept, too
        made, receipt = Library.rebuild(library.folder, paths)
        assert told(receipt) == ("failed", ASK, (KEPT,))
        assert made.document("locked.pdf") == read
        assert [hit.document.id for hit in made.search("nine boats", 1)] == ["locked.pdf"]
        made.close()
    made, receipt = Library.rebuild(library.folder, paths, password=SECRET)
    assert told(receipt) == ("added", None, ())
    made.close()


def test_a_damaged_index_is_made_anew_without_it(library: Library, protected: Path) -> None:
    library.update([protected], password=SECRET)
    library.close()
    file = library.folder / "index.sqlite"
    data = bytearray(file.read_bytes())
    data[4096:] = bytes(len(data) - 4096)
    file.write_bytes(data)
    made, receipt = Library.rebuild(library.folder, [protected])
    assert told(receipt) == ("failed", ASK, ())
    assert made.document("boats.txt") and text(made) is None
    made.close()


def test_what_has_a_password_now_is_not_lost(library: Library, folder: Path) -> None:
    locked(folder / "locked.pdf", is_open=True)
    library.update([folder])
    read = text(library)
    locked(folder / "locked.pdf")
    assert told(library.update([folder])) == ("failed", ASK, (KEPT,))
    assert read and text(library) == read


def test_a_new_file_alone_says_what_it_needs(library: Library, tmp_path: Path) -> None:
    path = locked(tmp_path / "locked.pdf")
    with pytest.raises(UnusableInput, match=rf"^{path}: {ASK}$"):
        library.update([path])


def test_the_python_interface_takes_it(
    protected: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with footnoted.open(protected, tmp_path / "one", password=SECRET) as library:
        assert "locked.pdf" in [one.id for one in library.documents()]
        document = next(one for one in library.documents() if one.id == "locked.pdf")
        answer = replace(NOTHING, nearest=(Citation.of(1, document, Span(0, 10)),))
        assert footnoted.verify(answer, library) == []
    assert footnoted.verify(answer, protected, password=SECRET) == []
    assert caplog.messages == []
    assert len(footnoted.verify(answer, protected)) == 1
    assert caplog.messages == [f"{protected / 'locked.pdf'}: {ASK}"]
    with footnoted.open(protected / "boats.txt", tmp_path / "two") as library:
        with pytest.raises(UnusableInput, match=WRONG):
            library.add(protected / "locked.pdf", password="no")  # noqa: S106
        with pytest.raises(UnusableInput, match="the password is a text, not of type int"):
            library.add(protected / "locked.pdf", password=4711)  # type: ignore[arg-type]
        assert library.add(protected / "locked.pdf", password=SECRET).coverage.documents == 2
    assert SECRET not in caplog.text


def test_it_is_kept_nowhere(
    protected: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    arguments = ["index", str(protected), "--index", str(tmp_path / "index")]
    with pytest.raises(SystemExit) as ended:
        main([*arguments, "--password", SECRET])
    assert not ended.value.code
    assert SECRET not in "".join(capfd.readouterr())
    kept = [path for path in (tmp_path / "index").rglob("*") if path.is_file()]
    assert kept and not any(SECRET.encode() in path.read_bytes() for path in kept)


def test_it_is_read_from_standard_input(
    protected: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So it stands in no list of processes and in no history of a shell."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{SECRET}\n"))
    with pytest.raises(SystemExit) as ended:
        main(["index", str(protected), "--index", str(tmp_path / "index"), "--password", "-"])
    assert not ended.value.code
    library = Library.open(tmp_path / "index")
    assert text(library)
    library.close()


# -- verify ----------------------------------------------------------------------------------------


@pytest.fixture
def answer(library: Library, protected: Path, tmp_path: Path) -> Path:
    """A saved answer that quotes the file with the password."""
    library.update([protected], password=SECRET)
    document = library.document("locked.pdf")
    assert document
    quoted = Citation.of(1, document, Span(0, 10))
    file = tmp_path / "answer.json"
    file.write_text(json.dumps(replace(NOTHING, nearest=(quoted,)).as_dict()))
    return file


def verify(
    answer: Path, folder: Path, index: Path, capsys: pytest.CaptureFixture[str], *more: str
) -> tuple[object, str, str]:
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        main(["verify", str(answer), "--documents", str(folder), "--index", str(index), *more])
    return (ended.value.code, *capsys.readouterr())


def test_a_file_is_verified_with_its_password(
    answer: Path, protected: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere, stands = tmp_path / "none", "1 of 1 quotation stands where it says\n"
    given = "--password", SECRET
    assert verify(answer, protected, nowhere, capsys, *given) == (0, stands, "")
    code, out, err = verify(answer, protected, nowhere, capsys, "--password", "no")
    assert (code, err) == (1, f"footnoted: {protected / 'locked.pdf'} {WRONG}\n")
    assert out.count("\n") == 1
    locked(protected / "locked.pdf", "Ten boats lie in the harbour.")
    code, out, err = verify(answer, protected, nowhere, capsys, *given)
    assert (code, err) == (1, "") and "changed source" in out


def test_it_is_asked_for_at_a_terminal(answer: Path, protected: Path, tmp_path: Path) -> None:
    terminal, theirs = pty.openpty()
    command = [sys.executable, "-m", "footnoted", "verify", str(answer), "--password", "-"]
    process = subprocess.Popen(
        [*command, "--documents", str(protected), "--index", str(tmp_path / "none")],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    os.close(theirs)
    assert process.stdout
    said = b""
    while not said.endswith(b"Password: "):  # from then on, nothing that is typed is shown
        said += process.stdout.read(1)
    os.write(terminal, f"{SECRET}\n".encode())
    said += process.stdout.read()
    assert process.wait(120) == 0, said
    assert SECRET.encode() not in said + _shown(terminal)


def _shown(terminal: int) -> bytes:
    try:
        return os.read(terminal, 1000)
    except OSError:  # nothing was, and nobody is there any more
        return b""
    finally:
        os.close(terminal)


def test_without_it_the_text_of_an_unchanged_file_counts(
    answer: Path, protected: Path, library: Library, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = verify(answer, protected, library.folder, capsys)
    assert (code, err) == (
        0,
        f"footnoted: {protected / 'locked.pdf'} {ASK}\n"
        f"footnoted: locked.pdf {ASK}; checked against the text that the index keeps\n",
    )
    locked(protected / "locked.pdf", "Ten boats lie in the harbour.")
    assert verify(answer, protected, library.folder, capsys)[0] == 1
