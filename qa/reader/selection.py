"""What was found to what is said: the best answer, others beside it, and further sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from footnoted.corpus.types import Span
from footnoted.qa.english.attribution import with_speaker
from footnoted.qa.english.boilerplate import is_boilerplate, is_furniture
from footnoted.qa.english.coordination import items
from footnoted.qa.english.echo import follows
from footnoted.qa.english.question import AskedFor
from footnoted.qa.english.stance import holder_of
from footnoted.qa.reader.calibration import Rows, Shares
from footnoted.qa.reader.candidates import Candidate, Matrix, Place
from footnoted.qa.reader.options import ReadingOptions
from footnoted.qa.types import Finding


def priors(asked: AskedFor, spans: Sequence[Candidate], options: ReadingOptions) -> Matrix:
    """What is added to logits that were fitted: for the side or the id that a question names, for
    its own words behind an answer, against headlines; shape (spans,).

    A sentence on that side speaks for whom it names first of all: its likeliest span, of those that
    stand where it names who takes the side.
    """
    speaking = {one.place: one for one in reversed(spans)}
    if asked.side:
        speaking |= {one.place: one for one in reversed(spans) if _is_holder(one)}
    return np.array(
        [
            options.side_weight * asked.agreement(one.sentence_text) * (speaking[one.place] is one)
            + options.furniture_weight * _is_furniture(one)
            + options.echo_weight * _is_echo(asked, one)
            + options.id_weight * any(i.is_exact and i.is_in(one.sentence_text) for i in asked.ids)
            for one in spans
        ]
    )


def _is_echo(asked: AskedFor, one: Candidate) -> bool:
    behind = one.hit.document.text[one.answer.end : one.sentence.end]
    return not one.is_statement and follows(asked.echo, behind)


def _is_furniture(one: Candidate) -> bool:
    """Whether it is part of the page. Items, rows and the like need not end as sentences do."""
    if one.kind in ("paragraph", None):
        return is_furniture(one.sentence_text, one.hit.document.title)
    return one.kind == "heading" or is_boilerplate(one.sentence_text, one.hit.document.title)


def _is_holder(one: Candidate) -> bool:
    start, end = holder_of(one.sentence_text)
    first = one.sentence.start
    return first + start <= one.answer.start and one.answer.end <= first + end


def worth_checking(chances: Matrix, texts: Sequence[str], options: ReadingOptions) -> Rows:
    """The numbers of the candidates that the checker is asked about: the likeliest, and all others
    of their ``texts``, since to say more of a text takes little once it is read."""
    order = np.argsort(-chances, kind="stable")
    read = {texts[row] for row in order[: options.checked]}
    return order[[texts[row] in read for row in order]]


def likely(
    chances: Matrix, places: Sequence[Place], shares: Shares, options: ReadingOptions
) -> Rows:
    """The numbers of the candidates that are answers, likeliest first: the likeliest, and those
    that have a share of its chance; ``places`` are those of all candidates' sentences."""
    order: Rows = np.argsort(-chances, kind="stable")
    best = places[order[0]]
    share = [shares.within if place == best else shares.elsewhere for place in places]
    least = np.maximum(np.array(share) * chances[order[0]], options.least_chance)
    least[order[0]] = 0
    rows: Rows = order[(chances >= least)[order]]
    return rows


def answers(
    asked: AskedFor,
    spans: Sequence[Candidate],
    chances: Matrix,
    shares: Shares,
    options: ReadingOptions,
) -> tuple[Finding, ...]:
    """What the ``likely`` of ``spans`` name."""
    rows = likely(chances, [one.place for one in spans], shares, options).tolist()
    found = (one for row in rows for one in _answers_in(asked, spans[row], float(chances[row])))
    others = (one for one in found if not asked.is_known(one.answer_text, one.text))
    return tuple(others)[: options.most_answers]


def _answers_in(asked: AskedFor, span: Candidate, chance: float) -> Iterator[Finding]:
    quoted = _quoted(span)
    for answer in [quoted] if span.is_statement else named_in(asked, span):
        yield Finding(span.hit.document, quoted, answer, chance)


def named_in(asked: AskedFor, span: Candidate) -> list[Span]:
    """The answers that a span joins ("Denmark, Iceland and Norway"), as offsets of the document."""
    first = span.answer.start
    joined = items(span.answer_text)
    if span.is_statement or not asked.expects(len(joined)):
        return [span.answer]
    return [Span(first + start, first + end) for start, end in joined]


def is_known(asked: AskedFor, span: Candidate) -> bool:
    """Whether all that a span names is known; see ``AskedFor.known``."""
    if not asked.known:
        return False
    text = span.hit.document.text
    named = (text[start:end] for start, end in named_in(asked, span))
    return all(asked.is_known(name, span.sentence_text) for name in named)


def _quoted(found: Candidate) -> Span:
    return with_speaker(found.hit.document, found.hit.passage.sentences, found.sentence)


def further(
    asked: AskedFor, sentences: Sequence[Candidate], options: ReadingOptions
) -> list[Candidate]:
    """The sentences that say about as much on the question as the best of them, best first.

    A sentence for a side is no further word on the other: where one is asked for, there are none;
    nor does another sentence say who says something.
    """
    if not sentences or asked.side or asked.who_says:
        return []
    least = sentences[0].margin - _reach(asked, options)
    near = (
        one
        for one in sentences
        if one.margin >= least and not is_boilerplate(one.sentence_text, one.hit.document.title)
    )
    return list(near)[: options.most_further]


def _reach(asked: AskedFor, options: ReadingOptions) -> float:
    if asked.several:
        return options.reach_of_several
    return options.reach_of_a_statement if asked.statement else options.reach_of_one


def beside(said: Sequence[Finding], sentences: Sequence[Candidate]) -> Iterator[Finding]:
    """Of ``sentences``, those that no finding quotes yet, as findings without an answer."""
    taken = [(finding.document.id, finding.sentence) for finding in said]
    for one in sentences:
        document, quoted = one.hit.document, _quoted(one)
        if not any(id_ == document.id and quoted.overlaps(span) for id_, span in taken):
            taken.append((document.id, quoted))
            yield Finding(document, quoted, None, 0.0)
