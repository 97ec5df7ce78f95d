"""What the browser keeps and gives back, which is parsed here, once, and typed from here on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError

from footnoted.corpus.errors import UnusableInput
from footnoted.qa.types import FORMAT, Answer
from footnoted.qa.verify.saved import answer_from


class Unreadable(ValueError):
    """Not what this page gave to the browser: another version's, or made up."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One question in the chat. Without ``answer`` and ``error``, it is still being read, or waits
    for models that are ``loading``."""

    question: str
    answer: Answer | None = None
    error: str | None = None
    loading: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The turn as ``turns`` reads it back, perhaps by way of JSON."""
        # All of it: what a face alone needs is not in the published object.
        answer = {"format": FORMAT, **asdict(self.answer)} if self.answer else None
        return {"question": self.question, "answer": answer, "error": self.error}


@dataclass(frozen=True, slots=True)
class Target:
    """What a button opens: a document or, with ``kind``, a quotation in it.

    Of a long document a portion is shown: the one with the quotation, or from a ``block`` on.
    """

    document: str
    start: int = 0
    end: int = 0
    sha256: str | None = None
    number: int = 0
    kind: Literal["citation", "nearest", "match"] | None = None
    block: Annotated[int, Field(ge=0)] | None = None


_TARGET = TypeAdapter(Target)


def turns(kept: Iterable[Mapping[str, Any]]) -> list[Turn]:
    """The turns that ``Turn.as_dict`` was kept of.

    Raises:
        Unreadable: they are not.
    """
    try:
        return [_turn(**turn) for turn in kept]
    except (TypeError, UnusableInput) as error:
        raise Unreadable(str(error)) from None


def _turn(question: Any, answer: Mapping[str, Any] | None, error: Any) -> Turn:
    return Turn(
        text(question),
        None if answer is None else answer_from(answer),
        None if error is None else text(error),
    )


def target(data: Mapping[str, Any]) -> Target:
    """What a button's data attributes name.

    Raises:
        Unreadable: they name nothing.
    """
    try:
        found = _TARGET.validate_python({k: v for k, v in data.items() if v is not None})
    except AttributeError:
        raise Unreadable("it names no document") from None
    except ValidationError as error:
        wrong = error.errors()[0]
        raise Unreadable(f"{'.'.join(map(str, wrong['loc']))}: {wrong['msg']}") from None
    text(found.document)
    return found


def chosen(data: Any) -> str | None:
    """The question that an example carries, if one was clicked.

    Raises:
        Unreadable: it is no text.
    """
    question = data.get("question") if isinstance(data, dict) else None
    return None if question is None else text(question)


def named(data: Any) -> str:
    """The name that a choice carries; empty, where nothing was chosen.

    Raises:
        Unreadable: it is no text.
    """
    return text(data.get("name", "") if isinstance(data, dict) else "")


def first(data: Any) -> int:
    """The number of the file that a list is to begin with; 0, unless a button names another.

    Raises:
        Unreadable: it is no number.
    """
    number = data.get("first", 0) if isinstance(data, dict) else 0
    if type(number) is not int:  # a bool is one, too
        raise Unreadable(f"a number is needed, not {type(number).__name__}")
    return number


def text(value: Any) -> str:
    """What was typed, or is to be shown.

    Raises:
        Unreadable: it is no text, or holds half a character (a surrogate), which nobody can show.
    """
    if not isinstance(value, str):
        raise Unreadable(f"a text is needed, not {type(value).__name__}")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise Unreadable("a text is not valid; type it again") from None
    return value
