"""A collection as one caller may use it."""

from __future__ import annotations

import logging

from footnoted.qa.accounts.access import Access
from footnoted.qa.escape import one_line
from footnoted.qa.service.callers import Caller
from footnoted.qa.service.collection import CollectionService
from footnoted.qa.service.failures import Forbidden
from footnoted.qa.service.limits import Kind, Limits
from footnoted.qa.types import Answer

log = logging.getLogger(__name__)
"""It tells of questions, if it is told to: ``--log-questions``."""

SHARED = (
    "Several servers answer from these documents, which are changed where their files are: by "
    "footnoted index, with the same --store"
)


class Granted(CollectionService):
    """The same collection, with what its methods do done for ``caller``: what may not be changed is
    not, and what is done too often waits."""

    __slots__ = ("_access", "_caller", "_is_shared", "_limits")

    def __init__(
        self,
        whole: CollectionService,
        caller: Caller,
        access: Access,
        limits: Limits,
        is_shared: bool = False,
    ) -> None:
        """``is_shared``: several servers answer from it, none of which has its files."""
        self.__dict__ = whole.__dict__  # one state, whoever uses it
        self._caller = caller
        self._access = access
        self._limits = limits
        self._is_shared = is_shared

    @property
    def caller(self) -> Caller:
        return self._caller

    @property
    def may_change(self) -> bool:
        """Whether its files may be added, removed and renamed."""
        return not self._is_shared and self.caller.is_let(self._access.lets_change)

    def _admit(self, kind: Kind) -> None:
        if kind == "change" and self._is_shared:
            raise Forbidden(SHARED)
        if kind == "change" and not self.may_change:
            raise Forbidden(f"You may read {self.name}, not change it; ask its owner, or an editor")
        self._limits.admit(kind, self.caller)

    def _told_of(self, question: str, answer: Answer | None, seconds: float) -> None:
        if log.isEnabledFor(logging.INFO):
            outcome = (answer.outcome or "answered") if answer else "failed"
            log.info(
                "%s asked %s: %s (%s, %.1f s)",
                *(self.caller.name, one_line(self.name), one_line(question), outcome, seconds),
            )
