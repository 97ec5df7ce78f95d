"""Questions and their answers to statements, where the words of the question allow."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from footnoted.corpus.errors import UnusableInput
from footnoted.qa.english import lexicon
from footnoted.qa.protocols import Pair
from footnoted.qa.training.claim_sets import Judged
from footnoted.qa.training.examples import TRAIN, part_of_article

_PAST = {
    base: forms[0]
    for base in set(lexicon.IRREGULAR.values())
    if (forms := [form for form, of in lexicon.IRREGULAR.items() if of == base])
}
_PREPOSITION = re.compile(
    r"\b(in|on|at|by|since|during|from|near|to|for|with|under|until)( the)? $"
)
_SUBJECT = r"(?:[Tt]he )?[A-Z][\w’'.-]*(?: (?:of (?:the )?)?[A-Z][\w’'.-]*)*|it|he|she|they"
_DID = re.compile(
    rf"(?P<wh>.*?\b(?i:who|whom|what|which|when|where|how many|how much)\b[^,]*?) did "
    rf"(?P<subject>{_SUBJECT}) (?P<verb>[a-z]+)(?P<rest> [^?]*)?\?"
)
_VERBS = r"(?:is|are|was|were|has|have|had|can|could|will|would|may|must)"
_OF_SUBJECT = re.compile(
    rf"(?:who|what|which [a-z ]{{3,30}}?|what [a-z ]{{3,30}}?|how many [a-z ]{{3,30}}?)"
    rf" (?P<rest>(?P<verb>{_VERBS}|[a-z]+ed|[a-z]+s) .*\w)\s*\?",
    re.I,
)
_PARTICIPLE = re.compile(r"\w+ed|known|made|built|held|seen|given|taken|born|found|used")
_ENDS_OPEN = re.compile(
    r"\b(?:of|in|on|at|by|to|for|from|with|as|called|named|known as|about|into|under)\s*\?$"
)
_INVERTED_WHEN = re.compile(
    rf"(?P<wh>(?i:when|where|in what year|in which year)) (?P<be>was|were|is|are) "
    rf"(?P<subject>{_SUBJECT}) (?P<rest>[a-z]+(?:ed|en|n|t|d)\b[^?]*)\?"
)


def read(path: Path) -> Iterator[Judged]:
    """Of the questions of SQuAD's JSON: what is so, and what is not, with the answer that deceives.

    Raises:
        UnusableInput: there is no such file, or it is of another form.
    """
    try:
        articles = json.loads(path.read_text(encoding="utf-8"))["data"]
        for article in articles:
            title = article["title"].replace(" ", "_")
            for paragraph in article["paragraphs"]:
                for asked in paragraph["qas"] if part_of_article(title) == TRAIN else ():
                    yield from _judged(asked, paragraph["context"], title)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnusableInput(f"{path} is not in SQuAD's form: {error!r}") from None


def _judged(asked: dict[str, Any], text: str, article: str) -> Iterator[Judged]:
    for answer in (asked["answers"] or asked.get("plausible_answers") or [])[:1]:
        before = text[: answer["answer_start"]]
        said = statement(asked["question"], answer["text"], before)
        if said is not None:
            yield Judged(Pair(text, said), bool(asked["answers"]), "asked", article)


def statement(question: str, answer: str, before: str) -> str | None:
    """The statement that ``answer`` makes of ``question``; ``before`` is what its text says ahead
    of it. None where its words cannot be put in order with certainty."""
    question, answer = question.strip(), answer.strip(" .,;")
    if len(answer.split()) > 12:
        return None
    for way in (_when, _did, _subject):
        if (said := way(question, answer, before)) is not None:
            return f"{said[0].upper()}{said[1:].strip()}."
    return None


def _placed(answer: str, before: str, wh: str) -> str | None:
    """A time or place with its preposition."""
    if answer.split()[0].lower() in lexicon.PREPOSITIONS:
        return answer
    if found := _PREPOSITION.search(before[-15:]):
        return f"{found[1]}{found[2] or ''} {answer}"
    if re.fullmatch(r"1\d{3}|20\d\d|(?:the )?\d{4}s", answer):
        return f"in {answer}"
    return f"in {answer}" if "year" in wh.lower() else None


def _when(question: str, answer: str, before: str) -> str | None:
    found = _INVERTED_WHEN.fullmatch(question)
    if found is None or (placed := _placed(answer, before, found["wh"])) is None:
        return None
    return f"{found['subject']} {found['be'].lower()} {found['rest'].strip()} {placed}"


def _did(question: str, answer: str, before: str) -> str | None:
    found = _DID.fullmatch(question)
    if found is None or (past := _past(found["verb"])) is None:
        return None
    wh, rest = found["wh"].lower(), (found["rest"] or "").strip()
    if re.search(r"\b(?:when|where|year|date|day|month|century|decade)\b", wh):
        if (placed := _placed(answer, before, wh)) is None:
            return None
        return f"{found['subject']} {past} {rest} {placed}".replace("  ", " ")
    if rest and not _ENDS_OPEN.search(f"{rest}?"):
        return None
    lead = re.match(r"(in|on|at|for|with|from|to|by) (?:what|which|whom)\b", wh)
    number = re.fullmatch(r"how many (.+)", wh)
    said = f"{answer} {number[1]}" if number and number[1] not in answer else answer
    said = f"{lead[1]} {said}" if lead and not said.startswith(lead[1]) else said
    return f"{found['subject']} {past} {rest} {said}".replace("  ", " ")


def _past(verb: str) -> str | None:
    if verb in lexicon.DETERMINERS or verb in lexicon.PREPOSITIONS or verb.endswith("ing"):
        return None
    if verb in _PAST:
        return _PAST[verb]
    if lexicon.known_base(verb) != verb:
        return None
    if verb.endswith("e"):
        return f"{verb}d"
    return f"{verb[:-1]}ied" if re.search(r"[^aeiou]y$", verb) else f"{verb}ed"


def _subject(question: str, answer: str, _: str) -> str | None:
    found = _OF_SUBJECT.fullmatch(question)
    if found is None or _ENDS_OPEN.search(question) or not _asks_for_subject(question, found):
        return None
    verb, words = found["verb"].lower(), found["rest"].split()
    is_who = question.lower().startswith("who ")
    if is_who and verb in lexicon.BE and words[1][0].isupper() and len(words) < 4:
        return f"{' '.join(words[1:])} {verb} {answer}"
    number = re.match(r"how many (.+?)$", question[: found.start("rest")].strip(), re.I)
    if number and number[1].split()[-1] not in answer:
        answer = f"{answer} {number[1]}"
    return f"{answer} {found['rest']}"


def _asks_for_subject(question: str, found: re.Match[str]) -> bool:
    """Whether what stands behind the question word is a verb, and not turned before its subject."""
    verb, words = found["verb"].lower(), found["rest"].split()
    if verb in _NOT_FINITE or words[-1].lower() in _LEFT_OPEN or len(words) < 2:
        return False
    if verb not in _AUXILIARIES:
        return not verb.endswith("s") or lexicon.known_base(verb) is not None
    second = words[1].lower()
    if second in lexicon.POINTING or (verb in lexicon.MODALS and second in lexicon.DETERMINERS):
        return False
    is_participle = _PARTICIPLE.fullmatch(second) is not None
    asks_of_noun = len(question[: found.start("rest")].split()) > 1
    if asks_of_noun:
        # "Which city was built …" but not "which city was it built in".
        of_number = question.lower().startswith("how")
        return (is_participle or of_number) and second not in lexicon.DETERMINERS
    # "What was it made of", "what is iron used".
    ends_with_participle = _PARTICIPLE.fullmatch(words[-1].lower()) is not None
    return verb not in lexicon.BE or len(words) < 3 or is_participle or not ends_with_participle


_AUXILIARIES = frozenset(_VERBS.strip("(?:)").split("|"))
_NOT_FINITE = frozenset("do does did types kinds names years times days".split())
_LEFT_OPEN = frozenset("called named do have like".split())
