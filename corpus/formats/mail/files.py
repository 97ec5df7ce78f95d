"""Files of mail: a message, or a whole folder of them one after another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.formats.html.page import PAGE_VERSION
from footnoted.corpus.formats.mail.letter import read_letter
from footnoted.corpus.formats.mail.parts import message_of
from footnoted.corpus.protocols import Peek
from footnoted.corpus.types import Attachment, Contents, Extracted

_FIELD = re.compile(rb"[!-9;-~]+:[ \t]?")
_FIELDS = re.compile(
    rb"^(?:from|to|subject|date|message-id|received|return-path|mime-version|delivered-to"
    rb"|x-mozilla-status):",
    re.I | re.M,
)
# What begins each message: sender and time, though some programs write no time.
_BEGINS = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From ([^\r\n]*)\r?\n(?=[!-9;-~]+:)")
_TIME = re.compile(rb"\d\d:\d\d")
_ESCAPED = re.compile(rb"^>(?=>*From )", re.M)


class Eml:
    """``.eml`` files; see ``corpus.protocols.Format``."""

    name = "EML"
    endings = (".eml",)
    version = PAGE_VERSION

    def recognises(self, file: Peek) -> bool:
        head = file.head.removeprefix(b"\xef\xbb\xbf").lstrip()
        return file.ending in self.endings and bool(_FIELD.match(head))

    def read(self, path: Path, password: str | None = None) -> Contents:
        data = path.read_bytes().removeprefix(b"\xef\xbb\xbf").lstrip()
        if not _FIELD.match(data):
            raise UnusableInput("is no mail: it begins with no header")
        return read_letter(message_of(data))


class Mbox:
    """``.mbox`` files; see ``corpus.protocols.Format``."""

    name = "MBOX"
    endings = (".mbox", ".mbx")
    version = PAGE_VERSION

    def recognises(self, file: Peek) -> bool:
        begins = _BEGINS.match(file.head)
        return begins is not None and _FIELDS.search(file.head, begins.end()) is not None

    def read(self, path: Path, password: str | None = None) -> Contents:
        texts: list[Extracted] = []
        warnings: list[str] = []
        lost: list[str] = []
        attached: list[Attachment] = []
        for number, data in enumerate(messages(path.read_bytes()), start=1):
            try:
                contents = read_letter(message_of(data), str(number))
            except UnusableInput as error:
                lost.append(f"message {number} {error}")
                warnings.append(lost[-1])
                continue
            texts += contents.texts
            warnings += (f"message {number} {one}" for one in contents.warnings)
            lost += (f"message {number} {one}" for one in contents.lost)
            attached += contents.attachments
        if not texts:
            raise UnusableInput("; ".join(warnings) or "holds no messages")
        return Contents(tuple(texts), tuple(warnings), tuple(attached), tuple(lost))


def messages(data: bytes) -> Iterator[bytes]:
    """The messages of a file of many, without the lines that begin them."""
    begins = [one for one in _BEGINS.finditer(data) if _is_beginning(one[1])]
    ends = [one.start() for one in begins[1:]] + [len(data)]
    for one, end in zip(begins, ends, strict=False):
        yield _ESCAPED.sub(b"", data[one.end() : end])


def _is_beginning(said: bytes) -> bool:
    return len(said.split()) <= 2 or _TIME.search(said) is not None
