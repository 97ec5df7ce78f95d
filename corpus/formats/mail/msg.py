"""Messages as Outlook saves them."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.formats.flow import Item
from footnoted.corpus.formats.html.page import PAGE_VERSION
from footnoted.corpus.formats.html.tree import to_text
from footnoted.corpus.formats.mail.letter import html_items, written
from footnoted.corpus.formats.mail.parts import name_of
from footnoted.corpus.formats.mail.parts import plain as plain_of
from footnoted.corpus.formats.mail.pictures import left_out, may_hold_text
from footnoted.corpus.formats.mail.quotes import of_plain
from footnoted.corpus.formats.text_builder import one_line
from footnoted.corpus.protocols import Peek
from footnoted.corpus.types import Attachment, Contents, Extracted

if TYPE_CHECKING:
    from oxmsg import Message

_PROPERTIES = "__properties_version1.0"
_DISPLAY_TO, _DISPLAY_CC = 0x0E04, 0x0E03
_RECIPIENT_TYPE = 0x0C15
_TO, _CC = 1, 2
_HTML = 0x1013
_CONTENT_ID = 0x3712
_PICTURES = (
    ".png",
    ".jpg",
    ".jpeg",
    ".gif",
    ".bmp",
    ".tif",
    ".tiff",
    ".svg",
    ".webp",
    ".heic",
    ".emz",
    ".wmz",
)


class Msg:
    """``.msg`` files; see ``corpus.protocols.Format``."""

    name = "Outlook MSG"
    endings = (".msg",)
    version = f"{PAGE_VERSION} python-oxmsg {version('python-oxmsg')}"

    def recognises(self, file: Peek) -> bool:
        return _PROPERTIES in file.members

    def read(self, path: Path, password: str | None = None) -> Contents:
        from oxmsg import Message

        data = path.read_bytes()
        try:
            return _contents(Message.load(data))
        except UnusableInput:
            raise
        except Exception as error:  # its parser raises whatever it stumbles over
            reason = one_line(str(error)) or type(error).__name__
            raise UnusableInput(f"is broken: {reason}") from None


def _contents(message: Message) -> Contents:
    sent = message.sent_date
    sender = plain_of(message.sender or "")
    said = [
        ("From", sender),
        ("To", _recipients(message, _TO, _DISPLAY_TO)),
        ("Cc", _recipients(message, _CC, _DISPLAY_CC)),
        ("Date", sent.strftime("%Y-%m-%d %H:%M") if sent else ""),
        ("Subject", message.subject),
    ]
    text = written(said, _body(message))
    if text is None:
        raise UnusableInput("holds no text")
    attached, noted, lost = _attachments(message)
    extracted = Extracted(
        text.text,
        one_line(message.subject),
        author=name_of(sender) or None,
        date=sent.date().isoformat() if sent else None,
        annotations=text.annotations,
    )
    return Contents((extracted,), (*noted, *lost), attached, lost)


def _recipients(message: Message, kind: int, shown: int) -> str:
    """Names and addresses of those to whom a message went, else as they were shown."""
    found = [
        f"{one.name} <{one.email_address}>" if one.name != one.email_address else one.name
        for one in message.recipients
        if (one.properties.int_prop_value(_RECIPIENT_TYPE) or _TO) == kind and one.name
    ]
    return ", ".join(found) or message.properties.str_prop_value(shown) or ""


def _body(message: Message) -> list[Item]:
    plain = message.body or ""
    if plain.strip():
        return of_plain(plain)
    data = message.properties.binary_prop_value(_HTML)
    return html_items(to_text(data)[0] if data else message.html_body or "")


def _attachments(
    message: Message,
) -> tuple[tuple[Attachment, ...], tuple[str, ...], tuple[str, ...]]:
    """The files that a message carries, what is noted of the others, and what is lost by them."""
    found: list[Attachment] = []
    linked = pictures = 0
    for one in message.attachments:
        name = one_line(one.file_name or "")
        data: Any = one.file_bytes
        if not data:
            linked += 1
        elif name.lower().endswith(_PICTURES) and not may_hold_text(data, _is_shown(one)):
            pictures += 1
        else:
            found.append(Attachment(name or f"attachment {len(found) + 1}", data))
    many = f"{linked} attached messages or links" if linked > 1 else "1 attached message or link"
    lost = (f"{many} left out",) if linked else ()
    return tuple(found), left_out(pictures), lost


def _is_shown(attachment: Any) -> bool:
    """Whether a message's page may show an attachment, by the name that it has in it."""
    return bool(attachment.properties.str_prop_value(_CONTENT_ID))
