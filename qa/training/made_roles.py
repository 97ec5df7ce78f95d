"""Claims of who does what to whom, told as they are, turned round, and with roles exchanged."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import resources

from footnoted.qa.protocols import Pair

_FILE = "made_roles.toml"
_KINDS = ("people", "organisations", "places")


@cache
def _lists() -> dict[str, tuple[str, ...]]:
    text = resources.files(__package__).joinpath(_FILE).read_text(encoding="utf-8")
    given = tomllib.loads(text)
    names = {kind: tuple(given[kind].strip().replace("\n", "|").split("|")) for kind in _KINDS}
    rest = {name: tuple(given[name].strip().split("\n")) for name in given if name not in _KINDS}
    return {**names, **rest, "when": tuple(given["when"].strip().replace("\n", "|").split("|"))}


def roles(before: str, after: str, chance: random.Random) -> Iterator[tuple[Pair, bool]]:
    """A sentence of two in their roles, between other sentences, and two or three claims on it."""
    lists = _lists()
    kind = chance.choice(_KINDS)
    among = lists[kind]
    relations = lists[f"{kind}_only"]
    if kind != "places":
        if chance.random() < 0.3:
            among = (*lists["people"], *lists["organisations"])
        relations = (*relations, *lists["anybody"]) if among is lists[kind] else lists["anybody"]
    one, two, third = chance.sample(among, 3)
    relation = chance.choice(relations)
    tail = "" if kind == "places" or chance.random() < 0.5 else f" {chance.choice(lists['when'])}"
    stated = _said(relation, one, two, chance)
    said = f"{stated}{tail}."
    if chance.random() < 0.3:  # of another, too
        said = f"{said} {_said(relation, third, one, chance)}."
    text = " ".join(part for part in (before, said, after) if part)
    less = tail if chance.random() < 0.6 else ""
    yield Pair(text, f"{_said(relation, one, two, chance)}{less}."), True
    wrong = _said(relation, two, one, chance)
    yield Pair(text, f"{wrong}{less}."), relation.startswith("=")
    if chance.random() < 0.3:
        yield Pair(text, f"{_said(relation, two, third, chance)}{less}."), False


def _said(relation: str, one: str, two: str, chance: random.Random) -> str:
    """That ``one`` does it to ``two``, in either wording."""
    if relation.startswith("="):
        wording = relation.removeprefix("= ")
        return (
            _sentence(wording, *chance.sample([one, two], 2))
            if chance.random() < 0.5
            else (_sentence(wording, one, two))
        )
    active, turned = relation.split("|")
    return _sentence(active, one, two) if chance.random() < 0.5 else _sentence(turned, two, one)


def _sentence(wording: str, subject: str, other: str) -> str:
    said = f"{subject} {wording.replace('{x}', other)}"
    said = said if "{x}" in wording else f"{said} {other}"
    return f"{said[0].upper()}{said[1:]}"
