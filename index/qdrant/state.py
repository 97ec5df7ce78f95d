"""The manifest: one point that says which change is the newest, and who is writing."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from qdrant_client import models

from footnoted.corpus.errors import DamagedIndex, NoIndex, UnusableInput
from footnoted.index.qdrant.client import Client
from footnoted.index.qdrant.points import MANIFEST, Moment, Numbers, equals, ids
from footnoted.index.types import Manifest

FORMAT = 2

# Each is asked for with every search. What a writer sent before so many others were given up has
# long arrived, or never will.
_MOST_VOID = 8

_MADE_OF = Manifest.__slots__
_NUMBERS = {"generation", "dimension", "passage_tokens"}

_Held = TypeVar("_Held")


@dataclass(frozen=True, slots=True)
class State:
    """An index as it stands. ``version`` is the number of its newest change, of whatever kind,
    ``tried`` the highest that was given to one."""

    version: int
    tried: int
    void: tuple[Numbers, ...]
    """The numbers up to ``version`` of changes that came to nothing."""
    manifest: Manifest
    stand_in: str | None
    writer: str
    """A word of the writer's own; "" while nobody writes."""
    beat: int
    """Raised by the writer as long as it is alive."""
    who: str

    @property
    def moment(self) -> Moment:
        return Moment(self.version, self.void)

    def after(self, number: int) -> Moment:
        """What has counted when the change with this number does, as the next of all."""
        given_up = (self.version + 1, number - 1)
        void = (*self.void, given_up) if number - 1 > self.version else self.void
        return Moment(number, void[-_MOST_VOID:])


def read(client: Client) -> State:
    """The state of the index that ``client`` talks to.

    Raises:
        NoIndex: there is none.
        UnusableInput: what is there is not an index of this version.
    """
    found = client.get([MANIFEST])
    if not found:
        raise NoIndex.of(client.address)
    told = found[0].payload or {}
    if told.get("format") != FORMAT:
        raise UnusableInput(
            f"{client.address} is not an index of this version; index its documents into another"
        )
    try:
        manifest = Manifest(**{name: _held(told, name, _type_of(name)) for name in _MADE_OF})
        void = tuple((int(first), int(last)) for first, last in _held(told, "void", list))
        version, tried, beat = (_held(told, name, int) for name in ("version", "tried", "beat"))
        stand_in, writer, who = (_held(told, name, str) for name in ("stand_in", "writer", "who"))
    except (KeyError, TypeError, ValueError) as error:
        raise DamagedIndex.of(client.address, f"its manifest cannot be read ({error})") from None
    return State(version, tried, void, manifest, stand_in or None, writer, beat, who)


def _type_of(name: str) -> type[Any]:
    return int if name in _NUMBERS else str


def _held(told: Mapping[str, Any], name: str, of: type[_Held]) -> _Held:
    value = told[name]
    if not isinstance(value, of):
        raise TypeError(f"its {name} is {str(value)[:40]!r}")
    return value


def write_first(
    client: Client, *, embedder: str, embedder_name: str, dimension: int, passage_tokens: int
) -> None:
    """The manifest of an empty index, generation 0."""
    manifest = Manifest(uuid.uuid4().hex, 0, "", embedder, embedder_name, dimension, passage_tokens)
    told = {name: getattr(manifest, name) for name in _MADE_OF}
    own = {"kind": "manifest", "format": FORMAT, "version": 0, "tried": 0, "void": []}
    free = {"stand_in": "", "writer": "", "beat": 0, "who": ""}
    client.put([models.PointStruct(id=MANIFEST, payload=own | told | free, vector={})])


def exchange(client: Client, expected: Mapping[str, Any], new: Mapping[str, Any]) -> State:
    """Write ``new`` where what is ``expected`` stands; the state after that, whoever wrote it.

    Qdrant does one such change after the other, each as a whole: of two that expect the same, one
    alone finds it.
    """
    wanted = [equals(field, value) for field, value in expected.items()]
    client.exchange(dict(new), models.Filter(must=[ids([MANIFEST]), *wanted]))
    return read(client)
