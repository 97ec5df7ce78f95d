"""The ranking before anything is read: by meaning, by words, by BM25, and as shipped.

    python benchmarks/retrieval.py FOLDER...

A folder holds ``corpus.jsonl`` and either ``questions.jsonl`` or BEIR's ``queries.jsonl`` and
``qrels/test.tsv``. Every question is asked of its whole corpus; those that the corpus does not
answer count too, by the passage that they were written about, and are also measured apart. The
table is printed, and each set's goes to ``benchmarks/results/retrieval/NAME.json``.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import tantivy

from footnoted.corpus.passages import PassageSplitter, split
from footnoted.corpus.words import content_words
from footnoted.index.library import Library
from footnoted.index.options import DEFAULT, SearchOptions
from footnoted.qa.evaluation.retrieval import DEPTH, ranked_documents, retrieval_scores
from footnoted.qa.evaluation.types import Question
from question_sets import circumstances, index, name_of, progress, questions, table

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
        fused = {"meaning": (1.0, 0.0), "words": (0.0, 1.0), "shipped": DEFAULT.weights}
        ranked = {
            name: ranked_documents(
                self._library.retrieve(question, DEPTH, options=SearchOptions(weights=weights)).hits
            )
            for name, weights in fused.items()
        }
        return ranked | {"BM25": self._bm25.search(question)}


class Bm25:
    """Tantivy's BM25 (k1 = 1.2, b = 0.75), for comparison: English stems, no stop words."""

    def __init__(self, library: Library) -> None:
        builder = tantivy.SchemaBuilder().add_unsigned_field("document", stored=True)
        self._index = tantivy.Index(
            builder.add_text_field("text", tokenizer_name="en_stem").build()
        )
        self._documents = library.documents()
        splitter = PassageSplitter(library.embedder.count_tokens, DEFAULT.passage_tokens)
        writer = self._index.writer(num_threads=1)
        for number, document in enumerate(self._documents):
            for passage in split(document, splitter):
                text = f"{document.title}\n{document.text[passage.start : passage.end]}"
                writer.add_document(tantivy.Document(document=number, text=text))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()

    def search(self, question: str) -> list[str]:
        """Documents, by their best passage, best first."""
        words = " ".join(word.text for word in content_words(question))
        query = self._index.parse_query(words.lower(), ["text"])  # lower case holds no operators
        searcher = self._index.searcher()
        found = [searcher.doc(at)["document"][0] for _, at in searcher.search(query, DEPTH).hits]
        return list(dict.fromkeys(self._documents[number].id for number in found))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folders", type=Path, nargs="+")
    options = parser.parse_args()
    RESULTS.mkdir(parents=True, exist_ok=True)
    rows = []
    for folder in options.folders:
        library = index(folder)
        measured = measure(library, questions(folder, library))
        keep(name_of(folder), measured)
        rows += [
            (name_of(folder), group, ranking, *(f"{values[m]:.3f}" for m in METRICS))
            for group, by_ranking in measured.items()
            for ranking, values in by_ranking.items()
        ]
        library.close()
    print(table(("set", "questions", "ranking", *METRICS), rows))


def measure(library: Library, asked: Sequence[Question]) -> dict[str, Scores]:
    """The mean of each metric for each ranking, over all questions and over some apart."""
    rankings = Rankings(library)
    scored: list[Scores] = []
    for done, question in enumerate(asked):
        found = rankings.of(question.question)
        scored.append({n: retrieval_scores(r, question.relevant) for n, r in found.items()})
        progress("asking", done + 1, len(asked))
    lacking = [bool(q.answers_known and not q.answers) for q in asked]
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


def keep(name: str, measured: dict[str, Scores]) -> None:
    stored = {"set": name, **circumstances(), "metrics": measured}
    path = RESULTS / f"{name}.json"
    path.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
