"""What was exchanged in a sentence that is written nearly as it is quoted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from footnoted.corpus.words import Word, stem, stems, words
from footnoted.qa.english.polarity import is_negation
from footnoted.qa.writing.particulars import CLOSED, is_short_for, names

_NEAR = 0.6
"""Of its words, a sentence shares so many with a quotation, in their order, where it repeats it."""
_JOINING = frozenset({"and", "or"})
_AS_LONG = 3
"""So many words more may stand in the quotation than in what repeats it."""


def exchanged(sentence: str, quoted: str) -> Iterator[str]:
    """The names that ``sentence`` has in the place of others of ``quoted``, and where one of them
    alone denies, in words for its reader; nothing, unless it repeats the quotation."""
    own, other = words(sentence), words(quoted)
    found = SequenceMatcher(
        None, [one.text.lower() for one in own], [one.text.lower() for one in other], autojunk=False
    )
    same = [block for block in found.get_matching_blocks() if block.size]
    if not same or sum(block.size for block in same) < _NEAR * len(own):
        return
    first, last = same[0].b, same[-1].b + same[-1].size
    for kind, a, b, c, d in found.get_opcodes():
        if kind == "equal" or (kind == "insert" and not first <= c < last):
            continue  # what is quoted may begin earlier, and go on
        if _denies(sentence, own[a:b]) != _denies(quoted, other[c:d]):
            yield "what is quoted says the opposite"
        is_name = all(not one.text.islower() or one.text in CLOSED for one in other[c:d])
        if kind == "replace" and (is_name or d - c <= b - a + _AS_LONG):
            yield from _other_name(sentence, own[a:b], quoted, other[c:d])


def turned_round(sentence: str, quoted: str) -> Iterator[str]:
    """That names have changed places in ``sentence``, where all else is written as it is quoted:
    who does something to whom. Of those that "and" joins, the order says nothing."""
    own, other = words(sentence), words(quoted)
    called = _names_of(sentence, own) | _names_of(quoted, other)
    places = {one: [at for at, it in enumerate(other) if it.stem == one] for one in called}
    at = {one: found[0] for one, found in places.items() if len(found) == 1}
    rest = [one.stem for one in own if one.stem not in called]
    beside = [one.stem for one in other if one.stem not in called]
    if len(beside) > len(rest) + _AS_LONG or not _are_in_order(rest, beside):
        return
    before: Word | None = None
    for one in own:
        if one.stem not in at:
            continue
        if before and at[one.stem] < at[before.stem]:
            between = sentence[before.end : one.start]
            if any(word.text.lower() not in _JOINING for word in words(between)):
                yield f"{before.text} and {one.text} are quoted the other way round"
        before = one


def _denies(text: str, some: Sequence[Word]) -> int:
    return sum(is_negation(text, word) for word in some)


def _other_name(
    sentence: str, own: Sequence[Word], quoted: str, other: Sequence[Word]
) -> Iterator[str]:
    named, instead = (_names(sentence, own), _names(quoted, other))
    if (
        not named
        or not instead
        or _is_said_there(named, quoted) > _is_said_there(instead, sentence)
    ):
        return  # what is there, too, has only another place
    if {stem(one) for one in named}.isdisjoint(map(stem, instead)):
        said, is_said = " ".join(named), " ".join(instead)
        if not (is_short_for(named[0], is_said) or is_short_for(instead[0], said)):
            yield f"it is quoted of {is_said}, not of {said}"


def _are_in_order(some: Sequence[str], every: Sequence[str]) -> bool:
    left = iter(every)
    return all(one in left for one in some)


def _names_of(text: str, every: Sequence[Word]) -> frozenset[str]:
    """The stems of the words of names, an opening one among them."""
    opening = [one.text for one in every[:1] if _may_be_named(one.text)]
    return stems(" ".join((*names(text), *opening)))


def _may_be_named(word: str) -> bool:
    return word[0].isupper() and word.lower() not in CLOSED


def _is_said_there(some: Sequence[str], text: str) -> bool:
    return {stem(one) for one in some} <= stems(text)


def _names(text: str, some: Sequence[Word]) -> list[str]:
    """The words of a stretch of ``text`` that are of names, an opening word with a capital, too."""
    every = {word.text for name in names(text) for word in words(name)}
    return [
        word.text
        for word in some
        if word.text in every or (word.start == 0 and len(some) > 1 and _may_be_named(word.text))
    ]
