"""Folders that Qdrant's client keeps without a server: each is open once in a process, for all."""

from __future__ import annotations

import atexit
import threading
import warnings
from pathlib import Path
from typing import Any

from qdrant_client import QdrantClient

from footnoted.corpus.errors import DamagedIndex, IndexUnavailable, UnusableInput
from footnoted.index.qdrant.address import Address

_opening = threading.Lock()
_folders: dict[Path, tuple[QdrantClient, Any, int]] = {}
"""What is open in this process: the client, its lock, and how many use them."""


def of_folder(address: Address) -> tuple[QdrantClient, Any]:
    """The client of a folder's and the lock with which to call it; ``leave`` gives it back.

    Raises:
        IndexUnavailable: another process has it open.
        UnusableInput, DamagedIndex: it cannot be used.
    """
    folder = address.folder
    assert folder is not None
    folder = folder.resolve()
    with _opening:
        if folder not in _folders:
            _folders[folder] = (_opened(address), threading.RLock(), 0)
        qdrant, lock, users = _folders[folder]
        _folders[folder] = (qdrant, lock, users + 1)
        return qdrant, lock


def _opened(address: Address) -> QdrantClient:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that a server is faster with very much
            return QdrantClient(path=str(address.folder), force_disable_check_same_thread=True)
    except RuntimeError as error:
        if "already accessed" not in str(error):
            raise
        raise IndexUnavailable(
            f"another process has {address} open, which serves one at a time; end that one, or put "
            "the index on a server of Qdrant's"
        ) from None
    except OSError as error:
        reason = "it is a file" if isinstance(error, FileExistsError) else error.strerror
        raise UnusableInput(f"{address} cannot be used: {reason}; name a folder") from None
    except Exception as error:  # whatever reading a damaged folder leads to
        raise DamagedIndex.of(address, told(error)) from None


@atexit.register
def _leave_all() -> None:
    for qdrant, _, _ in _folders.values():
        qdrant.close()


def leave(folder: Path) -> None:
    with _opening:
        qdrant, lock, users = _folders[folder.resolve()]
        _folders[folder.resolve()] = (qdrant, lock, users - 1)
        if users == 1:
            del _folders[folder.resolve()]
            qdrant.close()


def told(error: Exception) -> str:
    """The first line of what went wrong."""
    source = getattr(error, "source", error)
    return (str(source).splitlines() or [type(source).__name__])[0][:200]
