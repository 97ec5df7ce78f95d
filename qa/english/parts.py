"""Questions that ask for several things at once, as the questions that ask for each by itself."""

from __future__ import annotations

import re

from footnoted.qa.english import lexicon
from footnoted.qa.english.dates import DATE

_PREPOSITION = r"(?:(?:in|on|at|by|from|for|to|of|with|since|until|under)\s+)?"
_WH = r"(?:who|whom|whose|what|which|when|where|why|how)"
_AUXILIARY = rf"(?:{'|'.join(map(re.escape, sorted(lexicon.AUXILIARIES - {chr(39) + 's'})))})"
# "When", "by whom", "in which year", "how long".
_ASKED = rf"{_PREPOSITION}\b{_WH}\b(?:\s+(?!{_AUXILIARY}\b|and\b)[\w-]+)?"
_AND = r"(?:\s*,\s*and\s+|\s*,\s*|\s+and\s+)"
_SHARING = re.compile(
    rf"^(?P<asked>{_ASKED}(?:{_AND}{_ASKED})+)\s+(?P<rest>{_AUXILIARY}\b.+)$", re.I | re.S
)
_SENTENCES = re.compile(rf"\?\s+(?:(?:and|also)\b,?\s*)?(?={_PREPOSITION}\b{_WH}\b)", re.I)
_TWO = re.compile(
    rf"^(?P<one>{_PREPOSITION}{_WH}\b.{{4,}}?|{_AUXILIARY}\s.{{4,}}?),?\s+and\s+"
    rf"(?P<other>{_PREPOSITION}\b{_WH}\b.*)$",
    re.I | re.S,
)
# A question of its own is turned round, which a clause in another is not: "when it stops".
_TURNED = re.compile(
    rf"^{_PREPOSITION}(?:(?:when|where|why)|how(?:\s+[\w-]+){{0,2}}?|(?:what|which|who|whom|whose)"
    rf"(?:\s+[\w-]+){{0,3}}?(?=\s+(?:do|does|did)\b))\s+{_AUXILIARY}\s+\S",
    re.I,
)
_OF_WHOEVER = re.compile(r"^(?:who|whose|which|what)\s+\w+\s+\S", re.I)
_NO_CLAUSE = re.compile(
    rf"^(?:{_PREPOSITION}(?:when|where(?:\s+(?:to|from))?|why|how(?:\s+\w+)?)"
    r"|(?:in|on|at|by|from|for|to|of|with|under)\s+(?:whom|what|which|whose)(?:\s+\w+)?)$",
    re.I,
)
_WITHIN = re.compile(rf"\s{_WH}\b", re.I)
_TIME = rf"(?:{DATE.pattern})"
_TIMES = re.compile(
    rf"\b(?P<how>in|on|at|of|for|during|by)\s+(?P<one>{_TIME})\s*,?\s+(?:and|or|than|versus|vs\.?)\s+"
    rf"(?:then\s+)?(?:(?:in|on|at|of|for|during|by)\s+)?(?P<other>{_TIME})"
)


def parts(question: str) -> tuple[str, ...]:
    """The questions for each of the things that ``question`` asks for; none where it is one.

    "What was it in 2019 and in 2020?" asks for two years, "When and by whom was it built?" and "Who
    owns it and when was it built?" for what their words say. All but the first may need the first
    to be understood: "When was it built, and by whom?" gives "By whom?".
    """
    words = " ".join(question.split()).rstrip(" ?!.")
    if len(sentences := _SENTENCES.split(words)) > 1:
        return tuple(map(_asked, sentences))
    if sharing := _SHARING.match(words):
        return tuple(_asked(f"{one} {sharing['rest']}") for one in _each(sharing["asked"]))
    if (two := _TWO.match(words)) and _asks_more(two["one"], two["other"]):
        return _asked(two["one"]), _asked(two["other"])
    if times := _TIMES.search(words):
        before, after = words[: times.start()], words[times.end() :]
        return tuple(f"{before}{times['how']} {times[each]}{after}?" for each in ("one", "other"))
    return ()


def is_fragment(part: str) -> bool:
    """Whether a part asks nothing without another: "By whom?", "How wide?"."""
    return _NO_CLAUSE.match(part.rstrip(" ?")) is not None


def _asked(words: str) -> str:
    return f"{words[:1].upper()}{words[1:].rstrip(' ?')}?"


def _each(asked: str) -> list[str]:
    return re.split(_AND, asked, flags=re.I)


def _asks_more(one: str, other: str) -> bool:
    """Whether ``other`` asks by itself, and is not told of in ``one``, as in "what happens when it
    rings and when it stops"."""
    if _TURNED.match(other) or is_fragment(other):
        return True
    return bool(_OF_WHOEVER.match(other)) and not _WITHIN.search(one)
