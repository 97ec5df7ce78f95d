"""For or against: "Who opposes the plan?" is answered by sentences that never say "oppose".

Word vectors cannot help here, for them "support" and "oppose" are near relations; a small lexicon
and a rule for "not" can.
"""

from __future__ import annotations

import re

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

_SAYING = re.compile(
    r"[“”\"«»]|\b(?:sa(?:y|ys|id|ying)|stat(?:e|es|ed|ing)|argu(?:e|es|ed|ing)|claim\w*|believ\w*"
    r"|view\w*|warn\w*|describ\w*|declar\w*|announc\w*|call(?:s|ed)|told|tells|according|think\w*"
    r"|thought|consider\w*|regard\w*)\b",
    re.I,
)


def stance(text: str) -> int:
    """Whether a text speaks against something (-1), for it (1), or neither (0).

    A negation up to three words ahead turns a word round, and a negated statement of somebody's
    opinion ("does not view it as a solution") speaks against.
    """
    found = words(text)
    total, negated = 0, False
    for i, word in enumerate(found):
        sign = (word.stem in SUPPORTING) - (word.stem in OPPOSING)
        before = found[max(0, i - _NEGATION_REACHES) : i]
        turned = any(other.text.lower() in _NEGATIONS for other in before)
        negated |= word.text.lower() in _NEGATIONS
        total += -sign if turned else sign
    if total:
        return 1 if total > 0 else -1
    return -1 if negated and _SAYING.search(text) else 0


def side_asked_for(question: str) -> int:
    """The side that a question names ("opposes": -1, "supports": 1), or 0."""
    return stance(question) if stems(question) & (OPPOSING | SUPPORTING) else 0
