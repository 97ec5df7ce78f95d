"""Who may use a server: names, roles and what proves them, in one text."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Literal

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from footnoted.corpus.errors import UnusableInput
from footnoted.index.collections import ACCOUNTS
from footnoted.qa.accounts.private_file import PrivateFile, Whole
from footnoted.qa.accounts.tokens import BYTES, hashed, new_token

Role = Literal["reader", "editor"]
"""A reader asks, looks up and evaluates; an editor makes and changes collections, too."""

SHORTEST = 10
"""Characters of a password: fewer can be tried through."""

LONGEST = 1000
"""Characters of a password; what is longer is none, and costs time."""

EVERYONE = "everyone"
"""What is said for all accounts, so that none is called so."""

NOBODY = "anyone"
"""Whose the conversations are that were had without accounts: nobody else's."""

_NAME = re.compile(r"\w[\w.@-]{0,63}")
_LONGEST_GIVEN = 256  # characters of a name that are looked at: longer ones would cost time


class Token(BaseModel):
    """What proves a script to be somebody; of the token itself, only its hash is kept."""

    model_config = ConfigDict(extra="forbid")

    sha256: str
    until: datetime


class _Kept(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str
    id: str
    role: Role
    password: str
    made: datetime
    tokens: list[Token] = Field(default=[])


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    format: Literal[1] = 1
    accounts: list[_Kept] = Field(default=[])


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may use the server.

    Its ``id`` is its own: what was given to another of the same name before proves nothing.
    """

    name: str
    role: Role
    id: str
    made: datetime
    tokens: int
    """That are valid still."""


class Accounts:
    """Those of one home, or of what several servers share. Threads may share it; what another
    process changes, it sees at once."""

    def __init__(self, kept_in: Path | Whole) -> None:
        """``kept_in``: a home, in which they are a file, or the text that they are elsewhere."""
        at = PrivateFile(kept_in / ACCOUNTS) if isinstance(kept_in, Path) else kept_in
        self._kept_in: Whole = at
        self._known: tuple[Hashable, _File] = (None, _File())
        self._were_there = False

    @property
    def place(self) -> str:
        """Where they are kept."""
        return self._kept_in.place

    @property
    def are_there(self) -> bool:
        """Whether everybody has to sign in: since there is an account, or was one.

        When the last is removed, nobody may use what was closed a moment before.

        Raises:
            FootnotedError: they are broken, or cannot be reached.
        """
        self._were_there = self._were_there or bool(self._now().accounts)
        return self._were_there

    def listed(self) -> list[Account]:
        """
        Raises:
            FootnotedError: they are broken, or cannot be reached.
        """
        return [_account(one) for one in self._now().accounts]

    def add(self, name: str, password: str, role: Role) -> Account:
        """
        Raises:
            UnusableInput: there is one already, none can be called so, or the password is short.
        """
        named, secret = _named(name), _secret(password)
        with self._changing() as kept:
            if any(one.name == named for one in kept.accounts):
                raise UnusableInput(
                    f"there is an account {named!r} already; footnoted accounts remove {named} "
                    "removes it"
                )
            made = _Kept(name=named, id=_new_id(), role=role, password=secret, made=_time())
            kept.accounts.append(made)
        return _account(made)

    def remove(self, name: str) -> str:
        """Remove an account; its sessions and tokens prove nothing from now on. Its name.

        Raises:
            UnusableInput: there is none.
        """
        with self._changing() as kept:
            found = _called(kept, name)
            kept.accounts.remove(found)
        return found.name

    def set_password(self, name: str, password: str) -> str:
        """Give an account another password; what proved it before, sessions and tokens, proves
        nothing from now on. Its name.

        Raises:
            UnusableInput: there is no such account, or the password is short.
        """
        secret = _secret(password)
        with self._changing() as kept:
            found = _called(kept, name)
            found.password, found.id, found.tokens = secret, _new_id(), []
        return found.name

    def set_role(self, name: str, role: Role) -> str:
        """Let an account do more, or less, from its next request on. Its name.

        Raises:
            UnusableInput: there is no such account.
        """
        with self._changing() as kept:
            found = _called(kept, name)
            found.role = role
        return found.name

    def new_token(self, name: str, days: int) -> tuple[str, datetime]:
        """A token that proves who sends it to be ``name``, and until when.

        Raises:
            UnusableInput: there is no such account.
        """
        token, until = f"fn_{new_token()}", _time() + timedelta(days=days)
        with self._changing() as kept:
            found = _called(kept, name)
            found.tokens.append(Token(sha256=hashed(token), until=until))
        return token, until

    def proved(self, name: str, password: str) -> Account | None:
        """Whose name and password these are; it takes as long for a name that nobody has."""
        unknown = _unknown()
        called = normal(name)
        found = next((one for one in self._now().accounts if one.name == called), None)
        try:
            secret = found.password if found else unknown
            _hasher().verify(secret, _bytes(password if len(password) <= LONGEST else ""))
        except (VerificationError, InvalidHashError):
            return None
        return _account(found) if found else None

    def of_token(self, token: str) -> Account | None:
        """Whose a token is, if it is valid still."""
        hash_, now = hashed(token), _time()
        for one in self._now().accounts:
            for kept in one.tokens:
                if secrets.compare_digest(kept.sha256, hash_) and now < kept.until:
                    return _account(one)
        return None

    def of_id(self, id_: str) -> Account | None:
        return next((_account(one) for one in self._now().accounts if one.id == id_), None)

    def _now(self) -> _File:
        """What there is at this moment."""
        known, read = self._known
        found = self._kept_in.read(known)
        if found.stamp is None:
            read = _File()
        elif found.text is not None:
            read = _parsed(found.text, self.place)
        self._known = found.stamp, read  # of two threads, the later one knows as much
        return read

    @contextmanager
    def _changing(self) -> Iterator[_File]:
        """What is changed inside is kept, unless that fails; meanwhile nobody else changes it."""
        with self._kept_in.changing() as replace:
            kept = self._now().model_copy(deep=True)
            yield kept
            for one in kept.accounts:
                one.tokens = [token for token in one.tokens if _time() < token.until]
            kept.accounts.sort(key=lambda one: one.name)
            replace(kept.model_dump_json(indent=1))


def _parsed(text: bytes, place: str) -> _File:
    try:
        return _File.model_validate_json(text)
    except ValidationError as error:
        wrong = error.errors(include_input=False, include_context=False)[0]
        where = ".".join(map(str, wrong["loc"])) or "it"
        raise UnusableInput(
            f"{place} is broken ({where}: {wrong['msg']}); put back a copy of it, or delete it and "
            "add the accounts anew"
        ) from None


def _account(kept: _Kept) -> Account:
    valid = sum(_time() < token.until for token in kept.tokens)
    return Account(kept.name, kept.role, kept.id, kept.made, valid)


def _called(kept: _File, name: str) -> _Kept:
    for one in kept.accounts:
        if one.name == normal(name):
            return one
    raise UnusableInput(
        f"there is no account {name[:64]!r}; footnoted accounts list shows those there are"
    )


def _named(name: str) -> str:
    named = normal(name)
    if not _NAME.fullmatch(named) or named in (EVERYONE, NOBODY):
        raise UnusableInput(
            f"nobody can be called {name[:64]!r} here; choose a name such as anna or anna.berg, of "
            "at most 64 letters, figures and .-_@"
        )
    return named


def _secret(password: str) -> str:
    """What a password is checked by.

    Raises:
        UnusableInput: it is short.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise UnusableInput(
            f"this password has {len(password):,} characters; choose one of at least "
            f"{SHORTEST}, such as four words"
        )
    return _hasher().hash(_bytes(password))


def _new_id() -> str:
    return secrets.token_hex(16)


def normal(name: str) -> str:
    """Great and small letters are alike, so that nobody is taken for somebody else."""
    name = name[:_LONGEST_GIVEN]
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()).strip()


def _bytes(password: str) -> bytes:
    """The same from every keyboard."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()  # argon2id, by the second recommendation of RFC 9106


@cache
def _unknown() -> str:
    """What the passwords of those are compared with whom nobody knows."""
    return _hasher().hash(secrets.token_bytes(BYTES))


def _time() -> datetime:
    return datetime.now(UTC)
