"""Public sets of claims on texts: each a text, a claim, and whether the text supports it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

from footnoted.corpus.errors import UnusableInput
from footnoted.qa.protocols import Pair
from footnoted.qa.training.examples import CALIBRATE, MEASURE, TRAIN

# Of ten groups, one is measured and one calibrates. The split never changes.
_PARTS = {0: MEASURE, 1: CALIBRATE}
_CONTRACT = re.compile(r"(cnli-.*)-nda-\d+")
# What turns around whatever stands before its verb; "Is it …?" says "It is …".
_INVERTED = re.compile(
    r"(?P<verb>Is|Are|Was|Were|Will|Can|Could|Has|Have|Had|Should) "
    r"(?P<subject>(?:it|there|he|she|they|this|these|(?:[Tt]he )?(?:[A-Z][\w’'-]+ ?)+))"
    r"(?<! )(?P<rest> [a-z].*\w)\s*\?"
)

_LOOSE = re.compile(r"\b(?:likely|possible|probable|plausible|chance|probably|would)\b")
"""What asks for more than a text says."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim on a text. Those of one ``group`` are about the same text, article or contract."""

    pair: Pair
    supported: bool
    source: str
    group: str

    @property
    def part(self) -> str:
        return part_of(self.group)


def part_of(group: str) -> str:
    return _PARTS.get(crc32(group.encode()) % 10, TRAIN)


def read(path: Path) -> Iterator[Judged]:
    """The claims of a file of JSON lines with ``context`` and either ``claim`` and ``label``, or
    ``question`` and ``yesno``; of questions, those that make a statement by turning two words.

    Raises:
        UnusableInput: there is no such file, or it is of another form.
    """
    try:
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                yield from _judged(json.loads(line), path.stem)
    except (OSError, ValueError, KeyError) as error:
        raise UnusableInput(f"{path} holds no claims: {error!r}") from None


def group_of(one: dict[str, Any]) -> str:
    """What a line is about: its contract, its article, or its text."""
    contract = _CONTRACT.fullmatch(one["id"])
    return contract[1] if contract else one.get("title") or one["context"]


def _judged(one: dict[str, Any], source: str) -> Iterator[Judged]:
    group = group_of(one)
    if "claim" in one:
        pair = Pair(one["context"].strip(), one["claim"].strip())
        yield Judged(pair, one["label"] == "supported", source, group)
    elif one.get("yesno") in ("yes", "no", "unknown") and (said := statement(one["question"])):
        yield Judged(Pair(one["context"].strip(), said), one["yesno"] == "yes", source, group)


def statement(question: str) -> str | None:
    """What a yes/no question asks whether it is so, where its subject plainly ends."""
    found = _INVERTED.fullmatch(question.strip())
    if found is None or _LOOSE.search(found["rest"]):
        return None
    subject, verb = found["subject"], found["verb"].lower()
    return f"{subject[0].upper()}{subject[1:]} {verb}{found['rest']}."
