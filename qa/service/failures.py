"""Whatever goes wrong behind a face of the product, in one line."""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from traceback import extract_tb

from footnoted.corpus.errors import (
    FootnotedError,
    IndexUnavailable,
    NoDocuments,
    StateUnavailable,
    StoreUnavailable,
)

log = logging.getLogger(__name__)

# What to type in a terminal, which is no advice to who has a page, or calls from elsewhere.
_COMMAND = re.compile(r"; footnoted [a-z]+ .*\Z")
_LONGEST = 600  # characters of a line; what was sent may be quoted in it
# Where something is kept, beyond the name that everybody knows it by.
_ADDRESS = re.compile(
    r"(?:qdrant\+https?|postgres(?:ql)?)://[^\s,;)]*?([^\s/,;)?]+)(?:\?[^\s,;)]*)?(?=[\s,;)]|$)",
    re.IGNORECASE,
)

# The same line is logged again after so long, as long as it is one of the last.
_LOGGED_SECONDS = 60.0
_MOST_LOGGED = 100
_logged: dict[str, float] = {}
_logging = threading.Lock()

AWAY = "What keeps conversations and accounts does not answer; try again in a moment"
_STORE_AWAY = "The documents cannot be reached just now; try again in a moment"


class Failed(Exception):
    """Something that could not be done, with the one line that the reader gets to see."""


class Away(Failed):
    """What cannot be done for what is not there just now; ``seconds`` is when it is worth trying
    again."""

    seconds = 5


class Forbidden(Failed):
    """Something that this caller may not do, though others may."""


class Stopped(Exception):
    """An evaluation, or a question, was given up on request."""


@contextmanager
def in_one_line(what: str, *folders: Path) -> Iterator[None]:
    """The border: nothing that goes wrong behind it may cost the reader the page.

    What lies in one of ``folders`` is named from there on: where these lie is the server's.

    Raises:
        Failed: something went wrong; of what nobody foresaw, the log tells.
    """
    try:
        yield
    except (Failed, Stopped):
        raise
    except StateUnavailable as error:
        raise Away(AWAY) from error  # the log tells where it is, once
    except StoreUnavailable as error:
        log_once(str(error))
        raise Away(_STORE_AWAY) from error
    except IndexUnavailable as error:
        raise Away(_told(folders, error)) from error
    except NoDocuments as error:
        raise Failed("There are no documents in it yet; add some, and try again") from error
    except FootnotedError as error:
        raise Failed(_told(folders, error)) from error
    except Exception as error:
        log.error("%s: %s", what, unforeseen(error))
        log.debug("", exc_info=True)
        raise Failed(_without(folders, f"{what}: {one_line(error)}")) from error


def log_once(text: str) -> None:
    """A line of what does not pass by itself, however many are told."""
    now = time.monotonic()
    with _logging:
        if now - _logged.get(text, -_LOGGED_SECONDS) < _LOGGED_SECONDS:
            return
        _logged.pop(text, None)
        _logged[text] = now
        while len(_logged) > _MOST_LOGGED:
            del _logged[next(iter(_logged))]
    log.warning("%s", text)


def one_line(error: Exception) -> str:
    """What went wrong, for a person to read."""
    text = flat(str(error)) or type(error).__name__
    text = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 2]} …"
    return text[:1].upper() + text[1:]


def flat(text: str) -> str:
    return " ".join(text.split())


def unforeseen(error: BaseException) -> str:
    """What the log tells of a defect: where it is, and nothing of what was asked or read."""
    frames = extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"


def _told(folders: Iterable[Path], error: FootnotedError) -> str:
    return _without(folders, _COMMAND.sub("", one_line(error)))


def _without(folders: Iterable[Path], text: str) -> str:
    for folder in sorted(map(str, {*folders, Path.home()}), key=len, reverse=True):
        if len(folder) > 1:
            text = text.replace(f"{folder}/", "").replace(folder, Path(folder).name)
    return _ADDRESS.sub(r"\1", text)
