"""Figures with what they count, however they are written: "2.5 million euros", "€2,500,000"."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from babel import Locale
from text_to_num import alpha2digit

from footnoted.corpus.words import STOP_WORDS, stem
from footnoted.qa.english.dates import DATE, DECADE

_SCALES = {
    **{"thousand": 1e3, "k": 1e3, "million": 1e6, "m": 1e6, "mn": 1e6, "mio": 1e6},
    **{"billion": 1e9, "bn": 1e9, "trillion": 1e12, "tn": 1e12, "dozen": 12.0},
    **{"1000": 1e3, "1000000": 1e6, "1000000000": 1e9},
}
# "m" and "k" are scales only right behind a figure of money: "£5m", where "5 m" is a length.
_CLOSE_SCALES = frozenset({"k", "m"})
_NUMBER = re.compile(
    r"(?<![\w.,])(?P<before>[^\w\s.,;:()\[\]'\"“”‘’/–-]|\b[A-Z]{3}\s)?\s?(?P<sign>[-−])?"
    r"(?P<number>\d+(?:[,\u202f\u00a0 ]\d{3}(?!\d))*(?:\.\d+)?|\.\d+)"
    r"(?P<gap>[\s-]*)"
    r"(?P<scale>(?:dozen|thousand|million|billion|trillion|bn|mn|mio|tn|[mk]|1(?:000){1,3})\b)?"
    r"(?P<behind>\s?%|\s?°\s?[CF]?|[\s-]*[^\W\d_]+(?:[ -][^\W\d_]+)?"
    r"|\s?[^\w\s.,;:()\[\]'\"“”‘’/–-])?"
)
_CLOCK = re.compile(
    r"\b(?P<hour>\d{1,2})(?:(?::(?P<minute>\d\d)|\.(?P<minutes>\d\d)(?=\s*[ap]\.?m\b))"
    r"(?:\s*(?P<half>[ap])\.?m\b)?|\s*(?P<halves>[ap])\.?m\b)",
    re.I,
)
_ORDINALS = frozenset("st nd rd th".split())
# A part of a name: "the Fifth Element". Names are compared as such.
_NAMED = re.compile(
    r"\b(?:First|Second|Third|Fourth|Fifth|Sixth|Seventh|Eighth|Ninth|Tenth)(?=\s[A-Z])"
)
# One unit in another, so that the same amount is the same figure.
_IN_OTHERS = {
    "duration-century": ("duration-month", 1200), "duration-decade": ("duration-month", 120),
    "duration-year": ("duration-month", 12), "duration-fortnight": ("duration-day", 14),
    "duration-week": ("duration-day", 7), "duration-hour": ("duration-minute", 60),
    "length-kilometer": ("length-centimeter", 100_000), "length-meter": ("length-centimeter", 100),
    "mass-tonne": ("mass-gram", 1e6),
    "mass-kilogram": ("mass-gram", 1000), "volume-liter": ("volume-milliliter", 1000),
}  # fmt: skip
_ONE = re.compile(r"(?<!\d)1(?!\d)")
_NO_UNIT = frozenset[str]()


class Quantity(NamedTuple):
    """A figure, and what it counts: the ``units`` that it may have, by one name for all spellings
    of each, where it is money or measured; else the stem of the word that follows, if one does."""

    value: float
    units: frozenset[str]
    is_measured: bool
    said: str


@lru_cache(maxsize=2_000)
def quantities(text: str) -> tuple[Quantity, ...]:
    """The figures of a text but its dates and decades, in order. A "one" that is written out counts
    nothing."""
    has_one = _ONE.search(text) is not None
    for other in (DECADE, DATE, _NAMED):
        text = other.sub(lambda it: ";" * len(it.group()), text)
    spelt = alpha2digit(text, "en", threshold=0)
    clocks = [_time(clock) for clock in _CLOCK.finditer(spelt)]
    found = map(_quantity, _NUMBER.finditer(_CLOCK.sub(";", spelt)))
    counted = (one for one in found if one.value != 1 or has_one or one.is_measured)
    return (*clocks, *counted)


def _time(clock: re.Match[str]) -> Quantity:
    hour, half = int(clock["hour"]), (clock["half"] or clock["halves"] or "").lower()
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    minute = int(clock["minute"] or clock["minutes"] or 0)
    return Quantity(hour + minute / 60, frozenset({"o'clock"}), True, clock.group().strip())


def _quantity(one: re.Match[str]) -> Quantity:
    value = float(re.sub(r"[,\s]", "", one["number"]))
    behind, scale = (one["behind"] or "").strip(" -\u00a0"), one["scale"] or ""
    money = _currencies().get((one["before"] or "").strip(), _NO_UNIT)
    if scale in _CLOSE_SCALES and not (money and not one["gap"]):
        behind, scale = f"{scale} {behind}".strip(), ""
    value *= _SCALES.get(scale.lower(), 1.0)
    is_ordinal = not one["gap"] and behind.split(" ")[0] in _ORDINALS
    if money or is_ordinal:
        units, is_measured = money or frozenset({"th"}), bool(money)
        called = "" if money else behind.split(" ")[0]
    else:
        units, is_measured, called = _units(behind)
    value = -value if one["sign"] else value
    said = f"{(one['before'] or '').strip()} {value:,.12g} {called}".strip()
    unit, times = _IN_OTHERS.get(next(iter(units), ""), ("", 1))
    return Quantity(value * times, frozenset({unit}) if unit else units, is_measured, said)


def _units(behind: str) -> tuple[frozenset[str], bool, str]:
    """What the words behind a figure may name, whether that is a measure or money, and the words
    that do."""
    words = re.split(r"[ -]", behind)
    for many in (2, 1):
        name = " ".join(words[:many])
        if known := _currencies().get(name if name.isupper() else name.lower()):
            return known, True, name
        if measure := _measures().get(name.lower()):
            return frozenset({measure}), True, name
    if words[0].isalpha() and words[0].lower() not in STOP_WORDS:
        return frozenset({stem(words[0])}), False, words[0]
    return _NO_UNIT, False, ""


@cache
def _currencies() -> dict[str, frozenset[str]]:
    """Codes of currencies by their signs, codes and names: of "dollars", all that are called so."""
    locale, found = Locale("en"), dict[str, set[str]]()
    names = locale._data["currency_names_plural"]
    for code, name in locale.currencies.items():
        spellings = {one.lower() for one in (name, *names.get(code, {}).values())}
        last_words = {spelling.split()[-1] for spelling in spellings}
        for spelling in {code, locale.currency_symbols.get(code, code), *spellings, *last_words}:
            found.setdefault(spelling, set()).add(code)
    for crown in ("kr", "kr.", "crown", "crowns"):
        found[crown] = {"DKK", "SEK", "NOK", "ISK", "CZK"}
    return {name: frozenset(codes) for name, codes in found.items() if name not in STOP_WORDS}


@cache
def _measures() -> dict[str, str]:
    """Babel's names of units by their spellings, British ones, too."""
    found = dict.fromkeys(("%", "per cent", "percent", "pct"), "%")
    for language in ("en", "en_GB"):
        for name, patterns in Locale.parse(language)._data["unit_patterns"].items():
            for width in ("long", "short"):
                for pattern in patterns.get(width, {}).values():
                    if isinstance(pattern, str):
                        found.setdefault(pattern.replace("{0}", "").strip().lower(), name)
    return found
