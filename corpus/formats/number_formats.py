"""Numbers as spreadsheets show them: 0.125 in the format ``0.0%`` is 12.5%."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NamedTuple

BUILT_IN: Mapping[int, str] = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    **dict.fromkeys((5, 6), '"$"#,##0;-"$"#,##0'),
    **dict.fromkeys((7, 8), '"$"#,##0.00;-"$"#,##0.00'),
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    **dict.fromkeys((37, 38), "#,##0;(#,##0)"),
    **dict.fromkeys((39, 40), "#,##0.00;(#,##0.00)"),
    41: '#,##0;(#,##0);"-"',
    42: '"$"#,##0;("$"#,##0);"-"',
    43: '#,##0.00;(#,##0.00);"-"',
    44: '"$"#,##0.00;("$"#,##0.00);"-"',
}
"""The codes of formats that workbooks name by their numbers alone, but those of dates."""

# In the pattern of a section, what is no sign of its own: a digit that must be there, one that may,
# the exponent, and the number as it is without a format.
_MUST, _MAY, _EXPONENT, _GENERAL = map(chr, range(0xE000, 0xE004))
_DIGITS = re.compile(f"[{_MUST}{_MAY}]")
_TOKEN = re.compile(
    r"""
      "(?P<quoted>[^"]*)"? | \\(?P<escaped>.) | \[\$(?P<currency>[^\]-]*)[^\]]*\]
    | \[(?P<condition>(?P<holds><>|[<>]=?|=)(?P<limit>-?\d{1,15}(?:\.\d{1,15})?))\]
    | \[(?P<elapsed>[hms]+)\] | \[[^\]]*\] | \*. | (?P<blank>_.)
    | (?P<general>General) | (?P<exponent>E[+-]0+) | (?P<must>0) | (?P<may>[\#?]) | (?P<point>\.)
    | (?P<comma>,) | (?P<percent>%) | (?P<date>[/@ymdhsaegb]) | (?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_SECTION = re.compile(
    r'(?:"[^"]*"?|\\.|_.|\*.|\[[^\]]*\]|[^;])+|(?<![^;])(?=;)|(?<=;)\Z', re.DOTALL
)
_HOLDS: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
    "=": operator.eq,
    "<>": operator.ne,
}


class _Section(NamedTuple):
    """A part of a code: what it shows before and after the point, of a number times 10 ** scale."""

    whole: str
    fraction: str
    scale: int
    is_grouped: bool
    condition: tuple[str, float] | None


def shown_number(value: float, code: str) -> str | None:
    """``value`` as it is shown; None where that is no matter of digits, or nothing is shown."""
    section, sign = _chosen(value, _sections(code))
    if section is None or abs(value) >= 1e15:
        return None
    said = " ".join(_written(Decimal(format(abs(value), ".15g")), section).split())
    return (sign if re.search("[1-9]", said) else "") + said if said else None


def is_of_dates(code: str) -> bool:
    """Whether a format shows numbers as days."""
    said = (found.group() for found in _TOKEN.finditer(code) if found.lastgroup == "date")
    return any(sign in "ymdYMD" for sign in said)


def _chosen(value: float, sections: Sequence[_Section | None]) -> tuple[_Section | None, str]:
    """The section for a number, and the sign that stands in front of what it shows."""
    sign = "-" if value < 0 else ""
    if any(one and one.condition for one in sections):
        for one in sections:
            if one and (not one.condition or _HOLDS[one.condition[0]](value, one.condition[1])):
                return one, sign
        return None, ""
    if value < 0 and len(sections) > 1:
        return sections[1], ""
    if value == 0 and len(sections) > 2:
        return sections[2], ""
    return (sections[0] if sections else None), sign


@lru_cache(maxsize=4096)
def _sections(code: str) -> tuple[_Section | None, ...]:
    return tuple(map(_section, _SECTION.findall(code)[:3]))


def _section(code: str) -> _Section | None:
    """None for what shows numbers as dates, fractions or text."""
    parts: tuple[list[str], list[str]] = ([], [])
    scale = commas = 0
    is_grouped = has_digits = False
    condition = None
    at = 0
    for found in _TOKEN.finditer(code):
        kind = found.lastgroup or ""
        if kind in ("date", "elapsed"):
            return None
        if kind == "condition":
            condition = found["holds"], float(found["limit"])
        elif kind in ("must", "may"):
            is_grouped |= bool(commas) and not at
            has_digits, commas = True, 0
            parts[at].append(_MUST if kind == "must" else _MAY)
        elif kind == "point" and not at:
            at = 1
        elif kind == "comma" and has_digits:
            commas += 1
        elif kind == "exponent":
            parts[at].append(_EXPONENT)
        elif kind == "general":
            parts[at].append(_GENERAL)
        elif kind == "blank":
            parts[at].append(" ")
        elif kind:
            scale += 2 * (kind == "percent")
            parts[at].append(found[kind])
    return _Section("".join(parts[0]), "".join(parts[1]), scale - 3 * commas, is_grouped, condition)


def _written(value: Decimal, section: _Section) -> str:
    whole, fraction = section.whole, section.fraction
    many = len(_DIGITS.findall(fraction.partition(_EXPONENT)[0]))
    value = value.scaleb(section.scale)
    power = 0
    if _EXPONENT in whole + fraction:
        mantissa, _, told = format(value, f".{many}e").partition("e")
        value, power = Decimal(mantissa), int(told)
    rounded = value.quantize(Decimal(1).scaleb(-many), ROUND_HALF_UP)
    digits, _, decimals = format(rounded, "f").partition(".")
    if decimals and not _DIGITS.search(whole):
        whole += _MAY
    said = _filled_whole(whole, digits.lstrip("0"), section.is_grouped)
    behind = _filled_fraction(fraction, decimals)
    said += f".{behind}" if behind[:1].isdecimal() else behind
    return said.replace(_EXPONENT, f"E{power:+03}").replace(_GENERAL, format(value, "f"))


def _filled_whole(pattern: str, digits: str, is_grouped: bool) -> str:
    """From the right; the digits that are left over stand before the first place for one."""
    left, said, many = list(digits), list[str](), 0
    places = len(_DIGITS.findall(pattern))
    for sign in reversed(pattern):
        if sign not in (_MUST, _MAY):
            said.append(sign)
            continue
        places -= 1
        for _ in range(1 if places else max(1, len(left))):
            digit = left.pop() if left else "0" * (sign == _MUST)
            said.append("," if digit and is_grouped and many and many % 3 == 0 else "")
            said.append(digit)
            many += len(digit)
    return "".join(reversed(said))


def _filled_fraction(pattern: str, digits: str) -> str:
    """From the left; noughts at the end are left out where they may."""
    needed = "".join(_DIGITS.findall(pattern)).rfind(_MUST) + 1
    left = iter(digits[:needed] + digits[needed:].rstrip("0"))
    return "".join(next(left, "") if sign in (_MUST, _MAY) else sign for sign in pattern)
