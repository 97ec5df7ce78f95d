"""What may be asked of documents, the likeliest first: candidates of many kinds and documents.

Nothing here knows whether it will be answered; ``qa.suggestions.suggesting`` asks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice

from footnoted.corpus.types import Document, Listed
from footnoted.index.protocols import Searchable
from footnoted.qa.catalogue.leads import prose
from footnoted.qa.suggestions import facts, layout, people
from footnoted.qa.suggestions.phrases import is_telling, well_formed
from footnoted.qa.suggestions.types import Candidate, Kind, Sentence

MOST_DOCUMENTS = 60
"""Documents that are looked at: of more, some from all over the list."""

PLENTY = 40
"""Candidates, two of a kind of each document, after which no further one is looked at."""

MOST_SENTENCES = 250
"""Sentences that are looked at of each."""

_ORDER: Sequence[Kind] = (
    "stance",
    "role",
    "figure",
    "saying",
    "date",
    "row",
    "question",
    "definition",
    "heading",
)
_LONGEST_SENTENCE = 600
"""In characters; what is longer has lost its punctuation."""

_MOST_OF_A_KIND = 12
_IN_ENGLISH = ("en", None)


def propose(
    library: Searchable, look: Callable[[Document], Iterable[Candidate]] | None = None
) -> Iterator[Candidate]:
    """Candidates, of each kind in turn and of each document in turn, each question once.

    ``look`` gives those of a document; by default, ``of_document`` does.
    """
    found: dict[Kind, list[list[Candidate]]] = {kind: [] for kind in _ORDER}
    for listed in _sample(library.listing()):
        if sum(min(len(own), 2) for kind in found for own in found[kind]) >= PLENTY:
            break
        if document := library.document(listed.id):
            own = list((look or of_document)(document))
            for kind in _ORDER:
                found[kind].append([one for one in own if one.kind == kind])
    *telling, vague = (islice(_in_turn(found[kind]), _MOST_OF_A_KIND) for kind in _ORDER)
    seen: set[str] = set()
    for one in chain(_in_turn(telling), vague):
        if one.question.lower() not in seen:
            seen.add(one.question.lower())
            yield one


def of_document(document: Document) -> Iterator[Candidate]:
    """All candidates that a document gives, in the order of its sentences; of one that is not in
    English, none."""
    if document.language not in _IN_ENGLISH:
        return
    for found in chain(_of_sentences(document), layout.rows(document), layout.headings(document)):
        if well_formed(found.question):
            yield found


def _of_sentences(document: Document) -> Iterator[Candidate]:
    for number, span in enumerate(islice(prose(document), MOST_SENTENCES)):
        if span.end - span.start > _LONGEST_SENTENCE:
            continue
        sentence = Sentence(document, span, document.structure.words_of(span))
        if number == 0:
            yield from facts.definition(sentence)
        for made in (
            people.sides,
            people.offices,
            people.sayings,
            facts.counts,
            facts.costs,
            facts.dates,
        ):
            yield from (one for one in made(sentence) if _is_telling(one))


def _is_telling(candidate: Candidate) -> bool:
    """Whether what is asked for is told apart from others like it; an office is."""
    return candidate.kind not in ("figure", "date") or is_telling(candidate.question)


def _sample(listed: Sequence[Listed]) -> Sequence[Listed]:
    """So many of the documents that all of them can be looked at, from all over the list."""
    step = -(-len(listed) // MOST_DOCUMENTS) or 1
    return listed[::step]


def _in_turn(lists: Iterable[Iterable[Candidate]]) -> Iterator[Candidate]:
    """The first of each, then the second of each, until none has any left."""
    waiting = [iter(one) for one in lists]
    while waiting:
        going_on = []
        for one in waiting:
            if (candidate := next(one, None)) is not None:
                going_on.append(one)
                yield candidate
        waiting = going_on
