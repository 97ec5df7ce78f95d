"""What a language model says of a question before it is answered. The rules are asked beside it,
and it decides nothing: it may put a follow-up question in other words, take a question apart, and
doubt an answer."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from contextlib import closing
from functools import lru_cache

from footnoted.corpus.errors import NotWritten
from footnoted.corpus.words import content_stems
from footnoted.qa.protocols import Generator, Message
from footnoted.qa.writing.prompt import asked_alone, asked_apart, asked_whether

log = logging.getLogger(__name__)

_REMEMBERED = 512
_MOST_LINES = 4
_MOST_WRITTEN = 800  # characters
_LONGEST_ADDED = 350
_BEFORE_THE_QUESTION = re.compile(
    r"^\s*(?:[-*•]|\(?\d{1,2}[.):]|(?:stand[- ]?alone )?(?:question|answer)(?: \d{1,2})?:)?"
    r"\s*[\"“'‘*]*",
    re.I,
)
_BEHIND_IT = re.compile(r"(?<=\?)[\"”'’*\s]+$")
_SEVERAL = re.compile(r"\b(?:and|also|plus|besides|as well as)\b|[,;?]\s*\w", re.I)
_REQUESTING = content_stems(
    "please tell give show list name find explain I'd like want need to know"
)
_NO = re.compile(r"^\W*no\b", re.I)


class ModelAdvice:
    """See ``qa.protocols.Advice``. Where the model gives nothing, nothing is proposed or doubted.

    ``doubts``: whether it is asked for doubts at all.
    """

    def __init__(self, generator: Generator, *, doubts: bool = False) -> None:
        self._generator = generator
        self._doubts = doubts
        self._lines = lru_cache(_REMEMBERED)(self._written)

    def meaning(self, question: str, history: Sequence[str]) -> str:
        (first, *_) = (*self._asked(asked_alone(question, history)), "")
        is_short = len(first) <= len(question) + _LONGEST_ADDED
        is_of_theirs = content_stems(first) <= content_stems(" ".join((question, *history)))
        return first if first.endswith("?") and is_short and is_of_theirs else ""

    def parts(self, question: str) -> tuple[str, ...]:
        if not _SEVERAL.search(question):
            return ()
        lines = self._asked(asked_apart(question))
        found = tuple(dict.fromkeys(line for line in lines if line.endswith("?")))
        said = content_stems(question)
        of_each = [content_stems(one) for one in found]
        left = said.difference(*of_each)
        is_whole = len(found) > 1 and left <= _REQUESTING
        return found if is_whole and all(one < said for one in of_each) else ()

    def denies(self, question: str, answer: str, passage: str) -> bool:
        if not self._doubts:
            return False
        said = self._asked(asked_whether(question, answer, passage))
        return bool(said and _NO.match(said[0]))

    def _asked(self, messages: Sequence[Message]) -> tuple[str, ...]:
        try:
            return self._lines(tuple(messages))
        except NotWritten as failure:  # which the writer meets, too, and tells
            log.info("%s", failure)
            return ()

    def _written(self, messages: tuple[Message, ...]) -> tuple[str, ...]:
        """The first lines that it writes, each without what it was numbered or quoted with."""
        text = ""
        with closing(self._generator.generate(messages)) as pieces:
            for piece in pieces:
                text += piece
                if len(text) > _MOST_WRITTEN or len(_lines(text)) > _MOST_LINES:
                    break
        return tuple(_lines(text)[:_MOST_LINES])


def _lines(text: str) -> list[str]:
    return [line for one in text.splitlines() if (line := _bare(one))]


def _bare(line: str) -> str:
    return _BEHIND_IT.sub("", _BEFORE_THE_QUESTION.sub("", line)).strip()
