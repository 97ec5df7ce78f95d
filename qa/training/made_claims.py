"""Claims made of paragraphs: their sentences as they stand or shortened, and what they do not say.

What is wrong may stand in the text as well as in the claim: "did not" alone tells nothing where the
text is the one that says so.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from footnoted.corpus.words import content_stems
from footnoted.qa.english import lexicon
from footnoted.qa.protocols import Pair
from footnoted.qa.training import claim_edits, claim_wordings
from footnoted.qa.training.claim_sets import Judged
from footnoted.qa.training.claim_wordings import Edit
from footnoted.qa.training.made_roles import roles
from footnoted.qa.training.windows import sentence_starts

_LENGTHS = range(35, 240)
"""Of a sentence that makes a claim, in characters."""
_IN_TEXT = 0.35
"""How often it is the text that is edited."""
_NAME = re.compile(r"\b[A-Z][\w’'-]+(?: (?:of (?:the )?)?[A-Z][\w’'-]+)+")
_SPEAKERS = (
    """
Amnesty International|the council|the minister|Anna Larsen|a spokesman|the union|Critics|the company
the police|Mr Holm|Professor Ade Okafor|the report|the Red Cross|opponents|the mayor|Greenpeace
the opposition|Dr Maria Keller|the ministry|residents|supporters|the bank|the commission|Ben Carter
the authors|several historians|the government|the BBC|Human Rights Watch|the committee|her lawyer
""".strip()
    .replace("\n", "|")
    .split("|")
)
_SAID = (
    "{N} said that {s}",
    "{N} said {s}",
    "{N} stated that {s}",
    "{N} told reporters that {s}",
    "According to {n}, {s}",
    "{S}, {n} said",
    "{S}, according to {n}",
)
_HELD = (
    "{N} argued that {s}",
    "{N} claimed that {s}",
    "{N} believed that {s}",
    "In the view of {n}, {s}",
    "{N} accused others of hiding that {s}",
    "{N} feared that {s}",
    "{N} denied that {s}",
    "{N} asked whether {s}",
    "{N} doubted that {s}",
    "{N} predicted that {s}",
)
"""Further from what is said; only the first three may be told as what somebody said."""


class Told(NamedTuple):
    """A sentence, with those before and after it."""

    before: str
    sentence: str
    after: str

    def with_(self, sentence: str) -> str:
        return " ".join(part for part in (self.before, sentence, self.after) if part)

    @property
    def text(self) -> str:
        return self.with_(self.sentence)


class Paragraphs:
    """The paragraphs of articles, and the claims made of them."""

    def __init__(self, articles: Mapping[str, Sequence[str]], source: str) -> None:
        self._articles = articles
        self._source = source

    def judged(self, number: int, chance: random.Random) -> Iterator[Judged]:
        """About so many claims, of paragraphs drawn by chance."""
        places = [(a, i) for a, texts in self._articles.items() for i in range(len(texts))]
        made = 0
        while made < number:
            article, at = chance.choice(places)
            for pair, supported in self._of(article, at, chance):
                made += 1
                yield Judged(pair, supported, self._source, article)

    def _of(self, article: str, at: int, chance: random.Random) -> Iterator[tuple[Pair, bool]]:
        texts = self._articles[article]
        told = _told(texts[at], chance)
        if told is None:
            return
        kind = chance.random()
        if kind < 0.15:
            yield from attributed(told, chance)
        elif kind < 0.32:
            yield from roles(told.before, told.after, chance)
        elif kind < 0.40:
            other = chance.choice(texts)
            yield from _not_said(told, [] if other == texts[at] else _sentences(other), chance)
        elif kind < 0.45:
            yield from _joined(told, chance)
        else:
            names = _NAME.findall(" ".join(chance.sample(texts, min(2, len(texts)))))
            near = _NAME.findall(told.text)
            if chance.random() < 0.3:
                told = _with_speaker(told, chance)
            yield from edited(told, near if near and chance.random() < 0.6 else names, chance)


def _sentences(text: str) -> list[str]:
    return [text[a:b].strip() for a, b in pairwise(sentence_starts(text))]


def _makes_claim(sentence: str) -> bool:
    words = sentence.split()
    return len(sentence) in _LENGTHS and sentence.endswith(".") and len(words) > 5


def _told(text: str, chance: random.Random) -> Told | None:
    sentences = _sentences(text)
    fit = [i for i, one in enumerate(sentences) if _makes_claim(one)]
    if not fit:
        return None
    at = chance.choice(fit)
    before, after = chance.choice([(0, 0), (0, 1), (1, 0), (1, 1), (2, 1), (1, 2), (2, 2), (3, 3)])
    return Told(
        " ".join(sentences[max(0, at - before) : at]),
        sentences[at],
        " ".join(sentences[at + 1 : at + 1 + after]),
    )


def edited(told: Told, names: Sequence[str], chance: random.Random) -> Iterator[tuple[Pair, bool]]:
    """What the sentence says, and what it would say if it were changed."""
    true = _true(told.sentence, chance)
    wrong = _wrong(true if chance.random() < 0.6 else told.sentence, names, chance)
    if wrong is not None and chance.random() < _IN_TEXT:
        text = told.with_(wrong)
        yield Pair(text, _true(wrong, chance)), True
        yield Pair(text, true), False
        return
    yield Pair(told.text, true), True
    if wrong is not None:
        yield Pair(told.text, wrong), False
    weak = claim_edits.stronger(true, chance)
    if weak is not None and chance.random() < 0.7:
        yield (Pair(told.text, weak), False)
        if chance.random() < _IN_TEXT:
            yield Pair(told.with_(weak), weak), True


def _true(sentence: str, chance: random.Random) -> str:
    """What says the same, or less; the sentence itself, where it cannot be told otherwise."""
    ways = list(claim_wordings.TRUE)
    chance.shuffle(ways)
    if chance.random() < 0.25:
        return sentence
    for way in ways:
        if (new := way(sentence, chance)) is not None:
            return new if chance.random() < 0.6 else claim_wordings.shortened(new, chance) or new
    return sentence


def _wrong(sentence: str, names: Sequence[str], chance: random.Random) -> str | None:
    ways: list[tuple[Edit, float]] = [
        (claim_edits.turned_wrong, 9.0),
        (claim_edits.affirmed, 5.0),
        (claim_edits.exchanged, 1.2),
        (claim_edits.another_name(names), 1.0),
        (claim_edits.another_number, 0.8),
        (claim_edits.another_unit, 0.6),
        (claim_edits.denied, 1.0),
        (claim_edits.opposite, 1.0),
    ]
    while ways:
        (way,) = chance.choices(ways, [weight for _, weight in ways])
        new = way[0](sentence, chance)
        if new is not None and new != sentence:
            return new
        ways.remove(way)
    return None


def attributed(told: Told, chance: random.Random) -> Iterator[tuple[Pair, bool]]:
    """What somebody says is not so for that, and nobody else says it."""
    sentence = told.sentence
    names = [*chance.sample(_SPEAKERS, 3), *_NAME.findall(told.before)[:1]]
    who, other = chance.sample(names, 2)
    claim = _true(sentence, chance)
    if chance.random() < 0.25:
        yield Pair(told.text, _by(chance.choice(_SAID), who, claim)), False
        yield Pair(told.text, claim), True
        return
    yield from _beside(told, who, chance)
    held = chance.random() < 0.4
    wording = chance.choice(_HELD if held else _SAID)
    text = told.with_(_by(wording, who, sentence))
    yield Pair(text, claim), False
    if not held or wording in _HELD[:3]:
        again = chance.choice(_SAID[:5] if not held else [wording, _SAID[4], _HELD[0]])
        yield Pair(text, _by(again, who, claim)), True
        if chance.random() < 0.6:
            yield Pair(text, _by(again, other, claim)), False
    else:
        yield Pair(text, _by(wording, who, claim)), True
        yield Pair(text, _by(chance.choice(_SAID), who, claim)), False


def _beside(told: Told, who: str, chance: random.Random) -> Iterator[tuple[Pair, bool]]:
    """What stands beside somebody's words is told plainly, and not by him."""
    others = [one for one in _sentences(f"{told.before} {told.after}") if _makes_claim(one)]
    if not others:
        return
    text = told.with_(_by(chance.choice((*_SAID, *_HELD)), who, told.sentence))
    claim = _true(chance.choice(others), chance)
    yield Pair(text, claim), True
    if chance.random() < 0.35:
        yield Pair(text, _by(chance.choice(_SAID), who, claim)), False


def _with_speaker(told: Told, chance: random.Random) -> Told:
    """With somebody who says the sentence after it, or all that stands before it."""
    who, wording = chance.choice(_SPEAKERS), chance.choice((*_SAID, *_HELD))
    if told.after and (not told.before or chance.random() < 0.5):
        first, *others = _sentences(told.after)
        return told._replace(after=" ".join([_by(wording, who, first), *others]))
    if told.before:
        *others, last = _sentences(told.before)
        return told._replace(before=" ".join([*others, _by(wording, who, last)]))
    return told


def _by(wording: str, who: str, sentence: str) -> str:
    inner = sentence.removesuffix(".")
    return (
        wording.format(
            N=who[0].upper() + who[1:],
            n=who if who != "Critics" else "critics",
            s=lowered(inner),
            S=inner,
        )
        + "."
    )


def lowered(sentence: str) -> str:
    """As it stands within another."""
    first, space, rest = sentence.partition(" ")
    closed = lexicon.DETERMINERS | lexicon.PRONOUNS | lexicon.PREPOSITIONS | lexicon.LINKS
    return f"{first.lower()}{space}{rest}" if first.lower() in closed and first != "I" else sentence


def _not_said(
    told: Told, others: Sequence[str], chance: random.Random
) -> Iterator[tuple[Pair, bool]]:
    """A sentence of elsewhere, or one that was left out."""
    left = " ".join(part for part in (told.before, told.after) if part)
    if len(left) > 60 and chance.random() < 0.5:
        yield Pair(left, _true(told.sentence, chance)), False
    elif fit := [one for one in others if _makes_claim(one)]:
        there = content_stems(told.text)
        nearest = max(fit, key=lambda one: len(content_stems(one) & there))
        yield Pair(told.text, _true(nearest, chance)), False
    else:
        return
    yield Pair(told.text, _true(told.sentence, chance)), True


def _joined(told: Told, chance: random.Random) -> Iterator[tuple[Pair, bool]]:
    """Two of its sentences in one, of which one may be wrong."""
    others = [one for one in _sentences(f"{told.before} {told.after}") if _makes_claim(one)]
    if not others:
        return
    one, two = _true(told.sentence, chance), _true(chance.choice(others), chance)
    wrong = _wrong(two, _NAME.findall(told.text), chance)
    for second, supported in ((two, True), (wrong, False)):
        if second is not None:
            both = [one, second]
            chance.shuffle(both)
            first = both[0].removesuffix(".")
            yield Pair(told.text, f"{first}, and {lowered(both[1])}"), supported
