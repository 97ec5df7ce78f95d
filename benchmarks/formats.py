"""How fast files are read, by format, beside other readers.

    python benchmarks/formats.py [FOLDER] [--text FILE] [--pages N] [--seconds N] [--limit N]
                                 [--readers NAME...] [--environments FOLDER]

FOLDER holds files, of which those of one ending are read together. Without it, a text is written in
each format: by LibreOffice where that is needed, and left out where it is not there. The text is
FILE's or that of the sample documents, over and over until it fills N pages of 2,000 characters.

Each reader reads the files of one format in a process of its own, by ``peers/read_files.py``: once
to warm up, then again until it has used N seconds of the processor. Others than Footnoted run in
virtual environments of their own with the packages that ``peers/requirements`` pins for them; they
are kept between runs. A reader that cannot be installed, fails, or takes longer than the limit has
a dash. A busy machine tells nothing by the clock, so the processor's seconds count first. Where
files of FOLDER are read, a page is 2,000 of the characters that Footnoted finds. The results go to
``benchmarks/results/formats``, and the table in ``benchmarks/README.md`` is made anew.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from environments import environment
from footnoted.corpus.files import SHIPPED
from question_sets import circumstances, put_between, table
from written_files import write_files

HERE = Path(__file__).parent
PEERS = HERE / "peers"
RESULT = HERE / "results" / "formats" / "formats.json"
START, END = "<!-- formats: made by formats.py -->", "<!-- end of formats -->"

FOOTNOTED = "footnoted"
READERS: dict[str, tuple[str, Collection[str]]] = {
    "markitdown": (
        "markitdown",
        (".pdf", ".docx", ".pptx", ".xlsx", ".html", ".epub", ".eml", ".csv", ".md", ".txt"),
    ),
    "docling": ("docling", (".pdf", ".docx", ".pptx", ".xlsx", ".html", ".csv", ".md")),
    "pypdf": ("libraries", (".pdf",)),
    "pdfplumber": ("libraries", (".pdf",)),
    "python_docx": ("libraries", (".docx",)),
    "openpyxl": ("libraries", (".xlsx",)),
}
"""The requirements of each, and the endings of what it is given."""

PAGE = 2_000
# What a reader would fetch, it does without.
_OFFLINE = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"}

HEAD = (
    "format",
    "reader",
    "pages a second of the processor",
    "by the clock",
    "MB a second of the processor",
    "characters found",
    "peak memory, MiB",
)

Measured = dict[str, Any]


def main() -> None:
    options = _options()
    pythons = _pythons(options.readers, options.environments)
    with tempfile.TemporaryDirectory() as name:
        folder = options.folder or Path(name)
        if not options.folder:
            write_files(_paragraphs(options.text, options.pages * PAGE), folder)
        formats = list(_formats(folder, pythons, options))
    result = {**circumstances(), "pages": options.pages, "formats": formats}
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    put_between(HERE / "README.md", START, END, in_words(result))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--text", type=Path, metavar="FILE")
    parser.add_argument("--pages", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--limit", type=float, default=60.0, help="seconds of one measurement")
    parser.add_argument("--readers", nargs="*", choices=READERS, default=list(READERS))
    kept = Path(tempfile.gettempdir()) / "footnoted-peers"
    parser.add_argument("--environments", type=Path, default=kept)
    return parser.parse_args()


def _pythons(readers: Sequence[str], folder: Path) -> dict[str, Path]:
    """The interpreter of each reader that can be installed, ours first."""
    found = {FOOTNOTED: Path(sys.executable)}
    for name in readers:
        requirements = PEERS / "requirements" / f"{READERS[name][0]}.txt"
        try:
            found[name] = environment(requirements, folder)
        except subprocess.CalledProcessError:
            print(f"{name} cannot be installed", file=sys.stderr)
    return found


def _paragraphs(path: Path | None, characters: int) -> list[str]:
    """Those of a text, over and over until they have so many characters."""
    paths = [path] if path else sorted(SHIPPED.iterdir())
    lines = [line.strip() for one in paths for line in one.read_text("utf-8").splitlines()]
    said = [line for line in lines if line]
    if not said:
        raise SystemExit(f"{path} holds no text")
    found: list[str] = []
    length = 0
    while length < characters:
        found.append(said[len(found) % len(said)])
        length += len(found[-1])
    return found


def _formats(
    folder: Path, pythons: Mapping[str, Path], options: argparse.Namespace
) -> Iterator[Measured]:
    """What each reader makes of the files of each ending."""
    files: dict[str, list[Path]] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            files.setdefault(path.suffix.lower(), []).append(path)
    for ending, paths in files.items():
        given = [name for name in pythons if name == FOOTNOTED or ending in READERS[name][1]]
        by_reader = {name: _measured(name, pythons[name], paths, options) for name in given}
        ours = by_reader[FOOTNOTED]
        pages = ours["characters"] / PAGE if options.folder and ours else options.pages
        megabytes = sum(path.stat().st_size for path in paths) / 1e6
        yield {"format": ending, "pages": pages, "megabytes": megabytes, "readers": by_reader}


def _measured(
    reader: str, python: Path, paths: Sequence[Path], options: argparse.Namespace
) -> Measured | None:
    """What ``peers/read_files.py`` prints of a reader; None if it fails."""
    print(f"{paths[0].suffix}: {reader}", file=sys.stderr)
    command = [python, PEERS / "read_files.py", reader, *paths, "--seconds", str(options.seconds)]
    own = {} if reader == FOOTNOTED else {"PYTHONPATH": ""}
    try:
        done = subprocess.run(
            [str(part) for part in command],
            env={**os.environ, **_OFFLINE, **own},
            capture_output=True,
            text=True,
            timeout=options.limit,
        )
    except subprocess.TimeoutExpired:
        print(f"{reader} takes longer than {options.limit:.0f} s", file=sys.stderr)
        return None
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["no reason given"]
        print(f"{reader} fails: {said[-1]}", file=sys.stderr)
        return None
    measured: Measured = json.loads(done.stdout.splitlines()[-1])
    return measured


def in_words(result: Mapping[str, Any]) -> str:
    """The table, and what was read."""
    rows = [
        [f"`{one['format']}`", name.replace("_", "-"), *_cells(one, measured)]
        for one in result["formats"]
        for name, measured in one["readers"].items()
    ]
    pages = sorted({round(one["pages"]) for one in result["formats"]})
    much = f"{pages[0]:,}" if len(pages) == 1 else f"{pages[0]:,} to {pages[-1]:,}"
    return (
        f"{table(HEAD, rows)}\n\n{much} pages of 2,000 characters in each format, "
        f"{result['date']}, commit `{result['commit']}`."
    )


def _cells(one: Measured, measured: Measured | None) -> list[str]:
    if measured is None:
        return ["–"] * (len(HEAD) - 2)
    return [
        f"{one['pages'] / measured['cpu']:,.0f}",
        f"{one['pages'] / measured['wall']:,.0f}",
        f"{one['megabytes'] / measured['cpu']:.2f}",
        f"{measured['characters']:,}",
        f"{measured['peak_memory_mib']}",
    ]


if __name__ == "__main__":
    main()
