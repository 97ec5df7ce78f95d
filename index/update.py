"""Files into the index: only what changed is embedded, and one transaction makes it count."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.files import SourceFile, read
from footnoted.corpus.passages import PassageSplitter, split
from footnoted.corpus.types import Passage
from footnoted.index import derived
from footnoted.index.protocols import Embedder, Progress, silent
from footnoted.index.store import Entry, Store, StoredDocument, under_title
from footnoted.index.types import FileReceipt, Receipt

log = logging.getLogger(__name__)

# Kept at once, so that a kill loses at most this much work; large enough to batch by length.
_EMBED_AT_ONCE = 512


@dataclass(slots=True)
class _Plan:
    """What an update is going to do, before it does any of it."""

    known: dict[str, Entry]
    counts: dict[str, int]
    read: list[tuple[str, SourceFile]] = field(default_factory=list)
    changed: dict[str, StoredDocument] = field(default_factory=dict)
    seen: dict[str, Entry] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)


def update(store: Store, embedder: Embedder, paths: Sequence[Path], progress: Progress) -> Receipt:
    """Add, update and remove, so that the index holds what ``paths`` hold now.

    A document that left an indexed folder leaves the index. One whose file cannot be read any
    more stays as it was read last, and the failure is reported.

    Raises:
        UnusableInput: a path does not exist or holds nothing readable; nothing is changed.
    """
    plan = _Plan(store.entries(), store.passage_counts())
    sources = list(dict.fromkeys(str(path.resolve()) for path in paths))
    for source in sources:
        _read_source(plan, store, source, progress)
    size = store.manifest().passage_tokens
    passages = _split_all(list(plan.changed.values()), embedder, size, progress)
    embedded = _embed_new(store, embedder, plan.changed, passages, progress)
    files = tuple(_receipts(plan, {i: len(p) for i, p in passages.items()}))
    with _changing(store, progress, counts=bool(plan.changed or plan.gone)):
        _apply(store, plan, sources, passages)
    return Receipt(files, embedded, store.coverage(), store.generation())


def remove(store: Store, document_ids: Iterable[str]) -> None:
    """Take documents out of the index.

    Raises:
        UnusableInput: one of them is not in it; nothing is changed.
    """
    ids = list(document_ids)
    known = store.entries()
    for document_id in ids:
        if document_id not in known:
            raise UnusableInput(
                f"there is no document {document_id!r}; footnoted documents lists those there are"
            )
    with _changing(store, silent):
        for document_id in ids:
            store.remove(document_id)


@contextmanager
def _changing(store: Store, progress: Progress, counts: bool = True) -> Iterator[None]:
    """What is done inside happens as a whole, with its search files, or not at all.

    The files are there before readers can see the change, so they never wait. Nothing of it
    ``counts`` where no document has changed.
    """
    with store.transaction():
        before = store.manifest().change
        yield
        if counts:
            store.raise_generation()
            progress("writing the search files", 0, 1)
            derived.build(store, before)
            progress("writing the search files", 1, 1)
    if counts:
        derived.clean(store)
    store.settle()


def _read_source(plan: _Plan, store: Store, source: str, progress: Progress) -> None:
    """Read one path into the plan."""
    files = []
    for found in read(Path(source)):
        file = _without_taken_ids(plan, source, found)
        files.append(file)
        for document in file.documents:
            stored = StoredDocument(document, str(file.path), source)
            plan.seen[document.id] = stored.entry
            if plan.known.get(document.id) != stored.entry:
                plan.changed[document.id] = stored
        progress("reading", len(files), 0)
    progress("reading", len(files), len(files))
    if not any(file.documents for file in files) and source not in store.sources():
        raise UnusableInput(_nothing_readable(source, files))
    plan.read += [(source, file) for file in files]
    unread = {str(file.path) for file in files if file.failure}
    plan.gone += [
        document_id
        for document_id, entry in plan.known.items()
        if entry.source == source and document_id not in plan.seen and entry.path not in unread
    ]


def _nothing_readable(source: str, files: Sequence[SourceFile]) -> str:
    if not files:
        return f"{source} holds no files; name a folder with .txt or .md files, or a corpus.jsonl"
    first = files[0]
    if str(first.path) == source:
        return f"{source}: {first.failure}"
    more = f" (and {len(files) - 1} more)" if len(files) > 1 else ""
    return f"{source} holds no readable file: {first.path.name} {first.failure}{more}"


def _without_taken_ids(plan: _Plan, source: str, file: SourceFile) -> SourceFile:
    """Refuse a file whose document has the id of another file's document."""
    for document in file.documents:
        other = plan.seen.get(document.id) or plan.known.get(document.id)
        if other is None or other.path == str(file.path):
            continue
        if document.id not in plan.seen and other.source == source:
            continue  # the file was replaced by another kind of file that holds the same id
        return SourceFile(
            file.path,
            failure=f"its id {document.id!r} is taken by {other.path}; rename it, or index "
            "the folder above both",
        )
    return file


Passages = list[tuple[Passage, bytes]]
"""Each passage with the key of its embedding."""


def _split_all(
    changed: Sequence[StoredDocument], embedder: Embedder, max_tokens: int, progress: Progress
) -> dict[str, Passages]:
    splitter = PassageSplitter(embedder.count_tokens, max_tokens)
    found = {}
    for done, stored in enumerate(changed, 1):
        document = stored.document
        found[document.id] = [
            (passage, _key(embedder, under_title(document, passage)))
            for passage in split(document, splitter)
        ]
        progress("cutting into passages", done, len(changed))
    return found


def _key(embedder: Embedder, text: str) -> bytes:
    return hashlib.sha256(f"{embedder.name}\0{text}".encode()).digest()


def _embed_new(
    store: Store,
    embedder: Embedder,
    changed: Mapping[str, StoredDocument],
    passages: Mapping[str, Passages],
    progress: Progress,
) -> int:
    wanted = {key: passage for each in passages.values() for passage, key in each}
    known = store.known_embeddings(wanted)
    new = [(key, passage) for key, passage in wanted.items() if key not in known]
    for start in range(0, len(new), _EMBED_AT_ONCE):
        progress("embedding passages", start, len(new))
        batch = new[start : start + _EMBED_AT_ONCE]
        vectors = embedder.embed_passages(
            [under_title(changed[p.document].document, p) for _, p in batch]
        )
        store.keep_embeddings(dict(zip((key for key, _ in batch), vectors, strict=True)))
    if new:
        progress("embedding passages", len(new), len(new))
    return len(new)


def _apply(
    store: Store, plan: _Plan, sources: Iterable[str], passages: dict[str, Passages]
) -> None:
    for document_id in plan.gone:
        store.remove(document_id)
    for document_id, stored in plan.changed.items():
        store.put(stored, passages[document_id])
    for source in sources:
        failed = [(str(f.path), f.failure) for s, f in plan.read if s == source and f.failure]
        store.set_failures(source, failed)


def _receipts(plan: _Plan, new_counts: dict[str, int]) -> Iterable[FileReceipt]:
    counts = plan.counts | new_counts
    for _, file in plan.read:
        ids = [document.id for document in file.documents]
        if file.failure:
            change = "failed"
        elif not any(i in plan.changed for i in ids):
            change = "unchanged"
        else:
            change = "updated" if any(i in plan.known for i in ids) else "added"
        yield FileReceipt(
            path=str(file.path),
            documents=len(ids),
            characters=sum(len(document.text) for document in file.documents),
            pages=None,
            passages=sum(counts.get(i, 0) for i in ids),
            change=change,
            warnings=file.warnings,
            failure=file.failure,
        )
    for path in dict.fromkeys(plan.known[i].path for i in plan.gone):
        yield FileReceipt(path, 0, 0, None, 0, "removed")
