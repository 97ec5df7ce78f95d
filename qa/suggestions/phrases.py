"""Words of a sentence as a question may take them over, and what no question may hold."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from footnoted.corpus.words import content_words
from footnoted.qa.english import lexicon
from footnoted.qa.english.actors import small_words
from footnoted.qa.suggestions.types import Sentence

_LONGEST_QUESTION = 120
"""In characters."""
_MOST_WORDS = 18
_FEWEST_WORDS = 3
_LONGEST_WORD = 30

# Letters and digits of any script, and what stands inside and between words; nothing of markup, of
# a sentence's structure, or that turns the direction of writing.
_QUESTION = re.compile(r"[A-Z][\w\s'’&().,/%£$€°+-]*\?")
_TOKEN = re.compile(r"\S+")
# "the Education (Freedom of Association) Bill"
_IN_A_NAME = re.compile(r"(?<=[A-Z][a-z])\w*\s\((?:[\w’']+\s){0,4}[\w’']+\)(?=\s[A-Z])")
_AROUND = '"“”‘*_()[],.;:!?–—'
_CLOSING = re.compile(r"(?<!s)['’]+\Z")  # behind an s, it may be an owner's: "the Students’ Union"
_ENDS_CLAUSE = re.compile(r"[,;:.!?)\]”\"’]*[,;:.!?”\"]+[)\]”\"’]*\Z|[–—-]\Z")
_DEICTIC = frozenset(
    "today yesterday tomorrow tonight now ago today's today’s yesterday's yesterday’s above below"
    " following aforementioned latter former said previous current present recent such same other"
    " another last next here".split()
)
_PERSONAL = frozenset(
    "i me my mine we us our ours you your yours he him his she her hers it they them this these"
    " those one ones someone something itself himself herself themselves".split()
)
_JOINING = frozenset("of and or for in on at the".split())
_NEVER = _DEICTIC | _PERSONAL
_CANNOT_END = (
    (lexicon.PREPOSITIONS - {"up", "down", "off", "out"})
    | lexicon.DETERMINERS
    | lexicon.AUXILIARIES
    | frozenset("and or but nor to very more most not also than".split())
)


class Token(NamedTuple):
    """A word without the marks around it; ``is_last`` of a clause, as the marks behind it say."""

    text: str
    start: int
    end: int
    is_last: bool

    @property
    def lower(self) -> str:
        return self.text.lower()

    @property
    def is_name(self) -> bool:
        return self.text[:1].isupper()


def tokens(text: str) -> list[Token]:
    """The words of a sentence; marks that stand alone end the clause before them."""
    found: list[Token] = []
    of_names = [match.span() for match in _IN_A_NAME.finditer(text)]
    for match in _TOKEN.finditer(text):
        word = match.group()
        if any(start <= match.start() < end for start, end in of_names):
            found.append(Token(word, *match.span(), is_last=False))
            continue
        core = _CLOSING.sub("", word.strip(_AROUND))
        if not core:
            if found:
                found[-1] = found[-1]._replace(is_last=True)
            continue
        if found and word[0] in '("“[':
            found[-1] = found[-1]._replace(is_last=True)
        start = match.start() + word.index(core)
        end = start + len(core)
        ends = _ENDS_CLAUSE.search(word) is not None or word[-1] in ")]'’"
        if core[-1:].isalpha() and word == f"{core}." and _is_shortened(core):
            ends, end = False, end + 1
            core += "."
        found.append(Token(core, start, end, ends))
    return found


def _is_shortened(core: str) -> bool:
    """Whether a full stop behind it ends no sentence: "Mr.", "A."."""
    return core.lower() in lexicon.TITLES or (len(core) == 1 and core.isupper()) or "." in core


def joined(words: Sequence[Token]) -> str:
    return " ".join(word.text for word in words)


def uncapitalised(sentence: Sentence, phrase: str) -> str:
    """A phrase with which ``sentence`` begins, as it stands within another: "The bridge" begins
    with a small letter there, "Rwanda" does not."""
    first, *others = phrase.split()
    lower, text = first.lower(), sentence.document.text
    is_noun_next = bool(others) and others[0].islower() and others[0] not in _JOINING
    small = lower in lexicon.DETERMINERS or (
        (is_noun_next or lower in small_words(text)) and not is_name(first, text)
    )
    return " ".join([lower if small and not first[1:].isupper() else first, *others])


def is_name(word: str, text: str) -> bool:
    """Whether ``text`` writes a word with a capital within its sentences, too."""
    return word[:1].isupper() and re.search(rf"[a-z,] {re.escape(word)}\b", text) is not None


def with_article(name: str, has_one: bool = False) -> str:
    """The name of a group with "the": "the Green Party"."""
    is_group = lexicon.singular(name.split()[-1].lower()) in lexicon.GROUPS
    is_one = name.lower().startswith("the ")
    return f"the {name}" if (has_one or is_group) and not is_one else name


def may_end(word: str) -> bool:
    return word.lower() not in _CANNOT_END


def names_nothing_else(words: Sequence[Token], but: Collection[str] = ()) -> bool:
    """Whether words are understood without what stands before them: no pronoun, no "today"."""
    return not any(word.lower in _NEVER and word.lower not in but for word in words)


def is_telling(question: str) -> bool:
    """Whether a question says what it is about: "When was the meeting held?" may be of any."""
    names = any(word[0].isupper() for word in question.split()[1:])
    return names or len(content_words(question)) > 2


def well_formed(question: str) -> bool:
    """Whether a question can be shown: short, on one line, of plain words alone."""
    words = question.rstrip("?").split()
    return (
        len(question) <= _LONGEST_QUESTION
        and _FEWEST_WORDS <= len(words) <= _MOST_WORDS
        and max(map(len, words)) <= _LONGEST_WORD
        and _QUESTION.fullmatch(question) is not None
        and question.count("(") == question.count(")")
        and may_end(words[-1])
        and not any(word.isupper() and len(word) > 6 for word in words)
    )
