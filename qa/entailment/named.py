"""The check of claims by what is installed."""

from __future__ import annotations

from footnoted.qa.checker.checker import shipped_checker
from footnoted.qa.entailment.entailment import two_checks
from footnoted.qa.protocols import Entailment


def shipped_entailment() -> Entailment | None:
    """What comes with the package; none where the language model that the check of answers stands
    on is not installed.

    Raises:
        UnusableInput: its files are damaged.
    """
    answers = shipped_checker()
    return two_checks(answers) if answers else None
