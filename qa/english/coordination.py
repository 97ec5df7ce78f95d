"""A span that names several things, to the things: "Denmark, Iceland and Norway"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from footnoted.corpus.types import Span

_BETWEEN = re.compile(r"\s*(?:[,;]\s*(?:and|or|as well as)\b|[,;]|\b(?:and|or|as well as)\b|&)\s*")
# "1,500" and "Aarhus, Denmark" are one thing each; so is a clause, which is longer than a name.
_INSIDE_FIGURE = re.compile(r"(?<=\d)\s*,\s*(?=\d)")
_JOINT = re.compile(
    r"['’]?\s*(?:[,;]\s*)?(?:(?:and|or|as well as|&)\s+)?(?:both\s+)?"
    r"(?:(?:the|an?|my|our|its|their)\s+)?"
)
_WORD_JOINT = re.compile(r"\b(?:and|or|as well as)\b|&")
_LONGEST_ITEM = 8
_CLAUSE = re.compile(r"\s*(?:which|who|that|where|when|but|while|because|so)\b", re.I)


def items(text: str) -> list[Span]:
    """The things that ``text`` joins by commas and "and", as offsets in it; one if it joins none.

    Commas alone join nothing: "Aarhus, Denmark" is one place. "&" stands in names, as in "Harper &
    Sons", and joins only what comes last after commas: "Ann, Bob & Cy".
    """
    joints = [m for m in _BETWEEN.finditer(text) if not _INSIDE_FIGURE.match(text, m.start())]
    signs = [joint.group().strip() for joint in joints]
    if not (len(signs) > 1 and {*signs[:-1]} == {","}):
        joints = [joint for joint, sign in zip(joints, signs, strict=True) if sign != "&"]
    if not any(re.search(r"\w|&", joint.group()) for joint in joints):
        return [Span(0, len(text))]
    edges = [0, *(at for joint in joints for at in joint.span()), len(text)]
    found = [Span(a, b) for a, b in list(pairwise(edges))[::2] if text[a:b].strip()]
    parts = [text[a:b] for a, b in found]
    if len(found) < 2 or any(
        len(part.split()) > _LONGEST_ITEM or _CLAUSE.match(part) for part in parts
    ):
        return [Span(0, len(text))]
    return found[1:] if _describes_the_rest(parts) else found


def _describes_the_rest(parts: list[str]) -> bool:
    """ "The usual allies, the Greens and the Liberals" are two: the first says who they are."""
    first, *others = parts
    # Stricter than ``lexicon.is_plural``: of a name ("Texas") the last letter tells nothing.
    plural = re.search(r"\b[a-z]{3,}[^su]s$", first.strip()) is not None
    return plural and len(others) > 1 and all(re.search(r"\b[A-Z]", other) for other in others)


def siblings(text: str, inside: Span, names: Sequence[Span]) -> list[Span]:
    """Those of ``names`` that ``text`` enumerates together with what stands at ``inside``.

    "It is backed by the Greens, Denmark's Liberals and Labour": whoever answers with one of these
    answers with all. Between two of them stands a comma, "and" or "or", and perhaps an article.
    """
    ordered = sorted(names)
    runs: list[list[Span]] = []
    for name in ordered:
        if runs and _JOINT.fullmatch(text, runs[-1][-1].end, name.start):
            runs[-1].append(name)
        else:
            runs.append([name])
    run = next((some for some in runs if any(one.overlaps(inside) for one in some)), [])
    joints = [text[a.end : b.start] for a, b in pairwise(run)]
    return run if any(_WORD_JOINT.search(joint) for joint in joints) else []
