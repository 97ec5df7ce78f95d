"""Plain text, which has no title but a first line that looks like one."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path

from footnoted.corpus.formats.encoding import read_text
from footnoted.corpus.formats.line_blocks import blocks, broken_words, records
from footnoted.corpus.protocols import Peek
from footnoted.corpus.sentences import paragraphs, sentences, spans
from footnoted.corpus.spans import Annotation, Annotations, Span, in_order
from footnoted.corpus.types import Contents, Extracted

LONGEST_TITLE = 120

# As much of a text as is looked at for its title.
HEAD = 10_000

_MARKS = re.compile(r"^[#>*=~_\s-]+|[#*=~_\s-]+$")
_ENDS_A_SENTENCE = re.compile(r"""[.…,;:。．।]["'”’»)\]]*$""")

# Lines of wrapped prose are seldom shorter; a title above a byline is seldom longer.
_WRAPPED = 50


class PlainText:
    """``.txt`` files; see ``corpus.protocols.Format``."""

    name = "plain text"
    endings = (".txt", ".text")
    version = "1"

    def recognises(self, file: Peek) -> bool:
        return False

    def read(self, path: Path, password: str | None = None) -> Contents:
        text, warnings = read_text(path)
        title = first_line(text[:HEAD])
        annotations = structure(text, title)
        return Contents((Extracted(text, title, annotations=annotations),), warnings)


def structure(text: str, title: str) -> Annotations:
    """What the lines of ``text`` are; the line of its title is a heading above all others."""
    found = list(blocks(text, Span(0, len(text))))
    found += [*records(text, found), *broken_words(text, found)]
    return in_order(_under_title(text, title, found) if title and found else found)


def _under_title(text: str, title: str, found: Sequence[Annotation]) -> list[Annotation]:
    """``found``, under the first line if that is the title and nothing else."""
    first, *below = in_order(found)
    line = text[first.start : first.end].splitlines()[0].rstrip()
    if first.kind not in ("paragraph", "heading") or bare(line) != title:
        return list(found)
    if first.kind == "heading":
        heading, after = first._replace(value="1"), []
    else:
        heading = Annotation(first.start, first.start + len(line), "heading", "1")
        rest = first.end - len(text[heading.end : first.end].lstrip())
        after = [Annotation(rest, first.end, "paragraph")] if rest < first.end else []
    return [heading, *after, *(_one_deeper(one) if one.kind == "heading" else one for one in below)]


def _one_deeper(heading: Annotation) -> Annotation:
    return heading._replace(value=str(min(int(heading.value) + 1, 6)))


def bare(line: str) -> str:
    """A line without the signs around it."""
    return " ".join(_MARKS.sub("", line).split())


def first_line(text: str) -> str:
    """The first line that holds a word, without marks around it; "" if it is running prose."""
    start = 0
    for line in text.splitlines(keepends=True):
        if re.search(r"[^\W_]", line):
            break
        start += len(line)
    else:
        return ""
    end = start + len(line.rstrip())
    title = bare(line)
    if len(title) > LONGEST_TITLE or _ENDS_A_SENTENCE.search(title):
        return ""
    below = text[start + len(line) :]
    if below[:1].islower():
        return ""
    return "" if len(title) >= _WRAPPED and _runs_on(text, end) else title


def _runs_on(text: str, at: int) -> bool:
    """Whether a sentence goes on where the character ``at`` stands."""
    pieces = paragraphs(text)
    edges = list(accumulate(map(len, pieces), initial=0))
    number = bisect_right(edges, at) - 1
    if number == len(pieces):
        return False
    found = spans(sentences(pieces[number]), edges[number])
    return any(one.start < at < one.end for one in found)
