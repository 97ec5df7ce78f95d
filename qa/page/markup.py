"""The page's HTML: every character from outside passes through one ``escape``.

Nothing in ``markup*.py`` knows Gradio. Answers come as the published answer object, documents as
``Document``. What a button opens stands in its data attributes, so a click needs no memory on the
server. Here is what the parts share.
"""

from typing import Any

from footnoted.corpus.types import Document, Listed
from footnoted.qa.escape import escape

MASTHEAD = "<header><h1>Footnoted</h1><p>Answers that prove themselves</p></header>"


def opens(citation: dict[str, Any], kind: str) -> str:
    """The attributes of a button that opens a citation's quotation in the source panel."""
    fields = {key: citation[key] for key in ("document", "start", "end", "sha256", "number")}
    fields["kind"] = kind
    return "".join(f' data-{key}="{escape(value)}"' for key, value in fields.items())


def error_line(message: str) -> str:
    return f'<p class="error" role="alert">{escape(message)}</p>'


def made(document: Document | Listed) -> str:
    """Who published a document and when, as far as that is known."""
    return " · ".join(part for part in (document.publisher, document.date) if part)


def made_line(details: str | None) -> str:
    return f' <span class="made">{escape(details)}</span>' if details else ""


def page_number(citation: dict[str, Any]) -> str:
    return "" if citation["page"] is None else f", p. {escape(citation['page'])}"


def percent(share: float) -> str:
    return f"{share:.0%}"


def count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
