"""What people said of answers, as a question set: checking becomes evaluation."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

from footnoted.qa.conversations.types import Turn
from footnoted.qa.types import Answer


def question_set(conversation: str, turns: Sequence[Turn]) -> Iterator[dict[str, Any]]:
    """A line of a question set for each question of which the right answer is known.

    That is one that was answered rightly, one that the documents do not answer, and one of which
    somebody has shown the words that do.
    """
    earlier: list[str] = []
    for number, turn in enumerate(turns, 1):
        if turn.answer and (expected := _expected(turn, turn.answer)) is not None:
            asked = {"id": f"{conversation}-{number}", "question": turn.question}
            yield {**asked, "history": list(earlier), "kind": "judged", **expected}
        if turn.answer:
            earlier.append(turn.question)


def as_jsonl(lines: Iterable[dict[str, Any]]) -> str:
    return "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines)


def _expected(turn: Turn, answer: Answer) -> dict[str, Any] | None:
    if turn.place:
        return {"answers": [[turn.place.quote]], "evidence": [asdict(turn.place)]}
    if turn.verdict == "unanswerable" or (turn.verdict == "right" and not answer.answered):
        return {"answers": []}
    if turn.verdict != "right":
        return None
    said = [short.text for short in answer.answers] or [one.text for one in answer.main]
    evidence = [
        {"document": one.document, "start": one.start, "quote": one.quote}
        for one in answer.citations
    ]
    return {"answers": [[text] for text in dict.fromkeys(said)], "evidence": evidence}
