"""One text as a file of each format, for benchmarks."""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from email.message import EmailMessage
from html import escape
from pathlib import Path

_SECTION = 8
"""As many paragraphs stand under a heading, and on a slide."""
_COLUMNS = 8
# LibreOffice's filter for each format, and what it is made from.
_CONVERTED = {".pdf": ".html", ".docx": ".html", ".odt": ".html", ".rtf": ".html", ".xlsx": ".csv"}


def write_files(paragraphs: Sequence[str], folder: Path) -> None:
    """Write ``paragraphs`` into ``folder`` once in each format; without LibreOffice, in fewer."""
    sections = [paragraphs[at : at + _SECTION] for at in range(0, len(paragraphs), _SECTION)]
    folder.joinpath("text.txt").write_text("\n\n".join(paragraphs), encoding="utf-8")
    folder.joinpath("text.md").write_text(_markdown(sections), encoding="utf-8")
    folder.joinpath("text.html").write_text(_html(sections), encoding="utf-8")
    _write_table(paragraphs, folder / "text.csv")
    _write_mail(paragraphs, folder / "text.eml")
    _write_book(sections, folder / "text.epub")
    _write_slides(sections, folder / "text.pptx")
    for ending, source in _CONVERTED.items():
        _convert(folder / f"text{source}", ending)


def _markdown(sections: Sequence[Sequence[str]]) -> str:
    said = ("\n\n".join([f"## Section {n}", *each]) for n, each in enumerate(sections, 1))
    return "\n\n".join(["# A text", *said]) + "\n"


def _html(sections: Sequence[Sequence[str]]) -> str:
    return (
        "<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><title>A text</title></head>"
        f"<body><article><h1>A text</h1>{''.join(map(_section, sections))}</article></body></html>"
    )


def _section(paragraphs: Sequence[str]) -> str:
    said = "".join(f"<p>{escape(one)}</p>" for one in paragraphs)
    return f"<h2>{escape(paragraphs[0][:40])}</h2>{said}"


def _write_table(paragraphs: Sequence[str], path: Path) -> None:
    words = " ".join(paragraphs).split()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Number", *(f"Column {n}" for n in range(1, _COLUMNS))])
        # Two words to a cell, and a number to each row.
        step = 2 * (_COLUMNS - 1)
        for number, at in enumerate(range(0, len(words), step), 1):
            row = words[at : at + step]
            cells = (" ".join(row[first : first + 2]) for first in range(0, len(row), 2))
            writer.writerow([number, *cells])


def _write_mail(paragraphs: Sequence[str], path: Path) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"] = "Ann <ann@example.org>", "Bo <bo@example.org>"
    mail["Subject"], mail["Date"] = "A text", "Mon, 03 Apr 2023 10:00:00 +0200"
    mail.set_content("\n\n".join(paragraphs))
    path.write_bytes(mail.as_bytes())


def _write_book(sections: Sequence[Sequence[str]], path: Path) -> None:
    names = [f"{number}.xhtml" for number in range(len(sections))]
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0">'
        '<rootfiles><rootfile full-path="book.opf" media-type="application/oebps-package+xml"/>'
        "</rootfiles></container>"
    )
    items = "".join(
        f'<item id="i{n}" href="{name}" media-type="application/xhtml+xml"/>'
        for n, name in enumerate(names)
    )
    spine = "".join(f'<itemref idref="i{n}"/>' for n in range(len(names)))
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>A text</dc:title>'
        '<dc:identifier id="id">1</dc:identifier><dc:language>en</dc:language></metadata>'
        f"<manifest>{items}</manifest>"
        f"<spine>{spine}</spine></package>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        book.writestr("META-INF/container.xml", container)
        book.writestr("book.opf", package)
        for name, section in zip(names, sections, strict=True):
            book.writestr(
                name,
                '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>A text</title></head>'
                f"<body>{_section(section)}</body></html>",
            )


def _write_slides(sections: Sequence[Sequence[str]], path: Path) -> None:
    from pptx import Presentation

    deck = Presentation()
    for section in sections:
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text = section[0][:40]
        slide.placeholders[1].text = "\n".join(section)
    deck.save(str(path))


def _convert(source: Path, ending: str) -> None:
    """Let LibreOffice write the same in another format, beside ``source``."""
    program = shutil.which("soffice")
    if not program:
        print(f"without LibreOffice, there is no {ending} file", file=sys.stderr)
        return
    reading = ["--infilter=HTML (StarWriter)"] if source.suffix == ".html" else []
    with tempfile.TemporaryDirectory() as profile:
        settings = f"-env:UserInstallation=file://{profile}"
        made = ["--convert-to", ending[1:], "--outdir", str(source.parent), str(source)]
        command = [program, settings, "--headless", *reading, *made]
        subprocess.run(command, check=True, capture_output=True)
