"""Requests for a form: a comparison, a timeline, or who is for and who is against something."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from footnoted.qa.english.document_kinds import KINDS
from footnoted.qa.english.side_question import AGAINST, FOR, THOSE_AGAINST, THOSE_FOR


class Asked(NamedTuple):
    """A form that is asked for, of what ``topic``; ``between``: the two that are compared, as they
    are named, none where those are meant that there are, which ``both`` calls: "the two minutes".
    """

    form: Literal["comparison", "timeline", "positions"]
    topic: str = ""
    between: tuple[str, ...] = ()
    both: str = ""


def form_asked(words: str) -> Asked | None:
    """The form that ``words``, a question on one line, ask for; None where they ask for none.

    Whether two things that are to be compared are documents, the documents have to tell.
    """
    for part in (*_PARTS.split(words), words):
        said = plainly(part)
        plain = _IN_WHAT_WAY.sub("", said)
        if asked := _timeline(said) or _positions(plain) or _comparison(plain):
            return asked
    return None


def plainly(words: str) -> str:
    """``words`` without what is only said to ask: "And now …, please", "In short: …"."""
    return _HOW_LONG.sub("", _COURTESY.sub("", _OPENING.sub("", words))).strip(" ?!.,")


def _any_of(*written: str) -> re.Pattern[str]:
    """The forms ``written`` as one pattern, each with groups of its own: ``name`` and a number."""
    numbered = (re.sub(r"\(\?P<(\w+)>", rf"(?P<\1_{at}>", one) for at, one in enumerate(written))
    return re.compile("|".join(f"(?:{one})" for one in numbered), re.I)


def _group(found: re.Match[str], name: str) -> str:
    """What stands in the group of this name, in whichever of the forms that are joined."""
    every = found.groupdict().items()
    return next((said for one, said in every if said and one.rpartition("_")[0] == name), "")


# -- how anything is asked for -------------------------------------------------------------------

_PARTS = re.compile(r"(?<!\bvs)[.?!:;]\s+")
_OPENING = re.compile(
    r"^(?:(?:and|now|so|then|also|ok|okay|hi|hello|please|next|first|briefly|in\s+(?:short|brief"
    r"|a\s+nutshell|a\s+few\s+words|one\s+sentence))\b[,:]?\s+"
    r"|(?:what|how)\s+about\s+(?=an?\b))+",
    re.I,
)
_COURTESY = re.compile(r"(?:,?\s+(?:please|thanks|thank\s+you|for\s+(?:me|us))\b[\s?!.]*)+$", re.I)
_HOW_LONG = re.compile(
    r"(?:,?\s+(?:briefly|shortly|in\s+short|in\s+brief|(?:in|as)\s+(?:bullet\s+points|bullets|a\s+nutshell"
    r"|(?:an?|one|two|three|four|five|six|ten|\d+|a\s+few|some|few|simple|plain)\s+"
    r"(?:short\s+)?(?:words?|sentences?|lines?|paragraphs?|bullets?|bullet\s+points|points|words?))))+$",
    re.I,
)
_IN_WHAT_WAY = re.compile(
    r"(?:,?\s+(?:and\s+)?(?:in\s+(?:whose|what|which|their)\s+(?:own\s+)?(?:words|ways?|respects?)"
    r"|(?:since|from)\s+when|when|why|how|where|with\s+(?:quotations|quotes|dates)))+$",
    re.I,
)
_ME = (
    r"(?:(?:(?:can|could|would|will)\s+you\s+(?:please\s+)?)?"
    r"(?:give|show|make|create|draw(?:\s+up)?|build|write|prepare|provide|produce|get|compile"
    r"|generate|list|name|set\s+out|lay\s+out|work\s+out|put\s+together|tell|do|find|extract)\s+"
    r"(?:me\s+|us\s+|out\s+)?"
    r"|(?:can|could|may)\s+(?:i|we)\s+(?:have|get|see)\s+"
    r"|i(?:\s+would|['’]d)?\s+(?:like|need|want)\s+(?:to\s+(?:have|see|know)\s+)?"
    r"|what\s+(?:is|are|were)\s+|what['’]s\s+|(?:is|are)\s+there\s+|what\s+|with\s+)?"
)
_AN = r"(?:(?:an?|the|all|any|some|all\s+the|every)\s+)?"
_ANY_SORT = (
    r"(?:(?:short|brief|quick|full|complete|simple|clear|detailed|main|key|most|important|major"
    r"|biggest|different|various|precise|exact)\s+){0,2}"
)
_A = rf"^{_ME}{_AN}{_ANY_SORT}"
_ON = r"(?:of|for|on|about|in|regarding|concerning|around|to|towards?|over|with\s+regard\s+to)"
_TOPIC = rf"(?:\s+{_ON}\s+(?P<topic>.+))?$"

# -- timelines -----------------------------------------------------------------------------------

_EVENTS = (
    r"(?:(?:the\s+|all\s+|all\s+the\s+)?(?:main\s+|key\s+)?(?:events?|facts|happenings|steps)"
    r"|what(?:\s+has)?\s+happened|everything(?:\s+that\s+happened)?|things|it(?:\s+all)?)"
)
_IN_ORDER = (
    r"(?:(?:in|into|by|as)\s+(?:an?\s+|the\s+)?(?:chronological\s+|time\s+|date\s+|right\s+)?"
    r"(?:order|dates?|sequence|timeline|time-line|chronology)|chronologically|by\s+date)"
)
_TIMELINE = _any_of(
    rf"{_A}(?:time\s?-?lines?|chronolog(?:y|ies)|chronological\s+(?:list|overview|order|summary"
    rf"|account|table)|(?:sequence|order|course)\s+of\s+events){_TOPIC}",
    rf"^{_ME}(?:(?:the\s+)?(?:key|main|important|relevant|major|crucial|most\s+important)"
    rf"|all(?:\s+(?:of\s+)?the)?)\s+dates{_TOPIC}",
    r"^(?:which|what)\s+dates\s+(?:are|is|were)\s+(?:mentioned|given|named|there|stated)"
    rf"(?:\s+(?:for|about|on)\s+(?P<topic>.+)|\s+in\s+(?:the\s+)?{KINDS})?$",
    r"^what(?:\s+has)?\s+happened,?\s+(?:and\s+|at\s+)?(?:when|what\s+time)$",
    r"^when\s+did\s+(?:what|everything|it\s+all|(?:all\s+)?(?:the\s+|these\s+)?(?:things|events))"
    r"\s+happen$",
    r"^who\s+(?:did|said)\s+what,?\s+(?:and\s+)?when$",
    r"^what(?:\s+has)?\s+happened\s+(?:with|to|about|around|in|at|on|during|regarding)\s+"
    r"(?P<topic>.+?),?\s+and\s+when$",
    r"^in\s+(?:what|which)\s+order\s+did\s+(?:things|(?:the\s+)?events|everything|it\s+all)\s+"
    r"(?:happen|occur|take\s+place)$",
    rf"^(?:(?:can|could|would|will)\s+you\s+)?(?:list|put|order|sort|arrange|tell|show|give)\s+"
    rf"(?:me\s+|us\s+)?{_EVENTS}(?:\s+(?:of|around|about)\s+(?P<topic>.+?))?\s+{_IN_ORDER}$",
    r"^how\s+(?:did|has|have)\s+(?P<topic>.+?)\s+(?:develop|evolve|unfold|progress|change|go)(?:e?d|n)?"
    r"\s+(?:over\s+(?:time|the\s+years)|step\s+by\s+step)$",
    r"^(?:summari[sz]e|show|describe|recap|tell)\s+(?P<topic>.+?)\s+(?:as|in)\s+(?:an?\s+)?"
    r"(?:timeline|time-line|chronology|chronological\s+order)$",
)
_NOTHING_ELSE = re.compile(rf"{_EVENTS}", re.I)


def _timeline(said: str) -> Asked | None:
    found = _TIMELINE.match(said)
    if found is None:
        return None
    topic = _group(found, "topic")
    return Asked("timeline", "" if _NOTHING_ELSE.fullmatch(topic) else topic)


# -- who is for and who is against ---------------------------------------------------------------

_POSITIONS = (
    r"(?:table\s+of\s+|list\s+of\s+|overview\s+of\s+|map\s+of\s+)?(?:the\s+|all\s+)?(?:the\s+)?"
    r"(?:different\s+|various\s+)?(?:positions|stances|viewpoints|standpoints|points\s+of\s+view)"
    r"(?:\s+(?:taken|held|there\s+are|are\s+there|of\s+(?:everyone|everybody|all|those\s+involved"
    r"|the\s+(?:parties|actors|stakeholders))))?"
)
_STANDS = _any_of(
    rf"{_A}{_POSITIONS}(?:\s+(?:on|towards?|about|regarding|concerning|to)\s+(?P<topic>.+))?$",
    rf"{_A}(?:views|opinions)\s+(?:on|about|regarding|concerning)\s+(?P<topic>.+)$",
    rf"{_A}(?:table\s+of\s+|list\s+of\s+)?(?:the\s+|all\s+)?(?:(?:{THOSE_FOR})\s+and\s+(?:the\s+)?"
    rf"(?:{THOSE_AGAINST})|(?:{THOSE_AGAINST})\s+and\s+(?:the\s+)?(?:{THOSE_FOR}))"
    r"(?:\s+(?:of|to)\s+(?P<topic>.+))?$",
    r"^who\s+(?:are|were)\s+(?:the\s+)?(?:(?:"
    rf"{THOSE_FOR})\s+and\s+(?:the\s+)?(?:{THOSE_AGAINST})|(?:{THOSE_AGAINST})\s+and\s+(?:the\s+)?"
    rf"(?:{THOSE_FOR}))(?:\s+(?:of|to)\s+(?P<topic>.+))?$",
    r"^where\s+(?:does|do)\s+(?:everyone|everybody|each|people|all|they\s+all|(?:all\s+)?the\s+"
    r"(?:parties|actors|sides|speakers|stakeholders))\s+stand(?:\s+(?:on|regarding)\s+(?P<topic>.+))?$",
    r"^who\s+stands\s+where(?:\s+(?:on|regarding)\s+(?P<topic>.+))?$",
    r"^who\s+(?:takes|has|holds|took)\s+(?:which|what)\s+(?:position|stance|view|side|standpoint)"
    r"(?:\s+(?:on|about|regarding|towards?)\s+(?P<topic>.+))?$",
    r"^who\s+is\s+on\s+(?:which|what)\s+side(?:\s+(?:of|on)\s+(?P<topic>.+))?$",
)
_AUXILIARY = r"(?:is|are|was|were|stands?|votes?|voted|spoke|speaks?|in|out)"
_IS_FOR, _IS_AGAINST = (
    rf"(?:{_AUXILIARY}\s+){{0,2}}(?:{side})\b" for side in (FOR, rf"{AGAINST}|not")
)
_WHO = r"(?:who|those|which|what|which\s+[\w-]+|what\s+[\w-]+)"
_BOTH_SIDES = _any_of(
    *(
        rf"^(?:{_ME}{_AN}(?:table\s+of\s+|list\s+of\s+|overview\s+of\s+)?)?(?:who|(?:which|what)\s+"
        rf"[\w-]+(?:\s+[\w-]+)?)\s+{one}(?:\s+(?P<topic>.+?))?,?\s+(?:and|or|but)\s+"
        rf"(?P<also>{_WHO}\s+)?{other}(?:\s+(?P<other>.+))?$"
        for one, other in ((_IS_FOR, _IS_AGAINST), (_IS_AGAINST, _IS_FOR))
    )
)
_JOINING = re.compile(r"^(?:\s*\b(?:of|to|with|for|against|on)\b)*\s*", re.I)
_POINTING = re.compile(r"(?:it|this|that|them|these|those|so|one)", re.I)


def _positions(said: str) -> Asked | None:
    if found := _STANDS.match(said):
        return Asked("positions", _group(found, "topic"))
    found = _BOTH_SIDES.match(said)
    if found is None:
        return None
    named = (_JOINING.sub("", _group(found, name)) for name in ("topic", "other"))
    topics = [one for one in named if one and not _POINTING.fullmatch(one)]
    # "Who supports the bill and opposes the amendment?" asks for one side of two things.
    if len(topics) > 1:
        return None
    return Asked("positions", topics[0] if topics else "")


# -- comparisons ---------------------------------------------------------------------------------

_KINDS = rf"(?:{KINDS}|versions?|drafts?|speech(?:es)?|declarations?|ones)"
_BOTH = re.compile(
    rf"(?:(?:the|these|those|all|my|our|your|both|each)\s+)?(?:of\s+(?:the|these|those)\s+)?"
    rf"(?:(?:two|both|2)\s+)?(?:of\s+(?:the|these|those)\s+)?(?:[\w-]+\s+)?{_KINDS}"
    r"|(?:the\s+|these\s+|those\s+)?two(?:\s+of\s+them)?|both(?:\s+of\s+them)?|them(?:\s+both)?"
    r"|they|these|those|each\s+other|one\s+another",
    re.I,
)
_SEVERAL = re.compile(
    r"\b(?:two|both|2|they|them|these|those|other|another)\b|(?:(?<!s)s|ies)$", re.I
)
_APART = re.compile(
    r"(?:,?\s+(?:and|with|to|versus|vs\.?|from|against|or)\s+|\s+(?:as\s+)?(?:opposed|compared)\s+"
    r"(?:to|with)\s+)(?:with\s+|to\s+|in\s+)?",
    re.I,
)
_REGARDING = re.compile(
    r"\s+(?:on|about|regarding|concerning|over|with\s+regard\s+to|when\s+it\s+comes\s+to"
    r"|in\s+(?:what|how)\s+they\s+say\s+(?:about|of|on))\s+(?P<topic>.+)$",
    re.I,
)
_EACH_OTHER = r"(?:\s+(?:with\s+|from\s+)?(?:each\s+other|one\s+another))?"
_UNLIKE = (
    r"(?:differ(?:s|ed)?|disagree[sd]?|diverge[sd]?|deviate[sd]?|var(?:y|ies)|conflict(?:s|ed)?"
    r"|contradict(?:s|ed)?|contrast(?:s|ed)?|compare[sd]?|(?:be\s+)?different|at\s+odds|apart"
    r"|agree[sd]?|match(?:es)?|overlap|say\s+(?:it\s+|things\s+)?differently"
    r"|say\s+(?:anything\s+|something\s+)?different)"
)
_COMPARISON = _any_of(
    rf"{_A}(?:differences?|contradictions?|disagreements?|discrepanc(?:y|ies)|inconsistenc(?:y|ies)"
    r"|conflicts?|similarities\s+and\s+differences|differences\s+and\s+similarities|comparisons?)"
    r"(?:\s+(?:are|is)\s+there)?\s+(?:between|of|among|in)\s+(?P<sides>.+)$",
    r"^(?:(?:can|could|would|will)\s+you\s+)?(?:compare|contrast)(?:\s+and\s+contrast)?\s+"
    r"(?P<sides>.+)$",
    r"^(?:(?:can|could|would|will)\s+you\s+)?(?:put|show|lay|set)\s+(?:me\s+)?(?P<sides>.+?)\s+"
    r"(?:side\s+by\s+side|next\s+to\s+(?:each\s+other|one\s+another))$",
    r"^(?:where|how|on\s+what|in\s+(?:what|which)\s+(?:ways?|respects?|points?)|what)\s+(?:exactly\s+)?"
    rf"(?:do|does|did|are|is)\s+(?P<sides>.+?)\s+{_UNLIKE}{_EACH_OTHER}"
    r"(?:\s+(?P<from>(?:from|with|to)\s+.+?))?(?P<rest>\s+(?:on|about|regarding|over)\s+.+)?$",
    rf"^(?:do|does|did|are|is)\s+(?P<sides>.+?)\s+(?:{_UNLIKE}{_EACH_OTHER}|say\s+the\s+same"
    r"(?:\s+things?)?|the\s+same|consistent|identical)(?P<rest>\s+(?:on|about|regarding|over)\s+.+)?$",
    r"^(?:where\s+|how\s+)?(?:do|does|did)\s+(?P<sides>.+?)\s+(?:contradict|disagree|differ|agree)s?\s+"
    r"(?P<from>.+)$",
    r"^what\s+(?:has\s+)?(?:differs?|differed|(?:is|are|was)\s+different|changed|changes)\s+(?:between"
    r"|from|in)\s+(?P<sides>.+)$",
    r"^what\s+(?:does|do|did)\s+(?P<sides>.+?)\s+(?:say|mention|tell|state|contain|have)\s+"
    r"(?:(?:that|which)\s+)(?P<from>.+?)\s+(?:(?:does|do|did)(?:n['’]t|\s+not)|lacks?)"
    r"(?:\s+(?:say|mention|tell|state|contain|have))?$",
    r"^what\s+(?:is|stands)\s+in\s+(?P<sides>.+?)\s+(?:but\s+|and\s+)?not\s+in\s+(?P<from>.+)$",
    r"^(?P<sides>.+?\s+(?:vs\.?|versus)\s+[^:,]+?)[:,]?(?:\s+(?:what(?:\s+is|['’]s)\s+different"
    r"|(?:the\s+)?differences?|compare|comparison|how\s+do\s+they\s+differ))?$",
)


def _comparison(said: str) -> Asked | None:
    found = _COMPARISON.match(said)
    if found is None:
        return None
    sides, other, rest = (_group(found, name) for name in ("sides", "from", "rest"))
    joined = f"{sides} with {re.sub(r'^(?:from|with|to) ', '', other)}" if other else sides
    regarding = _REGARDING.search(joined + rest)
    topic = regarding["topic"] if regarding else ""
    named = (joined + rest)[: regarding.start()] if regarding else joined
    if _BOTH.fullmatch(named):
        return Asked("comparison", topic, both=named) if _SEVERAL.search(named) else None
    between = [one.strip() for one in _APART.split(named)]
    if len(between) != 2 or not all(between) or any(map(_POINTING.fullmatch, between)):
        return None
    return Asked("comparison", topic, (between[0], between[1]))
