"""Questions on people and organisations: who holds an office, takes a side, says what of what."""

from __future__ import annotations

import re
from collections.abc import Iterator

from footnoted.corpus.types import Span
from footnoted.corpus.words import stem
from footnoted.qa.english import lexicon
from footnoted.qa.english.actors import named, small_words
from footnoted.qa.english.sameness import same
from footnoted.qa.english.speech import Cue, cues
from footnoted.qa.english.stance import COURSES, stance
from footnoted.qa.suggestions.clauses import is_finite, until_stop
from footnoted.qa.suggestions.phrases import (
    Token,
    joined,
    may_end,
    names_nothing_else,
    tokens,
    with_article,
)
from footnoted.qa.suggestions.types import Candidate, Sentence

_NAME_WORD = r"(?:(?:[A-Z]|[MD]rs?|Ms|St|Prof|Hon|Rev)\.|[A-ZÀ-Þ][\w-]*(?:['’](?:s\b)?(?!\w))?)"
_PERSON = rf"{_NAME_WORD}(?:\s+(?:(?:de|van|von|der|al|bin)\s+)?{_NAME_WORD}){{1,3}}"
_ORGANISATION = rf"{_NAME_WORD}(?:\s+(?:(?:of|for|on|and|the)\s+)*{_NAME_WORD}){{0,5}}"
_OFFICES = """
prime minister, chief executive, general secretary, president, chairman, chairwoman, chairperson,
chair, director, mayor, minister, treasurer, secretary, spokesman, spokeswoman, spokesperson,
manager, leader, ambassador, governor, commissioner, chancellor, senator, captain, coach, editor,
founder, owner, principal, headteacher, headmaster, architect, clerk, coordinator, engineer,
curator, librarian, CEO, vice-president
"""
_OFFICE = rf"(?i:{'|'.join(one.strip() for one in _OFFICES.split(','))})"
# "Ada Holm, the mayor of Ribe, …"
_APPOSED = re.compile(
    rf"(?P<name>{_PERSON}),\s+(?:the\s+)?(?P<office>(?:[a-z-]+\s+)?{_OFFICE})\s+"
    rf"(?P<of>(?:of|at|for)\s+(?:the\s+)?{_ORGANISATION})(?=[,.;]|\s+(?:said|says|who)\b)"
)
# "the Danish immigration minister Kaare Dybvad Bek", "NZUSA President David Do". Behind a comma, in
# a list of names with offices, it may be the office of who stands before it.
_BEFORE_NAME = re.compile(
    rf"(?P<of>(?:{_NAME_WORD}\s+(?:(?:of|for|on)\s+)?){{1,4}}?(?:[a-z]+\s+)?)"
    rf"(?P<office>{_OFFICE})(?:(?P<comma>,)\s+|\s+)(?P<name>{_PERSON})"
)
_LISTED = re.compile(r"[A-Z][\w.’'-]*(?:,|\s+[–-])\s+\Z")
# "The treasurer of the society is Sven Brandt."
_IS = re.compile(
    r"The\s+(?P<office>(?:[a-z-]+\s+){1,4}?(?:(?:of|at|for)\s+(?:the\s+)?[\w’'-]+"
    rf"(?:\s+[\w’'-]+){{0,3}}?\s+)?)(?P<is>is|was)\s+(?:called\s+)?(?P<name>{_PERSON})(?=[,.;]|\s*$)"
)
_WAS = frozenset("is are was were has have had will".split())
_FORMER = frozenset(
    "former acting late then then-vice new outgoing incoming deputy subsequent vice".split()
)

# How a question asks who takes the side that a verb tells.
_ASKED = {
    "oppose": "opposes",
    "support": "supports",
    "criticise": "criticises",
    "criticize": "criticizes",
    "reject": "rejects",
    "condemn": "condemns",
    "welcome": "welcomes",
    "endorse": "endorses",
    "back": "backs",
    "favour": "favours",
    "object": "objects to",
}
_FURTHEST = 60
"""Characters between who takes a side and the word that tells it."""
_LONGEST_MATTER = 10
# What sides are taken on, beside ``COURSES``.
_MATTERS = COURSES | frozenset(
    map(
        stem,
        """
    application merger closure sale construction ban tax levy motion amendment campaign development
    expansion demolition reduction increase treaty amnesty referendum regulation rule ruling
    """.split(),
    )
)
# Verbs that are hardly ever nouns.
_SAID = frozenset(
    "says said stated argues argued warns warned explains explained confirmed believes"
    " believed insists insisted concludes concluded added adds told".split()
)
_IS_ADJECTIVE = re.compile(r"['’]|(?:[a-z](?:ese|ish|ian|ean)|\b(?:German|French|Dutch))\Z")
_GOES_ON = re.compile(r"\s+(?:[A-Z]|(?:and|or)\s+[A-Z]|[a-z]+)")


def offices(sentence: Sentence) -> Iterator[Candidate]:
    """Who holds an office: as a sentence tells, or says beside a name."""
    text = sentence.text
    be = "was" if _is_past(text) else "is"
    for found in _APPOSED.finditer(text):
        office = _small(found["office"])
        if not _FORMER & set(office.split()):
            yield from _holder(sentence, f"Who {be} the {office} {found['of']}?", found["name"])
    for found in _BEFORE_NAME.finditer(text):
        of = " ".join(found["of"].split()).removeprefix("The ")
        is_listed = found["comma"] and _LISTED.search(text[: found.start()])
        if of and not is_listed and _is_whose(sentence, of):
            question = f"Who {be} the {of} {_small(found['office'])}?"
            yield from _holder(sentence, question, found["name"])
    if (told := _IS.match(text)) and _is_office(told["office"]):
        question = f"Who {told['is']} the {told['office'].strip()}?"
        yield from _holder(sentence, question, told["name"])


def _holder(sentence: Sentence, question: str, name: str) -> Iterator[Candidate]:
    """The question, where what stands as the name is no owner's: "Anna Holm's"."""
    if not name.endswith(("'", "’", "'s", "’s")):
        yield sentence.asks("role", question, name)


def _is_past(text: str) -> bool:
    """Whether a sentence tells of the past, and not only of what was said."""
    told = [word.lower for word in tokens(text) if is_finite(word.text) or word.lower in _WAS]
    return any(
        lexicon.is_past(word) and lexicon.known_base(word) not in lexicon.SAYING for word in told
    ) and not any(not lexicon.is_past(word) for word in told)


def sides(sentence: Sentence) -> Iterator[Candidate]:
    """Who is for or against something that a sentence names."""
    text = sentence.text
    words = tokens(text)
    actors = list(named(text, small_words(sentence.document.text)))
    for at, word in enumerate(words):
        verb = _verb_of_side(words, at)
        before = [one for one in actors if one.end <= word.start]
        if not verb or not before or word.start - before[-1].end > _FURTHEST:
            continue
        what = _matter(text, words[at + 1 + (verb == "object") :])
        if what and stance(text[before[-1].end :]):
            yield sentence.asks("stance", f"Who {_ASKED[verb]} {what}?")


def sayings(sentence: Sentence) -> Iterator[Candidate]:
    """What somebody who is named says of a thing that is named, too."""
    for cue in cues(sentence.text):
        verb = sentence.text[slice(*cue.at)]
        if cue.name is None or verb not in _SAID:
            continue
        speaker, topic = _speaker(sentence, cue.name), _topic(sentence, cue)
        if speaker and topic:
            does = "did" if lexicon.is_past(verb) else "does"
            yield sentence.asks("saying", f"What {does} {speaker} say about {topic}?")
            return


def _verb_of_side(words: list[Token], at: int) -> str:
    """The verb by which a word tells a side, in its base form; "" where it tells none."""
    word = words[at]
    verb = lexicon.known_base(word.text) or ""
    before = words[at - 1] if at else None
    if verb not in _ASKED or word.is_name or before is None:
        return ""
    if word.lower == verb and not (before.is_name or before.lower in {"they", "both", "all"}):
        return ""  # a noun, or behind "to": nobody does it
    if verb == "object" and [one.lower for one in words[at + 1 : at + 2]] != ["to"]:
        return ""
    return verb


def _matter(text: str, words: list[Token]) -> str:
    """What a side is taken on, with which ``words`` begin; "" where it is not named well enough."""
    taken = until_stop(words, _LONGEST_MATTER)
    if not taken or len(taken) < 2 or not names_nothing_else(taken):
        return ""
    is_cut = text[taken[-1].end :].lstrip().startswith("(")
    is_definite = taken[0].lower == "the" or taken[0].is_name
    is_matter = any(stem(word.text) in _MATTERS for word in taken)
    is_whole = is_definite and is_matter and not is_cut and may_end(taken[-1].text)
    return joined(taken) if is_whole else ""


def _speaker(sentence: Sentence, name: Span) -> str:
    """Who speaks, as a question names them; "" where it is not known who that is."""
    said = sentence.text[slice(*name)]
    words = said.split()
    if not 1 < len(words) <= 5 or "'s " in said or "’s " in said:
        return ""
    if not all(word[0].isupper() for word in words) or lexicon.is_plural(words[-1]):
        return ""
    return with_article(said)


def _topic(sentence: Sentence, cue: Cue) -> str:
    """A name in what is said that is not the speaker's; "" without one."""
    text, speaker = sentence.text, cue.name or cue.at
    for one in named(text, small_words(sentence.document.text)):
        name = text[slice(*one)]
        is_said = one.start > cue.at.end if speaker.start < cue.at.start else one.end < cue.at.start
        follows = _GOES_ON.match(text, one.end)
        is_part = follows and _is_part(follows.group().split())
        is_known = len(name.split()) > 1 or sentence.document.text.count(name) > 2
        speaks = any(other.name and one.overlaps(other.name) for other in cues(text))
        if not is_said or speaks or is_part or not is_known:
            continue
        if not _IS_ADJECTIVE.search(name) and not same(name, text[slice(*speaker)]):
            return with_article(name, text[: one.start].lower().endswith("the "))
    return ""


def _is_part(words: list[str]) -> bool:
    """Whether a name is but a part of what is named, as the next words tell: "Holm and Berg", "the
    Holm site"."""
    return len(words) > 1 or not (
        words[0] in lexicon.PREPOSITIONS | lexicon.AUXILIARIES | lexicon.LINKS | lexicon.WH
        or words[0] in lexicon.SAYING
        or lexicon.known_base(words[0])
    )


def _is_whose(sentence: Sentence, of: str) -> bool:
    """Whether what stands before an office is whose it is, and not the opening of a sentence."""
    words = of.lower().split()
    opens = lexicon.PREPOSITIONS | lexicon.PRONOUNS | lexicon.LINKS | lexicon.ADVERBS
    return words[0] not in small_words(
        sentence.document.text
    ) | opens | lexicon.TITLES and not _FORMER & set(words)


def _is_office(named_so: str) -> bool:
    head = re.split(r"\s+(?:of|at|for)\s+", named_so.strip())[0].split()[-1]
    return lexicon.names_person(head) or head == "master"


def _small(office: str) -> str:
    return office if office.isupper() else office.lower()
