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

from footnoted.corpus.errors import UnusableInput

log = logging.getLogger(__name__)

# A small change of another writer is done by then, and nothing needs to be said.
PATIENCE_SECONDS = 1.0


@contextmanager
def writing(folder: Path, patience: float = PATIENCE_SECONDS) -> Iterator[None]:
    """Be the writer of the index in ``folder``, once any other is done; one line says who that is.

    Who is the writer already, in the same thread, goes on. The system gives the place free when a
    process ends in whatever way.
    """
    lock, note = _lock(folder), folder / "writer.json"
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


@contextmanager
def nobody_writing(folder: Path) -> Iterator[None]:
    """Inside, nobody writes to the index in ``folder``; nobody is waited for.

    Raises:
        UnusableInput: somebody is writing.
    """
    try:
        with _lock(folder).acquire(timeout=PATIENCE_SECONDS):
            yield
    except Timeout:
        raise UnusableInput(
            f"{folder.name} is being changed just now; wait until that is done, and try again"
        ) from None


def _lock(folder: Path) -> FileLock:
    # One for all of a process, so that it knows which thread has it.
    return FileLock(folder / "writer.lock", is_singleton=True)


def _who(note: Path) -> str:
    try:
        held = json.loads(note.read_text(encoding="utf-8"))
        since = datetime.fromisoformat(held["since"])
        where = f"on {held['computer']}, since {since:%d %B, %H:%M:%S}"
        return f"another footnoted (process {held['process']} {where})"
    except (OSError, ValueError, KeyError, TypeError):
        return "another footnoted"
