"""What an element says of itself that makes it part of the site, by its name, role and classes."""

from __future__ import annotations

import re
from enum import IntFlag
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement


class Furniture(IntFlag):
    """How surely an element belongs to the site and not to what the page says."""

    NONE = 0
    NAMED = 1
    """Its classes say so, which people give freely: menus are also what restaurants have."""
    BESIDE = 2
    """By its place, it stands beside what the page says, though it may be part of it."""
    SURE = 4
    READERS = 8
    """Its classes say that readers of the page wrote it."""


_ROLES = {
    "navigation": Furniture.SURE,
    "search": Furniture.SURE,
    "contentinfo": Furniture.SURE,
    "dialog": Furniture.SURE,
    "alertdialog": Furniture.SURE,
    "menu": Furniture.SURE,
    "menubar": Furniture.SURE,
    "toolbar": Furniture.SURE,
    "tablist": Furniture.SURE,
    "banner": Furniture.BESIDE,
    "complementary": Furniture.BESIDE,
}
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
# Names are often written together, as in "cookiebar" and "commentlist": these are beginnings.
_CONSENT = re.compile(r"(?:cookie|consent|gdpr|ccpa)")
_READERS = re.compile(r"(?:comment(?!ar)|kommentar|comentario|commentaire|disqus|respond\b)")
_SITE = re.compile(
    r"""
    navbar|navigation|breadcrumb|sidebar|sharing|social|newsletter|subscri|signup|popup|modal
    |overlay|advert|anzeige|werbung|publicidad|sponsor|promo|teaser|related|relacionad|verwandt
    |recommend|recirc|trending|popular|pagination|pager|footer|masthead|toolbar|login|search|widget
    |outbrain|taboola|upsell|paywall|taglist|topbar
    |(?:nav|share|ads?|skip|tags|menu)\b
    """,
    re.VERBOSE,
)
_HOLDS_AN_ARTICLE = ("article", "main", "section", "blockquote", "figure")


def furniture(element: HtmlElement) -> Furniture:
    """What an element says of itself."""
    if element.tag in ("html", "body", "main", "article"):
        return Furniture.NONE
    if element.tag in ("nav", "search", "menu") and element.get("role") is None:
        return Furniture.NONE if element.tag == "menu" else Furniture.SURE
    words = _words(element)
    if any(map(_CONSENT.match, words)):
        return Furniture.SURE
    found = _ROLES.get(element.get("role", "").lower(), Furniture.NONE) | _by_place(element)
    if any(map(_READERS.match, words)):
        found |= Furniture.NAMED | Furniture.READERS
    elif element.tag == "form" or any(map(_SITE.match, words)):
        found |= Furniture.NAMED
    return found


def _by_place(element: HtmlElement) -> Furniture:
    """Headers and footers belong to what is around them: an article, or the whole site."""
    if element.tag == "aside":
        return Furniture.BESIDE
    if element.tag not in ("header", "footer"):
        return Furniture.NONE
    if any(one.tag in _HOLDS_AN_ARTICLE for one in element.iterancestors()):
        return Furniture.NONE
    return Furniture.SURE if element.tag == "footer" else Furniture.BESIDE


def _words(element: HtmlElement) -> set[str]:
    said = f"{element.get('class', '')} {element.get('id', '')}"
    return {word.lower() for word in _WORD.findall(said)}
