"""Texts as tokens: whole, counted and cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokenizers import Tokenizer


def whole_text(tokenizer: Tokenizer) -> Tokenizer:
    """A copy of a tokenizer that neither cuts off nor fills up."""
    from tokenizers import Tokenizer

    copy = Tokenizer.from_str(tokenizer.to_str())
    copy.no_truncation()
    copy.no_padding()
    return copy


def shortened(text: str, most: int, tokenizer: Tokenizer) -> str:
    """The first ``most`` tokens of a text, as ``tokenizer`` counts, without special ones."""
    offsets = tokenizer.encode(text, add_special_tokens=False).offsets
    return text if len(offsets) <= most else text[: offsets[most - 1][1]]


def count_tokens(text: str, tokenizer: Tokenizer) -> int:
    """How many tokens ``tokenizer`` makes of a text, without special ones."""
    # Where each token stands, which takes a quarter of the time, is not asked.
    (encoded,) = tokenizer.encode_batch_fast([text], add_special_tokens=False)
    return len(encoded)
