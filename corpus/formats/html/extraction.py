"""What libraries for the extraction of articles find in a page."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement
    from trafilatura.settings import Document

# Extraction compares every paragraph with others; beyond this, a page is a book or a table.
_MOST_ELEMENTS = 20_000
_LIBRARIES = ("trafilatura", "htmldate", "courlan", "justext", "readability")
# Without a search of the text for dates, which finds those of other things; and no date is late.
_DATES = {"original_date": True, "extensive_search": False, "max_date": "2100-12-31"}


def metadata(root: HtmlElement) -> Document | None:
    """Who wrote a page, where and when, as its markup suggests; None if nothing was found."""
    if _is_large(root):
        return None
    with _quietly():
        from trafilatura.metadata import extract_metadata

        try:
            return extract_metadata(deepcopy(root), date_config=_DATES)
        except Exception:  # whatever it stumbles over, the page can be read without it
            return None


def articles(root: HtmlElement) -> Iterator[str]:
    """What may be the article of a page, the likeliest first."""
    if _is_large(root):
        return
    with _quietly():
        from trafilatura import bare_extraction

        try:
            found = bare_extraction(_copy(root), include_comments=False, include_tables=True)
        except Exception:  # as above
            found = None
    if found is not None and not isinstance(found, dict):
        yield found.text or ""
    from lxml.html import tostring
    from resiliparse.extract.html2text import extract_plain_text

    markup = tostring(root, encoding="unicode")
    yield extract_plain_text(markup, main_content=True, alt_texts=False)


def _copy(root: HtmlElement) -> HtmlElement:
    """For the extraction, which changes its tree, and lays out all cells that a page claims."""
    copy = deepcopy(root)
    for cell in copy.iter("td", "th"):
        for name in ("colspan", "rowspan"):
            cell.attrib.pop(name, None)
    return copy


def _is_large(root: HtmlElement) -> bool:
    return sum(1 for _ in zip(root.iter(), range(_MOST_ELEMENTS), strict=False)) == _MOST_ELEMENTS


@contextmanager
def _quietly() -> Iterator[None]:
    """What the libraries have to say of a page is for those who make them."""
    for name in _LIBRARIES:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    yield
