"""Bytes to text: as UTF-8, else in the likeliest other encoding; what is damaged is shown."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import chardet
from chardet import MINIMUM_THRESHOLD, EncodingEra

from footnoted.corpus.errors import UnusableInput

_DAMAGED = "\ufffd"
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_NOT_ASCII = bytes(range(128, 256))
_LINE_END = re.compile(r"\r\n?|\n")
_UNREADABLE = re.compile(f"[\0-\x08\x0e-\x1f\x7f{_DAMAGED}]")
# Control characters that texts do not hold, but bytes read in a wrong encoding do.
_CONTROLS = re.compile("[\x80-\x9f]")
# Above this share of control characters and damage, nobody would call it a text.
_MOST_UNREADABLE = 0.1

# The encodings of the web and of its forerunners on Unix. Those of DOS and of old Macintoshes are
# guessed for short texts far more often than they are met.
_ERAS = EncodingEra.MODERN_WEB | EncodingEra.LEGACY_ISO
# chardet is seldom sure of a text of a few lines. One of mostly ASCII is written in Latin letters.
_LATIN = ["cp1252", "cp1250", "cp1254", "cp1257", "iso8859-2", "iso8859-15", "iso8859-16"]
# By far the commonest of all; another must be likelier by more than this.
_COMMONEST, _NEARLY = "Windows-1252", 0.7
# Below it, bytes that are mostly not ASCII are no text: chardet has a guess for any bytes.
_LEAST_CONFIDENCE = 0.1


def read_text(path: Path) -> tuple[str, tuple[str, ...]]:
    """A file's canonical text, with any warnings; see ``decode``.

    Raises:
        UnusableInput: the file is not text, or holds none.
    """
    text, warnings = decode(path.read_bytes())
    if not text.strip():
        raise UnusableInput("holds no text")
    return text, warnings


def decode(data: bytes) -> tuple[str, tuple[str, ...]]:
    """Bytes as UTF-8, less a byte-order mark, nothing else changed.

    Text in another encoding is recognised. What cannot be decoded, or is a NUL, becomes U+FFFD and
    costs no more than itself. Either gives a warning that names the encoding.

    Raises:
        UnusableInput: the bytes are not text.
    """
    if b"\0" not in data:
        try:
            return data.decode("utf-8").removeprefix("\ufeff"), ()
        except UnicodeDecodeError:
            pass
    for encoding in _likely_encodings(data):
        text = data.decode(encoding, "replace").removeprefix("\ufeff")
        if len(_UNREADABLE.findall(text)) <= _MOST_UNREADABLE * len(text):
            text = text.replace("\0", _DAMAGED)
            return text, (_warning(encoding, text),)
    raise UnusableInput("is binary, or text in an unknown encoding; save it as UTF-8")


def _warning(encoding: str, text: str) -> str:
    read_as = f"read as {encoding}" if encoding == "UTF-8" else f"is not UTF-8; read as {encoding}"
    damaged = text.count(_DAMAGED)
    if not damaged:
        return read_as
    many = f"{damaged} damaged characters are" if damaged > 1 else "1 damaged character is"
    line = 1 + len(_LINE_END.findall(text, 0, text.index(_DAMAGED)))
    first = "the first " if damaged > 1 else ""
    return f"{read_as}; {many} shown as {_DAMAGED}, {first}in line {line}"


def _likely_encodings(data: bytes) -> Iterator[str]:
    """The encodings that bytes which are not plain UTF-8 may be in, the likeliest first."""
    if _is_mostly_utf8(data):
        yield "UTF-8"
    guesses = _guesses(data)
    likeliest = next(iter(guesses), "").upper()
    if likeliest.startswith("UTF-32"):
        yield likeliest
    elif likeliest.startswith("UTF-16"):
        if data.startswith(_UTF16_MARKS) or _holds_ascii(data, likeliest):
            yield likeliest
    elif likeliest:
        for encoding in _older_encodings(data, guesses):
            if not _CONTROLS.search(data.decode(encoding, "replace")):
                yield encoding


def _guesses(data: bytes, encodings: Sequence[str] | None = None) -> dict[str, float]:
    """Encodings with their confidence, the likeliest first; none for what is clearly no text."""
    found = chardet.detect_all(
        data,
        ignore_threshold=True,
        encoding_era=_ERAS,
        max_bytes=len(data),
        prefer_superset=False,
        include_encodings=encodings,
    )
    return {one["encoding"]: one["confidence"] for one in found if one["encoding"]}


def _is_mostly_utf8(data: bytes) -> bool:
    """Whether sequences of bytes that only UTF-8 forms are no fewer than those that it forbids."""
    text = data.decode("utf-8", "replace")
    beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
    return beyond_ascii >= 2 * text.count(_DAMAGED)


def _holds_ascii(data: bytes, encoding: str) -> bool:
    """As every text of a few lines does: a blank, a line end, a digit; what is no text may not."""
    text = data.decode(encoding, "replace")
    return any(one.isascii() and (one.isprintable() or one.isspace()) for one in text)


def _older_encodings(data: bytes, guesses: dict[str, float]) -> list[str]:
    """Those of a byte or two for a character; none where even the likeliest is unlikely."""
    best = max(guesses.values())
    ranked = list(guesses) if best >= _LEAST_CONFIDENCE else []
    ascii_alone = len(data.translate(None, _NOT_ASCII))
    if best < MINIMUM_THRESHOLD and ascii_alone > len(data) / 2:
        guesses = _guesses(data, _LATIN)
        best = max(guesses.values(), default=0.0)
        ranked = [*guesses, *ranked]
    return [_COMMONEST, *ranked] if guesses.get(_COMMONEST, 0.0) >= _NEARLY * best else ranked
