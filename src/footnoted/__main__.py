"""``footnoted`` and ``python -m footnoted``: the command line, from its import on."""

import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType

_LINE = "footnoted: interrupted\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; an interrupt may come while it is still being imported."""
    heeded = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if heeded:
        # Raised while a class is being made, an interrupt would come out as another error.
        signal.signal(signal.SIGINT, _end)
    from footnoted.cli import main as command_line

    try:
        if heeded:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        command_line(arguments)
    except KeyboardInterrupt:  # outside of what the command line does
        sys.stderr.write(_LINE)
        sys.exit(130)


def _end(_: int, __: FrameType | None) -> None:
    """Nothing has begun that would have to be ended."""
    os.write(2, _LINE.encode())
    os._exit(130)


if __name__ == "__main__":
    main()
