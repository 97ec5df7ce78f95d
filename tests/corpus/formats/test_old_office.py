from __future__ import annotations

import shutil
import struct
import subprocess
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from footnoted.corpus.formats import old_office
from footnoted.corpus.formats.zipped_xml import PROTECTED
from support.compound import compound_file
from support.ole import ole
from support.zipped import contents, docx, p, refused

LINKED = """<?xml version="1.0"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
 xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"
 xmlns:xlink="http://www.w3.org/1999/xlink"
 office:mimetype="application/vnd.oasis.opendocument.text"><office:body><office:text><text:p>Words
<draw:frame svg:width="2cm" svg:height="2cm" text:anchor-type="as-char">
<draw:image xlink:href="http://127.0.0.1:{port}/x.png"/></draw:frame></text:p></office:text>
</office:body></office:document>"""

needs_office = pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")


@pytest.mark.parametrize(
    ("stream", "name", "said"),
    [
        ("WordDocument", "file.doc", "is an old Word file; save it as .docx"),
        ("WordDocument", "file.docx", "is an old Word file; save it as .docx"),
        ("PowerPoint Document", "file.ppt", "is an old PowerPoint file; save it as .pptx"),
    ],
)
def test_the_remedy_where_libreoffice_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stream: str, name: str, said: str
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert refused(ole(tmp_path / name, stream)) == f"{said}, or install LibreOffice"


def test_what_is_no_old_file_is_told_so(tmp_path: Path) -> None:
    path = tmp_path / "file.doc"
    path.write_bytes(b"\0\1\2")
    assert refused(path).startswith("is broken")


def test_what_has_a_password_is_told_so(tmp_path: Path) -> None:
    is_encrypted = 0x100
    head = struct.pack("<6H", 0xA5EC, 0xC1, 0, 0, 0, is_encrypted)
    data = compound_file({"WordDocument": head.ljust(5000, b"\0"), "0Table": bytes(5000)})
    (tmp_path / "file.doc").write_bytes(data)
    assert refused(tmp_path / "file.doc") == PROTECTED


def test_new_and_rich_text_files_with_an_old_ending(tmp_path: Path) -> None:
    assert contents(docx(tmp_path / "file.doc", p("Words."))).texts[0].text == "Words."
    rich = tmp_path / "rich.doc"
    rich.write_bytes(rb"{\rtf1 Words.}")
    assert contents(rich).texts[0].text == "Words."


@pytest.mark.slow
def test_a_program_that_does_not_end_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = never_ending(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(old_office, "_SECONDS", 3)
    reason = refused(ole(tmp_path / "file.doc", "WordDocument"))
    assert reason == "is not converted by LibreOffice within 3 seconds; save it as .docx"
    wait_until(lambda: not is_running(int(started.read_text())))


def never_ending(folder: Path) -> Path:
    """A program in place of LibreOffice; the file in which it writes the process it started."""
    started = folder / "started"
    office = folder / "soffice"
    office.write_text(f"#!/bin/sh\n/bin/sleep 60 &\necho $! > {started}\nwait\n")
    office.chmod(0o755)
    return started


def wait_until(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.05)


def is_running(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().split()[2] != "Z"
    except OSError:
        return False


def made_old(source: Path) -> Path:
    """What LibreOffice, with settings of its own, makes of a file for the Word of 1997."""
    office = shutil.which("soffice")
    assert office
    profile = f"-env:UserInstallation={(source.parent / 'profile').as_uri()}"
    folder = source.parent
    subprocess.run(
        [office, profile, "--headless", "--convert-to", "doc", "--outdir", folder, source],
        check=True,
    )
    return source.with_suffix(".doc")


@pytest.mark.slow
@needs_office
def test_an_old_file_is_read(tmp_path: Path) -> None:
    made = made_old(docx(tmp_path / "file.docx", p("Nine boats lie here.")))
    assert contents(made).texts[0].text == "Nine boats lie here."


@pytest.mark.slow
@needs_office
def test_nothing_that_a_file_links_to_is_fetched(tmp_path: Path) -> None:
    fetched: list[str] = []

    class Server(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            fetched.append(self.path)
            self.send_error(404)

        do_HEAD = do_OPTIONS = do_GET  # noqa: N815

    with ThreadingHTTPServer(("127.0.0.1", 0), Server) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page = tmp_path / "file.fodt"
        page.write_text(LINKED.format(port=server.server_port), encoding="utf-8")
        made = made_old(page)
        assert fetched
        fetched.clear()
        assert contents(made).texts[0].text == "Words"
        assert fetched == []
        server.shutdown()


@pytest.mark.slow
@needs_office
def test_a_broken_old_file_is_refused(tmp_path: Path) -> None:
    assert refused(ole(tmp_path / "file.doc", "WordDocument")).startswith("cannot be converted")
