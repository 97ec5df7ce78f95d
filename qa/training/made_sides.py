"""Texts in which people are for or against something, and who it is, made by a grammar.

All is invented, so what is right is known: the grammar (``made_sides.toml``) marks each speaker
with a side where it names them. Both sides of a text are asked for, so that neither the question,
nor the answer, nor the text tells alone.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Iterator, Sequence
from importlib.resources import files
from typing import Any, NamedTuple

from footnoted.qa.protocols import Claim
from footnoted.qa.training.claims import Judged

_GRAMMAR: dict[str, Any] = tomllib.loads(
    files(__package__).joinpath("made_sides.toml").read_text(encoding="utf-8")
)
_RULES = {name: wordings.splitlines() for name, wordings in _GRAMMAR["rules"].items()}
_ROOTS: dict[str, tuple[int, str]] = _GRAMMAR["roots"]
_SLOT = re.compile(r"\{(\w+)(\*?)\}|\(([^()|]*)\|([^()|]*)\)")
_START = re.compile(r"(?:^|[.?!] |[.?!:] “|^“)\w")
_LETTERS = 80, 700
_SIDES = {"F": (0, "for"), "A": (0, "against"), "G": (1, "for"), "B": (1, "against")}
_UNSURE = {("M", "for"), ("L", "against")}
"""Those of whom a text leaves open whether they are on the side."""
_SEVERAL = (2, 2, 3, 3, 4)
_HEADED, _INTRODUCED, _SENTENCES, _WHETHER = 0.08, 0.4, 0.12, 0.15
_LEFT_OUT = 0.5
"""Of the kinds asked for where nobody is on the side, so that right and wrong are balanced."""


class _Topic(NamedTuple):
    names: list[str]
    kinds: list[str]
    todo: str
    place: str
    effects: dict[str, list[str]]


class _Actor(NamedTuple):
    """Somebody as a text names them; ``answers`` are the wordings that name them in it."""

    named: str
    answers: list[str]
    kind: str
    pronoun: str
    person: str = ""
    is_many: bool = False
    speaks_for_many: bool = False


class _Said(NamedTuple):
    actor: _Actor
    letter: str
    act: str
    part: int


def judged(count: int, chance: random.Random) -> Iterator[Judged]:
    """Right and wrong answers to questions on ``count`` texts."""
    for _ in range(count):
        made = _Text(chance)
        while not (made.said and _LETTERS[0] <= len(made.text) <= _LETTERS[1]):
            made = _Text(chance)
        for _ in range(chance.choice((1, 2, 2))):
            yield from _asked(made, chance)


class _Text:
    """A text of a few ``parts``, each of a sentence or two, and who is named in them."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self.topics = _two_topics(chance)
        self.said: list[_Said] = []
        self.names_other = self._is_known = False
        self._here: list[_Actor] = []
        self._act = "none"
        self.parts: list[str] = []
        plan = self._plan()
        for root in plan:
            self._add(root, must_name="other" in plan and root not in ("aside", "other"))
        if not self._is_known:
            self._add("introduction", must_name=True)
        marks = str.maketrans("“”", chance.choice(("“”", "“”", '""', "‘’")))
        self.parts = [part.translate(marks) for part in self.parts]
        after_first = "\n" if plan[0] == "headline" else " "
        self.text = after_first.join([self.parts[0], " ".join(self.parts[1:])]).strip()
        self.said = [one._replace(actor=_as_written(one.actor, self.text)) for one in self.said]

    def _plan(self) -> list[str]:
        weights = [weight for weight, _ in _ROOTS.values()]
        plan = self._chance.choices(list(_ROOTS), weights, k=self._chance.choice((1, 2, 2, 3, 3)))
        for one in self._chance.choices(["background", "aside"], k=self._chance.choice((0, 1, 2))):
            plan.insert(self._chance.randint(0, len(plan)), one)
        if self._chance.random() < _INTRODUCED:
            plan.insert(0, "introduction")
        return ["headline", *plan] if self._chance.random() < _HEADED else plan

    def _add(self, root: str, must_name: bool) -> None:
        """A part. Where two topics are told of, it says of which (``must_name``)."""
        self._act = _ROOTS[root][1] if root in _ROOTS else "none"
        before = len(self.said)
        while True:
            self._here, self._is_named = [], False
            made = self._expanded(self._chance.choice(_RULES[root]))
            if self._is_named or not must_name:
                break
            del self.said[before:]
        made = re.sub(r",(?= ?[,.;:!?)]| –|$)", "", made)
        self.parts.append(_START.sub(lambda start: _upper_last(start[0]), made))

    def _expanded(self, wording: str) -> str:
        return _SLOT.sub(self._filled, wording)

    def _filled(self, slot: re.Match[str]) -> str:
        name, several, one, many = slot.groups()
        if name is None:
            return str(many if self._here[-1].is_many else one)
        if name in _RULES:
            return self._expanded(self._chance.choice(_RULES[name]))
        if name in ("T", "t", "H", "O"):
            return self._topic(name)
        if name in ("harm", "gain"):
            return self._chance.choice(self.topics[0].effects[name])
        if name in ("k", "todo"):
            return self._chance.choice(self.topics[0].kinds) if name == "k" else self.topics[0].todo
        if name.lower() in ("he", "he1", "his", "which"):
            return self._pronoun(name)
        return self._several(name) if several else self._named(name)

    def _topic(self, name: str) -> str:
        topic, other = self.topics
        if name == "O":
            self.names_other = True
            return other.names[0]
        wordings = topic.names[:1]
        if self._is_known and name != "H":
            kinds = [f"the {kind}" for kind in topic.kinds if kind not in other.kinds]
            wordings = kinds if kinds and name == "t" else [*topic.names, topic.names[0], *kinds]
        self._is_known = self._is_named = True
        said = self._chance.choice(wordings)
        return said.removeprefix("the ") if name == "H" else said

    def _pronoun(self, name: str) -> str:
        actor = self._here[0 if name.endswith("1") else -1]
        if name == "which":
            return "who" if actor.pronoun in ("he", "she") or actor.is_many else "which"
        if name == "his":
            alone = {"he": "his", "she": "her"}.get(actor.pronoun, "its")
            return "their" if actor.is_many else alone
        said = "they" if actor.is_many else actor.pronoun
        return said[0].upper() + said[1:] if name[0] == "H" else said

    def _named(self, name: str) -> str:
        taken = {answer for one in self.said for answer in one.actor.answers}
        while True:
            actor = _actor(self._chance, self.topics[0].place)
            if taken.isdisjoint(actor.answers) and not (name.endswith("1") and actor.is_many):
                break
        self._here.append(actor)
        self.said.append(_Said(actor, name[0], self._act, len(self.parts)))
        return actor.named

    def _several(self, letter: str) -> str:
        first = len(self.said)
        named = [self._named(letter).rstrip(",") for _ in range(self._chance.choice(_SEVERAL))]
        if any("," in one for one in named):
            named = [one.actor.answers[-2:][0] for one in self.said[first:]]
        together = f"{', '.join(named[:-1])} and {named[-1]}"
        self._here.append(_Actor(together, [together], "several", "they", is_many=True))
        self.said.append(_Said(self._here[-1], letter, self._act, len(self.parts)))
        return together


def _as_written(actor: _Actor, text: str) -> _Actor:
    """With the answers as they stand in the text, where an article is capital or missing."""
    ways = [(one, _upper(one), one.removeprefix("the ")) for one in actor.answers]
    return actor._replace(
        answers=[next(one for one in way if one in text) for way in ways if _any_in(way, text)]
    )


def _any_in(wordings: Sequence[str], text: str) -> bool:
    return any(one in text for one in wordings)


def _upper(wording: str) -> str:
    return wording[0].upper() + wording[1:]


def _upper_last(start: str) -> str:
    return start[:-1] + start[-1].upper()


def _made(chance: random.Random, wording: str, **given: str) -> str:
    """``wording`` with its names filled in."""

    def filled(slot: re.Match[str]) -> str:
        return given.get(slot[1]) or _made(chance, chance.choice(_RULES[slot[1]]), **given)

    return re.sub(r"\{(\w+)\}", filled, wording).replace("s's ", "s' ")


def _two_topics(chance: random.Random) -> tuple[_Topic, _Topic]:
    """The topic, and another, which at times differs by its place alone."""
    first, *_ = specs = chance.sample(_GRAMMAR["topic"], 2)
    topic = _topic_of(first, chance)
    other = _topic_of(chance.choice(specs), chance)
    return (topic, other) if set(topic.names).isdisjoint(other.names) else _two_topics(chance)


def _topic_of(spec: dict[str, Any], chance: random.Random) -> _Topic:
    place, cause = _made(chance, "{place}"), _made(chance, "{cause}")
    firm, firm2 = chance.sample(_RULES["firm"], 2)
    given = {"P": place, "cause": cause, "lcause": cause.lower(), "firm": firm, "firm2": firm2}
    given["num"] = str(chance.randint(2, 400))
    names = [_made(chance, name, **given) for name in spec["names"]]
    todo = _made(chance, spec["todo"], **given)
    effects = _GRAMMAR["effects"][spec["effects"]]
    return _Topic(chance.sample(names, len(names)), spec["kind"], todo, place, effects)


def _actor(chance: random.Random, place: str) -> _Actor:
    specs = _GRAMMAR["actor"]
    (spec,) = chance.choices(specs, [one["weight"] for one in specs])
    pronoun = chance.choice(("he", "she"))
    first = chance.choice(_RULES["man" if pronoun == "he" else "woman"])
    person = f"{first} {chance.choice(_RULES['surname'])}"
    if "forms" in spec:
        named = _made(chance, chance.choice(spec["forms"]), person=person, P=place)
        answers = [person, named.rstrip(",")]
        return _Actor(named, answers, spec["kind"], pronoun, person)
    group = _made(chance, chance.choice(spec["names"]), P=place)
    answers, is_many = [group], spec.get("many", False)
    if "titles" not in spec or chance.random() < 0.55:
        pronoun = chance.choice(("it", spec["next"]))
        return _Actor(group, answers, spec["kind"], pronoun, is_many=is_many)
    title, bare = chance.choice(spec["titles"]), group.removeprefix("the ")
    wordings = _RULES["speaker"]
    named = _made(
        chance, chance.choice(wordings), person=person, title=title, group=group, bare=bare
    )
    answers = [person, group, named.rstrip(",")]
    return _Actor(named, answers, spec["kind"], pronoun, person, speaks_for_many=is_many)


def _asked(made: _Text, chance: random.Random) -> Iterator[Judged]:
    about = int(chance.random() < (0.4 if made.names_other else 0.1))
    if chance.random() < _WHETHER:
        yield from _whether(made, about, chance)
        return
    side = chance.choice(("for", "against"))
    act = chance.choice(["any", *{one.act for one in made.said} & {"word", "vote"}])
    wording = chance.choice(_GRAMMAR["questions"][side][act].splitlines())
    verdicts = [(one, _is_on(one, about, side, act)) for one in made.said]
    kind = _kind(verdicts, chance) if "{kind" in wording else ""
    is_refused = not any(right for _, right in verdicts) and chance.random() < _LEFT_OUT
    if "{kind" in wording and (not kind or is_refused):
        return
    question = _worded(wording, _wording(made, about, chance), kind)
    if kind:
        verdicts = [(one, _is_of(one, right, kind)) for one, right in verdicts]
    elif chance.random() < _SENTENCES:
        yield from _parts(made, question, verdicts, chance)
        return
    right = [answer for one, is_right in verdicts if is_right for answer in _answers(one, kind)]
    wrong = [
        answer for one, is_right in verdicts if is_right is False for answer in _answers(one, kind)
    ]
    for answers, is_right, most in (
        (right, True, 3),
        (wrong, False, chance.choice((1, 2, 2)) if right else 1),
    ):
        for answer in chance.sample(answers, min(most, len(answers))):
            yield Judged(Claim(made.text, question, answer), is_right)


def _is_on(one: _Said, about: int, side: str, act: str) -> bool | None:
    """Whether somebody is on the side, by such an act; None where the text leaves it open."""
    if _SIDES.get(one.letter) == (about, side):
        return True if act in ("any", one.act) else None
    return None if not about and (one.letter, side) in _UNSURE else False


def _kind(verdicts: Sequence[tuple[_Said, bool | None]], chance: random.Random) -> str:
    """The kind of somebody in the text that can be asked for."""
    right = [one for one, is_right in verdicts if is_right] if chance.random() < 0.75 else []
    kinds = [one.actor.kind for one in right or [one for one, _ in verdicts]]
    kind = chance.choice(kinds)
    if kind in _GRAMMAR["organisations"] and chance.random() < 0.4:
        return "organisation"
    return "" if kind == "several" else kind


def _is_of(one: _Said, is_right: bool | None, kind: str) -> bool | None:
    actor, distinct = one.actor, _GRAMMAR["distinct"]
    if not is_right or actor.kind == kind:
        return is_right
    if kind == "organisation" and actor.kind in _GRAMMAR["organisations"]:
        return True
    is_another = kind in distinct and actor.kind in distinct and not actor.person
    return False if is_another else None


def _answers(one: _Said, kind: str) -> Sequence[str]:
    """A person speaks for an organisation, but is none."""
    actor = one.actor
    return actor.answers[1:] if kind and actor.person and len(actor.answers) > 2 else actor.answers


def _wording(made: _Text, about: int, chance: random.Random) -> str:
    topic = made.topics[about]
    kinds = [] if made.names_other or about else [f"the {kind}" for kind in topic.kinds]
    plans = [f"the {one} to {topic.todo}" for one in ("plan", "proposal")]
    return chance.choice([*topic.names, *topic.names, *plans, *kinds[:1]])


def _worded(wording: str, topic: str, kind: str = "", who: str = "") -> str:
    kinds = kind[:-1] + "ies" if kind.endswith("y") else kind + "s"
    plurals = {one["kind"]: one["kinds"] for one in _GRAMMAR["actor"]}
    made = wording.format(Q=topic, kind=kind, kinds=plurals.get(kind, kinds), who=who)
    return made if made.startswith("who ") else made[0].upper() + made[1:]


def _parts(
    made: _Text,
    question: str,
    verdicts: Sequence[tuple[_Said, bool | None]],
    chance: random.Random,
) -> Iterator[Judged]:
    """Whole sentences as answers."""
    found = {True: list[str](), False: list[str]()}
    for at, part in enumerate(made.parts):
        here = [is_right for one, is_right in verdicts if one.part == at]
        if here and (any(here) or None not in here):
            found[any(here)].append(part)
    for is_right, parts in found.items():
        if parts and (is_right or chance.random() < 0.6):
            part = chance.choice(parts)
            yield Judged(Claim(made.text, question, part), is_right)


def _whether(made: _Text, about: int, chance: random.Random) -> Iterator[Judged]:
    """Whether somebody of the text is on a side, which it may not say."""
    one = chance.choice(made.said)
    if one.actor.is_many or one.actor.speaks_for_many or one.letter in "ML":
        return
    side = chance.choice(("for", "against"))
    wording = chance.choice(_GRAMMAR["questions"]["whether"][side].splitlines())
    who = chance.choice(one.actor.answers[: 2 if len(one.actor.answers) > 2 else 1])
    who = re.sub(r"^The ", "the ", who)
    question = _worded(wording, _wording(made, about, chance), who=who)
    of_topic, taken = _SIDES.get(one.letter, (None, ""))
    if of_topic == about:
        yes, no = ("Yes", "No") if taken == side else ("No", "Yes")
        yield Judged(Claim(made.text, question, yes), True)
        yield Judged(Claim(made.text, question, no), False)
        yield Judged(Claim(made.text, question, made.parts[one.part]), True)
    others = [part for at, part in enumerate(made.parts) if at != one.part]
    if others and chance.random() < 0.5:
        yield Judged(Claim(made.text, question, chance.choice(others)), False)
