"""Calibrate a reader on questions kept for it.

    python -m footnoted.qa.training.calibrate_reader READER DATA...

READER is a folder that ``qa.training.train_reader`` made, DATA what it was given. Every question
that is kept for calibration is asked of all their texts, through an index and its search, as people
ask; answerable ones also without the text that answers them. What comes of it goes to
READER/calibration.json.
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from footnoted.index.library import Library
from footnoted.index.types import Hit
from footnoted.qa.checker.checker import shipped_checker
from footnoted.qa.english.question import AskedFor
from footnoted.qa.reader.calibration import Calibration
from footnoted.qa.reader.finder import SpanFinder
from footnoted.qa.reader.network import load_network
from footnoted.qa.reader.options import MEASURED
from footnoted.qa.reader.reader import SpanReader
from footnoted.qa.training.command import exit_code
from footnoted.qa.training.examples import CALIBRATE, Example, read
from footnoted.qa.training.fitting import fit
from footnoted.qa.training.labelling import Labelled, Truth, label

log = logging.getLogger(__name__)

_SEED = 20221122
_MOST_OF_SOURCE = 400
_SEARCHED = 40


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Calibrate a reader on questions kept for it.")
    parser.add_argument("reader", type=Path)
    parser.add_argument("data", type=Path, nargs="+")
    options = parser.parse_args(arguments)
    logging.basicConfig(format="%(message)s", level=logging.INFO, stream=sys.stderr)

    def run() -> None:
        examples = [example for path in options.data for example in read(path)]
        calibrate(options.reader, drawn(examples)).save(options.reader)

    return exit_code(run)


def drawn(examples: Sequence[Example]) -> list[Example]:
    """Those kept for calibration, of each source so many at most, drawn with a fixed seed."""
    by_source: dict[str, list[Example]] = {}
    for example in examples:
        if example.part == CALIBRATE:
            by_source.setdefault(example.source, []).append(example)
    chance = random.Random(_SEED)  # noqa: S311
    return [
        example
        for some in by_source.values()
        for example in chance.sample(some, min(len(some), _MOST_OF_SOURCE))
    ]


def calibrate(folder: Path, examples: Sequence[Example]) -> Calibration:
    """Fit the reader in ``folder`` on ``examples``."""
    with tempfile.TemporaryDirectory() as scratch:
        library = index_texts(examples, Path(scratch))
        network = load_network(str(folder))
        finder, checker = SpanFinder(network), shipped_checker()
        reader = SpanReader(finder, Calibration.plain(), network.name, checker)
        fitted = fit(list(ask(reader, library, examples)))
        library.close()
    return fitted


def index_texts(examples: Sequence[Example], folder: Path) -> Library:
    """An index of every text of the examples, each a document under its number."""
    texts = dict.fromkeys(example.text for example in examples)
    corpus = folder / "corpus.jsonl"
    with corpus.open("w", encoding="utf-8") as file:
        for number, text in enumerate(texts):
            file.write(json.dumps({"_id": str(number), "title": "", "text": text}) + "\n")
    library = Library.create(folder / "index")
    library.update([corpus])
    return library


def ask(reader: SpanReader, library: Library, examples: Sequence[Example]) -> Iterator[Labelled]:
    """Each example with its text among those searched and, if it is answerable, without."""
    for number, example in enumerate(examples):
        hits = library.search(example.question, _SEARCHED)
        if number % 100 == 0:
            log.info("%d of %d questions asked", number, len(examples))
        yield from _read(reader, example, hits[: MEASURED.passages])
        if example.spans:
            others = [hit for hit in hits if hit.document.text != example.text]
            yield from _read(reader, example, others[: MEASURED.passages])


def _read(reader: SpanReader, example: Example, hits: Sequence[Hit]) -> Iterator[Labelled]:
    asked = AskedFor.of(example.question)
    found = reader.look(asked, hits)
    if found.spans:
        held = any(hit.document.text == example.text for hit in hits)
        yield label(reader, asked, found, Truth(_facts(example), bool(example.spans), held))


def _facts(example: Example) -> tuple[tuple[str, ...], ...]:
    wordings = tuple(dict.fromkeys(example.answers))
    return tuple((one,) for one in wordings) if example.is_list else (wordings,)


if __name__ == "__main__":
    sys.exit(main())
