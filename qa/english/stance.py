"""For or against: "Who opposes the plan?" is answered by sentences that never say "oppose".

Word vectors cannot help here, for them "support" and "oppose" are near relations; a small lexicon
and a rule for "not" can.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from footnoted.corpus.types import Span
from footnoted.corpus.words import Word, content_words, stem, stems, words

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
_NEAR = 7
_BY = re.compile(r"\s+by\b", re.I)

# A plan is called many things; who opposes "the idea" opposes it.
_COURSES = frozenset(
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


def _telling(text: str, about: frozenset[str] = frozenset()) -> Iterator[tuple[Word, int]]:
    """The words that tell a side, with it; an opinion that is not held has 0, and tells one only
    where no other word does."""
    found = words(text)
    for i, word in enumerate(found):
        if about and not _stands_near(about, found, i):
            continue
        side = (word.stem in SUPPORTING) - (word.stem in OPPOSING)
        before = found[max(0, i - _NEGATION_REACHES) : i]
        turned = any(other.text.lower() in _NEGATIONS for other in before)
        if side:
            yield word, -side if turned else side
        elif turned and word.stem in _OPINIONS:
            yield word, 0


def _stands_near(stems: frozenset[str], found: Sequence[Word], at: int) -> bool:
    return any(word.stem in stems for word in found[max(0, at - _NEAR) : at + _NEAR + 1])


# "For" means a side only between somebody and what it is about: "Is Amnesty for it?", "Who is for
# the plan?"
_FOR = re.compile(
    r"^(?:(?i:is|are|was|were)\s+(?:the\s+)?(?:[A-Z][\w’'-]*\s+)+"
    r"|(?i:who(?:\s+all)?|(?P<things>which|what)(?:\s+[\w’'-]+){1,3}?)\s+(?:is|are|was|were)\s+"
    r"(?:all\s+|also\s+)?(?P<turned>not\s+)?)for\s+(?P<what>.*)"
)


def side_asked_for(question: str) -> int:
    """The side that a question names ("opposes": -1, "supports": 1), or 0."""
    if found := _for(question):
        return -1 if found["turned"] else 1
    return stance(question) if stems(question) & (OPPOSING | SUPPORTING) else 0


def _for(question: str) -> re.Match[str] | None:
    """Where it asks who is for something. Money, too, can be for something, but not for a plan."""
    found = _FOR.match(question.strip())
    if found and found["things"] and not stems(found["what"]) & _COURSES:
        return None
    return found


_ASKER = re.compile(
    r"^(?:who|what|which(?:\s+[\w’'-]+){1,3}?|what(?:\s+[\w’'-]+){1,2}?)(?=\s)", re.I
)
_NAME = re.compile(r"(?<!^)\b[A-Z][\w-]+")
_JOINING = re.compile(r"^(?:to|of|with|against|for|about|on)\b\s*", re.I)
_IN_OTHER_WORDS = {
    -1: (
        "{who} opposes {what}?",
        "{who} criticised {what}?",
        "{who} does not support {what}?",
        "{who} said that {what} is not a good solution?",
    ),
    1: (
        "{who} supports {what}?",
        "{who} welcomed {what}?",
        "{who} is in favour of {what}?",
        "{who} said that {what} is a good solution?",
    ),
}


def rephrased(question: str) -> tuple[str, ...]:
    """A question for a side, in other words for the same side; none for any other question.

    People who oppose a plan are said to criticise it, or not to think it a solution: a network that
    reads for "oppose" passes over them, and finds them when it is asked for that.
    """
    side = side_asked_for(question)
    asker = _ASKER.match(question.strip())
    if not side or asker is None:
        return ()
    what = _asked_about(question)
    if not what:
        return ()
    return tuple(form.format(who=asker.group(), what=what) for form in _IN_OTHER_WORDS[side])


def _asked_about(question: str) -> str:
    """What a side is asked for: what follows the last word for one."""
    if found := _for(question):
        return found["what"].strip(" ?!.")
    sided = [word for word in words(question) if word.stem in OPPOSING | SUPPORTING]
    return _JOINING.sub("", question[sided[-1].end :].strip(" ?!.")).strip()


def agreement(question: str, sentence: str) -> int:
    """Whether a sentence is on the side that a question names (1), on the other (-1), or neither.

    "Does Amnesty oppose it?" asks of one, not of all on its side: there, what names it and is on
    any side answers.
    """
    side = side_asked_for(question)
    if not side:
        return 0
    if rephrased(question):
        about = frozenset(word.stem for word in content_words(_asked_about(question)))
        return side * stance(sentence, about | _COURSES if about & _COURSES else about)
    names = {stem(name) for name in _NAME.findall(question)}
    return abs(stance(sentence)) if names and names <= stems(sentence) else 0
