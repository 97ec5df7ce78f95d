"""What an earlier question knows already, which "who else" and "the other one" leave out."""

from __future__ import annotations

import re
from typing import NamedTuple

from footnoted.qa.english import lexicon
from footnoted.qa.follow_up.grammar import Asked, Phrase, Role

_OTHERS = re.compile(r"\b(?:(?P<other>others?|another)(?:\s+(?P<noun>[a-z][\w-]*))?|else)\b", re.I)

_BEHIND = re.compile(r"\s+(?:of|at|in|on|near|from)\s+(?:the\s+)?[A-Z][\w-]*(?:\s+[A-Z][\w-]*)*")
_NAME = re.compile(r"\b[A-Z][\w-]*")


class Known(NamedTuple):
    """What is left out: the ``answers`` to the earlier question, whom it ``named``, or all that is
    said of what has the names ``apart_from``."""

    answers: bool = False
    named: tuple[str, ...] = ()
    apart_from: tuple[str, ...] = ()


def wants_others(question: str) -> bool:
    """Whether ``question`` asks for others, or of another."""
    return _OTHERS.search(question) is not None


def known_before(question: str, earlier: str) -> Known:
    """What ``question``, which stands alone, leaves out of what ``earlier`` asked, if it does.

    - "Who else opposes the plan?" and "Which other parties do?" leave out who was answered, and
      whom "Does the county oppose it?" names.
    - "When was the other port founded?" leaves out the port that was asked of, by its name.
    """
    others = _OTHERS.search(question)
    if others is None:
        return Known()
    asked = Asked.of(earlier)
    noun = (others["noun"] or "").lower()
    if asked.wh == 0:
        subject = next((p.text for p in asked.phrases if p.role is Role.SUBJECT), "")
        return Known(named=(subject,)) if subject else Known()
    wanted = asked.asked_for
    is_asked = wanted and lexicon.singular(wanted.head) == lexicon.singular(noun)
    if not others["other"] or is_asked:
        return Known(answers=True)
    named = (name for phrase in asked.phrases for name in _names(asked, phrase, noun))
    return Known(apart_from=tuple(dict.fromkeys(named)))


def _names(asked: Asked, phrase: Phrase, noun: str) -> list[str]:
    """The names of such a thing in a phrase and right behind it: "the pier at Lund"."""
    if phrase.sort.lower() != lexicon.singular(noun):
        return []
    behind = _BEHIND.match(asked.text, phrase.end)
    return _NAME.findall(f"{phrase.text} {behind.group() if behind else ''}")
