"""Questions of conversations, each read by a thread of its own: its answer is kept, whoever still
waits for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from functools import partial

from footnoted.corpus.errors import FootnotedError, StateUnavailable
from footnoted.qa.conversations.store import Conversations
from footnoted.qa.service.collection import CollectionService
from footnoted.qa.service.failures import Failed, Stopped, one_line
from footnoted.qa.types import Answer, Told, Underway
from footnoted.qa.within import ALL, Choice

# An answer is tried to be kept for a minute or two where that cannot be done; then it is given up,
# and read again when somebody opens its conversation.
_TRIES, _BETWEEN_TRIES_SECONDS = 60, 1.0
# So often it is seen that another server was told to stop.
_LOOK_SECONDS = 1.0


class Waiting:
    """A question that is being read; it is done when what came of it is kept."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._underway: Underway | None = None
        self._is_done = False

    def found(self, underway: Underway) -> None:
        """Say what it is read in, and what is written of it so far.

        Raises:
            Stopped: nobody waits for it any more.
        """
        with self._changed:
            if self._is_done:
                raise Stopped
            if underway != self._underway:
                self._underway = underway
                self._changed.notify_all()

    def done(self) -> bool:
        return self._is_done

    def finish(self) -> None:
        with self._changed:
            self._is_done = True
            self._changed.notify_all()

    def result(self, timeout: float | None = None) -> None:
        """Wait until it is done.

        Raises:
            TimeoutError: that takes longer.
        """
        with self._changed:
            if not self._changed.wait_for(self.done, timeout):
                raise TimeoutError

    def stages(self) -> Iterator[Underway]:
        """What it is read in, as soon as that is known, and again when more of it is written; it
        ends when it is done."""
        told: Underway | None = None
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._is_done or self._underway is not told)  # noqa: B023
                if self._is_done or self._underway is None:
                    return
                told = self._underway
            yield told


class Asking:
    """What is being read of ``conversations``. Threads may share it."""

    def __init__(self, conversations: Conversations) -> None:
        self._conversations = conversations
        self._lock = threading.Lock()
        self._waiting: dict[tuple[str, int], Waiting] = {}
        self._begun: dict[tuple[str, int], Future[Answer]] = {}

    def begin(
        self,
        of: CollectionService,
        owner: str,
        id_: str,
        question: str,
        alone: bool = False,
        choice: Choice = ALL,
    ) -> Waiting:
        """Keep a question, and begin to read it in the documents that are chosen; ``alone``, as if
        none had been asked before it.

        Raises:
            NoConversation: there is no such conversation.
        """
        number = self._conversations.ask(owner, id_, question, choice, alone)
        return self._reading(of, owner, id_, number)

    def stop(self, owner: str, id_: str) -> None:
        """Wait no longer for what is being read of a conversation, by whichever server; what waits
        for its turn is not read any more.

        Raises:
            NoConversation: there is no such conversation.
        """
        for number, turn in enumerate(self._conversations.turns(owner, id_), 1):
            if turn.is_waiting:
                self._conversations.finish(id_, number, "Stopped")
        with self._lock:
            for at in [at for at in self._waiting if at[0] == id_]:
                self._waiting.pop(at).finish()
                if begun := self._begun.get(at):
                    begun.cancel()

    def resumed(self, of: CollectionService, owner: str, id_: str) -> Waiting | None:
        """The last question of a conversation, if nothing has come of it yet.

        It is begun again where this server does not read it: another may have been stopped at it.
        If one has not, what comes first counts.

        Raises:
            NoConversation: there is no such conversation.
        """
        turns = self._conversations.turns(owner, id_)
        if not turns or not turns[-1].is_waiting:
            return None
        return self._reading(of, owner, id_, len(turns))

    @property
    def is_idle(self) -> bool:
        """Whether nothing is being read."""
        with self._lock:
            return not self._waiting

    def _reading(self, of: CollectionService, owner: str, id_: str, number: int) -> Waiting:
        """A question that is being read, from now on if it is not yet."""
        with self._lock:
            if found := self._waiting.get((id_, number)):
                return found
            waiting = self._waiting[id_, number] = Waiting()
        told = _watched(waiting, lambda: self._conversations.is_waiting(id_, number))

        def read() -> None:
            try:
                self._await_earlier(of, owner, id_, number)
                self._read(of, owner, id_, number, told)
            finally:
                with self._lock:
                    self._begun.pop((id_, number), None)
                    if self._waiting.pop((id_, number), None):  # else it was stopped
                        waiting.finish()

        threading.Thread(target=read, daemon=True).start()
        return waiting

    def _await_earlier(self, of: CollectionService, owner: str, id_: str, number: int) -> None:
        """Wait for the question before it, if it was asked in another window and is not answered
        yet: what follows may mean what it answers."""
        with suppress(FootnotedError):
            turns = self._conversations.turns(owner, id_)
            if number > 1 and turns[number - 2].is_waiting:
                self._reading(of, owner, id_, number - 1).result()

    def _read(self, of: CollectionService, owner: str, id_: str, number: int, told: Told) -> None:
        """Read a question, and keep what comes of it; of a conversation that was deleted meanwhile,
        there is nothing to keep, nor of a question that is stopped before its turn."""
        with suppress(FootnotedError, CancelledError):
            turns = self._conversations.turns(owner, id_)
            if len(turns) < number or not turns[number - 1].is_waiting:
                return
            turn = turns[number - 1]
            before = [] if turn.alone else turns[: number - 1]
            earlier = [one.question for one in before if one.answer]
            begin = partial(of.begin, turn.question, earlier, turn.choice, told)
            self._keep(id_, number, self._outcome((id_, number), begin))

    def _keep(self, id_: str, number: int, outcome: Answer | str) -> None:
        """Keep what came of a question; what keeps it may be away for a while."""
        for _ in range(_TRIES):
            try:
                self._conversations.finish(id_, number, outcome)
                return
            except StateUnavailable:
                time.sleep(_BETWEEN_TRIES_SECONDS)
        self._conversations.finish(id_, number, outcome)

    def _outcome(self, at: tuple[str, int], begin: Callable[[], Future[Answer]]) -> Answer | str:
        """
        Raises:
            CancelledError: it was stopped before its turn.
        """
        try:
            begun = begin()
            with self._lock:
                self._begun[at] = begun
                if at not in self._waiting:  # stopped meanwhile
                    begun.cancel()
            return begun.result()
        except CancelledError:
            raise
        except Stopped:
            return "Stopped"
        except Failed as failure:
            return str(failure)
        except Exception as error:  # the page would wait for ever
            return one_line(error)


def _watched(waiting: Waiting, is_waited_for: Callable[[], bool]) -> Told:
    """What tells ``waiting`` how far it is, and sees from time to time whether it still waits."""
    last = time.monotonic()

    def told(underway: Underway) -> None:
        nonlocal last
        if time.monotonic() - last > _LOOK_SECONDS:
            last = time.monotonic()
            if not is_waited_for():
                raise Stopped
        waiting.found(underway)

    return told
