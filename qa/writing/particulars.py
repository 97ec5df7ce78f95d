"""What of a written sentence has to stand in the quotations that it cites: figures with what they
count, dates, names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from footnoted.corpus.types import Span
from footnoted.corpus.words import STOP_WORDS, content_stems, stem, stems, words
from footnoted.qa.english import lexicon
from footnoted.qa.english.dates import DATE, DECADE
from footnoted.qa.english.quantities import Quantity, quantities
from footnoted.qa.english.written_dates import parsed

_WORD = re.compile(r"[^\W\d_](?:[^\W_]|[’'&.-](?=[^\W_]))*")
CLOSED = (
    STOP_WORDS
    | lexicon.WH
    | lexicon.PRONOUNS
    | lexicon.PREPOSITIONS
    | lexicon.ADVERBS
    | lexicon.DETERMINERS
    | lexicon.LINKS
    | lexicon.AUXILIARIES
)


def missing(sentence: str, quoted: str, about: str = "") -> Iterator[str]:
    """Each thing that ``sentence`` says and ``quoted`` does not, in words for its reader; names may
    stand in what it is ``about``, too."""
    yield from _missing_figures(sentence, quoted)
    yield from _missing_dates(sentence, quoted)
    yield from _missing_names(sentence, f"{quoted} {about}")


def particulars(text: str) -> frozenset[str]:
    """The words of a text that are figures, dates or names, by their stems."""
    told = {word.stem for word in words(text) if word.text[0].isdigit()}
    return frozenset(told | {stem(name) for name in names(text)})


# -- figures -------------------------------------------------------------------------------------


def _missing_figures(sentence: str, quoted: str) -> Iterator[str]:
    held = quantities(quoted)
    for one in quantities(sentence):
        same = [other for other in held if _is_as_much(one.value, other.value)]
        if not same:
            yield f"no figure {one.said} is quoted"
        elif not any(_counts_the_same(one, other, sentence, quoted) for other in same):
            yield f"{one.said} is quoted of something else"


def _is_as_much(value: float, other: float) -> bool:
    return abs(value - other) <= 1e-9 * max(abs(value), abs(other))


def _counts_the_same(one: Quantity, other: Quantity, sentence: str, quoted: str) -> bool:
    """Whether two figures that are as much may count the same.

    Units of measure and money have to be the same where either has one. What else is counted may be
    called otherwise, unless it is quoted with another figure.
    """
    if one.is_measured or other.is_measured:
        return bool(one.units & other.units) or not (one.units and other.units)
    if one.units & other.units or not one.units:
        return True
    of_another = {unit for it in quantities(quoted) if it.value != one.value for unit in it.units}
    return not one.units & of_another


# -- dates ---------------------------------------------------------------------------------------


def _missing_dates(sentence: str, quoted: str) -> Iterator[str]:
    held = [_parts(date) for date in DATE.finditer(quoted)]
    for date in DATE.finditer(sentence):
        if not any(_parts(date) <= parts for parts in held):
            yield f"the date {date.group()} is not quoted"
    tens = {decade["tens"] for decade in DECADE.finditer(quoted)}
    years = " ".join(date.group() for date in DATE.finditer(quoted))
    for decade in DECADE.finditer(sentence):
        in_it = rf"\b{decade['century'] or ''}{decade['tens']}\d\b"
        if decade["tens"] not in tens and not re.search(in_it, years):
            yield f"the decade {decade.group()} is not quoted"


def _parts(date: re.Match[str]) -> frozenset[tuple[str, int]]:
    """The year, month and day of a date, as far as it says them."""
    found = parsed(date.group(), Span(*date.span()))
    every = {"year": found.year, "month": found.month, "day": found.day}
    return frozenset((name, value) for name, value in every.items() if value)


# -- names ---------------------------------------------------------------------------------------


def _missing_names(sentence: str, quoted: str) -> Iterator[str]:
    held = stems(quoted)
    for name in names(DATE.sub(" ", sentence)):
        parts = {word.stem for word in words(name)} - {"s"}
        if not parts <= held and not is_short_for(name, quoted):
            yield f"the name {name} is not quoted"


@lru_cache(maxsize=2_000)
def names(sentence: str) -> tuple[str, ...]:
    """The words of a sentence that are written with a capital, but for one that opens it and need
    not be a name's."""
    found = list(_WORD.finditer(sentence))
    capital = [
        it.group() for it in found if it.group()[0].isupper() and it.group().lower() not in CLOSED
    ]
    if found and capital and found[0].group() == capital[0] and not _opens_as_name(found):
        capital = capital[1:]
    return tuple(one for one in capital if one != "I")


def _opens_as_name(found: list[re.Match[str]]) -> bool:
    """Whether the first word of a sentence is a name: another follows it, or what only follows a
    name, for a noun of which there are several has an article, or is many."""
    first = found[0].group()
    if len(found) == 1 or first.isupper() or any(letter.isupper() for letter in first[1:]):
        return True
    after = found[1].group()
    if after[0].isupper() and after.lower() not in CLOSED:
        return True
    is_common = lexicon.is_plural(first.lower()) or first.lower().endswith(("ing", "ly", "ed"))
    return not is_common and (after.lower() in lexicon.AUXILIARIES or lexicon.is_verb(after))


def is_short_for(name: str, quoted: str) -> bool:
    """Whether a name in capitals is made of the first letters of a name that is quoted, or the
    other way round."""
    if not name.isupper() or len(name) < 2:
        return False
    initials = "".join(it.group()[0] for it in _WORD.finditer(quoted) if it.group()[0].isupper())
    return name in initials


def share_said(sentence: str, quoted: str) -> float:
    """The share of a sentence's words that carry meaning which ``quoted`` holds."""
    said = content_stems(sentence)
    return len(said & stems(quoted)) / len(said) if said else 0.0


def said_at_once(sentence: str, quoted: Iterable[str]) -> float:
    """The most that any one of ``quoted`` says of it: what is pieced together of several says
    less."""
    return max((share_said(sentence, one) for one in quoted), default=0.0)
