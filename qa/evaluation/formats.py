"""Question sets in the forms of others: CSV, SQuAD's JSON, BEIR's folders."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import Field

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.types import Document
from footnoted.qa.evaluation.json_input import (
    Checked,
    Offset,
    Text,
    check,
    decode,
    parse,
    read_lines,
)
from footnoted.qa.evaluation.types import Evidence, Question

Found = tuple[list[tuple[Question, str]], list[str]]
"""Questions, each with the place to name if something is wrong with it; and warnings."""

_CSV_NEEDED = frozenset({"question", "answer"})
_CSV_COLUMNS = (*sorted(_CSV_NEEDED), "id", "kind")
_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}
# Spreadsheets may say in a line before the header what stands between cells.
_SEP_LINE = re.compile(r"sep=([,;\t])\r?\n", re.IGNORECASE)
_BETWEEN_ANSWERS = "|"
_MOST_RELEVANT = 1000


def read_csv(path: Path) -> Found:
    """The columns ``question`` and ``answer``; each answer between ``|`` is a fact of its own.

    ``id`` and ``kind`` are read where they are; without an id, a question is called by its number.
    Between cells stands a comma, a semicolon or a tab.
    """
    text = decode(path.read_bytes(), str(path))
    told = _SEP_LINE.match(text)
    delimiter = told[1] if told else _delimiter(text)
    rows = _csv_rows(text, delimiter, path)
    if told:
        next(rows)
    header, where = next(rows, ([], f"{path}: line 1"))
    columns = [name.strip().lower() for name in header]
    known = [name for name in columns if name in _CSV_COLUMNS]
    if not set(known) >= _CSV_NEEDED or len(set(known)) < len(known):
        raise UnusableInput(
            f"{where}: must name the columns question and answer, once each; it has {header!r:.80}"
        )
    found = []
    for number, (row, where) in enumerate(rows, start=1):
        # Spreadsheets put empty cells at the end of rows.
        while len(row) > len(columns) and not row[-1].strip():
            row.pop()
        if len(row) != len(columns):
            raise UnusableInput(
                f"{where}: has {len(row)} cells, not {len(columns)}; "
                f"put a cell that holds a {_DELIMITERS[delimiter]} between quotation marks"
            )
        found.append((_csv_question(dict(zip(columns, row, strict=True)), number, where), where))
    unknown = dict.fromkeys(name for name in columns if name not in known)
    return found, [f"{path}: the column {name!r} is unknown and passed over" for name in unknown]


def _delimiter(text: str) -> str:
    """What stands between the names of the columns; a comma if they are not found."""
    header = next((line for line in io.StringIO(text, newline=None) if line.strip()), "")
    for delimiter in _DELIMITERS:
        names = {name.strip(' "\n').lower() for name in header.split(delimiter)}
        if names >= _CSV_NEEDED:
            return delimiter
    return ","


def _csv_rows(text: str, delimiter: str, path: Path) -> Iterator[tuple[list[str], str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
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
    if not cells["question"].strip():
        raise UnusableInput(f"{where}: question is empty; fill it in or delete the line")
    facts = (answer.strip() for answer in cells["answer"].split(_BETWEEN_ANSWERS))
    return Question(
        id=cells.get("id", "").strip() or str(number),
        question=cells["question"],
        answers=tuple((fact,) for fact in facts if fact),
        kind=cells.get("kind", "").strip() or None,
    )


class _SquadAnswer(Checked):
    text: Text
    answer_start: Offset


class _SquadQuestion(Checked):
    id: Text
    question: Text
    is_impossible: bool | None = None
    answers: list[_SquadAnswer] | None = None


class _Paragraph(Checked):
    context: Text
    qas: list[_SquadQuestion] | None = None


class _Article(Checked):
    paragraphs: list[_Paragraph] | None = None


class _Squad(Checked):
    data: list[_Article]


def read_squad(path: Path, documents: Iterable[Document]) -> Found:
    """SQuAD 1.1 and 2.0: several answers to a question are wordings of one fact.

    Every document whose text is exactly a paragraph is the gold document of the paragraph's
    questions, also of those that it does not answer, and holds their evidence.
    """
    by_text: dict[str, list[str]] = {}
    for document in documents:
        by_text.setdefault(document.text, []).append(document.id)
    whole = parse(decode(path.read_bytes(), str(path)), str(path))
    if not isinstance(whole, dict) or "data" not in whole:
        raise UnusableInput(
            f"{path} is not in SQuAD's form: the list data is missing; "
            "name a .jsonl file with one JSON object a line for a set of another form"
        )
    found = []
    for a, article in enumerate(check(_Squad, whole, str(path)).data):
        for p, paragraph in enumerate(article.paragraphs or ()):
            holding = by_text.get(paragraph.context, [])
            for q, asked in enumerate(paragraph.qas or ()):
                where = f"{path}: data[{a}] paragraphs[{p}] qas[{q}]"
                found.append((_squad_question(asked, holding), where))
    return found, []


def _squad_question(asked: _SquadQuestion, holding: list[str]) -> Question:
    given = [] if asked.is_impossible else asked.answers or []
    wordings = tuple(dict.fromkeys(answer.text for answer in given))
    places = dict.fromkeys((answer.answer_start, answer.text) for answer in given)
    return Question(
        id=asked.id,
        question=asked.question,
        answers=(wordings,) if wordings else (),
        evidence=tuple(
            Evidence(document, start, wording) for document in holding for start, wording in places
        ),
        relevant=dict.fromkeys(holding, 1),
    )


class _Query(Checked):
    id: Text = Field(alias="_id")
    text: Text


def read_beir(folder: Path) -> Found:
    """``queries.jsonl`` and ``qrels/test.tsv``: questions that have gold documents, no answers.

    Queries without a relevant document in the judgments, such as those of other splits, are left
    out.
    """
    relevant = _judgments(folder / "qrels" / "test.tsv")
    path = folder / "queries.jsonl"
    found, others = [], 0
    for query, where in read_lines(path, _Query):
        if judged := relevant.get(query.id):
            held = Question(query.id, query.text, (), relevant=judged, answers_known=False)
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
