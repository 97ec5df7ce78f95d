"""Questions for a side: "Who opposes the plan?", "Which parties voted against it?"."""

from __future__ import annotations

import re
from typing import NamedTuple

from footnoted.corpus.words import stems
from footnoted.qa.english import lexicon
from footnoted.qa.english.stance import COURSES

# How questions call the two sides; "object" and "back" are so only as verbs, which stand alone.
AGAINST = (
    r"against|oppos(?:es?|ed|ing)|critici[sz](?:es?|ed|ing)|critical|condemn(?:s|ed|ing)?"
    r"|object(?:s|ed|ing)?|reject(?:s|ed|ing)?|denounc(?:es?|ed|ing)|disagree(?:s|d|ing)?"
    r"|disapprov(?:es?|ed|ing)|protest(?:s|ed|ing)?|resist(?:s|ed|ing)?|fight(?:s|ing)?|fought"
)
FOR = (
    r"support(?:s|ed|ing|ive)?|back(?:s|ed|ing)?|favou?r(?:s|ed|ing)?|endors(?:es?|ed|ing)"
    r"|welcom(?:es?|ed|ing)|prais(?:es?|ed|ing)|agree(?:s|d|ing)?|applaud(?:s|ed|ing)?"
    r"|champion(?:s|ed|ing)?|advocat(?:es?|ed|ing)|approv(?:es?|ed|ing)\s+of|for"
)
THOSE_AGAINST = r"opponents?|critics?|objectors?"
THOSE_FOR = r"supporters?|backers?|proponents?|advocates?|champions?"
_AUXILIARY = (
    r"(?:is|are|was|were|has|have|had|does|do|did|would|will|can|could|should|may|might|be|been)"
)
# What may stand between who is asked for and the word for the side, but nobody else's name.
_BETWEEN = (
    rf"(?:{_AUXILIARY}(?:n['’]t)?|not|\w+ly|never|all|also|else|still|once|ever|now|most|out|up|in"
    r"|sp(?:eaks?|oke|oken|eaking)|c(?:ame|omes?|oming)|vot(?:es?|ed|ing)|argu(?:es?|ed|ing)"
    r"|campaign(?:s|ed|ing)?|say|says|said|that|they|he|she|it)"
)
_WHO = (
    rf"(?P<who>who|(?:which|what)\s+(?:of\s+(?:the|these|those|all)\s+(?:the\s+)?)?"
    rf"(?:(?!(?:{_AUXILIARY}|the|an?)\b)[\w’'-]+\s+){{0,3}}?(?P<noun>(?!{_AUXILIARY}\b)[\w’'-]+)"
    r"(?:\s+(?:in|of|on|at|from|among)\s+(?:the\s+)?[\w’'-]+)?)"
)
_FORMS = (
    re.compile(
        rf"^{_WHO}\s+(?P<between>(?:{_BETWEEN}\s+){{0,5}}?)"
        rf"(?:(?P<against>{AGAINST})|(?P<pro>{FOR}))\b(?P<what>.*)",
        re.I | re.S,
    ),
    re.compile(
        rf"^{_WHO}\s+(?P<between>(?:is|are|was|were)\s+)(?:all\s+)?(?:the\s+|any\s+)?(?:\w+\s+)?"
        rf"(?:(?P<against>{THOSE_AGAINST})|(?P<pro>{THOSE_FOR}))\b(?P<what>.*)",
        re.I | re.S,
    ),
    re.compile(
        rf"^by\s+(?P<who>whom|which\s+(?P<noun>[\w’'-]+))\s+(?P<between>(?:is|are|was|were)\s+)"
        rf"(?P<what>.*?\S)\s+(?:{_AUXILIARY}\s+)*(?:voted\s+)?(?:(?P<against>{AGAINST})|(?P<pro>{FOR}))"
        r"\s*[?.]*$",
        re.I | re.S,
    ),
    re.compile(
        rf"^(?:name|list)\s+(?P<who>(?:an?|the|(?:all|some)(?:\s+(?:of\s+)?the)?)\s+(?P<between>))"
        rf"(?:(?P<against>{THOSE_AGAINST})|(?P<pro>{THOSE_FOR}))\b(?P<noun>)(?P<what>.*)",
        re.I | re.S,
    ),
)
_WHOM = re.compile(r"^(?:whom|(?:an?|all|some|the)\b.*)$", re.I)
_LISTED = re.compile(
    r"^(?:name|list)\s+(?:(?:all|some)\s+(?:of\s+)?)?(?:the\s+)?(?=(?:[\w’'-]+\s+){1,3}(?:that|who|which)\b)",
    re.I,
)
_RELATIVE = re.compile(r"\s+(?:that|who|which)\b", re.I)
_JOINING = re.compile(r"(?:\s*\b(?:to|of|with|against|for|about|on|towards?)\b)*\s*", re.I)
_NOT = re.compile(r"\b(?:not|never)\b|n['’]t\b", re.I)
# Somebody is or votes for a thing; money, too, can be for something, but not for a plan.
_IS_FOR = re.compile(r"\b(?:is|are|was|were|vot(?:es?|ed|ing)|out|up|argu(?:es?|ed|ing))\b", re.I)
# What speaks for or against a thing, or counts those who do, without being anybody.
_NOBODY = frozenset(
    "argument evidence reason point claim fact figure study data finding share percentage"
    " proportion part number amount percent kind sort".split()
)

_VERBS = {-1: ("oppose", "opposes"), 1: ("support", "supports")}


class SideQuestion(NamedTuple):
    """Who is on a side (-1 against, 1 for) of ``what``, as the question calls it.

    ``own`` and ``opposite`` ask for this side and for the other one in plain words.
    """

    side: int
    what: str
    own: str
    opposite: str


def side_question(question: str) -> SideQuestion | None:
    """``question`` as one for somebody on a side; None if it is none.

    One that asks what somebody opposes, or whether they do, is none.
    """
    asked = question.strip()
    if listed := _LISTED.match(asked):  # "List all parties that oppose it."
        asked = f"Which {_RELATIVE.sub('', asked[listed.end() :], count=1)}"
    found = next(filter(None, (form.match(asked) for form in _FORMS)), None)
    if found is None or lexicon.singular((found["noun"] or "").lower()) in _NOBODY:
        return None
    what = found["what"].strip(" ?!.")
    what = what[_JOINING.match(what).end() :]  # type: ignore[union-attr]
    word = (found["pro"] or "").lower()
    if not what or (word == "for" and not _may_be_for(found, what)):
        return None
    side = 1 if word else -1
    side = -side if _NOT.search(found["between"]) else side
    who = _WHOM.sub("Who", " ".join(found["who"].split()))
    is_plural = bool(found["noun"]) and lexicon.is_plural(found["noun"])
    own, opposite = (_VERBS[one][not is_plural] for one in (side, -side))
    return SideQuestion(side, what, f"{who} {own} {what}?", f"{who} {opposite} {what}?")


def _may_be_for(found: re.Match[str], what: str) -> bool:
    is_side = _IS_FOR.search(found["between"]) is not None
    return is_side and (not found["noun"] or bool(stems(what) & COURSES))
