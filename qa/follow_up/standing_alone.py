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
from footnoted.qa.english.question_kind import is_small_talk
from footnoted.qa.english.request import requested
from footnoted.qa.follow_up.contenders import compared
from footnoted.qa.follow_up.ellipsis import filled_in
from footnoted.qa.follow_up.fragments import asked_again
from footnoted.qa.follow_up.grammar import Asked, Tag, Token, last_sentence, tokenize
from footnoted.qa.follow_up.pointers import answered, owner, resolved, with_noun
from footnoted.qa.protocols import Meaning

_OPENING = (
    r"(?:and|but|or|also|so|then|ok(?:ay)?|thanks?(?: you)?|thx|no|sorry|well|i mean(?:t)?|rather"
    r"|instead)\b[,.!\s]*|(?:great|good|nice|perfect|right|yes|i see)[,.!]\s*"
)
_LEAD = re.compile(
    rf"^(?:{_OPENING})*"
    r"(?:(?:what|how)\s+about\b[,\s]*|(?:the\s+)?same(?:\s+question)?\s+(?:for|about|with)\s+)?",
    re.I,
)
# So many earlier questions are remembered; what was named before them is forgotten.
_MEMORY = 12
_MOST_ADDED = 350
_MOST_MEANINGS = 4
_LONGEST_FRAGMENT = 6
# What is longer says enough by itself; all work below is bounded by it.
_LONGEST_FOLLOW_UP = 500
_COURTESY = re.compile(r"(?:thanks?(?: you)?|thx|sorry|ok(?:ay)?|no|well)\b", re.I)
_DOUBTS = re.compile(
    r"(?:really|are you sure|is (?:that|this|it) (?:true|right|correct|so|certain))\W*", re.I
)
# How to answer is asked, and nothing else.
_REPEATS = re.compile(
    r"(?:please\s+|can you\s+|could you\s+)*(?:answer|say|put|repeat|tell|give)\b"
    r"(?:[,\s]+(?:it|that|this|me|the|your|answer|again|only|just|more|in|one|a|few|two|short|simple"
    r"|brief|sentences?|words?|briefly|shortly|simply|please|full|detail|english|way"
    r"|shorter|simpler|clearer))*\W*"
    r"|(?:(?:more\s+)?(?:briefly|shorter|simpler)|again|in (?:one|a) (?:sentence|word)),?"
    r"(?:\s+please)?\W*",
    re.I,
)
_OF_IT = re.compile(r"\b(?:of|on|about|for|against)\s+(?P<it>it|this|that)\W*$", re.I)
_SUMMARISE = "Summarise "
_LATIN = re.compile("[a-zß-ɏ]", re.I)
_ATTRIBUTE = re.compile(
    r"what\s+(?:is|are|was|were)\s+(?P<attribute>the\s+(?:\w+\s+){0,2}(?P<noun>\w+))\W*", re.I
)
_WHY = re.compile(r"(?:why\s?(?:is|was|['’]s) (?:that|this|it|so)|how come|what for)\W*", re.I)


def standalone(question: str, history: Sequence[str] = ()) -> str:
    """The question that ``question`` most likely means after the earlier questions ``history``,
    oldest first, as far as their words tell.

    - "Who will lead it?" after "Where will Denmark open an office?" becomes "Who will lead the
      office?": each word that points back gives way to what it stands for.
    - "And Amnesty?" after "What did UNHCR say about the plan?" is that question with the name
      exchanged; where nothing can be exchanged, it is added: "Who opposes the plan, and the
      parties?".
    - Where what is meant cannot be known, the earlier question follows in brackets.
    - Any other question, and "Thank you!", is left as it is, to the letter.
    """
    return meanings(question, history)[0].text


def meanings(question: str, history: Sequence[str] = ()) -> list[Meaning]:
    """What ``question`` may mean after ``history``, likeliest first: ``standalone``, and others.

    One alone where there is no choice: a question that stands alone means what it says.
    """
    memory: list[Asked] = []
    for earlier in history:
        understood = _after(memory, earlier)[0].text
        asked = Asked.of(last_sentence(understood))
        if asked.tokens and not is_small_talk(earlier) and not _repeats(earlier):
            memory = [*memory, asked][-_MEMORY:]
    return _after(memory, question)


# What a question may leave out fits the one or the other, if it fits any.
_BEFORE = "Which countries are in the council?", "Who signed the treaty?"


def stands_alone(question: str) -> bool:
    """Whether a question is understood without one before it: none would change it."""
    return all(standalone(question, [earlier]) == question for earlier in _BEFORE)


def _after(memory: Sequence[Asked], question: str) -> list[Meaning]:
    """What ``question`` may mean after the questions ``memory``, which stand alone."""
    words = question.strip()
    if not memory or len(words) > _LONGEST_FOLLOW_UP:
        return [Meaning(question)]
    tokens = tokenize(words)
    if not tokens or is_small_talk(words) or _is_foreign(tokens):
        return [Meaning(question)]
    if _DOUBTS.fullmatch(words) or _repeats(words):
        return [Meaning(f"{memory[-1].text}?")]
    return _bounded(question, _completed(memory, words)) or [Meaning(question)]


def _bounded(question: str, found: Sequence[Meaning]) -> list[Meaning]:
    raised = (one._replace(text=f"{one.text[:1].upper()}{one.text[1:]}") for one in found)
    short = [one for one in raised if len(one.text) <= len(question) + _MOST_ADDED]
    return list(dict.fromkeys(short))[:_MOST_MEANINGS] if found and found[0].text else []


def _completed(memory: Sequence[Asked], words: str) -> list[Meaning]:
    """``words`` with what they leave out or point at; none where they do not."""
    rest = words[_LEAD.match(words).end() :]  # type: ignore[union-attr]  # it matches any text
    rest = "Why" if _WHY.fullmatch(rest) else rest
    if _asks_for_all(rest) and (asked := _of_all(rest, memory)) != [words]:
        return [Meaning(text) for text in asked]
    if between := compared(rest, memory):
        return [Meaning(between)]
    named = with_noun(rest, memory)
    is_named, rest = named != rest, named
    if whole := filled_in(rest, memory[-1]):
        return [Meaning(whole)]
    topical = _ATTRIBUTE.fullmatch(rest)
    if topical and lexicon.is_attribute(topical["noun"]):
        rest = topical["attribute"]
    if _is_fragment(rest, led=rest != words):
        again = [
            text
            for one in _resolutions(rest, memory)
            for text in asked_again(memory[-1], one.rstrip("?!. "), owner(rest))
        ]
        return [Meaning(text) for text in again]
    found = [Meaning(text) for text in _resolutions(rest, memory)]
    if found == [Meaning(rest)]:
        return [Meaning(rest)] if is_named or _COURTESY.match(words) else []
    if slotted := answered(rest, memory):
        found.insert(1, slotted)
    return found


def _asks_for_all(words: str) -> bool:
    """Whether a summary or a timeline is asked for: it is none of what was asked about before."""
    wanted = requested(words)
    return wanted is not None and (wanted.is_form or wanted.wanted == "overview")


def _of_all(words: str, memory: Sequence[Asked]) -> list[str]:
    """A request for all that is said with what it points at: "a timeline of it", which names
    nothing that "it" could be, is of what would be summarised."""
    found = _resolutions(words, memory)
    if found != [words] or not (pointing := _OF_IT.search(words)):
        return found
    meant = (one.removeprefix(_SUMMARISE) for one in _resolutions(f"{_SUMMARISE}it", memory))
    return [f"{words[: pointing.start('it')]}{one}" for one in meant]


def _resolutions(words: str, memory: Sequence[Asked]) -> list[str]:
    """``words`` with what they point at put in, for each that they may point at, likeliest first;
    as they are, if they point at nothing."""
    found: list[str] = []
    but: list[str] = []
    while len(found) < _MOST_MEANINGS:
        one = resolved(words, memory, but)
        if found and not one.by:
            break
        found.append(one.text)
        but += one.by
        if not one.by:
            break
    return found


def _repeats(words: str) -> bool:
    """ "Please answer in one sentence.": the same is asked once more."""
    return _REPEATS.fullmatch(words.strip()) is not None


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
