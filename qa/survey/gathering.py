"""The search for lists and sides: wide, in more words than one, every document heard."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from footnoted.index.options import SearchOptions
from footnoted.index.protocols import Passages
from footnoted.index.types import Filter, Hit, Retrieved
from footnoted.qa.english.question import AskedFor

# In a collection of so few documents, each is heard.
_FEW = 60
_OF_EACH = 2
_SEARCHED = 100


def gather(
    library: Passages, asked: AskedFor, most: int, options: SearchOptions | None = None
) -> Retrieved:
    """Up to ``most`` passages for a question whose answers stand in many places, best first.

    For a side, who is on the other one is searched for, too: that a plan is not supported is as
    near to the one question as to the other. The best passages of each document come before
    further ones of one.
    """
    found = library.retrieve(asked.sought, _SEARCHED, options=options)
    hits = list(found.hits)
    if asked.sides:
        hits += library.retrieve(asked.sides.opposite, _SEARCHED, options=options).hits
    documents = {hit.document.id for hit in hits}
    if found.coverage.documents <= _FEW and len(documents) < found.coverage.documents:
        others = frozenset(one.id for one in library.listing()) - documents
        hits += library.retrieve(asked.sought, _SEARCHED, Filter(others), options).hits
    return replace(found, hits=tuple(_each_heard(hits, most)))


def _each_heard(hits: Iterable[Hit], most: int) -> list[Hit]:
    """The best ``most``, each once, of which each document has ``_OF_EACH`` if so many can."""
    ranks: dict[str, int] = {}
    first: list[Hit] = []
    further: list[Hit] = []
    for hit in _best_first(hits):
        rank = ranks[hit.document.id] = ranks.get(hit.document.id, 0) + 1
        (first if rank <= _OF_EACH else further).append(hit)
    return _best_first((first + further)[:most])


def _best_first(hits: Iterable[Hit]) -> list[Hit]:
    """Each passage once, with its best score."""
    best: dict[tuple[str, int], Hit] = {}
    for hit in sorted(hits, key=lambda one: -one.score):
        best.setdefault((hit.document.id, hit.passage.start), hit)
    return list(best.values())
