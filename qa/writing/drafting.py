"""What a language model wrote, as sentences with the numbers of the passages that each names."""

from __future__ import annotations

import re
from typing import NamedTuple

from footnoted.corpus.sentences import sentences

_THOUGHT = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.S | re.I)
_NUMBERS = r"\d{1,3}(?:\s*[,;&–-]\s*(?:passages?\s*)?\d{1,3})*"
_CITED = re.compile(
    rf"\s*(?:\[\^?(?:passages?|sources?|p\.)?\s*({_NUMBERS})\s*\]"
    rf"|【(?:passages?)?\s*({_NUMBERS})[^】]*】|\((?:passages?|sources?)\s*({_NUMBERS})\))",
    re.I,
)
_CITED_FIRST = re.compile(rf"(?:{_CITED.pattern})+[.]?", re.I)
_MARKUP = re.compile(
    r"^(?:\s*(?:[-*•>]|#{1,6}|\d{1,2}[.)])\s+)+|[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}"
)
_LONGEST_RANGE = 20


class Drafted(NamedTuple):
    """A written sentence, and the passages that it cites, by their numbers, each once."""

    text: str
    cited: tuple[int, ...]


def drafted(text: str, *, is_whole: bool = True) -> list[Drafted]:
    """The sentences of what was written; where it is not whole yet, those that surely are.

    Thoughts, headings' and lists' signs and emphasis are no part of them.
    """
    found: list[str] = []
    for line in _THOUGHT.sub("", text).splitlines():
        for piece in sentences(line):
            # Numbers behind a full stop belong to what stands before it.
            before = _CITED_FIRST.match(piece)
            if before and found:
                found[-1] += before.group()
                piece = piece[before.end() :]
            if piece.strip():
                found.append(piece)
    some = found if is_whole else found[:-1]
    return [one for piece in some if (one := _drafted(piece)).text]


def _drafted(piece: str) -> Drafted:
    cited = dict.fromkeys(
        number
        for match in _CITED.finditer(piece)
        for number in _numbers("".join(filter(None, match.groups())))
    )
    plain = " ".join(_MARKUP.sub("", _CITED.sub("", piece)).split())
    said = re.sub(r"\s+(?=[.,;:!?])", "", plain)
    return Drafted(said if any(letter.isalnum() for letter in said) else "", tuple(cited))


def _numbers(written: str) -> list[int]:
    found: list[int] = []
    for part in re.split(r"[,;&]", written):
        first, *last = (int(number) for number in re.findall(r"\d+", part))
        end = min(last[0], first + _LONGEST_RANGE) if last else first
        found += range(first, end + 1) if end >= first else [first, *last]
    return found
