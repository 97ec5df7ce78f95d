"""Made texts with questions that they nearly answer: of another role, relation, reason or time.

Each text is of news, minutes, releases or papers, made by the grammar of ``made_facts.toml``: one
alternative a line, ``[this|that]`` within it, ``{slot}`` for what is drawn. What is true of it is
known, since a sentence says which slots it states and a question which it asks for.
"""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Iterator

from footnoted.qa.protocols import Claim
from footnoted.qa.training.claims import Judged
from footnoted.qa.training.grammar import (
    Scene,
    exact,
    holds_words,
    sentences,
    sentences_with,
    slots,
)

_FILE = "made_facts.toml"
_MAKERS = {"facts": 0.52, "reasons": 0.22, "voices": 0.14, "decisions": 0.12}
"""How often a text is of each kind."""
_WHOLE_SENTENCE, _WITH_UNIT, _WITHOUT_PREPOSITION, _SHORT_NAME = 0.15, 0.3, 0.6, 0.5
_MOST_ASKED = 3
_REASONS = "clause", "noun", "aim"
_UNQUOTED = "Yes", "No"

_Answers = list[tuple[str, str]]
"""Questions, each with an answer."""


def judged(count: int, chance: random.Random) -> Iterator[Judged]:
    """Of each of ``count`` texts as many right answers as wrong ones, a few, in any order."""
    for kind in chance.choices(list(_MAKERS), list(_MAKERS.values()), k=count):
        text, right, wrong = _MADE[kind](Scene(_FILE, chance))
        right = _as_written(text, right)
        wrong = [one for one in _as_written(text, wrong) if one not in right]
        size = min(len(right), len(wrong), _MOST_ASKED)
        found = [Judged(Claim(text, *one), True) for one in chance.sample(right, size)]
        found += [Judged(Claim(text, *one), False) for one in chance.sample(wrong, size)]
        chance.shuffle(found)
        yield from found


def _facts(scene: Scene) -> tuple[str, _Answers, _Answers]:
    """Two things of a kind, and of each some of what can be told of it."""
    name = scene.chance.choice(list(scene.grammar["topics"]))
    where, kinds = f"topics.{name}", scene.grammar["topics"][name]["kinds"]
    shared = {slot: scene.draw(slot.strip("2")) for slot in ("role", "role2", "year", "year2")}
    subjects = [scene.say(f"{where}.subjects", {}).split(" ~ ") for _ in range(2)]
    known = [
        {**shared, "X": full} | {slot: scene.draw(kind) for slot, kind in kinds.items()}
        for full, _ in subjects
    ]
    stated = set[tuple[int, str]]()
    parts, named = list[str](), set[int]()
    for at in scene.chance.choices((0, 0, 1), k=scene.chance.choice((2, 3, 3, 4, 4, 5))):
        template = scene.one_of(f"{where}.says")
        facts = [slot for slot in slots(template) if slot in kinds]
        if any((at, slot) in stated for slot in facts):
            continue
        full, short = subjects[at]
        brief = at in named and short != subjects[1 - at][1] and scene.chance.random() < _SHORT_NAME
        parts.append(scene.fill(template, known[at] | {"X": short if brief else full}))
        named.add(at)
        stated |= {(at, slot) for slot in facts}
    text, right, wrong, unsaid = scene.text(parts), _Answers(), _Answers(), _Answers()
    for at, slot in itertools.product(sorted(named), scene.grammar["topics"][name]["asks"]):
        question, value = scene.say(f"{where}.asks.{slot}", known[at]), known[at][slot]
        said = [value] if (at, slot) in stated else []
        others = [one for one in scene.values(kinds[slot]) if one != value]
        others = [one for one in others if holds_words(text, one)]
        others = scene.chance.sample(others, min(1, len(others)))
        if scene.chance.random() < _WHOLE_SENTENCE:
            answers = sentences_with(text, said), sentences_with(text, others)
        else:
            answers = _parts(text, said, scene), _parts(text, others, scene)
        right += [(question, one) for one in answers[0]]
        (wrong if said else unsaid).extend((question, one) for one in answers[1])
    return text, right, wrong + scene.chance.sample(unsaid, min(2, len(unsaid)))


def _deed(scene: Scene) -> dict[str, str]:
    """Somebody, what they do to what, in all forms, and why they might."""
    domain = scene.chance.choice(list(scene.grammar["deeds"]))
    where = f"deeds.{domain}"
    forms = scene.chance.choice(scene.lines(f"{where}.verbs")).split(" ~ ")
    known = dict(zip(("past", "base", "ing", "done", "unbase", "undone"), forms, strict=True))
    known["A"], known["it"] = scene.say(f"{where}.A", {}).split(" ~ ")
    known |= {slot: scene.say(f"{where}.{slot}", {}) for slot in ("O", "result", *_REASONS)}
    known |= {"domain": domain, "manner": scene.say("reasons.manner", {})}
    return known | {kind: scene.draw(kind) for kind in ("objection", "when")}


def _deeds(scene: Scene) -> list[dict[str, str]]:
    """Two that share neither who acts nor what it is done to nor why."""
    first = _deed(scene)
    while True:
        other = _deed(scene)
        if not any(first[slot] == other[slot] for slot in ("A", "O", *_REASONS)):
            return [first, other]


def _reasons(scene: Scene) -> tuple[str, _Answers, _Answers]:
    """Two deeds with their reasons, or without, and what came of them or was said against."""
    deeds, parts, given = _deeds(scene), list[str](), list[str]()
    for deed in deeds:
        told = scene.one_of("reasons.told" if scene.chance.random() < 0.7 else "reasons.bare")
        parts.append(scene.fill(told, deed))
        given.append(next((deed[slot] for slot in _REASONS if f"{{{slot}}}" in told), ""))
        for more in ("result", "objected"):
            if scene.chance.random() < 0.35:
                parts.append(scene.say(f"reasons.{more}", deed))
    text, right, wrong = scene.text(parts), _Answers(), _Answers()
    for deed, other, reason in zip(deeds, deeds[::-1], given, strict=True):
        why, answers = scene.say("reasons.why", deed), [reason, *sentences_with(text, [reason])]
        objection, false = deed["objection"], scene.say("reasons.why_not", deed)
        swapped = scene.say("reasons.why_active", deed | {"A": other["A"]})
        if reason:
            right += [(why, one) for one in answers]
            wrong.append((scene.chance.choice((false, swapped)), scene.chance.choice(answers)))
        near = [*given, deed["result"], objection, deed["when"], deed["manner"]]
        near += [f"{deed['past']} {deed['O']}", *sentences(text)]
        near = [one for one in near if one and one not in answers and holds_words(text, one)]
        wrong += [(why, one) for one in scene.chance.sample(near, min(2, len(near)))]
        if holds_words(text, objection):
            against = scene.say("reasons.why_against", deed)
            right.append((against, objection))
            wrong += [(against, one) for one in answers if reason]
    return text, right, wrong


def _voices(scene: Scene) -> tuple[str, _Answers, _Answers]:
    """Several people, of whom each says something, or denies it, on one of two matters."""
    matters = scene.chance.sample(list(scene.grammar["voices"]), 2)
    claims = [(on, claim) for on in matters for claim in scene.lines(f"voices.{on}.claims")]
    parts, spoke = list[str](), list[dict[str, str]]()
    for on, claim in scene.chance.sample(claims, scene.chance.choice((2, 3, 3, 4))):
        name = scene.draw("person")
        said = {"N": name, "on": on, "C": claim.split(" ~ ")[0], "asked": claim.split(" ~ ")[-1]}
        said["he"] = (
            "she" if any(one in name.split() for one in scene.lines("words.woman")) else "he"
        )
        said["T"] = scene.say(f"voices.{on}.topic", {})
        said["S"] = scene.say("voiced.speaker", said)
        said["how"] = "says" if scene.chance.random() < 0.85 else "withholds"
        parts.append(scene.say(f"voiced.{said['how']}", said))
        spoke.append(said)
    text, right, wrong = scene.text(parts), _Answers(), _Answers()
    for said in spoke:
        who, what = (
            scene.say("voiced.who", said | {"C": said["asked"]}),
            scene.say("voiced.what", said),
        )
        words, of = said["C"], wrong
        if said["how"] == "says":
            words, of = scene.chance.choice([words, *sentences_with(text, [words])]), right
        of += [(who, said["N"]), (what, words)]
        rival = scene.chance.choice([other for other in spoke if other is not said])
        wrong += [(who, rival["N"]), (what, rival["C"])]
        if rival["on"] != said["on"]:
            wrong.append((scene.say("voiced.what", said | {"T": rival["T"]}), words))
    return text, right, wrong


def _decisions(scene: Scene) -> tuple[str, _Answers, _Answers]:
    """Two deeds that were done, were not done, or are still open, and whether they were."""
    deeds = _deeds(scene)
    states = [scene.chance.choice(("done", "done", "undone", "undone", "open")) for _ in deeds]
    parts = [
        scene.say(f"decisions.{state}", deed) for state, deed in zip(states, deeds, strict=True)
    ]
    text, right, wrong = scene.text(parts), _Answers(), _Answers()
    for deed, other, state, sentence in zip(deeds, deeds[::-1], states, parts, strict=True):
        question = scene.say("decisions.asks", deed)
        answer = {"done": ["Yes"], "undone": ["No"]}.get(state, [])
        right += [(question, one) for one in answer]
        wrong += [(question, one) for one in ("Yes", "No") if one not in answer]
        (right if answer else wrong).append((question, sentence))
        swapped = scene.say("decisions.asks_active", deed | {"A": other["A"]})
        wrong += [(swapped, scene.chance.choice(("Yes", "No"))), (swapped, sentence)]
        if state == "done" and deed["domain"] in scene.grammar["exclusive"]:
            opposite = scene.say("decisions.asks_opposite", deed)
            right, wrong = [*right, (opposite, "No")], [*wrong, (opposite, "Yes")]
    return text, right, wrong


def _parts(text: str, values: list[str], scene: Scene) -> list[str]:
    return [_part(text, value, scene) for value in values]


def _part(text: str, value: str, scene: Scene) -> str:
    """A value as it stands in the text, some times without its preposition or with its unit."""
    if value.startswith(("in ", "on ")) and scene.chance.random() < _WITHOUT_PREPOSITION:
        value = value[3:]
    if value in scene.values("count") and scene.chance.random() < _WITH_UNIT:
        unit = re.search(rf"\b{re.escape(value)} (people|staff|[a-z]{{3,}}s)\b", text)
        value = unit[0] if unit else value
    return exact(text, value)


def _as_written(text: str, answers: _Answers) -> _Answers:
    """Each once, in the text's letters; only "Yes" and "No" need not stand there."""
    return list(
        dict.fromkeys(
            (asked[0].upper() + asked[1:], said if said in _UNQUOTED else exact(text, said))
            for asked, said in answers
            if said in _UNQUOTED or holds_words(text, said)
        )
    )


_MADE = {"facts": _facts, "reasons": _reasons, "voices": _voices, "decisions": _decisions}
