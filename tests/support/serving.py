"""The page as a user serves it, in a process of its own."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from footnoted.index.types import Place

ROOT = Path(__file__).parent.parent.parent


@contextmanager
def serving(
    index: Place, environment: Mapping[str, str], home: Path | None = None, *options: str
) -> Iterator[str]:
    """The address of a server over ``index``; at its end, it has not complained.

    Its collections lie in ``home``; without one, nobody's do.
    """
    option = "--index" if isinstance(index, Path) else "--store"
    of = [option, str(index), "--home", str(home or Path(str(index)) / "no home")]
    server = subprocess.Popen(
        [sys.executable, "-m", "footnoted", "serve", "--port", "0", *of, *options],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
    assert server.stdout is not None
    try:
        line = server.stdout.readline()
        assert line.startswith("Footnoted is at http://127.0.0.1:"), line
        yield line.split()[3]
    finally:
        server.terminate()
    _, complaints = server.communicate(timeout=20)
    # Asked to end, it does; before it serves, as any other command.
    assert server.returncode in (0, -signal.SIGTERM, 128 + signal.SIGTERM)
    for complaint in ("Traceback", "called ", "a call failed", "a fault of"):
        assert complaint not in complaints
