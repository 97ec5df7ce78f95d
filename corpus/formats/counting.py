"""Numbers as lists count: in figures, letters and Roman numerals."""

from __future__ import annotations

from collections.abc import Callable, Mapping

_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc")),
    *((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)


def roman(number: int) -> str:
    """In small letters: 4 is "iv"; "" for 0."""
    said = ""
    for value, letters in _ROMAN:
        said += letters * (number // value)
        number %= value
    return said


def letters(number: int) -> str:
    """As word processors go on after z: 1 is "a", 27 is "aa", 28 is "bb"; "" for 0."""
    times, at = divmod(number - 1, 26)
    return chr(ord("a") + at) * (times + 1)


COUNTED: Mapping[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda number: f"{number:02}",
    "lowerLetter": letters,
    "upperLetter": lambda number: letters(number).upper(),
    "lowerRoman": roman,
    "upperRoman": lambda number: roman(number).upper(),
}
"""By the names that Word has for them."""
