"""How often one caller may do something, so that the others have their turn."""

from __future__ import annotations

from typing import Literal

from footnoted.qa.accounts.rates import OwnRates, Rates, network
from footnoted.qa.service.callers import Caller
from footnoted.qa.service.failures import Failed

QUESTIONS_PER_MINUTE = 30
"""Of somebody with an account, unless ``--questions-per-minute`` says otherwise: more than a person
asks, and few enough that a script of theirs leaves room."""

CHANGES_PER_MINUTE = 60

Kind = Literal["question", "change"]

_WHAT = {"question": "questions", "change": "changes"}


class TooOften(Failed):
    """It was done too often; in so many ``seconds`` it may be done again."""

    def __init__(self, what: str, seconds: int) -> None:
        super().__init__(f"Too many {what} in a short time; try again in {seconds} s")
        self.seconds = seconds


class Limits:
    """Threads may share it."""

    def __init__(self, questions: int | None = None, rates: Rates | None = None) -> None:
        """``questions``: a minute, of everybody; 0 for no limit; None for the default, which holds
        for callers with accounts alone. ``rates``: where they are counted, if not here."""
        rates = rates or OwnRates()
        self._for_anyone = bool(questions)
        most = QUESTIONS_PER_MINUTE if questions is None else questions
        self._rates = {"change": rates.rate("changes", CHANGES_PER_MINUTE)}
        if most:
            self._rates["question"] = rates.rate("questions", most)

    def admit(self, kind: Kind, caller: Caller) -> None:
        """
        Raises:
            TooOften: this one has to wait.
        """
        rate = self._rates.get(kind)
        if rate is None or not (caller.is_known or (self._for_anyone and caller.address)):
            return
        who = caller.name if caller.is_known else f"at {network(caller.address)}"
        if seconds := rate.wait(who):
            raise TooOften(_WHAT[kind], seconds)
