"""Question sets, read and checked whole before anything is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.types import Document
from footnoted.qa.evaluation import formats
from footnoted.qa.evaluation.character_spans import occurrences
from footnoted.qa.evaluation.json_input import Checked, Offset, Text, read_lines
from footnoted.qa.evaluation.types import Evidence, Question, QuestionSet
from footnoted.qa.pipeline import check_questions


def _wordings(value: Any) -> Any:
    if not isinstance(value, list) or not value:
        raise PydanticCustomError(
            "wordings", 'is not a list of the wordings of one fact; write "answers": [["…"]]'
        )
    return value


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


class _Evidence(Checked):
    document: Text
    start: Offset | None = None
    quote: Text


class _Question(Checked):
    id: Text
    question: Text
    answers: list[Annotated[list[Text], BeforeValidator(_wordings)]] | None = None
    evidence: list[_Evidence] | None = None
    history: list[Text] | None = None
    kind: Text | None = None
    # The gold document, or several in a list, also where nothing answers.
    passage: Annotated[list[Text] | None, BeforeValidator(_listed)] = None


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
        raise UnusableInput(f"{path} holds no questions; name a file that does")
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
                f"{where}: the id {question.id!r:.80} is that of {first[question.id]} too; "
                "give each question its own"
            )
        first[question.id] = where


def _read_jsonl(path: Path) -> formats.Found:
    found, unknown = [], dict[str, str]()
    for line, where in read_lines(path, _Question):
        if line.answers is None:
            raise UnusableInput(
                f"{where}: the field answers is missing; give [] if the documents do not answer"
            )
        found.append((_question(line, line.answers), where))
        for name in sorted(_unknown(line)):
            unknown.setdefault(name, where)
    return found, [
        f"{where}: the field {name!r} is unknown and passed over" for name, where in unknown.items()
    ]


def _question(line: _Question, answers: Iterable[Iterable[str]]) -> Question:
    evidence = tuple(
        Evidence(place.document, place.start, place.quote) for place in line.evidence or ()
    )
    return Question(
        id=line.id,
        question=line.question,
        answers=tuple(map(tuple, answers)),
        evidence=evidence,
        history=tuple(line.history or ()),
        kind=line.kind,
        relevant=dict.fromkeys(line.passage or [place.document for place in evidence], 1),
    )


def _unknown(line: _Question) -> set[str]:
    inner = {
        f"evidence.{name}" for place in line.evidence or () for name in place.model_extra or ()
    }
    return inner.union(line.model_extra or ())


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
