"""Questions on facts: how many, how much, when; what a thing is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from footnoted.qa.english import lexicon
from footnoted.qa.english.dates import DATE
from footnoted.qa.english.sameness import same
from footnoted.qa.suggestions.clauses import Clause, clause_of, is_finite, until_stop
from footnoted.qa.suggestions.phrases import (
    Token,
    joined,
    may_end,
    names_nothing_else,
    tokens,
    uncapitalised,
)
from footnoted.qa.suggestions.types import Candidate, Sentence

_ABOUT = (
    r"(?:(?:almost|about|around|nearly|approximately|roughly|more than|fewer than|less than|over"
    r"|up to|at least|only|just|some|exactly|a total of)\s+)?"
)
_WRITTEN = (
    r"two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen"
    r"|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
)
_FIGURE = (
    r"(?:\d+(?:\.\d+)?\s+(?:hundred|thousand|million|billion)|\d{1,3}(?:,\d{3})+|\d+"
    rf"|{_WRITTEN})"
)
_COUNT = re.compile(rf"{_ABOUT}(?P<figure>{_FIGURE})(?P<share>\s*%|\s+per\s?cent\b)?\s+", re.I)
_MONEY = re.compile(
    r"(?:about|around|almost|nearly|over|more than|up to|at least)?\s*"
    r"(?P<figure>(?:[$£€]|(?:EUR|USD|GBP|DKK|CHF)\s)\s?\d[\d,.]*\d?(?:\s?(?:m|bn|million|billion|thousand))?"
    r"|\d[\d,.]*\s+(?:euros?|dollars|pounds|kroner|francs))\b",
    re.I,
)
_ODD_FIGURE = re.compile(r"\d[.,%]|\d{3}")
_YEAR = re.compile(r"(?:1\d|20)\d\d\Z")
_WEEKDAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+)?(?:the\s+)?"
_WHEN = re.compile(rf"\b(?:in|on)\s+{_WEEKDAY}(?P<date>{DATE.pattern})", re.I)
_FRONTED = re.compile(rf"^(?:In|On)\s+{_WEEKDAY}(?P<date>{DATE.pattern}),?\s+(?=[A-Z]|the\b|a\b)")
_AFTER_DATE = re.compile(r"\s*(?:[.,;]|\Z|(?:and|when|after|by|at|as|under|with|in|for|near)\b)")
# Another clause, or another thing that is counted, is joined to the first.
_JOINS_ANEW = re.compile(
    r"\b(?:and|or)\s+(?:an?|the|several|many|some|other|\d+)\b|\w{3}ing\b", re.I
)
_UNITS = frozenset(
    "m cm mm km kg g mg ml l ft mph kmh hours hour minutes minute days day weeks week months month"
    " years year am pm percent per times metres meters kilometres miles degrees points acres"
    " hectares pounds euros dollars million billion thousand hundred january february march april"
    " may june july august september october november december st nd rd th of and or to x".split()
)


def counts(sentence: Sentence) -> Iterator[Candidate]:
    """How many of something: "Two boats moor at the quay", "The quay has two berths"."""
    text = sentence.text
    if found := _COUNT.match(text):
        yield from _counted_subject(sentence, found, text[found.end() :])
        return
    if there := re.match(r"There\s+(are|were)\s+", text):
        if found := _COUNT.match(text, there.end()):
            behind = until_stop(tokens(text[found.end() :]))
            if behind and _is_counted(behind) and not found["share"]:
                noun, rest = _split_noun(behind)
                if _may_follow(rest):
                    question = f"How many {noun} {there[1]} there {rest}".strip() + "?"
                    yield sentence.asks("figure", question, found["figure"])
        return
    if (clause := clause_of(text)) and not _is_said(clause):
        yield from _counted_object(sentence, clause)


def costs(sentence: Sentence) -> Iterator[Candidate]:
    """How much something costs."""
    clause = clause_of(sentence.text)
    if clause is None or clause.subject[0].lower in {"a", "an"}:
        return
    subject = uncapitalised(sentence, joined(clause.subject))
    verb = clause.verb or (clause.rest[0].lower if clause.rest else "")
    if verb not in {"cost", "costs"} and not clause.auxiliary:
        return
    words = clause.rest if clause.verb else clause.rest[1:] if verb == "cost" else clause.rest
    if not words or not (found := _MONEY.match(sentence.text, words[0].start)):
        return
    auxiliary, _ = clause.asked(subject)
    cost = " cost" if "cost" in verb else ""
    if cost or auxiliary in {"is", "are", "was", "were"}:
        yield sentence.asks("figure", f"How much {auxiliary} {subject}{cost}?", found["figure"])


def dates(sentence: Sentence) -> Iterator[Candidate]:
    """When something was or will be: what a sentence says happens on a day, or in a year."""
    text = sentence.text
    if fronted := _FRONTED.match(text):
        clause = clause_of(text[fronted.end() :])
        rest = until_stop(clause.rest) if clause else None
        if clause and rest is not None and not _is_cut_short(clause.rest, rest):
            yield from _when(sentence, clause, rest, fronted["date"])
        return
    clause = clause_of(text)
    found = _WHEN.search(text)
    if clause is None or found is None or not _AFTER_DATE.match(text, found.end()):
        return
    rest = tuple(word for word in clause.rest if word.end <= found.start())
    if until_stop(rest) == rest and not any(word.is_last for word in rest):
        yield from _when(sentence, clause, rest, found["date"])


def definition(sentence: Sentence) -> Iterator[Candidate]:
    """What the thing is that a document is called after, as its first sentence says."""
    clause = clause_of(re.sub(r"\s*\([^)]*\)", "", sentence.text))
    if clause is None or clause.auxiliary not in {"is", "are", "was", "were"} or not clause.rest:
        return
    subject = joined(clause.subject)
    if clause.rest[0].lower not in {"a", "an", "the"} or not same(subject, sentence.document.title):
        return
    kind = [word.lower for word in until_stop(clause.rest, 30) or ()][:8]
    who = "Who" if any(lexicon.is_person(word) for word in kind) else "What"
    phrase = uncapitalised(sentence, subject)
    yield sentence.asks("definition", f"{who} {clause.auxiliary} {phrase}?")


def _is_cut_short(words: Sequence[Token], taken: Sequence[Token]) -> bool:
    """Whether what follows may belong to what was taken: "brought two friends, Ada and Tom"."""
    following = [word.lower for word in words[len(taken) : len(taken) + 1]]
    return bool(following) and not (
        following[0] in {"which", "who", "when", "where", "while", "but", "although", "an", "a"}
        or following[0].endswith("ing")
    )


def _is_said(clause: Clause) -> bool:
    verb = clause.verb or (clause.rest[0].lower if clause.rest else "")
    return verb in lexicon.SAYING


def _when(
    sentence: Sentence, clause: Clause, rest: Sequence[Token], date: str
) -> Iterator[Candidate]:
    """
    "The bridge opened in May": "When did the bridge open?".
    """
    if clause.subject[0].lower in {"a", "an"} or clause.auxiliary in {"has", "have"}:
        return
    if clause.auxiliary and clause.auxiliary not in {"is", "are", "was", "were", "will", "did"}:
        return
    words = [word for word in rest if not DATE.fullmatch(word.text)]
    own = {"its", "their", "his", "her"}
    if not names_nothing_else(words, own) or (words and not may_end(words[-1].text)):
        return
    is_state = clause.auxiliary in lexicon.BE and words
    if is_state and not lexicon.is_participle(words[0].text):
        return
    if (clause.auxiliary in {"will", "did"} or _is_said(clause)) and not words:
        return
    if any(_ODD_FIGURE.search(word.text) for word in words):
        return
    if clause.auxiliary in {"is", "are"} and _YEAR.fullmatch(date):
        return  # what is so in a year began in another
    subject = uncapitalised(sentence, joined(clause.subject))
    auxiliary, verb = clause.asked(subject)
    auxiliary = "do" if auxiliary == "does" and clause.is_plural else auxiliary
    said = " ".join(filter(None, [auxiliary, subject, verb, joined(words)]))
    yield sentence.asks("date", f"When {said}?", date)


def _counted_subject(sentence: Sentence, found: re.Match[str], behind: str) -> Iterator[Candidate]:
    words = until_stop(tokens(behind), 14)
    if not words or not _is_counted(words):
        return
    verb = next(
        (at for at, w in enumerate(words) if at and _is_verb(words, at)),
        None,
    )
    if verb is None or verb == len(words) - 1 or not names_nothing_else(words, {"their"}):
        return
    if _JOINS_ANEW.search(joined(words[verb:])) or words[0].lower in {"others", "other"}:
        return
    if found["share"]:
        if words[0].lower == "of":
            question = f"What percentage {joined(words)}?"
            yield sentence.asks("figure", question, found["figure"])
        return
    if may_end(words[-1].text):
        yield sentence.asks("figure", f"How many {joined(words)}?", found["figure"])


def _counted_object(sentence: Sentence, clause: Clause) -> Iterator[Candidate]:
    if clause.subject[0].lower in {"a", "an"} or not clause.rest:
        return
    lead = (
        clause.rest
        if clause.verb or clause.auxiliary in {"has", "have", "had"}
        else clause.rest[1:]
    )
    if not lead or not (found := _COUNT.match(sentence.text, lead[0].start)) or found["share"]:
        return
    verb = "" if lead is clause.rest else clause.rest[0].text
    if clause.auxiliary in lexicon.BE:  # "It is two years old", "was given two years"
        return
    behind = until_stop([word for word in lead if word.start >= found.end()])
    if not behind or not _is_counted(behind) or not names_nothing_else(behind, {"their", "its"}):
        return
    noun, rest = _split_noun(behind)
    if not _may_follow(rest):
        return
    subject = uncapitalised(sentence, joined(clause.subject))
    auxiliary, base = clause.asked(subject)
    auxiliary = "do" if auxiliary == "does" and clause.is_plural else auxiliary
    said = " ".join(filter(None, [auxiliary, subject, base or verb, rest]))
    if may_end(said.split()[-1]):
        yield sentence.asks("figure", f"How many {noun} {said}?", found["figure"])


def _is_counted(words: Sequence[Token]) -> bool:
    """Whether words begin with what can be counted: "boats", "members of the public"."""
    if words[0].lower == "of":
        return len(words) > 2
    head = _head(words)
    return head is not None and not any(
        word.lower in _UNITS or not word.text[0].islower() for word in words[: head + 1]
    )


def _head(words: Sequence[Token]) -> int | None:
    """Where the plural noun stands that is counted, at most two words further on."""
    for at, word in enumerate(words[:3]):
        if lexicon.is_plural(word.text) and word.text.islower():
            return at
        if word.is_last or not word.text.replace("-", "").isalpha():
            return None
    return None


def _split_noun(words: Sequence[Token]) -> tuple[str, str]:
    """What is counted, with what "of" says of it, and the words behind."""
    end = (_head(words) or 0) + 1
    if end < len(words) and words[end].lower == "of":
        end += 2
        while end < len(words) and words[end - 1].lower in lexicon.DETERMINERS:
            end += 1
    return joined(words[:end]), joined(words[end:])


def _may_follow(rest: str) -> bool:
    """Whether words can stand behind what is counted, and end a question: "at the quay"."""
    words = rest.lower().split()
    return not words or (
        words[0] in lexicon.PREPOSITIONS | {"to"}
        and not _ODD_FIGURE.search(rest)
        and not _JOINS_ANEW.search(rest)
    )


def _is_verb(words: Sequence[Token], at: int) -> bool:
    return words[at].lower in lexicon.AUXILIARIES or is_finite(words[at].text)
