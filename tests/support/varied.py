"""A folder in which files came out in every way: read, with warnings, in part, not at all."""

from __future__ import annotations

from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

REPORT_ID = "ferry report.pdf"
GERMAN_ID = "hafen.txt"
OLD_ID = "old letter.txt"
MINUTES_ID = "minutes.txt"
COPY, DRAFT, BROKEN = "minutes (copy).txt", "minutes, draft.txt", "scan.pdf"
HOSTILE = "<img src=x onerror=window.pwned=30>.xyz"

_MINUTES = "".join(
    f"Motion {n} of the ferry board was carried by {n} votes.\n\n" for n in range(40)
)
_GERMAN = (
    "Der Hafen von Norvik wurde zwischen den Kriegen nicht ausgebaggert. Erst der Rat der Stadt "
    "beschloss, ihn in jedem Frühjahr von einem Bagger aus Sandhavn vertiefen zu lassen.\n"
)


def write_varied(folder: Path) -> Path:
    """Make the folder; of eight files, two fail and one is read in part."""
    folder.mkdir()
    (folder / GERMAN_ID).write_text(_GERMAN, encoding="utf-8")
    (folder / OLD_ID).write_bytes("The café of the ferry closes at nine.\n".encode("cp1252"))
    (folder / MINUTES_ID).write_text(_MINUTES, encoding="utf-8")
    (folder / COPY).write_text(_MINUTES, encoding="utf-8")
    (folder / DRAFT).write_text(_MINUTES.replace("Motion 7 ", "Proposal 7 "), encoding="utf-8")
    (folder / BROKEN).write_bytes(b"%PDF-1.7 and then nothing")
    (folder / HOSTILE).write_bytes(b"\0\1\2 no text")
    canvas = Canvas(str(folder / REPORT_ID), pagesize=A4, invariant=1)
    for words in ("The ferry carried 9,120 cars.", "It was late.", "Two captains retired in May."):
        canvas.drawString(72, 720, words)
        canvas.showPage()
    (folder / REPORT_ID).write_bytes(_without_second_page(canvas.getpdfdata()))
    return folder


def _without_second_page(data: bytes) -> bytes:
    """A PDF in which a number stands where its second page should."""
    begins = b"<<\n/Contents"
    start = data.index(begins, data.index(begins) + 1)
    end = data.index(b"endobj", start)
    return data[:start] + b"42".ljust(end - start) + data[end:]
