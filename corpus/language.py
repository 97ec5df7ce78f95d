"""The language that a text is written in."""

from __future__ import annotations

import re
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

_READ = 10_000
# Of its letters in UTF-8: a few words in most scripts, a short sentence in Chinese.
_FEWEST_BYTES = 15
_LEAST_CONFIDENCE = 0.5
# Addresses are in no language, and all that is no letter says nothing of it.
_ADDRESS = re.compile(r"\S*(?:://|@)\S*|\bwww\.\S+")
_LETTERS = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")


def language(text: str) -> str | None:
    """The code of ISO 639-1 of a text's language; None if it is too short, or of none clearly."""
    words = " ".join(_LETTERS.findall(_ADDRESS.sub(" ", text[:_READ])))
    if len(words.encode("utf-8", "replace")) < _FEWEST_BYTES:
        return None
    code, confidence = _loading().result().classify(words)
    return str(code) if confidence >= _LEAST_CONFIDENCE else None


def prepare() -> None:
    """Begin to load what tells languages, which takes half a second, beside what is done next."""
    _loading()


@cache
def _loading() -> Future[LanguageIdentifier]:
    return ThreadPoolExecutor(1, "language").submit(_identifier)


def _identifier() -> LanguageIdentifier:
    import numpy as np
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages([code for code in identifier.labels if len(code) == 2])
    # It is read by rows; chosen by languages, it lies by columns.
    identifier.nb_ptc = np.ascontiguousarray(identifier.nb_ptc)
    return identifier
