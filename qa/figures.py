"""Questions that ask for a figure, and sentences that hold one.

"How much money will Denmark pay?" cannot be answered by a sentence without a sum, however near
its words are.
"""

from __future__ import annotations

import re

from corpus.words import stem

_MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
)
_NUMBER_WORD = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty"
    r"|hundreds?|thousands?|millions?|billions?|dozens?|half|once|twice|several)"
)
_NUMBER = re.compile(rf"\d+|\b{_NUMBER_WORD}\b", re.I)
_DATE = re.compile(
    rf"\b1\d{{3}}s?\b|\b20\d\ds?\b|\b{_MONTH}\b(?!\s+(?:be|not|have))|\bcentur(?:y|ies)\b|\bBCE?\b"
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:yesterday|today|tomorrow|years?|months?"
    r"|weeks?|days?|decades?|era)\b",
    re.I,
)
_MONEY = re.compile(
    r"[$€£¥₹]|\b(?:dollars?|euros?|pounds?|cents?|kroner|kronor|yen|francs?|rupees?|yuan|usd|eur|gbp"
    r"|dkk)\b",
    re.I,
)
_LENGTH_OF_TIME = re.compile(
    r"\b(?:years?|months?|weeks?|days?|hours?|minutes?|seconds?|decades?|centur(?:y|ies))\b", re.I
)

# The first that fits counts: "how much does it cost" asks for money before it asks for a number.
_ASKED_FOR = {
    "money": re.compile(
        r"\bhow (?:much (?:money|\w+ (?:cost|pay|spend|earn)"
        r"|.*\b(?:costs?|pay|paid|spend|spent|earn|price|worth|budget)\b)|expensive)"
        r"|\bwhat (?:is|was|are|were|will be|does)\b.*\b(?:price|cost|budget|salary|fee)s?\b",
        re.I,
    ),
    "length": re.compile(r"\bhow (?:long|old)\b", re.I),
    "number": re.compile(
        r"\bhow (?:many|much|often|far|large|big|tall|high|fast)\b"
        r"|\bwhat (?:is|was|are|were)? ?(?:the )?(?:\w+ )?(?:number|percentage|percent|population"
        r"|rate|amount|share|proportion|temperature)\b",
        re.I,
    ),
    "date": re.compile(
        r"\bwhen\b|\b(?:what|which) (?:year|date|day|month|century|decade|time|era)\b", re.I
    ),
}


def figure_asked_for(question: str) -> str | None:
    """``money``, ``length`` (of time), ``number``, ``date``, or None for any other question."""
    return next((kind for kind, pattern in _ASKED_FOR.items() if pattern.search(question)), None)


def holds_figure(kind: str, sentence: str, known: frozenset[str]) -> bool:
    """Whether a sentence holds a figure of this kind; numbers and dates whose stems are in
    ``known``, the question's own, do not count.
    """
    if kind == "money":
        return bool(_MONEY.search(sentence) and _NUMBER.search(sentence))
    if kind == "length":
        return bool(_LENGTH_OF_TIME.search(sentence) and _NUMBER.search(sentence))
    pattern = {"number": _NUMBER, "date": _DATE}[kind]
    return any(stem(match.group()) not in known for match in pattern.finditer(sentence))
