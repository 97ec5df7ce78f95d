"""Measures on places: the characters cited against those that support the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from footnoted.corpus.types import Document, Span
from footnoted.qa.evaluation.text import Facts, holds
from footnoted.qa.evaluation.types import Evidence

Places = dict[str, list[Span]]
"""Document to the spans that count in it."""


def occurrences(quote: str, text: str) -> Iterator[Span]:
    """Every place where ``quote`` stands in ``text``, also those that overlap."""
    start = text.find(quote)
    while start >= 0:
        yield Span(start, start + len(quote))
        start = text.find(quote, start + 1)


def gold_places(evidence: Iterable[Evidence], find: Callable[[str], Document | None]) -> Places:
    """Where the evidence stands.

    With ``start``, from there for the quotation's length, unchecked. Without it, everywhere that
    the quotation stands in the document; nowhere if it does not, or if there is no such document.
    """
    places: Places = {}
    for place in evidence:
        if place.start is not None:
            spans = [Span(place.start, place.start + len(place.quote))]
        else:
            document = find(place.document)
            spans = list(occurrences(place.quote, document.text)) if document else []
        places.setdefault(place.document, []).extend(spans)
    return places


def overlaps(citation: Mapping[str, Any], gold: Places) -> bool:
    """Whether a citation shares a character with a gold place of its document."""
    cited = Span(citation["start"], citation["end"])
    return any(cited.overlaps(place) for place in gold.get(citation["document"], []))


def citation_precision(citations: Sequence[Mapping[str, Any]], gold: Places) -> float:
    """The share of citations that overlap a gold place; 0 for an answer that cites nothing."""
    return sum(overlaps(c, gold) for c in citations) / len(citations) if citations else 0.0


def citation_recall(facts: Facts, citations: Iterable[Mapping[str, Any]], gold: Places) -> float:
    """The share of facts that some citation proves; 0 if declined.

    A citation proves a fact if it overlaps a gold place, whichever of the question's, and its own
    quotation, which may be longer or shorter than the place, holds an accepted wording.
    """
    right = [citation["quote"] for citation in citations if overlaps(citation, gold)]
    return sum(any(holds(quote, fact) for quote in right) for fact in facts) / len(facts)


def span_scores(citations: Iterable[Mapping[str, Any]], gold: Places) -> dict[str, float]:
    """Characters cited, C, against characters of gold places, G, each counted once.

    ``span_recall = |C ∩ G| / |G|``, ``span_precision = |C ∩ G| / |C|`` and
    ``span_iou = |C ∩ G| / |C ∪ G|``; a share of nothing is 0, so a declined question counts as 0
    in all three.

    Source: Smith and Troynikov, "Evaluating Chunking Strategies for Retrieval", Chroma 2024, with
    characters for tokens.
    """
    cited: Places = {}
    for citation in citations:
        place = Span(citation["start"], citation["end"])
        cited.setdefault(citation["document"], []).append(place)
    said, wanted = _characters(cited), _characters(gold)
    union = _characters({name: cited.get(name, []) + gold.get(name, []) for name in cited | gold})
    both = said + wanted - union
    return {
        "span_recall": both / wanted if wanted else 0.0,
        "span_precision": both / said if said else 0.0,
        "span_iou": both / union if union else 0.0,
    }


def _characters(places: Places) -> int:
    """How many characters the spans cover together."""
    count = 0
    for spans in places.values():
        covered = 0
        for start, end in sorted(spans):
            count += max(0, end - max(start, covered))
            covered = max(covered, end)
    return count
