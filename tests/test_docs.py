"""The documentation is run, or held against the code."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import pytest

import footnoted.cli
from support.imports import modules

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.models
def test_the_transcript_is_what_a_user_sees(
    shipped_index: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (transcript,) = re.findall(r"```console\n(.*?)```", README, re.S)
    command, expected = transcript.split("\n", 1)
    program, *arguments = shlex.split(command.removeprefix("$ "))
    assert program == "footnoted"
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit):
        footnoted.cli.main([*arguments, "--index", str(shipped_index)])
    assert capsys.readouterr().out == expected


def test_every_command_has_its_row() -> None:
    names = {
        command.name or command.callback.__name__
        for command in footnoted.cli.cli.registered_commands
        if command.callback
    }
    names |= {group.name for group in footnoted.cli.cli.registered_groups if group.name}
    assert names == set(re.findall(r"^\| `footnoted (\w+)", README, re.M))


def test_what_the_documentation_names_exists() -> None:
    map_of_files = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    named = set(
        re.findall(r"`((?:corpus|index|qa|tests|benchmarks)/[\w/.]+)`", README + map_of_files)
    )
    assert named and all((ROOT / name).exists() for name in named)


def test_every_module_is_on_the_map() -> None:
    """Below a room's name, its modules are named without their ending."""
    map_of_files = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    for file in modules().values():
        named = re.search(rf"^\| `{file.parent.relative_to(ROOT)}/`.*$", map_of_files, re.M)
        assert named, file.parent
        names = re.findall(r"`(\w+)`", named[0])
        assert file.stem in (*names, "__init__", "types", "__main__"), file


def test_the_changelog_begins_with_what_is_installed() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    latest = re.findall(r"^## \[(\d\S*)\] - \d{4}-\d\d-\d\d$", changelog, re.M)[0]
    assert latest == footnoted.__version__


def test_every_requirement_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    wanted = [*project["dependencies"], *(one for extra in extras for one in extra)]
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8").lower().replace("_", "-")
    for requirement in wanted:
        name = re.split(r"[<>=\[]", requirement)[0]
        assert name == "footnoted" or f"\n{name}==" in pins, name
