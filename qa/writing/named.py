"""Writers by the names that a command line takes."""

from __future__ import annotations

from footnoted.qa.entailment.named import shipped_entailment
from footnoted.qa.writing.advice import ModelAdvice
from footnoted.qa.writing.checking import Check
from footnoted.qa.writing.remote import RemoteGenerator
from footnoted.qa.writing.writer import CheckedWriter


def named_writer(name: str, *, shows: bool = True, doubts: bool = False) -> CheckedWriter:
    """What writes by the language model at ``URL`` or ``URL#MODEL``; see ``CheckedWriter``. With
    ``doubts``, it may make an answer uncertain, too.

    Raises:
        UnusableInput: this is no address, or a package is not installed.
    """
    url, _, model = name.partition("#")
    generator = RemoteGenerator(url, model)
    check = Check(shipped_entailment())
    return CheckedWriter(generator, check, ModelAdvice(generator, doubts=doubts), shows=shows)
