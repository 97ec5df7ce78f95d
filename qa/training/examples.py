"""Public question sets to examples: a question, a text, and where the text answers it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from footnoted.corpus import files as reading
from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.formats.beir import BEIR_FILE
from footnoted.corpus.types import Span
from footnoted.qa.evaluation import questions as sets
from footnoted.qa.evaluation.types import Question

TRAIN, CALIBRATE, MEASURE = "train", "calibrate", "measure"
"""The parts of the data; an article is wholly in one. The split never changes."""

_MEASURED_ARTICLES = frozenset(
    ("European_Union_law", "Harvard_University", "Imperialism", "Packet_switching", "Warsaw")
)
_CALIBRATED_ARTICLES = frozenset(
    (
        "Scottish_Parliament",
        "Armenian_Apostolic_Church",
        "Baltic_Sea",
        "Cardiovascular_disease",
        "Homelessness_in_the_United_States",
        "Manhattan",
        "Republican_Party_(United_States)",
    )
)


@dataclass(frozen=True, slots=True)
class Example:
    """A question asked of one text.

    ``spans`` are the places that answer it: all of them where ``is_list``, else each a place that
    somebody took for the answer, as often as people did. None: the text does not answer.
    ``answers`` are all accepted wordings, also of people who pointed at no place.
    """

    question: str
    text: str
    spans: tuple[Span, ...]
    article: str
    source: str
    answers: tuple[str, ...] = ()
    is_list: bool = False
    part: str = TRAIN


def read(path: Path) -> list[Example]:
    """The examples of SQuAD's JSON, or of a folder with ``corpus.jsonl`` and ``questions.jsonl``.

    Raises:
        UnusableInput: there is no such file, or it is neither.
    """
    if path.is_dir() and (path / BEIR_FILE).is_file():
        return list(_read_folder(path))
    if path.is_dir():
        files = [found for found in sorted(path.iterdir()) if _is_data(found)]
        if files:
            return [example for file in files for example in read(file)]
    elif path.suffix == ".json":
        return list(_read_squad(path))
    raise UnusableInput(
        f"{path} holds no training data; name SQuAD's .json, or a folder with {BEIR_FILE} and "
        "questions.jsonl"
    )


def _is_data(path: Path) -> bool:
    return path.suffix == ".json" or (path / BEIR_FILE).is_file()


def _read_squad(path: Path) -> Iterator[Example]:
    """SQuAD 1.1 or 2.0, with the answers' offsets as given."""
    source = path.stem.split("-")[0]
    try:
        articles = json.loads(path.read_text(encoding="utf-8"))["data"]
        for article in articles:
            for paragraph in article["paragraphs"]:
                for asked in paragraph["qas"]:
                    yield _squad_example(asked, paragraph["context"], article["title"], source)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnusableInput(f"{path} is not in SQuAD's form: {error!r}") from None


def _squad_example(asked: dict[str, Any], text: str, article: str, source: str) -> Example:
    spans = [
        Span(answer["answer_start"], answer["answer_start"] + len(answer["text"]))
        for answer in asked["answers"]
        if text.startswith(answer["text"], answer["answer_start"])
    ]
    title = article.replace(" ", "_")
    return Example(
        asked["question"].strip(),
        text,
        tuple(spans),
        title,
        source,
        tuple(text[start:end] for start, end in spans),
        part=part_of_article(title),
    )


def part_of_article(title: str) -> str:
    if title in _MEASURED_ARTICLES:
        return MEASURE
    return CALIBRATE if title in _CALIBRATED_ARTICLES else TRAIN


def _part_of_text(number: int) -> str:
    """Of a set without articles, every third text is measured and every sixth calibrates."""
    return {0: MEASURE, 1: CALIBRATE, 3: MEASURE}.get(number % 6, TRAIN)


def _read_folder(folder: Path) -> Iterator[Example]:
    documents = {
        document.id: document
        for file in reading.read(folder / BEIR_FILE)
        for document in file.documents
    }
    numbers = {document: number for number, document in enumerate(documents)}
    source = folder.name.split("-")[0]
    for question in sets.read(folder / "questions.jsonl").questions:
        for name in question.relevant:
            document = documents[name]
            title = document.title if document.title != document.id else ""
            article = title.replace(" ", "_") or document.id
            part = part_of_article(article) if title else _part_of_text(numbers[name])
            yield Example(
                question.question.strip(),
                document.text,
                tuple(_spans(question, name)),
                article,
                source,
                tuple(wording for fact in question.answers for wording in fact),
                is_list=len(question.answers) > 1,
                part=part,
            )


def _spans(question: Question, document: str) -> Iterator[Span]:
    for place in question.evidence:
        if place.document == document and place.start is not None:
            yield Span(place.start, place.start + len(place.quote))
