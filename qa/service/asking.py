"""Questions of conversations, each read by a thread of its own: its answer is kept, whoever still
waits for it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from functools import partial

from footnoted.corpus.errors import FootnotedError
from footnoted.qa.conversations.store import Conversations
from footnoted.qa.service.collection import CollectionService
from footnoted.qa.service.failures import Failed, Stopped, one_line
from footnoted.qa.types import Answer, Told, Underway
from footnoted.qa.within import ALL, Choice


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
        with self._lock:
            number = self._conversations.ask(owner, id_, question, choice, alone)
            return self._read_beside(of, owner, id_, number)

    def stop(self, owner: str, id_: str) -> None:
        """Wait no longer for what is being read of a conversation; what waits for its turn is not
        read any more.

        Raises:
            NoConversation: there is no such conversation.
        """
        self._conversations.conversation(owner, id_)
        with self._lock:
            stopped = [at for at in self._waiting if at[0] == id_]
            for at in stopped:
                self._conversations.finish(*at, "Stopped")
                self._waiting.pop(at).finish()
                if begun := self._begun.get(at):
                    begun.cancel()

    def resumed(self, of: CollectionService, owner: str, id_: str) -> Waiting | None:
        """The last question of a conversation, if nothing has come of it yet.

        It is begun again where nobody reads it any more: the server was stopped meanwhile.

        Raises:
            NoConversation: there is no such conversation.
        """
        with self._lock:
            turns = self._conversations.turns(owner, id_)
            if not turns or not turns[-1].is_waiting:
                return None
            number = len(turns)
            return self._waiting.get((id_, number)) or self._read_beside(of, owner, id_, number)

    def _read_beside(self, of: CollectionService, owner: str, id_: str, number: int) -> Waiting:
        waiting = self._waiting[id_, number] = Waiting()
        before_it = self._waiting.get((id_, number - 1))

        def read() -> None:
            if before_it:  # asked in another window; what follows may mean what it answers
                before_it.result()
            try:
                self._read(of, owner, id_, number, waiting.found)
            finally:
                with self._lock:
                    self._begun.pop((id_, number), None)
                    if self._waiting.pop((id_, number), None):  # else it was stopped
                        waiting.finish()

        threading.Thread(target=read, daemon=True).start()
        return waiting

    def _read(self, of: CollectionService, owner: str, id_: str, number: int, told: Told) -> None:
        """Read a question, and keep what comes of it; of a conversation that was deleted meanwhile,
        there is nothing to keep, nor of a question that is stopped before its turn."""
        with suppress(FootnotedError, CancelledError):
            turns = self._conversations.turns(owner, id_)
            if len(turns) < number:
                return
            turn = turns[number - 1]
            before = [] if turn.alone else turns[: number - 1]
            earlier = [one.question for one in before if one.answer]
            begin = partial(of.begin, turn.question, earlier, turn.choice, told)
            outcome = self._outcome((id_, number), begin)
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
