"""Plain dense retrieval on a BEIR set, to know that the embedder is what it should be.

    python benchmarks/plain_dense.py FOLDER

Whole documents (title and text, cut off where the model stops reading), cosine, nothing of
Footnoted's but the embedder. all-MiniLM-L6-v2 is published at nDCG@10 0.645 on SciFact.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

from footnoted.index.embedding import load_embedder
from footnoted.qa.evaluation import questions as sets
from footnoted.qa.evaluation.retrieval import retrieval_scores


def main() -> None:
    folder = Path(sys.argv[1])
    lines = (folder / "corpus.jsonl").read_text(encoding="utf-8").splitlines()
    documents = [json.loads(line) for line in lines]
    embedder = load_embedder()
    matrix = embedder.embed_passages([f"{d['title']} {d['text']}" for d in documents])
    scores = []
    for question in sets.read(folder).questions:
        nearest = np.argsort(-(matrix @ embedder.embed_question(question.question)[0]))[:100]
        ranking = [documents[i]["_id"] for i in nearest]
        scores.append(retrieval_scores(ranking, question.relevant)["ndcg@10"])
    print(f"nDCG@10 {np.mean(scores):.4f} over {len(scores)} questions")


if __name__ == "__main__":
    main()
