"""Writers by the names that a command line takes."""

from __future__ import annotations

from footnoted.qa.writing.checking import Check
from footnoted.qa.writing.remote import RemoteGenerator
from footnoted.qa.writing.writer import CheckedWriter


def named_writer(generator: str, *, shows: bool = True) -> CheckedWriter:
    """What writes by the language model at ``URL`` or ``URL#MODEL``; see ``CheckedWriter``.

    Raises:
        UnusableInput: this is no address, or a package is not installed.
    """
    url, _, model = generator.partition("#")
    return CheckedWriter(RemoteGenerator(url, model), Check(), shows=shows)
