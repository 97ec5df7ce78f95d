"""The ranking before anything is read: by meaning, by words, by BM25, and as shipped.

    python benchmarks/retrieval.py FOLDER... [--indexes FOLDER]

A folder holds ``corpus.jsonl`` and either ``questions.jsonl`` or BEIR's ``queries.jsonl`` and
``qrels/test.tsv``. Every question is asked of its whole corpus; those that the corpus does not
answer count too, by the passage that they were written about, and are also measured apart. The
table is printed, and each set's goes to ``benchmarks/results/retrieval/NAME.json``. Indexes are
temporary, unless a folder is named to keep them in.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import tantivy

from corpus.words import content_words
from index.library import Library
from qa.evaluation import questions as sets
from qa.evaluation.retrieval import DEPTH, ranked_documents, retrieval_scores
from qa.evaluation.types import Question

RESULTS = Path(__file__).parent / "results" / "retrieval"
METRICS = ("hit@1", "hit@5", "mrr@10", "ndcg@10")

Scores = dict[str, dict[str, float]]
"""The metrics of each ranking, by its name."""


class Rankings:
    """What is compared, over the passages of one library."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._bm25 = Bm25(library)

    def of(self, question: str) -> dict[str, list[str]]:
        """Documents, best first, by the name of the ranking."""
        vector = self._library.embedder.embed_question(question)
        with self._library._current() as current:
            rows = {
                "meaning": current.dense.search(vector, DEPTH),
                "words": [row for row, _ in current.lexical.search(question, DEPTH)],
                "BM25": self._bm25.search(question),
            }
            ranked = {name: self._documents(found) for name, found in rows.items()}
        return ranked | {"shipped": ranked_documents(self._library.search(question, DEPTH))}

    def _documents(self, rows: Sequence[int]) -> list[str]:
        passages = self._library._store.passages(rows)
        return list(dict.fromkeys(passages[row].document for row in rows))


class Bm25:
    """Tantivy's BM25 (k1 = 1.2, b = 0.75), for comparison: English stems, no stop words."""

    def __init__(self, library: Library) -> None:
        builder = tantivy.SchemaBuilder().add_unsigned_field("row", stored=True)
        self._index = tantivy.Index(
            builder.add_text_field("text", tokenizer_name="en_stem").build()
        )
        writer = self._index.writer(num_threads=1)
        for row, title, text in library._store.passage_texts():
            writer.add_document(tantivy.Document(row=row, text=f"{title}\n{text}"))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()

    def search(self, question: str) -> list[int]:
        words = " ".join(word.text for word in content_words(question))
        query = self._index.parse_query(words.lower(), ["text"])  # lower case holds no operators
        searcher = self._index.searcher()
        return [searcher.doc(at)["row"][0] for _, at in searcher.search(query, DEPTH).hits]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--indexes", type=Path)
    options = parser.parse_args()
    RESULTS.mkdir(parents=True, exist_ok=True)
    print(row_of("set", "questions", "ranking", *METRICS), row_of(*["---"] * 7), sep="\n")
    with tempfile.TemporaryDirectory() as temporary:
        for folder in options.folders:
            name = folder.resolve().name
            library = Library.open_or_create((options.indexes or Path(temporary)) / name)
            library.update([folder / "corpus.jsonl"], progress)
            report(name, measure(library, read_questions(folder, library)))
            library.close()


def read_questions(folder: Path, library: Library) -> list[Question]:
    path = folder / "questions.jsonl"
    return list(sets.read(path if path.exists() else folder, library.documents()).questions)


def measure(library: Library, questions: Sequence[Question]) -> dict[str, Scores]:
    """The mean of each metric for each ranking, over all questions and over some apart."""
    rankings = Rankings(library)
    scored: list[Scores] = []
    for done, question in enumerate(questions):
        found = rankings.of(question.question)
        scored.append({n: retrieval_scores(r, question.relevant) for n, r in found.items()})
        progress("asking", done + 1, len(questions))
    lacking = [bool(q.answers_known and not q.answers) for q in questions]
    groups = {
        "all": scored,
        "answered": [s for s, lacks in zip(scored, lacking, strict=True) if not lacks],
        "not answered": [s for s, lacks in zip(scored, lacking, strict=True) if lacks],
    }
    shown = groups if any(lacking) else {"all": scored}
    return {f"{name} ({len(group):,})": mean(group) for name, group in shown.items() if group}


def mean(scored: Sequence[Scores]) -> Scores:
    return {
        ranking: {m: float(np.mean([each[ranking][m] for each in scored])) for m in METRICS}
        for ranking in scored[0]
    }


def report(name: str, measured: dict[str, Scores]) -> None:
    """Print a set's rows of the table and keep them."""
    for group, by_ranking in measured.items():
        for ranking, values in by_ranking.items():
            print(row_of(name, group, ranking, *(f"{values[m]:.3f}" for m in METRICS)), flush=True)
    stored = {"set": name, "date": date.today().isoformat(), "metrics": measured}
    path = RESULTS / f"{name}.json"
    path.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")


def row_of(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def progress(what: str, done: int, total: int) -> None:
    if done % 500 == 0 or done == total:
        print(f"{what} {done}/{total or '?'}", file=sys.stderr)


if __name__ == "__main__":
    main()
