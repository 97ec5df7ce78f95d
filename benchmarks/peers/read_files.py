"""How fast one reader makes text of files, measured in a process of its own.

Standard library only, because it runs in every reader's environment; ``formats.py`` runs it and
reads the one line of JSON that it prints.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

Read = Callable[[Path], str]


def footnoted() -> Read:
    from footnoted.corpus.reading import attempt

    def read(path: Path) -> str:
        reply = attempt(path)
        if reply.contents is None:
            raise ValueError(reply.failure)
        return "".join(one.text for one in reply.contents.texts)

    return read


def markitdown() -> Read:
    from markitdown import MarkItDown

    converter = MarkItDown(enable_plugins=False)
    return lambda path: str(converter.convert(path).text_content)


def docling() -> Read:
    from docling.document_converter import DocumentConverter

    converter = DocumentConverter()
    return lambda path: str(converter.convert(path).document.export_to_markdown())


def pypdf() -> Read:
    from pypdf import PdfReader

    return lambda path: "\n".join(page.extract_text() for page in PdfReader(path).pages)


def pdfplumber() -> Read:
    import pdfplumber as library

    def read(path: Path) -> str:
        with library.open(path) as file:
            return "\n".join(page.extract_text() or "" for page in file.pages)

    return read


def python_docx() -> Read:
    from docx import Document

    return lambda path: "\n".join(one.text for one in Document(str(path)).paragraphs)


def openpyxl() -> Read:
    from openpyxl import load_workbook

    def lines(path: Path) -> Iterator[str]:
        for sheet in load_workbook(path, read_only=True, data_only=True):
            for row in sheet.iter_rows(values_only=True):
                yield " | ".join(str(cell) for cell in row if cell is not None)

    return lambda path: "\n".join(lines(path))


READERS = (footnoted, markitdown, docling, pypdf, pdfplumber, python_docx, openpyxl)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("reader", choices=[one.__name__ for one in READERS])
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--seconds", type=float, required=True, help="of the processor, at least")
    options = parser.parse_args()
    read = next(one for one in READERS if one.__name__ == options.reader)()
    print(json.dumps(measured(read, options.files, options.seconds)))


def measured(read: Read, files: list[Path], seconds: float) -> dict[str, Any]:
    """Seconds that all files take once, and what comes of them; the first is read to warm up."""
    read(files[0])
    characters = rounds = 0
    began, computed = time.perf_counter(), _cpu()
    while not rounds or _cpu() - computed < seconds:
        characters = sum(len(read(path)) for path in files)
        rounds += 1
    return {
        "wall": (time.perf_counter() - began) / rounds,
        "cpu": (_cpu() - computed) / rounds,
        "characters": characters,
        "peak_memory_mib": _peak_memory(),
    }


def _cpu() -> float:
    """Seconds of the processor, of this process and of those that it started and that ended."""
    who = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, who))


def _peak_memory() -> int:
    """In MiB, since the program began; ``getrusage`` counts what started it, too."""
    told = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    return int(re.search(r"VmHWM:\s*(\d+) kB", told)[1]) // 1024  # type: ignore[index]


if __name__ == "__main__":
    main()
