"""What is suggested to be asked of a collection: found in the background, anew once it changes."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError
from typing import Any, NamedTuple, TypeVar

from footnoted.corpus.errors import FootnotedError, IndexUnavailable
from footnoted.corpus.types import Document
from footnoted.index.protocols import Searchable
from footnoted.qa.evaluation.run import Answering
from footnoted.qa.service.failures import Stopped, unforeseen
from footnoted.qa.service.kept import Asked, KeptAnswers
from footnoted.qa.service.turns import Turns
from footnoted.qa.suggestions.proposing import of_document, propose
from footnoted.qa.suggestions.suggesting import suggest
from footnoted.qa.suggestions.types import Candidate, Suggestion
from footnoted.qa.types import Answer

log = logging.getLogger(__name__)

_Made = TypeVar("_Made")


class Suggestions(NamedTuple):
    """What was found so far; with ``is_ready``, nothing more will be."""

    found: Sequence[Suggestion]
    is_ready: bool

    def as_dict(self) -> dict[str, Any]:
        return {"suggestions": [one.as_dict() for one in self.found], "ready": self.is_ready}


class _Found:
    """What is suggested of an index as it is; see ``Searchable.kept``."""

    def __init__(self, _: Any = None) -> None:
        self.suggestions: list[Suggestion] = []
        self.is_ready = False
        self._lock = threading.Lock()

    def begins(self) -> bool:
        """Whether nobody has begun to look for them: true once."""
        return self._lock.acquire(blocking=False)

    def forget(self) -> None:
        """Let whoever asks next begin anew."""
        self.suggestions = []
        self._lock.release()


class Suggesting:
    """Threads may share it.

    Documents are looked at and candidates asked in turns that nobody waits for, and answers are
    kept: who asks what was suggested has them at once.
    """

    def __init__(self, pipeline: Answering, turns: Turns) -> None:
        self._pipeline = pipeline
        self._turns = turns
        self._is_closed = False

    def suggestions(self) -> Suggestions:
        """What was found so far; the first call begins to look for it."""
        found = self._library.kept(_Found)
        if found.begins():
            threading.Thread(target=self._find, args=(found,), daemon=True).start()
        is_ready = found.is_ready  # before what was found, which may otherwise not be all
        return Suggestions(tuple(found.suggestions), is_ready)

    def close(self) -> None:
        """Look no further."""
        self._is_closed = True

    @property
    def _library(self) -> Searchable:
        return self._pipeline.library

    def _find(self, found: _Found) -> None:
        def looked(document: Document) -> Sequence[Candidate]:
            return self._in_turn(found, lambda: list(of_document(document)))

        def asked(question: str) -> Answer:
            return self._in_turn(found, lambda: self._answer(question))

        try:
            found.suggestions.extend(suggest(propose(self._library, looked), asked))
        except IndexUnavailable:  # it may be there again a moment later
            found.forget()
            return
        except (FootnotedError, Stopped, CancelledError) as error:
            log.debug("no more is suggested: %s", error)
        except Exception as error:
            if not self._is_closed:
                log.error("nothing is suggested: %s", unforeseen(error))
        found.is_ready = True

    def _in_turn(self, found: _Found, work: Callable[[], _Made]) -> _Made:
        """What comes of work when nobody else has any.

        Raises:
            Stopped: the server stops, or the collection is not any more as it was.
        """
        if self._is_closed or self._library.kept(_Found) is not found:
            raise Stopped
        return self._turns.begin_idle(work).result()

    def _answer(self, question: str) -> Answer:
        """As it will be answered to who asks it of all documents."""
        asked = Asked(question, (), None, self._library.unreadable())
        return self._library.kept(KeptAnswers).of(asked, lambda: self._pipeline.ask(question))
