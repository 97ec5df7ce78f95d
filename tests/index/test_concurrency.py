"""Many processes at one index: readers answer while a writer adds, changes and removes."""

from __future__ import annotations

import hashlib
import json
import random
import time
from collections.abc import Iterator
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import pytest

from footnoted.index.library import Library
from footnoted.index.protocols import Embedder
from footnoted.qa.pipeline import Pipeline
from footnoted.qa.reader.calibration import Calibration
from footnoted.qa.reader.finder import SpanFinder
from footnoted.qa.reader.network import load_torch
from footnoted.qa.reader.reader import SHIPPED_READER, SpanReader
from support.embedder import HashedEmbedder
from support.processes import ended, in_one_thread, is_running, opened, started

pytestmark = [pytest.mark.crash, pytest.mark.models]

READERS = 8
ANSWERS = 40
"""Of each reader, while the writer goes on."""
QUESTIONS = ("Which boat was seen at sea?", "Who is the harbour master?", "What did Maren carry?")


def test_every_answer_is_of_one_generation(tmp_path: Path) -> None:
    in_one_thread(_write_and_ask, tmp_path)
    states = {state["generation"]: state for state in _lines(tmp_path / "writer.jsonl")}
    answers = [_lines(tmp_path / f"reader-{number}.jsonl") for number in range(READERS)]
    assert len(states) > 10 and all(len(of_one) == ANSWERS for of_one in answers)
    for answer in (answer for of_one in answers for answer in of_one):
        generation = answer["index"]["generation"]
        texts = states[generation]["texts"]
        assert answer["coverage"]["documents"] == len(texts)
        for citation in answer["citations"] + answer["nearest"]:
            text = texts[citation["document"]]
            assert text[citation["start"] : citation["end"]] == citation["quote"]
            assert hashlib.sha256(text.encode()).hexdigest() == citation["sha256"]
        committed = [g for g, state in states.items() if state["time"] < answer["asked"]]
        assert generation >= max(committed)
    assert any(answer["answered"] for of_one in answers for answer in of_one)


def _write_and_ask(place: Path) -> None:
    import torch

    torch.set_num_threads(1)
    embedder = HashedEmbedder()
    finder = SpanFinder(load_torch(str(SHIPPED_READER)))
    index = place / "index"
    Library.open_or_create(index).close()
    writer = _write(place, embedder)
    next(writer)
    readers = [
        started(partial(_ask, place / f"reader-{number}.jsonl", index, embedder, finder))
        for number in range(READERS)
    ]
    while any(map(is_running, readers)):
        next(writer)
    assert [ended(reader) for reader in readers] == [0] * READERS


def _write(place: Path, embedder: Embedder) -> Iterator[None]:
    """Change the documents and the index again and again, and note what each generation holds."""
    chance, folder = random.Random(3), place / "folder"
    folder.mkdir()
    while True:
        for _ in range(3):
            name, number = f"{chance.randrange(12)}.txt", chance.randrange(1000)
            (folder / name).write_text(
                f"Boat {number} was seen at sea. The harbour master, Captain {number}, said that "
                f"Maren carried {number} crates of rye bread. So says {name}."
            )
        if len(list(folder.iterdir())) > 6:
            chance.choice(sorted(folder.iterdir())).unlink()
        with opened(place / "index", embedder) as library:
            receipt = library.update([folder])
        state = {
            "generation": receipt.generation,
            "time": time.time(),
            "texts": {path.name: path.read_text() for path in folder.iterdir()},
        }
        with (place / "writer.jsonl").open("a") as file:
            print(json.dumps(state), file=file)
        yield


def _ask(file: Path, index: Path, embedder: Embedder, finder: SpanFinder) -> None:
    """Ask again and again, through one library, and write the answers to ``file``."""
    calibration = Calibration.load(SHIPPED_READER)
    with opened(index, embedder) as library, file.open("w") as written:
        pipeline = Pipeline(library, SpanReader(finder, calibration, "shipped"))
        for question in islice(cycle(QUESTIONS), ANSWERS):
            asked = time.time()
            print(json.dumps(pipeline.ask(question).as_dict() | {"asked": asked}), file=written)


def _lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text().splitlines()]
