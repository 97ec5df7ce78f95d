"""The imports of the package, read off its files: modules, rooms, floors and circles.

    python tests/support/imports.py

prints the picture: every room (a folder, or a module that stands alone in ``qa``) on its floor, one
above all that it imports, with what ties any circle.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = {
    "footnoted.corpus": ROOT / "corpus",
    "footnoted.index": ROOT / "index",
    "footnoted.qa": ROOT / "qa",
    "footnoted": ROOT / "src" / "footnoted",
}

Graph = dict[str, set[str]]
"""Each name with those that it imports."""


def modules() -> dict[str, Path]:
    """Every module's dotted name and its file."""
    return {
        ".".join([package, *file.relative_to(folder).with_suffix("").parts]).removesuffix(
            ".__init__"
        ): file
        for package, folder in FOLDERS.items()
        for file in sorted(folder.rglob("*.py"))
    }


def imports(found: Mapping[str, Path]) -> Graph:
    """What each module imports of the others, at its head or in a function."""
    return {name: set(_imported(file, found)) - {name} for name, file in found.items()}


def _imported(file: Path, found: Mapping[str, Path]) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in found)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file} has a relative import"
            for alias in node.names:
                inside = f"{node.module}.{alias.name}"
                target = inside if inside in found else node.module or ""
                if target in found:
                    yield target


def rooms(graph: Mapping[str, Iterable[str]]) -> Graph:
    """The same between rooms: a module of ``qa``'s or the command line's own is one by itself."""
    between: Graph = {}
    for name, others in graph.items():
        here = room(name)
        between.setdefault(here, set()).update(room(other) for other in others)
        between[here].discard(here)
    return between


def room(module: str) -> str:
    """The folder that a module stands in; ``qa`` and the package itself are floors of rooms."""
    parts = module.removeprefix("footnoted").strip(".").split(".")
    if parts[0] == "qa":
        return "/".join(parts[:2])
    return parts[0] or "__init__"


def circle(graph: Graph) -> list[str]:
    """One circle of imports, in its order; empty where there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        found: list[str] = error.args[1]
        return found
    return []


def floors(graph: Graph) -> dict[str, int]:
    """Each room's floor, the lowest being 1; of a graph without circles."""
    found: dict[str, int] = {}
    for name in TopologicalSorter(graph).static_order():
        found[name] = 1 + max((found[other] for other in graph.get(name, ())), default=0)
    return found


def main() -> None:
    between = rooms(imports(modules()))
    arrows = sum(map(len, between.values()))
    tied = circle(between)
    print(f"{len(between)} rooms, {arrows} arrows, circle: {' -> '.join(tied) or 'none'}")
    if tied:
        return
    by_floor = floors(between)
    print(f"{max(by_floor.values())} floors")
    for name in sorted(between, key=lambda one: (-by_floor[one], one)):
        print(f"{by_floor[name]:3} {name:16} {' '.join(sorted(between[name]))}")


if __name__ == "__main__":
    main()
