"""Whatever goes wrong behind a face of the product, in one line."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from footnoted.corpus.errors import FootnotedError

log = logging.getLogger(__name__)


class Failed(Exception):
    """Something that could not be done, with the one line that the reader gets to see."""


class Stopped(Exception):
    """An evaluation was given up on request."""


@contextmanager
def in_one_line(what: str) -> Iterator[None]:
    """The border: nothing that goes wrong behind it may cost the reader the page.

    Raises:
        Failed: something went wrong; of what nobody foresaw, the log tells.
    """
    try:
        yield
    except (Failed, Stopped):
        raise
    except FootnotedError as error:
        raise Failed(one_line(error)) from error
    except Exception as error:
        log.error("%s: %r", what, error)
        log.debug("", exc_info=True)
        raise Failed(f"{what}: {one_line(error)}") from error


def one_line(error: Exception) -> str:
    """What went wrong, for a person to read."""
    text = flat(str(error)) or type(error).__name__
    return text[:1].upper() + text[1:]


def flat(text: str) -> str:
    return " ".join(text.split())
