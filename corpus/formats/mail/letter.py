"""One message of mail as a text: who wrote it to whom, and what it says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from email.message import Message

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.formats.encoding import decode
from footnoted.corpus.formats.flow import Block, Item, write
from footnoted.corpus.formats.html.blocks import flow
from footnoted.corpus.formats.html.tree import decoded, parsed, to_text
from footnoted.corpus.formats.mail.parts import Part, addresses, date_of, header, leaves, name_of
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
    body, warnings = _body(parts)
    text = written(said, body)
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
    return Contents((kept,), warnings + left_out, attached)


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


def _body(parts: Sequence[Part]) -> tuple[list[Item], tuple[str, ...]]:
    """What a message says: of parts that say the same, the plain one."""
    items: list[Item] = []
    warnings: tuple[str, ...] = ()
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
        said, damaged = _items(part)
        items += said
        warnings += tuple(one for one in damaged if one not in warnings)
    if any(part.content_type in _ENCRYPTED for part in parts):
        warnings += ("is encrypted; what is sealed in it cannot be read",)
    return items, warnings


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
        len(_WORD.findall(item.says)) for item in _items(page)[0] if isinstance(item, Block)
    )
    return page if shown > _MANY_TIMES * words else plain


def _items(part: Part) -> tuple[list[Item], tuple[str, ...]]:
    if not part.data.strip():
        return [], ()
    try:
        if part.content_type in _HTML:
            text, warnings = to_text(part.data, part.charset)
            return html_items(text), warnings
        text, warnings = _text(part)
    except UnusableInput as error:
        return [], (f"a part of it {error}",)
    return of_plain(text, part.is_flowed, part.joins_without_space), warnings


def _text(part: Part) -> tuple[str, tuple[str, ...]]:
    text = decoded(part.data, part.charset)
    return (text, ()) if text is not None else decode(part.data)


def _attachments(parts: Sequence[Part]) -> tuple[tuple[Attachment, ...], tuple[str, ...]]:
    """The files that a message carries, and of those that are no texts, how many."""
    attached: list[Attachment] = []
    images = 0
    for part in parts:
        if part.content_type.startswith(("image/", "audio/", "video/")):
            images += part.is_attached
        elif part.content_type in (*_SIGNED, *_ENCRYPTED):
            continue
        elif part.data and (
            part.is_attached or not part.content_type.startswith(("text/", "message/"))
        ):
            attached.append(Attachment(part.name or _unnamed(part, len(attached)), part.data))
    many = (
        f"{images} attached pictures or recordings"
        if images > 1
        else "1 attached picture or recording"
    )
    return tuple(attached), (f"{many} left out",) if images else ()


def _unnamed(part: Part, before: int) -> str:
    import mimetypes

    return f"attachment {before + 1}{mimetypes.guess_extension(part.content_type) or ''}"
