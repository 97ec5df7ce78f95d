"""How the commands of training end."""

from __future__ import annotations

import sys
from collections.abc import Callable

from footnoted.corpus.errors import FootnotedError


def exit_code(do: Callable[[], None]) -> int:
    """0; or 2 and one line, where ``do`` cannot use what it was given."""
    try:
        do()
    except FootnotedError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0
