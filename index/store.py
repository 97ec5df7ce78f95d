"""SQLite, the only truth: documents, passages, embeddings, and what came of each file.

Everything else in an index's folder is derived from here. A change is one transaction that ends
by raising the generation, so a reader sees the whole of it or nothing, and a kill at any moment
leaves the generation before. Embeddings are kept as soon as they are made: an interrupted run
does not make them twice.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from footnoted.corpus.errors import DamagedIndex, NoIndex, UnusableInput
from footnoted.corpus.rendering import searched
from footnoted.corpus.types import Annotations, Document, Listed, Page, Passage, Span
from footnoted.index.database import Database, explained
from footnoted.index.nearness import sharing
from footnoted.index.protocols import Keep, Rows, Searches, Vectors, VectorSearch
from footnoted.index.sources import check_name
from footnoted.index.types import (
    Coverage,
    Entry,
    FileField,
    FileReceipt,
    Manifest,
    Origin,
    Sketched,
    Stamp,
    StoredDocument,
    StoredFile,
    origins_by_place,
)
from footnoted.index.writer import writing

FORMAT = 4
FILE = "index.sqlite"

_SCHEMA = """
CREATE TABLE manifest (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE sources (path TEXT PRIMARY KEY);
CREATE TABLE documents (
    id TEXT PRIMARY KEY, source TEXT NOT NULL, path TEXT NOT NULL, title TEXT NOT NULL,
    publisher TEXT, date TEXT, author TEXT, language TEXT, reader TEXT NOT NULL,
    characters INTEGER NOT NULL, sha256 TEXT NOT NULL, text TEXT NOT NULL,
    pages TEXT NOT NULL, annotations BLOB NOT NULL, sketch BLOB NOT NULL
);
CREATE TABLE passages (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    document TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, sentences TEXT NOT NULL,
    embedding INTEGER NOT NULL REFERENCES embeddings (row)
);
CREATE INDEX passages_by_document ON passages (document);
CREATE INDEX passages_by_embedding ON passages (embedding);
CREATE TABLE embeddings (row INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, vector BLOB NOT NULL);
CREATE TABLE files (
    source TEXT NOT NULL, path TEXT NOT NULL, receipt TEXT NOT NULL, told TEXT NOT NULL,
    unreadable INTEGER NOT NULL, PRIMARY KEY (source, path)
);
"""

# Beside the schema, for indexes that were made before there were these.
_FOUND_BY = [
    f"CREATE INDEX IF NOT EXISTS files_by_{field} ON files (json_extract(receipt, '$.{field}'))"
    for field in ("sha256", "same_as", "near")
]

_Value = TypeVar("_Value")


class Store:
    """The database of one index. It may be used from several threads, one at a time."""

    def __init__(self, folder: Path, vectors: type[VectorSearch] | None = None) -> None:
        """``vectors``: what its passages are searched with by their meaning, if not the usual."""
        self.folder = folder
        self._vectors = vectors
        self._database = Database(folder / FILE)

    @classmethod
    def open(cls, folder: Path, vectors: type[VectorSearch] | None = None) -> Store:
        """Open the index in ``folder``, to read only where it cannot be written.

        Raises:
            NoIndex: there is none.
            DamagedIndex: it cannot be read any more.
            UnusableInput: what is there is not an index of this version.
        """
        check_name(folder)
        path = folder / FILE
        if not path.is_file():
            raise NoIndex.of(folder)
        store = cls(folder, vectors)
        tables = store._database.tables()
        if not tables:
            # Whoever made it was killed before anything stood in it.
            store.close()
            raise NoIndex(f"the index in {folder} is empty; footnoted index PATH fills it")
        if "manifest" not in tables:
            store.close()
            raise UnusableInput(
                f"{path} is not an index; "
                "footnoted index --rebuild PATH makes one of the documents in PATH"
            )
        if store._value("format") != str(FORMAT):
            store.close()
            raise UnusableInput(
                f"{path} is not an index of this version; "
                "footnoted index --rebuild makes it anew from its documents"
            )
        return store

    @classmethod
    def create(
        cls,
        folder: Path,
        vectors: type[VectorSearch] | None = None,
        *,
        embedder: str,
        embedder_name: str,
        dimension: int,
        passage_tokens: int,
    ) -> Store:
        """Make an empty index in ``folder``, generation 0."""
        check_name(folder)
        make_folder(folder)
        manifest = {
            "format": FORMAT,
            "id": uuid.uuid4().hex,
            "generation": 0,
            "embedder": embedder,
            "embedder_name": embedder_name,
            "dimension": dimension,
            "passage_tokens": passage_tokens,
        }
        # One script in one transaction: a kill leaves either no index or an empty one.
        rows = ",".join(f"('{name}', ?)" for name in manifest)
        store = cls(folder, vectors)
        with store.transaction():
            for statement in _SCHEMA.strip().split(";\n"):
                store._database.do(statement)
            store._database.do(
                f"INSERT INTO manifest VALUES {rows}", [str(v) for v in manifest.values()]
            )
        return store

    def close(self) -> None:
        self._database.close()

    @property
    def place(self) -> Path:
        return self.folder

    @property
    def is_shared(self) -> bool:
        return False

    @property
    def is_replaced(self) -> bool:
        """Whether another index has taken this one's place since it was opened."""
        return self._database.is_replaced

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the only writer, once any other is done; who is the writer already goes on."""
        with explained(self.folder), writing(self.folder):
            for statement in _FOUND_BY:
                self._database.do(statement)
            yield

    # -- the searches ----------------------------------------------------------------------

    def searches(self) -> Searches:
        """The search files of its generation, made anew first where they are missing or damaged."""
        from footnoted.index import derived  # whoever searches nothing loads no search library

        return derived.load(self, self._vectors)

    def make_searches(self, before: str) -> None:
        """Write the search files of a change, inside it: readers never wait for them.

        What can be taken over from those of the change ``before`` is not made again.
        """
        from footnoted.index import derived

        derived.build(self, self._vectors, before)

    # -- reading ---------------------------------------------------------------------------

    def snapshot(self) -> AbstractContextManager[None]:
        """Reads inside it see one generation, whatever a writer does meanwhile."""
        return self._database.snapshot()

    def manifest(self) -> Manifest:
        rows = dict(self._database.rows("SELECT name, value FROM manifest"))
        with self._decoding("its manifest"):
            return Manifest(
                id=rows["id"],
                generation=int(rows["generation"]),
                change=rows.get("change", ""),
                embedder=rows["embedder"],
                embedder_name=rows["embedder_name"],
                dimension=int(rows["dimension"]),
                passage_tokens=int(rows["passage_tokens"]),
            )

    def generation(self) -> int:
        return self.manifest().generation

    def coverage(self, documents: Iterable[str] | None = None) -> Coverage:
        """How much there is of all documents, or of those with these ids."""
        if documents is None:
            tables = "documents", "passages", "files WHERE unreadable"
            return Coverage(*(self._count(f"SELECT count(*) FROM {table}") for table in tables))
        counted = (
            f"SELECT count(*) FROM documents WHERE id {_AMONG}",
            f"SELECT count(*) FROM passages WHERE document {_AMONG}",
            "SELECT count(DISTINCT f.rowid) FROM documents d JOIN files f"
            f" ON f.source = d.source AND f.path = d.path WHERE f.unreadable AND d.id {_AMONG}",
        )
        ids = _listed(documents)
        return Coverage(*(self._count(select, [ids]) for select in counted))

    def _count(self, select: str, values: Sequence[Any] = ()) -> int:
        return int(self._database.row(select, values)[0])

    def unreadable(self) -> int:
        """How many files were not read, or not as a whole."""
        return self._count("SELECT count(*) FROM files WHERE unreadable")

    def languages(self, documents: Iterable[str] | None = None) -> dict[str, int]:
        """The number of documents in each language, as far as it is known: of all, or of these."""
        among = "" if documents is None else f" AND id {_AMONG}"
        return dict(
            self._database.rows(
                f"SELECT language, count(*) FROM documents WHERE language IS NOT NULL{among}"
                " GROUP BY language ORDER BY count(*) DESC, language",
                [] if documents is None else [_listed(documents)],
            )
        )

    def files(self, *, unreadable: bool = False, most: int = -1) -> list[StoredFile]:
        """Every file that was read, or could not be, in the order of the paths.

        ``unreadable``: those alone that were not read, or not as a whole. ``most``: the first of
        them; all, where it is negative.
        """
        rows = self._database.rows(
            "SELECT source, told, receipt, unreadable FROM files"
            f"{' WHERE unreadable' if unreadable else ''} ORDER BY path LIMIT ?",
            [most],
        )
        return self._files(rows)

    def files_by(self, field: FileField, values: Collection[str]) -> list[StoredFile]:
        """The files of which a field has one of these values, in the order of the paths."""
        column = field if field in ("source", "path") else f"json_extract(receipt, '$.{field}')"
        rows = self._database.rows(
            f"SELECT source, told, receipt, unreadable FROM files WHERE {column} {_AMONG}"
            " ORDER BY path",
            [_listed(values)],
        )
        return self._files(rows)

    def _files(self, rows: Iterable[tuple[Any, ...]]) -> list[StoredFile]:
        with self._decoding("what was said of its files"):
            return [StoredFile(source, _receipt(*of), told) for source, told, *of in rows]

    def origin(self, document_id: str) -> Origin | None:
        """Where a document comes from; None where nothing is known of its file."""
        row = self._database.row(
            "SELECT f.receipt, f.unreadable FROM documents d"
            " JOIN files f ON f.source = d.source AND f.path = d.path WHERE d.id = ?",
            [document_id],
        )
        if row is None:
            return None
        with self._decoding("what was said of its files"):
            file = _receipt(*row)
        copies, after = (
            [path for (path,) in self._database.rows(_LIKE_IT.format(how), [file.path])]
            for how in ("same_as", "near")
        )
        return Origin.of(file, copies, after)

    def origins(self) -> dict[str, Origin]:
        """The same of all documents, by id."""
        origin_of = origins_by_place(self.files())
        rows = self._database.rows("SELECT id, source, path FROM documents")
        return {id_: origin_of[at] for id_, *place in rows if (at := tuple(place)) in origin_of}

    def held(self, paths: Sequence[str]) -> dict[str, str]:
        """The document of each of these files, or the first of several, by path."""
        return dict(
            self._database.rows(
                f"SELECT path, min(id) FROM documents WHERE path {_AMONG} GROUP BY path",
                [_listed(paths)],
            )
        )

    def stamps(self) -> dict[str, Stamp]:
        """When each file that holds documents is from, by path."""
        # A document that was read again stands in a new row, after all others.
        rows = self._database.rows(
            "SELECT path, max(date), max(rowid) FROM documents GROUP BY path"
        )
        return {path: Stamp(date, number) for path, date, number in rows}

    def sketches_of(self, paths: Collection[str]) -> list[Sketched]:
        """What tells of the documents of these files whether others are nearly the same."""
        rows = self._database.rows(
            f"SELECT id, path, sketch FROM documents WHERE path {_AMONG}", [_listed(paths)]
        )
        return [Sketched(*row) for row in rows]

    def sketches_sharing(self, marks: Collection[int]) -> list[Sketched]:
        """The same of all documents that share one of these ``marks`` with few others."""
        if not marks:
            return []
        rows = self._database.rows("SELECT id, path, sketch FROM documents")
        return sharing((Sketched(*row) for row in rows), marks)

    def documents(self, ids: Iterable[str] | None = None) -> list[StoredDocument]:
        """Every document, or those of these that are there, in the order of the ids."""
        among = "" if ids is None else f" WHERE id {_AMONG}"
        rows = self._database.rows(
            f"SELECT {_STORED} FROM documents{among} ORDER BY id",
            [] if ids is None else [_listed(ids)],
        )
        return [self._stored(row) for row in rows]

    def listing(self) -> list[Listed]:
        """Every document without its text, in the order of the ids."""
        rows = self._database.rows(
            "SELECT id, title, publisher, date, characters, sha256, author, language,"
            " (SELECT max(json_extract(value, '$[2]')) FROM json_each(pages)), reader"
            " FROM documents ORDER BY id"
        )
        return [Listed(*row) for row in rows]

    def document(self, document_id: str) -> StoredDocument | None:
        row = self._database.row(f"SELECT {_STORED} FROM documents WHERE id = ?", [document_id])
        return self._stored(row) if row else None

    def document_and_file(self, document_id: str) -> tuple[Document, str] | None:
        """The document with this id, and the hash of the bytes of the file it was read from."""
        stored = self.document(document_id)
        if stored is None:
            return None
        row = self._database.row(
            "SELECT json_extract(receipt, '$.sha256') FROM files WHERE source = ? AND path = ?",
            [stored.source, stored.path],
        )
        return stored.document, row[0] if row else ""

    @contextmanager
    def _decoding(self, what: str) -> Iterator[None]:
        """What stands in the database has the form in which it was written, or is damaged."""
        try:
            yield
        except (ValueError, TypeError, KeyError) as error:
            raise DamagedIndex.of(self.folder, f"{what} cannot be read ({error!r})") from None

    def _stored(self, row: tuple[Any, ...]) -> StoredDocument:
        """A document, proved to be what was stored: a disk may change a letter unnoticed."""
        document_id, text, path, source, sha256, pages, annotations, *about = row
        title, publisher, date, author, language, reader = about
        with self._decoding(f"the structure of {document_id}"):
            document = Document(
                document_id,
                text,
                title,
                publisher,
                date,
                author,
                language,
                reader,
                tuple(Page(*page) for page in json.loads(pages)),
                Annotations.decoded(annotations),
            )
        if document.sha256 != sha256:
            raise DamagedIndex.of(self.folder, f"the text of {document_id} has changed in it")
        return StoredDocument(document, path, source)

    def entries(
        self, *, ids: Collection[str] | None = None, sources: Collection[str] | None = None
    ) -> dict[str, Entry]:
        """All that is stored of each document but its text, by id; or of those with these ids, or
        of these sources."""
        wanted = {"id": ids, "source": sources}
        given = {column: _listed(values) for column, values in wanted.items() if values is not None}
        among = " AND ".join(["TRUE", *(f"{column} {_AMONG}" for column in given)])
        rows = self._database.rows(
            f"SELECT id, sha256, {_ABOUT}, path, source FROM documents WHERE {among}",
            list(given.values()),
        )
        return {document_id: Entry(*rest) for document_id, *rest in rows}

    def passage_counts(self, ids: Collection[str] | None = None) -> dict[str, int]:
        """The number of passages of each document that has any, by id; or of each of these."""
        among = "" if ids is None else f" WHERE document {_AMONG}"
        rows = self._database.rows(
            f"SELECT document, count(*) FROM passages{among} GROUP BY document",
            [] if ids is None else [_listed(ids)],
        )
        return dict(rows)

    def sources(self) -> list[str]:
        return [row[0] for row in self._database.rows("SELECT path FROM sources")]

    def stand_in(self) -> str | None:
        """The source that stands in until another is named, if there is one."""
        return self._value("stand_in")

    def passages(self, rows: Sequence[int]) -> dict[int, Passage]:
        """The passages in these rows; rows that do not exist are left out."""
        found = self._database.rows(
            'SELECT row, document, start, "end", sentences FROM passages'
            f" WHERE row IN ({_marks(rows)})",
            list(rows),
        )
        with self._decoding("a passage"):
            return {
                row: Passage(
                    document, start, end, tuple(Span(a, b) for a, b in json.loads(sentences))
                )
                for row, document, start, end, sentences in found
            }

    def passage_rows(self) -> Rows:
        """The rows of all passages, rising."""
        rows = self._database.rows("SELECT row FROM passages ORDER BY row")
        return np.fromiter((row for (row,) in rows), np.int64)

    def among(self, documents: Collection[str]) -> Rows:
        """The rows of these documents' passages, rising; an id that is not there has none."""
        rows = self._database.rows(
            f"SELECT row FROM passages WHERE document {_AMONG} ORDER BY row",
            [_listed(documents)],
        )
        return np.fromiter((row for (row,) in rows), np.int64)

    def passage_texts(self, rows: Rows) -> Iterator[str]:
        """The texts of passages, each under its document's title, in the order of ``rows``."""
        at: StoredDocument | None = None
        for some in _portions(rows.tolist()):
            found = self._database.rows(
                f'SELECT row, document, start, "end" FROM passages WHERE row IN ({_marks(some)})',
                some,
            )
            places = {row: (document, Span(start, end)) for row, document, start, end in found}
            for row in some:
                document_id, span = places[row]
                if at is None or at.document.id != document_id:
                    at = self.document(document_id)
                    if at is None:
                        raise DamagedIndex.of(self.folder, f"{document_id} has no text")
                yield searched(at.document, span)

    def vectors(self, rows: Rows) -> Iterator[Vectors]:
        """The vectors of passages, in the order of ``rows``; batches of shape (some, dimension)."""
        dimension = self.manifest().dimension
        for some in _portions(rows.tolist()):
            found = dict(
                self._database.rows(
                    "SELECT p.row, e.vector FROM passages p JOIN embeddings e"
                    f" ON e.row = p.embedding WHERE p.row IN ({_marks(some)})",
                    some,
                )
            )
            with self._decoding("a vector"):
                whole = b"".join(found[row] for row in some)
                yield np.frombuffer(whole, dtype=np.float32).reshape(len(some), dimension)

    def cosines(self, vector: Vectors, rows: Sequence[int]) -> list[float]:
        """The cosines of ``vector``, shape (1, dimension), with the passages' in ``rows``."""
        batches = self.vectors(np.array(rows, np.int64))
        return [float(cosine) for batch in batches for cosine in batch @ vector[0]]

    def known_embeddings(self, keys: Iterable[bytes]) -> set[bytes]:
        """Which of these embeddings are stored."""
        return {
            found
            for some in _portions(list(keys))
            for (found,) in self._database.rows(
                f"SELECT key FROM embeddings WHERE key IN ({_marks(some)})", some
            )
        }

    # -- writing ---------------------------------------------------------------------------

    def keep_embeddings(self, vectors: Mapping[bytes, Vectors]) -> None:
        """Store embeddings at once, ahead of the change that will use them."""
        with self.transaction():
            self._database.do_each(
                "INSERT OR IGNORE INTO embeddings (key, vector) VALUES (?, ?)",
                [
                    (key, np.ascontiguousarray(v, np.float32).tobytes())
                    for key, v in vectors.items()
                ],
            )

    def keeper(self) -> Keep | None:
        """A folder is written by one process."""
        return None

    def transaction(self) -> AbstractContextManager[None]:
        """Everything inside happens, or nothing does."""
        return self._database.transaction()

    def settle(self) -> None:
        """Leave nothing of what was removed, also not in search files and the log of changes."""
        from footnoted.index import derived

        derived.clean(self)
        self._database.settle()

    def put(
        self,
        stored: StoredDocument,
        passages: Sequence[tuple[Passage, bytes]],
        sketch: bytes,
    ) -> None:
        """Add or replace a document with its passages and the keys of their embeddings."""
        document = stored.document
        self.remove(document.id)
        d = document
        values = [
            *(d.id, d.text, stored.path, stored.source, d.sha256),
            *(json.dumps(d.pages), Annotations.of(d.annotations).encoded()),
            *(d.title, d.publisher, d.date, d.author, d.language, d.reader, len(d.text)),
            sketch,
        ]
        self._database.do(
            f"INSERT INTO documents ({_STORED}, characters, sketch) VALUES ({_marks(values)})",
            values,
        )
        self._database.do_each(
            'INSERT INTO passages (document, start, "end", sentences, embedding)'
            " VALUES (?, ?, ?, ?, (SELECT row FROM embeddings WHERE key = ?))",
            [(p.document, p.start, p.end, json.dumps(p.sentences), key) for p, key in passages],
        )

    def remove(self, document_id: str) -> None:
        self._database.do("DELETE FROM documents WHERE id = ?", [document_id])

    def remember(self, source: str) -> None:
        """A folder or file was named, and is a source from now on."""
        self._database.do("INSERT OR IGNORE INTO sources VALUES (?)", [source])

    def remove_files(self, source: str, paths: Collection[str]) -> None:
        """Nothing came of these files of ``source`` any more."""
        self._database.do(
            f"DELETE FROM files WHERE source = ? AND path {_AMONG}", [source, _listed(paths)]
        )

    def put_files(self, files: Iterable[StoredFile]) -> None:
        """Add or replace what came of these files."""
        self._database.do_each(
            "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?)",
            [
                (
                    file.source,
                    file.receipt.path,
                    json.dumps(asdict(file.receipt)),
                    file.told,
                    file.receipt.is_unreadable,
                )
                for file in files
            ],
        )

    def forget_file(self, path: str) -> None:
        """Nothing is known of a file any more, nor of those that are the same."""
        self._database.do(
            "DELETE FROM files WHERE path = ? OR json_extract(receipt, '$.same_as') = ?",
            [path, path],
        )

    def forget(self, source: str) -> None:
        """A source is none any more."""
        for table, column in (("sources", "path"), ("files", "source")):
            self._database.do(f"DELETE FROM {table} WHERE {column} = ?", [source])

    def set_stand_in(self, source: str | None) -> None:
        """Mark the source that stands in until another is named; or none."""
        self._database.do("DELETE FROM manifest WHERE name = 'stand_in'")
        if source is not None:
            self._database.do("INSERT INTO manifest VALUES ('stand_in', ?)", [source])

    def raise_generation(self) -> None:
        """End a change: drop embeddings that no passage uses, and let readers notice."""
        self._database.do(
            "DELETE FROM embeddings WHERE row IN (SELECT e.row FROM embeddings e"
            " LEFT JOIN passages p ON p.embedding = e.row WHERE p.row IS NULL)"
        )
        self._database.do(
            "UPDATE manifest SET value = CAST(value AS INTEGER) + 1 WHERE name = 'generation'"
        )
        self._database.do(
            "INSERT OR REPLACE INTO manifest VALUES ('change', ?)", [uuid.uuid4().hex]
        )

    def _value(self, name: str) -> str | None:
        row = self._database.row("SELECT value FROM manifest WHERE name = ?", [name])
        return row[0] if row else None


_LIKE_IT = "SELECT path FROM files WHERE json_extract(receipt, '$.{}') = ? ORDER BY path"
_ABOUT = "title, publisher, date, author, language, reader"
_AMONG = "IN (SELECT value FROM json_each(?))"

_STORED = f"id, text, path, source, sha256, pages, annotations, {_ABOUT}"


def make_folder(folder: Path) -> None:
    """Make the folder of an index, if need be.

    Raises:
        UnusableInput: it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnusableInput(f"cannot make an index in {folder}: {error.strerror}") from None


def _receipt(stored: str, unreadable: int) -> FileReceipt:
    fields = json.loads(stored)
    if "lost" not in fields:
        # Written before warnings told whether something was lost: then, any of these may.
        fields["lost"] = fields["warnings"] if unreadable and not fields["failure"] else ()
    several = {name: tuple(fields[name]) for name in ("warnings", "languages", "lost")}
    return FileReceipt(**(fields | several))


def _listed(values: Iterable[str]) -> str:
    """Values as ``_AMONG`` takes them."""
    return json.dumps(list(values))


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))


def _portions(values: Sequence[_Value]) -> Iterator[Sequence[_Value]]:
    """So many at a time that SQLite takes them in one query."""
    for start in range(0, len(values), 1000):
        yield values[start : start + 1000]
