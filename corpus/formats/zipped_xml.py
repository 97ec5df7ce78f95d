"""XML in zip archives, read without trust: sizes are capped, nothing outside a file is fetched."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from urllib.parse import unquote

from footnoted.corpus.errors import Protected, UnusableInput

Element = Any
"""An element of lxml, which has no types."""

LARGEST = 512 * 2**20
"""Bytes that are unpacked of one file, all its members together."""

LARGEST_TREE = 64 * 2**20
"""Bytes of XML that are held in memory at once; a tree takes some ten times as many."""

TOO_LARGE = (
    f"unpacks to more than {LARGEST // 2**20} MB of text; split it, or save it as plain text"
)

# Without huge_tree, libxml2 refuses what is nested more than 256 deep. Entities are not expanded.
_SAFE: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
_ENCRYPTED = 1  # a bit of a member's flags
PROTECTED = "is protected by a password; save it without one"


class ZippedXml:
    """The members of a zip archive, by their names without regard to case."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._members = {one.filename.lower(): one for one in archive.infolist()}
        self._left = LARGEST

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._members

    def names(self) -> list[str]:
        """In the order of the archive."""
        return [one.filename for one in self._members.values()]

    def size(self) -> int:
        """Bytes that all members say they unpack to."""
        return sum(one.file_size for one in self._members.values())

    def read(self, name: str) -> bytes:
        """A member's bytes.

        Raises:
            UnusableInput: it is too large, or encrypted.
            KeyError: there is none.
        """
        with self._open(name, LARGEST_TREE) as file:
            return file.read()

    def tree(self, name: str) -> Element | None:
        """The root of a member that is XML; None if there is no such member.

        Raises:
            UnusableInput: it is too large, or encrypted.
            lxml.etree.XMLSyntaxError: it is no XML.
        """
        return parse_xml(self.read(name)) if name in self else None

    def stream(
        self, name: str, parents: Collection[tuple[str, str]], tags: Iterable[str]
    ) -> Iterator[Element]:
        """The children of some elements, each as soon as it is read, and forgotten thereafter.

        ``parents`` holds, for each of those elements, the local names of its own parent and of
        itself; ``tags`` are those of the children that are wanted.

        Raises:
            UnusableInput: it is too large, or encrypted.
            lxml.etree.XMLSyntaxError: it is no XML.
            KeyError: there is none.
        """
        from lxml import etree

        wanted = [f"{{*}}{tag}" for tag in tags]
        with self._open(name, LARGEST) as file:
            for _, element in etree.iterparse(file, events=("end",), tag=wanted, **_SAFE):
                parent = element.getparent()
                above = None if parent is None else parent.getparent()
                if above is None or (local(above), local(parent)) not in parents:
                    continue
                yield element
                element.clear()
                while element.getprevious() is not None:
                    del parent[0]

    @contextmanager
    def _open(self, name: str, largest: int) -> Iterator[IO[bytes]]:
        member = self._members[name.lower()]
        if member.flag_bits & _ENCRYPTED:
            raise Protected(PROTECTED)
        # No more is unpacked than a member says that it holds: zipfile stops there.
        self._left -= member.file_size
        if member.file_size > largest or self._left < 0:
            raise UnusableInput(TOO_LARGE)
        with self._archive.open(member) as file:
            yield file


@contextmanager
def opened(path: Path, kind: str) -> Iterator[ZippedXml]:
    """The archive at ``path``; whatever goes wrong inside is told as of a broken file.

    Raises:
        UnusableInput: it is broken, or holds what cannot be read.
        OSError: it cannot be opened.
    """
    with path.open("rb") as file, told_as_broken(kind), zipfile.ZipFile(file) as archive:
        yield ZippedXml(archive)


@contextmanager
def told_as_broken(kind: str) -> Iterator[None]:
    """Parsers raise whatever they stumble over: all of it says that the file is broken.

    Raises:
        UnusableInput: anything but a lack of memory was raised inside.
    """
    try:
        yield
    except (UnusableInput, MemoryError):
        raise
    except Exception as error:
        reason = (str(error).splitlines() or [""])[0] or type(error).__name__
        raise UnusableInput(
            f"is broken: no whole {kind} file ({reason}); save it anew with the program it is from"
        ) from None


def check_unlocked(archive: ZippedXml) -> None:
    """See to it that a file of OpenDocument has no password.

    Raises:
        Protected: it has one.
    """
    manifest = archive.tree("META-INF/manifest.xml")
    if manifest is not None and any(True for _ in manifest.iter("{*}encryption-data")):
        raise Protected(PROTECTED)


def parse_xml(data: bytes) -> Element:
    """The root element of ``data``.

    Raises:
        lxml.etree.XMLSyntaxError: it is no XML.
    """
    from lxml import etree

    return etree.fromstring(data, etree.XMLParser(**_SAFE))


def local(element: Element) -> str:
    """An element's name without its namespace; "" for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Element | None, name: str) -> str | None:
    """An attribute by its name, in whichever namespace: documents use several for the same."""
    if element is None:
        return None
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return str(value)
    return None


def child(element: Element | None, *path: str) -> Element | None:
    """The first element below another on a path of local names."""
    for name in path:
        if element is None:
            return None
        element = next((one for one in element if local(one) == name), None)
    return element


def children(element: Element | None) -> Iterator[Element]:
    """The elements in another; none in None. Elements that hold none are false to lxml."""
    return iter(()) if element is None else iter(element)


def walk(
    elements: Iterable[Element], below: Callable[[str, Element], Iterable[Element]]
) -> Iterator[Element]:
    """Elements and those under them in the order of the document, however deep.

    ``below`` says, by the local name of each, which of its children are walked, too.
    """
    stack = list(elements)[::-1]
    while stack:
        element = stack.pop()
        yield element
        stack.extend(list(below(local(element), element))[::-1])


def beside(member: str, target: str) -> str:
    """The name of the member to which ``target``, a link in another member, leads."""
    target = unquote(target.partition("#")[0])
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(member), target))
    return joined.lstrip("/")
