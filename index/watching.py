"""Folders that are followed: told by the system when something in them changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from footnoted.corpus.errors import UnusableInput

# Changes that follow each other within this time are taken together: a file is often written in
# several steps.
_TOGETHER_MILLISECONDS = 400


def changes(paths: Sequence[Path], index: Path) -> Iterator[None]:
    """Yield once when watching has begun, then whenever something below ``paths`` has changed.

    Hidden files are not read, so they do not count; nor does the index itself.

    Raises:
        UnusableInput: no path is there, or one is there no more.
    """
    from watchfiles import Change, watch

    sources, own = [path.resolve() for path in paths if path.exists()], index.resolve()
    if not sources:
        raise UnusableInput("there is nothing left to watch; name a folder that is there")

    def counts(_: Change, changed: str) -> bool:
        path = Path(changed)
        if path.is_relative_to(own):
            return False
        below = [path.relative_to(one) for one in sources if path.is_relative_to(one)]
        return not any(part.startswith(".") for one in below for part in one.parts)

    watching = watch(
        *sources,
        watch_filter=counts,
        debounce=_TOGETHER_MILLISECONDS,
        rust_timeout=_TOGETHER_MILLISECONDS,
        yield_on_timeout=True,
    )
    begun = False
    try:
        for found in watching:
            if found or not begun:
                begun = True
                yield
    except FileNotFoundError as error:
        raise UnusableInput(f"{error}; there is nothing left to watch") from None
