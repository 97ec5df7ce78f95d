"""Plain text, which has no title but a first line that looks like one."""

from __future__ import annotations

import re
from pathlib import Path

from footnoted.corpus.formats.encoding import read_text
from footnoted.corpus.protocols import Peek
from footnoted.corpus.sentences import sentences, spans
from footnoted.corpus.types import Contents, Extracted

LONGEST_TITLE = 120

# As much of a text as is looked at for its title.
HEAD = 10_000

_MARKS = re.compile(r"^[#>*=~_\s-]+|[#*=~_\s-]+$")
_ENDS_A_SENTENCE = re.compile(r"""[.…,;。．।]["'”’»)\]]*$""")

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
        return Contents((Extracted(text, first_line(text[:HEAD])),), warnings)


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
    title = " ".join(_MARKS.sub("", line).split())
    if len(title) > LONGEST_TITLE or _ENDS_A_SENTENCE.search(title):
        return ""
    below = text[start + len(line) :]
    if below[:1].islower():
        return ""
    runs_on = any(one.start < end < one.end for one in spans(sentences(text)))
    return "" if runs_on and len(title) >= _WRAPPED else title
