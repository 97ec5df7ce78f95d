"""Which of the sentences beside one another is on what is asked: the next meeting, the profit."""

from __future__ import annotations

import re
from typing import NamedTuple

from footnoted.corpus.words import stem, stems
from footnoted.qa.english.dates import DATE
from footnoted.qa.english.lexicon import AUXILIARIES

_AUXILIARY = "|".join(re.escape(word) for word in sorted(AUXILIARIES, key=len, reverse=True))
_ORDER = {
    word: words
    for words in (frozenset({"next", "following"}), frozenset({"previous", "last", "preceding"}))
    for word in words
}
_IN_ORDER = re.compile(rf"\b(?P<order>{'|'.join(_ORDER)})\s+(?P<noun>[a-z][\w-]+)", re.I)
_ATTRIBUTE = re.compile(
    rf"^what\s+(?:{_AUXILIARY})\s+(?:the|its|their)\s+(?P<noun>[a-z][\w-]+)\s+(?=in|on|for|of|at)\b",
    re.I,
)
_FIGURE = re.compile(r"\d")
_GOES_ON = re.compile(r"(?:it|its|they|their|this|that|these|those|he|she|his|her)\b", re.I)


class ToldOf(NamedTuple):
    """A word that the sentence on what is asked says, by its stems; others beside it do not answer.

    - "When is the next meeting?": "The next one is in May", not "The meeting was in March".
    - "What was the profit in 2023?": "Profit was 4 million", not "Revenue in 2023 was 9 million".
    """

    says: frozenset[str]
    of: frozenset[str] = frozenset()
    """What else one of these sentences names, or calls "one"; empty where a figure tells it."""

    @classmethod
    def asked(cls, question: str) -> ToldOf | None:
        """What ``question`` has to be told of; None where it may be told of anything."""
        if found := _IN_ORDER.search(question):
            order = frozenset(map(stem, _ORDER[found["order"].lower()]))
            return cls(order, frozenset({stem(found["noun"]), "one"}))
        found = _ATTRIBUTE.match(question.strip())
        if found and DATE.search(question):
            return cls(frozenset({stem(found["noun"])}))
        return None

    def is_told(self, sentence: str) -> bool:
        """Whether ``sentence`` is surely on it."""
        said = stems(sentence)
        further = said & self.of if self.of else _FIGURE.search(sentence)
        return bool(said & self.says and further)

    def may_be_told(self, sentence: str) -> bool:
        """Whether ``sentence`` may be on it: it says so, or goes on with another."""
        return bool(stems(sentence) & self.says) or _GOES_ON.match(sentence) is not None
