"""A cluster of Ray's with two machines, both of them this one, in a process of its own.

    python -m support.ray_cluster

It prints its address and ends when its standard input does. It listens on the loopback address
alone; whoever joins it has ``ON_LOOPBACK`` in the environment, too.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TESTS = Path(__file__).parents[1]

ON_LOOPBACK = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}
_QUIET = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_BACKEND_LOG_LEVEL": "fatal"}
_OBJECT_STORE = 100 << 20


@contextmanager
def ray_cluster() -> Iterator[tuple[str, int]]:
    """The address of one, with a core to each machine, and the number of its process."""
    process = subprocess.Popen(
        [sys.executable, "-m", "support.ray_cluster"],
        cwd=TESTS,
        env={**os.environ, **ON_LOOPBACK, **_QUIET},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdin and process.stdout
    try:
        yield process.stdout.readline().strip(), process.pid
    finally:
        process.stdin.close()
        process.wait(30)


def _serve() -> None:
    from ray.cluster_utils import Cluster

    cluster = Cluster()
    for _ in range(2):
        cluster.add_node(num_cpus=1, object_store_memory=_OBJECT_STORE, include_dashboard=False)
    print(cluster.address, flush=True)
    sys.stdin.read()
    cluster.shutdown()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    _serve()
