"""Follow-up questions: made to stand alone before anything is searched for.

A pure function of the words, so that a tenth turn is searched, answered and declined exactly
as the same question would be at a first. Only questions are known here, no answers: a word
whose antecedent stood in an answer alone keeps its forerunner in brackets.

Two things are done. Words that point back are replaced by what they stand for ("Who will lead
it?" -> "Who will lead the office?"), and fragments are put in their place in the question
before ("And in 2021?", "Why?", "And Amnesty?").
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from footnoted.qa.english import lexicon
from footnoted.qa.follow_up.ellipsis import filled_in
from footnoted.qa.follow_up.fragments import asked_again
from footnoted.qa.follow_up.grammar import Asked, Tag, Token, last_sentence, tokenize
from footnoted.qa.follow_up.pointers import resolved

_LEAD = re.compile(
    r"^(?:(?:and|but|or|also|so|then|ok(?:ay)?)\b[,\s]*)*(?:(?:what|how)\s+about\b[,\s]*)?", re.I
)
# So many earlier questions are remembered; what was named before them is forgotten.
_MEMORY = 12
_MOST_ADDED = 350
_LONGEST_FRAGMENT = 6
# What is longer says enough by itself; all work below is bounded by it.
_LONGEST_FOLLOW_UP = 500
_DOUBTS = re.compile(
    r"(?:really|are you sure|is (?:that|this|it) (?:true|right|correct|so|certain))\W*", re.I
)
_LATIN = re.compile("[a-zß-ɏ]", re.I)
_ATTRIBUTE = re.compile(
    r"what\s+(?:is|are|was|were)\s+(?P<attribute>the\s+(?:\w+\s+){0,2}(?P<noun>\w+))\W*", re.I
)
_WHY = re.compile(r"(?:why\s?(?:is|was|['’]s) (?:that|this|it|so)|how come|what for)\W*", re.I)


def standalone(question: str, history: Sequence[str] = ()) -> str:
    """The question that ``question`` means after the earlier questions ``history``, oldest first.

    - "Who will lead it?" after "Where will Denmark open an office?" becomes "Who will lead the
      office?": each word that points back gives way to what it stands for.
    - "And Amnesty?" after "What did UNHCR say about the plan?" is that question with the name
      exchanged; where nothing can be exchanged, it is added: "Who opposes the plan, and the
      parties?".
    - Where what is meant cannot be known, the earlier question follows in brackets.
    - Any other question, and "Thank you!", is left as it is, to the letter.
    """
    memory: list[Asked] = []
    for earlier in history:
        understood = _after(memory, earlier)
        asked = Asked.of(last_sentence(understood))
        if asked.tokens and not _is_chat(asked.tokens):
            memory = [*memory, asked][-_MEMORY:]
    return _after(memory, question)


# What a question may leave out fits the one or the other, if it fits any.
_BEFORE = "Which countries are in the council?", "Who signed the treaty?"


def stands_alone(question: str) -> bool:
    """Whether a question is understood without one before it: none would change it."""
    return all(standalone(question, [earlier]) == question for earlier in _BEFORE)


def _after(memory: Sequence[Asked], question: str) -> str:
    """``question`` after the questions ``memory``, which stand alone."""
    words = question.strip()
    if not memory or len(words) > _LONGEST_FOLLOW_UP:
        return question
    tokens = tokenize(words)
    if not tokens or _is_chat(tokens) or _is_foreign(tokens):
        return question
    if _DOUBTS.fullmatch(words):
        return f"{memory[-1].text}?"
    lead = _LEAD.match(words)
    rest = words[lead.end() :] if lead else words
    rest = "Why" if _WHY.fullmatch(rest) else rest
    if whole := filled_in(rest, memory[-1]):
        return whole[:1].upper() + whole[1:]
    topical = _ATTRIBUTE.fullmatch(rest)
    if topical and lexicon.is_attribute(topical["noun"]):
        rest = topical["attribute"]
    if _is_fragment(rest, led=rest != words):
        rest, _ = resolved(rest, memory)
        understood = asked_again(memory[-1], rest.rstrip("?!. "))
    else:
        understood, pointed = resolved(rest, memory)
        if not pointed:
            return question
        understood = understood[:1].upper() + understood[1:]
    return understood if len(understood) <= len(question) + _MOST_ADDED else question


def _is_chat(tokens: Sequence[Token]) -> bool:
    """ "Thank you very much!": nothing is asked."""
    return len(tokens) <= 5 and tokens[0].lower in lexicon.CHAT


def _is_foreign(tokens: Sequence[Token]) -> bool:
    """Another language has other words that point back: its questions are left alone."""
    first = tokens[0].lower
    other_script = first[0].isalpha() and not _LATIN.match(first)
    return other_script or first in lexicon.OTHER_LANGUAGES


def _is_fragment(words: str, led: bool) -> bool:
    """Whether ``words`` ask nothing without the question before: "the cost", "by whom"."""
    tokens = tokenize(words)
    if not tokens or len(tokens) > _LONGEST_FRAGMENT + 4 * led:
        return False
    if _asks_with(tokens):
        return not any(token.tag is Tag.AUX for token in tokens) and _only_asks(tokens)
    if tokens[0].tag is Tag.AUX or (tokens[0].tag is Tag.PRON and len(tokens) > 1):
        return False
    nominal = any(token.tag in {Tag.NAME, Tag.NUMBER, Tag.WORD} for token in tokens)
    return nominal and (led or _names_only(tokens))


def _asks_with(tokens: Sequence[Token]) -> bool:
    return any(token.tag is Tag.WH for token in tokens[:2])


def _only_asks(tokens: Sequence[Token]) -> bool:
    """ "In which year" against "which parties support it": no verb, and nothing after it."""
    asked = Asked.of(" ".join(token.text for token in tokens))
    nouns = tokens[1:] if tokens[0].tag is Tag.WH else tokens[2:]
    alone = all(token.tag in {Tag.WORD, Tag.ADVERB, Tag.LINK} for token in nouns)
    return alone and (len(nouns) <= 1 or tokens[0].tag is Tag.PREP) and asked.auxiliary is None


def _names_only(tokens: Sequence[Token]) -> bool:
    """Whether nothing but a short phrase stands here: "Rwanda", "in Kigali", "the cost"."""
    first = 1 if tokens[0].tag is Tag.PREP else 0
    first += first < len(tokens) and tokens[first].tag is Tag.DET
    nouns = tokens[first:]
    if first == 0 and len(tokens) > 1 and any(token.tag is Tag.WORD for token in tokens):
        return False
    nominal = {Tag.NAME, Tag.NUMBER, Tag.WORD, Tag.OWNER}
    return 0 < len(nouns) <= 4 and all(token.tag in nominal for token in nouns)
