"""The kinds of file that can be read. To add one, write a ``Format`` and name it here."""

from __future__ import annotations

from pathlib import Path

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.formats.beir import Beir
from footnoted.corpus.formats.detection import FilePeek
from footnoted.corpus.formats.docx.reader import Docx
from footnoted.corpus.formats.epub import Epub
from footnoted.corpus.formats.html.mhtml import Mhtml
from footnoted.corpus.formats.html.page import Html
from footnoted.corpus.formats.mail.files import Eml, Mbox
from footnoted.corpus.formats.mail.msg import Msg
from footnoted.corpus.formats.markdown import Markdown
from footnoted.corpus.formats.old_office import OldOffice
from footnoted.corpus.formats.opendocument.reader import OpenDocument
from footnoted.corpus.formats.pdf import PageImage, Pdf
from footnoted.corpus.formats.pdf.tesseract import Tesseract
from footnoted.corpus.formats.plain import PlainText
from footnoted.corpus.formats.pptx import Pptx
from footnoted.corpus.formats.protected_office import ProtectedOffice
from footnoted.corpus.formats.rtf import Rtf
from footnoted.corpus.formats.sheets.delimited import Delimited
from footnoted.corpus.formats.sheets.workbook import Workbook
from footnoted.corpus.protocols import Format

# What its program is, and can read, is asked once.
_TESSERACT = Tesseract()

FORMATS: tuple[Format, ...] = (
    ProtectedOffice((Docx(), Pptx(), Workbook())),
    Docx(),
    OldOffice("old Word", (".doc",), "WordDocument", Docx()),
    Pptx(),
    OldOffice("old PowerPoint", (".ppt",), "PowerPoint Document", Pptx()),
    OpenDocument(),
    Epub(),
    Rtf(),
    Pdf(_TESSERACT),
    PageImage(_TESSERACT),
    Html(),
    Mhtml(),
    Eml(),
    Mbox(),
    Msg(),
    Workbook(),
    Delimited(),
    Markdown(),
    Beir(),
    PlainText(),
)
"""In the order in which they are asked whether they recognise a file."""

_BY_ENDING = {ending: one for one in FORMATS for ending in one.endings}


def is_named_as_known(path: Path) -> bool:
    """Whether a file's name ends as those of files that can be read."""
    return path.suffix.lower() in _BY_ENDING


def format_of(path: Path) -> Format:
    """The format of the regular file at ``path``: by what stands in it, else by its name.

    Raises:
        UnusableInput: there is no reader for it; the message goes on from the file's name.
        OSError: it cannot be opened.
    """
    peek = FilePeek(path)
    for one in FORMATS:
        if one.recognises(peek):
            return one
    if peek.ending in _BY_ENDING:
        return _BY_ENDING[peek.ending]
    kinds = ", ".join(one.name for one in FORMATS if one.endings)
    raise UnusableInput(f"no reader for {peek.ending or 'such'} files (there is one for {kinds})")
