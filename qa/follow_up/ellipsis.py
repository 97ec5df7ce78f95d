"""Questions that leave out what was just asked: "Did Sweden?", "Which did not?", "Anyone else?"."""

from __future__ import annotations

import re

from qa.follow_up import lexicon
from qa.follow_up.grammar import Asked, Role, Tag, Token, tokenize

_TOO = frozenset("too also either".split())
_ELSE = re.compile(r"(?P<what>anyone|anybody|someone|somebody|anything|something) else", re.I)
_BARE = frozenset("that this these those".split())
_NOT = frozenset({"not"})


def filled_in(question: str, earlier: Asked) -> str:
    """``question`` with what ``earlier`` asked put in; empty where nothing was left out.

    - "Did Sweden?" after "Which countries signed the treaty?": "Did Sweden sign the treaty?"
    - "Which did not?" after the same: "Which countries did not sign the treaty?"
    - "Which are rich?" after the same: "Which countries are rich?"
    - "Anyone else?" after "Who opposes the plan?": "Who else opposes the plan?"
    """
    words = question.rstrip("?!. ")
    tokens = tokenize(words)
    if not tokens:
        return ""
    if match := _ELSE.fullmatch(words):
        return _of_others(match["what"].lower(), earlier)
    if tokens[0].tag is Tag.AUX:
        return _of_another(words, tokens, earlier)
    if tokens[0].tag is Tag.WH:
        return _of_which(words, tokens, earlier)
    return ""


def _of_others(what: str, earlier: Asked) -> str:
    asked = "what" if what.endswith("thing") else "who"
    same = earlier.wh_words == asked
    return f"{asked.capitalize()} else {earlier.after(earlier.wh)}?" if same else ""


def _of_another(words: str, tokens: tuple[Token, ...], earlier: Asked) -> str:
    """ "Do the member states too": an auxiliary and a name, and nothing that they do."""
    named = [token for token in tokens[1:] if token.lower not in _TOO]
    nominal = {Tag.NAME, Tag.NUMBER, Tag.DET, Tag.WORD, Tag.OWNER}
    if (
        not named
        or named[0].lower in _BARE
        or any(token.tag not in nominal for token in named)
        or len(named) > 4
    ):
        return ""
    nouns = named[1:] if named[0].tag is Tag.DET else named
    bare = [token for token in nouns if token.tag is Tag.WORD]
    if not nouns or (bare and (named[0].tag is not Tag.DET or _says_more(bare, tokens[0]))):
        return ""
    predicate = _predicate(earlier, tokens[0].lower)
    return f"{words[: named[-1].end]} {predicate}?" if predicate else ""


def _says_more(nouns: list[Token], auxiliary: Token) -> bool:
    """ "Did the minister agree" and "is the office open" leave nothing out."""
    last = nouns[-1].text
    does = auxiliary.lower in lexicon.DO | lexicon.MODALS
    said = lexicon.known_base(last) and not lexicon.is_plural(last)
    return len(nouns) > 1 and bool(said if does else not lexicon.is_plural(last))


def _of_which(words: str, tokens: tuple[Token, ...], earlier: Asked) -> str:
    """A "which" without its noun, and a "not" without its verb."""
    if len(tokens) < 2 or tokens[1].tag is not Tag.AUX:
        return ""
    asked = next((p for p in earlier.phrases if p.role is Role.ASKED), None)
    first = tokens[0].lower
    if first == "which" and asked is None:
        return ""
    noun = f" {asked.text.removeprefix('the ')}" if asked and first == "which" else ""
    rest = words[tokens[0].end :]
    denied = [t for t in tokens[2:] if t.lower not in _NOT] == [] and (
        len(tokens) > 2 or tokens[1].lower.endswith(("n't", "n’t"))
    )
    if not denied:
        return f"{tokens[0].text}{noun}{rest}?" if noun else ""
    predicate = _predicate(earlier, tokens[1].lower)
    return f"{tokens[0].text}{noun}{rest} {predicate}?" if predicate else ""


def _predicate(earlier: Asked, auxiliary: str) -> str:
    """What was done, as it stands after ``auxiliary``: "sign the treaty"."""
    if earlier.verb is None or earlier.verb >= len(earlier.tokens) or earlier.asks_for_more:
        return ""
    if earlier.auxiliary is not None:
        return earlier.after(earlier.verb)
    does = re.sub(r"n['’]t$", "", auxiliary) in lexicon.DO | lexicon.MODALS
    base = lexicon.base_form(earlier.tokens[earlier.verb].text)
    return f"{base} {earlier.after(earlier.verb + 1)}".strip() if base and does else ""
