"""The questions of an evaluation: what was expected, what was given, and what to think of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from footnoted.corpus.errors import UnusableInput
from footnoted.qa.evaluation.causes import cause
from footnoted.qa.evaluation.metrics import is_right, stated
from footnoted.qa.evaluation.report.quotations import Place, Quoted, characters, cut, quoted
from footnoted.qa.evaluation.text import holds
from footnoted.qa.evaluation.types import Question
from footnoted.qa.types import Written

RIGHT, DECLINED, WRONG, MISSED, UNJUDGED = "right", "declined", "wrong", "missed", "unjudged"
VERDICTS = {
    RIGHT: "Right",
    DECLINED: "Rightly declined",
    WRONG: "Wrongly answered",
    MISSED: "Wrongly declined",
    UNJUDGED: "Not judged",
}


class _Fact(NamedTuple):
    """A fact of the gold answer, and whether it was ``given``."""

    wordings: Sequence[str]
    given: bool


@dataclass(frozen=True)
class Case:
    """A question, what was expected, what was given, and what to think of it."""

    number: int
    gold: Question
    answer: Mapping[str, Any]
    scores: Mapping[str, float]
    cause: str | None
    before: Case | None

    @cached_property
    def verdict(self) -> str:
        right = is_right({"answer": self.answer, "scores": self.scores}) if self.answer else None
        if right is None:
            return UNJUDGED
        if self.answered:
            return RIGHT if right else WRONG
        return DECLINED if right else MISSED

    @property
    def verdict_in_words(self) -> str:
        return VERDICTS[self.verdict]

    @property
    def right(self) -> bool:
        return self.verdict in (RIGHT, DECLINED)

    @property
    def answered(self) -> bool:
        return bool(self.answer and self.answer["answered"])

    @property
    def confidence(self) -> float:
        return float(self.answer["confidence"])

    @property
    def seconds(self) -> float | None:
        taken = self.answer.get("seconds", {}).get("total")
        return None if taken is None else float(taken)

    @cached_property
    def change(self) -> str:
        """What became of the question since the baseline; empty where nothing did."""
        if self.before is None or UNJUDGED in (self.verdict, self.before.verdict):
            return ""
        if self.right != self.before.right:
            return "Now right" if self.right else "No longer right"
        changed = self.verdict != self.before.verdict or self.said != self.before.said
        return "Another answer" if changed else ""

    @cached_property
    def said(self) -> list[str]:
        """The short answers, and the statements where they say more and are not struck."""
        if not self.answer:
            return []
        return list(dict.fromkeys(map(str, stated(self.answer))))

    @cached_property
    def facts(self) -> list[_Fact]:
        return [
            _Fact(fact, any(holds(text, fact) for text in self.said)) for fact in self.gold.answers
        ]

    @cached_property
    def short_answers(self) -> list[Mapping[str, Any]]:
        statements = {item["text"] for item in self.answer["statements"]}
        return [item for item in self.answer["answers"] if item["text"] not in statements]

    @cached_property
    def statements(self) -> list[Mapping[str, Any]]:
        """Those that say more than the quotations, which are shown in any case."""
        quotes = {item["number"]: item["quote"] for item in self.answer["citations"]}
        return [
            item
            for item in self.answer["statements"]
            if item["support"] != "verbatim"
            or item["text"] not in [quotes[number] for number in item["citations"]]
        ]

    @cached_property
    def written(self) -> str:
        """What came of asking a language model to write; "" where none was asked."""
        told = self.answer.get("written") if self.answer else None
        return Written(**told).said if told else ""

    @cached_property
    def evidence(self) -> list[Place]:
        shown = "citations" if self.answered else "nearest"
        given = [quoted(item) for item in self.answer.get(shown, ())]
        return [
            Place(
                place.document,
                "",
                "" if place.start is None else characters(place.start, len(place.quote)),
                cut(Quoted(place.document, place.start, place.quote), given),
            )
            for place in self.gold.evidence
        ]

    @cached_property
    def citations(self) -> list[Place]:
        return [self._given(item) for item in self.answer["citations"]]

    @cached_property
    def nearest(self) -> list[Place]:
        return [self._given(item) for item in self.answer["nearest"]]

    def _given(self, citation: Mapping[str, Any]) -> Place:
        gold = [Quoted(place.document, place.start, place.quote) for place in self.gold.evidence]
        page = "" if citation.get("page") is None else f"p. {citation['page']}, "
        return Place(
            str(citation["document"]),
            str(citation["title"]),
            page + characters(citation["start"], len(citation["quote"])),
            cut(quoted(citation), gold),
            citation["number"],
        )


def read_cases(
    result: Mapping[str, Any], questions: Sequence[Question], baseline: Mapping[str, Any] | None
) -> list[Case]:
    gold = {question.id: question for question in questions}
    earlier = {item["id"]: item for item in baseline["questions"]} if baseline else {}
    cases = []
    for number, item in enumerate(result["questions"], 1):
        if item["id"] not in gold:
            raise UnusableInput(
                f"the result holds a question {item['id']!r} that the question set does not; "
                "give the question set that was evaluated"
            )
        question, old = gold[item["id"]], earlier.get(item["id"])
        before = _case(number, question, old, None) if old and _same(item, old) else None
        cases.append(_case(number, question, item, before))
    return cases


def _case(number: int, gold: Question, item: Mapping[str, Any], before: Case | None) -> Case:
    known = {name: value for name, value in item["scores"].items() if value is not None}
    answer = item.get("answer") or {}
    return Case(number, gold, answer, known, cause(item) if answer else None, before)


def _same(item: Mapping[str, Any], old: Mapping[str, Any]) -> bool:
    """Whether the two were asked the same; an id may have gone to another question since."""
    answer, before = item.get("answer") or {}, old.get("answer") or {}
    return bool(answer.get("question") == before.get("question"))
