"""How many planted errors in written sentences are caught, and how many true ones are kept.

    python benchmarks/planted.py FOLDER... [--rules]

True sentences are those of the documents, and the same without what stands in parentheses or behind
their last comma; into each, an error is planted: another number, name or date, another unit, a
negation more or less. Beside these, sentences are made up: they begin as the one and go on as
another that speaks of something else, whole or in a few words; that other one is of passages that
are not shown, or is shown, too ("mixed"). Each is checked against the passages that it was made of,
and six others, as what is written is; with --rules, by rules alone.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from footnoted.corpus.files import read
from footnoted.corpus.sentences import sentences, spans
from footnoted.corpus.types import Document, Span
from footnoted.corpus.words import content_stems, stems, words
from footnoted.qa.english.actors import named
from footnoted.qa.english.dates import DATE
from footnoted.qa.entailment.named import shipped_entailment
from footnoted.qa.place import MONTHS
from footnoted.qa.writing.checking import Check
from footnoted.qa.writing.drafting import Drafted
from footnoted.qa.writing.evidence import Source

MOST = 500
_NUMBER = re.compile(r"(?<![\w.,-])\d{1,3}(?:,\d{3})*(?:\.\d+)?(?![\w-]|[.,]\d)")
_SPELT = "two three four five six seven eight nine ten eleven twelve twenty thirty".split()
_UNITS = {
    "million": "billion", "billion": "million", "thousand": "million", "euros": "dollars",
    "euro": "dollar", "kroner": "euros", "pounds": "euros", "dollars": "pounds", "km": "miles",
    "kilometres": "miles", "miles": "kilometres", "metres": "feet", "years": "months",
    "months": "weeks", "weeks": "days", "days": "weeks", "hours": "minutes", "minutes": "hours",
    "tonnes": "kilograms", "£": "€", "€": "$", "$": "£", "hectares": "acres", "acres": "hectares",
}  # fmt: skip
_UNIT = re.compile(
    rf"(?<=\d )(?:{'|'.join(unit for unit in _UNITS if unit.isalpha())})\b|[£€$](?=\s?\d)"
)
_AUXILIARY = re.compile(
    r"\b(is|are|was|were|has|have|had|will|would|can|could|should|must|may|might)\b(?! (?:not|n't))"
)


TRUE = "true"
MADE_UP = ("made up", "made up, short", "mixed", "mixed, short")


class Made(NamedTuple):
    kind: str
    text: str


def true_ones(text: str) -> Iterator[str]:
    """A sentence, and shorter ones that are as true."""
    yield text
    without = " ".join(re.sub(r"\s*\([^()]*\)", "", text).split())
    if without != text:
        yield without
    head, comma, tail = text.rpartition(", ")
    if comma and len(words(head)) >= 8 and len(words(tail)) >= 3:
        yield f"{head}."


def planted(text: str, names: Sequence[str], chance: random.Random) -> Iterator[Made]:
    """``text`` with one error of each kind that it has a place for."""
    dates = [match.span() for match in DATE.finditer(text)]
    free = [m for m in _NUMBER.finditer(text) if not any(a <= m.start() < b for a, b in dates)]
    if free:
        one = chance.choice(free)
        yield Made("number", _with(text, one.span(), _another_number(one.group(), chance)))
    spelt = [w for w in words(text) if w.text.lower() in _SPELT]
    if spelt:
        word = chance.choice(spelt)
        other = chance.choice([one for one in _SPELT if one != word.text.lower()])
        yield Made("number", _with(text, (word.start, word.end), other))
    if dates:
        at = chance.choice(dates)
        yield Made("date", _with(text, at, _another_date(text[slice(*at)], chance)))
    found = [span for span in named(text) if span.start or len(text[slice(*span)].split()) > 1]
    if found:
        span = chance.choice(found)
        own = set(text[slice(*span)].lower().split())
        others = [name for name in names if own.isdisjoint(name.lower().split())]
        if others:
            yield Made("name", _with(text, span, chance.choice(others)))
    if units := list(_UNIT.finditer(text)):
        match = chance.choice(units)
        yield Made("unit", _with(text, match.span(), _UNITS[match.group()]))
    if " not " in text:
        yield Made("negation", text.replace(" not ", " ", 1))
    elif auxiliary := _AUXILIARY.search(text):
        yield Made("negation", _with(text, (auxiliary.end(), auxiliary.end()), " not"))


def made_up(text: str, others: Sequence[str], kind: str, chance: random.Random) -> Iterator[Made]:
    """What ``text`` speaks of, said to be or do what one of ``others`` says of something else: all
    of it, or in a few words."""
    told = _AUXILIARY.search(text)
    found = [match for one in others if (match := _AUXILIARY.search(one))]
    if told is None or not (subject := content_stems(text[: told.start()])):
        return
    fit = [
        match
        for match in found
        if match.group() == told.group() and subject.isdisjoint(stems(match.string))
    ]
    if not fit:
        return
    other = chance.choice(fit)
    said = other.string[other.start() :]
    yield Made(kind, text[: told.start()] + said)
    short = re.match(r"[^,;:.()]+", said)
    if short and 2 <= len(words(short.group())) <= 8:
        yield Made(f"{kind}, short", f"{text[: told.start()]}{short.group().rstrip()}.")


def _with(text: str, at: tuple[int, int], other: str) -> str:
    return text[: at[0]] + other + text[at[1] :]


def _another_number(number: str, chance: random.Random) -> str:
    value = float(number.replace(",", ""))
    other = value + chance.choice([1, 2, 3, 7, 10]) * (10 ** max(len(number.split(".")[0]) - 2, 0))
    return f"{other:,.{len(number.split('.')[1]) if '.' in number else 0}f}"


def _another_date(date: str, chance: random.Random) -> str:
    year = re.search(r"\b\d{4}\b", date)
    if year and (chance.random() < 0.5 or not any(month in date for month in MONTHS)):
        return _with(date, year.span(), str(int(year.group()) + chance.choice([-2, -1, 1, 2])))
    for month in MONTHS:
        if month in date:
            return date.replace(month, chance.choice([one for one in MONTHS if one != month]))
    return date


def measure(
    documents: Sequence[Document], check: Check, most: int = MOST, seed: int = 7
) -> tuple[dict[str, list[bool]], list[str]]:
    """Whether each sentence was rightly judged, by kind of error, ``true`` without one; and a line
    on each that was not."""
    chance = random.Random(seed)
    sources = [source for document in documents for source in _sources(document)]
    texts = [(text, at) for at, source in enumerate(sources) for text in _sentences(source)]
    names = sorted({text[slice(*span)] for text, _ in texts for span in named(text)})
    chance.shuffle(texts)
    judged: dict[str, list[bool]] = defaultdict(list)
    wrong: list[str] = []
    for text, at in texts:
        near = [sources[at], *chance.sample(sources, min(6, len(sources)))]
        far = [one for one, other in texts if sources[other] not in near]
        beside = [one for one, other in texts if sources[other] in near[1:] and other != at]
        true = [Made(TRUE, one) for one in true_ones(text)]
        wrong_ones = (
            *planted(text, names, chance),
            *made_up(text, far, "made up", chance),
            *made_up(text, beside, "mixed", chance),
        )
        for one in (*true, *wrong_ones):
            found = check.check(Drafted(one.text, (1,)), near)
            is_right = found.is_supported == (one.kind == TRUE)
            judged[one.kind].append(is_right)
            if not is_right:
                wrong.append(f"{one.kind}: {one.text} | {found.why or text}")
        if len(planted_ones(judged)) >= most:
            break
    return judged, wrong


def planted_ones(judged: Mapping[str, Sequence[bool]]) -> list[bool]:
    """Of what repeats its document but for an error, whether it was caught."""
    return [one for kind, some in judged.items() if kind not in (TRUE, *MADE_UP) for one in some]


def _sources(document: Document) -> Iterator[Source]:
    """Paragraphs, joined until they hold some sentences, as passages are."""
    sentences_: list[Span] = []
    for block in document.structure.blocks:
        if block.kind == "paragraph":
            text = document.text[block.start : block.end]
            sentences_ += spans(sentences(text), block.start)
        if len(sentences_) >= 4 or (block.kind == "heading" and sentences_):
            yield Source(document, tuple(sentences_))
            sentences_ = []
    if sentences_:
        yield Source(document, tuple(sentences_))


def _sentences(source: Source) -> Iterator[str]:
    for span in source.sentences:
        text = " ".join(source.document.text[slice(*span)].split())
        if 8 <= len(words(text)) <= 40 and text[-1] in '.”"' and text[0].isupper():
            yield text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--rules", action="store_true")
    options = parser.parse_args()
    check = Check(None if options.rules else shipped_entailment())
    for folder in options.folders:
        documents = [document for file in read(folder) for document in file.documents]
        judged, wrong = measure(documents, check)
        print("\n".join(wrong), file=sys.stderr)
        caught = planted_ones(judged)
        kinds = ", ".join(
            f"{kind} {sum(some)}/{len(some)}" for kind, some in sorted(judged.items())
        )
        print(f"{folder}: caught {sum(caught)} of {len(caught)}; {kinds}")


if __name__ == "__main__":
    main()
