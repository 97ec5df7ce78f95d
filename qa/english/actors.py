"""Who is named in a text: people and organisations, as far as capitals tell."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache

from footnoted.corpus.types import Span
from footnoted.corpus.words import STOP_WORDS, stem
from footnoted.qa.english import lexicon
from footnoted.qa.english.stance import COURSES

_WORD = re.compile(r"[^\W\d_](?:[^\W_]|[’'&.-](?=[^\W_]))*")
# A full stop stands only behind what is shortened: "Mr. Holm", "A. Holm".
_BETWEEN = re.compile(
    r"(?:['’]|(?<=\b[A-Z])\.|(?<=\b[MD][rs])\.|(?<=\b(?:Mrs|Hon|Rev))\.)?(?:[ \t]+|\r?\n)"
    r"(?:(?:of|for|on|against|de|la|van|von|der|the|&)[ \t]+){0,2}",
    re.I,
)
_SENTENCE_START = re.compile(r"(?:^|[.!?:;\n•*“\"‘(–—]|[.!?][”\"’)])[\s*_>#“\"‘(-]*\Z")
_LONGEST = 8
_ENDS_AS_OWNER = re.compile(r"['’]s\Z")
_OWNS = re.compile(r"['’](?!\w)")
_NO_ACTORS = lexicon.TIMES | lexicon.ADVERBS | lexicon.PREPOSITIONS | lexicon.WH | lexicon.PRONOUNS
_JOINING = frozenset("however meanwhile moreover furthermore nevertheless similarly".split())
_CLOSED = (
    _NO_ACTORS | lexicon.LINKS | lexicon.DETERMINERS | STOP_WORDS | lexicon.AUXILIARIES | _JOINING
)


def named(text: str, uncapitalised: Collection[str] = ()) -> Iterator[Span]:
    """The names in a sentence, as offsets in it: capitalised words and what joins them.

    The first word of a sentence is one of a name only if it is not among ``uncapitalised``, the
    words that the document writes with a small letter elsewhere. Times are no names, nor is what is
    done or decided, nor whose something is: "Monday", "the Harbour Bill", "Denmark's minister".
    """
    for first, last in _runs(text):
        start, end = first.start(), last.end()
        if _opens_sentence(text, start) and first.group().lower() in uncapitalised:
            if first is last:
                continue
            start = _next_word(text, first.end())
        name = text[start:end]
        is_owner = _ENDS_AS_OWNER.search(name) or _OWNS.match(text, end)
        if end - start > 1 and not is_owner and _is_actor(name):
            yield Span(start, end)


def may_be_actor(text: str) -> bool:
    """Whether a phrase, capitalised or not, may be somebody: not a clause, a figure or a time."""
    found = [word.lower() for word in _WORD.findall(text)]
    if not found or len(found) > _LONGEST or found[0] in lexicon.PRONOUNS:
        return False
    return not all(word in _CLOSED for word in found) and stem(found[-1]) not in COURSES


@lru_cache(maxsize=64)
def small_words(text: str) -> frozenset[str]:
    """The words that ``text`` writes with a small first letter."""
    return frozenset(found for found in _WORD.findall(text) if found[0].islower())


def _runs(text: str) -> Iterator[tuple[re.Match[str], re.Match[str]]]:
    """The first and the last word of each run of capitalised words."""
    first: re.Match[str] | None = None
    last: re.Match[str] | None = None
    for word in _WORD.finditer(text):
        capital = word.group()[0].isupper() and word.group().lower() not in _CLOSED | {"i"}
        capital |= word.group().isupper() and len(word.group()) > 1
        if not capital:
            continue
        if first and last and not _joins(text, last, word):
            yield first, last
            first = None
        first, last = first or word, word
    if first and last:
        yield first, last


def _joins(text: str, last: re.Match[str], word: re.Match[str]) -> bool:
    """Whether nothing but "of", "for" and the like stands between two words of a name."""
    return _BETWEEN.fullmatch(text, last.end(), word.start()) is not None


def _opens_sentence(text: str, at: int) -> bool:
    return _SENTENCE_START.search(text[max(at - 12, 0) : at]) is not None or at == 0


def _next_word(text: str, at: int) -> int:
    found = _WORD.search(text, at)
    return found.start() if found else at


def _is_actor(name: str) -> bool:
    """Whether a name may be somebody's: not a time, nor a plan or a bill."""
    *_, last = found = [word.lower() for word in _WORD.findall(name)]
    if all(word in _CLOSED for word in found) and not name.isupper():
        return False
    return stem(last) not in COURSES
