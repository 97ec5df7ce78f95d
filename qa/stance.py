"""For or against: "Who opposes the plan?" is answered by sentences that never say "oppose".

Word vectors cannot help here, for them "support" and "oppose" are near relations; a small lexicon
and a rule for "not" can.
"""

from __future__ import annotations

from corpus.words import stem, stems, words

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
_NEGATIONS = frozenset(
    """
    not no never neither nor cannot without t
    """.split()
)
_NEGATION_REACHES = 3

_OPINIONS = frozenset(map(stem, "view see believe think consider regard find deem want".split()))


def stance(text: str) -> int:
    """Whether a text speaks against something (-1), for it (1), or neither (0).

    A negation up to three words ahead turns a word round, and an opinion that is not held ("does
    not view it as a solution") speaks against.
    """
    found = words(text)
    total, disbelieved = 0, False
    for i, word in enumerate(found):
        sign = (word.stem in SUPPORTING) - (word.stem in OPPOSING)
        before = found[max(0, i - _NEGATION_REACHES) : i]
        turned = any(other.text.lower() in _NEGATIONS for other in before)
        disbelieved |= turned and word.stem in _OPINIONS
        total += -sign if turned else sign
    if total:
        return 1 if total > 0 else -1
    return -1 if disbelieved else 0


def side_asked_for(question: str) -> int:
    """The side that a question names ("opposes": -1, "supports": 1), or 0."""
    return stance(question) if stems(question) & (OPPOSING | SUPPORTING) else 0
