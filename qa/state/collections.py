"""The stores that several servers answer from, each a collection, and who may read it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from footnoted.corpus.errors import UnusableInput
from footnoted.index.collections import Collection, called
from footnoted.index.protocols import Tables
from footnoted.index.qdrant.address import Address
from footnoted.qa.accounts.access import Access

MAKES = "footnoted collections offer STORE --state URL offers one"
"""What is told where there is none."""

log = logging.getLogger(__name__)


class SharedCollections:
    """A ``Shelf`` in a table. Nothing of a collection lies in a folder: it is where its store is.

    Its documents are changed where their files are; here, only who may read them.
    """

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def collections(self) -> list[Collection]:
        with self._tables.reading():
            places = [place for (place,) in self._tables.rows("SELECT place FROM collections")]
        return sorted(_readable(places), key=lambda one: one.name.casefold())

    def collection(
        self, name: str, is_shown: Callable[[Collection], bool] = lambda _: True
    ) -> Collection:
        return called(name, [one for one in self.collections() if is_shown(one)], MAKES)

    def offer(self, store: Address, access: Access) -> Collection:
        """Let servers answer from a store, too, called as its collection.

        Raises:
            UnusableInput: one is called so already, or it is no server's.
        """
        if store.folder:
            raise UnusableInput(f"{store} is a folder, which one process has; offer a server's")
        with self._tables.changing():
            self._tables.do(
                "INSERT INTO collections (name, place, access) VALUES (?, ?, ?)"
                " ON CONFLICT (name) DO NOTHING",
                [store.name.casefold(), str(store), access.model_dump_json()],
            )
            (kept,) = self._tables.row(
                "SELECT place FROM collections WHERE name = ?", [store.name.casefold()]
            )
            if kept != str(store):
                raise UnusableInput(
                    f"there is a collection {store.name!r} already, {kept}; withdraw it first"
                )
            self._keep(store.name, access)
        return _collection(str(store))

    def withdraw(self, name: str) -> Collection:
        """Answer from it no more; the store is untouched.

        Raises:
            NoCollection: there is none.
        """
        found = self.collection(name)
        with self._tables.changing():
            self._tables.do("DELETE FROM collections WHERE name = ?", [found.name.casefold()])
        return found

    def access(self, of: Collection) -> Access:
        with self._tables.reading():
            found = self._tables.row(
                "SELECT access FROM collections WHERE name = ?", [of.name.casefold()]
            )
        return Access.read(found[0] if found else "", f"who may read {of.name}")

    def set_access(self, of: Collection, access: Access) -> None:
        with self._tables.changing():
            self._keep(of.name, access)

    def _keep(self, name: str, access: Access) -> None:
        self._tables.do(
            "UPDATE collections SET access = ? WHERE name = ?",
            [access.model_dump_json(), name.casefold()],
        )


def _readable(places: Iterable[str]) -> Iterator[Collection]:
    """Without those of a kind that this version knows nothing of."""
    for place in places:
        try:
            yield _collection(place)
        except UnusableInput as error:
            log.warning("a collection that was offered is not shown: %s", error)


def _collection(place: str) -> Collection:
    store = Address.parse(place)
    return Collection(store.name, Path(), store)
