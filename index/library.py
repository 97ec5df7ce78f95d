"""The index as the stages after it see it: documents, and a search for passages."""

from __future__ import annotations

import logging
import math
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.files import SHIPPED
from footnoted.corpus.types import Document, Listed, Passage
from footnoted.corpus.words import content_words
from footnoted.index import derived
from footnoted.index.database import explained
from footnoted.index.derived import Derived
from footnoted.index.embedding import DEFAULT_EMBEDDER, embedder_name, load_embedder
from footnoted.index.fusion import convex
from footnoted.index.lexical import LexicalIndex
from footnoted.index.protocols import Embedder, Progress, Vectors, silent
from footnoted.index.rerank import share_of_words
from footnoted.index.store import FILE, Store
from footnoted.index.types import (
    Coverage,
    Damaged,
    Hit,
    IndexMismatch,
    Manifest,
    NoIndex,
    Receipt,
    Retrieved,
)
from footnoted.index.update import remove as remove_documents
from footnoted.index.update import update as update_documents
from footnoted.index.writer import writing

log = logging.getLogger(__name__)

# Half of what the embedder reads. Measured at 128, 200 and 230, the fused ranking puts the right
# paragraph of SQuAD 2.0 first in 0.82, 0.79 and 0.77 of the questions; SciFact's nDCG@10 is 0.716
# at 128 and 0.713 at 200. The rest leaves room for the document's title.
PASSAGE_TOKENS = 128

# How many passages each of the two searches proposes; on SQuAD 2.0, 30 and 100 give the same hit@1
# and hit@5 to 0.001.
_CANDIDATES = 50

# Of the cosine and of the share of the words. Of SQuAD 2.0's 2,910 answered questions, the right
# paragraph is first for 0.882, 0.881, 0.880 and 0.874 at a cosine's weight of 0.55, 0.59, 0.6 and
# 0.65; SciFact's nDCG@10 is 0.719, 0.723, 0.723 and 0.727.
WEIGHTS = 0.59, 0.41

_Made = TypeVar("_Made")


class Library:
    """One index folder, open. Any number of readers, one writer; safe to share between threads.

    The embedder is loaded when it is first needed: listing documents needs none.
    """

    def __init__(self, store: Store, embedder: Embedder | None = None) -> None:
        self._store = store
        self._lock = threading.RLock()
        # A lock of its own: documents can be listed while a model takes seconds to load.
        self._loading = threading.Lock()
        self._embedder = embedder
        self._derived: Derived | None = None
        self._kept: dict[Callable[[Library], Any], tuple[str, Any]] = {}

    @classmethod
    def open(cls, folder: Path, embedder: Embedder | str | None = None) -> Library:
        """Open an index; ``embedder``, if given, must be the one it was made with.

        Raises:
            NoIndex: there is none in ``folder``.
            IndexMismatch: the index was made with another model; names both.
            UnusableInput: the index cannot be read.
        """
        store = Store.open(folder)
        manifest = store.manifest()
        given = None if isinstance(embedder, str) else embedder
        wanted = given.name if given else embedder_name(str(embedder or manifest.embedder))
        if wanted != manifest.embedder_name:
            store.close()
            raise IndexMismatch(
                f"the index in {folder} was made with {manifest.embedder_name}, not {wanted}; "
                f"ask for {manifest.embedder}, or index again into another folder"
            )
        return cls(store, given)

    @classmethod
    def create(cls, folder: Path, embedder: Embedder | str = DEFAULT_EMBEDDER) -> Library:
        """Make an empty index in ``folder``, which is made if need be."""
        loaded = load_embedder(embedder) if isinstance(embedder, str) else embedder
        store = Store.create(
            folder,
            embedder=embedder if isinstance(embedder, str) else embedder.name,
            embedder_name=loaded.name,
            dimension=loaded.dimension,
            passage_tokens=min(PASSAGE_TOKENS, loaded.max_tokens),
        )
        return cls(store, loaded)

    @classmethod
    def open_or_create(cls, folder: Path, embedder: Embedder | str | None = None) -> Library:
        """Open the index in ``folder``, or make an empty one."""
        try:
            return cls.open(folder, embedder)
        except NoIndex:
            return cls.create(folder, embedder or DEFAULT_EMBEDDER)

    @classmethod
    def open_or_sample(cls, folder: Path, progress: Progress = silent) -> Library:
        """Open the index in ``folder``; one never filled is filled with the shipped documents."""
        library = cls.open_or_create(folder)
        if library.manifest.generation == 0:
            log.warning("no index in %s yet; making one of the shipped documents", folder)
            library.update([SHIPPED], progress)
        return library

    @classmethod
    def rebuild(
        cls,
        folder: Path,
        paths: Sequence[Path] = (),
        embedder: Embedder | str | None = None,
        progress: Progress = silent,
    ) -> tuple[Library, Receipt]:
        """Make the index in ``folder`` anew from its documents, embedding all of them again.

        ``paths`` are what was indexed, if it cannot be read off the index any more. What was there
        stays until the new index is whole; other processes then go over to it.

        Raises:
            UnusableInput: nobody says what was indexed, or it is not there; nothing is changed.
        """
        sources, made_with = _described(folder)
        if not (paths or sources):
            raise UnusableInput(
                f"the index in {folder} does not tell any more what was indexed; "
                "name it: footnoted index --rebuild PATH"
            )
        workshop = folder / "rebuilding"
        with explained(folder):
            folder.mkdir(parents=True, exist_ok=True)
            with writing(folder), _emptied(workshop):
                made = cls.create(workshop, embedder or made_with or DEFAULT_EMBEDDER)
                try:
                    receipt = made.update([*paths] or sources, progress)
                finally:
                    made.close()
                _exchange(workshop, folder)
        return cls.open(folder, made._embedder), receipt

    def close(self) -> None:
        self._store.close()

    @property
    def folder(self) -> Path:
        return self._store.folder

    @property
    def embedder(self) -> Embedder:
        name = self.manifest.embedder
        with self._loading:
            if self._embedder is None:
                self._embedder = load_embedder(name)
            return self._embedder

    @property
    def manifest(self) -> Manifest:
        with self._open() as store:
            return store.manifest()

    def coverage(self) -> Coverage:
        with self._open() as store:
            return store.coverage()

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

    def document(self, document_id: str) -> Document | None:
        with self._open() as store:
            stored = store.document(document_id)
            return stored.document if stored else None

    def retrieve(
        self, question: str, limit: int, weights: tuple[float, float] = WEIGHTS
    ) -> Retrieved:
        """The best passages for a question, best first, all of one generation.

        Passages near in meaning and passages that share words are fused by the sum of their cosine
        and the share of the question's words that they hold, by their ``weights``. The likeliest
        are looked at once more, where the words of their best sentence count as well.
        """
        of_meaning, of_words = weights
        embedder = self.embedder  # which may take seconds to load, before anything is locked
        with self._current() as current:
            vector, near, shares = _proposed(current, embedder, question)
            # What is shown is ranked by exact cosines and by its sentences. They lie all over a
            # large database, so they are read of those alone that may be shown.
            likely = [row for row, _ in convex([(of_meaning, near), (of_words, shares)])]
            held = self._held(likely[: 2 * limit])
            cosines = self._cosines(vector, list(held))
            wanted = _rarities(current.lexical, question)
            words = {
                row: share_of_words(shares.get(row, 0.0), wanted, document, passage)
                for row, (passage, document) in held.items()
            }
            best = convex([(of_meaning, cosines), (of_words, words)])[:limit]
            # Counting takes longer than searching where there is much to count.
            coverage, manifest = self.kept(Library.coverage), self._store.manifest()
        hits = (Hit(*held[row], score, cosines[row]) for row, score in best)
        return Retrieved(tuple(hits), coverage, manifest)

    def search(self, question: str, limit: int) -> list[Hit]:
        """The hits of ``retrieve``."""
        return list(self.retrieve(question, limit).hits)

    def rarity(self, word: str) -> float:
        """How much a word tells, from the passages that hold it: log(1 + (N + 1) / (n + 0.5)).

        N passages are indexed and n of them hold the word; one that stands nowhere tells most.
        """
        with self._current() as current:
            return _rarity(current.lexical, word)

    def candidates(self, text: str, limit: int) -> list[tuple[Document, Passage]]:
        """The passages that share words with ``text``, best first; loads no model."""
        with self._current() as current:
            held = self._held([row for row, _ in current.lexical.search(text, limit)])
        return [(document, passage) for passage, document in held.values()]

    def holders(self, word: str, most: int) -> frozenset[str] | None:
        """The ids of the documents that hold ``word`` in any of its forms.

        None where more than ``most`` passages do, or where what is given is not one word.
        """
        with self._current() as current:
            if current.lexical.frequency(word) > most:
                return None
            rows = current.lexical.holders(word)
            if rows is None:
                return None
            return frozenset(p.document for p in self._store.passages(rows).values())

    def _cosines(self, vector: Vectors, rows: Sequence[int]) -> dict[int, float]:
        """The cosine of ``vector``, shape (1, dimension), with the passage in each of ``rows``."""
        batches = self._store.vectors(np.array(rows, np.int64))
        found = (float(cosine) for batch in batches for cosine in batch @ vector[0])
        return dict(zip(rows, found, strict=True))

    def _held(self, rows: Sequence[int]) -> dict[int, tuple[Passage, Document]]:
        """The passages in these rows, in this order, each with its document."""
        passages = self._store.passages(rows)
        ids = {passage.document for passage in passages.values()}
        documents = {id_: stored for id_ in ids if (stored := self._store.document(id_))}
        if len(passages) < len(rows) or len(documents) < len(ids):
            raise Damaged.of(self.folder, "passages are gone from it")
        return {row: (passages[row], documents[passages[row].document].document) for row in rows}

    def kept(self, make: Callable[[Library], _Made]) -> _Made:
        """What ``make`` makes of this library; it is made again only when the index has changed."""
        with self._open() as store:
            change = store.manifest().change
            if self._kept.get(make, (None,))[0] != change:
                self._kept[make] = (change, make(self))
            made: _Made = self._kept[make][1]
            return made

    def update(self, paths: Sequence[Path], progress: Progress = silent) -> Receipt:
        """Make the index hold what ``paths`` hold now; see ``index.update``."""
        with self._change() as store:
            return update_documents(store, self.embedder, paths, progress)

    def remove(self, document_ids: Sequence[str]) -> None:
        """Take documents out of the index; an unknown id changes nothing and raises."""
        with self._change() as store:
            remove_documents(store, document_ids)

    @contextmanager
    def _current(self) -> Iterator[Derived]:
        """The search files of the newest generation, and a view of the store at the same one."""
        with self._open() as store:
            while True:
                if self._derived is None or self._derived.change != store.manifest().change:
                    self._derived = derived.load(store)
                with store.snapshot():
                    if self._derived.change == store.manifest().change:
                        yield self._derived
                        return

    @contextmanager
    def _open(self) -> Iterator[Store]:
        """The store, for one thread at a time, or the one that has taken its place."""
        with self._lock:
            if self._store.is_replaced:
                store = Store.open(self._store.folder)
                self._store.close()
                self._store, self._embedder = store, None
            yield self._store

    @contextmanager
    def _change(self) -> Iterator[Store]:
        with explained(self.folder), writing(self.folder), self._open() as store:
            yield store


def _proposed(
    current: Derived, embedder: Embedder, question: str
) -> tuple[Vectors, dict[int, float], dict[int, float]]:
    """The question's vector and, by row, what either search proposes: cosines, shares of words.

    The cosines are of all rows and as exact as the index holds them. Words are searched in a thread
    of their own while the question is embedded.
    """
    with ThreadPoolExecutor(1) as beside:
        by_words = beside.submit(current.lexical.search, question, _CANDIDATES)
        vector = embedder.embed_question(question)
        near = dict(current.dense.search(vector, _CANDIDATES))
        shares = dict(by_words.result())
    others = [row for row in shares if row not in near]
    near |= zip(others, current.dense.cosines(vector, others), strict=True)
    return vector, near, shares


def _rarity(lexical: LexicalIndex, word: str) -> float:
    return math.log(1 + (len(lexical) + 1) / (lexical.frequency(word) + 0.5))


def _rarities(lexical: LexicalIndex, question: str) -> dict[str, float]:
    """The stems of a question's words, each with its rarity."""
    return {word.stem: _rarity(lexical, word.text) for word in content_words(question)}


def _described(folder: Path) -> tuple[list[Path], str | None]:
    """What an index of any version was made from, and with which model, if it can be read."""
    if not (folder / FILE).is_file():
        return [], None
    try:
        store = Store(folder)
        try:
            return [Path(source) for source in store.sources()], store.manifest().embedder
        finally:
            store.close()
    except UnusableInput:
        return [], None


def _exchange(made: Path, folder: Path) -> None:
    """Put the index in ``made`` in the place of the one in ``folder``."""
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
