"""What TeX leaves to be told: letters of its bitmap fonts, and accents set above letters.

Its bitmap fonts do not say which characters they show; but they are numbered as in one of two
encodings, OT1 and T1. Letters with accents that a font lacks are set as the letter and the accent
on top of it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

_COMBINING = {
    "`": "\u0300",
    "\u00b4": "\u0301",
    "^": "\u0302",
    "\u02c6": "\u0302",
    "~": "\u0303",
    "\u02dc": "\u0303",
    "\u00af": "\u0304",
    "\u02c9": "\u0304",
    "\u02d8": "\u0306",
    "\u02d9": "\u0307",
    "\u00a8": "\u0308",
    "\u02da": "\u030a",
    "\u02dd": "\u030b",
    "\u02c7": "\u030c",
    "\u00b8": "\u0327",
    "\u02db": "\u0328",
}
ACCENTS = frozenset(map(ord, _COMBINING))
_WITHOUT_DOT = {"\u0131": "i", "\u0237": "j"}

_LIGATURES = "\ufb00\ufb01\ufb02\ufb03\ufb04"
_OT1 = dict(zip(range(11, 16), map(ord, _LIGATURES), strict=True)) | {
    16: 0x131,
    25: ord("ß"),
    34: ord("”"),
    92: ord("“"),
    123: ord("–"),
    124: ord("—"),
}
_T1 = dict(zip(range(27, 32), map(ord, _LIGATURES), strict=True)) | {
    **dict(zip((16, 17, 18, 19, 20, 21, 22), map(ord, "“”„«»–—"), strict=True)),
    25: 0x131,
    39: ord("’"),
    96: ord("‘"),
    127: ord("-"),
    215: ord("Œ"),
    223: ord("ẞ"),
    247: ord("œ"),
    255: ord("ß"),
    **dict(
        zip(
            range(128, 192),
            map(
                ord,
                "ĂĄĆČĎĚĘĞ•ĽŁŃŇŊŐŔŘŚŠŞŤŢŰŮŸŹŽŻĲİđ§ăąćčďěęğĺľłńňŋőŕřśšşťţűůÿźžżĳ¡¿£",
            ),
            strict=True,
        )
    ),
}
# Fewer letters do not tell whether codes are those of letters.
_FEWEST_LETTERS = 20
# The share of codes that are letters, and of letters that are vowels, in prose.
_LETTERS, _VOWELS = 0.6, (0.25, 0.55)


def letters_of(codes: Sequence[int]) -> Mapping[int, int] | None:
    """What codes mean that do not stand for themselves; None if they are not those of letters.

    ``codes`` are those of a page that its fonts do not explain. They are the ones of letters if
    they make up words as those of prose do: fonts that number their characters otherwise do not
    get vowels among as many letters.
    """
    letters = [code for code in codes if 97 <= code <= 122]
    others = sum(chr(code) not in ".0123456789" for code in codes)
    if len(letters) < max(_FEWEST_LETTERS, _LETTERS * others):
        return None
    vowels = sum(chr(code) in "aeiou" for code in letters)
    if not _VOWELS[0] * len(letters) <= vowels <= _VOWELS[1] * len(letters):
        return None
    old = sum(code in range(11, 16) for code in codes)
    new = sum(code in range(27, 32) for code in codes)
    return _OT1 if old > new else _T1


def accented(letter: int, accent: int) -> int | None:
    """A letter with an accent on it, as their codes; None if there is no such letter."""
    base = _WITHOUT_DOT.get(chr(letter), chr(letter))
    if not base.isalpha():
        return None
    together = unicodedata.normalize("NFC", base + _COMBINING[chr(accent)])
    return ord(together) if len(together) == 1 else None
