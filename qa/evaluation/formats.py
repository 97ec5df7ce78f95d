"""Question sets in the forms of others: CSV, SQuAD's JSON, BEIR's folders."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.types import Document
from footnoted.qa.evaluation.fields import Fields, decode, parse, text, whole_number
from footnoted.qa.evaluation.types import Evidence, Question

Found = tuple[list[tuple[Question, str]], list[str]]
"""Questions, each with the place to name if something is wrong with it; and warnings."""

_CSV_COLUMNS = ("question", "answer", "id", "kind")
_BETWEEN_ANSWERS = "|"
_MOST_RELEVANT = 1000


def read_csv(path: Path) -> Found:
    """The columns ``question`` and ``answer``; each answer between ``|`` is a fact of its own.

    ``id`` and ``kind`` are read where they are; without an id, a question is called by its number.
    """
    rows = _csv_rows(path)
    header, where = next(rows, ([], f"{path}: line 1"))
    columns = [name.strip().lower() for name in header]
    if not {"question", "answer"} <= set(columns) or len(set(columns)) < len(columns):
        raise UnusableInput(
            f"{where}: must name the columns question and answer, once each; it has {header!r:.80}"
        )
    unknown = [name for name in columns if name not in _CSV_COLUMNS]
    found = []
    for number, (row, where) in enumerate(rows, start=1):
        if len(row) != len(columns):
            raise UnusableInput(
                f"{where}: has {len(row)} cells, not {len(columns)}; "
                "put a cell that holds a comma between quotation marks"
            )
        found.append((_csv_question(dict(zip(columns, row, strict=True)), number, where), where))
    return found, [f"{path}: the column {name!r} is unknown and passed over" for name in unknown]


def _csv_rows(path: Path) -> Iterator[tuple[list[str], str]]:
    lines = io.StringIO(decode(path.read_bytes(), str(path)), newline="")
    reader = csv.reader(lines, strict=True)
    while True:
        where = f"{path}: line {reader.line_num + 1}"
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise UnusableInput(f"{where}: is not valid CSV ({error})") from None
        if row is None:
            return
        if row:
            yield row, where


def _csv_question(cells: dict[str, str], number: int, where: str) -> Question:
    facts = (answer.strip() for answer in cells["answer"].split(_BETWEEN_ANSWERS))
    return Question(
        id=cells.get("id", "").strip() or str(number),
        question=text(cells["question"], f"{where}: question"),
        answers=tuple((fact,) for fact in facts if fact),
        kind=cells.get("kind", "").strip() or None,
    )


def read_squad(path: Path, documents: Iterable[Document]) -> Found:
    """SQuAD 1.1 and 2.0: several answers to a question are wordings of one fact.

    Every document whose text is exactly a paragraph is the gold document of the paragraph's
    questions, also of those that it does not answer, and holds their evidence.
    """
    by_text: dict[str, list[str]] = {}
    for document in documents:
        by_text.setdefault(document.text, []).append(document.id)
    whole = Fields(parse(decode(path.read_bytes(), str(path)), str(path)), f"{path}:")
    if "data" not in whole:
        raise UnusableInput(f"{path} is not in SQuAD's form: the list data is missing")
    found = []
    for item, at_article in whole.items("data"):
        for paragraph, at_paragraph in Fields(item, at_article).items("paragraphs"):
            fields = Fields(paragraph, at_paragraph)
            holding = by_text.get(fields.text("context"), [])
            for entry, where in fields.items("qas"):
                found.append((_squad_question(Fields(entry, where), holding), where))
    return found, []


def _squad_question(fields: Fields, holding: list[str]) -> Question:
    impossible = "is_impossible" in fields and fields["is_impossible"]
    if not isinstance(impossible, bool):
        raise UnusableInput(f"{fields.place('is_impossible')} is neither true nor false")
    given = [] if impossible else [_squad_answer(*item) for item in fields.items("answers")]
    wordings = tuple(dict.fromkeys(wording for wording, _ in given))
    return Question(
        id=fields.text("id"),
        question=fields.text("question"),
        answers=(wordings,) if wordings else (),
        evidence=tuple(
            Evidence(document, start, wording)
            for document in holding
            for wording, start in dict.fromkeys(given)
        ),
        relevant=dict.fromkeys(holding, 1),
    )


def _squad_answer(value: object, where: str) -> tuple[str, int]:
    fields = Fields(value, where)
    start = whole_number(fields["answer_start"], fields.place("answer_start"), sys.maxsize)
    return fields.text("text"), start


def read_beir(folder: Path) -> Found:
    """``queries.jsonl`` and ``qrels/test.tsv``: questions that have gold documents, no answers.

    Queries without a relevant document in the judgments, such as those of other splits, are left
    out.
    """
    relevant = _judgments(folder / "qrels" / "test.tsv")
    path = folder / "queries.jsonl"
    found, others = [], 0
    for number, line in enumerate(decode(path.read_bytes(), str(path)).split("\n"), start=1):
        if not line.strip():
            continue
        where = f"{path}: line {number}"
        fields = Fields(parse(line, where), f"{where}:")
        query, question = fields.text("_id"), fields.text("text")
        if relevant.get(query):
            held = Question(query, question, (), relevant=relevant[query], answers_known=False)
            found.append((held, where))
        else:
            others += 1
    missing = set(relevant) - {question.id for question, _ in found}
    if missing := {query for query in missing if relevant[query]}:
        raise UnusableInput(f"{path}: the judged query {min(missing)!r:.80} is missing")
    without = f"{path}: {others} queries have no relevant document in qrels/test.tsv; left out"
    return found, [without] if others else []


def _judgments(path: Path) -> dict[str, dict[str, int]]:
    """Query to documents to relevance; documents judged as not relevant are left out."""
    relevant: dict[str, dict[str, int]] = {}
    for number, line in enumerate(decode(path.read_bytes(), str(path)).split("\n"), start=1):
        cells = line.strip().split("\t")
        if cells == [""] or (number == 1 and cells[-1] == "score"):
            continue
        where = f"{path}: line {number}"
        if len(cells) != 3:
            raise UnusableInput(f"{where}: is not query-id, corpus-id and score between tabs")
        query, document, score = cells
        grades = relevant.setdefault(query, {})
        if (grade := _grade(score, where)) > 0:
            grades[document] = grade
    return relevant


def _grade(cell: str, where: str) -> int:
    """A relevance; the bound keeps trec_eval, which counts each grade apart, small."""
    try:
        grade = int(cell)
    except ValueError:
        grade = _MOST_RELEVANT + 1
    if abs(grade) > _MOST_RELEVANT:
        raise UnusableInput(f"{where}: the score {cell:.20} is no whole number up to 1000")
    return grade
