"""The blocks of text that is set by nothing but its lines: as plain text is, and mail.

What a line is, is told by how it begins, how it ends, and the lines beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby, pairwise

from footnoted.corpus.sentences import paragraphs, sentences
from footnoted.corpus.spans import Annotation, Kind, Span
from footnoted.corpus.structure import HEADER

LINE = re.compile(r"[^\r\n\v\f\x85\u2028\u2029]*(?:\r\n|[\n\r\v\f\x85\u2028\u2029]|\Z)")

_BULLET = re.compile(
    r"[ \t]*(?:[-*+•‣▪◦·–—]|\(?(?:\d{1,3}|[a-z]|[ivx]{1,4})[.)]|\(?[A-Z]\))[ \t]+(?=\S)"
)
_HEADING_SIGNS = re.compile(r"[ \t]*#{1,6}[ \t]+(?=\S)")
_UNDERLINE = re.compile(r"\s*(?:={3,}|-{3,})\s*\Z")
_NUMBERED = re.compile(r"(?P<number>\d{1,3}(?:\.\d{1,3})*)\.?[ \t]+(?=[^\W\d_])")
_CHAPTER = re.compile(
    r"(?:chapter|part|section|article|annex|appendix|schedule)[ \t]+(?:\d+|[ivxlc]+|[a-z])\b.*",
    re.I,
)
# A key is some words and a colon; what follows a colon without a blank is a time or an address.
_KEY = re.compile(r"(?P<key>[^\W_](?:[^:\n|]{0,48}[^\s:|])?)[ \t]*:[ \t]+(?=\S)")
_NAME = re.compile(
    r"(?:(?:[^\W\d_a-zß-öø-ÿ][\w.'’-]*|de|den|der|von|van|di|da|la|le|bin|al)(?:[ \t]+|\Z)){1,5}"
    r"(?:\([^)]{1,40}\))?\Z"
)
_SENTENCE_END = re.compile(r"[.!?…。！？][\"”’»')\]]*\s*\Z")
_WRITTEN = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_BROKEN = re.compile(
    r"(?P<before>(?<![\w-])[^\W\d_]{2,})[-\u2010]\s*?(?:\r\n|[\r\n])[ \t]*"
    r"(?P<after>[a-zß-öø-ÿ][^\W\d_]*)"
)
_WORDS = re.compile(r"[^\W\d_]+")
_PLACEHOLDER = re.compile(r"[^\W\d_a-zß-öø-ÿ][\w'’-]*|\d[\w.,:/-]*")

_MOST_WORDS_OF_A_KEY = 6
_MOST_WORDS_BEFORE_A_SENTENCE = 3
_MOST_WORDS_OF_A_HEADING = 14
_LEAST_WORDS_SAID = 4
_SEPARATORS = "\t", "|", ";", ","


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that holds something, without the white space around it."""

    start: int
    end: int
    text: str
    indent: int


def blocks(text: str, within: Span) -> Iterator[Annotation]:
    """The blocks of ``text`` between two offsets, with what holds them and what is in them.

    They come in the order of their ends; whoever puts them together sorts them.
    """
    at = within.start
    lead_in = ""
    for paragraph in paragraphs(text[within.start : within.end]):
        lines = _lines(text, Span(at, at + len(paragraph)))
        at += len(paragraph)
        if lines:
            found = list(_paragraph(text, lines, lead_in))
            yield from found
            lead_in = _lead_in(text, found)


def records(text: str, annotations: Sequence[Annotation]) -> Iterator[Annotation]:
    """What is about one thing each: neighbouring paragraphs whose beginnings are of one mould.

    "Ann Lee joined in 2009. She …" and "Bo Dahl joined in 2015. He …" differ in names and figures
    alone: what stands in one must not be read into the other.
    """
    readable = [one for one in annotations if one.kind in ("heading", "paragraph", "item", "row")]
    said = [text[one.start : one.end] if one.kind == "paragraph" else "" for one in readable]
    begins = [_beginning(paragraph) for paragraph in said]
    mould = cache(lambda at: _mould(said[at]))  # seldom asked for: it takes cutting into sentences
    alike = {
        at
        for at in range(len(said) - 1)
        if begins[at] and begins[at] == begins[at + 1] and mould(at) and mould(at) == mould(at + 1)
    }
    for at in sorted(alike | {at + 1 for at in alike}):
        yield Annotation(readable[at].start, readable[at].end, "record")


def broken_words(text: str, annotations: Sequence[Annotation]) -> Iterator[Annotation]:
    """What breaks a word at a line's end, as signs: the line end, and the hyphen if it came by it.

    A hyphen stays that the word has elsewhere in the text, or that joins two words of the text.
    """
    broken = [
        word
        for one in annotations
        if one.kind in ("paragraph", "item", "turn")
        for word in _BROKEN.finditer(text, one.start, one.end)
    ]
    if not broken:
        return
    known = {word.lower() for word in _WRITTEN.findall(_BROKEN.sub(" ", text))}
    for word in broken:
        before, after = word["before"].lower(), word["after"].lower()
        compound = f"{before}-{after}" in known or {before, after} <= known
        is_one = before + after in known or not compound
        yield Annotation(word.end("before") + (not is_one), word.start("after"), "markup")


def _mould(paragraph: str) -> str:
    """The first sentence without its names and figures; "" if it is all there is, or nothing."""
    first, *more = sentences(paragraph)
    if not more or not _SENTENCE_END.search(first):
        return ""
    bare = _without_names(first)
    return bare if bare.startswith("#") and _WORDS.search(bare) else ""


def _beginning(paragraph: str) -> str:
    """What a mould begins with behind the first name, which those of one mould share."""
    return _without_names(paragraph).removeprefix("# ").partition(" ")[0]


def _without_names(words: str) -> str:
    return re.sub(r"#(?: #)+", "#", " ".join(_PLACEHOLDER.sub("#", words).split()))


def _lines(text: str, span: Span) -> list[_Line]:
    found = []
    for match in LINE.finditer(text, span.start, span.end):
        whole = match.group()
        if said := whole.strip():
            start = match.start() + len(whole) - len(whole.lstrip())
            indent = len(whole.expandtabs()) - len(whole.expandtabs().lstrip())
            found.append(_Line(start, start + len(said), said, indent))
    return found


def _paragraph(text: str, lines: list[_Line], lead_in: str) -> Iterator[Annotation]:
    """The blocks of lines between which none is blank."""
    if (table := _table(lines)) is not None:
        yield from table
        return
    while lines and (heading := _heading(lines)):
        lines = lines[2:] if len(lines) > 1 and _UNDERLINE.match(lines[1].text) else lines[1:]
        while lines and _is_capitals(text[slice(*heading[:2])]) and _is_capitals(lines[0].text):
            # Capitals over several lines are one heading.
            heading = heading._replace(end=lines[0].start + len(lines[0].text.rstrip("*_ ")))
            lines = lines[1:]
        yield heading
    kinds = _kinds(lines) if lines else []
    for kind, group in groupby(range(len(lines)), key=lambda at: kinds[at]):
        some = [lines[at] for at in group]
        if kind == "item":
            yield from _items(some, lead_in)
        elif kind == "row":
            yield from _record(some)
        elif kind == "turn":
            yield from _turns(some)
        else:
            block = Annotation(some[0].start, some[-1].end, "paragraph")
            yield block
            lead_in = _lead_in(text, [block])


def introduces(words: str) -> bool:
    """Whether what stands below continues these words."""
    return words.rstrip(" *_").endswith((":", "："))


def _lead_in(text: str, found: Sequence[Annotation]) -> str:
    """The last sentence of the last of these blocks, if what stands below continues it."""
    last = max(found, key=lambda one: one.end, default=None)
    if last is None or last.kind != "paragraph" or not introduces(text[last.start : last.end]):
        return ""
    return " ".join(sentences(text[last.start : last.end])[-1].split())


# -- headings --------------------------------------------------------------------------------------


def _heading(lines: Sequence[_Line]) -> Annotation | None:
    """The first line as a heading, if it surely is one."""
    first = lines[0]
    said = first.text
    level = 0
    start = first.start
    if signs := _HEADING_SIGNS.match(said):
        level = signs.group().strip().count("#")
        start += signs.end()
    elif len(lines) > 1 and (below := _UNDERLINE.match(lines[1].text)):
        level = 1 if "=" in below.group() and len(lines[1].text) > 2 else 2
    elif not _is_short(said):
        return None
    elif numbered := _NUMBERED.match(said):
        is_set_off = len(lines) == 1 or _is_capitals(said) or _is_clause_of(numbered, lines[1])
        level = numbered["number"].count(".") + 1 if is_set_off else 0
    elif _CHAPTER.fullmatch(said) or _is_capitals(said):
        level = 1
    if not level:
        return None
    bare = said[start - first.start :].strip("*_ ")  # what Markdown would take for emphasis
    start += said[start - first.start :].find(bare)
    return Annotation(start, start + len(bare), "heading", str(min(level, 6)))


def _is_short(line: str) -> bool:
    words = _WORDS.findall(line)
    return 0 < len(words) <= _MOST_WORDS_OF_A_HEADING and not re.search(r"[.!?;,:]\W*\Z", line)


def _is_capitals(line: str) -> bool:
    letters = "".join(_WORDS.findall(line))
    return len(letters) > 3 and letters.isupper()


def _is_clause_of(numbered: re.Match[str], below: _Line) -> bool:
    """Whether the line below is numbered as part of what this number names."""
    return below.text.startswith(numbered["number"] + ".")


# -- lists, records, turns -------------------------------------------------------------------------


def _kinds(lines: Sequence[_Line]) -> list[Kind]:
    """What each line is a part of."""
    kinds: list[Kind] = []
    item = lines[0]
    for at, line in enumerate(lines):
        in_list = bool(kinds) and kinds[-1] == "item"
        if _BULLET.match(line.text) and (in_list or _is_listed(lines, at)):
            item = line
            kinds.append("item")
        elif in_list and (line.indent > item.indent or line.text[0].islower()):
            kinds.append("item")
        elif key := _KEY.match(line.text):
            kinds.append(_kind_of_key(key, line.text))
        else:
            kinds.append("paragraph")
    return _settled(lines, kinds)


def _is_listed(lines: Sequence[_Line], at: int) -> bool:
    """Whether a line is an item, and not prose that begins with a dash or "A."."""
    if re.match(r"\s*(?:[-*+•‣▪◦·–—]|\(?[1-9]\d?[.)])\s", lines[at].text):
        return True
    beside = [*lines[max(at - 1, 0) : at], *lines[at + 1 : at + 2]]
    return any(_BULLET.match(line.text) for line in beside)


def _kind_of_key(key: re.Match[str], line: str) -> Kind:
    """A line ``key: value`` of a record, what a speaker says, or prose."""
    if len(key["key"].split()) > _MOST_WORDS_OF_A_KEY:
        return "paragraph"
    said = line[key.end() :]
    if _SENTENCE_END.search(said):
        is_speech = len(_WORDS.findall(said)) >= _LEAST_WORDS_SAID
        if is_speech and (_NAME.match(key["key"]) or len(key["key"]) == 1):
            return "turn"
        is_key = not is_speech and len(key["key"].split()) <= _MOST_WORDS_BEFORE_A_SENTENCE
        return "row" if is_key else "paragraph"
    return "row"


def _settled(lines: Sequence[_Line], kinds: list[Kind]) -> list[Kind]:
    """A single line that could be of a record is prose when prose goes on below it."""
    found = list(kinds)
    for at, kind in enumerate(kinds):
        above = found[at - 1] if at else None
        below = kinds[at + 1] if at + 1 < len(kinds) else None
        runs_on = below == "paragraph" and lines[at + 1].text[:1].islower()
        if kind == "row" and above not in ("row", "item") and below != "row" and runs_on:
            found[at] = "paragraph"
        elif kind == "paragraph" and above == "turn":
            found[at] = "turn"
        elif kind == "paragraph" and "row" in (above, below) and _KEY.match(lines[at].text):
            found[at] = "row"
    return found


def _items(lines: Sequence[_Line], lead_in: str) -> Iterator[Annotation]:
    yield Annotation(lines[0].start, lines[-1].end, "list")
    starts = [at for at, line in enumerate(lines) if at == 0 or _BULLET.match(line.text)]
    for first, after in pairwise([*starts, len(lines)]):
        item, last = lines[first], lines[after - 1]
        yield Annotation(item.start, last.end, "item", lead_in)
        if bullet := _BULLET.match(item.text):
            yield Annotation(item.start, item.start + bullet.end(), "markup")


def _record(lines: Sequence[_Line]) -> Iterator[Annotation]:
    if len(lines) > 1:
        yield Annotation(lines[0].start, lines[-1].end, "record")
    for line in lines:
        yield Annotation(line.start, line.end, "row")


def _turns(lines: Sequence[_Line]) -> Iterator[Annotation]:
    starts = [at for at, line in enumerate(lines) if at == 0 or _KEY.match(line.text)]
    for first, after in pairwise([*starts, len(lines)]):
        turn = lines[first]
        key = _KEY.match(turn.text)
        yield Annotation(turn.start, lines[after - 1].end, "turn", key["key"] if key else "")


# -- tables ----------------------------------------------------------------------------------------


def _table(lines: Sequence[_Line]) -> list[Annotation] | None:
    """Lines of as many cells each, between the same signs; None if they are no table."""
    if len(lines) < 2:
        return None
    for sign in _SEPARATORS:
        if not all(sign in line.text for line in lines):
            continue
        cells = [list(_cells(line, sign)) for line in lines]
        if len({len(row) for row in cells}) == 1 and _is_tabular(lines, cells, sign):
            return list(_rows(lines, cells))
    return None


def _cells(line: _Line, sign: str) -> Iterator[Span]:
    at = line.start
    for part in line.text.strip(sign if sign == "|" else "").split(sign):
        start = at + len(part) - len(part.lstrip())
        yield Span(start, at + len(part.rstrip()))
        at += len(part) + len(sign)


def _is_tabular(lines: Sequence[_Line], cells: Sequence[Sequence[Span]], sign: str) -> bool:
    columns = len(cells[0])
    if sign in "\t|":
        return columns > 1
    # Commas stand in prose too: then lines end as sentences do, or begin with small letters.
    as_prose = any(_SENTENCE_END.search(line.text) or line.text.endswith(sign) for line in lines)
    return columns > 2 and len(lines) > 2 and not as_prose


def _rows(lines: Sequence[_Line], cells: Sequence[Sequence[Span]]) -> Iterator[Annotation]:
    yield Annotation(lines[0].start, lines[-1].end, "table")
    first = lines[0]
    said = [first.text[a - first.start : b - first.start] for a, b in cells[0]]
    has_header = not any(re.search(r"\d", header) for header in said)
    for line, row in zip(lines, cells, strict=True):
        is_header = has_header and line is first
        yield Annotation(line.start, line.end, "row", HEADER if is_header else "")
        for span, header in zip(row, said, strict=True):
            if span.start < span.end:
                yield Annotation(*span, "cell", header if has_header and not is_header else "")
