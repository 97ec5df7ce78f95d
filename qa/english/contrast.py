"""Sentences that say what is asked, but for one word: of another name, year or figure, or the
opposite. "Why did the minister of Norway resign?" is not answered by why that of Sweden did.

Of questions that people made of others to deceive, one in thirteen meets such a sentence in its
paragraph; of those that their paragraph answers, one in two hundred (SQuAD 2.0's development set).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

from footnoted.corpus.words import STOP_WORDS, stem
from footnoted.qa.english import lexicon
from footnoted.qa.english.polarity import NEGATIONS
from footnoted.qa.english.year_ranges import covers

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:[-–][^\W\d_]+)*")
_CLOSED = STOP_WORDS | lexicon.WH | NEGATIONS
_JOINS_NAMES = re.compile(r"[\s.'’-]*")
# So many words that carry meaning have to be said of the question.
_FEWEST_SAID = 2
# Words that share so much may be one, spelt in two ways, or by its beginning: "Mac", "Macintosh".
_ALIKE = 0.7
_SHORTENED = 3

_OPPOSITES = frozenset(
    frozenset(map(stem, pair.split("/")))
    for pair in """
    open/close opened/closed begin/end start/end start/stop founded/dissolved established/abolished
    founded/closed opened/demolished built/demolished created/destroyed built/destroyed
    join/leave joined/left enter/exit arrive/leave arrived/left win/lose won/lost
    rise/fall rose/fell increase/decrease expand/shrink gain/lose gained/lost
    succeed/fail success/failure victory/defeat accept/reject approve/reject approved/rejected
    support/oppose agree/disagree allow/forbid allow/prohibit permit/prohibit permitted/forbidden
    include/exclude add/remove appear/disappear appointed/dismissed hired/fired
    import/export attack/defend cause/prevent encourage/discourage admit/deny advantage/disadvantage
    benefit/harm first/last oldest/youngest oldest/newest largest/smallest biggest/smallest
    highest/lowest longest/shortest most/least more/less more/fewer best/worst better/worse
    earliest/latest earlier/later early/late before/after above/below inside/outside
    internal/external upper/lower up/down left/right top/bottom front/back maximum/minimum
    majority/minority major/minor north/south east/west northern/southern eastern/western
    northeast/southwest northwest/southeast male/female men/women man/woman father/mother
    son/daughter brother/sister husband/wife king/queen prince/princess day/night summer/winter
    high/low higher/lower large/small larger/smaller long/short longer/shorter wide/narrow
    deep/shallow heavy/light heavier/lighter fast/slow faster/slower strong/weak hot/cold warm/cool
    rich/poor old/new old/young ancient/modern easy/difficult easy/hard common/rare frequent/rare
    safe/dangerous true/false positive/negative public/private rural/urban formal/informal
    native/foreign domestic/foreign legal/illegal possible/impossible same/different equal/unequal
    likely/unlikely known/unknown popular/unpopular active/inactive direct/indirect
    complete/incomplete successful/unsuccessful official/unofficial horizontal/vertical always/never
    """.split()
)


class _Token(NamedTuple):
    text: str
    start: int
    end: int

    @property
    def stem(self) -> str:
        return stem(_plain(self.text))

    @property
    def tells(self) -> bool:
        return self.text.lower() not in _CLOSED

    @property
    def is_figure(self) -> bool:
        return self.text[0].isdigit()

    @property
    def is_name(self) -> bool:
        return self.text[0].isupper() and self.tells


def telling_otherwise(question: str, sentences: Sequence[str]) -> list[int]:
    """The numbers of those of ``sentences`` that say what is asked, but for one word.

    None where another of them says that word and as much besides.
    """
    asked = _Asked.of(question)
    said = [_stems(text) for text in sentences]
    found = []
    for number, text in enumerate(sentences):
        if other := asked.exchanged_in(text, said[number]):
            as_much = len(asked.stems & said[number])
            if not any(other <= one and len(asked.stems & one) >= as_much for one in said):
                found.append(number)
    return found


class _Asked(NamedTuple):
    """A question's words; ``telling`` are the numbers of those that a sentence has to say."""

    tokens: list[_Token]
    telling: list[int]
    stems: frozenset[str]
    names: list[tuple[int, int]]

    @classmethod
    def of(cls, question: str) -> _Asked:
        tokens = _tokens(question)
        first = _behind_wh(tokens)
        telling = [i for i, token in enumerate(tokens) if token.tells and i not in first]
        return cls(tokens, telling, frozenset(tokens[i].stem for i in telling), _names(question))

    def exchanged_in(self, sentence: str, said: frozenset[str]) -> frozenset[str]:
        """The stems for which ``sentence`` has others in their place; none where it does not."""
        missing = [i for i in self.telling if self.tokens[i].stem not in said]
        stems = frozenset(self.tokens[i].stem for i in missing)
        if not missing or len(self.stems - stems) < _FEWEST_SAID:
            return frozenset()
        tokens = _tokens(sentence)
        is_one = len(stems) == 1 and (
            self._has_opposite(missing[0], tokens) or self._has_figure(missing[0], tokens, sentence)
        )
        return stems if is_one or self._has_name(missing, tokens, _names(sentence)) else frozenset()

    def _has_opposite(self, at: int, said: Sequence[_Token]) -> bool:
        if any(token.text.lower() == "than" for token in (*self.tokens, *said)):
            return False  # "A is higher than B" says what "B is lower than A" does
        own = self.tokens[at].stem
        return any({own, one.stem} in _OPPOSITES for one in self._others(said))

    def _has_figure(self, at: int, said: Sequence[_Token], sentence: str) -> bool:
        own = self.tokens[at]
        if not own.is_figure or covers(sentence, own.text):
            return False
        place = _around(self.tokens, at, at)
        others = self._others(said)
        return any(
            token in others
            and token.is_figure
            and _is_year(token) == _is_year(own)
            and _is_shared(place, _around(said, i, i))
            for i, token in enumerate(said)
        )

    def _has_name(
        self, missing: Sequence[int], said: Sequence[_Token], names: Sequence[tuple[int, int]]
    ) -> bool:
        """Whether all that is missing is of one name, and another stands in its place."""
        name = next((one for one in self.names if one[0] <= missing[0] < one[1]), None)
        if name is None or name[0] == 0 or missing[-1] >= name[1]:
            return False
        return any(self._is_exchanged(name, set(missing), said, other) for other in names)

    def _is_exchanged(
        self,
        name: tuple[int, int],
        missing: set[int],
        said: Sequence[_Token],
        other: tuple[int, int],
    ) -> bool:
        own, others = self.tokens[slice(*name)], said[slice(*other)]
        if len(own) != len(others):
            return False
        differ = [(a, b) for a, b in zip(own, others, strict=True) if a.stem != b.stem]
        if len(differ) != len(missing) or not all(self._differ(a, b) for a, b in differ):
            return False
        if len(differ) < len(own):
            return True
        place = _around(self.tokens, name[0], name[1] - 1)
        return _is_shared(place, _around(said, other[0], other[1] - 1))

    def _differ(self, own: _Token, other: _Token) -> bool:
        """Whether two words are surely two names: no initials or titles, nor one spelt in two
        ways."""
        a, b = _plain(own.text), _plain(other.text)
        is_one = a in b or b in a or a[:_SHORTENED] == b[:_SHORTENED]
        is_one |= SequenceMatcher(None, a, b).ratio() >= _ALIKE or b in lexicon.TITLES
        return not (own.text.isupper() or other.text.isupper() or is_one) and (
            other.stem not in self.stems
        )

    def _others(self, said: Sequence[_Token]) -> list[_Token]:
        """The words of a sentence that the question does not say."""
        every = {token.stem for token in self.tokens}
        return [token for token in said if token.stem not in every]


def _plain(word: str) -> str:
    """In small letters, without accents, with one kind of hyphen."""
    letters = unicodedata.normalize("NFKD", word.lower().replace("–", "-"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _tokens(text: str) -> list[_Token]:
    return [_Token(m.group(), *m.span()) for m in _TOKEN.finditer(text)]


@lru_cache(maxsize=20_000)
def _stems(text: str) -> frozenset[str]:
    return frozenset(token.stem for token in _tokens(text))


def _behind_wh(tokens: Sequence[_Token]) -> range:
    """Where the noun stands that is asked for, which no answer has to say: "which year"."""
    at = next((i for i, token in enumerate(tokens) if token.text.lower() in lexicon.WH), None)
    if at is None or tokens[at].text.lower() not in ("what", "which", "how"):
        return range(0)
    end = at + 1
    while end < min(at + 4, len(tokens)) and tokens[end].text.lower() not in lexicon.AUXILIARIES:
        end += 1
    return range(at, end)


def _names(text: str) -> list[tuple[int, int]]:
    """From which token to which each name runs."""
    tokens = _tokens(text)
    found: list[tuple[int, int]] = []
    for i, token in enumerate(tokens):
        if not token.is_name:
            continue
        joins = found and found[-1][1] == i
        if joins and _JOINS_NAMES.fullmatch(text, tokens[i - 1].end, token.start):
            found[-1] = (found[-1][0], i + 1)
        else:
            found.append((i, i + 1))
    return found


def _around(tokens: Sequence[_Token], first: int, last: int) -> tuple[str, str]:
    """What stands before and behind some tokens, enough to know their place again by: a word that
    carries meaning, and what leads from it; "" where none does."""
    before = tokens[first - 1].text.lower() if first else ""
    if before in _CLOSED and not tokens[first].is_figure:
        before = f"{tokens[first - 2].stem} {before}" if first > 1 else ""
    after = tokens[last + 1] if last + 1 < len(tokens) else None
    follows = after is not None and (after.tells or tokens[first].is_figure)
    return before, after.stem if after and follows else ""


def _is_shared(one: tuple[str, str], other: tuple[str, str]) -> bool:
    return any(a == b != "" for a, b in zip(one, other, strict=True))


def _is_year(token: _Token) -> bool:
    return len(token.text) == 4
