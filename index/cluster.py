"""The work of an update on as many machines as there are, by Ray: an actor to each core.

This process, the driver, alone decides what is to be done, and alone changes the index. An actor is
given files, documents or texts and gives back what comes of them; embeddings it keeps itself, where
the store lets it (``IndexStore.keeper``). For one that dies there is another, which does once more
what that one had in hand.
"""

from __future__ import annotations

import logging
import os
import pickle
import socket
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from importlib.metadata import version
from typing import Any, cast

from footnoted.corpus.errors import FootnotedError, UnusableInput, WorkersFailed
from footnoted.corpus.files import About, Found, Recall, SourceFile, begin, known
from footnoted.corpus.reader_pool import ReaderPool
from footnoted.corpus.reader_process import seconds_for
from footnoted.corpus.reading import Stamp
from footnoted.corpus.types import Document
from footnoted.index.actors import (
    Actor,
    Embedding,
    Files,
    Reading,
    Splitting,
    Stage,
    Wanted,
    reason_of,
)
from footnoted.index.protocols import IndexStore
from footnoted.index.types import Manifest
from footnoted.index.work import Passages, Texts

HERE = "here"
"""Instead of an address: Ray on this machine alone."""

_OWN_OBJECT_STORE = 512 << 20
# Each is a task of Ray's, which costs it some milliseconds; beyond, several items share one.
_MOST_TASKS = 10_000
_ANSWERS_SECONDS = 5.0
_OTHER_VERSION = "Version mismatch"  # as Ray's own error begins, over several lines
_STUCK_SECONDS = 600.0


@contextmanager
def on_ray(address: str = HERE) -> Iterator[OnRay]:
    """Workers on a cluster of Ray's: at HOST:PORT, ``auto``, or ``HERE``.

    Raises:
        UnusableInput: Ray is not installed, or nothing of it answers at the address.
    """
    is_own = address == HERE
    _prepare(is_own)
    ray = _imported()
    with _undisturbed():
        try:
            _join(ray, address, is_own)
            yield OnRay(ray)
        except (
            ray.exceptions.RayError,
            ray.data.exceptions.ExecutionTimeoutError,
            ray.data.exceptions.SystemException,
        ) as error:
            raise WorkersFailed.of("Ray", reason_of(error)) from None
        finally:
            ray.shutdown()


@contextmanager
def _undisturbed() -> Iterator[None]:
    """What Ray's own libraries write to stderr, past Python, goes nowhere: it is for developers."""
    sys.stderr.flush()
    python, own = sys.stderr, os.dup(2)
    with os.fdopen(own, "w", buffering=1, encoding="utf-8", errors="replace") as sys.stderr:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 2)
        os.close(nowhere)
        try:
            yield
        finally:
            os.dup2(own, 2)
            sys.stderr = python


def _prepare(is_own: bool) -> None:
    """Before Ray is imported: it reports nothing to its makers, and is quiet."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    # It prints what actors died of, which is made up for; what is not, ``WorkersFailed`` tells.
    os.environ["RAY_DEDUP_LOGS_SKIP_REGEX"] = "^"
    if is_own:
        os.environ.setdefault("RAY_AUTH_MODE", "token")  # as is its own choice, which it tells of
        # Despite its name: one that is no cluster's listens on the loopback address alone.
        os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"


def _imported() -> Any:
    try:
        import ray
        import ray.data
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("ray", "pyarrow"):
            raise
        raise UnusableInput(
            'indexing on many machines needs one more package: pip install "footnoted[ray]"'
        ) from None
    return ray


def _join(ray: Any, address: str, is_own: bool) -> None:
    quiet = {"log_to_driver": False, "logging_level": logging.CRITICAL, "configure_logging": False}
    for name in ("ray", "ray.data"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    if is_own:
        ray.init(
            "local",
            num_cpus=len(os.sched_getaffinity(0)),
            object_store_memory=_OWN_OBJECT_STORE,
            include_dashboard=False,
            **quiet,
        )
        return
    try:
        if address != "auto":
            host, _, port = address.rpartition(":")
            # Ray would wait for it for many minutes.
            socket.create_connection((host.strip("[]"), int(port)), _ANSWERS_SECONDS).close()
        ray.init(address, **quiet)
    except (OSError, OverflowError, RuntimeError, ValueError) as error:
        if _OTHER_VERSION in str(error):
            raise UnusableInput(
                f"the cluster at {address} has another Ray or Python than this machine; let them "
                f"have the same ({' '.join(str(error).split())})"
            ) from None
        raise UnusableInput(
            f"this machine is of no cluster at {address} ({reason_of(error)}); let it join with "
            "ray start --address=HOST:PORT, or leave the address out"
        ) from None


class OnRay:
    """See ``index.work.Workers``."""

    at_once = 128  # a second's work on a core

    def __init__(self, ray: Any) -> None:
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        self._ray = ray
        this_machine = NodeAffinitySchedulingStrategy(
            ray.get_runtime_context().get_node_id(), soft=False
        )
        options = {"num_cpus": 0, "max_restarts": -1, "max_task_retries": -1}
        self._files = (
            ray.remote(Files).options(scheduling_strategy=this_machine, **options).remote()
        )

    def read(
        self, found: Iterable[Found], password: str | None, recall: Recall
    ) -> Iterator[SourceFile]:
        """Files whose names tell no format are read here: few of them are any."""
        told = [(one, known(one, recall)) for one in found]
        abouts: list[About] = []
        wanted: list[Wanted] = []
        largest = 0
        for one, stamp in told:
            if isinstance(stamp, Stamp) and stamp.sha256:
                if not abouts or abouts[-1] is not one.about:
                    abouts.append(one.about)  # the same for a whole folder, and sent once
                wanted.append((replace(one, about={}), stamp.sha256, len(abouts) - 1))
                largest = max(largest, stamp.size)
        read = self._each(Reading(self._files, password, abouts), wanted, seconds_for(largest))
        with ReaderPool(password) as pool:
            for one, stamp in told:
                is_sent = isinstance(stamp, Stamp) and stamp.sha256
                yield next(read) if is_sent else begin(one, pool, stamp)()

    def split(self, documents: Sequence[Document], made_with: Manifest) -> Iterator[Passages]:
        return self._each(Splitting(made_with), documents)

    def embed(self, batches: Iterable[Texts], store: IndexStore) -> Iterator[int]:
        keep = store.keeper()
        for number, vectors in self._each(Embedding(store.manifest(), keep), batches):
            if vectors:
                store.keep_embeddings(vectors)
            yield number

    def _each(self, stage: Stage, items: Iterable[Any], longest: float = 0.0) -> Iterator[Any]:
        """What the actors of a ``stage`` make of items, in their order.

        ``longest``: in seconds, what one of them may take, if that is very long.
        """
        from ray.data import ActorPoolStrategy, DataContext, from_items

        rows = [{"item": pickle.dumps(item)} for item in items]
        if not rows:
            return
        context = DataContext.get_current()
        context.enable_progress_bars = context.print_on_execution_start = False
        context.execution_options.preserve_order = True
        # Machines come and go, and what they had in hand is tried without end; but one item may be
        # what they die of.
        context.execution_no_progress_timeout_s = _STUCK_SECONDS + longest
        tasks = min(len(rows), _MOST_TASKS)
        cores = int(self._ray.cluster_resources().get("CPU", 1))
        done = from_items(rows, override_num_blocks=tasks).map(
            cast(Any, Actor),
            fn_constructor_args=(version("footnoted"), stage),
            compute=ActorPoolStrategy(size=min(cores, tasks)),
            num_cpus=1,
        )
        for row in done.iter_rows():
            result = pickle.loads(row["item"])  # noqa: S301  of our own actors
            if isinstance(result, FootnotedError):
                raise result
            yield result
