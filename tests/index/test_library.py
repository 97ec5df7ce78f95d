"""The index as a whole: what it keeps, what it does again, what it survives."""

from __future__ import annotations

import json
import logging
import multiprocessing
import os
import shutil
import signal
import sqlite3
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from footnoted.corpus.errors import DamagedIndex, IndexMismatch, NoIndex, UnusableInput
from footnoted.corpus.files import SHIPPED
from footnoted.index import dense, derived
from footnoted.index.library import Library
from footnoted.index.options import SearchOptions
from footnoted.index.store import FILE, Store
from footnoted.index.writer import writing
from support.embedder import HashedEmbedder

pytestmark = pytest.mark.usefixtures("hashed")


def found(library: Library, question: str) -> list[str]:
    return [hit.document.id for hit in library.search(question, 5)]


def test_search_finds_by_word_and_by_meaning(library: Library, folder: Path) -> None:
    library.update([folder])
    assert found(library, "Maren")[0] == "boats.txt"
    assert found(library, "How long does a loaf stay in the oven?")[0] == "sub/bread.md"
    for hit in library.search("boat", 5):
        assert hit.text == hit.document.text[hit.passage.start : hit.passage.end]
        assert -1 <= hit.similarity <= 1


def test_words_of_one_sentence_count_more_than_the_same_words_scattered(
    library: Library, tmp_path: Path
) -> None:
    texts = {
        "a.txt": "The mayor opened the bridge in June. The harbour was closed all winter.",
        "b.txt": "The mayor opened the harbour in June. The bridge was closed all winter.",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    library.update([tmp_path / name for name in texts])
    by_words = SearchOptions(weights=(0.0, 1.0))
    opened = library.retrieve("Who opened the harbour?", 2, options=by_words)
    closed = library.retrieve("Who closed the harbour?", 2, options=by_words)
    assert [hit.document.id for hit in opened.hits] == ["b.txt", "a.txt"]
    assert [hit.document.id for hit in closed.hits] == ["a.txt", "b.txt"]


def test_a_question_without_words_is_searched_by_meaning(library: Library, folder: Path) -> None:
    library.update([folder])
    assert library.search("?!", 5)


def test_an_unchanged_folder_embeds_nothing(library: Library, folder: Path) -> None:
    first = library.update([folder])
    again = library.update([folder])
    assert first.embedded == first.coverage.passages > 0
    assert again.embedded == 0 and again.generation == first.generation
    assert {file.change for file in again.files} == {"unchanged"}


def test_only_what_changed_is_embedded(library: Library, folder: Path) -> None:
    library.update([folder])
    (folder / "boats.txt").write_text("Aarhus has sold its boats.")
    (folder / "new.txt").write_text("A new lighthouse was built.")
    receipt = library.update([folder])
    changes = {Path(file.path).name: file.change for file in receipt.files}
    assert changes == {"boats.txt": "updated", "new.txt": "added", "bread.md": "unchanged"}
    assert receipt.embedded == 2
    assert found(library, "lighthouse")[0] == "new.txt"


def test_what_left_a_folder_leaves_the_index(library: Library, folder: Path) -> None:
    library.update([folder])
    (folder / "boats.txt").unlink()
    receipt = library.update([folder])
    assert [file.change for file in receipt.files] == ["unchanged", "removed"]
    assert [document.id for document in library.documents()] == ["sub/bread.md"]
    assert found(library, "Maren") == ["sub/bread.md"]


def test_the_last_document_may_leave_a_folder(library: Library, folder: Path) -> None:
    library.update([folder])
    shutil.rmtree(folder / "sub")
    (folder / "boats.txt").unlink()
    assert library.update([folder]).coverage.documents == 0
    assert library.search("boats", 5) == []


def test_other_sources_are_left_alone(library: Library, folder: Path) -> None:
    library.update([SHIPPED])
    assert library.update([folder]).coverage.documents == 4


def test_a_taken_id_is_refused(library: Library, folder: Path, tmp_path: Path) -> None:
    library.update([folder])
    other = tmp_path / "other"
    other.mkdir()
    (other / "boats.txt").write_text("Other boats.")
    (other / "more.txt").write_text("More.")
    receipt = library.update([other])
    assert "is taken by" in (receipt.files[0].failure or "")
    document = library.document("boats.txt")
    assert document is not None and "Maren" in document.text


def test_two_files_of_a_folder_with_one_id(library: Library, folder: Path) -> None:
    (folder / "corpus.jsonl").write_text('{"_id": "boats.txt", "text": "No boats."}')
    receipt = library.update([folder])
    changes = {Path(file.path).name: file.change for file in receipt.files}
    assert changes == {
        "boats.txt": "added",
        "corpus.jsonl": "failed",
        "bread.md": "added",
    }
    assert "its id 'boats.txt' is taken by" in (receipt.files[1].failure or "")


def test_nothing_readable_changes_nothing(library: Library, folder: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(UnusableInput, match="holds no files"):
        library.update([folder, empty])
    (empty / "sound.mp3").write_bytes(b"ID3")
    with pytest.raises(UnusableInput, match=r"holds no readable file: sound\.mp3 no reader"):
        library.update([empty])
    assert library.manifest.generation == 0


def test_remove(library: Library, folder: Path) -> None:
    library.update([folder])
    with pytest.raises(UnusableInput, match="no document 'nope'"):
        library.remove(["boats.txt", "nope"])
    assert library.coverage().documents == 2
    library.remove(["boats.txt"])
    assert found(library, "Maren") == ["sub/bread.md"]


def search_files(index: Path) -> Path:
    (generation,) = (index / "derived").iterdir()
    return generation


def test_nothing_remains_of_what_was_removed(library: Library, folder: Path) -> None:
    """Neither text nor words, passages nor vectors: nothing of it stands in any file."""
    library.update([folder])
    (folder / "hidden.txt").write_text("The smuggler Zebedee lives at Quillfeather. " * 200)
    library.update([folder])
    assert all(word in bytes_of(library.folder) for word in (b"Quillfeather", b"hidden.txt"))
    assert library.holders("Quillfeather", 99) == frozenset(["hidden.txt"])
    with sqlite3.connect(library.folder / FILE) as database:
        vectors = {row[0] for row in database.execute("SELECT vector FROM embeddings")}
    library.remove(["hidden.txt"])
    with sqlite3.connect(library.folder / FILE) as database:
        vectors -= {row[0] for row in database.execute("SELECT vector FROM embeddings")}
    held = bytes_of(library.folder)
    assert not any(word in held.lower() for word in (b"quillf", b"zebedee", b"hidden.txt"))
    assert library.holders("Quillfeather", 99) == frozenset()
    assert vectors and not any(vector in held for vector in vectors)


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def damage(index: Path, how: str) -> None:
    files = search_files(index)
    dense = files / "dense.faiss"
    if how == "missing":
        dense.unlink()
    elif how == "cut short":
        dense.write_bytes(dense.read_bytes()[:-20])
    elif how == "of another index":
        dense.write_bytes(dense.read_bytes().replace(b"\x00\x00\x80\x3f", b"\x00\x00\x00\x3f"))
        dense.write_bytes(dense.read_bytes()[::-1])
    elif how == "lexical cut short":
        for file in (files / "lexical" / "0").iterdir():
            file.write_bytes(file.read_bytes()[:10])
    elif how == "all gone":
        shutil.rmtree(index / "derived")
    elif how == "of a change that was not committed":
        stamp = files / "stamp.json"
        stamp.write_text(json.dumps(json.loads(stamp.read_text()) | {"change": "0" * 32}))
    elif how == "stamp of another kind":
        (files / "stamp.json").write_text("[]")


@pytest.mark.parametrize(
    "how",
    [
        "missing",
        "cut short",
        "of another index",
        "lexical cut short",
        "all gone",
        "of a change that was not committed",
        "stamp of another kind",
    ],
)
def test_damaged_search_files_are_rebuilt_and_it_is_said(
    how: str, folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    index = tmp_path / "index"
    library = Library.create(index)
    library.update([folder])
    before = [(hit.passage, hit.score) for hit in library.search("boats", 5)]
    library.close()
    damage(index, how)
    with caplog.at_level(logging.WARNING):
        library = Library.open(index)
        assert [(hit.passage, hit.score) for hit in library.search("boats", 5)] == before
    assert "rebuilt from the database, nothing embedded again" in caplog.text
    caplog.clear()
    Library.open(index).search("boats", 5)
    assert not caplog.text


@pytest.mark.parametrize("how", ["missing", "of another index", "lexical cut short", "all gone"])
def test_a_change_takes_nothing_over_from_damaged_search_files(
    how: str, library: Library, folder: Path, tmp_path: Path
) -> None:
    library.update([folder])
    damage(library.folder, how)
    (folder / "more.txt").write_text("The lighthouse of Skagen was lit in 1858.")
    library.update([folder])
    fresh = Library.create(tmp_path / "fresh")
    fresh.update([folder])
    for question in ("lighthouse", "boats"):
        assert scores(library, question) == pytest.approx(scores(fresh, question))


def scores(library: Library, question: str) -> dict[str, float]:
    return {hit.document.id: hit.score for hit in library.search(question, 9)}


def test_an_index_grows_into_clusters_and_back_before_a_reader_s_eyes(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reader is never told; it finds the same as where every vector is compared."""
    monkeypatch.setattr(dense, "_clusters_for", lambda size: 4 if size > 150 else 0)
    monkeypatch.setattr(dense, "_probes", lambda clusters: clusters)
    notes = tmp_path / "notes"
    notes.mkdir()
    reader: Library | None = None
    for numbers in (range(100), range(200), range(50, 260), range(20, 120)):
        for old in notes.iterdir():
            old.unlink()
        for number in numbers:
            (notes / f"{number}.txt").write_text(f"Boat {number} carries {number * 7} crates.")
        library.update([notes])
        reader = reader or Library.open(library.folder)
        clusters = 4 if len(numbers) > 150 else 0
        store = Store.open(library.folder)
        made = derived.load(store).dense
        assert isinstance(made, dense.DenseIndex)
        assert made._clusters == clusters and len(made) == len(numbers)
        question = f"How many crates does boat {numbers[-1]} carry?"
        assert reader.search(question, 1)[0].document.id == f"{numbers[-1]}.txt"
        asked = reader.embedder.embed_question(question)
        found = [row for row, _ in made.search(asked, 10)]
        rows = store.passage_rows()
        cosines = np.concatenate(list(store.vectors(rows))) @ asked[0]
        # Eight bits do not tell vectors apart that are all but equal.
        assert cosines[np.isin(rows, found)].min() >= np.sort(cosines)[-10] - 0.005


def test_an_unchanged_folder_is_indexed_though_the_search_files_are_gone(
    library: Library, folder: Path
) -> None:
    library.update([folder])
    shutil.rmtree(library.folder / "derived")
    assert library.update([folder]).embedded == 0


def test_an_index_of_another_model_names_both(library: Library, folder: Path) -> None:
    library.update([folder])
    index = library.folder
    with sqlite3.connect(index / FILE) as database:
        database.execute("UPDATE manifest SET value = 'other@123' WHERE name = 'embedder_name'")
    with pytest.raises(IndexMismatch, match=r"was made with other@123, not all-MiniLM-L6-v2@53aa"):
        Library.open(index)


def test_no_index(tmp_path: Path) -> None:
    with pytest.raises(NoIndex, match="footnoted index PATH makes one"):
        Library.open(tmp_path)


def test_what_is_not_an_index(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("these are not the bytes of a database, however long they are")
    with pytest.raises(
        DamagedIndex, match="not a database; footnoted index --rebuild makes it anew"
    ):
        Library.open(tmp_path)


def test_an_index_of_another_version(library: Library, folder: Path) -> None:
    library.update([folder])
    with sqlite3.connect(library.folder / FILE) as database:
        database.execute("UPDATE manifest SET value = '0' WHERE name = 'format'")
    with pytest.raises(UnusableInput, match="not an index of this version; footnoted index --reb"):
        Library.open(library.folder)
    rebuilt, receipt = Library.rebuild(library.folder)
    assert receipt.coverage.documents == len(rebuilt.documents()) == 2


def test_an_index_killed_at_its_birth_is_none_yet(tmp_path: Path, folder: Path) -> None:
    (tmp_path / FILE).touch()
    with pytest.raises(NoIndex, match="is empty"):
        Library.open(tmp_path)
    assert Library.open_or_create(tmp_path).update([folder]).coverage.documents == 2


def test_a_reader_notices_a_new_generation(library: Library, folder: Path) -> None:
    library.update([folder])
    reader = Library.open(library.folder)
    assert found(reader, "Maren")[0] == "boats.txt"
    (folder / "boats.txt").write_text("The boat Karen replaced her.")
    library.update([folder])
    assert "Karen" in reader.search("Which boat?", 1)[0].text


def test_readers_go_on_while_a_writer_writes(library: Library, folder: Path) -> None:
    library.update([folder])
    reader = Library.open(library.folder)
    stop, problems = threading.Event(), []

    def ask() -> None:
        while not stop.is_set():
            try:
                assert reader.search("boats and bread", 5)
            except Exception as error:
                problems.append(error)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(8):
        (folder / "boats.txt").write_text(f"Boat number {number} has come in.")
        library.update([folder])
    stop.set()
    for thread in threads:
        thread.join()
    assert not problems


def test_one_writer_at_a_time_and_the_next_one_waits(
    library: Library, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    other, done = Library.open(library.folder), threading.Event()

    def index() -> None:
        other.update([folder])
        done.set()

    with caplog.at_level(logging.WARNING, "footnoted"), writing(library.folder, patience=0):
        second = threading.Thread(target=index)
        second.start()
        while not caplog.records:
            assert second.is_alive()
            time.sleep(0.05)
        assert not done.is_set()
    second.join()
    assert done.is_set() and other.coverage().documents == 2
    (said,) = {record.getMessage() for record in caplog.records}
    assert f"another footnoted (process {os.getpid()} on " in said
    assert said.endswith(f"is writing to {library.folder}; waiting; Ctrl+C ends the wait")


def test_two_who_make_one_index_make_one(tmp_path: Path) -> None:
    made: list[Library] = []
    threads = [
        threading.Thread(target=lambda: made.append(Library.open_or_create(tmp_path / "index")))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({library.manifest.id for library in made}) == 1 and len(made) == 4


def _index_until_killed(index: Path, folder: Path) -> None:
    Library.open_or_create(index, HashedEmbedder()).update([folder])


@pytest.mark.crash
def test_a_kill_at_any_moment_loses_nothing(folder: Path, tmp_path: Path) -> None:
    """Kill an indexing process again and again: each time the index opens and is consistent."""
    index = tmp_path / "index"
    library = Library.create(index)
    library.update([folder])
    library.close()
    for number in range(300):
        (folder / f"{number}.txt").write_text(f"Report {number}. Boat {number} was seen at sea.")
    context = multiprocessing.get_context("spawn")
    for seconds in (0.0, 0.2, 0.4, 0.8, 1.6):
        process = context.Process(target=_index_until_killed, args=(index, folder))
        process.start()
        _wait_for_writer(index, process)
        time.sleep(seconds)
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        library = Library.open(index)
        assert library.coverage().documents in (2, 302)
        assert found(library, "Maren")[0] == "boats.txt"
        library.close()
    library = Library.open(index)
    assert library.update([folder]).coverage.documents == 302
    assert library.update([folder]).embedded == 0


def _wait_for_writer(index: Path, process: multiprocessing.process.BaseProcess) -> None:
    lock = index / "writer.lock"
    lock.unlink(missing_ok=True)
    while process.is_alive() and not lock.exists():
        time.sleep(0.02)


# -- what was asked for last ---------------------------------------------------------------------


def test_a_document_is_read_once_between_two_changes(library: Library, folder: Path) -> None:
    library.update([folder])
    before = library.document("boats.txt")
    (hit, *_) = library.search("Maren", 5)
    assert before is not None and hit.document is before
    (folder / "new.txt").write_text("Freja is a boat, too.")
    library.update([folder])
    after = library.document("boats.txt")
    assert after == before and after is not before
    assert library.document("nowhere.txt") is None


def test_those_asked_for_long_ago_make_room(
    library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.update([folder])
    boats, bread = library.document("boats.txt"), library.document("sub/bread.md")
    assert library.document("boats.txt") is boats and library.document("sub/bread.md") is bread
    monkeypatch.setattr("footnoted.index.library._RECENT", 10)
    assert library.document("boats.txt") is boats  # the last is kept, however long
    assert library.document("sub/bread.md") is not bread


def test_an_answer_of_before_a_change_is_not_given_after_it(library: Library, folder: Path) -> None:
    library.update([folder])
    library.search("Maren", 5)
    (folder / "boats.txt").write_text("Maren was sold in spring.")
    library.update([folder])
    (hit, *_) = library.search("Maren", 5)
    assert hit.document.text == "Maren was sold in spring."
