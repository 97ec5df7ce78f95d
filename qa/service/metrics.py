"""What a server has done since it started, as Prometheus reads it."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from footnoted.qa.types import Answer

_SECONDS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0)


class Metrics:
    """Counts without content: no question and no name is told."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._questions = Counter(
            "footnoted_questions",
            "Questions that were asked, by what became of them",
            ["outcome"],
            registry=self._registry,
        )
        self._seconds = Histogram(
            "footnoted_answer_seconds",
            "Seconds that an answer took, without waiting for its turn",
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._kept = Counter(
            "footnoted_kept_answers",
            "Questions that were answered as before, without reading",
            registry=self._registry,
        )
        self._waiting = Gauge(
            "footnoted_questions_waiting", "Questions that wait for a turn", registry=self._registry
        )
        self._waited = Histogram(
            "footnoted_waiting_seconds",
            "Seconds that a question waited for its turn",
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._lookups = Counter(
            "footnoted_lookups", "Quotations that were looked up", registry=self._registry
        )
        self._changes = Counter(
            "footnoted_changes", "Changes to collections", ["kind"], registry=self._registry
        )

    def answered(self, answer: Answer) -> None:
        self._questions.labels(answer.outcome or "answered").inc()
        self._seconds.observe(answer.seconds.total)

    def answered_again(self, answer: Answer) -> None:
        self._questions.labels(answer.outcome or "answered").inc()
        self._kept.inc()

    def waited(self, seconds: float) -> None:
        self._waited.observe(seconds)

    def watch(self, waiting: Callable[[], float]) -> None:
        """Tell how many questions wait as ``waiting`` does, whenever that is asked for."""
        self._waiting.set_function(waiting)

    def failed(self) -> None:
        self._questions.labels("failed").inc()

    def looked_up(self) -> None:
        self._lookups.inc()

    def changed(self, kind: str) -> None:
        self._changes.labels(kind).inc()

    def exposed(self) -> tuple[str, str]:
        """The text, and what kind of text it is."""
        return generate_latest(self._registry).decode(), CONTENT_TYPE_LATEST
