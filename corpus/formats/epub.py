"""EPUB: the chapters of a book in their order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.formats.composer import Composer
from footnoted.corpus.formats.given import given_title
from footnoted.corpus.formats.plain import LONGEST_TITLE
from footnoted.corpus.formats.text_builder import TextBuilder
from footnoted.corpus.formats.xhtml import parse_xhtml, write_body
from footnoted.corpus.formats.zipped_xml import Element, ZippedXml, attribute, beside, local, opened
from footnoted.corpus.protocols import Peek
from footnoted.corpus.types import Contents, Extracted
from footnoted.corpus.wording import counted

_CONTAINER = "META-INF/container.xml"
_PAGES = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml")
_MOSTLY = 0.7  # beside the links stand numbers and dots
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


class Epub:
    """``.epub`` files; see ``corpus.protocols.Format``."""

    name = "EPUB"
    endings = (".epub",)

    @property
    def version(self) -> str:
        return f"3 lxml {version('lxml')}"

    def recognises(self, file: Peek) -> bool:
        return file.mimetype == "application/epub+zip" or _CONTAINER in file.members

    def read(self, path: Path, password: str | None = None) -> Contents:
        with opened(path, self.name) as archive:
            return _read_book(archive)


def _read_book(archive: ZippedXml) -> Contents:
    package = _package(archive)
    root = archive.tree(package)
    if root is None:
        raise UnusableInput("is broken: what it says that it holds is not in it")
    chapters = list(_chapters(root, package))
    if any(one.lower() in _locked(archive) for one in chapters):
        raise UnusableInput("is protected against copying (DRM); get it without that")
    builder = TextBuilder()
    composer = Composer(builder)
    missing = 0
    contents = _contents(root, package)
    for chapter in chapters:
        if chapter not in archive:
            missing += 1
        elif (body := parse_xhtml(archive.read(chapter))) is not None and (
            chapter not in contents or _is_more_than_links(body)
        ):
            write_body(body, composer)
    if not builder.length:
        raise UnusableInput("holds no text; are its pages pictures?")
    told = _told(root)
    date = told.get("date", "")
    dated = _DATE.match(date)
    text = Extracted(
        builder.text,
        given_title(told.get("title", "")) or composer.title,
        publisher=told.get("publisher") or None,
        author=told.get("creator") or None,
        date=(dated[0] if dated else date) or None,
        annotations=builder.annotations,
    )
    lost = (f"{counted(missing, 'chapter')} missing in the file",) if missing else ()
    return Contents((text,), lost, lost=lost)


def _package(archive: ZippedXml) -> str:
    """The name of the member that says what the book holds."""
    root = archive.tree(_CONTAINER)
    for one in root.iter("{*}rootfile") if root is not None else ():
        return str(one.get("full-path", ""))
    return next((name for name in archive.names() if name.lower().endswith(".opf")), "")


def _chapters(root: Element, package: str) -> Iterator[str]:
    """The members that hold text, each once, in the order of reading."""
    items = {one.get("id", ""): one for one in root.iter("{*}item")}
    read: set[str] = set()
    for reference in root.iter("{*}itemref"):
        item = items.get(reference.get("idref", ""))
        if item is None or "nav" in item.get("properties", "").split():
            continue
        member = beside(package, item.get("href", ""))
        if item.get("media-type", "") in _PAGES and member not in read:
            read.add(member)
            yield member


def _contents(root: Element, package: str) -> set[str]:
    """The members that the book calls its table of contents."""
    found = (one for one in root.iter("{*}reference") if one.get("type") == "toc")
    return {beside(package, one.get("href", "")) for one in found}


def _is_more_than_links(body: Element) -> bool:
    """Whether anything is left of a table of contents, from which its lines are taken."""
    for one in [*body.iter("{*}ul", "{*}ol", "{*}p", "{*}td")]:
        linked = sum(_length(link) for link in one.iter("{*}a"))
        if linked > _MOSTLY * _length(one):
            one.clear(keep_tail=True)
    return _length(body) > LONGEST_TITLE


def _length(element: Element) -> int:
    """Of its text, without white space."""
    return sum(len("".join(text.split())) for text in element.itertext())


def _locked(archive: ZippedXml) -> set[str]:
    """The members that are encrypted, in small letters."""
    root = archive.tree("META-INF/encryption.xml")
    found = root.iter("{*}CipherReference") if root is not None else ()
    return {beside("", one.get("URI", "")).lower() for one in found}


def _told(root: Element) -> dict[str, str]:
    """What the book says of itself: the first of each, but all of its authors."""
    told: dict[str, str] = {}
    for one in root.iter("{*}title", "{*}creator", "{*}publisher", "{*}date"):
        name, said = local(one), " ".join((one.text or "").split())
        if name == "date" and attribute(one, "event") not in (None, "publication"):
            continue
        if name == "creator" and name in told:
            told[name] += f", {said}" if said else ""
        elif said:
            told.setdefault(name, said)
    return told
