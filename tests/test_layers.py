"""Imports point one way, and what must start fast imports nothing heavy."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from support.imports import ROOT, Graph, circle, imports, modules, room, rooms

# Who stands on whom, from the ground up; a room imports only of those named before it.
ORDER = """
corpus index qa qa/escape qa/place qa/receipts qa/notebook qa/types qa/english qa/protocols
qa/checker qa/reader qa/entailment qa/writing qa/follow_up qa/lookup qa/verify qa/show
qa/survey qa/readers qa/spelling qa/composing qa/remembered qa/understanding qa/catalogue qa/forms
qa/overview qa/parts qa/tables qa/days qa/within qa/pipeline qa/suggestions qa/evaluation
qa/training qa/conversations qa/accounts qa/state qa/service qa/api qa/page api __init__ cli
__main__
""".split()


@pytest.fixture(scope="module")
def graph() -> Graph:
    return imports(modules())


@pytest.mark.parametrize("here", sorted({room(name) for name in modules()}))
def test_imports_point_one_way(here: str, graph: Graph) -> None:
    below = ORDER[: ORDER.index(here)]
    assert {other for other in rooms(graph)[here] if other not in below} == set()


def test_no_module_imports_itself_by_others(graph: Graph) -> None:
    assert circle(graph) == []


def test_what_measures_imports_no_face(graph: Graph) -> None:
    shown = {
        other
        for name, others in graph.items()
        if room(name) == "qa/evaluation"
        for other in others
        if room(other) in ("qa/page", "qa/show")
    }
    assert shown == set()


def test_every_package_is_installed() -> None:
    setup = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    packages = {name for name, file in modules().items() if file.name == "__init__.py"}
    assert set(setup["setuptools"]["packages"]) == packages


@pytest.mark.parametrize(
    "arguments", [["--help"], ["ask", "--help"], ["documents", "--index", "x"]]
)
def test_help_loads_nothing_heavy(arguments: list[str], tmp_path: Path) -> None:
    program = (
        "import sys, footnoted.cli\n"
        "try: footnoted.cli.main(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        "print([name for name in ('torch', 'gradio', 'transformers') if name in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=True,
    )
    assert result.stdout.splitlines()[-1] == "[]"


@pytest.mark.models
def test_no_answer_needs_torch_nor_calls_anybody(tmp_path: Path, unplugged: dict[str, str]) -> None:
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from footnoted.index.sample import open_or_sample\n"
        "from footnoted.qa.pipeline import Pipeline\n"
        "library = open_or_sample(Path(sys.argv[1]))\n"
        "print(Pipeline(library).ask('Who opposes the plan?').answered)\n"
        "print([name for name in ('torch', 'transformers') if name in sys.modules])"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "index")]
    environment = {**unplugged, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    for _ in ("the first of all, for which networks are made", "the next"):
        asked = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
        assert asked.stdout.splitlines() == ["True", "[]"]


def test_the_module_that_reports_on_openvino_is_hidden_only_from_it() -> None:
    program = (
        "import sys\n"
        "from footnoted.index.networks.openvino import openvino\n"
        "reports = openvino().tools.ovc.telemetry_utils.tm.__name__\n"
        "assert reports == 'openvino.tools.ovc.telemetry_stub', reports\n"
        "assert 'openvino_telemetry' not in sys.modules\n"
        "import openvino_telemetry"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
