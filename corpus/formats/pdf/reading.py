"""A PDF file to its contents: opened, read page by page, with what could not be read."""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdf
from numpy.typing import NDArray

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.formats.pdf.blocks import Block, blocks
from footnoted.corpus.formats.pdf.characters import Word, Writing, writing
from footnoted.corpus.formats.pdf.columns import columns
from footnoted.corpus.formats.pdf.composing import Composer, PageBlocks
from footnoted.corpus.formats.pdf.furniture import Sheet, line_numbers, running
from footnoted.corpus.formats.pdf.grids import grids
from footnoted.corpus.formats.pdf.lines import Line, close, merged, rows, stretches
from footnoted.corpus.formats.pdf.rules import drawn, with_bullets
from footnoted.corpus.formats.text_builder import clean
from footnoted.corpus.types import Attachment, Contents, Extracted

Recogniser = Callable[[NDArray[np.uint8]], list[Word]]
"""Reads the image of a page, of shape (height, width, 3) in RGB; words are placed in pixels."""

# Pages on either side with which a page's header and footer are compared: left and right pages
# may have different ones.
_NEIGHBOURS = 2
# The share of characters from which on it is said that they cannot be read.
_WORTH_SAYING = 0.05
_MOST_WARNINGS = 5
_DOTS_PER_INCH, _POINTS_PER_INCH = 200, 72
_MOST_ATTACHED = 512 * 2**20
# Writing in another direction than most is part of the text if it is this much of it.
_MUCH = 0.3
_MOSTLY = 0.6

_NO_TITLE = re.compile(
    r"microsoft (word|excel|powerpoint)\b.*|untitled.*|\(?(unknown|anonymous|unspecified)\)?|title|"
    r"slide ?\d*|document ?\d*|"
    r"\S*\.(docx?|pdf|pptx?|xlsx?|odt|rtf|tex|dvi|ps|fm|indd|qxd|html?|txt|wpd|p65|pmd)|\W*|\d+",
    re.I,
)
_FILE_NAME = re.compile(r".*\.(docx?|pdf|pptx?|xlsx?|odt|rtf|tex|dvi|indd|qxd|wpd)", re.I)
_NOBODY = re.compile(
    r"\(?(unknown|anonymous|unspecified)\)?|user|admin(istrator)?|owner|author|default|\W*", re.I
)
_DATE = re.compile(r"(?:D:)?\s*(\d{4})(\d\d)(\d\d)")


def read(path: Path, password: str | None, recognise: Recogniser | None) -> Contents:
    """See ``corpus.protocols.Format.read``."""
    with closing(_opened(path, password)) as document:
        try:
            return _contents(document, recognise)
        except pdfium.PdfiumError as error:
            raise UnusableInput(f"is broken: {error}") from None


def _opened(path: Path, password: str | None) -> pdfium.PdfDocument:
    with path.open("rb") as file:
        if not file.read(1):
            raise UnusableInput("is empty")
    secret = None if password is None else password.encode()
    raw = pdf.FPDF_LoadDocument(os.fsencode(path), secret)
    if raw:
        document = pdfium.PdfDocument(raw)
        if len(document):
            return document
        document.close()
        raise UnusableInput("is broken: it has no pages")
    if pdf.FPDF_GetLastError() != pdf.FPDF_ERR_PASSWORD:
        raise UnusableInput("is broken: it is not a PDF, or a part of it is missing")
    if password is None:
        raise UnusableInput("is protected by a password; give it with --password")
    raise UnusableInput("is protected by another password than the one that --password gives")


def _contents(document: pdfium.PdfDocument, recognise: Recogniser | None) -> Contents:
    found = _Findings()
    composer = Composer(_outline(document))
    for sheet, around in _with_neighbours(_sheets(document, found, recognise)):
        try:
            composer.add(_laid_out(sheet, around))
        except Exception:  # one page that nobody foresaw must not lose the others
            found.broken.append(sheet.number)
    builder = composer.compose()
    if not builder.text:
        raise UnusableInput(found.why_empty(len(document)))
    title, author, day = _metadata(document)
    extracted = Extracted(
        builder.text,
        title or composer.title,
        author=author,
        date=day,
        pages=builder.pages,
        annotations=builder.annotations,
    )
    warnings = found.warnings()
    return Contents((extracted,), warnings, _attachments(document), lost=warnings)


@dataclass
class _Findings:
    """What is wrong with which pages, by their numbers."""

    without_text: list[int] = field(default_factory=list)
    broken: list[int] = field(default_factory=list)
    unreadable: list[tuple[int, float]] = field(default_factory=list)

    def warnings(self) -> tuple[str, ...]:
        """For users, one line each: each tells of text that could not be read."""
        said = []
        if self.without_text:
            verb = "holds" if len(self.without_text) == 1 else "hold"
            said.append(f"{_pages(self.without_text)} {verb} no text (scanned?)")
        if self.broken:
            said.append(f"{_pages(sorted(self.broken))} cannot be read: broken")
        worst = [(page, share) for page, share in self.unreadable if share >= _WORTH_SAYING]
        for page, share in worst[:_MOST_WARNINGS]:
            said.append(
                f"page {page}: {share:.0%} of its characters cannot be read".replace("%", " %")
            )
        if len(worst) > _MOST_WARNINGS:
            rest = [page for page, _ in worst[_MOST_WARNINGS:]]
            said.append(f"{_pages(rest)}: characters that cannot be read, too")
        return tuple(said)

    def why_empty(self, pages: int) -> str:
        """Why there is no text at all, and what can be done."""
        if self.unreadable:
            return (
                "holds no text that can be read: its fonts do not say which characters they show; "
                "print it to a new PDF or run it through text recognition (OCR), such as ocrmypdf"
            )
        if len(self.broken) == pages:
            return "is broken: none of its pages can be read"
        return (
            "holds no text on any page: it seems to be scanned; run it through text recognition "
            "(OCR), such as ocrmypdf, and index what that writes"
        )


def _pages(numbers: Sequence[int]) -> str:
    """Such as ``pages 2 to 9 and 12``."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    parts = [
        [str(a), str(b)][: b - a + 1] if b - a < 2 else [f"{a} to {b}"]
        for a, b in runs[: 2 * _MOST_WARNINGS]
    ]
    said = [one for part in parts for one in part]
    if len(runs) > len(parts):
        said.append(f"{len(runs) - len(parts)} further stretches")
    together = " and ".join(filter(None, (", ".join(said[:-1]), said[-1])))
    return f"page {together}" if len(numbers) == 1 else f"pages {together}"


def _with_neighbours(sheets: Iterable[Sheet]) -> Iterator[tuple[Sheet, Sequence[Sheet]]]:
    """Each sheet with those around it, which alone are held."""
    held: deque[Sheet] = deque(maxlen=2 * _NEIGHBOURS + 1)
    waiting: deque[Sheet] = deque()
    for sheet in sheets:
        held.append(sheet)
        waiting.append(sheet)
        if len(waiting) > _NEIGHBOURS:
            yield waiting.popleft(), held
    while waiting:
        sheet = waiting.popleft()
        yield sheet, [one for one in held if abs(one.number - sheet.number) <= _NEIGHBOURS]


def _sheets(
    document: pdfium.PdfDocument, found: _Findings, recognise: Recogniser | None
) -> Iterator[Sheet]:
    for at in range(len(document)):
        try:
            yield _sheet(document, at, found, recognise)
        except Exception:  # PDFium's own error, or what broken measures lead to
            found.broken.append(at + 1)


def _sheet(
    document: pdfium.PdfDocument, at: int, found: _Findings, recognise: Recogniser | None
) -> Sheet:
    label = document.get_page_label(at)
    with closing(_filled_in(document, at)) as page:
        written = writing(page)
        if written.unreadable:
            found.unreadable.append((at + 1, written.unreadable / written.characters))
        if not written.words and pdf.FPDFPage_CountObjects(page.raw):
            if recognise:
                written = _recognised(page, recognise)
            if not written.words and not written.unreadable:
                found.without_text.append(at + 1)
        return _measured(page, at + 1, label, written)


def _filled_in(document: pdfium.PdfDocument, at: int) -> pdfium.PdfPage:
    """A page with what is filled in on its forms and typed on top of it."""
    page = document[at]
    if not any(_is_text(page, number) for number in range(pdf.FPDFPage_GetAnnotCount(page.raw))):
        return page
    flattened = pdf.FPDFPage_Flatten(page.raw, pdf.FLAT_NORMALDISPLAY)
    if flattened != pdf.FLATTEN_SUCCESS:
        return page
    page.close()
    return document[at]


def _is_text(page: pdfium.PdfPage, number: int) -> bool:
    annotation = pdf.FPDFPage_GetAnnot(page.raw, number)
    if not annotation:
        return False
    kind = pdf.FPDFAnnot_GetSubtype(annotation)
    pdf.FPDFPage_CloseAnnot(annotation)
    return bool(kind in (pdf.FPDF_ANNOT_WIDGET, pdf.FPDF_ANNOT_FREETEXT))


def _measured(page: pdfium.PdfPage, number: int, label: str, written: Writing) -> Sheet:
    """The lines of a page, and what stands beside them."""
    beside = line_numbers(written.words)
    lines = close(stretches(word for word in written.words if id(word) not in beside))
    aside = [" ".join(word.text for word in written.words if id(word) in beside)]
    for words in written.aside:
        others = close(stretches(words))
        if _weight(words) > _MUCH * _weight(written.words):
            # Below all the rest, as if it stood on a page of its own.
            lines += _below(others, lines)
        else:
            aside += [line.text for line in others]
    found = drawn(page, written.turns)
    with_bullets(lines, found.dots)
    boxed, lines = grids(lines, found.rules)
    edges = written.top, written.bottom
    return Sheet(number, label, [*lines, *boxed], aside, *edges, found.rules)


def _weight(words: Iterable[Word]) -> int:
    return sum(len(word.text) for word in words)


def _below(others: Sequence[Line], lines: Sequence[Line]) -> list[Line]:
    down = max(line.bottom for line in lines) - min(line.top for line in others)
    words = [word for line in others for word in line.words]
    for word in words:
        word.y += down + 4 * word.size
    return close(stretches(words))


def _recognised(page: pdfium.PdfPage, recognise: Recogniser) -> Writing:
    """What stands in the image of a page."""
    scale = _DOTS_PER_INCH / _POINTS_PER_INCH
    bitmap = page.render(scale=scale, rev_byteorder=True)
    with closing(bitmap):
        words = recognise(np.array(bitmap.to_numpy()[:, :, :3], dtype=np.uint8))
        height = bitmap.height
    for word in words:
        word.x0, word.x1 = word.x0 / scale, word.x1 / scale
        word.y, word.size = word.y / scale, word.size / scale
    return Writing(words, [], 0.0, height / scale, 0, _weight(words), 0)


def _laid_out(sheet: Sheet, around: Sequence[Sheet]) -> PageBlocks:
    """The blocks of a page, its header and footer apart."""
    if _is_typescript(around):
        for line in sheet.lines:
            for word in line.words:
                word.fixed = False
    head, foot = running(sheet, around)
    taken = {id(line) for line in (*head, *foot)}
    found: list[list[Block]] = []
    notes: list[Block] = []
    for column in columns([line for line in sheet.lines if id(line) not in taken], sheet.rules):
        if column.margin:
            notes += blocks(column.lines, ())
        else:
            found.append(blocks(column.lines, sheet.rules))
    return PageBlocks(
        sheet.number, sheet.label, found, notes, _rows_of(head), [*_rows_of(foot), *sheet.aside]
    )


def _is_typescript(around: Sequence[Sheet]) -> bool:
    """Whether most lines are typewritten, so that such type is not that of programs alone."""
    lines = [line for sheet in around for line in sheet.lines]
    return sum(line.fixed for line in lines) > _MOSTLY * len(lines)


def _rows_of(lines: Iterable[Line]) -> list[str]:
    return [merged(row).text for row in rows(lines)]


def _outline(document: pdfium.PdfDocument) -> list[str]:
    """The titles of its bookmarks."""
    try:
        return [one.get_title() for one in islice(document.get_toc(max_depth=6), 10_000)]
    except Exception:  # a broken outline is no loss
        return []


def _metadata(document: pdfium.PdfDocument) -> tuple[str, str | None, str | None]:
    """The title, "" if there is none that says anything; the author and the date."""

    def value(key: str) -> str:
        try:
            said: str = document.get_metadata_value(key)
        except Exception:  # not in the encoding that it should be in
            return ""
        return clean(said.replace("\0", "")).replace("\n", " ")

    title, author = value("Title"), value("Author")
    if _NO_TITLE.fullmatch(title) or _FILE_NAME.fullmatch(title):
        title = ""
    nobody = not author or _NOBODY.fullmatch(author)
    return title, None if nobody else author, _day(value("CreationDate"))


def _day(written: str) -> str | None:
    """A date of PDF, D:20240131…, as 2024-01-31."""
    match = _DATE.match(written)
    if not match:
        return None
    try:
        return date(*map(int, match.groups())).isoformat()
    except ValueError:
        return None


def _attachments(document: pdfium.PdfDocument) -> tuple[Attachment, ...]:
    found: list[Attachment] = []
    left = _MOST_ATTACHED
    try:
        for at in range(document.count_attachments()):
            one = document.get_attachment(at)
            data: Any = bytes(one.get_data())
            left -= len(data)
            if left < 0:
                break
            found.append(Attachment(one.get_name(), data))
    except Exception:  # a broken attachment must not lose the text
        return tuple(found)
    return tuple(found)
