"""Lists: what many passages name, read as any answer, but further down and with more checks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from footnoted.index.types import Hit
from footnoted.qa.english.question import AskedFor
from footnoted.qa.protocols import Reading
from footnoted.qa.reader.candidates import Candidates, Matrix
from footnoted.qa.reader.reader import SpanReader
from footnoted.qa.survey.enumerations import whole
from footnoted.qa.survey.ledger import ledger, left_out
from footnoted.qa.types import LeftOut


class ListReader:
    """Reads for all of what a question asks for."""

    def __init__(self, reader: SpanReader) -> None:
        self._reader = reader

    def read(self, asked: AskedFor, hits: Sequence[Hit]) -> Reading:
        """As a ``SpanReader`` reads, with a ledger of the candidates that are not said."""
        found = self._reader.look(asked, hits)
        reading, chances = self._reader.judged(asked, found)
        reading = replace(reading, findings=tuple(whole(reading.findings)))
        others = _left_out(reading, found, chances)
        return replace(reading, ledger=ledger(hits, len(found.spans), others))


def _left_out(reading: Reading, found: Candidates, chances: Matrix) -> Iterator[LeftOut]:
    said = [(one.document.id, one.answer) for one in reading.findings if one.answer]
    for row in (-chances).argsort(kind="stable").tolist():
        one = found.spans[row]
        id_ = one.hit.document.id
        if not any(document == id_ and span.overlaps(one.answer) for document, span in said):
            chance = float(chances[row])
            yield left_out(one.answer_text, chance, id_, one.sentence)
