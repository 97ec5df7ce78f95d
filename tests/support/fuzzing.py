"""Files broken by chance, read by the real processes, which are watched from inside."""

from __future__ import annotations

import os
import random
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.formats import format_of
from support.imports import ROOT
from support.small_files import small_files

# Put where Python runs it before anything else: what reading must not do is written down. Libraries
# in C are not seen by it; what they open is theirs to promise.
_WATCH = """
import os, sys

LOG, READ, WRITTEN = os.environ["WATCH_LOG"], os.environ["WATCH_READ"], os.environ["WATCH_WRITTEN"]
READ, WRITTEN = READ.split(os.pathsep), WRITTEN.split(os.pathsep)
NEVER = ("socket.connect", "socket.getaddrinfo", "socket.sendto", "socket.bind", "os.system",
         "os.exec", "os.fork", "os.posix_spawn", "subprocess.Popen", "ctypes.dlopen")
CHANGES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC

def watch(event, arguments):
    if event == "open":
        path, _, flags = arguments
        if isinstance(path, int):
            return
        if path in ("/proc/self/statm", "/dev/null"):
            return
        path = os.path.realpath(os.fsdecode(path))
        allowed = WRITTEN if flags and flags & CHANGES else READ + WRITTEN
        if any(path == one or path.startswith(one.rstrip("/") + "/") for one in allowed):
            return
    elif event not in NEVER or event == "ctypes.dlopen" and "site-packages" in str(arguments[0]):
        return
    log = os.open(LOG, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(log, f"{event} {arguments!r}\\n".encode("utf-8", "replace"))
    os.close(log)

sys.addaudithook(watch)
"""


@contextmanager
def watched(folder: Path) -> Iterator[Path]:
    """Processes that are started inside may read ``folder`` and the installation.

    Yields the file in which stands what else they opened or tried.
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
            "WATCH_LOG": str(log),
            "WATCH_READ": os.pathsep.join(os.path.realpath(one) for one in readable),
            "WATCH_WRITTEN": os.pathsep.join((str(log), str(place / "tmp"))),
            "TMPDIR": str(place / "tmp"),
        }
        (place / "tmp").mkdir()
        before = {name: os.environ.get(name) for name in changed}
        os.environ.update(changed)
        try:
            yield log
        finally:
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


def broken(data: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """``data`` cut short, with bytes turned, with pieces of ``others`` in it, or all but its head
    random."""
    how = chance.randrange(5)
    if how == 0:
        return data[: chance.randrange(len(data))]
    if how == 1:
        made = bytearray(data)
        for _ in range(chance.choice((1, 3, 30))):
            made[chance.randrange(len(made))] = chance.randrange(256)
        return bytes(made)
    if how == 2:
        other = chance.choice(others)
        start, at = chance.randrange(len(other)), chance.randrange(len(data))
        return data[:at] + other[start : start + chance.randrange(1, 400)] + data[at:]
    if how == 3:
        start, at = sorted(chance.randrange(len(data) + 1) for _ in range(2))
        return data[:start] + data[start:at] * chance.choice((0, 2, 50)) + data[at:]
    return data[: chance.choice((4, 8, 64, 200))] + chance.randbytes(chance.randrange(2000))
