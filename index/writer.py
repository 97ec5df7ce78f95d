"""One writer at a time; whoever finds the place taken is told by whom, and waits."""

from __future__ import annotations

import json
import logging
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

log = logging.getLogger(__name__)

# A small change of another writer is done by then, and nothing needs to be said.
PATIENCE_SECONDS = 1.0


@contextmanager
def writing(folder: Path, patience: float = PATIENCE_SECONDS) -> Iterator[None]:
    """Be the writer of the index in ``folder``, once any other is done; one line says who that is.

    The system gives the place free when a process ends in whatever way.
    """
    lock, note = FileLock(folder / "writer.lock"), folder / "writer.json"
    try:
        lock.acquire(timeout=patience)
    except Timeout:
        log.warning("%s is writing to %s; waiting; Ctrl+C ends the wait", _who(note), folder)
        lock.acquire()
    try:
        now = datetime.now().astimezone().isoformat(timespec="seconds")
        held = {"process": os.getpid(), "computer": platform.node(), "since": now}
        note.write_text(json.dumps(held), encoding="utf-8")
        yield
    finally:
        # It may not be there if it could not be written: the disk is full.
        with suppress(OSError):
            note.unlink()
        lock.release()


def _who(note: Path) -> str:
    try:
        held = json.loads(note.read_text(encoding="utf-8"))
        since = datetime.fromisoformat(held["since"])
        where = f"on {held['computer']}, since {since:%d %B, %H:%M:%S}"
        return f"another footnoted (process {held['process']} {where})"
    except (OSError, ValueError, KeyError, TypeError):
        return "another footnoted"
