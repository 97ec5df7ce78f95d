"""Folders of a process's own go with it, and not before."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from footnoted.qa.service.workplace import Workplace

_WAITING = """
import sys, time
from pathlib import Path
from footnoted.qa.service.workplace import Workplace

place = Workplace(Path(sys.argv[1]), "incoming")
(place.new_folder() / "half.txt").write_text("half")
print("ready", flush=True)
time.sleep(600)
"""


def test_it_is_made_when_it_is_needed_and_goes(tmp_path: Path) -> None:
    place = Workplace(tmp_path / "home", "incoming")
    assert not (tmp_path / "home").exists()
    folders = {place.new_folder(), place.new_folder()}
    assert len(folders) == 2 and all(one.is_dir() for one in folders)
    place.close()
    assert list((tmp_path / "home").iterdir()) == []


def test_what_a_killed_process_left_is_cleared_by_the_next(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _WAITING, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout and process.stdout.readline() == "ready\n"
        other = Workplace(tmp_path, "incoming")
        assert list(tmp_path.rglob("half.txt"))  # its owner is there
        process.kill()
    Workplace(tmp_path, "removed")
    assert list(tmp_path.rglob("half.txt"))  # another kind
    (tmp_path / ".incoming-notes").mkdir()
    Workplace(tmp_path, "incoming")
    assert [one.name for one in tmp_path.iterdir()] == [".incoming-notes"]
    other.close()
