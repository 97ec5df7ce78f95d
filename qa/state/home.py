"""What one server keeps in its home or, where nothing can be written there, not for long."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from footnoted.corpus.errors import FootnotedError
from footnoted.index.collections import CONVERSATIONS, EVALUATIONS, SESSIONS, Collection
from footnoted.qa.accounts.access import Access
from footnoted.qa.accounts.accounts import Accounts
from footnoted.qa.accounts.rates import OwnRates, Rates
from footnoted.qa.accounts.sessions import Sessions
from footnoted.qa.conversations.store import Conversations
from footnoted.qa.evaluation.history import History
from footnoted.qa.state.protocols import IsShown

log = logging.getLogger(__name__)

_Kept = TypeVar("_Kept")


class HomeState:
    """A ``State`` in files of a folder, each made when it is first needed."""

    is_shared = False
    shelf = None

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.accounts = Accounts(folder)
        self.rates: Rates = OwnRates()

    def conversations(self, is_shown: IsShown) -> Conversations:
        return self._lasting(
            CONVERSATIONS,
            lambda file: Conversations(file, is_shown),
            "conversations are kept",
        )

    def evaluations(self) -> History:
        return self._lasting(EVALUATIONS, History, "evaluations are kept")

    def sessions(self) -> Sessions:
        return self._lasting(SESSIONS, Sessions, "who signs in is known")

    def access(self, of: Collection) -> Access:
        return Access.of(of.folder)

    def set_access(self, of: Collection, access: Access) -> None:
        access.save(of.folder)

    def check(self) -> None:
        """Files are there, or others have taken their place."""

    def close(self) -> None:
        """What was opened of it is closed with the process."""

    def _lasting(self, name: str, opened: Callable[[Path], _Kept], what: str) -> _Kept:
        """What is ``opened`` of a file of this name; ``what`` begins the line that it will not
        last."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            return opened(self._folder / name)
        except (OSError, FootnotedError) as error:
            log.warning("%s until the server stops, not longer: %s", what, error)
            return opened(Path(tempfile.mkdtemp(prefix="footnoted-")) / name)
