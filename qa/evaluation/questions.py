"""Question sets, read and checked whole before anything is asked."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.types import Document
from footnoted.qa.evaluation import formats
from footnoted.qa.evaluation.character_spans import occurrences
from footnoted.qa.evaluation.fields import Fields, decode, parse, text, whole_number
from footnoted.qa.evaluation.types import Evidence, Question, QuestionSet
from footnoted.qa.pipeline import check_questions

_KNOWN = frozenset({"id", "question", "answers", "evidence", "history", "kind", "passage"})
_KNOWN_OF_EVIDENCE = frozenset({"document", "start", "quote"})


def read(path: Path, documents: Iterable[Document] = ()) -> QuestionSet:
    """Read a question set: the project's JSONL, CSV, SQuAD's JSON, or a BEIR folder.

    SQuAD's questions come with their paragraphs; those of ``documents`` whose text is such a
    paragraph, to the letter, are its evidence.

    Raises:
        UnusableInput: anything in the set is wrong; names the line, or the place in SQuAD's JSON.
    """
    try:
        found, warnings = _read(path, documents)
    except OSError as error:
        raise UnusableInput(
            f"{error.filename or path} cannot be opened: {error.strerror or error}"
        ) from None
    if not found:
        raise UnusableInput(f"{path} holds no questions")
    _check(found)
    return QuestionSet(tuple(question for question, _ in found), tuple(warnings))


def _read(path: Path, documents: Iterable[Document]) -> formats.Found:
    if path.is_dir():
        return formats.read_beir(path)
    match path.suffix.lower():
        case ".jsonl":
            return _read_jsonl(path)
        case ".csv":
            return formats.read_csv(path)
        case ".json":
            return formats.read_squad(path, documents)
    if not path.exists():
        raise UnusableInput(f"{path} does not exist; name a question set that does")
    raise UnusableInput(
        f"{path} is no question set: name a .jsonl or .csv file, SQuAD's .json, or a BEIR folder"
    )


def _check(found: Iterable[tuple[Question, str]]) -> None:
    """What holds for every form: ids are distinct, and questions are such as can be asked."""
    first: dict[str, str] = {}
    for question, where in found:
        try:
            check_questions(question.question, question.history)
        except UnusableInput as error:
            raise UnusableInput(f"{where}: {error}") from None
        if question.id in first:
            raise UnusableInput(
                f"{where}: the id {question.id!r:.80} is that of {first[question.id]} too"
            )
        first[question.id] = where


def _read_jsonl(path: Path) -> formats.Found:
    found, unknown = [], dict[str, str]()
    # Only a line feed ends a line: a JSON string may hold the other separators of Unicode.
    for number, line in enumerate(decode(path.read_bytes(), str(path)).split("\n"), start=1):
        if line.strip():
            where = f"{path}: line {number}"
            fields = Fields(parse(line, where), f"{where}:")
            found.append((_question(fields), where))
            for name in sorted(_unknown(fields)):
                unknown.setdefault(name, where)
    return found, [
        f"{where}: the field {name!r} is unknown and passed over" for name, where in unknown.items()
    ]


def _question(fields: Fields) -> Question:
    evidence = tuple(_evidence(value, where) for value, where in fields.items("evidence"))
    passages = _passages(fields) or [place.document for place in evidence]
    if "answers" not in fields:
        raise UnusableInput(
            f"{fields.where} the field answers is missing; give [] if the documents do not answer"
        )
    return Question(
        id=fields.text("id"),
        question=fields.text("question"),
        answers=tuple(_fact(value, where) for value, where in fields.items("answers")),
        evidence=evidence,
        history=tuple(text(value, where) for value, where in fields.items("history")),
        kind=fields.text("kind") if "kind" in fields else None,
        relevant=dict.fromkeys(passages, 1),
    )


def _fact(value: Any, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise UnusableInput(f"{where} is not a list of the wordings of one fact")
    return tuple(text(wording, f"{where}[{n}]") for n, wording in enumerate(value))


def _evidence(value: Any, where: str) -> Evidence:
    fields = Fields(value, where)
    start = None
    if "start" in fields:
        start = whole_number(fields["start"], fields.place("start"), sys.maxsize)
    return Evidence(fields.text("document"), start, fields.text("quote"))


def _passages(fields: Fields) -> list[str]:
    """``passage`` names the gold document, or several in a list, also where nothing answers."""
    if "passage" in fields and isinstance(fields["passage"], str):
        return [fields.text("passage")]
    return [text(value, where) for value, where in fields.items("passage")]


def _unknown(fields: Fields) -> set[str]:
    evidence = (Fields(*item) for item in fields.items("evidence"))
    inner = {f"evidence.{name}" for place in evidence for name in place.unknown(_KNOWN_OF_EVIDENCE)}
    return fields.unknown(_KNOWN) | inner


def refuse_foreign(
    questions: Iterable[Question], documents: Iterable[Document], remedy: str
) -> None:
    """Refuse questions whose evidence the documents do not hold.

    ``remedy`` is what to do about it, the end of the error's one line.

    Raises:
        UnusableInput: some evidence is not there; names the first of it.
    """
    if problems := check_evidence(questions, documents):
        more = f"; and {len(problems) - 3} more" if len(problems) > 3 else ""
        raise UnusableInput(
            f"the questions are about other documents: {'; '.join(problems[:3])}{more}; {remedy}"
        )


def check_evidence(questions: Iterable[Question], documents: Iterable[Document]) -> list[str]:
    """What the questions take for evidence and the documents do not hold, by question id.

    A quotation must stand at ``start`` or, without it, anywhere in its document. Gold documents
    without a quotation must exist.
    """
    texts = {document.id: document.text for document in documents}
    return [
        f"{question.id}: {problem}" for question in questions for problem in _amiss(question, texts)
    ]


def _amiss(question: Question, texts: dict[str, str]) -> Iterator[str]:
    named = dict.fromkeys([*(place.document for place in question.evidence), *question.relevant])
    yield from (f"there is no document {name!r:.80}" for name in named if name not in texts)
    for place in question.evidence:
        held = texts.get(place.document)
        if held is None:
            continue
        if place.start is None:
            if next(occurrences(place.quote, held), None) is None:
                yield f"{place.quote!r:.80} does not stand in {place.document}"
        elif not held.startswith(place.quote, place.start):
            yield f"{place.quote!r:.80} does not stand at {place.start} in {place.document}"
