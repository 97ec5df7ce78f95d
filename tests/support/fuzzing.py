"""Files broken by chance, read by the real processes, which are watched from inside."""

from __future__ import annotations

import io
import os
import random
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.files import SourceFile, find, read_found
from footnoted.corpus.formats import format_of
from support.imports import ROOT
from support.small_files import small_files

# Put where Python runs it before anything else: what reading must not do is written down. Libraries
# in C are not seen by it; what they open is theirs to promise.
_WATCH = """
import os, sys

LOG, READ, WRITTEN = os.environ["WATCH_LOG"], os.environ["WATCH_READ"], os.environ["WATCH_WRITTEN"]
READ, WRITTEN = READ.split(os.pathsep), WRITTEN.split(os.pathsep)
NEVER = ("socket.connect", "socket.getaddrinfo", "socket.sendto", "os.system",
         "os.exec", "os.fork", "os.posix_spawn", "subprocess.Popen")
CHANGES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC

def watch(event, arguments):
    if event == "open":
        path, _, flags = arguments
        if isinstance(path, int):
            return
        if path in ("/proc/self/statm", "/dev/null", "/etc/mime.types"):
            return
        path = os.path.realpath(os.fsdecode(path))
        allowed = WRITTEN if flags and flags & CHANGES else READ + WRITTEN
        if any(path == one or path.startswith(one.rstrip("/") + "/") for one in allowed):
            return
    elif event not in NEVER:
        return
    log = os.open(LOG, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(log, f"{event} {arguments!r}\\n".encode("utf-8", "replace"))
    os.close(log)

sys.addaudithook(watch)
"""


@contextmanager
def watched(folder: Path) -> Iterator[Path]:
    """Processes that are started inside may read ``folder`` and the installation.

    Yields the file in which stands what else they opened or tried. They find no programs of others.
    """
    with tempfile.TemporaryDirectory() as made:
        place = Path(made)
        (place / "sitecustomize.py").write_text(_WATCH)
        log = place / "log"
        log.touch()
        readable = [str(folder), str(ROOT), sys.prefix, sys.base_prefix]
        readable += [*filter(None, sys.path), made]
        changed = {
            "PYTHONPATH": made,
            "PYTHONDONTWRITEBYTECODE": "1",  # what is compiled is the interpreter's to write
            "WATCH_LOG": str(log),
            "WATCH_READ": os.pathsep.join(os.path.realpath(one) for one in readable),
            "WATCH_WRITTEN": os.pathsep.join((str(log), str(place / "tmp"))),
            "PATH": "",
        }
        (place / "tmp").mkdir()
        tempfile.tempdir = str(place / "tmp")
        before = {name: os.environ.get(name) for name in changed}
        os.environ.update(changed)
        try:
            yield log
        finally:
            tempfile.tempdir = None
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value


def readable_files(folder: Path) -> dict[str, bytes]:
    """Those of the small files for which there is a reader, written to ``folder`` to find out."""
    found = {}
    for name, data in small_files().items():
        path = folder / name
        path.write_bytes(data)
        try:
            format_of(path)
        except UnusableInput:
            continue
        finally:
            path.unlink()
        found[name] = data
    return found


def read_each(folder: Path) -> dict[str, SourceFile]:
    """What comes of each small file, named by itself; a process reads many of them."""
    paths = [folder / name for name in readable_files(folder)]
    for path in paths:
        path.write_bytes(small_files()[path.name])
    files = read_found(found for path in paths for found in find(path))
    return {file.path.name: file for file in files}


def broken(data: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    """``data`` with something wrong; of an archive, often in what it holds."""
    if not data.startswith(b"PK") or chance.random() < 0.3:
        return _broken(data, others, chance)
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(held, "w") as after:
        members = before.infolist()
        wrong = chance.choice(members)
        texts = [before.read(one) for one in members]
        for one, text in zip(members, texts, strict=True):
            after.writestr(one, _broken(text, texts, chance) if one is wrong else text)
    return held.getvalue()


def _broken(data: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    """``data`` cut short, with bytes turned, with a piece of ``others``, with a piece of its own
    left out or repeated, or with random bytes behind its head."""
    how, end = chance.randrange(5), len(data)
    if how == 0:
        return data[: chance.randrange(end)]
    if how == 1:
        made = bytearray(data)
        for _ in range(chance.choice((1, 3, 30))):
            made[chance.randrange(end)] = chance.randrange(256)
        return bytes(made)
    first, last = sorted(chance.randrange(end + 1) for _ in range(2))
    if how == 2:
        other = chance.choice(others)
        start = chance.randrange(len(other))
        return data[:first] + other[start : start + chance.randrange(400)] + data[first:]
    if how == 3:
        return data[:first] + data[first:last] * chance.choice((0, 2, 50)) + data[last:]
    return data[: chance.choice((4, 8, 64, 200))] + chance.randbytes(chance.randrange(2000))
