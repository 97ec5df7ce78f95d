"""Misspelt words of a question, read as the collection writes them."""

from __future__ import annotations

import re
from functools import cache

from rapidfuzz.distance import OSA
from tokenizers import Tokenizer

from footnoted.corpus.words import STOP_WORDS, stem
from footnoted.index.protocols import WordSearch
from footnoted.qa.reader.reader import SHIPPED_READER

_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST = 5
# In a word of so many letters, two may be wrong.
_LONG = 9


def misspelt(question: str, collection: WordSearch) -> dict[str, str]:
    """The words of ``question`` that are misspelt, each with what it is read as.

    A word is misspelt that stands in no passage and is no common English word, where the passages
    hold one that begins alike and is a letter away, or two if it is long; a name is only taken for
    a name. What is in doubt stays as it was typed.
    """
    found = {}
    for word in dict.fromkeys(_WORD.findall(question)):
        if len(word) >= _SHORTEST and not _is_known(word, collection):
            meant = _meant(word, collection)
            if meant is not None:
                found[word] = meant
    return found


def corrected(question: str, words: dict[str, str]) -> str:
    """``question`` with ``words`` exchanged."""
    return _WORD.sub(lambda match: words.get(match.group(), match.group()), question)


def _is_known(word: str, collection: WordSearch) -> bool:
    lower = word.lower()
    if lower in STOP_WORDS or _common_words().token_to_id(lower) is not None:
        return True
    return collection.holders(word, 0) != frozenset()


def _meant(word: str, collection: WordSearch) -> str | None:
    for other in collection.alike(word, 2 if len(word) >= _LONG else 1):
        is_name = word[0].isupper() and other[0].isupper()
        if other[0].lower() == word[0].lower() and (is_name or word[0].islower()):
            return other if is_name else _inflected_alike(word, other.lower())
    return None


def _inflected_alike(word: str, other: str) -> str:
    """``other`` with the ending of ``word``, where that is nearer: "opposes" for "oposes"."""
    ending = word[len(stem(word)) :] if word.startswith(stem(word)) else ""
    return min(other, stem(other) + ending, key=lambda form: OSA.distance(form, word))


@cache
def _common_words() -> Tokenizer:
    """The reader's vocabulary: the thirty thousand most frequent words of English, or parts."""
    return Tokenizer.from_file(str(SHIPPED_READER / "tokenizer.json"))
