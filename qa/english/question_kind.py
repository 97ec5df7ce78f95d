"""What a question asks for: a name or a figure, or a whole statement; one thing, or several."""

from __future__ import annotations

import re

from footnoted.qa.english.lexicon import SAYING

_AUXILIARY = (
    r"(?:is|are|was|were|am|do|does|did|has|have|had|can|could|will|would|shall|should|may|might"
    r"|must)"
)
_YES_OR_NO = re.compile(rf"^(?:{_AUXILIARY})(?:n['’]t)?\b", re.I)
_REASON = re.compile(r"^(?:why|how come|for what reason|what for)\b", re.I)
_MANNER = re.compile(rf"^(?:in what way|how\s+(?:{_AUXILIARY}|to)(?:n['’]t)?)\b", re.I)
# "What does X say?": the verb that closes the question, or stands before "of" or "about".
_SAYING = re.compile(
    rf"^what\s+{_AUXILIARY}\b.*\b(?:say|said|saying|think|thinks|thought|believe|argue|argued|claim"
    r"|claimed|state|stated|answer|answered|reply|respond|mean|means|happen|happens|happened"
    r"|do|done|doing|change|changed|view|views|opinion|position|reaction|response|stance)\b",
    re.I,
)
_HAPPENING = re.compile(r"^what\s+(?:\w+\s+)?(?:happens|happened|might happen|may happen)\b", re.I)

_WHO = re.compile(r"\b(?:who|whom|which)\b", re.I)
_THING = re.compile(r"\b(?:who|whom|whose|which|what)\b", re.I)
# Before a verb's object, so that "which river crosses the town" asks for one river; "which rivers
# cross the towns that are …" has a verb of its own further on.
_OBJECT = (
    r"(?:the|an?|its|their|his|her|this|these|those|any|all|no|to|from|through|into|on|by|at|over"
    r"|under|between|against|out|up|down|as|with|more|most|how|that)"
)
# Not ``lexicon.is_plural``, which judges a word that is known to be a noun; told by that, 223 of
# 103,507 public questions would ask for another number, some rightly ("which three people"), some
# not ("what social media").
_PLURAL_NOUN = (
    r"(?!(?:was|does|has|this|makes|causes|happens|series|species)\b)"
    r"\w{2,}(?<![sui])s\b(?!['’])"
    rf"(?!\s+{_OBJECT}\b(?!.*\b{_AUXILIARY}\b))"
)
_MODIFIER = rf"(?!(?:{_AUXILIARY}|the|an?|of|in|on|to|year|percentage|number|amount)\b)\w+"
_SEVERAL = re.compile(
    rf"\b(?:which|what)\s+(?:(?:type|kind|sort)\s+of\s+)?(?:{_MODIFIER}\s+){{0,2}}?{_PLURAL_NOUN}"
    r"|\b(?:who|what|which)\s+(?:are|were|all|else)\b|\b(?:list|name)\s+(?:all|the|some)\b",
    re.I,
)

_WHO_SAYS = re.compile(
    r"^(?:and\s+|so\s+)?(?:who|which\s+(?:\w+\s+){1,3}?|according to wh(?:om|ich))\b"
    r"\s*(?:has|have|had|also|else|first|once|ever|it was that)?\s*"
    rf"(?:{'|'.join(sorted(SAYING, key=len, reverse=True))})\b(?!\s*\?)",
    re.I,
)
_ASKING = re.compile(r"\b(?:ask(?:s|ed|ing)?|questions?)\b", re.I)

_GREETING = (
    r"(?:hi|hello|hey|thanks?|thank you|cheers|ok(?:ay)?|good(?:bye| morning| afternoon| evening"
    r"| night)?|bye|great|nice|cool|perfect|sorry|wow|please|yes|no|well done|test(?:ing)?|lol)"
)
_PHATIC = r"(?:there|you|everyone|so|very|much|a lot|again|for|your|the|that|this|it|all|help|is)"
_ABOUT_US = (
    r"(?:who|what) are you|what(?: can|(?: exactly)? do) you do|what (?:can|should) i ask(?: you)?"
    r"|how (?:are you(?: doing)?|does (?:this|it) work|do (?:i|you) (?:use this|work))"
    r"|(?:can|could|will) you help(?: me)?|help(?: me)?"
)
_SMALL_TALK = re.compile(
    rf"(?:{_GREETING}(?:[\s,.!]+(?:{_GREETING}|{_PHATIC}))*|{_ABOUT_US})[\s.!?]*", re.I
)


def is_small_talk(question: str) -> bool:
    """Whether nothing is asked of documents: "Hello!", "Thanks a lot", "What can you do?"."""
    return _SMALL_TALK.fullmatch(question.strip()) is not None


def asks_for_a_statement(question: str) -> bool:
    """Whether the answer is a sentence, not a part of one: why, how, yes or no, what X says."""
    words = question.strip()
    return any(
        pattern.match(words) for pattern in (_YES_OR_NO, _REASON, _MANNER, _SAYING, _HAPPENING)
    )


def asks_who_says(question: str) -> bool:
    """Whether it asks who says something: "Who said that the bridge is unsafe?"."""
    return _WHO_SAYS.match(question.strip()) is not None


def asks_what_is_said(question: str) -> bool:
    """Whether it asks what somebody says or thinks: "What did Ada Holm say about the hedge?"."""
    return _SAYING.match(question.strip()) is not None


def asks_what_was_asked(question: str) -> bool:
    """Whether a question may answer it: "What did the journalist ask?"."""
    return _ASKING.search(question) is not None


def asks_yes_or_no(question: str) -> bool:
    """Whether the question opens as one to be answered by yes or no: "Are dogs allowed?"."""
    return _YES_OR_NO.match(question.strip()) is not None


def asks_for_several(question: str) -> bool:
    """Whether the question's words expect more than one answer: "Which parties", "Who are"."""
    return _SEVERAL.search(question) is not None


def asks_who_or_which(question: str) -> bool:
    """Whether it may be asked of one or of several: "Who wrote it?"."""
    return _WHO.search(question) is not None


def asks_for_a_thing(question: str) -> bool:
    """Whether it asks who, which or what: of a thing, a sentence may say or deny it."""
    return _THING.search(question) is not None
