"""What the browser keeps and gives back, which is parsed here, once, and typed from here on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import Field, TypeAdapter, ValidationError

from footnoted.qa.service.filing import Wanted
from footnoted.qa.within import Choice


class Unreadable(ValueError):
    """Not what this page gave to the browser: another version's, or made up."""


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
    kind: Literal["citation", "nearest", "read", "match", "expected"] | None = None
    block: Annotated[int, Field(ge=0)] | None = None


_TARGET = TypeAdapter(Target)


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


class Question(NamedTuple):
    """A question as the browser sends it; ``alone``, as if none had been asked before it."""

    text: str
    alone: bool
    choice: Choice


def asked(data: Any) -> Question:
    """What is asked.

    Raises:
        Unreadable: it is no question.
    """
    if not isinstance(data, dict):
        raise Unreadable("a question is needed")
    return Question(text(data.get("question")).strip(), data.get("alone") is True, _choice(data))


def _choice(data: Mapping[str, Any]) -> Choice:
    documents = data.get("documents", [])
    if not isinstance(documents, list):
        raise Unreadable("documents are a list of texts")
    since, until = (text(data.get(name, "")).strip() for name in ("since", "until"))
    return Choice([text(one) for one in documents], since, until)


class Place(NamedTuple):
    """What a page is about: a collection by its name, or a conversation on one.

    ``visit`` is how often the page was turned to one, as it counts itself.
    """

    collection: str
    conversation: str
    left: str = ""
    """The conversation that was shown before, where another is begun."""
    visit: int = 0


def place(data: Any, collection: Any, conversation: Any) -> Place:
    """Where a page is turned to: what an event says or, without it, what the address does.

    Raises:
        Unreadable: these are no texts, or it is no number.
    """
    left, visit = "", 0
    if isinstance(data, dict):
        collection, conversation = data.get("name", ""), data.get("conversation", "")
        left, visit = data.get("left", ""), number(data, "visit")
    return Place(text(collection), text(conversation), text(left), visit)


class Shown(NamedTuple):
    """What a page shows that follows what others change: the files from number ``first`` on, the
    list of documents, or one of them, and the welcome, or a conversation.

    ``left`` is the conversation to which the welcome leads back, ``visit`` as in ``Place``.
    """

    first: int
    lists: bool
    welcomes: bool
    left: str
    visit: int


def shown(data: Any) -> Shown:
    """What a page says that it shows.

    Raises:
        Unreadable: it says no such thing.
    """
    if not isinstance(data, dict):
        raise Unreadable("what is shown is needed")
    lists, welcomes = data.get("lists") is True, data.get("welcomes") is True
    left, visit = text(data.get("left", "")), number(data, "visit")
    return Shown(number(data, "first"), lists, welcomes, left, visit)


def number(data: Any, name: str) -> int:
    """The number that an event gives under this name; 0, unless it does.

    Raises:
        Unreadable: it is no number.
    """
    found = data.get(name, 0) if isinstance(data, dict) else 0
    if type(found) is not int:  # a bool is one, too
        raise Unreadable(f"a number is needed, not {type(found).__name__}")
    return found


_WANTED = TypeAdapter(Wanted)


def wanted(words: Any, which: Any, sorting: Any) -> Wanted:
    """Which files are to be listed; ``sorting`` is what the list was told of it, in JSON.

    Raises:
        Unreadable: they are none of ours.
    """
    try:
        told = json.loads(text(sorting) or "{}")
        return _WANTED.validate_python({**told, "which": which, "words": text(words)})
    except (ValueError, TypeError, RecursionError):
        raise Unreadable("this is no list of files") from None


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
