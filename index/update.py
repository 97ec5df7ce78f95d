"""Files into the index: only what changed is embedded, and one transaction makes it count."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from footnoted.corpus.errors import FootnotedError, UnusableInput
from footnoted.corpus.files import CHANGED, SourceFile
from footnoted.corpus.rendering import searched
from footnoted.corpus.types import Document, Span
from footnoted.index.nearness import note_nearness, sketch
from footnoted.index.protocols import IndexStore, Progress, silent
from footnoted.index.sources import Memory, Reading, inside, is_gone, read_sources
from footnoted.index.types import Entry, FileReceipt, Place, Receipt, StoredDocument, StoredFile
from footnoted.index.work import Passages, Texts, Workers


def update(
    store: IndexStore,
    workers: Workers,
    paths: Sequence[Path],
    progress: Progress,
    *,
    stand_in: bool = False,
    remembered: Collection[str] = (),
    password: str | None = None,
    earlier: IndexStore | None = None,
    anew: bool = False,
    without: Collection[str] = (),
) -> Receipt:
    """Add, update and remove, so that the index holds what ``paths`` hold now.

    A document leaves the index with its file, and when its file holds something that cannot be
    used any more, as an empty one does. While its file, or a folder above it, cannot be opened, as
    without its password, it stays as it was read last. A folder that is gone takes its documents
    with it when it is named; otherwise they stay, and that is said. Of files with the same bytes,
    the first holds the document of all, and when it goes the next takes its place.

    ``workers`` read, split and embed.

    ``stand_in``: these documents stand in until others are named, which then take their place.
    ``earlier`` is the index that this one is made anew of, if it can be read, ``remembered`` what
    was named to it. ``password`` is tried on files that have one.

    ``anew``: nothing counts as known, so that all is read, cut and embedded again; what cannot be
    read here, from the texts that the index has of it. ``without`` are sources that it goes on
    without.

    Raises:
        UnusableInput: a path never was there, or is new and holds nothing readable, or of an index
            that is made ``anew`` nothing would be left; nothing is changed.
    """
    known = {*store.sources(), *remembered}
    named = list(dict.fromkeys(str(path.resolve()) for path in paths))
    memory = Memory(store, anew=anew)
    found = read_sources(named, known, progress, memory, password, workers.read)
    plan = _planned(store, found, known, memory, stand_in, earlier, without, anew)
    if anew:
        _keep_unread(plan, store)
    passages = _split_all(store, workers, list(plan.changed.values()), progress)
    embedded = _embed_new(store, workers, plan.changed, passages, progress, anew)
    files = list(_receipts(plan, store, {i: len(p) for i, p in passages.items()}))
    changes = bool(plan.changed or plan.gone)
    near: dict[str, str | None] = {}
    with _changing(store, progress, counts=changes):
        _apply(store, plan, passages, files)
        stays = [*named, store.stand_in()][0]  # what is not on this machine goes on to stand in
        store.set_stand_in(stays if stand_in else None)
        if changes:
            changed = [f.receipt.path for f in files if f.receipt.change != "unchanged"]
            near = note_nearness(store, changed)
    told = (file.receipt for file in files)
    receipts = (replace(one, near=near.get(one.path, one.near)) for one in told)
    return Receipt(
        tuple(receipts), embedded, store.coverage(), store.generation(), tuple(plan.notes)
    )


def remove(store: IndexStore, document_ids: Iterable[str]) -> None:
    """Take documents out of the index.

    Raises:
        UnusableInput: one of them is not in it; nothing is changed.
    """
    ids = list(document_ids)
    known = store.entries(ids=ids)
    for document_id in ids:
        if document_id not in known:
            raise UnusableInput(
                f"there is no document {document_id!r}; footnoted documents lists those there are"
            )
    with _changing(store, silent):
        for document_id in ids:
            store.remove(document_id)
        paths = {known[document_id].path for document_id in ids}
        for path in paths - store.held(list(paths)).keys():
            store.forget_file(path)
        note_nearness(store, paths)
        store.set_stand_in(None)  # who chooses among documents wants the others


@contextmanager
def _changing(store: IndexStore, progress: Progress, counts: bool = True) -> Iterator[None]:
    """What is done inside happens as a whole, with its searches, or not at all.

    They are there before readers can see the change, who never wait. Nothing of it ``counts``
    where no document has changed.
    """
    with store.transaction():
        before = store.manifest().change
        yield
        if counts:
            store.raise_generation()
            progress("writing the search files", 0, 1)
            store.make_searches(before)
            progress("writing the search files", 1, 1)
    store.settle()


# -- what is to be done ----------------------------------------------------------------------------


@dataclass(slots=True)
class _Plan:
    """What an update is going to do, before it does any of it."""

    found: Reading
    memory: Memory
    known: dict[str, Entry]
    """What is stored of the documents that it may concern, by their ids."""
    about: set[str]
    """The sources whose documents leave unless they were read again."""
    unopened: set[str]
    is_shared: bool
    """Whether what is not here may be on another machine."""
    read: list[tuple[str, SourceFile]] = field(default_factory=list)
    taken: dict[str, SourceFile] = field(default_factory=dict)
    """The same by path."""
    changed: dict[str, StoredDocument] = field(default_factory=dict)
    seen: dict[str, Entry] = field(default_factory=dict)
    gone: dict[str, Entry] = field(default_factory=dict)
    taken_over: dict[str, StoredDocument] = field(default_factory=dict)
    """Those of the changed that cannot be read now, as an index has them."""
    over: list[str] = field(default_factory=list)
    """What is no source any more: all of its documents have left."""
    notes: list[str] = field(default_factory=list)

    def keeps(self, path: str) -> bool:
        """Whether nobody can know what is at ``path`` now, so that what was read of it stays."""
        if not self.unopened:
            return False
        return not self.unopened.isdisjoint([path, *map(str, Path(path).parents)])

    def leaves(self, document_id: str, entry: Entry) -> bool:
        """Whether a known document makes room, also for another with its id."""
        if (document_id, entry.path) in self.found.offered or self.keeps(entry.path):
            return False
        return entry.source in self.about or (not self.is_shared and is_gone(entry.path))


def _planned(
    store: IndexStore,
    found: Reading,
    known: Collection[str],
    memory: Memory,
    stays: bool,
    earlier: IndexStore | None,
    without: Collection[str],
    anew: bool,
) -> _Plan:
    """``stays``: what stands in until others are named goes on to do so."""
    stand_in = None if stays else memory.stand_in
    about = {*found.files, *found.within, *found.gone, *without}
    if stand_in in about:
        stand_in = None  # named itself, it is wanted
    files = [file for each in found.files.values() for file in each]
    about |= {stand_in} if stand_in else set()
    memory.ask(about)
    plan = _Plan(
        found,
        memory,
        store.entries() if anew else _entries(store, found, about),
        about=about,
        unopened={str(file.path) for file in files if file.unopened},
        is_shared=store.is_shared,
    )
    if earlier and plan.unopened:
        _take_over(plan, earlier)
    for source, each in found.files.items():
        taken = [_take(plan, source, file) for file in each]
        if source not in known and not any(file.ids or file.same_as for file in taken):
            raise UnusableInput(_nothing_readable(source, taken))
    left = {i: entry for i, entry in plan.known.items() if i not in plan.seen}
    for document_id, entry in left.items():
        if entry.source in plan.about and not plan.keeps(entry.path):
            plan.gone[document_id] = entry
    _settle_sources(plan, store, known, stand_in)
    return plan


def _entries(store: IndexStore, found: Reading, about: Collection[str]) -> dict[str, Entry]:
    """What is stored of the documents of these sources, and of those with the ids of others."""
    known = store.entries(sources=about)
    return known | store.entries(ids={one for one, _ in found.offered} - known.keys())


def _take(plan: _Plan, source: str, found: SourceFile) -> SourceFile:
    """Put a file into the plan, refused if its ids are taken; what was put there."""
    file = _without_taken_ids(plan, _without_failed_first(plan, found))
    plan.read.append((source, file))
    plan.taken[str(file.path)] = file
    for document_id in file.kept:
        plan.seen[document_id] = plan.known[document_id]
    for document in file.documents:
        stored = StoredDocument(document, str(file.path), source)
        plan.seen[document.id] = stored.entry
        if plan.known.get(document.id) != stored.entry:
            plan.changed[document.id] = stored
    return file


def _take_over(plan: _Plan, earlier: IndexStore) -> None:
    """Put documents into the plan that cannot be read now, as another index holds them."""
    try:
        entries = earlier.entries()
        stored = [earlier.document(one) for one, e in entries.items() if plan.keeps(e.path)]
    except FootnotedError:  # it is damaged, which may be why this one is made
        return
    source_of = {
        str(file.path): source for source, each in plan.found.files.items() for file in each
    }
    for one in filter(None, stored):
        above = (one.path, *map(str, Path(one.path).parents))
        source = next(source_of[path] for path in above if path in plan.unopened)
        plan.taken_over[one.document.id] = StoredDocument(one.document, one.path, source)
    plan.changed |= plan.taken_over
    plan.seen |= {one: stored.entry for one, stored in plan.taken_over.items()}


def _keep_unread(plan: _Plan, store: IndexStore) -> None:
    """Of an index that is made anew, everything counts as changed: what was read as it is now, and
    what was not as the index has it."""
    plan.changed = {
        document.id: StoredDocument(document, str(file.path), source)
        for source, file in plan.read
        for document in file.documents
    }
    unread = plan.known.keys() - plan.seen.keys() - plan.gone.keys()
    plan.taken_over = {one.document.id: one for one in store.documents(unread)}
    plan.changed |= plan.taken_over
    if not plan.changed:
        raise nothing_left(store.place)


def nothing_left(place: Place) -> UnusableInput:
    return UnusableInput(
        f"nothing of what was indexed can be read any more, so {place} stays as it is; "
        "name what it is to hold: footnoted index --rebuild PATH"
    )


def _without_failed_first(plan: _Plan, file: SourceFile) -> SourceFile:
    """Refuse a file that is the same as one of which there is no document after all."""
    first = plan.taken.get(file.same_as or "")
    if first and first.failure:
        return replace(file, same_as=None, failure=f"is the same as {first.path}: {first.failure}")
    if first and first.stamp.sha256 != file.stamp.sha256:
        failure = f"was the same as {first.path}, which {CHANGED}"
        return replace(file, same_as=None, failure=failure)
    return file


def _nothing_readable(source: str, files: Sequence[SourceFile]) -> str:
    if not files:
        return f"{source} holds no files; name a folder with .txt or .md files, or a corpus.jsonl"
    first = files[0]
    if str(first.path) == source:
        return f"{source}: {first.failure}"
    more = f" (and {len(files) - 1} more)" if len(files) > 1 else ""
    return f"{source} holds no readable file: {first.path.name} {first.failure}{more}"


def _without_taken_ids(plan: _Plan, file: SourceFile) -> SourceFile:
    """Refuse a file whose document has the id of another file's document."""
    for document in file.documents:
        known = plan.known.get(document.id)
        if known and known.path != str(file.path) and plan.leaves(document.id, known):
            known = None
        seen = plan.seen.get(document.id)
        other = seen or known
        if other and (seen or other.path != str(file.path)):
            reason = (
                f"its id {document.id!r} is taken by {other.path}; rename it, or index "
                "the folder above both"
            )
            return SourceFile(file.path, failure=reason, stamp=file.stamp)
    return file


def _settle_sources(
    plan: _Plan, store: IndexStore, known: Collection[str], stand_in: str | None
) -> None:
    """Which sources are over, and what is to be said of them."""
    kept = plan.known.keys() - plan.seen.keys() - plan.gone.keys()
    holding = {plan.known[document_id].source for document_id in kept}
    for inner, outer in plan.found.within.items():
        plan.notes.append(f"{inner} is part of {outer}: its files are indexed once, as that one's")
    for source in plan.found.gone:
        plan.notes.append(f"{source} is not there any more; nothing of it is indexed now")
    if stand_in:
        plan.notes.append(
            "the sample documents made way for yours; "
            f"to have both: footnoted index {shlex.quote(stand_in)}"
        )
    others = set() if plan.is_shared else set(known) - plan.about
    lost = sorted(source for source in others if is_gone(source))
    entries = store.entries(sources=lost)
    holding |= {entries[document_id].source for document_id in entries.keys() - plan.seen.keys()}
    for source in lost:
        if source in holding:
            plan.notes.append(
                f"{source} is not there any more, but what was read of it still answers; "
                f"to take it out: footnoted index {shlex.quote(source)}"
            )
    ended = (plan.about - plan.found.files.keys()) | set(lost)
    plan.over = sorted(ended - holding)


def _split_all(
    store: IndexStore, workers: Workers, changed: Sequence[StoredDocument], progress: Progress
) -> dict[str, Passages]:
    documents, found = [stored.document for stored in changed], dict[str, Passages]()
    for passages in workers.split(documents, store.manifest()):
        found[documents[len(found)].id] = passages
        progress("cutting into passages", len(found), len(documents))
    return found


def _embed_new(
    store: IndexStore,
    workers: Workers,
    changed: Mapping[str, StoredDocument],
    passages: Mapping[str, Passages],
    progress: Progress,
    anew: bool,
) -> int:
    wanted = {key: passage for each in passages.values() for passage, key in each}
    known = set() if anew else store.known_embeddings(wanted)
    new = [(key, passage) for key, passage in wanted.items() if key not in known]

    def batches() -> Iterator[Texts]:
        for start in range(0, len(new), workers.at_once):
            some = new[start : start + workers.at_once]
            yield {
                key: searched(changed[p.document].document, Span(p.start, p.end)) for key, p in some
            }

    done = 0
    if new:
        progress("embedding passages", done, len(new))
    for number in workers.embed(batches(), store):
        done += number
        progress("embedding passages", done, len(new))
    return done


# -- doing it --------------------------------------------------------------------------------------


def _apply(
    store: IndexStore, plan: _Plan, passages: dict[str, Passages], files: Sequence[StoredFile]
) -> None:
    for document_id in plan.gone:
        store.remove(document_id)
    for document_id, stored in plan.changed.items():
        split = passages[document_id]
        store.put(stored, split, sketch(stored.document, (passage for passage, _ in split)))
    read = {(file.source, file.receipt.path): file for file in files if file.source}
    known = plan.memory.files
    store.put_files(file for at, file in read.items() if known.get(at) != file)
    for source in plan.about:
        store.remember(source)
        store.remove_files(
            source, [path for of, path in known.keys() - read.keys() if of == source]
        )
    for source in plan.over:
        store.forget(source)


def _receipts(plan: _Plan, store: IndexStore, new: Mapping[str, int]) -> Iterable[StoredFile]:
    """What came of each file; those that are no more are of no source.

    ``new``: the number of passages of each document that changes.
    """
    as_before = [d.id for _, file in plan.read for d in file.documents if d.id not in new]
    counts = {**store.passage_counts(as_before), **new}
    held = {entry.path for entry in plan.known.values()}
    held |= {stored.path for stored in plan.taken_over.values()}
    replaced = (i for i in plan.changed if i in plan.known and i not in plan.taken_over)
    left = dict.fromkeys(plan.known[document_id].path for document_id in (*plan.gone, *replaced))
    for source, file in plan.read:
        path, before = str(file.path), plan.memory.files.get((source, str(file.path)))
        if file.kept and before:
            receipt = replace(before.receipt, change="unchanged")
        else:
            change = _change(plan, file, before, held=path in held, left=path in left)
            receipt = FileReceipt(
                path=path,
                documents=len(file.documents),
                characters=sum(len(document.text) for document in file.documents),
                pages=_pages(file.documents),
                passages=sum(counts.get(document.id, 0) for document in file.documents),
                change=change,
                warnings=file.warnings + _kept(file, held),
                failure=file.failure,
                sha256=file.stamp.sha256,
                size=file.stamp.size,
                reader=file.reader,
                seconds=round(file.seconds, 3),
                languages=tuple(sorted({d.language for d in file.documents if d.language})),
                same_as=file.same_as,
                near=before.receipt.near if before else None,
                lost=file.lost,
            )
        yield StoredFile(source, receipt, file.told)
        left.pop(path, None)
    for path in left:
        yield StoredFile("", FileReceipt(path, 0, 0, None, 0, "removed"))


def _pages(documents: Sequence[Document]) -> int | None:
    """How many pages there are, where there are any."""
    return sum(max((page.number for page in d.pages), default=0) for d in documents) or None


def _change(
    plan: _Plan, file: SourceFile, before: StoredFile | None, *, held: bool, left: bool
) -> str:
    """What became of a file of which something was ``held``, and may have ``left``.

    ``before`` is what came of it last.
    """
    if file.same_as:
        if not before:
            return "added"
        return "unchanged" if before.receipt.same_as == file.same_as else "updated"
    if not file.documents:
        return "removed" if left else "failed" if file.failure else "unchanged"
    if not any(document.id in plan.changed for document in file.documents):
        return "unchanged"
    return "updated" if held else "added"


def _kept(file: SourceFile, held: Collection[str]) -> tuple[str, ...]:
    path = str(file.path)
    if file.unopened and any(one == path or inside(one, path) for one in held):
        return ("what was read of it before stays indexed",)
    return ()
