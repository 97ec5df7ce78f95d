"""The guides in ``docs/``, run as a reader would run them."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, Self

READER = "/home/anna"
"""The folder in which the guides are run, as they write it."""
SERVER = "http://127.0.0.1:7860"
"""Where they find the server."""
MODEL = "http://localhost:11434"
"""Where they find a server of language models."""
PASSWORD = "correct horse battery"  # noqa: S105

_BLOCK = re.compile(r"^```(sh|console|python)\n(.*?)^```$", re.M | re.S)
_ANY_LINES = "…"
_DECIMAL = re.compile(r"\d+\.\d+")
# Of figures that a network computes, by another processor's rounding.
_CLOSE = 0.2


class Block(NamedTuple):
    language: str
    code: str


class Step(NamedTuple):
    """A command, and what is to come of it."""

    command: str
    output: str


def blocks(guide: Path) -> list[Block]:
    return [Block(*found) for found in _BLOCK.findall(guide.read_text(encoding="utf-8"))]


def steps(console: str) -> Iterator[Step]:
    for one in re.split(r"^\$ ", console, flags=re.M)[1:]:
        command, _, output = one.partition("\n")
        yield Step(command, output)


def is_as_shown(shown: str, output: str) -> bool:
    """Whether an output is the one that is shown, whatever stands for lines that are left out."""
    return _fits(shown.rstrip().split("\n"), output.rstrip().split("\n"))


def _fits(shown: Sequence[str], lines: Sequence[str]) -> bool:
    if not shown:
        return not lines
    first, *others = shown
    if first == _ANY_LINES:
        return any(_fits(others, lines[at:]) for at in range(len(lines) + 1))
    return bool(lines) and _alike(first, lines[0]) and _fits(others, lines[1:])


def _alike(shown: str, line: str) -> bool:
    if shown.endswith(_ANY_LINES):
        return line.startswith(shown.removesuffix(_ANY_LINES))
    figures = zip(_DECIMAL.findall(shown), _DECIMAL.findall(line), strict=False)
    return _DECIMAL.sub("#", shown) == _DECIMAL.sub("#", line) and all(
        abs(float(one) - float(other)) <= _CLOSE for one, other in figures
    )


@dataclass
class Reader:
    """Who types what a guide says, in a folder of their own.

    The server that a guide starts runs until the reader leaves.
    """

    folder: Path
    environment: Mapping[str, str]
    model: str = MODEL
    """Where one is instead."""
    _servers: list[subprocess.Popen[str]] = field(default_factory=list)
    _address: str = SERVER

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for server in self._servers:
            server.terminate()
            server.communicate(timeout=30)
            assert server.returncode in (0, -signal.SIGTERM, 128 + signal.SIGTERM)

    def run(self, block: Block) -> None:
        """Type a block.

        Raises:
            AssertionError: something else comes of it than is shown.
        """
        if block.language == "console":
            for command, shown in steps(block.code):
                output = self._typed("bash", "-c", command).stdout
                output = output.replace(str(self.folder), READER)
                assert is_as_shown(shown, output), f"$ {command}\n{output}"
        elif block.code.startswith("footnoted serve"):
            self._serve(block.code)
        else:
            program = [sys.executable] if block.language == "python" else ["bash", "-e"]
            done = self._typed(*program, "-c", block.code)
            assert done.returncode == 0, f"{block.code}\n{done.stdout}"

    def _typed(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [one.replace(SERVER, self._address).replace(MODEL, self.model) for one in command],
            cwd=self.folder,
            env=self._environment,
            input=f"{PASSWORD}\n",  # to whatever asks for one
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )

    def _serve(self, code: str) -> None:
        server = subprocess.Popen(
            ["bash", "-c", f"exec {code.strip()} --port 0"],  # noqa: S607
            cwd=self.folder,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self._servers.append(server)
        assert server.stdout
        self._address = server.stdout.readline().split()[3].rstrip("/")

    @property
    def _environment(self) -> dict[str, str]:
        commands = str(Path(sys.executable).parent)
        return {
            **self.environment,
            "COLUMNS": "80",
            "PATH": f"{commands}{os.pathsep}{self.environment['PATH']}",
            "XDG_DATA_HOME": str(self.folder / "data"),
        }
