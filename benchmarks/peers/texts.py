"""The passages and questions that every peer is given, as JSON lines."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from footnoted.corpus.files import read
from footnoted.corpus.passages import PassageSplitter, split
from footnoted.index.embedding import load_embedder
from footnoted.index.options import DEFAULT
from measuring import Passage

FILES = ("indexed.jsonl", "ranked.jsonl", "questions.jsonl")
"""In the order in which a peer's script takes them."""

_SEED = 20221122
_SPECIAL_TOKENS = 2


def write(data: Path, folder: Path, passages: int, questions: int) -> int:
    """Write ``FILES`` into ``folder``; returns how many tokens the indexed passages have.

    Passages of whole articles are indexed; those that are ranked are the paragraphs of SQuAD 2.0,
    and the questions are a sample of those that they answer.
    """
    embedder = load_embedder()
    splitter = PassageSplitter(embedder.count_tokens, DEFAULT.passage_tokens)
    indexed = list(islice(_distinct(_whole(data / "articles", splitter)), passages))
    indexed_file, ranked_file, questions_file = (folder / name for name in FILES)
    _write(indexed_file, ({"_id": p.id, "title": p.title, "text": p.text} for p in indexed))
    _write(ranked_file, _lines(data / "squad2-dev" / "corpus.jsonl"))
    asked = [q for q in _lines(data / "squad2-dev" / "questions.jsonl") if q["answers"]]
    _write(questions_file, random.Random(_SEED).sample(asked, min(questions, len(asked))))
    return sum(embedder.count_tokens(p.embedded) + _SPECIAL_TOKENS for p in indexed)


def _whole(corpus: Path, splitter: PassageSplitter) -> Iterator[Passage]:
    """Footnoted's own passages, of which each, as a document by itself, stays one passage."""
    for document in (document for file in read(corpus) for document in file.documents):
        for passage in split(document, splitter):
            text = document.text[passage.start : passage.end].strip()
            if text and len(splitter.split_text(text)) == 1:
                yield Passage(f"{document.id}:{passage.start}", document.title, text)


def _distinct(passages: Iterable[Passage]) -> Iterator[Passage]:
    """Each text once, because Footnoted would not embed it again."""
    seen = set()
    for passage in passages:
        if passage.embedded not in seen:
            seen.add(passage.embedded)
            yield passage


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def _write(path: Path, lines: Iterable[dict[str, Any]]) -> None:
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
