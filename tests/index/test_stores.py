"""What every store must do: the same documents, the same finds and the same changes in each."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from footnoted.corpus.errors import FootnotedError, NoIndex, UnusableInput
from footnoted.corpus.files import SHIPPED, SHIPPED_QUESTIONS
from footnoted.corpus.files import read as read_files
from footnoted.index import work
from footnoted.index.library import Library
from footnoted.index.nearness import MOST_HOLDERS
from footnoted.index.options import SearchOptions
from footnoted.index.protocols import Embedder
from footnoted.index.qdrant import lease, points, search
from footnoted.index.qdrant.address import Address
from footnoted.index.types import Coverage, FileReceipt, Filter, Hit, Origin, Place
from footnoted.qa.evaluation import questions as sets
from footnoted.qa.types import Citation
from footnoted.qa.verify.verification import verify_citation
from support.embedder import HashedEmbedder
from support.processes import ended, in_one_thread, opened, started
from support.qdrant_rest import serving_qdrant
from support.small_files import small_files

QUESTIONS = (
    "Who is the harbour master?",
    "Which boat was seen at sea with rye bread?",
    "Is ERR-4042 shown on the display?",
    "oldest boat Maren",
    "the of and",
    "baked for three hours",
    "What does Boat 7 carry?",
    "?!",
    "boat boat boat",
    "Ærø ferry",
)


def place_of(kind: str, folder: Path) -> Place:
    return Address.parse(f"qdrant:{folder}") if kind == "qdrant" else folder


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """What speaks as a server of Qdrant's does, in a process of its own."""
    with serving_qdrant(tmp_path_factory.mktemp("qdrant")) as address:
        yield address


@pytest.fixture(params=["folder", "qdrant", "server"])
def place(request: pytest.FixtureRequest, tmp_path: Path, hashed: Embedder) -> Place:
    """Where an index of the test's own is kept, in each store; embedded by hashing."""
    if request.param == "server":
        return Address.parse(f"{request.getfixturevalue('served')}/{uuid4().hex}")
    return place_of(request.param, tmp_path / "store")


@pytest.fixture
def filled(place: Place, folder: Path) -> Iterator[Library]:
    library = Library.create(place)
    library.update([folder])
    yield library
    library.close()


@pytest.fixture(params=["qdrant", "server"])
def there(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """A place in Qdrant."""
    if request.param == "server":
        return Address.parse(f"{request.getfixturevalue('served')}/{uuid4().hex}")
    return place_of("qdrant", tmp_path / "there")


@pytest.fixture
def both(tmp_path: Path, there: Place, hashed: Embedder) -> Iterator[tuple[Library, Library]]:
    """The same of many small texts, in a folder and in Qdrant, after the same changes."""
    texts = tmp_path / "texts"
    texts.mkdir()
    write_texts(texts)
    libraries = [Library.create(place) for place in (tmp_path / "here", there)]
    for library in libraries:
        library.update([texts])
    (texts / "3.txt").write_text("Boat 3 was sold.")
    (texts / "5.txt").unlink()
    (texts / "copy.txt").write_text((texts / "7.txt").read_text())
    for library in libraries:
        library.update([texts])
    yield libraries[0], libraries[1]
    for library in libraries:
        library.close()


def write_texts(texts: Path) -> None:
    chance = random.Random(4)
    for number in range(40):
        said = [
            f"Boat {number} was seen at sea with {chance.randrange(50)} crates of rye bread.",
            f"The {chance.choice(['harbour', 'harbor', 'ferry'])} master is called Maren.",
            f"The display shows ERR-{4040 + number % 4} when pump {chance.choice('abc')} stops.",
            f"It came from Ærø on {1 + chance.randrange(28)} May 2021.",
        ]
        (texts / f"{number}.txt").write_text("\n\n".join(said[: 1 + chance.randrange(4)]))


Found = list[tuple[float, str, int, int]]


def found(hits: Sequence[Hit]) -> Found:
    """What was found, in its order but for hits whose scores are the same."""
    told = [(hit.score, hit.document.id, hit.passage.start, hit.passage.end) for hit in hits]
    return sorted(told, key=lambda one: (-round(one[0], 6), *one[1:]))


def assert_same(one: Sequence[Hit], other: Sequence[Hit]) -> None:
    a, b = found(one), found(other)
    assert [each[1:] for each in a] == [each[1:] for each in b]
    assert [each[0] for each in a] == pytest.approx([each[0] for each in b], abs=1e-6)
    assert [hit.score for hit in other] == sorted((hit.score for hit in other), reverse=True)


# -- each store by itself --------------------------------------------------------------------------


def test_a_store_holds_what_was_put_in_it(filled: Library, folder: Path) -> None:
    documents = {document.id: document for document in filled.documents()}
    assert documents.keys() == {"boats.txt", "sub/bread.md"}
    assert documents["boats.txt"].text == (folder / "boats.txt").read_text()
    bread = documents["sub/bread.md"]
    assert bread.title == "Rye bread" and [one.kind for one in bread.annotations] == [
        "heading",
        "paragraph",
    ]
    assert filled.document("boats.txt") == documents["boats.txt"]
    assert filled.document("nowhere.txt") is None
    assert [one.id for one in filled.listing()] == ["boats.txt", "sub/bread.md"]
    assert [one.sha256 for one in filled.listing()] == [d.sha256 for d in documents.values()]
    assert filled.coverage() == Coverage(2, sum(f.passages for f in filled.files()), 0)
    assert filled.coverage(Filter(frozenset(["boats.txt", "not there"]))).documents == 1
    assert filled.sources() == [folder.resolve()]
    origin = filled.origin("boats.txt")
    assert origin and origin == filled.origins()["boats.txt"]
    assert origin.file.path == str(folder / "boats.txt") and origin.file.change == "added"
    assert filled.held([origin.file.path, "not there"]) == {origin.file.path: "boats.txt"}
    assert filled.manifest.generation == 1 and not filled.stands_in


def test_a_change_is_told_and_embeds_what_is_new_alone(filled: Library, folder: Path) -> None:
    assert filled.update([folder]).embedded == 0
    assert filled.manifest.generation == 1
    (folder / "boats.txt").write_text("The newest boat is called Freja.")
    (folder / "sub" / "bread.md").unlink()
    (folder / "empty.txt").write_text("")
    receipt = filled.update([folder])
    assert {Path(file.path).name: file.change for file in receipt.files} == {
        "boats.txt": "updated",
        "bread.md": "removed",
        "empty.txt": "failed",
    }
    assert (receipt.embedded, receipt.generation) == (1, 2)
    assert filled.coverage() == Coverage(1, 1, 1)
    assert [Path(file.path).name for file in filled.files(unreadable=True)] == ["empty.txt"]
    assert "Freja" in filled.search("Which boat is the newest?", 3)[0].text
    assert filled.search("rye bread", 5)[0].document.id == "boats.txt"


def test_what_is_removed_is_nowhere(filled: Library) -> None:
    filled.remove(["sub/bread.md"])
    assert [one.id for one in filled.listing()] == ["boats.txt"]
    assert {hit.document.id for hit in filled.search("rye bread", 9)} == {"boats.txt"}
    assert filled.holders("rye", 9) == frozenset()
    assert [Path(file.path).name for file in filled.files()] == ["boats.txt"]
    with pytest.raises(UnusableInput, match=r"there is no document 'sub/bread\.md'"):
        filled.remove(["boats.txt", "sub/bread.md"])
    assert filled.coverage().documents == 1


def test_an_index_is_found_again(place: Place, folder: Path, hashed: Embedder) -> None:
    with pytest.raises(NoIndex, match=r"footnoted index PATH .*makes one"):
        Library.open(place)
    with Library.open_or_create(place).writing():
        pass
    library = Library.open_or_create(place)
    library.update([folder])
    manifest, hits = library.manifest, library.search("rye bread", 5)
    library.close()
    again = Library.open_or_create(place)
    assert again.manifest == manifest
    assert again.search("rye bread", 5) == hits
    other = again.beside(place)
    again.close()
    again.close()
    assert other.search("rye bread", 5) == hits
    other.close()


def test_a_document_in_pieces_comes_back_whole(
    place: Place, tmp_path: Path, hashed: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is sent at once: of a long text, and of what is known of its structure."""
    monkeypatch.setattr(points, "_PIECE", 1000)
    text = "# Log\n\n" + "".join(f"## Day {n}\n\nÆ€𝄞 rye\n\n" for n in range(150))
    (tmp_path / "log.md").write_text(text)
    library = Library.create(place)
    library.update([tmp_path / "log.md"])
    [document] = library.documents()
    assert document.text == text and len(document.annotations) > 150
    library.close()


def test_a_saved_answer_is_verified_from_the_store(filled: Library) -> None:
    hit = filled.search("Which boat is the oldest?", 1)[0]
    citation = Citation.of(1, hit.document, hit.passage.sentences[0])
    assert verify_citation("citation 1", citation, filled.document("boats.txt")) is None
    filled.remove(["boats.txt"])
    assert "missing source" in str(verify_citation("", citation, filled.document("boats.txt")))


def test_embedders_are_never_mixed(filled: Library) -> None:
    class Other(HashedEmbedder):
        def __init__(self) -> None:
            self.name = "another"

    with pytest.raises(FootnotedError, match=r"was made with .*, not another"):
        Library.open(filled.place, Other())


def test_readers_beside_a_writer_see_one_change_or_the_next(
    filled: Library, folder: Path, hashed: Embedder
) -> None:
    """Every read is of one generation: all that it found was there together."""
    reader, done, failures = filled.beside(filled.place), threading.Event(), list[Any]()
    for number in range(6):
        (folder / f"{number}.txt").write_text(f"Round 0. Boat {number} is at sea.")
    filled.update([folder])

    def read() -> None:
        while not done.is_set():
            try:
                hits = reader.search("Which boat is at sea?", 20)
                rounds = {hit.text.split(".")[0] for hit in hits if hit.text.startswith("Round")}
                if len(rounds) != 1 or len(hits) != len(set(found(hits))):
                    failures.append(rounds)
            except Exception as error:
                failures.append(error)

    reading = threading.Thread(target=read)
    reading.start()
    for round_ in range(1, 6):
        for number in range(6):
            (folder / f"{number}.txt").write_text(f"Round {round_}. Boat {number} is at sea.")
        filled.update([folder])
    done.set()
    reading.join()
    assert failures == []
    assert "Round 5" in reader.search("Which boat is at sea?", 20)[0].text
    reader.close()


def test_of_two_writers_one_waits(
    filled: Library, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    other, written = filled.beside(filled.place), threading.Event()

    def write() -> None:
        other.remove(["boats.txt"])
        written.set()

    with filled.writing():
        writing = threading.Thread(target=write)
        writing.start()
        assert not written.wait(2)
        assert [one.id for one in filled.listing()] == ["boats.txt", "sub/bread.md"]
    writing.join()
    assert [one.id for one in filled.listing()] == ["sub/bread.md"]
    [line] = [one.getMessage() for one in caplog.records if "is writing to" in one.getMessage()]
    assert "another footnoted (process" in line and "; waiting; Ctrl+C ends the wait" in line
    other.close()


# -- killed in the middle --------------------------------------------------------------------------


def _kill_again_and_again(store: Place, texts: Path) -> None:
    work.Here.at_once = 2
    lease.LEASE_SECONDS, lease._BEAT_SECONDS = 2.0, 0.3
    chance, embedder = random.Random(11), HashedEmbedder()
    texts.mkdir()
    Library.create(store).close()

    def index() -> int:
        with opened(store, embedder) as library:
            return library.update([texts]).embedded

    held: dict[str, str] = {}
    seconds, cut = 0.4, 0
    for number in range(24):
        for _ in range(3):
            name = f"{chance.randrange(9)}.txt"
            (texts / name).write_text(f"Boat {chance.randrange(10**6)} carries rye bread.")
        if number % 4 == 3 and len(list(texts.iterdir())) > 3:
            next(texts.iterdir()).unlink()
        wanted = {path.name: path.read_text() for path in texts.iterdir()}
        began, process = time.monotonic(), started(index)
        time.sleep(chance.uniform(0, 1.2 * seconds))
        os.kill(process, signal.SIGKILL)
        if ended(process) == 0:
            seconds = 0.5 * (seconds + time.monotonic() - began)
        with opened(store, embedder) as library:
            listed = library.documents()
            now = {document.id: document.text for document in listed}
            assert now in (held, wanted) and len(now) == len(listed)
            cut += now == held
            assert library.coverage().passages == len(now)
            hits = library.search("Which boat carries rye bread?", 50)
            assert sorted(hit.document.id for hit in hits) == sorted(now)
            library.update([texts])
            assert library.update([texts]).embedded == 0
            assert {one.id: one.text for one in library.documents()} == wanted
        held = wanted
    assert cut > 3, cut


@pytest.mark.crash
def test_kills_lose_and_double_nothing(place: Place, tmp_path: Path) -> None:
    in_one_thread(_kill_again_and_again, place, tmp_path / "texts")


class Cut(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("at", ["put", "raise_generation", "make_searches"])
def test_what_was_embedded_for_a_change_that_failed_is_not_embedded_again(
    filled: Library, folder: Path, at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "new.txt").write_text("A new boat has come in.\n\nIt carries bread.")
    before, store = filled.documents(), filled._store

    def cut(*_: object) -> None:
        raise Cut

    with monkeypatch.context() as patched:
        patched.setattr(type(store), at, cut)
        with pytest.raises(Cut):
            filled.update([folder])
    assert filled.documents() == before and filled.manifest.generation == 1
    receipt = filled.update([folder])
    assert (receipt.embedded, receipt.generation) == (0, 2)
    assert filled.coverage().documents == 3


@pytest.mark.parametrize("name", sorted(small_files()))
def test_a_file_of_any_kind_is_held_as_it_was_read(
    place: Place, hashed: Embedder, tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_bytes(small_files()[name])
    read = [document for file in read_files(tmp_path / name) for document in file.documents]
    library = Library.create(place)
    library.update([tmp_path / name])
    assert library.documents() == sorted(read, key=lambda one: one.id)
    assert [one.pages for one in library.documents()] == [one.pages for one in read]
    library.close()


def test_what_is_nearly_the_same_is_told_as_if_all_were_read_anew(
    place: Place, hashed: Embedder, tmp_path: Path
) -> None:
    """Whatever was added, changed and removed, in whichever order and part."""
    chance = random.Random(7)
    sources = [tmp_path / "a", tmp_path / "b"]
    for source in sources:
        source.mkdir()
    library = Library.create(place)
    for again in range(6):
        for _ in range(6):
            source = chance.choice(sources)
            file = source / f"{source.name}{chance.randrange(9)}.txt"
            file.write_text(family(chance)) if chance.random() < 0.8 else file.unlink(True)
        for source in sources:
            (source / f"{source.name} stays.txt").write_text(family(chance))
        library.update(sources if again % 2 else sources[again // 2 % 2 :][:1])
        fresh = Library.create(tmp_path / f"fresh {again}")
        fresh.update(library.sources())
        library.update(library.sources())
        assert near(library) == near(fresh)
        fresh.close()
    assert len(near(library)) > 3
    library.close()


def family(chance: random.Random) -> str:
    """A text that is nearly the same as some others, and no copy of any."""
    about = chance.choice(["bread", "timber", "salt"])
    first = chance.randrange(3)
    lines = [f"Boat number {first + n} has carried crates of {about}." for n in range(20)]
    return "\n\n".join([*lines, f"Counted by hand, number {chance.random()}."])


def near(library: Library) -> dict[str, str]:
    return {file.path: file.near for file in library.files() if file.near}


def test_what_many_share_is_a_formula(place: Place, hashed: Embedder, tmp_path: Path) -> None:
    formula = "\n\n".join(f"Line {n} of what all of them begin with." for n in range(8))
    for number in range(MOST_HOLDERS + 1):
        (tmp_path / f"{number:03}.txt").write_text(f"{formula}\n\nBoat {number} has come in now.")
    own = "\n\n".join(f"Line {n} that these two alone have in common." for n in range(30))
    for name in ("x", "y"):
        (tmp_path / f"{name}.txt").write_text(
            f"{formula}\n\n{own}\n\nThis is letter {name} of two."
        )
    library = Library.create(place)
    library.update([tmp_path])
    assert near(library) == {str(tmp_path / "y.txt"): str(tmp_path / "x.txt")}
    library.close()


def test_an_update_reads_what_is_known_of_its_own_files(
    place: Place, hashed: Embedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And not of those of other sources, however many there are."""
    small, large = tmp_path / "small", tmp_path / "large"
    library = Library.create(place)
    read = []
    for number in (4, 80):
        for source, many in ((small, 4), (large, number)):
            source.mkdir(exist_ok=True)
            for each in range(many):
                (source / f"{source.name}{each}.txt").write_text(f"Boat {each} is {source.name}.")
        library.update([small, large])
        (small / "small0.txt").write_text(f"Another boat than the {number} others.")
        (small / "new.txt").write_text(f"A new boat beside {number} others.")
        with monkeypatch.context() as patched:
            told = watched(library, patched)
            library.update([small])
        read.append(len(told))
        (small / "new.txt").unlink()
    assert 0 < read[0] == read[1] < 50
    library.close()


def watched(library: Library, patched: pytest.MonkeyPatch) -> list[object]:
    """The files and documents of which is read what is known of them, from now on."""
    told: list[object] = []

    def watch(name: str) -> None:
        does = getattr(library._store, name)

        def doing(*given: Any, **named: Any) -> Any:
            found = does(*given, **named)
            told.extend(found)
            return found

        patched.setattr(library._store, name, doing)

    for name in ("files", "files_by", "entries", "passage_counts", "sketches_of", "documents"):
        watch(name)
    return told


# -- the same in both ------------------------------------------------------------------------------


@pytest.mark.parametrize("question", QUESTIONS)
def test_both_rank_alike(both: tuple[Library, Library], question: str) -> None:
    here, there = both
    assert_same(here.search(question, 100), there.search(question, 100))
    options = SearchOptions(proposed=200)
    chosen = Filter(frozenset([f"{number}.txt" for number in range(0, 40, 3)] + ["not there"]))
    filtered = [one.retrieve(question, 100, chosen, options) for one in both]
    assert_same(filtered[0].hits, filtered[1].hits)
    assert filtered[0].coverage == filtered[1].coverage
    assert filtered[0].languages == filtered[1].languages
    candidates = [sorted((d.id, p.start) for d, p in one.candidates(question, 100)) for one in both]
    assert candidates[0] == candidates[1]


def test_what_the_graph_finds_is_ranked_alike(
    both: tuple[Library, Library], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As of many passages; of so few, it misses none."""
    monkeypatch.setattr(search, "_EXACT_UP_TO", 0)
    here, there = both
    for question in QUESTIONS:
        assert_same(here.search(question, 100), there.search(question, 100))


def test_both_know_the_same_words(both: tuple[Library, Library]) -> None:
    here, there = both
    for word in ("boat", "harbour", "harbor", "ERR-4042", "Ærø", "nowhere", "the", "two words", ""):
        assert here.rarity(word) == pytest.approx(there.rarity(word), abs=1e-12)
        assert here.holders(word, 10**6) == there.holders(word, 10**6)
        assert here.holders(word, 3) == there.holders(word, 3)
        for distance in (1, 2):
            assert here.alike(word, distance) == there.alike(word, distance)
    assert there.alike("harbuor", 1) == here.alike("harbuor", 1) != []


def test_both_hold_the_same(both: tuple[Library, Library]) -> None:
    here, there = both
    assert here.documents() == there.documents()
    assert here.listing() == there.listing()
    assert here.coverage() == there.coverage()
    assert here.languages() == there.languages()
    assert [timeless(file) for file in here.files()] == [timeless(file) for file in there.files()]
    origins = [{id_: told_of(one) for id_, one in each.origins().items()} for each in both]
    assert origins[0] == origins[1]
    [copied] = [id_ for id_, (_, copies, _) in origins[0].items() if copies]
    own = [each.origin(copied) for each in both]
    assert own[0] and own[1] and told_of(own[0]) == told_of(own[1]) == origins[0][copied]
    stamps = [each.stamps() for each in both]
    order = [sorted(each, key=lambda path: each[path].number) for each in stamps]
    assert order[0] == order[1]
    assert here.manifest.generation == there.manifest.generation == 2


def timeless(file: FileReceipt) -> FileReceipt:
    return replace(file, seconds=0.0)


def told_of(origin: Origin) -> tuple[FileReceipt, tuple[str, ...], tuple[str, ...]]:
    return timeless(origin.file), origin.copies, origin.near


@pytest.mark.models
def test_both_rank_the_shipped_documents_alike(tmp_path: Path, there: Place) -> None:
    """With the shipped embedder, for every question of the shipped set."""
    libraries = [Library.create(place) for place in (tmp_path / "here", there)]
    for library in libraries:
        library.update([SHIPPED])
    one, other = libraries
    asked = sets.read(SHIPPED_QUESTIONS, one.documents()).questions
    assert len(asked) > 20
    for each in asked:
        assert_same(one.search(each.question, 10), other.search(each.question, 10))
    for library in libraries:
        library.close()
