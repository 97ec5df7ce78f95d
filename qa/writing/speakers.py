"""Whose words a written sentence repeats: what somebody says is no fact yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from footnoted.corpus.words import content_words, stems
from footnoted.qa.english import lexicon
from footnoted.qa.english.attribution import speaker_of
from footnoted.qa.english.speech import cues, quotations
from footnoted.qa.writing.evidence import Place
from footnoted.qa.writing.particulars import names

_SIGNS = ".,;:!?()[]'\"“”‘’"
_REPORTING = stems("said says saying announced confirmed reported stated told according explained")
"""What is reported with these words, outside of quotation marks, may be told as a fact."""


def speaker_left_out(sentence: str, places: Sequence[Place]) -> str:
    """Whose words ``sentence`` tells as if they were so; "" where it tells whose they are, or they
    are nobody's."""
    if not places or cues(sentence):
        return ""
    first = places[0]
    named = stems(" ".join(names(sentence)))
    speaker = speaker_of(first.document, first.span)
    if speaker and not speaker.is_issuer:
        told = first.document.text[slice(*speaker.place)] if speaker.place else ""
        is_own = _REPORTING.isdisjoint(stems(told)) or _is_in_quotation_marks(sentence, first.said)
        return speaker.name if is_own and named.isdisjoint(stems(speaker.name)) else ""
    acting = stems(" ".join(_acting(_outside_quotation_marks(first.said))))
    if _is_in_quotation_marks(sentence, first.said) and named.isdisjoint(acting):
        return "somebody"
    return ""


def _acting(text: str) -> Iterator[str]:
    """The names of those who do something, as the verb behind them tells: not "the Danish plan"."""
    called = set(names(text))
    found = text.split()
    for name, after in pairwise(found):
        bare, verb = name.strip(_SIGNS).removesuffix("’s"), after.strip(_SIGNS).lower()
        is_verb = verb in lexicon.AUXILIARIES or lexicon.known_base(verb) not in (None, verb)
        if bare in called and (is_verb or lexicon.is_participle(verb)):
            yield bare


def _is_in_quotation_marks(sentence: str, quoted: str) -> bool:
    """Whether most of what ``sentence`` says stands in quotation marks there."""
    said = {word.stem for word in content_words(sentence)}
    outside = stems(_outside_quotation_marks(quoted))
    within = stems(" ".join(quoted[slice(*span)] for span in quotations(quoted)))
    return 2 * len((said & within) - outside) > len(said & (within | outside))


def _outside_quotation_marks(text: str) -> str:
    for start, end in reversed(quotations(text)):
        text = f"{text[:start]} {text[end:]}"
    return text
