"""Word's and PowerPoint's files of before 2007, which LibreOffice makes new where it is there."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import olefile

from footnoted.corpus.errors import Protected, UnusableInput
from footnoted.corpus.formats.protected_office import is_locked
from footnoted.corpus.formats.zipped_xml import PROTECTED
from footnoted.corpus.protocols import Format, Peek
from footnoted.corpus.types import Contents

# Less than any file may take that is read, so that LibreOffice is ended together with its children.
_SECONDS = 45
# In a profile of its own: no macro runs, and what a document links to is asked of a proxy at a port
# of this machine at which nobody listens.
_SETTINGS = {
    "org.openoffice.Office.Common/Security/Scripting": {
        "DisableMacrosExecution": "true",
        "BlockUntrustedRefererLinks": "true",
    },
    "org.openoffice.Inet/Settings": {
        "ooInetProxyType": "2",
        "ooInetHTTPProxyName": "127.0.0.1",
        "ooInetHTTPProxyPort": "9",
        "ooInetHTTPSProxyName": "127.0.0.1",
        "ooInetHTTPSProxyPort": "9",
        "ooInetNoProxy": "",
    },
}


@dataclass(frozen=True)
class OldOffice:
    """Files that hold the OLE stream ``stream``; ``new`` reads what they are made into.

    See ``corpus.protocols.Format``.
    """

    name: str
    endings: tuple[str, ...]
    stream: str
    new: Format

    @property
    def version(self) -> str:
        return f"1, then {self.new.version}"

    def recognises(self, file: Peek) -> bool:
        return self.stream in file.members

    def read(self, path: Path, password: str | None = None) -> Contents:
        ending = self.new.endings[0]
        if not olefile.isOleFile(str(path)):
            raise UnusableInput(f"is broken: no {self.name} file; save it anew, or as {ending}")
        if is_locked(path):
            raise Protected(PROTECTED)
        office = shutil.which("soffice") or shutil.which("libreoffice")
        if office is None:
            raise UnusableInput(
                f"is an old {self.new.name} file; save it as {ending}, or install LibreOffice"
            )
        with tempfile.TemporaryDirectory(prefix="footnoted-") as name:
            folder = Path(name)
            source = folder / f"document{self.endings[0]}"  # whatever its own name means to shells
            shutil.copyfile(path, source)
            _convert(office, source, ending, folder)
            made = source.with_suffix(ending)
            if not made.is_file():
                raise UnusableInput(
                    f"cannot be converted by LibreOffice: it is broken; save it as {ending}"
                )
            return self.new.read(made, password)


def _convert(office: str, source: Path, ending: str, folder: Path) -> None:
    """Make ``source`` into a file with ``ending`` beside it, if LibreOffice can."""
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_settings(), encoding="utf-8")
    command = [
        office,
        f"-env:UserInstallation={profile.as_uri()}",
        *("--headless", "--norestore", "--convert-to", ending.removeprefix(".")),
        *("--outdir", str(folder), str(source)),
    ]
    # In the group of this process, so that it ends with it.
    with subprocess.Popen(  # noqa: S603
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            process.wait(_SECONDS)
        except subprocess.TimeoutExpired:
            raise UnusableInput(
                f"is not converted by LibreOffice within {_SECONDS} seconds; save it as {ending}"
            ) from None
        finally:
            if process.poll() is None:
                _end(process.pid)


def _end(process: int) -> None:
    """Kill a program and those that it has started."""
    import psutil

    first = psutil.Process(process)
    for one in (first, *first.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            one.kill()


def _settings() -> str:
    """A profile's settings, in the form in which LibreOffice keeps them."""
    items = (
        f'<item oor:path="/{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value>'
        "</prop></item>"
        for path, settings in _SETTINGS.items()
        for name, value in settings.items()
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<oor:items xmlns:oor="http://openoffice.org/2001/registry">{"".join(items)}</oor:items>'
    )
