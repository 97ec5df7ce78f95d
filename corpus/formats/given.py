"""What files say of themselves, and whether somebody meant it."""

from __future__ import annotations

import re

# What programs put in by themselves: the names of files, or of kinds of documents.
_BY_A_PROGRAM = re.compile(
    r"""
    microsoft\ \w+\ -\ .*
    | \S+\.(?:docx?|docm|dotx?|odt|ott|rtf|pptx?|pptm|odp|pages|xlsx?
           |pdf|html?|txt|indd|qxd|tex|dvi)
    | (?:new\ |neues\ )?
      (?:untitled|unbenannt|unknown|(?:no\ |presentation\ |powerpoint\ |slide\ )?title|slide|
         document|dokument|(?:powerpoint\ )?presentation|präsentation|(?:word\ )?document)
      [\s_-]*\d*
    """,
    re.IGNORECASE | re.VERBOSE,
)


def given_title(title: str) -> str:
    """A title as it was given, on one line; "" if a program put it in by itself."""
    title = " ".join(title.split())
    return "" if _BY_A_PROGRAM.fullmatch(title) or not re.search(r"[^\W\d_]", title) else title
