"""Files are moved all or none, and stand in their places whole."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from footnoted.corpus.errors import UnusableInput
from footnoted.qa.service.moves import all_or_none


def files(folder: Path) -> dict[str, str]:
    return {
        str(one.relative_to(folder)): one.read_text() for one in folder.rglob("*") if one.is_file()
    }


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in {"root/a.txt": "old a", "root/x/b.txt": "old b", "new/a": "new a"}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "new/c").write_text("new c")
    (tmp_path / "workshop").mkdir()
    return tmp_path / "root"


def test_files_are_moved(root: Path) -> None:
    new = root.parent / "new"
    with all_or_none(root, root.parent / "workshop") as moves:
        moves.move(new / "a", root / "a.txt")
        moves.move(new / "c", root / "y/c.txt")
        moves.move(root / "x/b.txt", new / "b")
    assert files(root) == {"a.txt": "new a", "y/c.txt": "new c"}
    assert files(new) == {"b": "old b"}
    assert not (root / "x").exists() and not (root.parent / "workshop").exists()


@pytest.mark.parametrize("other_file_system", [False, True])
def test_what_fails_is_undone(
    root: Path, other_file_system: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    new, before = root.parent / "new", files(root.parent)
    if other_file_system:
        replace = Path.replace

        def within(self: Path, target: Path) -> Path:
            if (new in self.parents) != (new in target.parents):
                raise OSError(errno.EXDEV, "another file system")
            return replace(self, target)

        monkeypatch.setattr(Path, "replace", within)
    with pytest.raises(KeyError), all_or_none(root, root.parent / "workshop") as moves:
        moves.move(new / "a", root / "a.txt")
        moves.move(new / "c", root / "y/c.txt")
        moves.move(root / "x/b.txt", root.parent / "b")
        assert files(root) == {"a.txt": "new a", "y/c.txt": "new c"}
        raise KeyError
    assert files(root.parent) == before


@pytest.mark.parametrize("place", ["x", "a.txt/c.txt"])
def test_a_file_and_a_folder_have_not_one_name(root: Path, place: str) -> None:
    before = files(root.parent)
    workshop = root.parent / "workshop"
    with pytest.raises(UnusableInput, match="one name"), all_or_none(root, workshop) as moves:
        moves.move(root.parent / "new/a", root / "a.txt")
        moves.move(root.parent / "new/c", root / place)
    assert files(root.parent) == before
