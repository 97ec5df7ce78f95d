"""Zip archives of XML, written by hand, as the programs write them whose files are read."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.files import find, read_found
from footnoted.corpus.formats import format_of
from footnoted.corpus.types import Contents
from support.extracted import check

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_NAMESPACES = (
    f'xmlns:w="{_W}" xmlns:r="{_R}" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)


def zipped(path: Path, members: Mapping[str, str | bytes]) -> Path:
    """Write an archive, its first member stored as it is."""
    with zipfile.ZipFile(path, "w") as archive:
        for number, (name, data) in enumerate(members.items()):
            how = zipfile.ZIP_DEFLATED if number else zipfile.ZIP_STORED
            archive.writestr(name, data, how)
    return path


def docx(path: Path, body: str, **parts: str) -> Path:
    """A Word file with the content of ``w:body`` and of other parts: ``styles``, ``header1`` ….

    ``core`` is what ``docProps/core.xml`` holds.
    """
    core = parts.pop("core", "")
    kinds = {name: name.rstrip("0123456789") for name in parts}
    related = "".join(
        f'<Relationship Id="{name}" Type="{_R}/{kind}" Target="{name}.xml"/>'
        for name, kind in kinds.items()
    )
    members = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_MAIN}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="a" Type="{_R}/officeDocument" Target="word/document.xml"/>'
        '<Relationship Id="b" Type="y/core-properties" Target="docProps/core.xml"/>'
        "</Relationships>",
        "docProps/core.xml": '<cp:coreProperties xmlns:cp="c" xmlns:dc="d" xmlns:dcterms="t">'
        f"{core}</cp:coreProperties>",
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f"{related}</Relationships>",
        "word/document.xml": f"<w:document {_NAMESPACES}><w:body>{body}</w:body></w:document>",
    }
    for name, inside in parts.items():
        root = "c:chartSpace" if kinds[name] == "chart" else f"w:{kinds[name]}"
        members[f"word/{name}.xml"] = f"<{root} {_NAMESPACES}>{inside}</{root}>"
    return zipped(path, members)


def p(*runs: str, style: str = "", properties: str = "") -> str:
    """A paragraph of Word's; runs that are no XML are set in one."""
    style = f'<w:pStyle w:val="{style}"/>' if style else ""
    inside = "".join(one if one.startswith("<") else r(one) for one in runs)
    return f"<w:p><w:pPr>{style}{properties}</w:pPr>{inside}</w:p>"


def r(text: str, properties: str = "") -> str:
    """A run of Word's."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def contents(path: Path) -> Contents:
    """What a file holds, as its format says, and checked."""
    found = format_of(path).read(path)
    for text in found.texts:
        check(text)
    return found


def refused(path: Path) -> str:
    """Why a file is not read."""
    with pytest.raises(UnusableInput) as error:
        format_of(path).read(path)
    return str(error.value)


def survives(path: Path) -> None:
    """Truncated and with bytes changed, a file is read or refused, and nothing else happens."""
    data = path.read_bytes()
    chance = random.Random(11)
    broken = [data[: len(data) * part // 12] for part in range(12)]
    broken += [_changed(data, chance) for _ in range(40)]
    if zipfile.is_zipfile(path):  # what is packed notices most changes by itself
        with zipfile.ZipFile(path) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        for name in chance.choices(list(members), k=60):
            zipped(path, {**members, name: _changed(members[name], chance)})
            broken.append(path.read_bytes())
    paths = [path.parent / f"broken-{number}" / path.name for number in range(len(broken))]
    for made, one in zip(paths, broken, strict=True):
        made.parent.mkdir()
        made.write_bytes(one)
    files = list(read_found(found for made in paths for found in find(made)))
    assert [file.path for file in files] == paths
    assert all(file.documents or file.failure for file in files)


def _changed(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 3, 20)) if data else 0):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)
