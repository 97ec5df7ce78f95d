"""What is done on each machine's cores, when many index: files are read, documents split, texts
embedded.

What ``footnoted.index.cluster`` sends to an actor is a stage, once, and then item after item. A
file is read where it lies on the actor's machine, if its bytes there are the same as on the one of
the command; else they are fetched from there.
"""

from __future__ import annotations

import pickle
import platform
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

from footnoted.corpus.errors import FootnotedError, UnusableInput, WorkersFailed
from footnoted.corpus.files import About, Found, SourceFile, begin, known, unopened
from footnoted.corpus.passages import PassageSplitter
from footnoted.corpus.reader_pool import ReaderPool
from footnoted.corpus.reading import stamped
from footnoted.corpus.types import Document
from footnoted.index.embedding import load_embedder
from footnoted.index.networks.openvino import on_one_core
from footnoted.index.protocols import Embedder, Keep, Vectors
from footnoted.index.types import Manifest
from footnoted.index.work import Passages, Texts, cut, embedded

_PIECE = 16 << 20
_LONGEST_REASON = 200


class Stage(Protocol):
    """What an actor does to each item, once it is ready. It is sent to every actor."""

    def ready(self) -> Callable[[Any], Any]: ...


class Actor:
    """One core's, for one stage. What is to be told is handed back, as a value."""

    def __init__(self, wanted: str, stage: Stage) -> None:
        self._wanted, self._stage = wanted, stage
        self._do: Callable[[Any], Any] | None = None

    def __call__(self, row: dict[str, bytes]) -> dict[str, bytes]:
        try:
            result = self._ready()(pickle.loads(row["item"]))  # noqa: S301  of our own driver
        except FootnotedError as error:
            result = error
        except Exception as error:
            result = WorkersFailed.of(platform.node(), reason_of(error))
        return {"item": pickle.dumps(result)}

    def _ready(self) -> Callable[[Any], Any]:
        if self._do is None:
            if (own := version("footnoted")) != self._wanted:
                raise UnusableInput(
                    f"{platform.node()} has footnoted {own}, and the machine of this command "
                    f"{self._wanted}; install the same on all"
                )
            self._do = self._stage.ready()
        return self._do


Wanted = tuple[Found, str, int]
"""A file, the hash of its bytes, and which of the tables tells about it."""


class Files:
    """The files of the machine on which the command was given."""

    def piece(self, path: Path, at: int, size: int) -> bytes:
        """Of a file, so many bytes from there on, or as many as there are."""
        with path.open("rb") as file:
            file.seek(at)
            return file.read(size)


@dataclass(frozen=True)
class Reading:
    """Reads files."""

    files: Any
    password: str | None = field(repr=False)
    abouts: Sequence[About]

    def ready(self) -> Callable[[Wanted], SourceFile]:
        return partial(self._read, ReaderPool(self.password))

    def _read(self, pool: ReaderPool, wanted: Wanted) -> SourceFile:
        found, sha256, number = wanted
        found = replace(found, about=self.abouts[number])
        if _holds(found.path, sha256):
            return begin(found, pool, known(found))()
        with tempfile.TemporaryDirectory() as folder:
            # By its own name, which tells its format, and its title where nothing else does.
            copy = replace(found, path=Path(folder, found.path.name))
            try:
                self._fetch(found.path, copy.path)
            except OSError as error:
                return unopened(found, error)
            return replace(begin(copy, pool, known(copy))(), path=found.path)

    def _fetch(self, path: Path, copy: Path) -> None:
        """Raises:
        OSError: it cannot be opened.
        """
        import ray

        with copy.open("wb") as file:
            while True:
                try:
                    piece = ray.get(self.files.piece.remote(path, file.tell(), _PIECE))
                except ray.exceptions.RayTaskError as error:
                    if isinstance(error.cause, OSError):
                        raise error.cause from None
                    raise
                if not piece:
                    return
                file.write(piece)


def _holds(path: Path, sha256: str) -> bool:
    """Whether the bytes at ``path`` are these, on this machine."""
    try:
        return stamped(path).sha256 == sha256
    except (OSError, UnusableInput):
        return False


@dataclass(frozen=True)
class Splitting:
    """Cuts documents into passages."""

    made_with: Manifest

    def ready(self) -> Callable[[Document], Passages]:
        embedder = _embedder(self.made_with)
        splitter = PassageSplitter(embedder.count_tokens, self.made_with.passage_tokens)
        return partial(cut, splitter=splitter, made_with=self.made_with)


@dataclass(frozen=True)
class Embedding:
    """Embeds texts, and keeps the embeddings or, where it cannot, hands them back."""

    made_with: Manifest
    keep: Keep | None

    def ready(self) -> Callable[[Texts], tuple[int, dict[bytes, Vectors]]]:
        return partial(self._embed, _embedder(self.made_with))

    def _embed(self, embedder: Embedder, texts: Texts) -> tuple[int, dict[bytes, Vectors]]:
        vectors = embedded(texts, embedder)
        if self.keep is None:
            return len(texts), vectors
        self.keep(vectors)
        return len(texts), {}


def _embedder(made_with: Manifest) -> Embedder:
    on_one_core()
    embedder = load_embedder(made_with.embedder)
    if embedder.name != made_with.embedder_name:
        raise UnusableInput(
            f"{platform.node()} has {embedder.name}, and the index was made with "
            f"{made_with.embedder_name}; install the same model on all machines"
        )
    return embedder


def reason_of(error: Exception) -> str:
    """In a line, what failed: around that, Ray tells at length how it may be looked into."""
    cause = getattr(error, "cause", None) or error
    lines = [line.strip() for line in str(cause).splitlines() if line.strip()]
    return f"{type(cause).__name__}: {' '.join(lines[:1])}"[:_LONGEST_REASON]
