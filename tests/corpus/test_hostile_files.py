"""Files made to do harm, and files broken by chance: each gets a line, and harms nothing."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from footnoted.corpus.files import read
from footnoted.corpus.reader_process import seconds_for
from support.fuzzing import broken, readable_files, watched
from support.small_files import small_files

BROKEN = 2000


@pytest.mark.slow
def test_files_broken_by_chance(tmp_path: Path) -> None:
    """Whatever stands in them, a file fails in one line or gives texts that hold together."""
    chance = random.Random(20240301)
    files = readable_files(tmp_path)
    folder = tmp_path / "broken"
    folder.mkdir()
    for number in range(BROKEN):
        name, data = chance.choice(list(files.items()))
        place = folder / str(number)
        place.mkdir()
        (place / name).write_bytes(broken(data, list(files.values()), chance))
    with watched(folder) as log:
        check_folder(folder)
        assert log.read_text() == ""


def check_folder(folder: Path) -> None:
    for file in read(folder):
        assert file.seconds < seconds_for(file.stamp.size), file
        assert file.documents or file.failure or file.warnings
        assert "\n" not in (file.failure or "")
        assert "Traceback" not in (file.failure or "")


@pytest.mark.slow
def test_the_watch_sees(tmp_path: Path) -> None:
    """What the fuzzing relies on: a file outside of the folder is noticed."""
    (tmp_path / "in").mkdir()
    outside = tmp_path / "outside.jsonl"
    outside.write_text('{"_id": "1", "text": "x"}')
    with watched(tmp_path / "in") as log:
        (file,) = read(outside)
        assert file.documents and "outside.jsonl" in log.read_text()


ARCHIVES = sorted(name for name, data in small_files().items() if data.startswith(b"PK"))
ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "boats"}">' for n in range(12))


def rewritten(name: str, change: Callable[[str], str], blanks: int = 0) -> bytes:
    """A small file with what its archive says changed, and blanks put after it."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(small_files()[name])) as before:
        chosen = next(one for one in before.infolist() if b"boats" in before.read(one))
        # Of blanks without end, the quickest way to pack them leaves little, too.
        with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as after:
            for one in before.infolist():
                data = before.read(one)
                if one is not chosen:
                    after.writestr(one, data)
                    continue
                with after.open(one.filename, "w") as member:
                    member.write(change(data.decode()).encode())
                    for _ in range(blanks >> 20):
                        member.write(b" " * (1 << 20))
    return held.getvalue()


@pytest.fixture(params=ARCHIVES)
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    name = str(request.param)
    if name not in readable_files(tmp_path):
        pytest.skip("there is no reader for it")
    return name


@pytest.mark.slow
def test_a_zip_bomb_is_refused(archive: str, tmp_path: Path) -> None:
    (tmp_path / archive).write_bytes(rewritten(archive, str, blanks=1 << 30))
    (file,) = read(tmp_path)
    assert file.failure and "crashed" not in file.failure and file.seconds < 30


@pytest.mark.slow
def test_entities_are_not_resolved(archive: str, tmp_path: Path) -> None:
    """Neither those that grow to gigabytes nor those that name a file."""
    secret = tmp_path / "secret.txt"
    secret.write_text("The safe opens with 4711.")

    def declare(entities: str, used: str) -> Callable[[str], str]:
        def change(xml: str) -> str:
            head, _, rest = xml.partition("?>")
            return f"{head}?><!DOCTYPE x [{entities}]>{rest}".replace("boats", used)

        return change

    for change in (
        declare(ENTITIES, "&e11;"),
        declare(f'<!ENTITY e SYSTEM "{secret.as_uri()}">', "&e;"),
        declare(f'<!ENTITY % e SYSTEM "{secret.as_uri()}"> %e;', "boats"),
    ):
        (tmp_path / archive).write_bytes(rewritten(archive, change))
        (file,) = read(tmp_path / archive)
        assert "crashed" not in (file.failure or "") and file.seconds < 30
        assert not any("4711" in document.text for document in file.documents)
        assert all(len(document.text) < 10_000 for document in file.documents)


def test_names_of_any_kind(tmp_path: Path) -> None:
    """They are ids as they are, lead nowhere, and break no line."""
    names = [
        "a" * 251 + ".txt",
        "..\\..\\up.txt",
        "...txt.txt",
        "%2e%2e%2f.txt",
        "é.txt",
        "e\u0301.txt",
    ]
    names += [
        "\r\n.txt",
        "\x1b[31m.txt",
        "𝔞\u200b.txt",
        "{{7*7}}.txt",
        "$(id).txt",
        "-rf.txt",
        "~.txt",
    ]
    for number, name in enumerate(names):
        (tmp_path / name).write_text(f"Pier {number} is long.\n")
    found = {document.id: document.text for file in read(tmp_path) for document in file.documents}
    hidden = [name for name in names if name.startswith(".")]
    assert found == {
        name: f"Pier {number} is long.\n" for number, name in enumerate(names) if name not in hidden
    }
