"""The passages with a sentence on just what is asked: others in them do not answer it."""

from __future__ import annotations

from collections.abc import Sequence

from footnoted.index.types import Hit
from footnoted.qa.english.question import AskedFor
from footnoted.qa.reader.candidates import Candidate


class Told:
    """Passages, as far as one of their sentences says the word that a question has to be told of;
    see ``qa.english.told_of``."""

    def __init__(self, asked: AskedFor, hits: Sequence[Hit]) -> None:
        self._told_of = asked.told_of
        self._passages = {_place(hit) for hit in hits if self._is_told(hit)}

    def is_beside(self, found: Candidate) -> bool:
        """Whether a candidate stands beside such a sentence, and not in it."""
        if self._told_of is None or _place(found.hit) not in self._passages:
            return False
        return not self._told_of.may_be_told(found.sentence_text)

    def _is_told(self, hit: Hit) -> bool:
        told_of, text = self._told_of, hit.document.text
        return told_of is not None and any(
            told_of.is_told(text[start:end]) for start, end in hit.passage.sentences
        )


def _place(hit: Hit) -> tuple[str, int]:
    return hit.document.id, hit.passage.start
