"""A message of mail taken apart: its headers as they are meant, and what it carries."""

from __future__ import annotations

import email
import email.header
import email.utils
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.message import Message

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.formats.text_builder import one_line

# Parts in parts beyond this are no letter any more.
_DEEPEST = 50


@dataclass(frozen=True, slots=True)
class Part:
    """What holds no other parts: its bytes, and what is said of them.

    By its ``content_id``, a page may show a picture.
    ``alternative`` numbers the choice that it belongs to, of parts that say the same; -1 for none.
    """

    content_type: str
    data: bytes
    charset: str = ""
    name: str = ""
    is_attached: bool = False
    content_id: str = ""
    is_flowed: bool = False
    joins_without_space: bool = False
    alternative: int = -1


def message_of(data: bytes) -> Message:
    """A message as it was sent.

    Raises:
        UnusableInput: its parts are too deep in each other.
    """
    try:
        return email.message_from_bytes(data, policy=policy.compat32)
    except RecursionError:
        raise UnusableInput("is broken: its parts are nested too deeply") from None


def header(message: Message, name: str) -> str:
    """A header in plain characters, on one line; "" if there is none."""
    return plain(message.get(name))


def addresses(message: Message, name: str) -> str:
    """The names and addresses of a header."""
    return ", ".join(filter(None, (plain(one) for one in message.get_all(name, []))))


def plain(value: object) -> str:
    """What a header says, without the encoding in which it was sent."""
    if value is None:
        return ""
    parts = []
    try:
        for data, charset in email.header.decode_header(value):  # type: ignore[arg-type]
            parts.append(data if isinstance(data, str) else _decoded(data, charset))
    except Exception:  # the standard library's own parser falls over some
        parts = [str(value)]
    return one_line("".join(parts))


def _decoded(data: bytes, charset: str | None) -> str:
    for name in (charset, "utf-8", "cp1252"):
        try:
            if name and name != "unknown-8bit":
                return data.decode(name)
        except (LookupError, ValueError):
            continue
    return data.decode("latin-1")


def date_of(message: Message) -> str | None:
    """When a message was sent, as ``YYYY-MM-DD``, in the place where it was."""
    try:
        return email.utils.parsedate_to_datetime(header(message, "Date")).date().isoformat()
    except (TypeError, ValueError, IndexError, OverflowError):
        return None


def name_of(person: str) -> str:
    """The name before an address, or else the address."""
    name, address = email.utils.parseaddr(person)
    return one_line(name or address or person)


def leaves(message: Message) -> Iterator[Part]:
    """The parts that hold no others, in their order. A message inside another is one of them."""
    stack: list[tuple[Message, int, int]] = [(message, 0, -1)]
    choices = 0
    while stack:
        part, depth, alternative = stack.pop()
        kind = part.get_content_type()
        if kind == "message/rfc822" and part.is_multipart():
            yield _forwarded(part, alternative)
        elif part.is_multipart() and depth < _DEEPEST:
            if kind == "multipart/alternative" and alternative < 0:
                alternative = choices
                choices += 1
            inside = [one for one in part.get_payload() if isinstance(one, Message)]
            stack += [(one, depth + 1, alternative) for one in reversed(inside)]
        elif not part.is_multipart():
            yield _leaf(part, kind, alternative)


def _leaf(part: Message, kind: str, alternative: int) -> Part:
    try:
        data = part.get_payload(decode=True)
    except Exception:  # as above
        data = None
    name = _filename(part)
    return Part(
        kind,
        data if isinstance(data, bytes) else b"",
        _parameter(part, "charset"),
        name,
        part.get_content_disposition() == "attachment" or bool(name),
        header(part, "Content-ID").strip("<>"),
        _parameter(part, "format").lower() == "flowed",
        _parameter(part, "delsp").lower() == "yes",
        alternative,
    )


def _forwarded(part: Message, alternative: int) -> Part:
    inside = part.get_payload(0)
    assert isinstance(inside, Message)
    try:
        data = inside.as_bytes()
    except Exception:  # as above
        data = str(inside).encode("utf-8", "surrogateescape")
    name = _filename(part) or re.sub(r"[^\w .,-]", "", header(inside, "Subject")) or "message"
    name = name if name.lower().endswith(".eml") else f"{name}.eml"
    return Part("message/rfc822", data, name=name, is_attached=True, alternative=alternative)


def _filename(part: Message) -> str:
    try:
        return plain(part.get_filename())
    except Exception:  # as above
        return ""


def _parameter(part: Message, name: str) -> str:
    try:
        value = part.get_param(name, "")
        return email.utils.collapse_rfc2231_value(value) if value else ""
    except Exception:  # as above
        return ""
