"""Texts made by a grammar, which is a TOML file.

One alternative a line, ``[this|that]`` within it, ``{slot}`` for what is drawn or known.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

_CHOICE, _SLOT = re.compile(r"\[([^\[\]]*)\]"), re.compile(r"\{([^{}]+)\}")
_FIRST_LETTER = re.compile(r"(?:^|(?<=[.!?:] )|(?<=[.!?]” )|(?<=\n))“?[a-z]")
_SENTENCE_END = re.compile(r"(?<=[.!?”]) (?=[A-Z0-9“£€$])|\n")
_LONGEST_NUMBERING = 4
_NEEDLESS_COMMA = re.compile(",(?=[.,:;?])")
_NEEDLESS_SPACE = re.compile(r"(?<=[ (]) +| +(?=[.,:;?)]|$)")


class Scene:
    """What is drawn for one text: no two names, numbers or times of it can be confused."""

    def __init__(self, file: str, chance: random.Random) -> None:
        self.file, self.grammar, self.chance = file, _grammar(file), chance
        self.drawn: dict[str, list[str]] = {kind: [] for kind in self.grammar["distinct"]}

    def lines(self, where: str) -> tuple[str, ...]:
        """The alternatives of a list, by the path to it."""
        return _lines(self.file, where)

    def one_of(self, where: str) -> str:
        """An alternative of a list of the grammar, its choices made and its slots open."""
        template = self.chance.choice(self.lines(where))
        while choice := _CHOICE.search(template):
            chosen = self.chance.choice(choice[1].split("|"))
            template = template[: choice.start()] + chosen + template[choice.end() :]
        return _NEEDLESS_SPACE.sub("", template)

    def fill(self, template: str, known: Mapping[str, str]) -> str:
        """With what is known in its slots; what is not is drawn."""
        filled = _SLOT.sub(lambda slot: known.get(slot[1]) or self.draw(slot[1]), template)
        return _NEEDLESS_COMMA.sub("", filled)

    def say(self, where: str, known: Mapping[str, str]) -> str:
        """An alternative, filled."""
        return self.fill(self.one_of(where), known)

    def draw(self, kind: str) -> str:
        """Another value of a kind; "when_soon" is one of "when" that fits what is to come."""
        there = self.values(kind)
        for _ in range(100):
            value = self.say(f"words.{kind}", {})
            if not any(value in other or other in value for other in there):
                break
        there.append(value)
        return value

    def values(self, kind: str) -> list[str]:
        """What was drawn of a kind, if two of its values could be confused."""
        return self.drawn.get(kind.partition("_")[0], [])

    def text(self, parts: Sequence[str]) -> str:
        """The parts in their order, with sentences on other matters and perhaps a heading."""
        told = list(parts)
        for _ in range(self.chance.choice((0, 0, 1, 1, 2))):
            told.insert(self.chance.randint(0, len(told)), self.say("words.aside", {}))
        lead = self.say("words.lead", {}).replace(" ~", "\n")
        joined = " ".join([lead, *told]).strip(" ").replace("\n ", "\n")
        return _FIRST_LETTER.sub(lambda first: first[0].upper(), joined)


def slots(template: str) -> list[str]:
    """The names of its slots."""
    return _SLOT.findall(template)


def holds_words(text: str, value: str) -> bool:
    """Whether the words stand in the text, in letters of any case."""
    return _place(text, value) is not None


def exact(text: str, value: str) -> str:
    """The words as the text writes them: a sentence may begin with them."""
    found = _place(text, value)
    return found[0] if found else value


def _place(text: str, value: str) -> re.Match[str] | None:
    """Where the words stand, whole: no 29 in £296,000."""
    pattern = rf"(?<![\w£€$])(?<!\d[.,]){re.escape(value)}(?!\w|[.,]\d)"
    return re.search(pattern, text, re.IGNORECASE)


def sentences(text: str) -> list[str]:
    """The sentences of a made text; a heading is one."""
    return [one for one in _SENTENCE_END.split(text) if len(one) > _LONGEST_NUMBERING]


def sentences_with(text: str, values: Iterable[str]) -> list[str]:
    """Of each value that the text holds, the first sentence that does."""
    found = sentences(text)
    return [
        next(one for one in found if holds_words(one, value))
        for value in values
        if any(value and holds_words(one, value) for one in found)
    ]


@cache
def _grammar(name: str) -> dict[str, Any]:
    file = resources.files("footnoted.qa.training") / name
    return tomllib.loads(file.read_text(encoding="utf-8"))


@cache
def _lines(file: str, where: str) -> tuple[str, ...]:
    found: Any = _grammar(file)
    for key in where.split("."):
        found = found[key]
    return tuple(
        one.strip(" ") for line in found.strip("\n").split("\n") for one in line.split(" / ")
    )
