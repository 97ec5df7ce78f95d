"""What is read of an index in Qdrant: always at one change, whatever a writer does meanwhile."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

from qdrant_client import models

from footnoted.corpus.errors import DamagedIndex, FootnotedError, IndexUnavailable
from footnoted.corpus.types import Document, Listed, Passage
from footnoted.index.nearness import MOST_HOLDERS, sharing
from footnoted.index.protocols import Overtaken, Searches, Vectors
from footnoted.index.qdrant import points, state
from footnoted.index.qdrant.address import Address
from footnoted.index.qdrant.change import Change
from footnoted.index.qdrant.client import Client
from footnoted.index.qdrant.forms import checked
from footnoted.index.qdrant.points import DENSE, Kind, Moment, equals, one_of, seen
from footnoted.index.qdrant.search import QdrantDense, QdrantLexical
from footnoted.index.qdrant.state import State
from footnoted.index.types import (
    Coverage,
    Entry,
    FileField,
    Manifest,
    Origin,
    Sketched,
    Stamp,
    StoredDocument,
    StoredFile,
    origins_by_place,
)

_Found = TypeVar("_Found")
_Payload = Mapping[str, Any]

# A reader whom writers overtake so often in a row says so instead of trying for ever.
_TRIES = 20
NAMED_AT_ONCE = 1000
"""Named in one filter."""
# Received at once; each may be of a million characters.
_BODIES = 32


class Reading:
    """The half of a store that reads; see ``IndexStore``.

    Inside a change, it reads what that has done so far.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._seen: State | None = None
        self._change: Change | None = None

    @property
    def place(self) -> Address:
        return self._client.address

    # -- what is seen ----------------------------------------------------------------------

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Reads inside it see one change; what is removed meanwhile is gone, and so said."""
        before = self._seen = state.read(self._client)
        try:
            yield
        except (FootnotedError, ValueError, KeyError, TypeError) as error:
            if self._is_overtaken(before):
                raise Overtaken from error
            raise
        finally:
            self._seen = None
        if self._is_overtaken(before):
            raise Overtaken

    def _is_overtaken(self, before: State) -> bool:
        now = state.read(self._client)
        return (now.version, now.manifest.id) != (before.version, before.manifest.id)

    def _moment(self) -> Moment:
        """The change at which is read just now."""
        if self._change:
            return self._change.moment
        assert self._seen
        return self._seen.moment

    def _read(self, read: Callable[[], _Found]) -> _Found:
        """What ``read`` finds at one change: inside a snapshot at its own."""
        if self._change:
            self._change.flush()
            return read()
        if self._seen:
            return read()
        for _ in range(_TRIES):
            with suppress(Overtaken), self.snapshot():
                return read()
        raise IndexUnavailable(f"{self.place} changes faster than it can be read; try again")

    def _all(
        self,
        kind: Kind,
        fields: list[str] | bool = True,
        *conditions: models.Condition,
        page: int | None = None,
    ) -> list[_Payload]:
        """What there is of one kind, and meets the conditions."""
        where = self._where(kind, *conditions)
        with self._decoding(f"a {kind}"):
            return [
                checked(kind, one.payload, fields)
                for one in self._client.scroll(where, fields, page=page)
            ]

    def _among(
        self,
        kind: Kind,
        fields: list[str] | bool,
        field: str,
        values: Iterable[Any],
    ) -> list[_Payload]:
        """The same of those that hold one of ``values``."""
        named = list(dict.fromkeys(values))
        parts = (named[at : at + NAMED_AT_ONCE] for at in range(0, len(named), NAMED_AT_ONCE))
        return [one for part in parts for one in self._all(kind, fields, one_of(field, part))]

    def _where(self, kind: Kind, *conditions: models.Condition) -> models.Filter:
        return seen(self._moment(), equals("kind", kind), *conditions)

    def _count(self, kind: Kind, *conditions: models.Condition) -> int:
        return self._client.count(self._where(kind, *conditions))

    @contextmanager
    def _decoding(self, what: str) -> Iterator[None]:
        """What stands in a point has the form in which it was written, or is damaged."""
        try:
            yield
        except (ValueError, TypeError, KeyError) as error:
            raise DamagedIndex.of(self.place, f"{what} cannot be read ({error})") from None

    # -- the searches ----------------------------------------------------------------------

    def searches(self) -> Searches:
        def made() -> Searches:
            seen_now = self._seen
            assert seen_now
            client, size = self._client, self._count("passage")
            return Searches(
                seen_now.manifest.change,
                QdrantDense(client, self._moment, size, self.cosines),
                QdrantLexical(client, self._moment, size),
            )

        return self._read(made)

    def make_searches(self, before: str) -> None:
        """They are made with the points."""

    # -- reading ---------------------------------------------------------------------------

    def manifest(self) -> Manifest:
        return (self._seen or state.read(self._client)).manifest

    def generation(self) -> int:
        return self.manifest().generation

    def stand_in(self) -> str | None:
        return (self._seen or state.read(self._client)).stand_in

    def coverage(self, documents: Iterable[str] | None = None) -> Coverage:
        if documents is None:
            unreadable = equals("unreadable", 1)
            return self._read(
                lambda: Coverage(
                    self._count("document"), self._count("passage"), self._count("file", unreadable)
                )
            )
        named = list(documents)

        def read() -> Coverage:
            held = self._among("document", ["path", "source", "passages"], "document", named)
            places = {(one["source"], one["path"]) for one in held}
            files = self._all("file", ["path", "source"], equals("unreadable", 1))
            lost = places.intersection((one["source"], one["path"]) for one in files)
            return Coverage(len(held), sum(one["passages"] for one in held), len(lost))

        return self._read(read)

    def unreadable(self) -> int:
        return self._read(lambda: self._count("file", equals("unreadable", 1)))

    def languages(self, documents: Iterable[str] | None = None) -> dict[str, int]:
        named = None if documents is None else list(documents)

        def read() -> list[_Payload]:
            if named is None:
                return self._all("document", ["language"])
            return self._among("document", ["language"], "document", named)

        counted = Counter(one["language"] for one in self._read(read) if one.get("language"))
        return dict(sorted(counted.items(), key=lambda each: (-each[1], each[0])))

    def files(self, *, unreadable: bool = False, most: int = -1) -> list[StoredFile]:
        wanted = [equals("unreadable", 1)] if unreadable else []
        found = self._read(lambda: self._files(*wanted))
        found.sort(key=_by_path)
        return found if most < 0 else found[:most]

    def files_by(self, field: FileField, values: Collection[str]) -> list[StoredFile]:
        found = self._read(lambda: self._among("file", True, field, values))
        with self._decoding("what was said of its files"):
            return sorted(map(points.read_file, found), key=_by_path)

    def _files(self, *conditions: models.Condition) -> list[StoredFile]:
        with self._decoding("what was said of its files"):
            return [points.read_file(one) for one in self._all("file", True, *conditions)]

    def origin(self, document_id: str) -> Origin | None:
        return self._read(lambda: self._origin(document_id))

    def _origin(self, document_id: str) -> Origin | None:
        place = self._all("document", ["source", "path"], equals("document", document_id))
        if not place:
            return None
        path = place[0]["path"]
        found = self._files(equals("source", place[0]["source"]), equals("path", path))
        if not found:
            return None
        copies, after = (
            sorted(file.receipt.path for file in self._files(equals(how, path)))
            for how in ("same_as", "near")
        )
        return Origin.of(found[0].receipt, copies, after)

    def origins(self) -> dict[str, Origin]:
        files, held = self._read(
            lambda: (self.files(), self._all("document", ["document", "source", "path"]))
        )
        origin_of = origins_by_place(files)
        return {
            one["document"]: origin_of[at]
            for one in held
            if (at := (one["source"], one["path"])) in origin_of
        }

    def held(self, paths: Sequence[str]) -> dict[str, str]:
        found = self._read(lambda: self._among("document", ["document", "path"], "path", paths))
        held: dict[str, str] = {}
        for one in found:
            held[one["path"]] = min(one["document"], held.get(one["path"], one["document"]))
        return held

    def stamps(self) -> dict[str, Stamp]:
        found: dict[str, Stamp] = {}
        for one in self._read(lambda: self._all("document", ["path", "date", "number"])):
            date, number = found.get(one["path"], (None, 0))
            dated = max(filter(None, (date, one.get("date"))), default=None)
            found[one["path"]] = Stamp(dated, max(number, one["number"]))
        return found

    def sketches_of(self, paths: Collection[str]) -> list[Sketched]:
        found = self._read(lambda: self._among("document", points.SKETCHED, "path", paths))
        return self._sketches(found)

    def _sketches(self, found: Iterable[_Payload]) -> list[Sketched]:
        with self._decoding("a document"):
            return [points.read_sketch(one) for one in found]

    def sketches_sharing(self, marks: Collection[int]) -> list[Sketched]:
        return self._read(lambda: self._sharing(list(marks)))

    def _sharing(self, marks: Sequence[int]) -> list[Sketched]:
        if len(marks) >= self._count("document"):  # to ask for each would take longer
            return sharing(self._sketches(self._all("document", points.SKETCHED)), marks)
        held = self._client.counts([self._where("document", equals("marks", m)) for m in marks])
        few = [mark for mark, number in zip(marks, held, strict=True) if number <= MOST_HOLDERS]
        sketches = self._sketches(self._among("document", points.SKETCHED, "marks", few))
        return list({one.document: one for one in sketches}.values())

    def documents(self, ids: Iterable[str] | None = None) -> list[StoredDocument]:
        if ids is None:
            return self._read(lambda: self._documents())
        named = sorted(set(ids))
        parts = [named[at : at + NAMED_AT_ONCE] for at in range(0, len(named), NAMED_AT_ONCE)]
        return self._read(
            lambda: [d for part in parts for d in self._documents(one_of("document", part))]
        )

    def document(self, document_id: str) -> StoredDocument | None:
        found = self.documents([document_id])
        return found[0] if found else None

    def _documents(self, *conditions: models.Condition) -> list[StoredDocument]:
        """In the order of the ids."""
        found = self._all("document", True, *conditions)
        bodies: dict[str, list[_Payload]] = defaultdict(list)
        for body in self._all("body", True, *conditions, page=_BODIES) if found else ():
            bodies[body["document"]].append(body)
        documents = []
        for one in sorted(found, key=lambda each: str(each["document"])):
            with self._decoding(f"the document {one['document']}"):
                documents.append(points.read_document(one, bodies[one["document"]]))
        return documents

    def document_and_file(self, document_id: str) -> tuple[Document, str] | None:
        def read() -> tuple[Document, str] | None:
            stored = self.document(document_id)
            if stored is None:
                return None
            found = self._files(equals("source", stored.source), equals("path", stored.path))
            return stored.document, found[0].receipt.sha256 if found else ""

        return self._read(read)

    def listing(self) -> list[Listed]:
        found = self._read(lambda: self._all("document", points.LISTED))
        return sorted(map(points.read_listed, found), key=lambda one: one.id)

    def entries(
        self, *, ids: Collection[str] | None = None, sources: Collection[str] | None = None
    ) -> dict[str, Entry]:
        def read() -> list[_Payload]:
            if ids is not None:
                return self._among("document", points.ABOUT, "document", ids)
            if sources is not None:
                return self._among("document", points.ABOUT, "source", sources)
            return self._all("document", points.ABOUT)

        return {one["document"]: points.read_entry(one) for one in self._read(read)}

    def passage_counts(self, ids: Collection[str] | None = None) -> dict[str, int]:
        fields = ["document", "passages"]

        def read() -> list[_Payload]:
            if ids is None:
                return self._all("document", fields)
            return self._among("document", fields, "document", ids)

        return {one["document"]: one["passages"] for one in self._read(read) if one["passages"]}

    def sources(self) -> list[str]:
        return sorted(one["source"] for one in self._read(lambda: self._all("source")))

    def passages(self, rows: Sequence[int]) -> dict[int, Passage]:
        fields = ["document", "start", "end", "sentences"]
        found = {int(one.id): one for one in self._client.get(list(rows), fields)}
        with self._decoding("a passage"):
            return {
                row: points.read_passage(checked("passage", found[row].payload, fields))
                for row in rows
                if row in found
            }

    def among(self, documents: Collection[str]) -> list[str]:
        """Their ids: by those, passages are found however many there are."""
        return sorted(documents)

    def cosines(self, vector: Vectors, rows: Sequence[int]) -> list[float]:
        found = self._client.scores(vector[0].tolist(), DENSE, rows)
        with self._decoding("a vector"):
            return [found[row] for row in rows]

    def known_embeddings(self, keys: Iterable[bytes]) -> set[bytes]:
        named = [key.hex() for key in keys]
        kept = self._client.get([points.embedding_id(key) for key in named], ["key"])
        known = {(one.payload or {})["key"] for one in kept}
        others = [key for key in named if key not in known]
        known |= {one["key"] for one in self._read(lambda: self._passages_of(others))}
        return {bytes.fromhex(key) for key in known}

    def _passages_of(self, keys: Sequence[str]) -> list[_Payload]:
        return self._among("passage", ["key"], "key", keys)


def _by_path(file: StoredFile) -> tuple[str, str]:
    return file.receipt.path, file.source
