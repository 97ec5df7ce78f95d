"""Folders of a process's own, which go with it, however it ends."""

from __future__ import annotations

import shutil
import threading
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from filelock import FileLock, Timeout


class Workplace:
    """A hidden folder in ``parent``, made when it is needed. Threads may share it.

    What a process left that was killed, the next one clears.
    """

    def __init__(self, parent: Path, kind: str) -> None:
        self._parent, self._kind = parent, kind
        self._making = threading.Lock()
        self._folder: Path | None = None
        self._lock: FileLock | None = None
        self.clear()

    def new_folder(self) -> Path:
        """A new folder in it.

        Raises:
            OSError: none can be made.
        """
        with self._making:
            if self._folder is None:
                folder = self._parent / f".{self._kind}-{uuid4().hex}"
                self._parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                lock = _lock_of(folder)
                lock.acquire()
                folder.mkdir(mode=0o700)
                self._folder, self._lock = folder, lock
            made = self._folder / uuid4().hex
            made.mkdir()
            return made

    def close(self) -> None:
        with self._making:
            if self._folder and self._lock:
                _delete(self._folder)
                self._lock.release()
                self._folder = None

    def clear(self) -> None:
        """Delete what others left; where that cannot be done, it stays."""
        with suppress(OSError):
            for folder in self._parent.glob(f".{self._kind}-{'[0-9a-f]' * 32}"):
                with suppress(OSError, Timeout), _lock_of(folder).acquire(timeout=0):
                    _delete(folder)


def _lock_of(folder: Path) -> FileLock:
    """Held as long as a folder is somebody's; the system gives it free when that process ends."""
    return FileLock(folder.with_name(f"{folder.name}.lock"), thread_local=False)


def _delete(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.with_name(f"{folder.name}.lock").unlink(missing_ok=True)
