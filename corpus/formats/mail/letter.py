"""One message of mail as a text: who wrote it to whom, and what it says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from email.message import Message
from typing import NamedTuple

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.formats.encoding import decode
from footnoted.corpus.formats.flow import Block, Item, write
from footnoted.corpus.formats.html.blocks import flow
from footnoted.corpus.formats.html.tree import decoded, parsed, to_text
from footnoted.corpus.formats.mail.parts import Part, addresses, date_of, header, leaves, name_of
from footnoted.corpus.formats.mail.pictures import left_out, may_hold_text
from footnoted.corpus.formats.mail.quotes import of_plain, with_writers
from footnoted.corpus.formats.text_builder import TextBuilder
from footnoted.corpus.types import Attachment, Contents, Extracted

_HEADERS = ("From", "To", "Cc", "Date", "Subject")
_HTML = ("text/html", "application/xhtml+xml")
_SIGNED = (
    "application/pgp-signature",
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
)
_ENCRYPTED = ("application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted")
_SHOWN = re.compile(rb"""\bcid:([^\s"'<>()]+)""")
_WORD = re.compile(r"\w+")
# Some programs send a word of excuse as the plain text of a page.
_EXCUSE, _MANY_TIMES = 40, 4


def read_letter(message: Message, part: str | None = None) -> Contents:
    """A message and what is attached to it.

    Raises:
        UnusableInput: there is neither a header nor a word in it.
    """
    said = [(name, addresses(message, name)) for name in _HEADERS]
    parts = list(leaves(message))
    body = _body(parts)
    text = written(said, body.items)
    if text is None:
        raise UnusableInput("holds no text")
    attached, left_out = _attachments(parts)
    kept = Extracted(
        text.text,
        header(message, "Subject"),
        author=name_of(header(message, "From")) or None,
        date=date_of(message),
        annotations=text.annotations,
        part=part,
    )
    return Contents((kept,), (*body.noted, *body.lost, *left_out), attached, tuple(body.lost))


def written(headers: Iterable[tuple[str, str]], body: Sequence[Item]) -> TextBuilder | None:
    """A message's headers as a record, and its body below; None if both are empty."""
    builder = TextBuilder()
    with builder.within("record"):
        for name, value in headers:
            builder.fields([(name, value)])
    write(builder, with_writers(body))
    return builder if builder.length else None


def html_items(html: str) -> list[Item]:
    """The blocks of a message that is a page."""
    return flow(parsed(html)).items


class _Said(NamedTuple):
    """What a message or a part of it says, what is noted about it, and what could not be read."""

    items: list[Item]
    noted: Sequence[str] = ()
    lost: Sequence[str] = ()


def _body(parts: Sequence[Part]) -> _Said:
    """What a message says: of parts that say the same, the plain one."""
    items: list[Item] = []
    noted: dict[str, None] = {}
    lost: dict[str, None] = {}
    done: set[int] = set()
    for part in parts:
        if (
            part.is_attached
            or not part.content_type.startswith("text/")
            or part.alternative in done
        ):
            continue
        if part.alternative >= 0:
            done.add(part.alternative)
            part = _plainest([one for one in parts if one.alternative == part.alternative])
        said = _said(part)
        items += said.items
        noted |= dict.fromkeys(said.noted)
        lost |= dict.fromkeys(said.lost)
    if any(part.content_type in _ENCRYPTED for part in parts):
        lost["is encrypted; what is sealed in it cannot be read"] = None
    return _Said(items, list(noted), list(lost))


def _plainest(same: Sequence[Part]) -> Part:
    """The plain text, unless it holds next to nothing of what the page says."""
    texts = [one for one in same if one.content_type.startswith("text/") and not one.is_attached]
    plain = next((one for one in texts if one.content_type == "text/plain"), None)
    page = next((one for one in texts if one.content_type in _HTML), None)
    if plain is None or page is None:
        return plain or page or texts[0]
    words = len(_WORD.findall(_text(plain)[0]))
    if words > _EXCUSE:
        return plain
    shown = sum(
        len(_WORD.findall(item.says)) for item in _said(page).items if isinstance(item, Block)
    )
    return page if shown > _MANY_TIMES * words else plain


def _said(part: Part) -> _Said:
    if not part.data.strip():
        return _Said([])
    try:
        if part.content_type in _HTML:
            text, noted = to_text(part.data, part.charset)
            return _Said(html_items(text), noted)
        text, noted = _text(part)
    except UnusableInput as error:
        return _Said([], lost=[f"a part of it {error}"])
    return _Said(of_plain(text, part.is_flowed, part.joins_without_space), noted)


def _text(part: Part) -> tuple[str, tuple[str, ...]]:
    text = decoded(part.data, part.charset)
    return (text, ()) if text is not None else decode(part.data)


def _attachments(parts: Sequence[Part]) -> tuple[tuple[Attachment, ...], tuple[str, ...]]:
    """The files that a message carries, and of those that hold no text, how many."""
    attached: list[Attachment] = []
    left = 0
    pages = [part.data for part in parts if part.content_type in _HTML]
    shown = {found[1].decode("latin-1") for page in pages for found in _SHOWN.finditer(page)}
    for part in parts:
        if part.content_type.startswith(("image/", "audio/", "video/")) and not may_hold_text(
            part.data, part.content_id in shown
        ):
            left += part.is_attached
        elif part.content_type in (*_SIGNED, *_ENCRYPTED):
            continue
        elif part.data and (
            part.is_attached or not part.content_type.startswith(("text/", "message/"))
        ):
            attached.append(Attachment(part.name or _unnamed(part, len(attached)), part.data))
    return tuple(attached), left_out(left)


def _unnamed(part: Part, before: int) -> str:
    import mimetypes

    return f"attachment {before + 1}{mimetypes.guess_extension(part.content_type) or ''}"
