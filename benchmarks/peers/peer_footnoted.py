"""Footnoted's index and its ranking, before anything is read.

Unlike the others it reads the passages from a file, looks where to cut them, and stores everything
on disk, all of which counts as indexing. The weights are those of its own package, whose folder
``compare.py`` gives to the others.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from footnoted.index.library import Library
from measuring import Passage, measure


class Footnoted:
    def __init__(self, _: str) -> None:
        self._folder = TemporaryDirectory()
        self._library = Library.create(Path(self._folder.name) / "index")

    def index(self, passages: Sequence[Passage]) -> int:
        source = Path(self._folder.name) / "corpus.jsonl"
        lines = (json.dumps({"_id": p.id, "title": p.title, "text": p.text}) for p in passages)
        source.write_text("\n".join(lines), encoding="utf-8")
        return self._library.update([source]).coverage.passages

    def search(self, question: str, limit: int) -> list[str]:
        """A document that was cut into several passages counts once, where its best one stands."""
        hits = self._library.search(question, limit)
        return list(dict.fromkeys(hit.document.id for hit in hits))


if __name__ == "__main__":
    measure("Footnoted", Footnoted, ("sentence-transformers", "faiss-cpu", "tantivy", "torch"))
