"""Fit ``qa/sentence_reader.json`` on public questions, and measure it on articles never fitted.

    python benchmarks/fit_sentence_reader.py DATA [--write] [--output FILE]

DATA holds ``squad2-dev/`` (the development set of SQuAD 2.0, as a corpus and a question set) and
``reader-training/squadshifts-new_wiki.json`` (SQuADShifts' new Wikipedia questions, in the layout
of SQuAD 1.1). Printed are what each threshold does to the training questions, the coefficients, and
a table of measurements. It takes four minutes on one core; only the coefficients are ever written.

Each question is asked of its whole set or of a few paragraphs round its own. What has no answer is
either "adversarial", a question that SQuAD 2.0 made to be so, or "removed", an answerable one asked
again without the paragraphs that hold its answer. Weights are fitted on both; the threshold and the
calibrations without the adversarial, which are written to deceive, as people's questions are not.
"""

from __future__ import annotations

import argparse
import json
import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from time import perf_counter

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]
from sklearn.metrics import roc_auc_score  # type: ignore[import-untyped]
from sklearn.model_selection import GroupKFold  # type: ignore[import-untyped]

from corpus.passages import PassageSplitter, split
from corpus.types import Document, Passage, Span
from corpus.words import content_words, stem, stems
from index.embedding import Embedder, TokenEmbedding, load_embedder
from index.fusion import reciprocal_rank
from index.library import PASSAGE_TOKENS
from index.types import Hit
from qa.sentence_features import FEATURES, Candidate, Matrix, describe
from qa.sentence_reader import COEFFICIENTS, Regression, is_furniture, select

# Articles of SQuAD 2.0 that are measured and never fitted.
KEPT = {"European Union law", "Harvard University", "Imperialism", "Packet switching", "Warsaw"}
SEED = 7
WIKI_ARTICLES, WIKI_QUESTIONS = 24, 2600
ADVERSARIAL_SHARE, REMOVED_SHARE = 0.5, 0.3
CANDIDATES, PASSAGES_READ = 50, 10  # as in index.library and qa.pipeline
LATER_SHARE = 0.3  # set by hand: hardly a question here has several answers
# The threshold is the one with the best abstention accuracy, for two answerable questions to one
# that is not, by cross-validation over the training articles.
THRESHOLDS = np.arange(4, 42, 2) / 100
ANSWERABLE_TO_NOT = 2
COLUMNS = ("abstention", "wrong", "gold shown", "precision")

Flags = NDArray[np.bool_]
Vector = NDArray[np.float32]
Chance = np.random.Generator


@dataclass(frozen=True, slots=True)
class Question:
    """A question, the paragraph it was written for, and its answers there, if it has any."""

    text: str
    article: str
    paragraph: str
    answers: tuple[str, ...]
    places: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A question asked of a corpus: the sentences read, and which of them are right.

    ``gold`` sentences hold the place of an answer, ``right`` ones that or its mere wording.
    """

    question: Question
    small: bool
    answerable: bool
    candidates: tuple[Candidate, ...]
    features: Matrix
    gold: Flags
    right: Flags

    @property
    def adversarial(self) -> bool:
        return not self.question.answers

    def probabilities(self, regression: Regression) -> Matrix:
        return regression.probabilities(self.features, [is_furniture(c) for c in self.candidates])


class Corpus:
    """Passages in memory, found as in ``index.library``, but with rarity alone in place of BM25."""

    def __init__(self, hits: Sequence[Hit], vectors: Mapping[Passage, Vector]) -> None:
        self._hits = hits
        self._vectors = np.stack([vectors[hit.passage] for hit in hits])
        self._holding: dict[str, list[int]] = defaultdict(list)
        for row, hit in enumerate(hits):
            for held in stems(hit.document.title) | stems(hit.text):
                self._holding[held].append(row)

    def rarity(self, word: str) -> float:
        held = len(self._holding.get(stem(word), ()))
        return math.log(1 + (len(self._hits) + 1) / (held + 0.5))

    def search(self, text: str, vector: Vector, barred: Sequence[str]) -> list[Hit]:
        """The best passages, less those of paragraphs with one of the wordings ``barred``."""
        shared = np.zeros(len(self._hits))
        for word in {word.stem: word.text for word in content_words(text)}.values():
            shared[self._holding.get(stem(word), [])] += self.rarity(word)
        allowed = np.array([not holds(hit.document.text, barred) for hit in self._hits])
        rankings = [
            [int(i) for i in np.argsort(-scores, kind="stable") if allowed[i] and scores[i] > least]
            for scores, least in ((self._vectors @ vector, -math.inf), (shared, 0))
        ]
        best = reciprocal_rank(ranking[:CANDIDATES] for ranking in rankings)
        return [self._hits[row] for row, _ in best[:PASSAGES_READ]]


def read_squad2(folder: Path) -> tuple[list[Document], list[Question]]:
    documents, questions = {}, []
    for row in map(json.loads, (folder / "corpus.jsonl").open(encoding="utf-8")):
        documents[row["_id"]] = Document(row["_id"], row["text"], row["title"].replace("_", " "))
    for row in map(json.loads, (folder / "questions.jsonl").open(encoding="utf-8")):
        article = documents[row["passage"]].title
        answers = tuple(wording for fact in row["answers"] for wording in fact)
        places = tuple(Span(e["start"], e["start"] + len(e["quote"])) for e in row["evidence"])
        questions.append(Question(row["question"], article, row["passage"], answers, places))
    return list(documents.values()), questions


def read_squad1(path: Path, chance: Chance) -> tuple[list[Document], list[Question]]:
    """A sample of articles, and a sample of their questions, all of them answerable."""
    data = json.loads(path.read_text(encoding="utf-8"))["data"]
    documents, questions = [], []
    for a in chance.choice(len(data), WIKI_ARTICLES, replace=False).tolist():
        title = data[a]["title"].replace("_", " ")
        for p, paragraph in enumerate(data[a]["paragraphs"]):
            documents.append(Document(f"{a}-{p}", paragraph["context"], title))
            for asked in paragraph["qas"]:
                found = {(one["answer_start"], one["text"]) for one in asked["answers"]}
                places = tuple(Span(start, start + len(text)) for start, text in sorted(found))
                answers = tuple(sorted({text for _, text in found}))
                questions.append(Question(asked["question"], title, f"{a}-{p}", answers, places))
    sample = chance.choice(len(questions), WIKI_QUESTIONS, replace=False)
    return documents, [questions[i] for i in sorted(sample.tolist())]


def ask_all(
    documents: list[Document], questions: list[Question], embedder: Embedder, chance: Chance
) -> Iterator[Example]:
    """Ask each question once, and some again with the answer removed."""
    splitter = PassageSplitter(embedder.count_tokens, PASSAGE_TOKENS)
    hits = {d.id: [Hit(one, d, 0.0, 0.0) for one in split(d, splitter)] for d in documents}
    every = [hit for found in hits.values() for hit in found]
    embedded = embedder.embed_passages([f"{hit.document.title}\n{hit.text}" for hit in every])
    vectors = {hit.passage: vector for hit, vector in zip(every, embedded, strict=True)}
    whole = Corpus(every, vectors)
    # Embedded once: a sentence is a candidate for many questions.
    sentences = [hit.document.text[a:b] for hit in every for a, b in hit.passage.sentences]
    texts = list(dict.fromkeys([*sentences, *(question.text for question in questions)]))
    memory = dict(zip(texts, embedder.embed_tokens(texts), strict=True))
    for question in questions:
        if not question.answers and chance.random() >= ADVERSARIAL_SHARE:
            continue
        article = [document for document in documents if document.title == question.article]
        again = bool(question.answers) and chance.random() < REMOVED_SHARE
        for barred in [(), question.answers] if again else [()]:
            corpus, small = whole, bool(chance.random() < 0.5)
            if small:
                near = neighbours(article, question.paragraph, barred, chance)
                if not near:
                    continue
                corpus = Corpus([hit for d in near for hit in hits[d.id]], vectors)
            yield ask(question, corpus, memory, barred, small)


def neighbours(
    article: list[Document], around: str, barred: Sequence[str], chance: Chance
) -> list[Document]:
    """Two to six consecutive paragraphs round one, passing over those with a barred wording."""
    left = [document for document in article if not holds(document.text, barred)]
    at = [document.id for document in article].index(around)
    before = sum(not holds(document.text, barred) for document in article[:at])
    size = int(chance.integers(2, 7))
    first = max(0, min(before - int(chance.integers(size)), len(left) - size))
    return left[first : first + size]


def ask(
    question: Question,
    corpus: Corpus,
    memory: Mapping[str, TokenEmbedding],
    barred: Sequence[str],
    small: bool,
) -> Example:
    asked = memory[question.text]
    hits = corpus.search(question.text, asked.vector, barred)
    read = [(hit, span) for hit in hits for span in hit.passage.sentences]
    candidates = tuple(
        Candidate(hit.document.text[a:b], hit.text, hit.document.title) for hit, (a, b) in read
    )
    embedded = [memory[candidate.text] for candidate in candidates]
    features = describe(question.text, candidates, asked, embedded, corpus.rarity)
    answerable = bool(question.answers) and not barred
    gold = np.array(
        [
            hit.document.id == question.paragraph
            and any(start < b and end > a for start, end in question.places)
            for hit, (a, b) in read
        ]
    )
    right = gold | [holds(candidate.text, question.answers) for candidate in candidates]
    return Example(question, small, answerable, candidates, features, gold, right)


def holds(text: str, wordings: Sequence[str]) -> bool:
    return any(re.search(rf"(?<!\w){re.escape(w)}(?!\w)", text, re.I) for w in wordings)


def fit(examples: Sequence[Example]) -> Regression:
    """The weights, without a threshold; a sentence with a mere wording is left out."""
    certain = [one.gold == one.right for one in examples]
    x = np.concatenate([e.features[sure] for e, sure in zip(examples, certain, strict=True)])
    y = np.concatenate([e.gold[sure] for e, sure in zip(examples, certain, strict=True)])
    mean, scale = x.mean(axis=0).round(6), x.std(axis=0).round(6)
    fitted = LogisticRegression(max_iter=500).fit((x - mean) / scale, y)
    return Regression(
        mean=tuple(mean.tolist()),
        scale=tuple(scale.tolist()),
        weights=tuple(fitted.coef_[0].round(6).tolist()),
        bias=round(float(fitted.intercept_[0]), 6),
        threshold=0.0,
        later_share=LATER_SHARE,
        answer_weight=1.0,
        answer_bias=0.0,
        decline_weight=1.0,
        decline_bias=0.0,
    )


def with_threshold(regression: Regression, examples: Sequence[Example]) -> Regression:
    """Set the threshold and the calibrations by questions of articles left out of each fit."""
    judged = []
    for others, left_out in GroupKFold(5).split(
        examples, groups=[e.question.article for e in examples]
    ):
        fold = fit([examples[i] for i in others])
        for one in (examples[i] for i in left_out if not examples[i].adversarial):
            p = one.probabilities(fold)
            judged.append((p.max(), one.answerable, one.answerable and one.right[p.argmax()]))
    best, answerable, right = (np.array(column) for column in zip(*judged, strict=True))
    weight = np.where(answerable, ANSWERABLE_TO_NOT * (~answerable).sum() / answerable.sum(), 1)
    accuracy = [np.average((best >= t) == answerable, weights=weight) for t in THRESHOLDS]
    print("threshold  abstention accuracy  first sentence wrong")
    for t, exact in zip(THRESHOLDS, accuracy, strict=True):
        print(f"{t:9.2f}{exact:21.3f}{np.average((best >= t) & ~right, weights=weight):22.3f}")
    threshold = float(THRESHOLDS[int(np.argmax(accuracy))])

    def calibrate(rows: Flags, true: Flags) -> tuple[float, float]:
        logits = np.log(best / (1 - best))[rows, None]
        fitted = LogisticRegression(C=100).fit(logits, true[rows], sample_weight=weight[rows])
        return round(float(fitted.coef_[0, 0]), 6), round(float(fitted.intercept_[0]), 6)

    answer = calibrate(best >= threshold, right)
    decline = calibrate(best < threshold, ~answerable)
    return replace(
        regression,
        threshold=threshold,
        answer_weight=answer[0],
        answer_bias=answer[1],
        decline_weight=decline[0],
        decline_bias=decline[1],
    )


def measure(examples: Sequence[Example], regression: Regression) -> dict[str, float]:
    """The measures of ``footnoted evaluate``, with sentences for statements and citations."""
    rows: dict[str, list[float]] = defaultdict(list)
    confidence, true, best = [], [], []
    for one in examples:
        p = one.probabilities(regression)
        chosen = select(one.question.text, p, one.candidates, regression)
        answered, top = bool(chosen), float(p.max())
        fact = one.answerable and bool(one.right[chosen].any())
        rows["abstention"].append(answered == one.answerable)
        rows["wrong"].append(answered and not fact)
        if one.answerable:
            rows["gold shown"].append(bool(one.gold[chosen].any()))
        if one.answerable and answered:
            rows["precision"].append(float(one.gold[chosen].mean()))
        confidence.append(regression.right(top) if answered else regression.unanswerable(top))
        true.append(fact if answered else not one.answerable)
        best.append(top)
    tenth = np.minimum(np.array(confidence) * 10, 9).astype(int)
    gaps = np.bincount(tenth, np.array(confidence) - np.array(true))
    means = {name: float(np.mean(rows[name])) for name in COLUMNS}
    area = float(roc_auc_score([one.answerable for one in examples], best))
    return {**means, "ECE": float(np.abs(gaps).sum()) / len(examples), "AUC": area}


def report(fitted: Sequence[Example], kept: Sequence[Example], regression: Regression) -> None:
    groups = {
        "kept, natural": [one for one in kept if not one.adversarial],
        "kept, small corpora": [one for one in kept if one.small and not one.adversarial],
        "kept, with adversarial": kept,
        "training, natural": [one for one in fitted if not one.adversarial],
    }
    measured = {name: measure(examples, regression) for name, examples in groups.items()}
    print(f"{'':22}   questions" + "".join(f"{name:>12}" for name in measured["kept, natural"]))
    for name, row in measured.items():
        print(f"{name:22}{len(groups[name]):12}" + "".join(f"{v:12.3f}" for v in row.values()))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path, help="the folder with squad2-dev and reader-training")
    parser.add_argument("--write", action="store_true", help="store the coefficients")
    parser.add_argument("--output", type=Path, default=COEFFICIENTS, help="where to store them")
    options = parser.parse_args()
    started = perf_counter()
    torch.set_num_threads(1)
    chance, embedder = np.random.default_rng(SEED), load_embedder()
    documents, questions = read_squad2(options.data / "squad2-dev")
    fitted, kept = (
        list(
            ask_all(
                [one for one in documents if (one.title in KEPT) == measured],
                [one for one in questions if (one.article in KEPT) == measured],
                embedder,
                chance,
            )
        )
        for measured in (False, True)
    )
    wiki = options.data / "reader-training" / "squadshifts-new_wiki.json"
    fitted += ask_all(*read_squad1(wiki, chance), embedder, chance)
    regression = with_threshold(fit(fitted), fitted)
    stored = json.dumps({"features": FEATURES, **asdict(regression)}, indent=1)
    print(stored)
    report(fitted, kept, regression)
    if options.write:
        options.output.write_text(stored + "\n", encoding="utf-8")
    print(f"{perf_counter() - started:.0f} seconds")


if __name__ == "__main__":
    main()
