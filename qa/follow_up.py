"""Follow-up questions: made to stand alone before anything is searched for.

A pure function of the words, so that a tenth turn is searched, answered and declined exactly
as the same question would be at a first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import reduce

# "And the parties?", "What about Amnesty?": the earlier question, asked of something else.
_SAME_AGAIN = re.compile(
    r"^(?:(?:and|but|or|also|so)\b[,\s]*)?(?:(?:what|how)\s+about\b|(?:and|but|or|also)\b)[,\s]*",
    re.I,
)
_ASKS_ITSELF = re.compile(
    r"^(?:who|whom|whose|what|which|when|where|why|how|is|are|was|were|do|does|did|has|have|had|can"
    r"|could|will|would|should|may|might|in|on|at|by|for|from|to|of|with)\b",
    re.I,
)
# Words that stand for something said before. "That" and "this" do so only without a noun.
_POINTER = re.compile(
    r"\b(?:it|its|they|them|their|theirs|he|him|his|she|her|hers|there|these|those"
    r"|(?:this|that)(?=\s*(?:$|[?.,!])|\s+(?:is|was|be|been|mean|means|happen|happens|work|cost)\b))\b",
    re.I,
)
_NAME = re.compile(r"(?<!^)(?<![.?!]\s)\b[A-Z][\w’'.&-]*(?:\s+(?:of\s+)?[A-Z][\w’'.&-]*)*")
# A question that leans on its forerunner keeps so much of it at most: later turns stay short.
_CONTEXT_LENGTH = 300


def standalone(question: str, history: Sequence[str] = ()) -> str:
    """The question that ``question`` means after the earlier questions ``history``, oldest first.

    - "And Amnesty?" after "What did UNHCR say about the plan?" is that question with the name
      exchanged; where there is no one name to exchange, it is added: "Who opposes the plan, and
      the parties?".
    - A question with a word that points back ("there", "they") carries the earlier question in
      brackets behind it.
    - Any other question is left as it is, to the letter.
    """
    if not history:
        return question
    earlier = reduce(_after, history[1:], history[0])
    return _after(earlier, question)


def _after(earlier: str, question: str) -> str:
    words = question.strip()
    context = earlier.strip().rstrip("?!. ")
    if not context or not words:
        return question
    same_again = _SAME_AGAIN.match(words)
    rest = words[same_again.end() :] if same_again else words
    if same_again and rest.strip("?!. ") and not _ASKS_ITSELF.match(rest):
        return _asked_of(context, rest)
    if same_again and _ASKS_ITSELF.match(rest):
        words = rest[0].upper() + rest[1:]
    if _points_back(words) or len(words.rstrip("?!. ").split()) == 1:
        return f"{words.rstrip('?!. ')} ({context[:_CONTEXT_LENGTH]})?"
    return question


def _asked_of(context: str, other: str) -> str:
    """The question ``context``, asked of ``other``."""
    other = other.rstrip("?!. ")
    names = _NAME.findall(context)
    if len(names) == 1 and _is_name(other):
        return context.replace(names[0], other) + "?"
    return f"{context[:_CONTEXT_LENGTH]}, and {other}?"


def _is_name(text: str) -> bool:
    bare = re.sub(r"^(?:the|a|an)\s+", "", text, flags=re.I)
    return bare[:1].isupper() and len(bare.split()) <= 5


def _points_back(question: str) -> bool:
    pointer = _POINTER.search(question)
    # "Why did the minister change his mind?" points at the minister, not at an earlier turn.
    return pointer is not None and not _NAME.search(question[: pointer.start()])
