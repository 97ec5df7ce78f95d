"""The shape of a question: what it asks with, of whom, and which phrases it names.

A shallow reading by closed word classes, capitals and position. It is wrong now and then, as
anything without a model of the language is; what follows from it therefore stays small.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property, lru_cache
from typing import NamedTuple

from footnoted.qa.english import lexicon

# Longer sentences are cut before they are parsed: no antecedent is looked for further in.
LONGEST = 200
_LONGEST_PHRASE = 80
_LONGEST_READ = 2000

_TOKEN = re.compile(r"[’']s\b|\w+(?:[.&-]\w+)*(?:[’'](?!s\b)\w+)?|[,;:()]")
_SENTENCE_BREAK = re.compile(r"(?<=[.?!])\s+|\n")
_OWNER = frozenset({"'s", "’s"})
_IS_AFTER = frozenset("what who where when how why that it he she there".split())


class Tag(Enum):
    WH = auto()
    AUX = auto()
    DET = auto()
    PREP = auto()
    LINK = auto()
    PRON = auto()
    ADVERB = auto()
    NAME = auto()
    NUMBER = auto()
    OWNER = auto()
    """The 's of a possessive."""
    WORD = auto()


_CLOSED = (
    (Tag.WH, lexicon.WH),
    (Tag.AUX, lexicon.AUXILIARIES),
    (Tag.DET, lexicon.DETERMINERS),
    (Tag.PREP, lexicon.PREPOSITIONS),
    (Tag.LINK, lexicon.LINKS),
    (Tag.PRON, lexicon.PRONOUNS),
    (Tag.ADVERB, lexicon.ADVERBS),
)
_NOMINAL = frozenset({Tag.NAME, Tag.NUMBER, Tag.WORD, Tag.OWNER})


class Token(NamedTuple):
    text: str
    start: int
    end: int
    tag: Tag

    @property
    def lower(self) -> str:
        return self.text.lower()


@lru_cache(maxsize=256)
def tokenize(text: str) -> tuple[Token, ...]:
    tokens: list[Token] = []
    for match in _TOKEN.finditer(text):
        before = tokens[-1].lower if tokens else ""
        tag = _tag(match.group(), before)
        tokens.append(Token(match.group(), match.start(), match.end(), tag))
    return tuple(tokens)


def _tag(text: str, before: str) -> Tag:
    lower = text.lower().replace("’", "'")
    if lower == "'s":
        return Tag.AUX if before in _IS_AFTER else Tag.OWNER
    # "May" the month and "US" the country are told from "may" and "us" by their capitals.
    if before and text != text.lower() and lower not in lexicon.WH:
        return Tag.NAME
    # "The first document": between a determiner and its noun an adverb is an adjective.
    if (before in lexicon.DETERMINERS or before in _OWNER) and lower in lexicon.ADVERBS:
        return Tag.WORD
    for tag, members in _CLOSED:
        if lower in members:
            return tag
    if text[0].isdigit():
        return Tag.NUMBER
    # "Summarise it": at the beginning, a capital is no sign of a name.
    command = not before and lower in lexicon.VERBS
    return Tag.WORD if command or text == text.lower() else Tag.NAME


class Role(Enum):
    SUBJECT = auto()
    OBJECT = auto()
    TOPIC = auto()
    """What something is said about."""
    WITHIN = auto()
    """A part of a longer phrase: "ibuprofen" in "the effects of ibuprofen"."""
    ASKED = auto()
    """The noun that is asked for: "parties" in "which parties"."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase of a question, as a later question can use it."""

    text: str
    head: str
    start: int
    end: int
    role: Role
    named: bool
    """A proper name, without a determiner."""
    definite: bool
    """With a determiner."""
    preposition: str

    @property
    def sort(self) -> str:
        """What sort of thing it is, as far as it says so: "port" of "the port of Ribe", "ferry" of
        "the ferry Astrid"."""
        if self.head == self.head.lower():
            return self.head
        before = self.text[: self.text.index(self.head)].split()
        return before[-1] if len(before) > 1 and before[-1] == before[-1].lower() else ""

    @property
    def is_plural(self) -> bool:
        several = " and " in f" {self.text} " and self.named
        return several or (self.head == self.head.lower() and lexicon.is_plural(self.head))

    @property
    def is_person(self) -> bool:
        return lexicon.is_person(self.head)

    @property
    def is_group(self) -> bool:
        return lexicon.singular(self.head) in lexicon.GROUPS

    @property
    def is_attribute(self) -> bool:
        return lexicon.is_attribute(self.head)

    @property
    def is_full_name(self) -> bool:
        """Two names in a row without "the" are most often a person's."""
        return self.named and len(self.text.split()) > 1 and not self.is_plural


@dataclass(frozen=True)
class Asked:
    """A question taken apart: [wh-phrase] [auxiliary] [subject] [verb] rest, by token index."""

    text: str
    tokens: tuple[Token, ...]
    wh: int
    """Where the wh-phrase ends; 0 without one."""
    auxiliary: int | None
    subject: int | None
    """Where the subject after the auxiliary ends; None where the wh-phrase is the subject."""
    verb: int | None

    @classmethod
    @lru_cache(maxsize=256)
    def of(cls, text: str) -> Asked:
        text = last_sentence(text)
        tokens = tokenize(text)
        wh = _wh_end(tokens)
        auxiliary = wh if _is(tokens, wh, Tag.AUX) else None
        if auxiliary is None:
            statement = wh == 0 or tokens[0].lower in {"when", "where", "why", "if"}
            return cls(text, tokens, wh, None, None, None if statement or wh == len(tokens) else wh)
        if wh and not _subject_follows(tokens, wh):
            return cls(text, tokens, wh, auxiliary, None, wh + 1)
        subject = _subject_end(tokens, wh + 1, tokens[wh].lower, wh == 0)
        return cls(text, tokens, wh, auxiliary, subject, subject)

    @property
    def wh_words(self) -> str:
        return self.between(0, self.wh).lower()

    @property
    def asks_adverb(self) -> bool:
        """Whether the question is whole without its wh-phrase, as after "when" or "by whom"."""
        return self.auxiliary is not None and (
            self.wh == 0
            or self.wh_words in {"when", "where", "why", "how", "how long", "how often"}
            or (self.tokens[0].tag is Tag.PREP)
        )

    @property
    def asks_for_more(self) -> bool:
        """Whether its wh-phrase is the object: "what did they say"."""
        return self.wh > 0 and self.subject is not None and not self.asks_adverb

    @property
    def is_copula(self) -> bool:
        """ "What is X": no verb comes after the subject."""
        return (
            self.auxiliary is not None
            and self.tokens[self.auxiliary].lower in lexicon.BE
            and self.subject is not None
            and self.subject >= len(self.tokens)
        )

    @property
    def asked_for(self) -> Phrase | None:
        """The noun that is asked for: "parties" in "which parties"."""
        return next((phrase for phrase in self.phrases if phrase.role is Role.ASKED), None)

    @property
    def predicate(self) -> str:
        """What is done, as it stands after an auxiliary: "oppose the plan" of "who opposes it"."""
        if self.verb is None or self.verb >= len(self.tokens):
            return ""
        if self.auxiliary is not None:
            return self.after(self.verb)
        base = lexicon.base_form(self.tokens[self.verb].text)
        return f"{base} {self.after(self.verb + 1)}".strip() if base else ""

    def between(self, first: int, end: int | None = None) -> str:
        """The text from token ``first`` until token ``end``."""
        tokens = self.tokens[first:end]
        return self.text[tokens[0].start : tokens[-1].end] if tokens else ""

    def after(self, first: int) -> str:
        return self.text[self.tokens[first].start :] if first < len(self.tokens) else ""

    @cached_property
    def phrases(self) -> tuple[Phrase, ...]:
        return tuple(p for p in _phrases(self) if p.end - p.start <= _LONGEST_PHRASE)


def last_sentence(text: str) -> str:
    """The last sentence with a word in it, without its final marks, and of bounded length."""
    text = text[-_LONGEST_READ:]
    sentences = [s for s in _SENTENCE_BREAK.split(text) if re.search(r"\w", s)]
    last = sentences[-1].strip().rstrip("?!. ") if sentences else ""
    return last if len(last) <= LONGEST else last[:LONGEST].rsplit(" ", 1)[0]


def _is(tokens: Sequence[Token], index: int, *tags: Tag) -> bool:
    return index < len(tokens) and tokens[index].tag in tags


def _run(tokens: Sequence[Token], start: int) -> int:
    """Where the nouns, names and their adjectives from ``start`` end."""
    end = start
    while end < len(tokens) and tokens[end].tag in _NOMINAL:
        end += 1
    return end


def _wh_end(tokens: Sequence[Token]) -> int:
    start = 1 if _is(tokens, 0, Tag.PREP) else 0
    if not _is(tokens, start, Tag.WH):
        return 0
    if tokens[start].lower in {"who", "whom", "when", "where", "why"}:
        return start + (2 if _else(tokens, start + 1) else 1)
    end = start + 1
    while _is(tokens, end, Tag.ADVERB):
        end += 1
    end = _run(tokens, end)
    if _is(tokens, end, Tag.AUX) or end >= len(tokens):
        return end if _is(tokens, end, Tag.AUX) else _verb_in(tokens, start, end)
    if tokens[end].lower == "of":
        inner = end + 1 + _is(tokens, end + 1, Tag.DET, Tag.PRON)
        inner = _run(tokens, inner)
        if _is(tokens, inner, Tag.AUX):
            return inner
    return _verb_in(tokens, start, end)


def _else(tokens: Sequence[Token], index: int) -> bool:
    return index < len(tokens) and tokens[index].lower == "else"


def _verb_in(tokens: Sequence[Token], start: int, end: int) -> int:
    """Where the verb stands in "which parties support", "what causes malaria"."""
    least = start + {"what": 1, "how": 3}.get(tokens[start].lower, 2)
    sure = (i for i in range(least, end) if lexicon.known_base(tokens[i].text))
    return next(sure, max(end - 1, start + 1))


def _subject_follows(tokens: Sequence[Token], auxiliary: int) -> bool:
    """ "Who did they ask" and "who is Ada" against "who will lead it" and "who is liable"."""
    following = auxiliary + 1
    if _is(tokens, following, Tag.PRON, Tag.DET, Tag.NAME, Tag.NUMBER):
        return True
    if not _is(tokens, following, Tag.WORD):
        return False
    asked = tokens[0].lower
    if asked in {"who", "which"} or (asked == "how" and auxiliary > 2):
        return tokens[auxiliary].lower in lexicon.DO
    word = tokens[following].lower
    return not (lexicon.is_participle(word) or lexicon.is_verb(word))


def _subject_end(tokens: Sequence[Token], start: int, auxiliary: str, whether: bool) -> int:
    if _is(tokens, start, Tag.PRON):
        return start + 1
    end = _names_end(tokens, start)
    if end > start and not _is(tokens, end, Tag.OWNER):
        return end
    first = start + _is(tokens, start, Tag.DET)
    end = _run(tokens, first)
    cut = _verb_after_noun(tokens, first, end, auxiliary, whether)
    while cut == end and end < len(tokens) and tokens[end].lower in {"of", "in", "for", "on"}:
        inner = end + 1 + _is(tokens, end + 1, Tag.DET)
        end = _run(tokens, inner)
        names = _names_end(tokens, inner)
        cut = names if names > inner else _verb_after_noun(tokens, inner, end, auxiliary, whether)
    return cut


def _names_end(tokens: Sequence[Token], start: int) -> int:
    end = start
    while _is(tokens, end, Tag.NAME, Tag.NUMBER):
        end += 1
        joined = end < len(tokens) and tokens[end].lower in {"and", "of"}
        if joined and _is(tokens, end + 1, Tag.NAME):
            end += 1
    return end


def _verb_after_noun(
    tokens: Sequence[Token], first: int, end: int, auxiliary: str, whether: bool
) -> int:
    """Where the subject in ``first:end`` gives way to its verb, participle or adjective."""
    later = range(first + 1, end)
    if auxiliary in lexicon.BE | lexicon.HAVE:
        cut = (i for i in later if lexicon.is_participle(tokens[i].text))
        is_last = bool(later) and end == len(tokens)
        adjective = is_last and lexicon.is_adjective(tokens[end - 1].text)
        return next(cut, end - 1 if adjective or (whether and is_last) else end)
    words = {i: tokens[i].lower for i in later}
    surely = [i for i, word in words.items() if word in lexicon.VERBS]
    after_plural = [i for i in later if lexicon.is_plural(tokens[i - 1].text)]
    perhaps = [i for i, word in words.items() if word in lexicon.NOUNS_TOO]
    if found := surely[:1] or after_plural[:1] or perhaps[-1:]:
        return found[0]
    main_verb_follows = _is(tokens, end, Tag.AUX)
    return end - 1 if later and not main_verb_follows else end


def _phrases(asked: Asked) -> Iterator[Phrase]:
    tokens = asked.tokens
    if asked.wh > 1 and tokens[asked.wh - 1].tag is Tag.WORD:
        yield from _asked_noun(asked)
    at = asked.wh
    while at < len(tokens):
        if at == asked.auxiliary or (at == asked.verb and at != asked.wh - 1 and _no_noun(asked)):
            at += 1
            continue
        end = _phrase_end(asked, at)
        if end == at:
            at += 1
            continue
        found = tuple(_phrases_from(asked, at, end))
        yield from found
        at = end
        while found and at < len(tokens) and tokens[at].start < found[0].end:
            at += 1


def _no_noun(asked: Asked) -> bool:
    return asked.verb is not None and asked.tokens[asked.verb].tag is Tag.WORD


def _asked_noun(asked: Asked) -> Iterator[Phrase]:
    first = next((i for i in range(asked.wh) if asked.tokens[i].tag is Tag.WH), 0) + 1
    if asked.tokens[first].lower in {"many", "much"}:
        first += 1
    elif asked.tokens[first - 1].lower == "how":
        return
    nouns = asked.tokens[first : asked.wh]
    if nouns and all(token.tag in _NOMINAL for token in nouns):
        words = asked.between(first, asked.wh)
        start, end = nouns[0].start, nouns[-1].end
        head = nouns[-1].text
        yield Phrase(f"the {words}", head, start, end, Role.ASKED, False, True, "")


def _phrase_end(asked: Asked, start: int) -> int:
    """Where the noun phrase that starts at ``start`` ends, or ``start`` where none does."""
    tokens = asked.tokens
    if _is(tokens, start, Tag.PREP) and tokens[start].lower == "to":
        return start
    if start == 0 and asked.wh == 0 and tokens[0].lower in lexicon.VERBS:
        return start
    first = start + _is(tokens, start, Tag.DET)
    infinitive = start > 0 and tokens[start - 1].lower == "to"
    if infinitive and _is(tokens, start, Tag.WORD) and lexicon.is_verb(tokens[start].lower):
        return start
    end = _run(tokens, first)
    names = _names_end(tokens, start)
    if start < names < end and _is_verbal(tokens[names]):
        end = names
    if asked.auxiliary is not None and start <= asked.auxiliary + 1:
        end = min(end, asked.subject or end)
    return end if end > first else start


def _is_verbal(token: Token) -> bool:
    """Whether a word after a name is rather its verb: "Kigali open", "Davies completing"."""
    sure = token.text.endswith("ing") or lexicon.known_base(token.text) is not None
    return token.tag is Tag.WORD and (sure or lexicon.is_participle(token.text))


def _phrases_from(asked: Asked, start: int, end: int) -> Iterator[Phrase]:
    """The phrase in ``start:end``, lengthened by "of …" and "in Kigali" where these belong."""
    tokens = asked.tokens
    if _is_time(tokens, start, end):
        return
    inner = end + 1
    longer = _phrase_end(asked, inner) if _belongs(tokens, start, end) else end
    if asked.subject is not None and end < asked.subject:
        longer = min(longer, asked.subject)
    if longer <= inner or _is_time(tokens, inner, longer):
        longer = end
    yield _phrase(asked, start, end, longer)
    owner = next((i for i in range(start + 1, end) if tokens[i].tag is Tag.OWNER), None)
    if owner is not None:
        yield _phrase(asked, start, owner, owner, owns=True)
    if longer > end:
        yield _phrase(asked, inner, longer, longer)


def _belongs(tokens: Sequence[Token], start: int, end: int) -> bool:
    """Whether what follows the noun is part of its phrase: "the office" + "in Kigali"."""
    following = tokens[end].lower if end < len(tokens) else ""
    somewhere = following == "in" and _is(tokens, end + 1, Tag.NAME)
    return following == "of" or (somewhere and tokens[start].tag is Tag.DET)


def _role(asked: Asked, start: int) -> Role:
    before = asked.tokens[start - 1].lower if start else ""
    if asked.subject is not None and asked.auxiliary is not None and start <= asked.auxiliary + 1:
        return Role.SUBJECT
    if before in {"about", "against", "on"}:
        return Role.TOPIC
    return Role.WITHIN if before == "of" else Role.OBJECT


def _phrase(asked: Asked, start: int, end: int, longer: int, owns: bool = False) -> Phrase:
    tokens = asked.tokens
    text = asked.between(start, longer)
    determined = tokens[start].tag is Tag.DET
    if determined and tokens[start].lower in lexicon.INDEFINITE:
        text = f"the {asked.between(start + 1, longer)}"
    elif tokens[start].tag is Tag.NUMBER and tokens[end - 1].tag is Tag.WORD:
        text, determined = f"the {text}", True
    before = tokens[start - 1] if start else None
    return Phrase(
        text=text,
        head=tokens[end - 1].text,
        start=tokens[start].start,
        end=tokens[longer - 1].end,
        role=Role.WITHIN if owns else _role(asked, start),
        named=not determined and tokens[end - 1].tag in {Tag.NAME, Tag.NUMBER},
        definite=determined,
        preposition=before.lower if before and before.tag is Tag.PREP else "",
    )


def _is_time(tokens: Sequence[Token], start: int, end: int) -> bool:
    head = tokens[end - 1]
    alone = end - start == 1
    return lexicon.singular(head.text) in lexicon.TIMES or (alone and head.tag is Tag.NUMBER)
