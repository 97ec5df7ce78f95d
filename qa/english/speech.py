"""Who says something, as a stretch of text tells: "says Ada Holm", "he added", "according to"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from footnoted.corpus.types import Span
from footnoted.qa.english import lexicon

_TOKEN = re.compile(
    r"\x00+|(?:Mr|Mrs|Ms|Dr|Prof|Hon|Rev|St|Cllr)\.|[^\W_]+(?:[.&'’/-][^\W_]+)*|[^\w\s]|\n+"
)
_HIDDEN = "\x00"
# Curly and angled marks have partners; a straight one is opened and closed by the same.
_PAIRED = re.compile(
    r"“[^”“\"]*(?:”|\"(?!\w)|(?=“)|\Z)|„[^“”]*(?:[“”]|\Z)|«[^»]*(?:»|\Z)"
    r"|‘(?=\S)(?:[^’]|’\w)*(?:’|\Z)"
)
_STRAIGHT = re.compile(
    r"(?<!\d)\"[^\"]*(?:\"|\Z)|(?<!\w)''(?:[^']|'(?!'))+(?:''|\Z)"
)  # after a digit, it means inches
_JOINING = frozenset("of for the and & de la van von der den di da bin al in on".split())
_BESIDE_VERB = frozenset(
    "also then later again therefore today yesterday further repeatedly has have had is are was"
    " were will would did does do clearly recently".split()
)
_PASSIVE = lexicon.BE | {"be", "been", "being"}
_HAVE = frozenset({"has", "have", "had"})
_PARTICIPLES = frozenset({"written", "spoken"})
"""Said by nobody without "have": "upon written request", "and written by"."""
_LONGEST_NAME = 14
_LONGEST_APPOSITION = 25


class Cue(NamedTuple):
    """That somebody says something: ``name`` is who, None where that is a pronoun.

    ``at`` is the verb's place; both are offsets of the text that was read.
    """

    at: Span
    name: Span | None
    is_plural: bool = False
    """Whether the pronoun is "they"."""


class _Word(NamedTuple):
    text: str
    start: int
    end: int

    @property
    def lower(self) -> str:
        return self.text.lower()

    @property
    def is_name(self) -> bool:
        return self.text[0].isalpha() and self.text[0] != self.text[0].lower()

    @property
    def is_hidden(self) -> bool:
        return self.text[0] == _HIDDEN


def quotations(text: str) -> list[Span]:
    """The stretches of a paragraph in quotation marks; one that is not closed ends with it."""
    found = [Span(*m.span()) for m in _PAIRED.finditer(text)]
    straight = (Span(*m.span()) for m in _STRAIGHT.finditer(text))
    return sorted([*found, *(s for s in straight if not any(s.overlaps(o) for o in found))])


def is_closed(text: str, quotation: Span) -> bool:
    """Whether a quotation ends where ``quotations`` says, and not further on."""
    opened, last = text[quotation.start], text[quotation.end - 1]
    partners = {"“": '”"', "„": "”“", "«": "»", "‘": "’", '"': '"', "'": "'"}
    return quotation.end - quotation.start > 1 and last in partners[opened]


@lru_cache(maxsize=256)
def cues(text: str) -> tuple[Cue, ...]:
    """Where a paragraph says of somebody that he says something, outside of what it quotes."""
    hidden = text
    for start, end in quotations(text):
        hidden = hidden[:start] + _HIDDEN * (end - start) + hidden[end:]
    words = [_Word(m.group(), *m.span()) for m in _TOKEN.finditer(hidden)]
    return tuple(_cues(words))


def subjects(text: str) -> Iterator[Span]:
    """The persons whose names sentences begin with: "Ada Holm chairs it. She said …"."""
    words = [_Word(m.group(), *m.span()) for m in _TOKEN.finditer(text)]
    for first in range(len(words)):
        if first and words[first - 1].text not in ".!?\n":
            continue
        end = first
        while end < len(words) and words[end].is_name and not words[end].is_hidden:
            end += 1
        initials = end - first == 1 and len(words[first].text) < 4 and words[first].text.isupper()
        if (end - first > 1 or initials) and not _is_closed_class(words[first]):
            yield Span(words[first].start, words[end - 1].end)


def _cues(words: Sequence[_Word]) -> Iterator[Cue]:
    for at, word in enumerate(words):
        named: Span | _Word | None
        if word.lower == "according" and _lower(words, at + 1) == "to":
            named = _forward(words, at + 2)
        elif word.text == ":" and at and at + 1 < len(words) and words[at + 1].is_hidden:
            named = _backward(words, at - 1)
        elif word.lower in lexicon.SAYING and not word.is_name:
            named = _speaker_at(words, at)
        else:
            continue
        if isinstance(named, Span):
            yield Cue(Span(word.start, word.end), named)
        elif named is not None:
            yield Cue(Span(word.start, word.end), None, named.lower == "they")


def _speaker_at(words: Sequence[_Word], verb: int) -> Span | _Word | None:
    """The verb's subject, a name or a pronoun: before it, or, behind a quotation, after it."""
    before = verb - 1
    if before >= 0 and words[before].text == ",":
        before -= 1
    if before < 0 or words[before].is_hidden:
        if _lower(words, verb + 1) in lexicon.SPEAKING_PRONOUNS:
            return words[verb + 1]
        if found := _forward(words, verb + 1):
            return found
    before = verb - 1
    if words[verb].lower.endswith("ing"):
        if _lower(words, before) == "," or before < 0:
            found = _forward(words, first := _sentence_start(words, verb))
            # "Human rights groups criticised it, saying": a capital alone is no name.
            return found if found and found.end > words[first].end else None
        if [word.lower for word in words[max(verb - 2, 0) : verb]] == ["quoted", "as"]:
            before = verb - 3
    passive, perfect = False, False
    while before >= 0 and words[before].lower in _BESIDE_VERB:
        passive |= words[before].lower in _PASSIVE
        perfect |= words[before].lower in _HAVE
        before -= 1
    if words[verb].lower in _PARTICIPLES and not perfect:
        return None
    if before < 0 or (passive and not words[verb].lower.endswith("ing")):
        return None
    if words[before].lower in lexicon.SPEAKING_PRONOUNS:
        return words[before]
    if words[before].text == ",":
        return _before_apposition(words, before) or _forward(words, verb + 1)
    return _backward(words, before)


def _sentence_start(words: Sequence[_Word], at: int) -> int:
    while at > 0 and words[at - 1].text not in ".!?\n":
        at -= 1
    return at


def _before_apposition(words: Sequence[_Word], comma: int) -> Span | None:
    """ "Ada Holm, who chairs the union, said"."""
    other = next(
        (
            at
            for at in range(comma - 1, max(comma - _LONGEST_APPOSITION, 0), -1)
            if words[at].text == "," or words[at].is_hidden
        ),
        None,
    )
    if other is None or other == 0 or words[other].is_hidden:
        return None
    found = _backward(words, other - 1)
    named = all(word.is_name for word in words[other + 1 : comma])
    return Span(found.start, words[comma - 1].end) if found and named else found


def _backward(words: Sequence[_Word], last: int) -> Span | None:
    """The name that ends with the word ``last``."""
    if last >= 0 and words[last].text == ")":
        opened = next((at for at in range(last, -1, -1) if words[at].text == "("), last)
        last = opened - 1
    first = last + 1
    while first > 0 and last - first < _LONGEST_NAME and _is_of_name(words[first - 1]):
        first -= 1
    return _trimmed(words, first, last + 1)


def _forward(words: Sequence[_Word], first: int) -> Span | None:
    """The name that begins with the word ``first``, with what stands beside it after a comma."""
    end = first
    while end < len(words) and end - first < _LONGEST_NAME:
        beside = words[end].text == "," and end > first
        goes_on = beside and end + 1 < len(words) and _is_of_name(words[end + 1])
        if not (_is_of_name(words[end]) or goes_on):
            break
        end += 1
    return _trimmed(words, first, end)


def _is_of_name(word: _Word) -> bool:
    lower = word.lower
    role = lexicon.singular(lower) in lexicon.PERSONS or lexicon.singular(lower) in lexicon.GROUPS
    return not word.is_hidden and (
        word.is_name
        or role
        or lower in _JOINING
        or lower in lexicon.ROLES
        or lower in {"a", "an", "’", "'", "-"}
    )


def _trimmed(words: Sequence[_Word], first: int, end: int) -> Span | None:
    """Without the words at its edges that are part of no name; None if no name is left."""
    while first < end and _opens_none(words[first]):
        first += 1
    while end > first and _joins(words[end - 1]):
        end -= 1
    inside = words[first:end]
    if not inside:
        return None
    named = any(word.is_name and not _is_closed_class(word) for word in inside)
    role = any(_is_role(word) for word in inside)
    if not (named or (role and inside[0].lower in {"the", "a", "an"})):
        return None
    if inside[0].lower == "the" and len(inside) > 1 and inside[1].is_name:
        inside = inside[1:]
    return Span(inside[0].start, inside[-1].end)


def _opens_none(word: _Word) -> bool:
    if word.lower in {"the", "a", "an"}:
        return False
    return _joins(word) or _is_closed_class(word)


def _joins(word: _Word) -> bool:
    return word.lower in _JOINING or not word.text[0].isalnum()


def _is_closed_class(word: _Word) -> bool:
    """ "But", "However": a capital that only the beginning of a sentence gave it."""
    lower = word.lower
    return word.text[1:] == word.text[1:].lower() and (
        lower in lexicon.ADVERBS | lexicon.PREPOSITIONS | lexicon.WH | lexicon.PRONOUNS
        or lower in lexicon.LINKS | lexicon.DETERMINERS | {"however", "but", "meanwhile"}
    )


def _is_role(word: _Word) -> bool:
    one = lexicon.singular(word.lower)
    return one in lexicon.PERSONS or one in lexicon.GROUPS or word.lower in lexicon.ROLES


def _lower(words: Sequence[_Word], at: int) -> str:
    return words[at].lower if 0 <= at < len(words) else ""
