"""Processes that are told to fail, or to run beside others."""

from __future__ import annotations

import faulthandler
import multiprocessing
import os
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from footnoted.index.embedding import DEFAULT_EMBEDDER, EMBEDDERS
from footnoted.index.library import Library
from footnoted.index.protocols import Embedder
from footnoted.index.types import Place
from support.embedder import HashedEmbedder

# Whatever hangs is ended some time; nothing that works takes nearly as long.
_LONGEST_SECONDS = 1200.0


@contextmanager
def opened(index: Place, embedder: Embedder) -> Iterator[Library]:
    library = Library.open(index, embedder)
    try:
        yield library
    finally:
        library.close()


def in_one_thread(do: Callable[..., None], *arguments: object) -> None:
    """Call ``do`` in a process of its own that computes in one thread, so that it may fork.

    Its indexes are embedded by hashing: what is compiled has threads, and a fork has none.
    """
    process = multiprocessing.get_context("spawn").Process(target=_alone, args=(do, *arguments))
    process.start()
    process.join(_LONGEST_SECONDS)
    process.kill()
    process.join()
    assert process.exitcode == 0, f"the process ended with {process.exitcode}"


def _alone(do: Callable[..., None], *arguments: object) -> None:
    import faiss
    from tqdm.std import tqdm  # type: ignore[import-untyped]

    # What dies by a signal says where.
    faulthandler.enable()
    # Its lock is shared with forks, and one that is killed would keep it for ever.
    tqdm.set_lock(threading.RLock())
    tqdm.monitor_interval = 0
    faiss.omp_set_num_threads(1)
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    EMBEDDERS[DEFAULT_EMBEDDER] = lambda _: HashedEmbedder()
    do(*arguments)


def started(do: Callable[[], object]) -> int:
    """Call ``do`` in a fork; the number of that process."""
    if process := os.fork():
        return process
    try:
        do()
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
    os._exit(1)


def is_running(process: int) -> bool:
    """Whether a fork goes on; one that does not is still to be waited for."""
    return os.waitid(os.P_PID, process, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None


def ended(process: int) -> int:
    """Wait for a fork; its exit code, 1 if anything was raised."""
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
