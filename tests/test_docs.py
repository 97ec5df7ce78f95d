"""The documentation is run, or held against the code."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import pytest

import footnoted.cli

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


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
    map_of_files = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    for package in ("corpus", "index", "qa"):
        for module in (ROOT / package).glob("*.py"):
            if module.name not in ("__init__.py", "types.py"):
                assert module.name in map_of_files, module


def test_every_requirement_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    wanted = [*project["dependencies"], *(one for extra in extras for one in extra)]
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8").lower().replace("_", "-")
    for requirement in wanted:
        name = re.split(r"[<>=\[]", requirement)[0]
        assert name == "footnoted" or f"\n{name}==" in pins, name
