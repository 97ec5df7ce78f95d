"""All that a server does, for whom: its collections, which are opened when they are asked for."""

from __future__ import annotations

import logging
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

from footnoted.corpus.errors import FootnotedError, UnusableInput
from footnoted.corpus.types import Span
from footnoted.index.collections import (
    CONVERSATIONS,
    EVALUATIONS,
    Collection,
    Described,
    Home,
    NoCollection,
    same_name,
)
from footnoted.index.library import Library
from footnoted.qa.conversations.judged import question_set
from footnoted.qa.conversations.store import Conversations
from footnoted.qa.conversations.types import Conversation, Verdict
from footnoted.qa.evaluation.history import History
from footnoted.qa.service.asking import Asking
from footnoted.qa.service.callers import Caller
from footnoted.qa.service.collection import CollectionService, Evaluating, Served
from footnoted.qa.service.drawing import Drawer
from footnoted.qa.service.evaluations import Evaluations
from footnoted.qa.service.failures import Failed, in_one_line
from footnoted.qa.service.metrics import Metrics
from footnoted.qa.service.turns import Turns
from footnoted.qa.service.workplace import Workplace

log = logging.getLogger(__name__)

_Kept = TypeVar("_Kept")


@dataclass(frozen=True, slots=True)
class ListedCollection:
    """A collection as it is listed; the counts are None where its index cannot be read."""

    name: str
    documents: int | None
    passages: int | None
    is_sample: bool = False
    is_own: bool = True
    """Whether it can be renamed and deleted: it lies in the home, and is not the first."""

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


class Service:
    """What its callers share: the index it was started with, first, and those of a home."""

    def __init__(self, pipeline: Served, home: Home | None = None) -> None:
        """Without a ``home``, there are no other collections, and none can be made."""
        self._pipeline = pipeline
        self._home = home
        self.metrics = Metrics()
        self._turns = Turns(waited=self.metrics.waited)
        self.metrics.watch(lambda: self._turns.waiting)
        self._evaluating = Evaluating()
        self._drawer = Drawer()
        self._opening = threading.Lock()
        self._opened: dict[str, CollectionService] = {}
        self._warming_up = False
        self.first = self._service(pipeline)
        self._incoming = Workplace(self._folder, "incoming")
        self.conversations = self._kept_in(CONVERSATIONS, Conversations)
        self.asking = Asking(self.conversations)
        self._history = self._kept_in(EVALUATIONS, History)
        self.evaluations = Evaluations(self._history)

    def warm_up(self) -> None:
        """Load the models; meanwhile ``is_warming_up``. The first time of all, they are prepared
        for the processor, too, which takes some seconds more."""
        self._warming_up = True
        try:
            self.first.warm_up()
        finally:
            self._warming_up = False

    @property
    def is_warming_up(self) -> bool:
        return self._warming_up

    @property
    def status(self) -> Literal["ok", "warming up"]:
        return "warming up" if self._warming_up else "ok"

    def collections(self, caller: Caller) -> list[ListedCollection]:
        """Every collection, the one first that the server was started with."""
        first = self._first_listed()
        with self._told("The collections cannot be listed"):
            others = [
                _listed(one.described())
                for one in (self._home.collections() if self._home else ())
                if one.folder != self._pipeline.library.folder
            ]
        return [first, *others]

    def collection(self, caller: Caller, name: str = "") -> CollectionService:
        """The collection of this name; without one, that which the server was started with.

        Raises:
            Failed: there is none, or its index cannot be used.
        """
        if not name or name == self.first.name:
            return self.first  # also while another one is being opened
        with self._told("This collection cannot be opened"), self._opening:
            if self._home is None:
                raise NoCollection(f"there is no collection {name[:80]!r}")
            found = self._home.collection(name)
            if found.name not in self._opened:
                library = self._library.beside(found.folder)
                self._opened[found.name] = self._service(self._pipeline.over(library))
            return self._opened[found.name]

    def conversation(self, caller: Caller, id_: str) -> Conversation:
        """A conversation of the caller's own.

        Raises:
            Failed: there is none.
        """
        with self._told("This conversation cannot be opened"):
            return self.conversations.conversation(caller.name, id_)

    def judged(self, caller: Caller, collection: str) -> list[dict[str, Any]]:
        """The questions on a collection whose right answers a caller has told: a question set."""
        return [
            line
            for one in self.conversations.conversations(caller.name)
            if one.collection == collection
            for line in question_set(one.id, self.conversations.turns(caller.name, one.id))
        ]

    def judge(
        self,
        caller: Caller,
        id_: str,
        number: int,
        verdict: Verdict | None,
        place: tuple[str, Span] | None = None,
    ) -> None:
        """Keep what a caller says of an answer; ``place``, of a document, would have been right.

        Raises:
            Failed: there is no such answer, or no such place.
        """
        with self._told("This cannot be kept"):
            shown = None
            if place:
                of = self.conversation(caller, id_).collection
                shown = self.collection(caller, of).words_at(*place)
            self.conversations.judge(caller.name, id_, number, verdict, shown)

    def create(self, caller: Caller, name: str) -> CollectionService:
        """Make an empty collection.

        Raises:
            Failed: there is one already, or none can be called so.
        """
        with self._told("This collection cannot be made"):
            self._refuse_first(name, "there is a collection {} already; choose another name")
            self._needed_home().create(name, self._library.embedder)
        return self.collection(caller, name)

    def rename(self, caller: Caller, name: str, new: str) -> str:
        """Call a collection otherwise; the name as it is written.

        Raises:
            Failed: there is no such collection of the home, or one called so already.
        """
        with self._told("This collection cannot be renamed"), self._opening:
            home = self._needed_home()
            before = self._found(name)
            self._refuse_first(new, "there is a collection {} already; choose another name")
            with self._leaving(before.name):
                after = home.rename(name, new).name
            self.conversations.collection_renamed(before.name, after)
            self._history.collection_renamed(before.name, after)
            return after

    def remove(self, caller: Caller, name: str) -> None:
        """Delete a collection, with the files that were brought to it.

        Raises:
            Failed: there is no such collection of the home, or it is being changed.
        """
        with self._told("This collection cannot be deleted"), self._opening:
            home, found = self._needed_home(), self._found(name)
            with self._leaving(found.name):
                home.remove(found.name)
            self.conversations.collection_removed(found.name)
            self._history.collection_removed(found.name)

    def new_folder(self) -> Path:
        """A folder for files that come in; it goes with the server at the latest."""
        try:
            return self._incoming.new_folder()
        except OSError:  # nothing can be written there
            return Path(tempfile.mkdtemp(prefix="footnoted-"))

    def stop(self, caller: Caller) -> None:
        """End the evaluation that is running, if one is, after its present question."""
        self._evaluating.stop()

    def close(self) -> None:
        """End what is running, whoever wants it: the server stops."""
        self._evaluating.stop()
        self._turns.close()
        self._drawer.close()
        self._incoming.close()
        for one in (self.first, *self._opened.values()):
            one.close()

    @property
    def _folder(self) -> Path:
        """Where what is kept beside collections lies."""
        return self._home.folder if self._home else self._pipeline.library.folder

    @contextmanager
    def _told(self, what: str) -> Iterator[None]:
        """Whatever fails inside, fails in a line that names no folder of the server's.

        Raises:
            Failed: something went wrong.
        """
        with in_one_line(what, self._folder, self._folder.parent):
            yield

    def _found(self, name: str) -> Collection:
        """A collection that may be renamed and deleted."""
        found = self._needed_home().collection(name)
        if found.folder == self._pipeline.library.folder:
            raise UnusableInput(
                f"this server was started with {found.name!r}; stop it, and then rename or delete "
                "that"
            )
        return found

    def _refuse_first(self, name: str, why: str) -> None:
        if same_name(name.strip(), self.first.name):
            raise UnusableInput(why.format(repr(self.first.name)))

    @contextmanager
    def _leaving(self, name: str) -> Iterator[None]:
        """Inside, a collection is not changed, and afterwards it is opened anew, if it is there."""
        if opened := self._opened.get(name):
            with opened.leaving():
                yield
            del self._opened[name]
        else:
            yield

    def _kept_in(self, name: str, opened: Callable[[Path], _Kept]) -> _Kept:
        """What is kept beside the collections; where nothing can be, what does not last."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            return opened(self._folder / name)
        except (OSError, FootnotedError) as error:
            what = name.partition(".")[0]
            log.warning("%s are kept until the server stops, not longer: %s", what, error)
            return opened(Path(tempfile.mkdtemp(prefix="footnoted-")) / name)

    def _service(self, pipeline: Served) -> CollectionService:
        return CollectionService(
            pipeline, self._turns, self._evaluating, self.metrics, self._drawer
        )

    def _first_listed(self) -> ListedCollection:
        listed = Collection(self.first.name, self._pipeline.library.folder).described()
        return _listed(listed, self.first.is_sample, is_own=False)

    @property
    def _library(self) -> Library:
        library = self._pipeline.library
        assert isinstance(library, Library)
        return library

    def _needed_home(self) -> Home:
        if self._home is None:
            raise Failed("This server has no collections but this one")
        return self._home


def _listed(one: Described, is_sample: bool = False, is_own: bool = True) -> ListedCollection:
    return ListedCollection(one.name, one.documents, one.passages, is_sample, is_own)
