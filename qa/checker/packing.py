"""Many answers to be checked, in few rows of tokens: what they share is computed once.

A row holds a text, after it the questions on it, and after each of these its answers. A token sees
what it continues: an answer its question and the text, not the answers and questions beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tokenizers import Tokenizer

from footnoted.index.networks.compiled import STEP, Ids, padded
from footnoted.index.networks.tokens import shortened
from footnoted.qa.protocols import Claim

INPUTS = "ids", "positions", "until"

_MOST_OF_TEXT, _MOST_OF_QUESTION, _MOST_OF_ANSWER = 300, 80, 80


class Prompts:
    """Texts, questions and answers as tokens, of which each continues those before it.

    After the last, the network says yes or no.
    """

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer

    def text(self, text: str) -> list[int]:
        return self._tokens(f"Text: {self._part(text, _MOST_OF_TEXT)}\n")

    def question(self, question: str) -> list[int]:
        return self._tokens(f"Question: {self._part(question, _MOST_OF_QUESTION)}\n")

    def answer(self, answer: str) -> list[int]:
        said = self._part(answer, _MOST_OF_ANSWER)
        return self._tokens(f"Answer: {said}\nDoes the text say so?")

    def _tokens(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer.encode(text).ids
        return ids

    def _part(self, text: str, most: int) -> str:
        return shortened(text, most, self._tokenizer).strip()


@dataclass(frozen=True, slots=True)
class Pack:
    """A row. Each token is seen by those after it ``until`` a place; ``ends`` are the last tokens
    of the claims, which are known by their numbers. The first ``of_text`` tokens can be computed
    apart: all of the text but the last few."""

    ids: list[int]
    positions: list[int]
    until: list[int]
    ends: dict[int, int]
    of_text: int = 0

    def __len__(self) -> int:
        return len(self.ids)


class _Asked(NamedTuple):
    question: list[int]
    answers: dict[int, list[int]]

    @property
    def length(self) -> int:
        return len(self.question) + sum(map(len, self.answers.values()))


def packs(claims: Sequence[Claim], prompts: Prompts, most_tokens: int) -> Iterator[Pack]:
    """The claims by their texts; a row is longer than ``most_tokens`` only for one question."""
    for text, of_text in _grouped(range(len(claims)), lambda at: claims[at].text):
        first, row = prompts.text(text), list[_Asked]()
        for question, of_question in _grouped(of_text, lambda at: claims[at].question):
            answers = {at: prompts.answer(claims[at].answer) for at in of_question}
            asked = _Asked(prompts.question(question), answers)
            if row and len(first) + sum(one.length for one in (*row, asked)) > most_tokens:
                yield _packed(first, row)
                row = []
            row.append(asked)
        yield _packed(first, row)


def _grouped(numbers: Iterable[int], key: Callable[[int], str]) -> Iterator[tuple[str, list[int]]]:
    groups: dict[str, list[int]] = {}
    for number in numbers:
        groups.setdefault(key(number), []).append(number)
    yield from groups.items()


def _packed(text: list[int], row: Sequence[_Asked]) -> Pack:
    pack = Pack([], [], [], {}, len(text) // STEP * STEP)

    def add(tokens: list[int], position: int, seen_by: int) -> None:
        end = len(pack) + len(tokens)
        pack.ids.extend(tokens)
        pack.positions.extend(range(position, position + len(tokens)))
        pack.until.extend([end + seen_by] * len(tokens))

    add(text, 0, sum(asked.length for asked in row))
    for asked in row:
        add(asked.question, len(text), asked.length - len(asked.question))
        for number, answer in asked.answers.items():
            add(answer, len(text) + len(asked.question), 0)
            pack.ends[number] = len(pack) - 1
    return pack


def inputs(some: Sequence[Pack], multiple_of: int = 1) -> dict[str, Ids]:
    """What the network takes, by ``INPUTS``, each of shape (packs, tokens); see ``padded``."""
    columns = zip(*((one.ids, one.positions, one.until) for one in some), strict=True)
    return {
        name: padded(rows, 0, multiple_of)[0] for name, rows in zip(INPUTS, columns, strict=True)
    }


def in_parts(pack: Pack) -> tuple[dict[str, Ids], dict[str, Ids]]:
    """What the network takes of a pack's text, and of what follows on it: see ``inputs``.

    What follows is seen from its own beginning, and filled up with what nothing sees; all of it
    sees the text.
    """
    text, cut = slice(pack.of_text), slice(pack.of_text, None)
    until = [end - pack.of_text for end in pack.until]
    first = Pack(pack.ids[text], pack.positions[text], [pack.of_text] * pack.of_text, {})
    after = Pack(pack.ids[cut], pack.positions[cut], until[cut], {})
    return inputs([first]), inputs([after], STEP)


def places(some: Sequence[Pack]) -> tuple[list[int], list[int], list[int]]:
    """The claims' numbers, their rows, and the last token of each in its row."""
    found = [(at, row, end) for row, one in enumerate(some) for at, end in one.ends.items()]
    numbers, rows, ends = map(list, zip(*found, strict=True))
    return numbers, rows, ends
