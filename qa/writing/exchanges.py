"""What was exchanged in a sentence that is written nearly as it is quoted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from footnoted.corpus.words import Word, stem, words
from footnoted.qa.english.polarity import is_negation
from footnoted.qa.writing.particulars import is_short_for, names

_NEAR = 0.6
"""Of its words, a sentence shares so many with a quotation, in their order, where it repeats it."""


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
        if kind == "replace":
            yield from _other_name(sentence, own[a:b], quoted, other[c:d])


def _denies(text: str, some: Sequence[Word]) -> int:
    return sum(is_negation(text, word) for word in some)


def _other_name(
    sentence: str, own: Sequence[Word], quoted: str, other: Sequence[Word]
) -> Iterator[str]:
    named, instead = (_names(sentence, own), _names(quoted, other))
    if named and instead and {stem(one) for one in named}.isdisjoint(map(stem, instead)):
        said, is_said = " ".join(named), " ".join(instead)
        if not (is_short_for(named[0], is_said) or is_short_for(instead[0], said)):
            yield f"it is quoted of {is_said}, not of {said}"


def _names(text: str, some: Sequence[Word]) -> list[str]:
    """The words of a stretch of ``text`` that are of names, an opening word with a capital, too."""
    every = {word.text for name in names(text) for word in words(name)}
    return [
        word.text
        for word in some
        if word.text in every or (word.start == 0 and word.text[0].isupper() and len(some) > 1)
    ]
