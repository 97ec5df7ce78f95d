"""What is asked of the documents themselves, or of all that they say, and not of one answer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from footnoted.corpus.words import stems
from footnoted.qa.english.document_kinds import KIND, KINDS
from footnoted.qa.english.forms import form_asked, plainly

Wanted = Literal[
    "documents", "mentions", "attribute", "overview", "comparison", "timeline", "positions"
]

_ALL = r"(?:documents?|docs|files|texts|sources|articles|papers|pages|collection|corpus|library)"
_ANY = rf"(?:the|these|those|this|that|my|our|your|any|all|all the|any of the|each|both)?\s*{KINDS}"
_PLEASE = r"^(?:please\s+)?(?:(?:can|could|would|will)\s+you\s+)?(?:please\s+)?"
_ABOUT = r"(?:about|on|of|regarding|concerning)"
_HERE = (
    r"(?:\s+(?:are|is|do|have|can|did)\s+(?:there|here|you|i|we)\b.*"
    r"|\s+(?:are|were|have been)\s+(?:here|indexed|loaded|included|available|searched|read|added)"
    r"|\s+in\s+(?:the|this|my)\s+(?:index|collection|corpus|library|folder))"
)
_MENTION = (
    r"(?:mentions?|(?:talks?|speaks?|writes?|reports?)\s+(?:about|of|on)|refers?\s+to|discuss(?:es)?"
    r"|contains?|deals?\s+with|(?:is|are)\s+about|says?\s+(?:something|anything)\s+about|names?"
    r"|describes?|covers?|address(?:es)?|includes?|quotes?|cites?)"
)
_MENTIONED = (
    r"(?:mentioned|discussed|named|described|covered|addressed|quoted|cited|referred\s+to"
    r"|talked\s+about|written\s+about)"
)
_BE = r"(?:is|are|was|were|has|have)"


def _patterns(*written: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(one, re.I) for one in written)


_DOCUMENTS = _patterns(
    rf"^(?:which|what|how\s+many)\s+{_ALL}{_HERE}$",
    rf"^how\s+many\s+{_ALL}$",
    rf"{_PLEASE}(?:list|show|name|give)\s+(?:me\s+)?(?:all\s+)?(?:of\s+)?(?:the|my|your|these)?\s*"
    rf"(?:titles?\s+of\s+(?:all\s+)?(?:the\s+)?)?{_ALL}{_HERE}?$",
    rf"^what\s+are\s+(?:the\s+titles\s+of\s+)?(?:the|these|my|your)\s+{_ALL}(?:\s+called)?$",
)
_MENTIONS = _patterns(
    rf"^(?:which|what|how\s+many)\s+(?:of\s+(?:the|these)\s+)?{KINDS}\s+(?:that\s+)?{_MENTION}\s+"
    r"(?P<topic>.+)$",
    rf"^in\s+(?:which|what|how\s+many)\s+(?:of\s+(?:the|these)\s+)?{KINDS}\s+{_BE}\s+(?P<topic>.+?)"
    rf"\s+(?:being\s+|been\s+)?{_MENTIONED}$",
    rf"^where\s+{_BE}\s+(?P<topic>.+?)\s+(?:being\s+|been\s+)?{_MENTIONED}"
    rf"(?:\s+in\s+{_ANY})?$",
    rf"^(?:in\s+)?(?:which|what)\s+{KINDS}\s+(?:does|do)\s+(?P<topic>.+?)\s+"
    r"(?:appear|occur|stand|come\s+up)(?:\s+in)?$",
    rf"^(?P<whether>do|does)\s+{_ANY}\s+(?:ever\s+)?{_MENTION}\s+(?P<topic>.+)$",
    rf"^(?P<whether>is|are)\s+(?P<topic>.+?)\s+{_MENTIONED}"
    rf"(?:\s+(?:in\s+{_ANY}|anywhere|at all))*$",
    rf"{_PLEASE}(?:list|show|find|name|give)\s+(?:me\s+)?(?:all\s+)?(?:the\s+)?{KINDS}\s+"
    rf"(?:(?:that|which)\s+)?(?:{_MENTION}|mentioning|about|on)\s+(?P<topic>.+)$",
)
_GET = (
    r"^(?:(?:(?:can|could|would|will)\s+you\s+)?(?:give|show|write|get|list|make|prepare|tell|extract)"
    r"\s+(?:me\s+|us\s+)?|(?:can|could|may)\s+(?:i|we)\s+(?:have|get|see)\s+|what(?:\s+(?:is|are)|['’]s)"
    r"\s+|i(?:\s+would|['’]d)?\s+(?:like|need|want)\s+(?:to\s+(?:have|see|know)\s+)?)?"
    r"(?:(?:an?|the|some|all\s+the)\s+)?(?:(?:short|brief|quick|concise)\s+)?"
)
_OVERVIEWS = _patterns(
    rf"{_PLEASE}(?:tell|inform|show|teach|brief)\s+(?:me|us)\s+(?:[\w-]+\s+){{0,3}}?"
    r"(?:about|regarding|concerning|more\s+on)\s+(?P<topic>.+)$",
    rf"{_PLEASE}(?:give|show|get|find|provide|write)\s+(?:me\s+|us\s+)?(?:[\w-]+\s+){{0,3}}?"
    r"(?:information|details|facts|overview|summary|account|description|introduction|background"
    rf"|idea|everything|anything|all)\s+(?:there\s+is\s+)?{_ABOUT}\s+(?P<topic>.+)$",
    rf"^what\s+(?:(?:do|can|could)\s+(?:you|we|i)\s+(?:know|tell|say|find|learn|find\s+out)"
    rf"(?:\s+(?:me|us))?|(?:is|has\s+been|was)\s+(?:there\s+)?(?:said|known|written|reported)?)\s+"
    rf"{_ABOUT}\s+(?P<topic>.+?)(?:\s+in\s+{_ANY})?$",
    rf"^what\s+(?:[\w-]+\s+)?(?:information|details|facts)\s+(?:is|are|do|does)\s+(?:there\s+|you\s+"
    rf"have\s+|{_ANY}\s+(?:have|give|contain|provide)\s+)?{_ABOUT}\s+(?P<topic>.+)$",
    rf"^what\s+(?:do|does|did)\s+{_ANY}\s+(?:say|tell(?:\s+(?:me|us))?|write|mention|report|state"
    rf"|reveal)\s+{_ABOUT}\s+(?P<topic>.+)$",
    rf"^(?:is|are)\s+there\s+(?:any\s+|some\s+)?(?:information|anything|something|details)\s+"
    rf"(?:said\s+)?{_ABOUT}\s+(?P<topic>.+?)(?:\s+in\s+{_ANY})?$",
    rf"^i\s+(?:want|need|(?:would|['’]d)\s+like)\s+(?:to\s+know\s+)?(?:[\w-]+\s+){{0,3}}?{_ABOUT}\s+"
    r"(?P<topic>.+)$",
    rf"{_PLEASE}(?:summari[sz]e|sum\s+up|describe|outline|explain|recap)\s+(?P<topic>.+)$",
    rf"^(?:an?\s+|the\s+)?(?:short\s+|brief\s+|quick\s+)?(?:summary|overview|gist|outline)"
    rf"(?:\s+{_ABOUT}\s+(?P<topic>.+))?$",
    rf"^what\s+(?:is|are|['’]s)\s+(?P<topic>(?:this|these|those|that|it|they|{_ANY}))\s+(?:all\s+)?"
    r"about$",
    rf"^what\s+(?:do|does|did)\s+(?P<topic>{_ANY})\s+(?:say|tell(?:\s+(?:me|us))?|contain|cover"
    r"|deal\s+with|discuss)$",
    rf"^what\s+(?:is|['’]s)\s+(?:said\s+|written\s+)?in\s+(?P<topic>{_ANY})$",
    r"^what\s+(?:is|are|['’]s)\s+the\s+(?:main\s+|key\s+|central\s+)?(?:topics?|subjects?|gist"
    rf"|contents?|(?:ideas?|points?|messages?|themes?))\s+(?:of|in)\s+(?P<topic>{_ANY})$",
    rf"^(?P<topic>{KINDS})?\s*tl;?dr$",
    r"^(?:(?:can|could|would|will)\s+you\s+)?sum\s+(?P<topic>.+)\s+up$",
    rf"{_GET}(?:summary|overview|gist|outline|recap|synopsis)(?:\s+{_ABOUT}\s+(?P<topic>.+))?$",
    rf"{_GET}(?:(?:key|main|most\s+important|central|essential|major)\s+|bullet\s+)(?:points"
    rf"|take-?aways|messages|findings|facts|ideas|themes|topics)(?:\s+(?:of|in|from)\s+"
    rf"(?P<topic>(?:(?:the|this|that|these|those|my|our)\s+)?(?:[\w'’-]+\s+){{0,3}}?{KINDS}))?$",
)
_NO_TOPIC = re.compile(
    rf"(?:(?:the|these|those|this|that|all|all the|all of the|my|our|your|every)\s+)?"
    rf"(?:{_ALL}|contents?|it|them|they|this|these|that|those|everything|all"
    r"|all of (?:it|them|this)|what you (?:know|have|read))",
    re.I,
)
# "Describe how it works", "explain why": a question of its own, only asked politely.
_QUESTION = re.compile(r"(?:who|whom|whose|what|which|when|where|why|how|if|whether)\b", re.I)

# What a document may tell of itself: how it is asked for, and behind it the document.
_ATTRIBUTES: tuple[tuple[str, tuple[re.Pattern[str], ...]], ...] = tuple(
    (attribute, _patterns(*forms))
    for attribute, forms in (
        (
            "author",
            (
                r"^(?:who|which\s+\w+)\s+(?:has\s+|have\s+)?(?:wrote|written|authored|drafted|penned"
                r"|composed|edited|compiled)\s+(?P<of>.+)$",
                r"^by\s+whom\s+(?:is|was|were)\s+(?P<of>.+?)\s+(?:written|authored|drafted)$",
                r"^who\s+(?:is|was|were)\s+(?P<of>.+?)\s+(?:written|authored|drafted)?\s*by$",
                r"^(?:who|what)\s+(?:is|are|was|were)\s+(?:the\s+)?(?:authors?|writers?|editors?)"
                r"(?:\s+of\s+(?P<of>.+))?$",
            ),
        ),
        (
            "publisher",
            (
                r"^who\s+(?:has\s+)?(?:publish(?:ed|es)|issued|issues|released|posted)\s+(?P<of>.+)$",
                r"^by\s+whom\s+(?:is|was|were)\s+(?P<of>.+?)\s+(?:published|issued|released)$",
                r"^who\s+(?:is|was)\s+(?P<of>.+?)\s+(?:published|issued|released)\s+by$",
                r"^(?:who|what)\s+(?:is|are|was)\s+the\s+(?:publishers?|issuer)(?:\s+of\s+(?P<of>.+))?$",
                r"^where\s+(?:is|was|were)\s+(?P<of>.+?)\s+published$",
                r"^where\s+(?:does|did|do)\s+(?P<of>.+?)\s+come\s+from$",
            ),
        ),
        (
            "date",
            (
                r"^when\s+(?:is|was|were)\s+(?P<of>.+?)\s+(?:written|published|issued|released|dated"
                r"|posted|created|sent)$",
                r"^(?:what|which)\s+(?:is|was|are)\s+the\s+(?:publication\s+|release\s+|issue\s+)?"
                r"date\s+(?:of|on)\s+(?P<of>.+)$",
                r"^(?:what|which)\s+date\s+(?:is|does|do)\s+(?:on\s+)?(?P<of>.+?)"
                r"(?:\s+(?:bear|have|carry|from|dated))?$",
                r"^(?:from|of)\s+(?:what|which)\s+(?:date|day|year)\s+(?:is|are)\s+(?P<of>.+)$",
                r"^when\s+(?:is|are)\s+(?P<of>.+?)\s+from$",
                r"^how\s+(?:old|recent)\s+(?:is|are)\s+(?P<of>.+)$",
            ),
        ),
        (
            "updated",
            (
                r"^when\s+(?:is|was|were|has)\s+(?P<of>.+?)\s+(?:been\s+)?(?:last\s+|most\s+recently\s+)?"
                r"(?:updated|modified|revised|changed|edited|reviewed)(?:\s+last)?$",
                r"^(?:what|when)\s+(?:is|was)\s+the\s+(?:last|latest)\s+(?:update|revision|change)\s+"
                r"(?:of|to)\s+(?P<of>.+)$",
            ),
        ),
        (
            "owner",
            (
                r"^who\s+(?:owns|maintains|manages|keeps|looks\s+after|is\s+responsible\s+for"
                r"|is\s+in\s+charge\s+of)\s+(?P<of>.+)$",
                r"^who\s+(?:is|are)\s+the\s+(?:owners?|maintainers?|contacts?)\s+(?:of|for)\s+(?P<of>.+)$",
            ),
        ),
        (
            "title",
            (
                r"^what\s+(?:is|are)\s+the\s+(?:titles?|names?|headlines?|headings?)\s+of\s+(?P<of>.+)$",
                r"^what\s+(?:is|are)\s+(?P<of>.+?)\s+(?:called|titled|entitled|named)$",
            ),
        ),
        (
            "language",
            (
                r"^(?:in\s+)?(?:what|which)\s+languages?\s+(?:is|are|was|were)\s+(?P<of>.+?)"
                r"(?:\s+written)?(?:\s+in)?$",
                r"^what\s+(?:is|are)\s+the\s+languages?\s+of\s+(?P<of>.+)$",
            ),
        ),
        (
            "credit",
            (
                r"^who\s+(?:has\s+)?(?:took|taken|shot|made|drew|drawn|painted|captured)\s+(?:the|this"
                r"|that|these|those)\s+(?:photos?|photographs?|pictures?|images?|illustrations?"
                r"|drawings?|cartoons?|portraits?|shots?)(?:\s+(?:of|in|on|above|with)\s+(?P<of>.+))?$",
                r"^who\s+(?:is|was|are|were)\s+(?:the\s+)?(?:photographers?|illustrators?"
                r"|cartoonists?)(?:\s+of\s+(?P<of>.+))?$",
                r"^who\s+photographed\s+(?P<of>.+)$",
                r"^(?:whose|who\s+is\s+credited\s+(?:for|with))\s+(?:is\s+)?(?:the\s+)?(?:photos?"
                r"|photographs?|pictures?|images?)(?:\s+of\s+(?P<of>.+?))?(?:\s+is\s+it)?$",
                r"^by\s+whom\s+(?:is|was)\s+the\s+(?:photo|photograph|picture|image)"
                r"(?:\s+of\s+(?P<of>.+?))?(?:\s+taken)?$",
            ),
        ),
    )
)
_SETTING = re.compile(
    r"^(?:what|who|which)\s+(?:is|are|was|were)\s+the\s+(?P<key>[\w-]+(?:\s[\w-]+)?)\s+(?:of|for|on|in)"
    r"\s+(?P<of>.+)$",
    re.I,
)
# Words of which a sentence must hold one to tell it.
_TELLING = {
    "author": stems("write wrote written author draft edited editor compile pen writer"),
    "publisher": stems("publish publisher issue release post"),
    "date": stems("publish issue release write wrote written post date dated"),
    "updated": stems("update revise modify change edit review"),
    "owner": stems("own owner maintain maintainer manage keep responsible charge contact"),
    "title": stems("title call name headline"),
    "language": stems("language"),
}
# "The onboarding guide", "this press release on fees": a kind of document, and which.
_A_DOCUMENT = re.compile(
    r"(?:(?:the|this|that|these|those|each|every|all|both|my|our|your)\s+)?(?:of\s+the\s+)?"
    rf"(?:[\w'’.&/-]+\s+){{0,5}}?{KINDS}(?:\s+(?:about|on|of|from|by|dated|called)\s+.+)?",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Request:
    """What is wanted of the documents; ``requested`` makes one.

    - ``documents``: which there are. ``mentions``: which of them hold ``topic``; ``whether``: if
      any does. ``overview``: what is said on ``topic`` or, where it is empty, what there is.
    - ``attribute``: what the documents that ``topic`` names tell of themselves: their author, or
      whatever else ``attribute`` names.
    - ``comparison``: what two documents, or two sources, say differently; they are named in
      ``between`` or, where it is empty, those that there are, or are of the kind that ``both``
      names: "the two minutes". ``timeline``: what happened when.
      ``positions``: who is for and who is against ``topic``.
    """

    wanted: Wanted
    topic: str = ""
    attribute: str = ""
    whether: bool = False
    between: tuple[str, ...] = ()
    both: str = ""

    @property
    def is_form(self) -> bool:
        """Whether it is for more than its words ask for one by one."""
        return self.wanted in ("comparison", "timeline", "positions")

    @property
    def names_a_kind(self) -> bool:
        """Whether its topic is called a document: "the onboarding guide"."""
        return _A_DOCUMENT.fullmatch(self.topic) is not None

    def may_be_told_by(self, sentence: str) -> bool:
        """Whether a sentence of a text may tell what is wanted to be known of a document.

        That a statement says when something is done does not tell when it was written.
        """
        telling = _TELLING.get(self.attribute)
        if telling is None or (self.topic and not self.names_a_kind):
            return True
        said = stems(sentence)
        kinds = stems(" ".join(KIND.findall(self.topic)))
        return not telling.isdisjoint(said) and (not kinds or not kinds.isdisjoint(said))


def requested(question: str) -> Request | None:
    """What ``question`` wants of documents; None where it asks for an answer in them."""
    words = " ".join(question.split()).strip(" ?!.")
    if asked := form_asked(words):
        between = tuple(map(_bare, asked.between))
        return Request(asked.form, _of_what(asked.topic), between=between, both=asked.both)
    if any(form.match(words) for form in _DOCUMENTS):
        return Request("documents")
    for form in _MENTIONS:
        if found := form.match(words):
            whether = bool(found.groupdict().get("whether"))
            return Request("mentions", _bare(found["topic"]), whether=whether)
    plain = plainly(words)
    for form in _OVERVIEWS:
        if found := form.match(plain):
            return _overview(found["topic"] or "")
    for attribute, forms in _ATTRIBUTES:
        for form in forms:
            if found := form.match(words):
                return Request("attribute", found["of"] or "", attribute)
    if (found := _SETTING.match(words)) and _A_DOCUMENT.fullmatch(found["of"]):
        return Request("attribute", found["of"], found["key"].lower())
    return None


def _overview(topic: str) -> Request | None:
    if _QUESTION.match(topic):
        return None
    return Request("overview", _of_what(topic))


def _of_what(topic: str) -> str:
    """A topic; "" where that is all there is."""
    return "" if _NO_TOPIC.fullmatch(topic) else _bare(topic)


def _bare(topic: str) -> str:
    """A topic without the quotation marks around it."""
    return topic.strip(" \"'“”‘’«»„")
