"""What may be asked of a server for a collection that is made there, as its address says it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Self
from urllib.parse import parse_qsl

from footnoted.corpus.errors import UnusableInput

_WANTED = (
    "what may stand behind the ? of a store's address is shards=N, copies=N, confirmed=N, "
    "on_disk=true and quantisation=int8, joined by &; a key goes into the environment, as "
    "QDRANT_API_KEY"
)


@dataclass(frozen=True, slots=True)
class Options:
    """How a collection is to be made; what is None is left to the server.

    ``confirmed``: by so many of the ``copies`` a write is confirmed; by all, where it is None.
    ``on_disk``: vectors and their graph are read from the disk rather than held in memory, where
    the quantised ones stay.
    """

    shards: int | None = None
    copies: int | None = None
    confirmed: int | None = None
    on_disk: bool | None = None
    quantisation: str | None = None

    @classmethod
    def parse(cls, query: str) -> Self:
        """The options that an address ends in, behind its ``?``.

        Raises:
            UnusableInput: there is no such option, or it has no such value.
        """
        try:
            given = parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query))
        except ValueError:
            raise UnusableInput(_WANTED) from None
        named = dict(given)
        if not named.keys() <= _READ.keys() or len(named) < len(given):
            raise UnusableInput(_WANTED)
        options = cls(**{name: _READ[name](name, value) for name, value in named.items()})
        if options.confirmed and options.confirmed > (options.copies or 1):
            raise UnusableInput(f"confirmed={options.confirmed} needs as many copies: copies=N")
        return options

    @property
    def needed(self) -> int | None:
        """How many copies confirm a write."""
        return self.confirmed or self.copies

    def unlike(self, made: Mapping[str, Any]) -> list[str]:
        """Which of these a collection has otherwise that was ``made`` so, each with what it has."""
        wanted = {field.name: getattr(self, field.name) for field in fields(self)}
        wanted["confirmed"] = self.needed
        return [
            f"{name}={_shown(made.get(name))}, not {_shown(value)}"
            for name, value in wanted.items()
            if value is not None and value != made.get(name)
        ]


def _shown(value: Any) -> str:
    return "none" if value is None else str(value).lower()


def _number(name: str, value: str) -> int:
    if not value.isascii() or not value.isdigit() or not 0 < int(value) <= 10_000:
        raise UnusableInput(f"{name} of a store's address is a number from 1 on, not {value!r}")
    return int(value)


def _truth(name: str, value: str) -> bool:
    if value not in ("true", "false"):
        raise UnusableInput(f"{name} of a store's address is true or false, not {value!r}")
    return value == "true"


def _quantisation(name: str, value: str) -> str:
    if value != "int8":  # bits, of vectors as short as ours, miss a quarter of what is near
        raise UnusableInput(f"{name} of a store's address is int8, not {value!r}")
    return value


_READ: dict[str, Callable[[str, str], Any]] = {
    "shards": _number,
    "copies": _number,
    "confirmed": _number,
    "on_disk": _truth,
    "quantisation": _quantisation,
}
