"""Imports point one way, and what must start fast imports nothing heavy."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ORDER = ["corpus", "index", "qa", "app", "footnoted"]
FILES = [
    path
    for layer in ORDER
    for path in (
        [ROOT / f"{layer}.py"] if (ROOT / f"{layer}.py").exists() else (ROOT / layer).rglob("*.py")
    )
]
# ``python app.py`` is ``footnoted serve``: the one call upwards, made only when run as a program.
ALLOWED = {("app", "footnoted")}


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} has a relative import"
            names.add((node.module or "").split(".")[0])
    return names


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_one_way(path: Path) -> None:
    layer = path.relative_to(ROOT).parts[0].removesuffix(".py")
    above = ORDER[ORDER.index(layer) + 1 :]
    upwards = {name for name in imported(path) if name in above}
    assert all((layer, name) in ALLOWED for name in upwards), upwards


@pytest.mark.parametrize(
    "arguments", [["--help"], ["ask", "--help"], ["documents", "--index", "x"]]
)
def test_help_loads_nothing_heavy(arguments: list[str], tmp_path: Path) -> None:
    program = (
        "import sys, footnoted\n"
        "try: footnoted.main(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        "print([name for name in ('torch', 'gradio', 'transformers') if name in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        check=True,
    )
    assert result.stdout.splitlines()[-1] == "[]"


def test_only_the_first_answer_of_all_needs_torch_and_none_calls_anybody(
    tmp_path: Path, unplugged: dict[str, str]
) -> None:
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from index.library import Library\n"
        "from qa.pipeline import Pipeline\n"
        "library = Library.open_or_sample(Path(sys.argv[1]))\n"
        "print(Pipeline(library).ask('Who opposes the plan?').answered)\n"
        "print([name for name in ('torch', 'transformers') if name in sys.modules])"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "index")]
    environment = {**unplugged, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    for imported in ("['torch', 'transformers']", "[]"):
        asked = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
        assert asked.stdout.splitlines() == ["True", imported]
