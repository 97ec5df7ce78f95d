"""Small PDFs, written line by line, and what is read from them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from footnoted.corpus.formats.pdf import Pdf
from footnoted.corpus.formats.pdf.recognition import Image, Recognised
from footnoted.corpus.types import Contents, Extracted
from support.extracted import check

WIDTH, HEIGHT = A4

PROSE = (
    "The harbour of Norvik silted up between the wars, and the board of the town resolved to "
    "dredge it every spring. The dredger came from Sandhavn and stayed for six weeks each year. "
    "Its crew measured the depth along the northern mole twice a day and wrote it down in a book "
    "that is kept in the archive. Nobody read the book until the engineers of the county asked "
    "for it. They found that the river carries more sand in wet years than anyone had thought."
)


class Writer:
    """Sets lines on the pages of a PDF, from the top down, with y counted from the top."""

    def __init__(self, path: Path, **options: object) -> None:
        self.canvas = Canvas(str(path), pagesize=A4, invariant=1, **options)

    def line(
        self, x: float, y: float, text: str, size: float = 11, font: str = "Times-Roman"
    ) -> None:
        self.canvas.setFont(font, size)
        self.canvas.drawString(x, HEIGHT - y, text)

    def lines(
        self, x: float, y: float, text: str, width: float, size: float = 11, step: float = 14
    ) -> float:
        """Set wrapped text; where the next line would stand."""
        for line in wrapped(text, width, size):
            self.line(x, y, line, size)
            y += step
        return y

    def page(self) -> None:
        self.canvas.showPage()

    def save(self) -> None:
        self.canvas.save()


def wrapped(text: str, width: float, size: float) -> list[str]:
    found: list[str] = []
    for word in text.split():
        longer = f"{found[-1]} {word}" if found else word
        if found and pdfmetrics.stringWidth(longer, "Times-Roman", size) <= width:
            found[-1] = longer
        else:
            found.append(word)
    return found


class NoRecogniser:
    """That of those who have installed none."""

    version = ""
    remedy = "install one"

    def recognise(self, image: Image, dots_per_inch: int) -> Recognised:
        raise AssertionError("nobody can have seen it")


def read(path: Path, password: str | None = None) -> Contents:
    contents = Pdf(NoRecogniser()).read(path, password)
    for one in contents.texts:
        check(one)
    return contents


def text_of(tmp_path: Path, draw: Callable[[Writer], None]) -> Extracted:
    path = tmp_path / "file.pdf"
    writer = Writer(path)
    draw(writer)
    writer.save()
    (text,) = read(path).texts
    return text


def page_of(text: Extracted, quote: str) -> int:
    start = text.text.index(quote)
    (page,) = (one.number for one in text.pages if one.start <= start < one.end)
    return page


def simple_pdf(content: bytes, font: bytes, pages: int = 1, broken: Sequence[int] = ()) -> bytes:
    """A PDF whose pages show ``content``; those that are ``broken`` (from 0) are not there."""
    kids = b" ".join(b"%d 0 R" % (10 + at) for at in range(pages))
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Count %d /Kids [%s] >>" % (pages, kids),
        3: font,
        4: b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
    }
    for at in range(pages):
        objects[10 + at] = (
            b"42"
            if at in broken
            else b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>"
        )
    out = bytearray(b"%PDF-1.4\n")
    places = {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 1\n0000000000 65535 f \n"
    for number, place in places.items():
        out += b"%d 1\n%010d 00000 n \n" % (number, place)
    out += b"trailer << /Size 99 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start
    return bytes(out)


HELVETICA = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
