"""Where servers keep what they share: a database of PostgreSQL's, at an address as libpq reads."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from footnoted.corpus.errors import UnusableInput

_URL = re.compile(r"postgres(?:ql)?://[^\s]+", re.IGNORECASE)
_SECRET = ("password", "sslpassword", "oauth_client_secret")
_WANTED = "name a database, as in postgresql://USER@HOST:PORT/DATABASE?sslmode=verify-full"


@dataclass(frozen=True, slots=True)
class Address:
    """What ``--state`` names; ``str`` gives it back."""

    url: str

    @classmethod
    def parse(cls, text: str) -> Address:
        """
        Raises:
            UnusableInput: it is no address of a database, or it holds a password.
        """
        if not _URL.fullmatch(text):
            raise UnusableInput(f"{text[:80]!r} keeps nothing; {_WANTED}")
        try:
            parts = urlsplit(text)
        except ValueError:
            raise UnusableInput(f"this is no address; {_WANTED}") from None
        user, is_user, _ = parts.netloc.rpartition("@")
        if (is_user and ":" in user) or any(one in parse_qs(parts.query) for one in _SECRET):
            raise UnusableInput(
                "the address of a database holds no password, which every list of processes would "
                "show; put it into the environment, as PGPASSWORD, or into ~/.pgpass"
            )
        if not parts.path.strip("/"):
            raise UnusableInput(f"{text!r} names no database; {_WANTED}")
        return cls(text)

    def __str__(self) -> str:
        return self.url
