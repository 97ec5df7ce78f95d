"""What a server keeps beside its documents, wherever that is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from footnoted.index.collections import Collection
from footnoted.qa.accounts.access import Access
from footnoted.qa.accounts.accounts import Accounts
from footnoted.qa.accounts.rates import Rates
from footnoted.qa.accounts.sessions import Sessions
from footnoted.qa.conversations.store import Conversations
from footnoted.qa.evaluation.history import History

IsShown = Callable[[str, str], bool]
"""Whether an owner sees conversations on a collection."""


class Shelf(Protocol):
    """Collections, each by its name."""

    def collections(self) -> list[Collection]: ...

    def collection(
        self, name: str, is_shown: Callable[[Collection], bool] = lambda _: True
    ) -> Collection:
        """
        Raises:
            NoCollection: there is none that is shown.
        """


class State(Protocol):
    """Conversations, evaluations, accounts, who has signed in and may read what, and how often
    things were done.

    Threads may share it. Where it is a server's, all that it gives raises ``StateUnavailable``
    while that is away, which passes by itself.
    """

    @property
    def is_shared(self) -> bool:
        """Whether several servers have it."""

    @property
    def accounts(self) -> Accounts: ...

    @property
    def rates(self) -> Rates: ...

    def conversations(self, is_shown: IsShown) -> Conversations: ...

    def evaluations(self) -> History: ...

    def sessions(self) -> Sessions: ...

    @property
    def shelf(self) -> Shelf | None:
        """The collections that all servers have, where several have this."""

    def access(self, of: Collection) -> Access:
        """Whose a collection is, and who may read and change it."""

    def set_access(self, of: Collection, access: Access) -> None:
        """
        Raises:
            FootnotedError, OSError: it cannot be kept.
        """

    def check(self) -> None:
        """
        Raises:
            FootnotedError: it cannot be reached.
        """

    def close(self) -> None: ...
