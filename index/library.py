"""The index as the stages after it see it: documents, and a search for passages."""

from __future__ import annotations

import math
import shutil
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from rapidfuzz.distance import OSA

from footnoted.corpus.errors import (
    DamagedIndex,
    FootnotedError,
    IndexMismatch,
    NoIndex,
    UnusableInput,
)
from footnoted.corpus.ids import Id, figures
from footnoted.corpus.language import prepare
from footnoted.corpus.types import Document, Listed, Passage
from footnoted.corpus.words import content_words, stem, words
from footnoted.index.database import explained
from footnoted.index.embedding import DEFAULT_EMBEDDER, embedder_name, load_embedder
from footnoted.index.fusion import convex
from footnoted.index.options import DEFAULT, SearchOptions
from footnoted.index.protocols import (
    Among,
    Embedder,
    IndexStore,
    Lexical,
    Overtaken,
    Progress,
    Searches,
    Vectors,
    VectorSearch,
    silent,
)
from footnoted.index.qdrant.address import Address
from footnoted.index.remaking import Described, remade
from footnoted.index.rerank import share_of_words
from footnoted.index.store import FILE, Store
from footnoted.index.stores import create_store, making, open_collection, open_store
from footnoted.index.types import (
    Coverage,
    FileReceipt,
    Filter,
    Hit,
    Manifest,
    Origin,
    Place,
    Receipt,
    Retrieved,
    Stamp,
)
from footnoted.index.update import nothing_left
from footnoted.index.update import remove as remove_documents
from footnoted.index.update import update as update_documents
from footnoted.index.work import Here, Workers
from footnoted.index.writer import writing

_Made = TypeVar("_Made")

# Passages in which a word is looked for that is written almost like another.
_LOOKED_AT = 20
# In characters of their texts: a hundred long reports.
_RECENT = 16_000_000


class Library:
    """One index, open. Any number of readers, one writer; safe to share between threads.

    It is one implementation of ``Passages`` and of ``WordSearch``. The embedder is loaded when it
    is first needed: listing documents needs none.
    """

    def __init__(
        self,
        store: IndexStore,
        embedder: Embedder | None = None,
        options: SearchOptions = DEFAULT,
        vectors: type[VectorSearch] | None = None,
    ) -> None:
        self._store = store
        self._options = options
        self._vectors = vectors
        self._lock = threading.RLock()
        # A lock of its own: documents can be listed while a model takes seconds to load.
        self._loading = threading.Lock()
        self._embedder = embedder
        self._searches: Searches | None = None
        self._kept: dict[Callable[[Library], Any], tuple[str, Any]] = {}

    @classmethod
    def open(
        cls,
        place: Place,
        embedder: Embedder | str | None = None,
        options: SearchOptions = DEFAULT,
        vectors: type[VectorSearch] | None = None,
    ) -> Library:
        """Open an index; ``embedder``, if given, must be the one it was made with.

        Raises:
            NoIndex: there is none at ``place``.
            IndexMismatch: the index was made with another model; names both.
            UnusableInput: what is there is not an index of this version.
            DamagedIndex, IndexUnavailable: the index cannot be read.
        """
        store = open_store(place, vectors)
        manifest = store.manifest()
        given = None if isinstance(embedder, str) else embedder
        wanted = given.name if given else embedder_name(str(embedder or manifest.embedder))
        if wanted != manifest.embedder_name:
            store.close()
            raise _made_with(place, manifest, wanted)
        return cls(store, given, options, vectors)

    @classmethod
    def create(
        cls,
        place: Place,
        embedder: Embedder | str = DEFAULT_EMBEDDER,
        options: SearchOptions = DEFAULT,
        vectors: type[VectorSearch] | None = None,
        loaded_as: str = "",
    ) -> Library:
        """Make an empty index at ``place``, which is made if need be.

        ``loaded_as``: the name by which others can load an ``embedder`` that is given as an object.
        """
        prepare()  # for what it will be filled with
        loaded = load_embedder(embedder) if isinstance(embedder, str) else embedder
        store = create_store(
            place,
            vectors,
            embedder=embedder if isinstance(embedder, str) else loaded_as or embedder.name,
            embedder_name=loaded.name,
            dimension=loaded.dimension,
            passage_tokens=min(options.passage_tokens, loaded.max_tokens),
        )
        return cls(store, loaded, options, vectors)

    @classmethod
    def open_or_create(cls, place: Place, embedder: Embedder | str | None = None) -> Library:
        """Open the index at ``place``, or make an empty one."""
        with suppress(NoIndex):
            return cls.open(place, embedder)
        with making(place):
            try:
                return cls.open(place, embedder)  # somebody else was quicker
            except NoIndex:
                return cls.create(place, embedder or DEFAULT_EMBEDDER)

    @classmethod
    def rebuild(
        cls,
        folder: Place,
        paths: Sequence[Path] = (),
        embedder: Embedder | str | None = None,
        progress: Progress = silent,
        password: str | None = None,
    ) -> tuple[Library, Receipt]:
        """Make the index in ``folder`` anew from its documents, embedding all of them again.

        ``paths`` are what was indexed, if it cannot be read off the index any more. Of what was
        indexed, what is not there any more is left out, and that is said; what cannot be opened
        now, as without its password, stays as it was read. What was there stays until the new index
        is whole; other processes then go over to it.

        Raises:
            UnusableInput: nobody says what was indexed, or none of it can be read any more;
                nothing is changed.
        """
        if not isinstance(folder, Path):
            return cls._remade(folder, paths, embedder, progress, password)
        before = _described(folder)
        if not (paths or before.sources):
            raise UnusableInput(
                f"the index in {folder} does not tell any more what was indexed; "
                "name it: footnoted index --rebuild PATH"
            )
        workshop = folder / "rebuilding"
        with explained(folder):
            folder.mkdir(parents=True, exist_ok=True)
            with writing(folder), _emptied(workshop), _readable(folder) as earlier:
                made = cls.create(workshop, embedder or before.embedder or DEFAULT_EMBEDDER)
                try:
                    if paths:
                        receipt = made._updated(paths, progress, password, earlier)
                    else:
                        receipt = made._refill(before, progress, password, earlier)
                finally:
                    made.close()
                if not receipt.coverage.documents:
                    raise nothing_left(folder)
                _exchange(workshop, folder)
        return cls.open(folder, made._embedder), receipt

    @classmethod
    def _remade(
        cls,
        address: Address,
        paths: Sequence[Path],
        embedder: Embedder | str | None,
        progress: Progress,
        password: str | None,
    ) -> tuple[Library, Receipt]:
        """``rebuild`` as one change of what is there, which readers see when it is whole."""
        try:
            store = open_collection(address)
        except NoIndex:
            if not paths:
                raise
            made = cls.create(address, embedder or DEFAULT_EMBEDDER)
            return made, made.update(paths, progress, password)
        try:
            loaded, receipt = remade(store, paths, embedder, progress, password)
        except BaseException:
            store.close()
            raise
        return cls(store, loaded), receipt

    def beside(self, place: Place) -> Library:
        """The index at ``place``, or this one once more, as another that is open at once.

        It shares the embedder with this one where both were made with the same.

        Raises:
            NoIndex, UnusableInput, DamagedIndex, IndexUnavailable: it cannot be read.
        """
        other = Library.open(place, options=self._options, vectors=self._vectors)
        if other.manifest.embedder_name == self.manifest.embedder_name:
            other._embedder = self.embedder
        return other

    def close(self) -> None:
        self._store.close()

    @property
    def place(self) -> Place:
        return self._store.place

    @property
    def folder(self) -> Path:
        return self._store.folder

    @property
    def embedder(self) -> Embedder:
        manifest = self.manifest
        with self._loading:
            found = self._embedder
            if found is None or found.name != manifest.embedder_name:
                found = load_embedder(manifest.embedder)
                if found.name != manifest.embedder_name:
                    raise _made_with(self.place, manifest, found.name)
                self._embedder = found
            return found

    @property
    def manifest(self) -> Manifest:
        with self._open() as store:
            return store.manifest()

    @property
    def stands_in(self) -> bool:
        """Whether what it holds stands in until others are named: see ``fill``."""
        with self._open() as store:
            return store.stand_in() is not None

    def coverage(self, where: Filter | None = None) -> Coverage:
        """How much it holds; with a filter, of the documents that may be found.

        Files of which no document came are then not counted as unreadable: nobody knows whose they
        are.
        """
        with self._open() as store:
            return store.coverage(where.documents if where else None)

    def sources(self) -> list[Path]:
        """The folders and files that were indexed."""
        with self._open() as store:
            return [Path(source) for source in store.sources()]

    def documents(self) -> list[Document]:
        """Every document, in the order of the ids."""
        with self._open() as store:
            return [stored.document for stored in store.documents()]

    def listing(self) -> list[Listed]:
        """Every document without its text, in the order of the ids."""
        with self._open() as store:
            return store.listing()

    def unreadable(self) -> int:
        """How many files were not read, or not as a whole."""
        with self._open() as store:
            return store.unreadable()

    def files(self, *, unreadable: bool = False, most: int = -1) -> list[FileReceipt]:
        """What came of each file when it was read last, in the order of the paths.

        ``unreadable``: of those alone that ``coverage`` counts as such. ``most``: of the first of
        them; of all, where it is negative.
        """
        with self._open() as store:
            return [one.receipt for one in store.files(unreadable=unreadable, most=most)]

    def origin(self, document_id: str) -> Origin | None:
        """Where a document comes from; None where nothing is known of its file."""
        with self._open() as store:
            return store.origin(document_id)

    def origins(self) -> dict[str, Origin]:
        """The same of all documents, by id."""
        with self._open() as store:
            return store.origins()

    def held(self, paths: Sequence[str]) -> dict[str, str]:
        """The document of each of these files, or the first of several, by path."""
        with self._open() as store:
            return store.held(paths)

    def stamps(self) -> dict[str, Stamp]:
        """When each file that holds documents is from, by path."""
        with self._open() as store:
            return store.stamps()

    def languages(self) -> dict[str, int]:
        """The number of documents in each language, by its code, as far as it is known."""
        with self._open() as store:
            return store.languages()

    def document(self, document_id: str) -> Document | None:
        with self._open() as store:
            return self.kept(_Recent).documents(store, [document_id]).get(document_id)

    def retrieve(
        self,
        question: str,
        limit: int,
        where: Filter | None = None,
        options: SearchOptions | None = None,
    ) -> Retrieved:
        """The best passages for a question, best first, all of one generation.

        Passages near in meaning and passages that share words are fused by the sum of their cosine
        and the share of the question's words that they hold, by their weights. The likeliest are
        looked at once more, where the words of their best sentence count as well.

        A filter changes which passages may be found and what is covered, and nothing of the scores.
        ``options``, if given, count for this question instead of the library's own.
        """
        chosen = options or self._options
        of_meaning, of_words = chosen.weights

        def read(current: Searches, embedder: Embedder) -> Retrieved:
            among = self._among(where)
            vector, near, shares = _proposed(current, embedder, question, chosen, among)
            # What is shown is ranked by exact cosines and by its sentences. They lie all over a
            # large database, so they are read of those alone that may be shown.
            likely = [row for row, _ in convex([(of_meaning, near), (of_words, shares)])]
            held = self._held(likely[: 2 * limit])
            cosines = dict(zip(held, self._store.cosines(vector, list(held)), strict=True))
            wanted = _rarities(current.lexical, question)
            words = {
                row: share_of_words(
                    shares.get(row, 0.0), wanted, document, passage, chosen.of_sentence
                )
                for row, (passage, document) in held.items()
            }
            best = convex([(of_meaning, cosines), (of_words, words)])[:limit]
            coverage, languages = self._covered(where)
            hits = (Hit(*held[row], score, cosines[row]) for row, score in best)
            return Retrieved(tuple(hits), coverage, self._store.manifest(), languages)

        while True:
            # It may take seconds to load, before anything is locked.
            embedder = self._embedder or self.embedder
            with suppress(_Reembedded):
                return self._read(partial(self._read_with, embedder, read))

    def _read_with(
        self, embedder: Embedder, read: Callable[[Searches, Embedder], _Made], current: Searches
    ) -> _Made:
        """What ``read`` finds with the embedder that the index was made with."""
        if embedder.name != self._store.manifest().embedder_name:
            self._embedder = None
            raise _Reembedded
        return read(current, embedder)

    def search(self, question: str, limit: int) -> list[Hit]:
        """The hits of ``retrieve``."""
        return list(self.retrieve(question, limit).hits)

    def vectors(self, texts: Sequence[str]) -> Vectors:
        return self.embedder.embed_passages(texts)

    def rarity(self, word: str) -> float:
        """How much a word tells, from the passages that hold it: log(1 + (N + 1) / (n + 0.5)).

        N passages are indexed and n of them hold the word; one that stands nowhere tells most.
        """
        return self._read(lambda current: _rarity(current.lexical, word))

    def alike(self, word: str, distance: int) -> list[str]:
        """The words as written that are at most so many letters from ``word``, or their stems from
        its own, nearest first."""
        held = self._read(
            lambda current: self._held(current.lexical.alike(word, distance, _LOOKED_AT))
        )
        found = Counter(
            (one.text, one.stem)
            for passage, document in held.values()
            for one in words(document.text[passage.start : passage.end])
        )
        lower, own = word.lower(), stem(word)
        near = {
            (away, -times, text)
            for (text, of_text), times in found.items()
            if (away := min(OSA.distance(text.lower(), lower), OSA.distance(of_text, own)))
            <= distance
        }
        return [text for _, _, text in sorted(near)]

    def candidates(
        self, text: str, limit: int, where: Filter | None = None
    ) -> list[tuple[Document, Passage]]:
        """The passages that share words with ``text``, best first; loads no model."""

        def read(current: Searches) -> dict[int, tuple[Passage, Document]]:
            found = current.lexical.search(text, limit, self._among(where))
            return self._held([row for row, _ in found])

        held = self._read(read)
        return [(document, passage) for passage, document in held.values()]

    def holders(self, word: str, most: int) -> frozenset[str] | None:
        """The ids of the documents that hold ``word`` in any of its forms.

        None where more than ``most`` passages do, or where what is given is not one word.
        """

        def read(current: Searches) -> frozenset[str] | None:
            if current.lexical.frequency(word) > most:
                return None
            rows = current.lexical.holders(word)
            if rows is None:
                return None
            return frozenset(p.document for p in self._store.passages(rows).values())

        return self._read(read)

    def _covered(self, where: Filter | None) -> tuple[Coverage, dict[str, int]]:
        """How much a search covers, and in which languages that is."""
        if where and where.documents is not None:
            return self._store.coverage(where.documents), self._store.languages(where.documents)
        # Counting takes longer than searching where there is much to count. That a file cannot be
        # read changes no document, and so nothing of what is kept.
        coverage = replace(self.kept(Library.coverage), unreadable=self._store.unreadable())
        return coverage, self.kept(Library.languages)

    def _among(self, where: Filter | None) -> Among | None:
        """The passages that a filter lets be found; None where those are all."""
        if where is None or where.documents is None:
            return None
        return self._store.among(where.documents)

    def _held(self, rows: Sequence[int]) -> dict[int, tuple[Passage, Document]]:
        """The passages in these rows, in this order, each with its document."""
        passages = self._store.passages(rows)
        ids = {passage.document for passage in passages.values()}
        documents = self.kept(_Recent).documents(self._store, ids)
        if len(passages) < len(rows) or len(documents) < len(ids):
            raise DamagedIndex.of(self.place, "passages are gone from it")
        return {row: (passages[row], documents[passages[row].document]) for row in rows}

    def kept(self, make: Callable[[Library], _Made]) -> _Made:
        """What ``make`` makes of this library; it is made again only when the index has changed."""
        with self._open() as store:
            change = store.manifest().change
            if self._kept.get(make, (None,))[0] != change:
                self._kept[make] = (change, make(self))
            made: _Made = self._kept[make][1]
            return made

    def update(
        self,
        paths: Sequence[Path],
        progress: Progress = silent,
        password: str | None = None,
        *,
        even_if_unreadable: bool = False,
        workers: Workers | None = None,
    ) -> Receipt:
        """Make the index hold what ``paths`` hold now; see ``index.update``.

        ``even_if_unreadable``: a path that is new may hold nothing readable, and what came of its
        files is kept. ``workers`` do the work, if not this process.
        """
        remembered = [str(path.resolve()) for path in paths] if even_if_unreadable else []
        return self._updated(paths, progress, password, None, remembered, workers)

    def _updated(
        self,
        paths: Sequence[Path],
        progress: Progress,
        password: str | None,
        earlier: IndexStore | None,
        remembered: Sequence[str] = (),
        workers: Workers | None = None,
    ) -> Receipt:
        with self._change() as store:
            return update_documents(
                store,
                workers or Here(self.embedder),
                paths,
                progress,
                remembered=remembered,
                password=password,
                earlier=earlier,
            )

    def refresh(self, progress: Progress = silent, password: str | None = None) -> Receipt:
        """Bring everything that was indexed up to date.

        Of an index that machines share, what is here: what is not may be on another.
        """
        with self._change() as store:
            described = Described.of(store)
            described = replace(described, sources=described.here(store))
            return self._refill(described, progress, password, None)

    def fill(self, path: Path, progress: Progress = silent) -> Receipt | None:
        """Fill an empty index with documents that stand in until others are named.

        None, and nothing is done, where others were named already.
        """
        with self._change() as store:
            if set(store.sources()) - {store.stand_in()}:
                return None
            return update_documents(store, Here(self.embedder), [path], progress, stand_in=True)

    def _refill(
        self,
        described: Described,
        progress: Progress,
        password: str | None,
        earlier: IndexStore | None,
    ) -> Receipt:
        """Index what is described, as it was named there, and go on without what is gone."""
        with self._open() as store:
            return update_documents(
                store,
                Here(self.embedder),
                described.sources,
                progress,
                stand_in=described.stand_in is not None,
                remembered=[str(source) for source in described.sources],
                password=password,
                earlier=earlier,
            )

    def remove(self, document_ids: Sequence[str]) -> None:
        """Take documents out of the index; an unknown id changes nothing and raises."""
        with self._change() as store:
            remove_documents(store, document_ids)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Inside, nobody else changes the index, nor deletes it.

        Raises:
            NoIndex: it is not there any more.
        """
        with self._change():
            yield

    def _read(self, read: Callable[[Searches], _Made]) -> _Made:
        """What ``read`` finds with the newest generation's searches, the store at the same one."""
        with self._open() as store:
            while True:
                self._searches = self._searches or store.searches()
                with suppress(Overtaken), store.snapshot():
                    if self._searches.change == store.manifest().change:
                        return read(self._searches)
                self._searches = None

    @contextmanager
    def _open(self) -> Iterator[IndexStore]:
        """The store, for one thread at a time, or the one that has taken its place."""
        with self._lock:
            if self._store.is_replaced:
                store = open_store(self._store.place, self._vectors)
                self._store.close()
                self._store = store
            yield self._store

    @contextmanager
    def _change(self) -> Iterator[IndexStore]:
        with self._store.writing(), self._open() as store:
            yield store


class _Reembedded(Exception):
    """The index was made anew with another embedder."""


class _Recent:
    """The documents that were asked for last, proved and with what is known of their structure.

    To read a long one anew for each question would take longer than to find its passages.
    """

    def __init__(self, _: Library) -> None:
        self._documents: dict[str, Document] = {}
        self._characters = 0

    def documents(self, store: IndexStore, ids: Collection[str]) -> dict[str, Document]:
        """Those of these that are there, by id."""
        found = {id_: one for id_ in ids if (one := self._documents.pop(id_, None))}
        if missing := [id_ for id_ in ids if id_ not in found]:
            new = {one.document.id: one.document for one in store.documents(missing)}
            self._characters += sum(len(document.text) for document in new.values())
            found |= new
        self._documents |= found  # as the last
        while self._characters > _RECENT and len(self._documents) > 1:
            oldest = next(iter(self._documents))
            self._characters -= len(self._documents.pop(oldest).text)
        return found


def _proposed(
    current: Searches,
    embedder: Embedder,
    question: str,
    options: SearchOptions,
    among: Among | None,
) -> tuple[Vectors, dict[int, float], dict[int, float]]:
    """The question's vector and, by row, what either search proposes: cosines, shares of words.

    Where ``among`` is given, of these passages. The cosines are of all that is proposed, and as
    exact as the index holds them. Words are searched in a thread of their own while the question
    is embedded.
    """
    with ThreadPoolExecutor(1) as beside:
        by_words = beside.submit(
            current.lexical.search, question, options.proposed, among, options.pair_weight
        )
        vector = embedder.embed_question(question)
        near = dict(current.dense.search(vector, options.proposed, among))
        shares = dict(by_words.result())
    others = [row for row in shares if row not in near]
    near |= zip(others, current.dense.cosines(vector, others), strict=True)
    return vector, near, shares


def _rarity(lexical: Lexical, word: str | Id) -> float:
    return math.log(1 + (len(lexical) + 1) / (lexical.frequency(word) + 0.5))


def _rarities(lexical: Lexical, question: str) -> dict[str, float]:
    """The stems of a question's words and the keys of its figures, each with its rarity."""
    of_words = {word.stem: _rarity(lexical, word.text) for word in content_words(question)}
    return of_words | {one.key: _rarity(lexical, one) for one in figures(question)}


def _made_with(place: Place, manifest: Manifest, wanted: str) -> IndexMismatch:
    return IndexMismatch(
        f"the index in {place} was made with {manifest.embedder_name}, not {wanted}; "
        f"ask for {manifest.embedder}, or index again into another place"
    )


def _described(folder: Path) -> Described:
    """What an index of any version was made of."""
    if not (folder / FILE).is_file():
        return Described()
    try:
        store = Store(folder)
        try:
            return Described.of(store)
        finally:
            store.close()
    except FootnotedError:
        return Described()


@contextmanager
def _readable(folder: Path) -> Iterator[Store | None]:
    """The index in ``folder``; None where there is none that can be read."""
    try:
        store = Store.open(folder)
    except FootnotedError:
        yield None
        return
    try:
        yield store
    finally:
        store.close()


def _exchange(made: Path, folder: Path) -> None:
    """Put the index in ``made`` in the place of the one in ``folder``."""
    from footnoted.index import derived

    derived.move(made, folder)
    for beside in ("-wal", "-shm"):  # the old one's, which the new one must not be read with
        (folder / f"{FILE}{beside}").unlink(missing_ok=True)
    (made / FILE).replace(folder / FILE)


@contextmanager
def _emptied(folder: Path) -> Iterator[None]:
    """A folder for work that leaves nothing behind, whoever was killed in it before."""
    shutil.rmtree(folder, ignore_errors=True)
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)
