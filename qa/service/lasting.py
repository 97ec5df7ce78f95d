"""What is kept beside the collections or, where nothing can be written there, not for long."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from footnoted.corpus.errors import FootnotedError

log = logging.getLogger(__name__)

_Kept = TypeVar("_Kept")


def lasting(folder: Path, name: str, opened: Callable[[Path], _Kept], what: str) -> _Kept:
    """What is ``opened`` of a file of this name; ``what`` begins the line that it will not last."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return opened(folder / name)
    except (OSError, FootnotedError) as error:
        log.warning("%s until the server stops, not longer: %s", what, error)
        return opened(Path(tempfile.mkdtemp(prefix="footnoted-")) / name)
