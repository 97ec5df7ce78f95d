"""One writer at a time; whoever finds the place taken is told by whom."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from footnoted.corpus.errors import UnusableInput

# Long enough for a small change of another writer to be done.
PATIENCE_SECONDS = 5.0


@contextmanager
def writing(folder: Path, patience: float = PATIENCE_SECONDS) -> Iterator[None]:
    """Be the writer of the index in ``folder``, once any other is done.

    The system gives the place free when a process ends in whatever way.

    Raises:
        UnusableInput: another process has been the writer for ``patience`` seconds.
    """
    lock, note = FileLock(folder / "writer.lock", timeout=patience), folder / "writer.json"
    try:
        lock.acquire()
    except Timeout:
        raise UnusableInput(
            f"{_who(note)} is writing to {folder}; try again when it is done"
        ) from None
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
        return f"process {held['process']} on {held['computer']} (since {since:%d %B, %H:%M:%S})"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"
