"""The ranking before anything is read: by meaning, by words, by BM25, and as shipped.

    python benchmarks/retrieval.py FOLDER... [--sample N] [--store URL]

A folder holds ``corpus.jsonl`` and either ``questions.jsonl`` or BEIR's ``queries.jsonl`` and
``qrels/test.tsv``. Every question is asked of its whole corpus; those that the corpus does not
answer count too, by the passage that they were written about, and are also measured apart. The
table is printed, and each set's goes to ``benchmarks/results/retrieval/NAME.json``.

With --store, each set is also indexed into a collection of its name there (``qdrant:PATH`` or
``qdrant+http://HOST:PORT``), and the ranking as shipped is measured in the folder and there, and
what the one is above the other: ``NAME-store.json``. It exits 1 where that is more than 0.002.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import tantivy

from footnoted.corpus.passages import PassageSplitter, split
from footnoted.corpus.words import content_words
from footnoted.index.library import Library
from footnoted.index.options import DEFAULT, SearchOptions
from footnoted.index.qdrant.address import Address
from footnoted.qa.evaluation.retrieval import DEPTH, ranked_documents, retrieval_scores
from footnoted.qa.evaluation.types import Question
from question_sets import circumstances, index, name_of, progress, questions, sample, table

RESULTS = Path(__file__).parent / "results" / "retrieval"
# What a store may be apart from a folder, in any metric.
MOST_APART = 0.002
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
    parser.add_argument("--sample", type=int, metavar="N", help="ask so many of each set")
    parser.add_argument("--store", metavar="URL", help="measure this beside the folder")
    options = parser.parse_args()
    RESULTS.mkdir(parents=True, exist_ok=True)
    if options.store:
        sys.exit(_compare(options.folders, options.store, options.sample))
    rows = []
    for folder in options.folders:
        library = index(folder)
        measured = measure(library, sample(questions(folder, library), options.sample))
        keep(name_of(folder), measured)
        rows += [
            (name_of(folder), group, ranking, *(f"{values[m]:.3f}" for m in METRICS))
            for group, by_ranking in measured.items()
            for ranking, values in by_ranking.items()
        ]
        library.close()
    print(table(("set", "questions", "ranking", *METRICS), rows))


def _compare(folders: Sequence[Path], store: str, most: int | None) -> bool:
    """Whether the ranking in a store is another than in a folder, by more than the least of it."""
    rows, furthest = [], 0.0
    for folder in folders:
        library, name = index(folder), name_of(folder)
        there = Library.open_or_create(Address.parse(f"{store.rstrip('/')}/{name}"))
        there.update([folder / "corpus.jsonl"], progress)
        measured = beside(library, there, sample(questions(folder, library), most))
        keep(f"{name}-store", {f"{there.coverage().passages:,} passages": measured})
        of_difference = measured["difference"]
        furthest = max(furthest, *(abs(of_difference[m]) for m in METRICS))
        rows += [
            (name, where, *(f"{values[m]:.4f}" for m in METRICS), f"{values.get('same', 1):.3f}")
            for where, values in measured.items()
        ]
        there.close()
        library.close()
    print(table(("set", "ranking", *METRICS, "the same ten"), rows))
    return furthest > MOST_APART


def beside(here: Library, there: Library, asked: Sequence[Question]) -> Scores:
    """The metrics of both, and their difference; of how many questions the ten are the same."""
    scored: dict[str, list[dict[str, float]]] = {"folder": [], "store": []}
    same = 0
    for done, question in enumerate(asked):
        found = [
            ranked_documents(library.retrieve(question.question, DEPTH).hits)
            for library in (here, there)
        ]
        same += found[0][:10] == found[1][:10]
        for where, ranked in zip(scored.values(), found, strict=True):
            where.append(retrieval_scores(ranked, question.relevant))
        progress("asking", done + 1, len(asked))
    means = {
        where: {m: float(np.mean([one[m] for one in each])) for m in METRICS}
        for where, each in scored.items()
    }
    apart = {m: means["store"][m] - means["folder"][m] for m in METRICS}
    return {**means, "difference": {**apart, "same": same / len(asked), "questions": len(asked)}}


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
