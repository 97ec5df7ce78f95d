"""Markup to a tree of what can be seen, as browsers understand it, and not too deep."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from footnoted.corpus.formats.encoding import decode

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# What stands deeper is lifted to this depth: recursive programs read the tree, too.
_DEEPEST = 150
_CHARSET = re.compile(rb"<meta\b[^>]*?\bcharset\s*=\s*[\"']?\s*([\w.:-]+)", re.I)
_XML_ENCODING = re.compile(rb"^\s*<\?xml\b[^>]*?\bencoding\s*=\s*[\"']([\w.:-]+)")
_HEAD = 4096
_UNICODE_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_MOST_ATTRIBUTES = 64
_NAME = re.compile(r"[a-z_][a-z0-9_.-]*", re.I)
_UNFIT = re.compile(r"[^a-z0-9_.-]+")
# What no tree of XML can hold.
_UNPRINTABLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# As browsers read them: the narrower encodings are named for what is really the wider.
_WIDER = {"ascii": "cp1252", "us-ascii": "cp1252", "iso-8859-1": "cp1252", "latin-1": "cp1252"}
_WIDER |= {"latin1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "iso-8859-9": "cp1254"}
_WIDER |= {"shift_jis": "cp932", "shift-jis": "cp932", "ks_c_5601-1987": "cp949", "euc-kr": "cp949"}
# A number above the line is shown so, or 10⁶ would be 106.
_NUMBER = re.compile(r"\s*[+\-−]?[0-9]+\s*")
_RAISED = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")

_CSS_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_CSS_SIGN = re.compile(r"[{};]")
NOT_SHOWN = re.compile(r"(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*hidden)\b", re.I)
_MOST_RULES = 200
_ON_SCREENS = re.compile(r"\b(?:all|screen)\b", re.I)


def to_text(data: bytes, charset: str | None = None) -> tuple[str, tuple[str, ...]]:
    """A page's characters, by its byte-order mark, what was said of it, what it says, or its looks.

    Raises:
        UnusableInput: the bytes are not text.
    """
    if not data.startswith(_UNICODE_MARKS):
        said = _CHARSET.search(data, 0, _HEAD) or _XML_ENCODING.match(data)
        name = charset or (said[1].decode("ascii") if said else "")
        text = decoded(data, name)
        if text is not None:
            return text, ()
    return decode(data)


def decoded(data: bytes, charset: str) -> str | None:
    """Bytes in a named encoding, None if there is no such or they are not in it."""
    name = charset.strip().lower()
    name = _WIDER.get(name, name)
    if not name or name.startswith(("utf-16", "utf-32", "utf-7")):
        return None
    try:
        codec = codecs.lookup(name)
        # Only encodings of texts: others turn bytes to bytes.
        return data.decode(name) if getattr(codec, "_is_text_encoding", True) else None
    except (LookupError, ValueError):
        return None


def parsed(text: str) -> HtmlElement:
    """The tree of a page, its root ``html``. What scripts, styles and attributes hide is marked.

    The mark is the attribute ``hidden``.
    """
    from lxml.etree import TreeBuilder
    from lxml.html import html_parser
    from resiliparse.parse.html import HTMLTree

    tree: Any = HTMLTree.parse(_UNPRINTABLE.sub("", text))
    _mark_hidden(tree)
    builder = TreeBuilder(element_factory=html_parser.makeelement)
    for event, node in _events(tree.document.document_element):
        if event == "text":
            builder.data(node)
        elif event == "start":
            builder.start(*node)
        else:
            builder.end(node)
    return builder.close()


def _events(root: Any) -> Iterator[tuple[str, Any]]:
    """Starts, texts and ends of a tree, those of elements that stand too deep left out."""
    from resiliparse.parse.html import ELEMENT, TEXT

    stack: list[tuple[Any, str | None]] = []
    node, raised = root, None
    while node is not None or stack:
        if node is None:
            parent, name = stack.pop()
            if name:
                yield "end", name
            raised = None if parent is raised else raised
            node = None if parent is root else parent.next_sibling
            continue
        if node.node_type == TEXT:
            text = node.node_value or ""
            yield "text", text.translate(_RAISED) if raised else text
        elif node.node_type == ELEMENT:
            name = _UNFIT.sub("-", node.tag.lower()).lstrip("-.0123456789") or "span"
            name = name if len(stack) < _DEEPEST else None
            if name:
                yield "start", (name, _attributes(node))
            if name == "sup" and not raised and _NUMBER.fullmatch(node.text_content or ""):
                raised = node
            stack.append((node, name))
            node = node.first_child
            continue
        node = node.next_sibling


def _attributes(node: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in node.attrs[:_MOST_ATTRIBUTES]:
        if _NAME.fullmatch(name):
            found.setdefault(name.lower(), _UNPRINTABLE.sub("", node.getattr(name) or ""))
    return found


def _mark_hidden(tree: Any) -> None:
    """Mark what the page's own styles do not show."""
    rules = 0
    for style in filter(_is_applied, tree.document.query_selector_all("style")):
        for selectors, declarations in _rules(_CSS_COMMENT.sub("", style.text_content or "")):
            if NOT_SHOWN.search(declarations) and rules < _MOST_RULES:
                rules += 1
                for node in _selected(tree, selectors):
                    node.set_attribute("hidden", "")


def _is_applied(style: Any) -> bool:
    """Whether a style sheet is one, for screens, and not only where scripts do not run."""
    kind, media = style.getattr("type") or "text/css", style.getattr("media") or "all"
    is_read = kind.strip().lower() == "text/css" and bool(_ON_SCREENS.search(media))
    return is_read and style.closest("noscript") is None


def _rules(css: str) -> Iterator[tuple[str, str]]:
    """Selectors and declarations, but for what holds only of some media, as of paper."""
    depth = start = inside = 0
    selectors = ""
    for sign in _CSS_SIGN.finditer(css):
        if sign[0] == "{":
            if not depth:
                selectors, inside = css[start : sign.start()].strip(), sign.end()
            depth += 1
        elif sign[0] == "}":
            depth = max(0, depth - 1)
            if not depth and not selectors.startswith("@"):
                yield selectors, css[inside : sign.start()]
        if not depth:
            start = sign.end()


def _selected(tree: Any, selectors: str) -> list[Any]:
    from resiliparse.parse.html import CSSParserException

    try:
        return list(tree.document.query_selector_all(selectors))
    except (CSSParserException, ValueError):
        return []
