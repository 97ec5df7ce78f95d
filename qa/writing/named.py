"""Writers by the names that a command line takes."""

from __future__ import annotations

from pathlib import Path

from footnoted.qa.entailment.named import shipped_entailment
from footnoted.qa.protocols import Generator
from footnoted.qa.writing.advice import ModelAdvice
from footnoted.qa.writing.checking import Check
from footnoted.qa.writing.writer import CheckedWriter


def named_writer(name: str, *, shows: bool = True, doubts: bool = False) -> CheckedWriter:
    """What writes by the language model of this name; see ``CheckedWriter``. With ``doubts``, it
    may make an answer uncertain, too.

    Raises:
        UnusableInput: as ``named_generator``.
    """
    generator = named_generator(name)
    check = Check(shipped_entailment())
    return CheckedWriter(generator, check, ModelAdvice(generator, doubts=doubts), shows=shows)


def named_generator(name: str) -> Generator:
    """The language model at ``URL`` or ``URL#MODEL``, or in a folder, which is any other name.

    Raises:
        UnusableInput: there is none, or a package is not installed.
    """
    if "://" in name:
        from footnoted.qa.writing.remote import RemoteGenerator

        url, _, model = name.partition("#")
        return RemoteGenerator(url, model)
    from footnoted.qa.writing.local import LocalGenerator

    return LocalGenerator(Path(name))
