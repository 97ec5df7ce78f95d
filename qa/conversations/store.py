"""Conversations in tables: listed, named, searched, and deleted for good."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from footnoted.corpus.errors import FootnotedError, UnusableInput
from footnoted.index.database import SharedDatabase
from footnoted.index.protocols import Tables
from footnoted.qa.conversations.types import Conversation, Turn, Verdict, kept
from footnoted.qa.evaluation.types import Evidence
from footnoted.qa.types import Answer
from footnoted.qa.verify.saved import answer_from
from footnoted.qa.within import ALL, Choice

_TABLES = (
    "CREATE TABLE IF NOT EXISTS conversations (id TEXT PRIMARY KEY, owner TEXT NOT NULL,"
    " collection TEXT NOT NULL, title TEXT NOT NULL, updated TEXT NOT NULL)",
    "CREATE INDEX IF NOT EXISTS of_owner ON conversations (owner, updated)",
    "CREATE TABLE IF NOT EXISTS turns (conversation TEXT NOT NULL REFERENCES conversations"
    " ON DELETE CASCADE, number INTEGER NOT NULL, question TEXT NOT NULL, answer TEXT, error TEXT,"
    " verdict TEXT, place TEXT, choice TEXT, alone INTEGER NOT NULL DEFAULT 0,"
    " PRIMARY KEY (conversation, number))",
)
# What files of earlier versions lack, by the version that brought it.
_ADDED = {
    1: "ALTER TABLE turns ADD COLUMN place TEXT",
    2: "ALTER TABLE turns ADD COLUMN choice TEXT",
    3: "ALTER TABLE turns ADD COLUMN alone INTEGER NOT NULL DEFAULT 0",
}
_VERSION = max(_ADDED)
_LONGEST_TITLE = 120
# Of an id, which is all that a link to a conversation holds: nobody guesses it.
_BYTES = 16


class NoConversation(UnusableInput):
    """There is no such conversation, or it is somebody else's."""

    def __init__(self) -> None:
        super().__init__(
            "this conversation is not here any more, or it is somebody else's, who can export it"
        )


class Conversations:
    """Those of every owner, each of whom sees their own. Threads may share it."""

    def __init__(
        self,
        kept_in: Path | Tables,
        is_shown: Callable[[str, str], bool] = lambda owner, collection: True,
    ) -> None:
        """``kept_in``: a SQLite file, or tables that are there. ``is_shown``: whether an owner sees
        those on a collection, which quote it; others are told as what is not there.

        Raises:
            UnusableInput: a later version kept them.
        """
        self._is_shown = is_shown
        self._database = _of_file(kept_in) if isinstance(kept_in, Path) else kept_in

    def close(self) -> None:
        self._database.close()

    def create(self, owner: str, collection: str, title: str) -> str:
        """Begin a conversation; its id."""
        new = secrets.token_urlsafe(_BYTES)
        with self._database.changing():
            self._database.do(
                "INSERT INTO conversations (id, owner, collection, title, updated)"
                " VALUES (?, ?, ?, ?, ?)",
                [new, owner, collection, _titled(title), _now()],
            )
        return new

    def conversation(self, owner: str, id_: str) -> Conversation:
        """
        Raises:
            NoConversation: there is none.
        """
        found = self._listed(owner, "id = ?", [id_])
        if not found:
            raise NoConversation
        return found[0]

    def conversations(self, owner: str, words: str = "", most: int = -1) -> list[Conversation]:
        """The conversations of an owner, the last first, whose titles or questions hold ``words``.

        ``most``: of these, the first so many; all, where it is negative.
        """
        wanted = " ".join(words.split())
        pattern = "%{}%".format(wanted.replace("!", "!!").replace("%", "!%").replace("_", "!_"))
        found = self._listed(
            owner,
            "(lower(title) LIKE lower(?) ESCAPE '!' OR EXISTS (SELECT 1 FROM turns WHERE"
            " conversation = id AND lower(question) LIKE lower(?) ESCAPE '!'))",
            [pattern, pattern],
        )
        return found if most < 0 else found[:most]

    def turns(self, owner: str, id_: str) -> list[Turn]:
        """The questions of a conversation, in the order in which they were asked.

        Raises:
            NoConversation: there is none.
        """
        self.conversation(owner, id_)
        with self._database.reading():
            rows = list(
                self._database.rows(
                    "SELECT question, answer, error, verdict, place, choice, alone FROM turns"
                    " WHERE conversation = ? ORDER BY number",
                    [id_],
                )
            )
        return [_turn(*row) for row in rows]

    def ask(
        self, owner: str, id_: str, question: str, choice: Choice = ALL, alone: bool = False
    ) -> int:
        """Keep a question that is going to be read, of the documents that are chosen; its number,
        from 1 on. ``alone``: as if none had been asked before it.

        Raises:
            NoConversation: there is no such conversation.
        """
        self.conversation(owner, id_)
        chosen = None if choice.is_all else json.dumps(choice.as_dict())
        with self._database.changing():
            # First, so that of two who ask at once the second one waits, and counts the first.
            self._database.do("UPDATE conversations SET updated = ? WHERE id = ?", [_now(), id_])
            if not self._database.row("SELECT 1 FROM conversations WHERE id = ?", [id_]):
                raise NoConversation  # it was deleted meanwhile
            (number,) = self._database.row(
                "SELECT count(*) + 1 FROM turns WHERE conversation = ?", [id_]
            )
            self._database.do(
                "INSERT INTO turns (conversation, number, question, choice, alone)"
                " VALUES (?, ?, ?, ?, ?)",
                [id_, number, question, chosen, int(alone)],
            )
        return int(number)

    def finish(self, id_: str, number: int, outcome: Answer | str) -> None:
        """Keep what came of a question: an answer, or why there is none.

        What comes first stays; of a conversation that was deleted meanwhile, nothing is kept.
        """
        answer = error = None
        if isinstance(outcome, str):
            error = outcome
        else:
            answer = json.dumps(kept(outcome), ensure_ascii=False)
        with self._database.changing():
            self._database.do(
                "UPDATE turns SET answer = ?, error = ? WHERE conversation = ? AND number = ?"
                " AND answer IS NULL AND error IS NULL",
                [answer, error, id_, number],
            )

    def is_waiting(self, id_: str, number: int) -> bool:
        """Whether nothing has come of a question yet; not of one that is not there any more."""
        with self._database.reading():
            return bool(
                self._database.row(
                    "SELECT 1 FROM turns WHERE conversation = ? AND number = ?"
                    " AND answer IS NULL AND error IS NULL",
                    [id_, number],
                )
            )

    def judge(
        self,
        owner: str,
        id_: str,
        number: int,
        verdict: Verdict | None,
        place: Evidence | None = None,
    ) -> None:
        """Keep what a person says of an answer, and the ``place`` that would have been right; None
        takes it back.

        Raises:
            NoConversation: there is no such conversation.
            UnusableInput: that question has no answer.
        """
        turns = self.turns(owner, id_)
        if not 1 <= number <= len(turns) or turns[number - 1].answer is None:
            raise UnusableInput(f"question {number} has no answer that could be judged")
        with self._database.changing():
            self._database.do(
                "UPDATE turns SET verdict = ?, place = ? WHERE conversation = ? AND number = ?",
                [verdict, json.dumps(asdict(place)) if place else None, id_, number],
            )

    def rename(self, owner: str, id_: str, title: str) -> None:
        """
        Raises:
            NoConversation: there is none.
            UnusableInput: the title is empty.
        """
        self.conversation(owner, id_)
        if not _titled(title):
            raise UnusableInput("a conversation needs a name; give it one")
        with self._database.changing():
            self._database.do(
                "UPDATE conversations SET title = ? WHERE id = ?", [_titled(title), id_]
            )

    def remove(self, owner: str, id_: str) -> None:
        """Delete a conversation, for good.

        Raises:
            NoConversation: there is none.
        """
        self.conversation(owner, id_)
        with self._database.changing():
            self._database.do("DELETE FROM conversations WHERE id = ?", [id_])
        self._database.settle()  # nor is it left in the log of changes

    def collection_renamed(self, name: str, new: str) -> None:
        with self._database.changing():
            self._database.do(
                "UPDATE conversations SET collection = ? WHERE collection = ?", [new, name]
            )

    def collection_removed(self, name: str) -> None:
        """Delete what was said of a collection that is gone: it quotes it."""
        with self._database.changing():
            self._database.do("DELETE FROM conversations WHERE collection = ?", [name])
        self._database.settle()  # nor is it left in the log of changes

    def _listed(self, owner: str, where: str, values: Sequence[str]) -> list[Conversation]:
        with self._database.reading():
            rows = list(
                self._database.rows(
                    "SELECT id, title, collection, (SELECT count(*) FROM turns WHERE"
                    f" conversation = id), updated FROM conversations WHERE owner = ? AND {where}"
                    " ORDER BY updated DESC, rowid DESC",
                    [owner, *values],
                )
            )
        found = [Conversation(*row) for row in rows]
        about = {one.collection for one in found}
        shown = {collection for collection in about if self._is_shown(owner, collection)}
        return [one for one in found if one.collection in shown]


def _of_file(file: Path) -> SharedDatabase:
    """A SQLite file with the tables of this version."""
    database = SharedDatabase(file)
    with database.changing():
        (version,) = database.row("PRAGMA user_version")
        if version > _VERSION:
            raise UnusableInput("they were kept by a later version of Footnoted; update this one")
        if "turns" in database.tables():
            for added in range(version + 1, _VERSION + 1):
                database.do(_ADDED[added])
        else:
            for table in _TABLES:
                database.do(table)
        database.do(f"PRAGMA user_version = {_VERSION}")
    return database


def _turn(
    question: str,
    answer: str | None,
    error: str | None,
    verdict: Verdict | None,
    place: str | None,
    choice: str | None,
    alone: int,
) -> Turn:
    try:
        asked = Choice(**json.loads(choice)) if choice else ALL
        if answer is None:
            return Turn(question, error=error, choice=asked, alone=bool(alone))
        shown = Evidence(**json.loads(place)) if place else None
        return Turn(
            question, answer_from(json.loads(answer)), None, verdict, shown, asked, bool(alone)
        )
    except (ValueError, TypeError, FootnotedError):
        return Turn(question, error="This answer was kept by another version; ask again")


def _titled(text: str) -> str:
    title = " ".join(text.split())
    return title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 2].rstrip()} …"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")
