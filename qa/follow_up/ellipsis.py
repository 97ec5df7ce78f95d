"""Questions that leave out what was just asked: "Did Sweden?", "Which did not?", "Anyone else?"."""

from __future__ import annotations

import re

from footnoted.qa.english import lexicon
from footnoted.qa.follow_up.grammar import Asked, Tag, Token, tokenize

_TOO = frozenset("too also either".split())
_ELSE = re.compile(
    r"(?P<what>anyone|anybody|someone|somebody|anything|something) else"
    r"|(?:(?:which|what|any|are there any|and) )?others?(?: (?P<noun>[a-z][\w-]*))?",
    re.I,
)


def filled_in(question: str, earlier: Asked) -> str:
    """``question`` with what ``earlier`` asked put in; empty where nothing was left out.

    - "Did Sweden?" after "Which countries signed the treaty?": "Did Sweden sign the treaty?"
    - "Which did not?" after the same: "Which countries did not sign the treaty?"
    - "Which are rich?" after the same: "Which countries are rich?"
    - "Anyone else?" after "Who opposes the plan?": "Who else opposes the plan?"
    - "Any others?" after "Which parties oppose it?": "Which other parties oppose it?"
    """
    words = question.rstrip("?!. ")
    tokens = tokenize(words)
    if not tokens:
        return ""
    if match := _ELSE.fullmatch(words):
        return _of_others(match, earlier)
    if tokens[0].tag is Tag.AUX:
        return _of_another(words, tokens, earlier)
    if tokens[0].tag is Tag.WH:
        return _of_which(words, tokens, earlier)
    return ""


def _of_others(asked: re.Match[str], earlier: Asked) -> str:
    rest = earlier.after(earlier.wh)
    if what := asked["what"]:
        wanted = "what" if what.lower().endswith("thing") else "who"
        return f"{wanted.capitalize()} else {rest}?" if earlier.wh_words == wanted else ""
    if earlier.wh_words == "who" and not asked["noun"]:
        return f"Who else {rest}?"
    noun = earlier.asked_for
    if noun is None or (asked["noun"] or noun.head).lower() != noun.head.lower():
        return ""
    return f"Which other {noun.text.removeprefix('the ')} {rest}?"


def _of_another(words: str, tokens: tuple[Token, ...], earlier: Asked) -> str:
    """ "Do the member states too": an auxiliary and a name, and nothing that they do."""
    named = [token for token in tokens[1:] if token.lower not in _TOO]
    nominal = {Tag.NAME, Tag.NUMBER, Tag.DET, Tag.WORD, Tag.OWNER}
    if (
        not named
        or named[0].lower in lexicon.DEMONSTRATIVES
        or any(token.tag not in nominal for token in named)
        or len(named) > 4
    ):
        return ""
    nouns = named[1:] if named[0].tag is Tag.DET else named
    bare = [token for token in nouns if token.tag is Tag.WORD]
    if not nouns or (bare and (named[0].tag is not Tag.DET or _says_more(bare, tokens[0]))):
        return ""
    predicate = _predicate(earlier, tokens[0].text)
    return f"{words[: named[-1].end]} {predicate}?" if predicate else ""


def _says_more(nouns: list[Token], auxiliary: Token) -> bool:
    """ "Did the minister agree" and "is the office open" leave nothing out."""
    last = nouns[-1].text
    if len(nouns) < 2 or lexicon.is_plural(last):
        return False
    return not lexicon.takes_base_form(auxiliary.text) or lexicon.known_base(last) is not None


def _of_which(words: str, tokens: tuple[Token, ...], earlier: Asked) -> str:
    """A "which" without its noun, and a "not" without its verb."""
    if len(tokens) < 2 or tokens[1].tag is not Tag.AUX:
        return ""
    noun = ""
    if tokens[0].lower == "which":
        if earlier.asked_for is None:
            return ""
        noun = f" {earlier.asked_for.text.removeprefix('the ')}"
    whole = f"{tokens[0].text}{noun}{words[tokens[0].end :]}"
    if not _denies(tokens[1:]):
        return f"{whole}?" if noun else ""
    predicate = _predicate(earlier, tokens[1].text)
    return f"{whole} {predicate}?" if predicate else ""


def _denies(tokens: tuple[Token, ...]) -> bool:
    """ "Did not", "didn't", and nothing more."""
    auxiliary, *rest = (token.lower for token in tokens)
    return rest == ["not"] or (not rest and auxiliary.endswith(("n't", "n’t")))


def _predicate(earlier: Asked, auxiliary: str) -> str:
    """What was done, as it stands after ``auxiliary``: "sign the treaty"."""
    fits = earlier.auxiliary is not None or lexicon.takes_base_form(auxiliary)
    return earlier.predicate if fits and not earlier.asks_for_more else ""
