"""Collections on the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import footnoted.cli

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    hashed: object,
) -> Run:
    """Runs a command in an empty folder, with a home of its own; its exit code and what it said."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str | Path) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            footnoted.cli.main([*map(str, arguments), "--home", "home"])
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    return run


def test_a_collection_is_made_filled_and_deleted(run: Run, folder: Path, tmp_path: Path) -> None:
    assert run("collections")[1].startswith("There are no collections; footnoted collections crea")
    code, out, err = run("collections", "create", "Board minutes")
    assert (code, err) == (0, "")
    assert "footnoted index PATH --collection 'Board minutes'" in out
    assert run("index", folder, "--collection", "board minutes")[0] == 0
    (listed,) = json.loads(run("collections", "--json")[1])
    held = {listed["name"], listed["folder"], str(listed["failure"])}
    assert held == {"Board minutes", str(tmp_path / "home" / "Board minutes"), "None"}
    assert listed["documents"] == len(list(folder.iterdir()))
    assert "Board minutes" in run("collections")[1]
    assert run("collections", "remove", "Board minutes")[:2] == (0, "removed Board minutes\n")
    assert run("documents", "--collection", "Board minutes")[0] == 2
    assert not (tmp_path / ".footnoted").exists()


def test_nothing_stands_in_for_what_a_collection_does_not_hold(run: Run) -> None:
    run("collections", "create", "empty")
    code, out, err = run("ask", "Who opposes the plan?", "--collection", "empty")
    assert (code, out) == (2, "")
    assert err.endswith("holds no documents; footnoted index PATH adds some\n")
    assert len(err.splitlines()) == 1


def test_only_indexing_makes_a_collection(run: Run, folder: Path) -> None:
    code, _, err = run("ask", "Who?", "--collection", "minutes")
    assert (code, err.splitlines()[-1][:41]) == (2, "footnoted: there is no collection 'minute")
    assert run("index", folder, "--collection", "minutes")[0] == 0
    assert "the closest: 'minutes'" in run("ask", "Who?", "--collection", "minuts")[2]


def test_an_index_and_a_collection_are_too_much(run: Run) -> None:
    code, _, err = run("documents", "--index", "a", "--collection", "b")
    assert (code, "give --index or --collection, not both" in err) == (2, True)
