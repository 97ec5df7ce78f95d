"""Ids and figures of several parts, each as one word: "ERR-4042", "4.2(b)", "2.1.10"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from footnoted.corpus.written import HYPHENS, written_words

_TELLING = re.compile(r"[\d+#](?:(?<=\d)|(?<=\w[+#]))")
_PART = re.compile(r"\d+|[^\W\d_]+|(?<=\w)[+#]+")
_JOINTS = rf"{HYPHENS}./_:(\\"

_LONGEST = 100  # letters; what is longer is data

_TIMES = frozenset("early late mid post pre since until under over top non".split())
_DATE = re.compile(
    r"\d{4}([-./])\d\d?\1\d\d?|\d\d?([-./])\d\d?\2\d{4}|\d\d?/\d\d?/\d\d"
    r"|\d\d?:\d\d(?::\d\d)?"
)
_YEAR = re.compile(r"(?:1\d|20)\d\d")
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+")
_LABEL = re.compile(
    r"\b(?:annex|appendix|art(?:icle)?s?|chapters?|clauses?|codes?|errors?|exhibit|faults?"
    r"|figures?|flight|form|item|model|no|numbers?|numbered|paragraphs?|part|releases?|room|rules?"
    r"|schedule|sections?|sec|standard|table|tickets?|versions?|v|(?-i:[A-Z]{2,5}))\.?\s+$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Id:
    """A word of several parts, letters or figures: ``("err", "4042")``."""

    parts: tuple[str, ...]

    @property
    def key(self) -> str:
        """The same for "ERR-4042", "err 4042" and "ERR4042", and for no other id."""
        return "-".join(self.parts)

    @property
    def is_exact(self) -> bool:
        """Whether nobody would write it otherwise; "COVID-19" and "PS3" are names, too."""
        return self.parts[0].isdigit() or sum(part.isdigit() * len(part) for part in self.parts) > 2

    def is_in(self, text: str) -> bool:
        """Whether it stands in ``text`` whole, in any spelling; "4.2" stands in "4.2(b)", too."""
        return _pattern(self.parts).search(text) is not None

    def is_told_from(self, other: Id) -> bool:
        """Whether both name things of one kind, but not the same: ERR-4042 and ERR-4142.

        KX-200-B is one of KX-200, which is not another.
        """
        mine, its = self.parts[0], other.parts[0]
        if other.parts[: len(self.parts)] == self.parts:
            return False
        if len(self.parts) == 1:
            return any(part.isdigit() and len(part) == len(mine) for part in other.parts)
        return mine == its or (mine.isdigit() and its.isdigit())


def figures(text: str) -> list[Id]:
    """All words with a figure in them that have several parts, and names such as "C++"."""
    found = (word.group() for word in written_words(" ".join(_telling_runs(text))))
    several = (_parts(word) for word in found if len(word) <= _LONGEST)
    return [Id(parts) for parts in several if len(parts) > 1 and _tells_apart(parts)]


def _telling_runs(text: str) -> Iterator[str]:
    """What stands between two white spaces and may hold a figure or such a name."""
    text = f" {' '.join(text.split())} "
    end = 0
    while found := _TELLING.search(text, end):
        start, end = text.rindex(" ", 0, found.start()) + 1, text.index(" ", found.start())
        yield text[start:end]


def ids(text: str) -> list[Id]:
    """Those words that name a thing: no amounts, measures, dates, times and years.

    A number is an id where a word before it says so: "Section 4.2", "error 4042".
    """
    found = ((word.group(), word.start()) for word in written_words(text))
    return [
        Id(_parts(word))
        for word, at in found
        if len(word) <= _LONGEST and _is_id(word, _parts(word), _is_labelled(text, at))
    ]


def _is_labelled(text: str, at: int) -> bool:
    return _LABEL.search(text, max(0, at - 20), at) is not None


def _parts(word: str) -> tuple[str, ...]:
    found = tuple(part.lower() for part in _PART.findall(word))
    if len(found) > 2 and re.search(r"\ds$", word):  # several of them: "DB10s"
        found = found[:-1]
    is_version = len(found) > 2 and found[0] == "v" and found[1].isdigit()
    return found[1:] if is_version else found


def _tells_apart(parts: tuple[str, ...]) -> bool:
    return any(part.isdigit() for part in parts) or parts[-1][0] in "+#"


def _is_id(word: str, parts: tuple[str, ...], is_labelled: bool) -> bool:
    letters = [part for part in parts if not part.isdigit()]
    if len(letters) == len(parts) or _DATE.fullmatch(word) or re.search(r"[€£$¥%‰°]", word):
        return False
    if not letters:
        return _is_number_of_a_thing(word, parts, is_labelled)
    if parts[0] in _TIMES:
        return False
    measured = parts[0].isdigit() and len(parts) == 1 + len(letters)
    if measured:  # "5kg", "14th", "20-minute", but "42(b)" and "88-B"
        return "(" in word or re.search(rf"[{HYPHENS}][A-Z]{{1,4}}$", word) is not None
    return True


def _is_number_of_a_thing(word: str, parts: tuple[str, ...], is_labelled: bool) -> bool:
    if _YEAR.fullmatch(word) or _THOUSANDS.fullmatch(word) or "," in word:
        return False
    if len(parts) == 1:
        return is_labelled and len(word) > 2
    if set(re.sub(r"\w", "", word)) == {"."}:
        return is_labelled or len(parts) > 2
    hyphens = re.sub(rf"[\d{HYPHENS}]", "", word) == ""
    years = all(_YEAR.fullmatch(part) for part in parts[:1])
    return hyphens and not years and sum(map(len, parts)) > 5


@lru_cache(maxsize=1000)
def _pattern(parts: tuple[str, ...]) -> re.Pattern[str]:
    joined = re.escape(parts[0])
    for before, after in pairwise(parts):
        least = 1 if before.isdigit() and after.isdigit() else 0
        joined += rf"[\s{_JOINTS}]{{{least},2}}{re.escape(after)}"
    edge = rf"[{HYPHENS}./_:]"
    if len(parts) == 1:  # "error 4042" is ERR-4042
        return re.compile(rf"(?<!\w)(?<!\d{edge}){joined}(?!{edge}?\w)")
    version = r"|(?<=\bv)" if parts[0].isdigit() else ""
    end = rf"(?:(?!{edge}?\w)|(?=[{HYPHENS}]?(?-i:[a-z]{{3,}}|s\b)))"  # "H1N1-based"
    return re.compile(rf"(?:(?<!\w)(?<!\w{edge}){version}){joined}{end}", re.I)
