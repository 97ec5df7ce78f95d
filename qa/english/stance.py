"""For or against: "Who opposes the plan?" is answered by sentences that never say "oppose".

Word vectors cannot help here, for them "support" and "oppose" are near relations; a small lexicon
and a rule for "not" can.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from footnoted.corpus.types import Span
from footnoted.corpus.words import Word, stem, words
from footnoted.qa.english.polarity import is_negation

OPPOSING = frozenset(
    map(
        stem,
        """
    against oppose opposes opposition opponent criticise criticism critic critical criticize
    condemn reject refuse disagree disapprove denounce protest deny doubt dislike
    """.split(),
    )
)
SUPPORTING = frozenset(
    map(
        stem,
        """
    support supporter favour favor back endorse approve welcome praise agree applaud defend
    advocate
    """.split(),
    )
)
# Their stem is that of "objective", too.
_OBJECTING = frozenset("object objects objected objecting objection objections objectors".split())
_BESIDE_VERBS = frozenset(
    "am are have has had do did will would can must still also all fully strongly totally not never"
    " therefore very firmly clearly in".split()
)
_NEGATION_REACHES = 3
_NEAR = 7
_BY = re.compile(r"\s+by\b", re.I)

# A plan is called many things; who opposes "the idea" opposes it.
COURSES = frozenset(
    map(
        stem,
        """
    plan idea proposal scheme policy deal agreement law bill project programme program initiative
    decision move measure reform strategy approach step change
    """.split(),
    )
)

_OPINIONS = frozenset(map(stem, "view see believe think consider regard find deem want".split()))


def stance(text: str, about: frozenset[str] = frozenset()) -> int:
    """Whether a text speaks against something (-1), for it (1), or neither (0).

    A negation up to three words ahead turns a word round, and an opinion that is not held ("does
    not view it as a solution") speaks against. With ``about``, only what stands near one of these
    stems counts: "support to farmers" is none for a plan.
    """
    told = [side for _, side in _telling(text, about)]
    total = sum(told)
    if total:
        return 1 if total > 0 else -1
    return -1 if 0 in told else 0


def holder_of(text: str) -> Span:
    """Where a text names who takes its side: ahead of the first word that tells it or, where "by"
    follows that, behind."""
    told = next(_telling(text), None)
    if told is None:
        return Span(0, len(text))
    first, _ = told
    by = _BY.match(text, first.end)
    return Span(by.end(), len(text)) if by else Span(0, first.start)


def is_of_speaker(text: str) -> bool:
    """Whether the side that a text takes is its speaker's: "We condemn it"."""
    before = words(text[slice(*holder_of(text))])
    while before and before[-1].text.lower() in _BESIDE_VERBS:
        before.pop()
    return bool(before) and before[-1].text.lower() in {"we", "i", "us", "our", "my"}


def _telling(text: str, about: frozenset[str] = frozenset()) -> Iterator[tuple[Word, int]]:
    """The words that tell a side, with it; an opinion that is not held has 0, and tells one only
    where no other word does."""
    found = words(text)
    for i, word in enumerate(found):
        if about and not (_stands_near(about, found, i) or _is_of_it(found, i)):
            continue
        opposes = word.stem in OPPOSING or word.text.lower() in _OBJECTING
        side = (word.stem in SUPPORTING) - opposes
        before = found[max(0, i - _NEGATION_REACHES) : i]
        turned = any(is_negation(text, other) for other in before)
        if side:
            yield word, -side if turned else side
        elif turned and word.stem in _OPINIONS:
            yield word, 0


def _is_of_it(found: Sequence[Word], at: int) -> bool:
    """ "They oppose it, too": what it is, the sentences before tell."""
    return at + 1 < len(found) and found[at + 1].text.lower() == "it"


def _stands_near(stems: frozenset[str], found: Sequence[Word], at: int) -> bool:
    return any(word.stem in stems for word in found[max(0, at - _NEAR) : at + _NEAR + 1])
