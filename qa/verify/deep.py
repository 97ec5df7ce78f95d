"""The written sentences of a saved answer judged again, by a model too: what rules cannot tell."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from footnoted.corpus.types import Document, Span
from footnoted.qa.types import Answer, Statement
from footnoted.qa.verify.verification import UNPROVED, Problem, verify_citation
from footnoted.qa.writing.checking import Check
from footnoted.qa.writing.evidence import Place


def written(answer: Answer) -> dict[int, Statement]:
    """By their numbers, the statements that a language model wrote and that are shown as supported:
    what is judged again."""
    numbered = enumerate(answer.statements, start=1)
    return {number: one for number, one in numbered if one.support == "supported"}


def unsupported(
    answer: Answer, find: Callable[[str], Document | None], check: Check
) -> Iterator[Problem]:
    """Those of the ``written`` statements that ``check`` would strike now.

    Of one that cites nothing which stands where it says, ``verify`` tells enough.
    """
    for number, statement in written(answer).items():
        places = list(_places(answer, statement, find))
        if places and (why := check.why(statement.text, places)):
            yield Problem(f"statement {number}", (UNPROVED,), why)


def _places(
    answer: Answer, statement: Statement, find: Callable[[str], Document | None]
) -> Iterator[Place]:
    """What a statement cites, as far as it stands where it says."""
    for one in answer.citations:
        document = find(one.document) if one.number in statement.citations else None
        if document and verify_citation("", one, document) is None:
            yield Place(document, Span(one.start, one.end))
