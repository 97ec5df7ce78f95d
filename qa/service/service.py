"""All that a server does, for whom: its collections, which are opened when they are asked for."""

from __future__ import annotations

import logging
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

from footnoted.corpus.errors import FootnotedError, NoDocuments, UnusableInput
from footnoted.corpus.types import Span
from footnoted.index.collections import Collection, Home, NoCollection, same_name
from footnoted.index.library import Library
from footnoted.qa.accounts.access import EVERYBODYS, Access, Readers
from footnoted.qa.accounts.accounts import NOBODY, Accounts, normal
from footnoted.qa.conversations.judged import question_set
from footnoted.qa.conversations.types import Conversation, Verdict
from footnoted.qa.service.asking import Asking
from footnoted.qa.service.callers import Caller
from footnoted.qa.service.collection import CollectionService, Evaluating, Served
from footnoted.qa.service.drawing import Drawer
from footnoted.qa.service.evaluations import Evaluations
from footnoted.qa.service.failures import Failed, Forbidden, in_one_line, log_once
from footnoted.qa.service.granted import Granted
from footnoted.qa.service.health import Health
from footnoted.qa.service.limits import Limits
from footnoted.qa.service.metrics import Metrics
from footnoted.qa.service.offered import OfferedFolders
from footnoted.qa.service.turns import Turns
from footnoted.qa.service.workplace import Workplace
from footnoted.qa.service.writers import Options, Writers
from footnoted.qa.state.home import HomeState
from footnoted.qa.state.protocols import Shelf, State

log = logging.getLogger(__name__)

_NOBODYS = "This collection is nobody's own: everyone with an account may read it"
_ANOTHERS = "This collection is somebody else's; ask them"


@dataclass(frozen=True, slots=True)
class ListedCollection:
    """A collection as it is listed; the counts are None where its index cannot be read."""

    name: str
    documents: int | None
    passages: int | None
    is_sample: bool = False
    is_own: bool = True
    """Whether the caller can rename and delete it: it lies in the home, and is not the first."""
    may_change: bool = True
    """Whether the caller can add files to it, and remove them."""
    may_share: bool = False
    """Whether the caller says who may read it."""
    owner: str | None = None

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


class Writing(NamedTuple):
    """The language model that writes, as answers name it, None where they quote; what was chosen in
    the page, as ``URL#MODEL``; whether it may be chosen."""

    model: str | None
    chosen: str
    may_choose: bool


class Service:
    """What its callers share: the index it was started with, first, and those of a home."""

    def __init__(
        self,
        pipeline: Served,
        home: Home | None = None,
        accounts: Accounts | None = None,
        limits: Limits | None = None,
        offered: OfferedFolders | None = None,
        writing: Options | None = None,
        state: State | None = None,
    ) -> None:
        """Without a ``home``, there are no other collections, and none can be made; without
        ``accounts``, whoever calls may do everything. Editors may add the ``offered`` folders.
        With ``writing``, whoever calls chooses the language model that writes, if any, as
        long as there are no accounts: the server calls whatever address they name. ``state`` is
        what is kept beside the documents, if not in the home."""
        self._pipeline = pipeline
        self._home = home
        self.state: State = state or HomeState(home.folder if home else pipeline.library.folder)
        self._shelf: Shelf | None = self.state.shelf or home
        self._offered = offered
        self.accounts = accounts
        self._limits = limits or Limits()
        self.metrics = Metrics()
        self._turns = Turns(waited=self.metrics.waited)
        self.metrics.watch(lambda: self._turns.waiting)
        self._evaluating = Evaluating()
        self._drawer = Drawer()
        self._writers = Writers(self._folder, writing) if writing else None
        self._generator = self._begin_to_write()
        self._opening = threading.Lock()
        self._opened: dict[str, CollectionService] = {}
        self._warming_up = self._is_warm = False
        self._counted_at = ""
        self.first = self._service(pipeline)
        self._incoming = Workplace(self._folder, "incoming")
        self.conversations = self.state.conversations(self._is_readable)
        self.asking = Asking(self.conversations)
        self._history = self.state.evaluations()
        self.evaluations = Evaluations(self._history)
        self.health = Health(
            {"models": self._look_at_models, "documents": self._look, "state": self.state.check}
        )

    def warm_up(self) -> None:
        """Load the models; meanwhile ``is_warming_up``. The first time of all, they are prepared
        for the processor, too, which takes some seconds more."""
        self._warming_up = True
        try:
            self.first.warm_up()
            self._is_warm = True
        finally:
            self._warming_up = False

    @property
    def is_warming_up(self) -> bool:
        return self._warming_up

    @property
    def status(self) -> Literal["ok", "warming up"]:
        return "warming up" if self._warming_up else "ok"

    def collections(self, caller: Caller) -> list[ListedCollection]:
        """Every collection that a caller may read, the one first that the server was started
        with."""
        self._refuse_unknown(caller)
        first = self._first_listed(caller)
        with self.told("The collections cannot be listed"):
            others = [
                self._listed(caller, one)
                for one in (self._shelf.collections() if self._shelf else ())
                if not self._is_hidden(one) and self._lets_read(caller.name, one)
            ]
        return [first, *others]

    def collection(self, caller: Caller, name: str = "") -> Granted:
        """The collection of this name, as this caller may use it; without a name, that which the
        server was started with, which everyone with an account may read.

        Raises:
            Failed: there is none that they may read, or its index cannot be used.
        """
        self._refuse_unknown(caller)
        if not name or name == self.first.name:  # also while another one is being opened
            return Granted(self.first, caller, EVERYBODYS, self._limits, self.state.is_shared)
        with self.told("This collection cannot be opened"):
            if self._shelf is None:
                raise NoCollection(f"there is no collection {name[:80]!r}")
            # Of a home, it could be renamed meanwhile. Stores of servers take their time, one of
            # which nobody who asks in another waits for.
            with nullcontext() if self._shelf is self.state.shelf else self._opening:
                found = self._readable(caller, name)
                whole = self._opened_as(found)
                access = self.state.access(found)
            return Granted(whole, caller, access, self._limits, self.state.is_shared)

    def conversation(self, caller: Caller, id_: str) -> Conversation:
        """A conversation of the caller's own.

        Raises:
            Failed: there is none.
        """
        with self.told("This conversation cannot be opened"):
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
        with self.told("This cannot be kept"):
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
        self._admit_change(caller)
        access = Access(owner=caller.name, readers=()) if caller.is_known else EVERYBODYS
        with self.told("This collection cannot be made"), self._opening:
            self._refuse_first(name, "there is a collection {} already; choose another name")
            first = self._library
            self._needed_home().create(name, first.embedder, access.save, first.manifest.embedder)
        return self.collection(caller, name)

    def rename(self, caller: Caller, name: str, new: str) -> str:
        """Call a collection otherwise; the name as it is written.

        Raises:
            Failed: there is no such collection of the home, or one called so already.
        """
        self._admit_change(caller)
        with self.told("This collection cannot be renamed"), self._opening:
            home = self._needed_home()
            before = self._managed(caller, name)
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
        self._admit_change(caller)
        with self.told("This collection cannot be deleted"), self._opening:
            home, found = self._needed_home(), self._managed(caller, name)
            with self._leaving(found.name):
                home.remove(found.name)
            self.conversations.collection_removed(found.name)
            self._history.collection_removed(found.name)

    def access(self, caller: Caller, name: str) -> Access:
        """Whose a collection is, and who may read and change it.

        Raises:
            Failed: there is none that they may read.
        """
        self._refuse_unknown(caller)
        with self.told("This collection cannot be opened"):
            if not name or name == self.first.name:
                return EVERYBODYS
            return self.state.access(self._readable(caller, name))

    def share(
        self,
        caller: Caller,
        name: str,
        readers: Literal["everyone"] | Sequence[str],
        editors: Sequence[str] = (),
    ) -> Access:
        """Say who may read a collection, and who may change what is in it.

        Raises:
            Failed: it is not the caller's, or there is no such account.
        """
        self._admit_change(caller)
        with self.told("This collection cannot be shared"), self._opening:
            if not name or same_name(name, self.first.name):
                raise Forbidden(_NOBODYS)
            found = self._readable(caller, name)
            before = self.state.access(found)
            if not before.lets_share(caller.name):
                raise Forbidden(_NOBODYS if before.owner is None else _ANOTHERS)
            named: Readers = "everyone"
            if readers != "everyone":
                named = self._names(readers, caller)
            after = Access(owner=caller.name, readers=named, editors=self._names(editors, caller))
            self.state.set_access(found, after)
            return after

    def writing(self, caller: Caller) -> Writing:
        """Which language model writes, and whether this caller may choose another."""
        self._refuse_unknown(caller)
        may_choose = self._writers is not None and not self._has_accounts
        return Writing(self._pipeline.written_by, self._generator, may_choose)

    def models(self, caller: Caller, address: str) -> list[str]:
        """The language models of a server.

        Raises:
            Failed: none is there, or it is not for this caller to choose.
        """
        writers = self._choosing(caller)
        with self.told("Its models cannot be listed"):
            return writers.models(address)

    def write_by(self, caller: Caller, name: str) -> Writing:
        """Have answers written by ``URL#MODEL`` or, with "", quoted, in every collection.

        Raises:
            Failed: that is no model, or it is not for this caller to choose.
        """
        writers = self._choosing(caller)
        with self.told("This model cannot be chosen"):
            writer = writers.named(name) if name else None
            if writer:
                writer.warm_up()
            with self._opening:
                self._pipeline.writer, self._generator = writer, name
                for one in (self.first, *self._opened.values()):
                    one.write_by(writer)
            writers.keep(name)
        return self.writing(caller)

    def _choosing(self, caller: Caller) -> Writers:
        self._refuse_unknown(caller)
        if self._writers is None or self._has_accounts:
            raise Forbidden("Which model writes is said by whoever starts this server: --generator")
        return self._writers

    def _begin_to_write(self) -> str:
        """The model that was chosen last, unless the server was started with another."""
        if self._writers is None or self._pipeline.writer:
            return ""
        name, self._pipeline.writer = self._writers.kept()
        return name

    def new_folder(self) -> Path:
        """A folder for files that come in; it goes with the server at the latest."""
        try:
            return self._incoming.new_folder()
        except OSError:  # nothing can be written there
            return Path(tempfile.mkdtemp(prefix="footnoted-"))

    def stop(self, caller: Caller) -> None:
        """End the caller's evaluation, if it is running, after its present question."""
        self._evaluating.stop(caller.name)

    def exposed(self, caller: Caller) -> tuple[str, str]:
        """What was done since the start, for Prometheus, and what kind of text that is.

        Raises:
            Failed: it is not for this caller.
        """
        self._refuse_unknown(caller)
        if not caller.may_edit:
            raise Forbidden("The metrics are for editors")
        return self.metrics.exposed()

    def finish(self) -> None:
        """Begin nothing more, and leave what nobody waits for: the server is about to stop."""
        self.health.is_closed = True
        self._evaluating.stop()
        for one in (self.first, *self._opened.values()):
            one.suggest_no_more()

    @property
    def is_idle(self) -> bool:
        """Whether every question that was asked is answered, and that is kept."""
        return self._turns.is_idle and self.asking.is_idle

    def close(self) -> None:
        """End what is running, whoever wants it: the server stops."""
        self._evaluating.stop()
        self._turns.close()
        self._drawer.close()
        self._incoming.close()
        for one in (self.first, *self._opened.values()):
            one.close()
        self.state.close()

    def _look_at_models(self) -> None:
        if not self._is_warm:
            raise FootnotedError("the models are not loaded yet")

    def _look(self) -> None:
        """
        Raises:
            FootnotedError: there are no documents to be read, as far as can be seen.
        """
        library = self._pipeline.library
        if (change := library.manifest.change) == self._counted_at:
            return
        if not library.coverage().documents:
            raise NoDocuments.of(library.place)
        self._counted_at = change

    @property
    def _folder(self) -> Path:
        """Where what is kept beside collections lies."""
        return self._home.folder if self._home else self._pipeline.library.folder

    @contextmanager
    def told(self, what: str) -> Iterator[None]:
        """Whatever fails inside, fails in a line that names no folder of the server's.

        Raises:
            Failed: something went wrong.
        """
        with in_one_line(what, self._folder, self._folder.parent):
            yield

    def _refuse_unknown(self, caller: Caller) -> None:
        """Where there are accounts, nobody comes here without; if one does, it is our mistake."""
        if not caller.is_known and self._has_accounts:
            raise Forbidden("Sign in first")

    @property
    def _has_accounts(self) -> bool:
        return self.accounts is not None and self.accounts.are_there

    def _admit_change(self, caller: Caller) -> None:
        self._refuse_unknown(caller)
        if not caller.may_edit:
            raise Forbidden("You may ask here, not make or change collections; that is for editors")
        self._limits.admit("change", caller)

    def _readable(self, caller: Caller, name: str) -> Collection:
        """A collection of the home; what a caller may not read is told as what is not there."""
        shelf = self._shelf or self._needed_home()
        return shelf.collection(name, lambda one: self._lets_read(caller.name, one))

    def _is_readable(self, name: str, collection: str) -> bool:
        """Whether somebody of this name may read what quotes a collection."""
        if name == NOBODY or collection == self.first.name:
            return True
        try:
            shelf = self._shelf or self._needed_home()
            return self._lets_read(name, shelf.collection(collection))
        except (Failed, FootnotedError):  # who could read it is not known any more
            return False

    def _opened_as(self, found: Collection) -> CollectionService:
        """A collection that is open, from now on if it is not yet."""
        known_as = str(found.kept_at or found.name)
        if known := self._opened.get(known_as):
            return known
        library = self._library.beside(found.index)
        opened = self._service(self._pipeline.over(library))
        kept = self._opened.setdefault(known_as, opened)
        if kept is not opened:  # another was quicker
            library.close()
        return kept

    def _names(self, names: Sequence[str], caller: Caller) -> tuple[str, ...]:
        """Accounts as they are called, without the caller's own.

        Raises:
            UnusableInput: one of them is nobody's.
        """
        known = {one.name for one in (self.accounts.listed() if self.accounts else ())}
        called = {one: normal(one) for one in names}
        if unknown := [one for one, name in called.items() if name not in known]:
            raise UnusableInput(f"nobody is called {unknown[0][:64]!r} here; nothing is changed")
        return tuple(sorted({*called.values()} - {caller.name}))

    def _managed(self, caller: Caller, name: str) -> Collection:
        """A collection that this caller may rename and delete."""
        found = self._readable(caller, name)
        if not caller.is_let(self.state.access(found).lets_manage):
            raise Forbidden(_ANOTHERS)
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

    def _service(self, pipeline: Served) -> CollectionService:
        return CollectionService(
            pipeline, self._turns, self._evaluating, self.metrics, self._drawer, self._offered
        )

    def _first_listed(self, caller: Caller) -> ListedCollection:
        library = self._pipeline.library
        found = Collection(self.first.name, library.folder, library.place).described()
        return ListedCollection(
            *(found.name, found.documents, found.passages, self.first.is_sample),
            is_own=False,
            may_change=caller.may_edit and not self.state.is_shared,
        )

    def _listed(self, caller: Caller, one: Collection) -> ListedCollection:
        found, access = one.described(), self.state.access(one)
        is_ours = not self.state.is_shared  # to change, beside who reads it
        return ListedCollection(
            *(found.name, found.documents, found.passages),
            is_own=is_ours and caller.is_let(access.lets_manage),
            may_change=is_ours and caller.is_let(access.lets_change),
            may_share=caller.is_known and caller.is_let(access.lets_share),
            owner=access.owner,
        )

    @property
    def _library(self) -> Library:
        library = self._pipeline.library
        assert isinstance(library, Library)
        return library

    def _needed_home(self) -> Home:
        if self._home is None:
            raise Failed("This server has no collections but this one")
        return self._home

    def _is_first(self, one: Collection) -> bool:
        """Whether the server was started with it."""
        library = self._pipeline.library
        return one.kept_at == library.place if one.kept_at else one.folder == library.folder

    def _is_hidden(self, one: Collection) -> bool:
        """Whether another is meant by its name: that which the server was started with."""
        if self._is_first(one):
            return True
        if is_hidden := one.name == self.first.name:
            log_once(
                f"{one.index} is called as what this server was started with, and "
                "so is not shown; rename one of them"
            )
        return is_hidden

    def _lets_read(self, name: str, one: Collection) -> bool:
        return name == NOBODY or self.state.access(one).lets_read(name)
