"""Fragments ("And Amnesty?", "Why?", "in 2021"), put in their place in the question before."""

from __future__ import annotations

import re
from itertools import pairwise

from footnoted.qa.english import lexicon
from footnoted.qa.follow_up.grammar import Asked, Phrase, Role, Tag, Token, tokenize
from footnoted.qa.follow_up.pointers import antecedent

_PLACES = "in|at|on"
_ORDINALS = frozenset("first second third fourth fifth last next other former latter".split())
_MOST = 3  # readings
_AFTER_VERB = frozenset("about in on at with to during".split())


def asked_again(earlier: Asked, fragment: str, is_owned: bool = False) -> list[str]:
    """What ``earlier``, asked of ``fragment``, may mean, likeliest first.

    ``is_owned``: the fragment is something of what was spoken of ("its director"), which is rather
    asked for itself.
    """
    tokens = tokenize(fragment)
    added = f"{earlier.text}, and {_lowered(fragment, tokens)}"
    if any(token.tag is Tag.WH for token in tokens[:2]):
        again = [_asked_with(earlier, fragment, tokens)]
    elif tokens[0].tag is Tag.PREP and len(tokens) > 1:
        again = [_asked_where(earlier, fragment, tokens)]
    else:
        again = _asked_of(earlier, fragment, tokens, is_owned)
    return list(dict.fromkeys(f"{text or added}?" for text in again))


def _lowered(fragment: str, tokens: tuple[Token, ...]) -> str:
    """Without the capital that only the beginning of a question gave it."""
    return fragment if tokens[0].tag is Tag.NAME else fragment[:1].lower() + fragment[1:]


def _raised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _asked_with(earlier: Asked, fragment: str, tokens: tuple[Token, ...]) -> str:
    """ "Why", "by whom", "who else", in the place of the earlier question's wh-phrase."""
    words = fragment.lower().split()
    if words[-1] == "else":
        if words == ["who", "else"] and earlier.wh == 0 and earlier.auxiliary is not None:
            does = lexicon.agreeing(earlier.tokens[0].lower, False)
            return f"{_raised(fragment)} {does} {earlier.predicate}" if earlier.predicate else ""
        same = earlier.wh_words == " ".join(words[:-1])
        return f"{_raised(fragment)} {earlier.after(earlier.wh)}" if same else ""
    if words[-1] == "not":
        return ""
    if words == ["how", "many"]:
        return _how_many(earlier)
    asks_adverb = tokens[0].tag is Tag.PREP or tokens[0].lower in {"when", "where", "why", "how"}
    if not asks_adverb:
        return ""
    rest = _whole_clause(earlier)
    return f"{_raised(fragment)} {rest}" if rest else ""


def _how_many(earlier: Asked) -> str:
    noun = earlier.asked_for
    return f"How many {earlier.text[noun.start :]}" if noun and noun.is_plural else ""


def _whole_clause(earlier: Asked) -> str:
    """What "why" can be put before: "will Denmark open an office", "do they oppose the plan"."""
    if earlier.auxiliary is None or earlier.subject is None:
        return _of_whoever(earlier)
    auxiliary = earlier.between(earlier.auxiliary, earlier.auxiliary + 1).lower()
    rest = earlier.after(earlier.auxiliary + 1)
    if earlier.asks_adverb:
        return f"{auxiliary} {rest}"
    return "" if earlier.is_copula else _with_object(earlier, auxiliary)


def _with_object(earlier: Asked, auxiliary: str) -> str:
    """The object that was asked for becomes "that": "did UNHCR say that about the plan"."""
    if earlier.verb is None or earlier.auxiliary is None or earlier.verb >= len(earlier.tokens):
        return ""
    end = earlier.verb + 1
    last = len(earlier.tokens)
    if end < last and earlier.tokens[end].lower not in _AFTER_VERB:
        return ""
    if end + 1 == last:
        end = last
    asked = earlier.asked_for.head if earlier.asked_for else ""
    that = f"that {asked}".strip() if not lexicon.is_plural(asked) else f"those {asked}"
    before = earlier.between(earlier.auxiliary + 1, end)
    return f"{auxiliary} {before} {that} {earlier.after(end)}".strip()


def _of_whoever(earlier: Asked) -> str:
    if earlier.wh_words != "who" or earlier.verb is None:
        return ""
    if earlier.auxiliary is not None:
        auxiliary = lexicon.agreeing(earlier.tokens[earlier.auxiliary].lower, True)
        return f"{auxiliary} they {earlier.after(earlier.verb)}"
    do = "did" if lexicon.is_past(earlier.tokens[earlier.verb].text) else "do"
    return f"{do} they {earlier.predicate}" if earlier.predicate else ""


def _asked_where(earlier: Asked, fragment: str, tokens: tuple[Token, ...]) -> str:
    """ "In Kigali", "of paracetamol": for the phrase of the same sort, or added."""
    preposition = tokens[0].lower
    time = _is_time(tokens)
    same = _PLACES if preposition in _PLACES.split("|") else preposition
    tail = re.compile(rf"\b(?:{same})\s", re.I)
    for match in reversed(list(tail.finditer(earlier.text))):
        old = _phrase_tokens(earlier, match.end())
        if old and _is_time(old) == time and match.start() > 0:
            return (
                earlier.text[: match.start()]
                + _lowered(fragment, tokens)
                + (earlier.text[old[-1].end :])
            )
    place = not time and preposition in _PLACES.split("|")
    answered = "where" if place else "when" if time else ""
    if earlier.wh_words == answered and earlier.asks_adverb and answered:
        return f"{_raised(earlier.after(earlier.wh))} {_lowered(fragment, tokens)}"
    return f"{earlier.text} {_lowered(fragment, tokens)}"


def _phrase_tokens(earlier: Asked, start: int) -> tuple[Token, ...]:
    """The noun phrase that starts at this character."""
    tokens = [token for token in earlier.tokens if token.start >= start]
    found: list[Token] = []
    for token in tokens:
        nominal = token.tag in {Tag.NAME, Tag.NUMBER, Tag.WORD, Tag.OWNER}
        if not nominal and not (not found and token.tag is Tag.DET):
            break
        found.append(token)
    return tuple(found)


def _is_time(tokens: tuple[Token, ...]) -> bool:
    return any(t.tag is Tag.NUMBER or lexicon.singular(t.text) in lexicon.TIMES for t in tokens)


def _asked_of(
    earlier: Asked, fragment: str, tokens: tuple[Token, ...], is_owned: bool
) -> list[str]:
    """A noun phrase, for each phrase of the earlier question that it may stand beside; or, of a
    thing that has such a thing, what it is."""
    new = _fragment_phrase(fragment, tokens)
    if all(token.tag is Tag.NUMBER for token in tokens):
        return [_other_number(earlier, fragment)]
    if new.text in lexicon.VERBS and earlier.subject and earlier.verb:
        return [f"{earlier.between(0, earlier.verb)} {new.text}"]
    if lexicon.singular(tokens[-1].text) in lexicon.TIMES:
        return [""]
    if _says_one(new):
        return [_other_one(earlier, new)]
    others = _counterparts(earlier, new)
    beside = [_exchanged(earlier, old, new) for old in others]
    whether = _whether(earlier, new)
    if is_owned:
        owned = [f"{_is_what(tokens[-1].text)} {new.text}"]
        # "How old is Ada?", "And her brother?": the same is asked of him.
        of_person = lexicon.is_person(tokens[-1].text) and any(_is_one(p) for p in earlier.phrases)
        return [*beside[:1], *owned] if of_person else [*owned, *beside[:1]]
    itself = _itself(earlier, new)
    if itself and not whether and not any(_is_its_like(old, new) for old in earlier.phrases):
        return [itself, *beside[:1]]
    if others and new.head[0].isupper() and not _is_its_like(others[0], new):
        beside.insert(0, "")  # "How much will the office cost?", "And the UNHCR?"
    return [*(beside or [whether])[:_MOST], *([itself] if itself else [])]


def _itself(earlier: Asked, new: Phrase) -> str:
    """ "Who is the captain of the club?": a part that a thing has, or an office."""
    has_owner = new.is_attribute or lexicon.names_person(new.head)
    topic = _topic(earlier) if new.definite and has_owner else ""
    return f"{_is_what(new.head)} {new.text} of {topic}" if topic else ""


def _is_what(noun: str) -> str:
    asks = "Who" if lexicon.names_person(noun) else "What"
    return f"{asks} {'are' if lexicon.is_plural(noun) else 'is'}"


def _is_its_like(old: Phrase, new: Phrase) -> bool:
    """Whether ``new`` is of the sort of ``old``, for which it may stand then."""
    if new.is_attribute:
        return False
    if new.head[0].isupper():
        return old.head[0].isupper() or " of " in old.text or _acts(old)
    if lexicon.names_person(new.head):
        return _acts(old) or lexicon.names_person(old.head)
    return True


def _fragment_phrase(fragment: str, tokens: tuple[Token, ...]) -> Phrase:
    definite = tokens[0].tag is Tag.DET
    before = (token for token, after in pairwise(tokens) if after.tag is Tag.PREP)
    head = next(before, tokens[-1])
    named = not definite and tokens[0].tag is Tag.NAME
    text = _lowered(fragment, tokens)
    return Phrase(text, head.text, 0, len(fragment), Role.OBJECT, named, definite, "")


def _other_number(earlier: Asked, number: str) -> str:
    old = next((t for t in reversed(earlier.tokens) if t.tag is Tag.NUMBER), None)
    return earlier.text[: old.start] + number + earlier.text[old.end :] if old else ""


def _says_one(phrase: Phrase) -> bool:
    return phrase.head.lower() in {"one", "ones", *_ORDINALS} and phrase.definite


def _other_one(earlier: Asked, new: Phrase) -> str:
    which = re.sub(r" ones?$", "", new.text)
    ordinal = next((t for t in earlier.tokens if t.lower in _ORDINALS), None)
    if ordinal is not None:
        number = which.rsplit(" ", 1)[-1]
        return earlier.text[: ordinal.start] + number + earlier.text[ordinal.end :]
    old = next((p for p in earlier.phrases if p.definite and not p.is_person and p.sort), None)
    if old is None:
        return ""
    return f"{earlier.text[: old.start]}{which} {old.sort}{earlier.text[old.end :]}"


def _topic(earlier: Asked) -> str:
    """What an attribute that is asked for belongs to."""
    for phrase in earlier.phrases:
        if phrase.is_attribute and " of " in phrase.text:
            return phrase.text.split(" of ", 1)[1]
    found = antecedent("thing", [earlier]) or antecedent("several", [earlier])
    return found.text if found else ""


def _counterparts(earlier: Asked, new: Phrase) -> list[Phrase]:
    """The phrases that ``new`` may stand beside: of its form, and best of its number and its sort
    first."""
    alike = [old for old in earlier.phrases if _alike(old, new)]
    if alike:
        return sorted(alike, key=lambda old: _likeness(old, new), reverse=True)
    subject = next((p for p in earlier.phrases if p.role is Role.SUBJECT), None)
    return [subject] if subject and not earlier.is_copula else []


def _alike(old: Phrase, new: Phrase) -> bool:
    if _shared(old, new):
        return True
    if old.role is Role.ASKED:
        return old.is_plural and new.is_plural and not new.definite and not new.named
    if new.named or old.named:
        return old.named and not new.definite
    movable = old.role in {Role.SUBJECT, Role.TOPIC}
    same = old.is_plural == new.is_plural and old.is_person == new.is_person
    return same or movable


def _shared(old: Phrase, new: Phrase) -> bool:
    return old.head.lower() == new.head.lower() and len(new.text.split()) > 1


def _is_one(phrase: Phrase) -> bool:
    return phrase.is_person or phrase.is_full_name


def _acts(phrase: Phrase) -> bool:
    """ "What did the minister say about the budget?": the opposition says, taxes are spoken of."""
    return phrase.is_person or phrase.is_group


def _likeness(old: Phrase, new: Phrase) -> tuple[int, ...]:
    return (
        _shared(old, new),
        old.role is Role.ASKED,
        _acts(old) == _acts(new),
        old.is_plural == new.is_plural,
        old.is_person == new.is_person,
        old.definite == new.definite,
        old.role is Role.SUBJECT,
        len(old.text),
    )


def _exchanged(earlier: Asked, old: Phrase, new: Phrase) -> str:
    start, end = old.start, old.end
    text = earlier.text[:start] + new.text + earlier.text[end:]
    if old.role is not Role.SUBJECT or earlier.auxiliary is None or old.is_plural == new.is_plural:
        return text
    auxiliary = earlier.tokens[earlier.auxiliary]
    agreeing = lexicon.agreeing(auxiliary.text, new.is_plural)
    return text[: auxiliary.start] + agreeing + text[auxiliary.end :]


def _whether(earlier: Asked, new: Phrase) -> str:
    """ "Who opposes the plan?" asked of one: "Does Amnesty oppose the plan?"."""
    if earlier.wh_words != "who" or earlier.verb is None or new.is_plural:
        return ""
    if earlier.auxiliary is not None:
        auxiliary = _raised(earlier.tokens[earlier.auxiliary].lower)
        return f"{auxiliary} {new.text} {earlier.after(earlier.verb)}".strip()
    do = "Did" if lexicon.is_past(earlier.tokens[earlier.verb].text) else "Does"
    return f"{do} {new.text} {earlier.predicate}" if earlier.predicate else ""
