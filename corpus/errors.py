"""What can go wrong, each as one line that says what to do.

::

    FootnotedError            all that is meant for whoever asked; anything else is our own fault
    ├── UnusableInput         what was given cannot be used; also a ValueError
    │   ├── Protected         a file asks for a password, and for another than the one given
    │   ├── NoText            a file holds no text, and no part of it was lost
    │   ├── NoIndex           there is no index where one was expected
    │   ├── NoDocuments       there is one, and it is empty
    │   └── IndexMismatch     the index was made with something else than what is asked for now
    ├── WorkersFailed         the machines that were to do the work could not
    ├── DamagedIndex          the index is not what was written any more
    ├── IndexUnavailable      a full or closed disk, or another process, does not let it be used
    │   └── StoreUnavailable  the server that keeps the index does not answer
    └── StateUnavailable      the server that keeps conversations and accounts does not answer

Whoever prints errors catches ``FootnotedError`` and prints its message as it is.
"""

from __future__ import annotations

from pathlib import Path


class FootnotedError(Exception):
    """What is meant for whoever asked; the message is one line that says what to do."""


class UnusableInput(FootnotedError, ValueError):
    """Something the user gave cannot be used."""


class Protected(UnusableInput):
    """A file is protected by a password: nobody can know what it holds without."""


class NoText(UnusableInput):
    """A file was read whole, and holds no text."""


class NoIndex(UnusableInput):
    """There is no index where one was expected."""

    @classmethod
    def of(cls, place: object) -> NoIndex:
        option = "" if isinstance(place, Path) else f" --store {place}"
        return cls(f"there is no index in {place}; footnoted index PATH{option} makes one")


class NoDocuments(UnusableInput):
    """Nothing can be found in an index, and no wonder: it is empty."""

    @classmethod
    def of(cls, place: object) -> NoDocuments:
        return cls(f"the index in {place} holds no documents; footnoted index PATH adds some")


class IndexMismatch(UnusableInput):
    """The index was made with something else than what is asked for now."""


class WorkersFailed(FootnotedError):
    """The machines that were to do the work could not; nothing was changed."""

    @classmethod
    def of(cls, machine: str, reason: str) -> WorkersFailed:
        return cls(
            f"a worker failed ({machine}: {reason}); nothing was changed, and what was embedded is "
            "not embedded again: try again, or without --ray"
        )


class DamagedIndex(FootnotedError):
    """The index is not what was written any more."""

    @classmethod
    def of(cls, place: object, reason: str) -> DamagedIndex:
        first_line = (reason.splitlines() or [""])[0]
        remedy = "footnoted index --rebuild makes it anew from its documents"
        if not isinstance(place, Path):
            remedy = "index its documents into another place, and delete this one"
        return cls(f"the index in {place} is damaged: {first_line}; {remedy}")


class IndexUnavailable(FootnotedError):
    """The disk, or another process, does not let the index be read or written now."""


class StoreUnavailable(IndexUnavailable):
    """The server that keeps an index cannot be reached now, or does not do what it is asked."""


class StateUnavailable(FootnotedError):
    """What is kept of conversations and accounts cannot be reached now; it may be later."""


class NotWritten(FootnotedError):
    """A language model that was asked to write wrote nothing that can be used."""
