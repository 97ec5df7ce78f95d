"""A PDF file to its contents: opened, read page by page, with what could not be read."""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdf

from footnoted.corpus.errors import NoText, Protected, UnusableInput
from footnoted.corpus.formats.pdf.blocks import Block, blocks
from footnoted.corpus.formats.pdf.characters import Word, Writing, writing
from footnoted.corpus.formats.pdf.columns import columns
from footnoted.corpus.formats.pdf.composing import Composer, PageBlocks
from footnoted.corpus.formats.pdf.furniture import Sheet, line_numbers, running
from footnoted.corpus.formats.pdf.grids import grids
from footnoted.corpus.formats.pdf.lines import Line, close, merged, rows, stretches
from footnoted.corpus.formats.pdf.recognition import Recogniser, Recognition, is_stamped_scan
from footnoted.corpus.formats.pdf.rules import drawn, with_bullets
from footnoted.corpus.formats.protected_office import ASK, WRONG
from footnoted.corpus.formats.text_builder import clean
from footnoted.corpus.types import Attachment, Contents, Extracted
from footnoted.corpus.wording import ranged

# Pages on either side with which a page's header and footer are compared: left and right pages
# may have different ones.
_NEIGHBOURS = 2
# The share of characters from which on it is said that they cannot be read.
_WORTH_SAYING = 0.05
_MOST_WARNINGS = 5
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


def read(path: Path, password: str | None, recogniser: Recogniser) -> Contents:
    """See ``corpus.protocols.Format.read``."""
    with closing(_opened(path, password)) as document:
        try:
            return contents_of(document, Recognition(recogniser, path.stat().st_size))
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
        raise Protected(ASK)
    raise Protected(WRONG)


def contents_of(document: pdfium.PdfDocument, recognition: Recognition) -> Contents:
    """What a document holds.

    Raises:
        NoText: that is no text.
        UnusableInput: none of its text can be read.
    """
    found = _Findings(recognition)
    composer = Composer(_outline(document))
    for sheet, around in _with_neighbours(_sheets(document, found)):
        try:
            composer.add(_laid_out(sheet, around))
        except Exception:  # one page that nobody foresaw must not lose the others
            found.broken.append(sheet.number)
    builder = composer.compose()
    if not builder.text:
        unread = found.lost() or found.unreadable
        raise (UnusableInput if unread else NoText)(found.why_empty(len(document)))
    title, author, day = _metadata(document)
    extracted = Extracted(
        builder.text,
        title or composer.title,
        author=author,
        date=day,
        pages=builder.pages,
        annotations=builder.annotations,
    )
    return Contents((extracted,), found.warnings(), _attachments(document), lost=found.lost())


@dataclass
class _Findings:
    """What is wrong with which pages, by their numbers."""

    recognition: Recognition
    without_text: list[int] = field(default_factory=list)
    stamped: list[int] = field(default_factory=list)
    broken: list[int] = field(default_factory=list)
    unreadable: list[tuple[int, float]] = field(default_factory=list)

    def warnings(self) -> tuple[str, ...]:
        """For users, one line each."""
        return *self.recognition.noted(), *self.lost()

    def lost(self) -> tuple[str, ...]:
        """Those of the warnings that tell of text that could not be read."""
        said = []
        for numbers, text in (
            (self.without_text, "no text"),
            (self.stamped, "no text but what was set on top of an image"),
        ):
            if numbers:
                verb = "holds" if len(numbers) == 1 else "hold"
                pages = ranged("page", numbers)
                said.append(f"{pages} {verb} {text} (scanned?); {self.recognition.remedy}")
        said += self.recognition.lost()
        if self.broken:
            said.append(f"{ranged('page', sorted(self.broken))} cannot be read: broken")
        worst = [(page, share) for page, share in self.unreadable if share >= _WORTH_SAYING]
        for page, share in worst[:_MOST_WARNINGS]:
            said.append(
                f"page {page}: {share:.0%} of its characters cannot be read".replace("%", " %")
            )
        if len(worst) > _MOST_WARNINGS:
            rest = [page for page, _ in worst[_MOST_WARNINGS:]]
            said.append(f"{ranged('page', rest)}: characters that cannot be read, too")
        return tuple(said)

    def why_empty(self, pages: int) -> str:
        """Why there is no text at all, and what can be done."""
        if len(self.broken) == pages:
            return "is broken: none of its pages can be read"
        seen = [f"; {line}" for line in (*self.recognition.noted(), *self.recognition.lost())]
        if self.unreadable:
            why = "holds no text that can be read: its fonts do not say which characters they show"
        elif seen or not self.without_text:
            why = "holds no text"
        else:
            why = "holds no text on any page: it seems to be scanned"
        if not seen and (self.without_text or self.unreadable):
            seen = [f"; {self.recognition.remedy}"]
        return why + ("".join(seen) or ": nothing stands on its pages")


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


def _sheets(document: pdfium.PdfDocument, found: _Findings) -> Iterator[Sheet]:
    for at in range(len(document)):
        try:
            yield _sheet(document, at, found)
        except Exception:  # PDFium's own error, or what broken measures lead to
            found.broken.append(at + 1)


def _sheet(document: pdfium.PdfDocument, at: int, found: _Findings) -> Sheet:
    label = document.get_page_label(at)
    with closing(_filled_in(document, at)) as page:
        return _measured(page, at + 1, label, _written(page, at + 1, found))


def _written(page: pdfium.PdfPage, number: int, found: _Findings) -> Writing:
    """What is written on a page or, where that is nothing to be read, shown on it."""
    written = writing(page)
    is_readable = written.words and 2 * written.unreadable <= written.characters
    is_stamped = is_readable and is_stamped_scan(page, written)
    if is_stamped or (not is_readable and pdf.FPDFPage_CountObjects(page.raw)):
        if recognised := found.recognition.read(page, number, written if is_stamped else None):
            return recognised
        if not found.recognition.has_seen(number):
            if is_stamped:
                found.stamped.append(number)
            elif not (written.words or written.unreadable):
                found.without_text.append(number)
    if written.unreadable:
        found.unreadable.append((number, written.unreadable / written.characters))
    return written


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
