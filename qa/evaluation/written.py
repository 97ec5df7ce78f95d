"""How much of what a language model wrote is supported, as it was checked when it was shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def written_scores(answer: Mapping[str, Any]) -> dict[str, float]:
    """Nothing, unless a language model wrote a sentence on the question.

    ``supported_share = supported / sentences``
    ``unproved_sentences = sentences - supported``
    where ``sentences`` are those that were written, each once, and ``supported`` those that the
    check found proved by what they cite. Where it found none, the answer is quoted after all, and
    the share is 0. The check is what is measured with, not what is measured: how many errors pass
    it, ``benchmarks/planted.py`` tells.
    """
    written = answer.get("written")
    if not written or not written["sentences"]:
        return {}
    sentences, supported = written["sentences"], written["supported"]
    return {
        "supported_share": supported / sentences,
        "unproved_sentences": float(sentences - supported),
    }
