"""Words that point back ("it", "they", "there"), and what in earlier questions they stand for."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from footnoted.qa.english import lexicon
from footnoted.qa.follow_up.grammar import Asked, Phrase, Role, Tag, Token, tokenize
from footnoted.qa.protocols import ANSWER, Meaning

_THING = frozenset("it its".split())
_SEVERAL = frozenset("they them their theirs these those".split())
_PERSON = frozenset("he him his she her hers".split())
# In the order in which they are resolved: no two stand for the same in one question.
_FAMILIES = ("place", "person", "several", "thing", "clause")
_OWNERS = frozenset("its their his".split())
_SUBJECTS = frozenset("it they he she".split())
_GOING = frozenset("go get travel fly come move send sent transfer transferred arrive".split())
_ONE = re.compile(
    r"\b(?:which|(?:the|this|that|these|those|each)(?:\s+[\w-]+)?)\s+(?P<one>ones?)\b", re.I
)
# A question of more words than these is searched for as well without the one before it.
_SAYS_ENOUGH = 8
_LONGEST_CLAUSE = 60
_OF_WEATHER = frozenset(
    "rain rains raining snow snows snowing freezing windy sunny seem seems matter".split()
)
_IMPERSONAL = frozenset("take takes cost like mean called".split())
_SAYS_WHAT = frozenset("to that if whether when".split())
_CLAUSE_WORDS = frozenset("that before after since until as than".split())


class _Change(NamedTuple):
    start: int
    end: int
    text: str
    vague: bool = False
    """Said of whoever was asked for: left out where another word already carries the topic."""


class Resolved(NamedTuple):
    """A question with its words that point back replaced, and by what."""

    text: str
    pointed: bool
    """Whether there were any."""
    by: tuple[str, ...] = ()


def resolved(question: str, memory: Sequence[Asked], but: Sequence[str] = ()) -> Resolved:
    """``question`` with its pointers replaced, by none of ``but``.

    The first pointer of each family is replaced; later ones then have their antecedent before
    them ("What did the minister say when he resigned?").
    """
    tokens = tokenize(question)
    pointers = _pointers(question, tokens)
    changes: list[_Change] = []
    used = "\n".join([question, *but]).casefold()
    for family in sorted(pointers, key=_FAMILIES.index):
        if change := _change(tokens, pointers[family], family, memory, used):
            changes.append(change)
            used += "" if change.vague else change.text.casefold()
    if any(not change.vague for change in changes):
        changes = [change for change in changes if not change.vague]
    if not changes and len(tokens) > _SAYS_ENOUGH:
        return Resolved(question, False)
    if pointers and not changes:
        return Resolved(f"{question.rstrip('?!. ')} ({memory[-1].text})?", True)
    for change in sorted(changes, reverse=True):
        question = question[: change.start] + change.text + question[change.end :]
    return Resolved(question, bool(pointers), tuple(change.text for change in changes))


def answered(question: str, memory: Sequence[Asked]) -> Meaning | None:
    """``question`` with ``ANSWER`` for the first pointer that the newest question's answer fits.

    "Who speaks for the union?" answers "he", "Which firm built it?" "it", "Where was it built?"
    "there". None where none does.
    """
    tokens = tokenize(question)
    pointers = _pointers(question, tokens)
    family = _answers(memory[-1])
    if family not in pointers or (family == "thing" and antecedent(family, memory)):
        return None
    at = pointers[family]
    stands_in = lexicon.possessive(ANSWER) if _owns(tokens, at) else ANSWER
    before = tokens[at - 1] if at else None
    if family == "place" and not (before and before.tag is Tag.PREP):
        stands_in = f"in {ANSWER}"
    text = question[: tokens[at].start] + stands_in + question[tokens[at].end :]
    described = antecedent(family, memory)
    names = family == "person" and (described is None or _is_who_is(memory[-1], described))
    return Meaning(text, f"{memory[-1].text}?", names)


def _answers(asked: Asked) -> str:
    """Which family of pointers what ``asked`` asks for is meant by."""
    if asked.wh_words == "who":
        return "person"
    if asked.wh_words == "where":
        return "place"
    noun = asked.asked_for
    if noun is None or noun.is_plural or asked.wh_words.startswith("how"):
        return ""
    return "person" if noun.is_person else "thing"


def with_noun(question: str, memory: Sequence[Asked]) -> str:
    """ "Which one is older?", "Who leads the other one?": with the noun that "one" stands for."""
    found = _ONE.search(question)
    if found is None or found.group() == question.rstrip("?!. "):
        return question
    noun = memory[-1].asked_for or antecedent("thing", memory) or antecedent("several", memory)
    if noun is None or not (sort := noun.sort):
        return question
    head = lexicon.singular(sort) if found["one"].lower() == "one" else sort
    return question[: found.start("one")] + head + question[found.end("one") :]


def owner(question: str) -> bool:
    """Whether ``question`` is a thing of what was spoken of, and no more: "its director"."""
    tokens = tokenize(question)
    return len(tokens) > 1 and tokens[0].lower in _OWNERS | {"her"} and _owns(tokens, 0)


def _pointers(question: str, tokens: Sequence[Token]) -> dict[str, int]:
    """The first word of each family that points out of the question."""
    first: dict[str, int] = {}
    for index in range(len(tokens)):
        family = _family(tokens, index)
        if family and family not in first and not _has_antecedent(question, tokens, index, family):
            first[family] = index
    return first


def _family(tokens: Sequence[Token], index: int) -> str:
    """Which sort of thing the word points at; empty where it points at nothing."""
    word = tokens[index].lower
    if tokens[index].tag is Tag.NAME:
        return ""
    if word in _THING:
        return "" if _is_dummy(tokens, index) else "thing"
    if word == "there":
        return "" if _is_existential(tokens, index) else "place"
    if word in lexicon.DEMONSTRATIVES and not _stands_bare(tokens, index):
        return ""
    if word in _SEVERAL:
        return "several"
    if word in _PERSON:
        return "person"
    return "clause" if word in lexicon.DEMONSTRATIVES else ""


def _stands_bare(tokens: Sequence[Token], index: int) -> bool:
    """ "When did they say that?" against "that plan" and "the man that came"."""
    before = tokens[index - 1] if index else None
    if index + 1 == len(tokens):
        return before is not None
    if before is not None and before.tag not in {Tag.AUX, Tag.WH, Tag.LINK, Tag.PREP}:
        return False
    after = tokens[index + 1]
    if after.tag in {Tag.AUX, Tag.PREP, Tag.ADVERB}:
        return before is None or before.tag is not Tag.PREP
    if before is None or before.tag is not Tag.AUX:
        return False
    last = index + 2 == len(tokens) and before.lower not in lexicon.BE
    verb = after.lower in lexicon.VERBS or lexicon.is_participle(after.lower)
    noun_next = index + 2 < len(tokens) and tokens[index + 2].tag is Tag.WORD
    adjective = lexicon.is_adjective(after.lower) and not noun_next
    return verb or adjective or (last and after.lower in lexicon.NOUNS_TOO)


def _is_dummy(tokens: Sequence[Token], index: int) -> bool:
    """ "Is it true that", "how long does it take to", "what is it like to", "does it rain",
    "what time is it"."""
    after = [token.lower for token in tokens[index + 1 : index + 6]]
    if tokens[index].lower != "it":
        return False
    if [token.lower for token in tokens[:2]] == ["what", "time"]:
        return True
    if not after:
        return False
    if after[0] in _OF_WEATHER:
        return True
    if after[0] in {"take", "takes"} and "for" in after[1:3]:
        return True
    impersonal = after[0] in _IMPERSONAL or _beside_be(tokens, index)
    return impersonal and bool(_SAYS_WHAT.intersection(after[1:4]))


def _beside_be(tokens: Sequence[Token], index: int) -> bool:
    near = tokens[max(index - 1, 0) : index + 3]
    return any(token.lower in lexicon.BE or token.lower == "be" for token in near)


def _is_existential(tokens: Sequence[Token], index: int) -> bool:
    after = {token.lower for token in tokens[index + 1 : index + 3]}
    return _beside_be(tokens, index) or bool(after & {"be", "been", "exist", "exists"})


def _has_antecedent(question: str, tokens: Sequence[Token], index: int, family: str) -> bool:
    """Whether what is pointed at stands in the question itself, before the pointer.

    A possessive may mean the subject of its own clause ("Why did the minister change his
    mind?"), any other word only what an earlier clause names ("Does the plan say when it ends?").
    """
    if family in {"place", "clause"}:
        return False
    own = Asked.of(question)
    within = _owns(tokens, index) or _is_statement(own) or _is_embedded(own, tokens, index)
    if within and _asks_who(own) and len(tokens) >= _SAYS_ENOUGH:
        return True
    before = tokens[index].start if within else _clause_start(own, tokens[:index])
    fits = _FITS[family]
    return any(
        phrase.end <= before and _may_precede(own, phrase) and fits(phrase)
        for phrase in own.phrases
    )


def _is_statement(asked: Asked) -> bool:
    """ "The bill fails if it is vetoed?": everything before a pointer may be what it means."""
    return asked.auxiliary is None and asked.verb is None


def _is_embedded(own: Asked, tokens: Sequence[Token], index: int) -> bool:
    """Whether the pointer is the subject of a clause that is not the question's own."""
    start = own.verb if own.auxiliary is None else own.auxiliary
    if start is None or index <= start + 1 or index + 1 >= len(tokens):
        return False
    verb = tokens[index + 1].tag is Tag.AUX or bool(lexicon.known_base(tokens[index + 1].text))
    return tokens[index].lower in _SUBJECTS and verb


def _clause_start(own: Asked, before: Sequence[Token]) -> int:
    marks = [
        token.start
        for i, token in enumerate(before)
        if (i > own.wh and token.tag in {Tag.LINK, Tag.WH, Tag.AUX})
        or (i > 0 and (token.lower in _CLAUSE_WORDS or token.lower.endswith("ing")))
    ]
    return max(marks, default=0)


def _may_precede(own: Asked, phrase: Phrase) -> bool:
    """What is asked for is meant only where it also does something: "which party left its …"."""
    return phrase.role is not Role.ASKED or own.subject is None


def _owns(tokens: Sequence[Token], index: int) -> bool:
    word = tokens[index].lower
    nominal = {Tag.WORD, Tag.NAME, Tag.NUMBER}
    followed = index + 1 < len(tokens) and tokens[index + 1].tag in nominal
    return followed and (word in _OWNERS or word == "her")


def _fits_thing(phrase: Phrase) -> bool:
    return not (phrase.is_plural or phrase.is_person)


def _fits_several(phrase: Phrase) -> bool:
    return phrase.is_plural or phrase.head[:1].isupper() or phrase.is_group


def _fits_person(phrase: Phrase) -> bool:
    return phrase.is_person or phrase.named


_FITS: dict[str, Callable[[Phrase], bool]] = {
    "thing": _fits_thing,
    "clause": _fits_thing,
    "several": _fits_several,
    "person": _fits_person,
}


def _change(
    tokens: Sequence[Token], index: int, family: str, memory: Sequence[Asked], used: str
) -> _Change | None:
    """Which characters give way, and to what."""
    token = tokens[index]
    if family == "place":
        return _place(tokens, index, memory)
    if family == "clause" and (told := _clause(tokens, index, memory)):
        return told
    found = antecedent(family, memory, used)
    text = found.text if found else _whoever(family, memory)
    if not text:
        return None
    if _owns(tokens, index):
        text = lexicon.possessive(text)
    return _Change(token.start, token.end, text, vague=found is None)


def antecedent(family: str, memory: Sequence[Asked], used: str = "") -> Phrase | None:
    """What a word of this family stands for: in the newest question that names such a thing."""
    rank = _RANKS[family]
    for asked in reversed(memory):
        ranked = {p: rank(asked, p) for p in asked.phrases if p.text.casefold() not in used}
        fitting = [phrase for phrase, key in ranked.items() if key]
        if fitting:
            return max(fitting, key=ranked.__getitem__)
        if family in {"several", "person"} and _asks_who(asked):
            return None
    return None


def _asks_who(asked: Asked) -> bool:
    return asked.wh_words == "who" and asked.subject is None and asked.verb is not None


_Rank = tuple[int, ...]


def _is_who_is(asked: Asked, phrase: Phrase) -> bool:
    """ "Who is the head of the agency": a person, whatever the noun."""
    subject = asked.is_copula and phrase.role is Role.SUBJECT
    return subject and asked.wh_words == "who"


def _rank_thing(asked: Asked, phrase: Phrase) -> _Rank:
    if not _fits_thing(phrase) or _is_who_is(asked, phrase):
        return ()
    return (
        phrase.role is Role.ASKED and asked.subject is None,
        phrase.role is not Role.ASKED,
        not phrase.is_full_name,
        phrase.definite and not phrase.is_attribute,
        phrase.role is Role.TOPIC,
        phrase.definite,
        phrase.role is not Role.WITHIN,
        phrase.named,
        phrase.role is Role.SUBJECT,
        phrase.start,
    )


def _rank_fact(asked: Asked, phrase: Phrase) -> _Rank:
    """ "Is that legal?": a thing, or all that was said, which no phrase names."""
    common = phrase.definite and phrase.head == phrase.head.lower()
    return _rank_thing(asked, phrase) if common else ()


def _rank_several(asked: Asked, phrase: Phrase) -> _Rank:
    part = phrase.role is Role.WITHIN and not phrase.is_plural
    if not _fits_several(phrase) or part or phrase.text == "the people":
        return ()
    return (
        phrase.is_plural,
        phrase.role is not Role.WITHIN,
        phrase.role is Role.SUBJECT,
        phrase.start,
    )


def _rank_person(asked: Asked, phrase: Phrase) -> _Rank:
    surely = phrase.is_person or phrase.is_full_name or _is_who_is(asked, phrase)
    # "Who leads Arsenal?", "How old is he?": whoever leads it.
    inside = phrase.named and phrase.preposition in {"in", "at"}
    if phrase.is_plural or inside or not (surely or (phrase.named and not _asks_who(asked))):
        return ()
    return (
        surely,
        phrase.role is Role.SUBJECT,
        phrase.start,
    )


def _rank_place(asked: Asked, phrase: Phrase) -> _Rank:
    somewhere = phrase.preposition in {"in", "at", "to", "from"}
    region = lexicon.singular(phrase.head) in lexicon.REGIONS
    who_goes = asked.wh_words == "where" and phrase.named and phrase.role is Role.SUBJECT
    if phrase.is_person or phrase.is_plural or (who_goes and not asked.is_copula):
        return ()
    return (
        somewhere or region,
        not phrase.is_attribute,
        phrase.role is not Role.SUBJECT,
        phrase.definite,
        phrase.start,
    )


_RANKS: dict[str, Callable[[Asked, Phrase], _Rank]] = {
    "thing": _rank_thing,
    "clause": _rank_fact,
    "several": _rank_several,
    "person": _rank_person,
    "place": _rank_place,
}


def _whoever(family: str, memory: Sequence[Asked]) -> str:
    """Who is asked for and not named: "those who oppose the plan"."""
    asked = next((asked for asked in reversed(memory) if _asks_who(asked)), None)
    known = asked is not None and len(asked.text) <= _LONGEST_CLAUSE
    if not known or asked is None or asked.verb is None or family not in {"several", "person"}:
        return ""
    if family == "person":
        return f"the person {asked.text[:1].lower()}{asked.text[1:]}"
    rest = asked.after(asked.verb)
    if asked.auxiliary is not None:
        return f"those who {lexicon.agreeing(asked.tokens[asked.auxiliary].text, True)} {rest}"
    verb = asked.tokens[asked.verb].text
    base = None if lexicon.is_past(verb) else lexicon.base_form(verb)
    return f"those who {base or verb} {asked.after(asked.verb + 1)}".strip()


def _place(tokens: Sequence[Token], index: int, memory: Sequence[Asked]) -> _Change | None:
    found = antecedent("place", memory)
    if found is None:
        return None
    token, before = tokens[index], tokens[index - 1] if index else None
    if before is not None and before.tag is Tag.PREP and before.lower != "like":
        return _Change(token.start, token.end, found.text)
    inside = found.named or lexicon.singular(found.head) in lexicon.REGIONS
    goes = any(t.lower in _GOING for t in tokens[:index])
    preposition = "to" if goes else "in" if inside else "at"
    return _Change(token.start, token.end, f"{preposition} {found.text}")


def _clause(tokens: Sequence[Token], index: int, memory: Sequence[Asked]) -> _Change | None:
    """ "do that" is what was done before; what is said is said about the topic."""
    before = tokens[index - 1]
    token = tokens[index]
    if before.lower in {"do", "does", "did", "done"} and (done := _deed(memory[-1])):
        return _Change(before.start, token.end, done)
    topic = antecedent("thing", memory) or antecedent("several", memory)
    if topic and lexicon.base_form(before.text) in lexicon.SPEECH:
        return _Change(token.start, token.end, f"{token.text} about {topic.text}")
    return None


def _deed(asked: Asked) -> str:
    has_subject = asked.auxiliary is not None and asked.subject is not None
    modal = has_subject and asked.tokens[asked.auxiliary or 0].lower not in lexicon.BE
    return asked.after(asked.verb) if modal and asked.verb is not None else ""
