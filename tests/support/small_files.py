"""A small valid file of each kind, written by hand: the same bytes every time."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from support.msg import msg_file

_TITLE = "The harbour of Aarhus"
_FIRST = "The harbour has forty boats; the oldest is called Maren."
_SECOND = "Its crane lifts nine tonnes, as it did in 1911."
_HEADING = "The crane"
_XML = '<?xml version="1.0" encoding="UTF-8"?>'


def small_files() -> dict[str, bytes]:
    """By name, the bytes of a file; all say the same."""
    return {
        "plain.txt": f"{_TITLE}\n\n{_FIRST}\n\n{_HEADING}\n\n{_SECOND}\n".encode(),
        "marked.md": f"# {_TITLE}\n\n{_FIRST}\n\n## {_HEADING}\n\n- {_SECOND}\n".encode(),
        "corpus.jsonl": f'{{"_id": "1", "title": "{_TITLE}", "text": "{_FIRST}"}}\n'.encode(),
        "rich.rtf": _rtf(),
        "page.html": _html().encode(),
        "table.csv": f"Place,What\nAarhus,{_FIRST}\nCrane,{_HEADING}\n".encode(),
        "table.tsv": f"Place\tWhat\nAarhus\t{_FIRST}\nCrane\t{_HEADING}\n".encode(),
        "letter.eml": _mail(),
        "letters.mbox": b"From ane@example.org Mon Apr  3 10:00:00 2023\n"
        + _mail().replace(b"\r\n", b"\n"),
        "saved.mhtml": _saved_page(),
        # The properties of a message: its class, its subject, its sender, its text.
        "letter.msg": msg_file(
            [
                (0x1A, "IPM.Note"),
                (0x37, _TITLE),
                (0xC1A, "Ane"),
                (0x1000, f"{_FIRST}\r\n\r\n{_SECOND}"),
            ]
        ),
        "text.pdf": _pdf(),
        "word.docx": _docx(),
        "slides.pptx": _pptx(),
        "sheet.xlsx": _xlsx(),
        "open.odt": _open_document("text", _open_text()),
        "open.odp": _open_document("presentation", _open_slides()),
        "open.ods": _open_document("spreadsheet", _open_sheet()),
        "book.epub": _epub(),
    }


def zipped(members: Mapping[str, str], *, stored: str = "") -> bytes:
    """A zip archive, the same every time; ``stored`` names a member that is not compressed."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            how = zipfile.ZIP_STORED if name == stored else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, how)
    return held.getvalue()


def _rtf() -> bytes:
    return (
        r"{\rtf1\ansi{\fonttbl{\f0 Arial;}}{\info{\title " + _TITLE + "}}"
        r"\f0\b " + _TITLE + r"\b0\par " + _FIRST + r"\par " + _SECOND + r"\par}"
    ).encode("ascii")


def _html() -> str:
    return (
        f"<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><title>{_TITLE}</title></head>"
        f"<body><article><h1>{_TITLE}</h1><p>{_FIRST}</p><h2>{_HEADING}</h2><p>{_SECOND}</p>"
        "</article></body></html>"
    )


def _mail() -> bytes:
    return (
        "From: Ane <ane@example.org>\r\nTo: Bo <bo@example.org>\r\n"
        "Date: Mon, 03 Apr 2023 10:00:00 +0200\r\nMessage-ID: <1@example.org>\r\n"
        f"Subject: {_TITLE}\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        f"{_FIRST}\r\n\r\n{_SECOND}\r\n"
    ).encode("ascii")


def _saved_page() -> bytes:
    return (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://example.org/\r\n"
        f"Subject: {_TITLE}\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related; type="text/html"; boundary="between"\r\n\r\n'
        "--between\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: 8bit\r\n"
        f"Content-Location: https://example.org/\r\n\r\n{_html()}\r\n--between--\r\n"
    ).encode("ascii")


def _pdf() -> bytes:
    lines = [(700, 18, _TITLE), (660, 11, _FIRST), (620, 14, _HEADING), (590, 11, _SECOND)]
    drawn = "\n".join(f"BT /F1 {size} Tf 72 {y} Td ({text}) Tj ET" for y, size, text in lines)
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R"
        " /Resources << /Font << /F1 4 0 R >> >> >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
    ]
    made, places = "%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(made))
        made += f"{number} 0 obj\n{one}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    made += (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
        f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(made)}\n%%EOF\n"
    )
    return made.encode("ascii")


# -- Office ----------------------------------------------------------------------------------------

_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_KIND = "application/vnd.openxmlformats-officedocument"


def _office(parts: Mapping[str, tuple[str, str]], related: Mapping[str, list[str]]) -> bytes:
    """An Office file: of each part its kind and its XML, and what each part leads to."""
    kinds = "".join(
        f'<Override PartName="/{name}" ContentType="{_KIND}.{kind}+xml"/>'
        for name, (kind, _) in parts.items()
    )
    members: dict[str, str] = {
        "[Content_Types].xml": f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{kinds}</Types>'
    }
    for name, targets in related.items():
        leads = "".join(
            f'<Relationship Id="rId{n}" Type="{_OFFICE}/{target.split(":")[0]}"'
            f' Target="{target.split(":")[1]}"/>'
            for n, target in enumerate(targets, 1)
        )
        members[name] = (
            f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{leads}</Relationships>'
        )
    return zipped(members | {name: _XML + xml for name, (_, xml) in parts.items()})


def _docx() -> bytes:
    def paragraph(text: str, style: str = "") -> str:
        styled = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
        return f"<w:p>{styled}<w:r><w:t>{text}</w:t></w:r></w:p>"

    names = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    body = (
        paragraph(_TITLE, "Heading1")
        + paragraph(_FIRST)
        + paragraph(_HEADING, "Heading2")
        + paragraph(_SECOND)
    )
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="Heading{n}"><w:name w:val="heading {n}"/>'
        "</w:style>"
        for n in (1, 2)
    )
    return _office(
        {
            "word/document.xml": (
                "wordprocessingml.document.main",
                f"<w:document {names}><w:body>{body}</w:body></w:document>",
            ),
            "word/styles.xml": (
                "wordprocessingml.styles",
                f"<w:styles {names}>{styles}</w:styles>",
            ),
        },
        {
            "_rels/.rels": ["officeDocument:word/document.xml"],
            "word/_rels/document.xml.rels": ["styles:styles.xml"],
        },
    )


def _pptx() -> bytes:
    names = (
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="'
        + _OFFICE
        + '" xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
    )

    def shape(number: int, kind: str, text: str) -> str:
        return (
            f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="{kind} {number}"/><p:cNvSpPr/>'
            f'<p:nvPr><p:ph type="{kind}"/></p:nvPr></p:nvSpPr><p:spPr/>'
            f"<p:txBody><a:bodyPr/><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"
        )

    tree = (
        '<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>'
    )
    said = shape(2, "title", _TITLE) + shape(3, "body", _FIRST)

    def sheet(kind: str, shapes: str = "", more: str = "") -> str:
        return (
            f"<p:{kind} {names}><p:cSld><p:spTree>{tree}{shapes}</p:spTree></p:cSld>{more}"
            f"</p:{kind}>"
        )

    colours = (
        '<p:clrMap bg1="lt1" tx1="dk1" bg2="lt2" tx2="dk2" accent1="accent1" accent2="accent2"'
        ' accent3="accent3" accent4="accent4" accent5="accent5" accent6="accent6" hlink="hlink"'
        ' folHlink="folHlink"/><p:sldLayoutIdLst><p:sldLayoutId id="2147483649" r:id="rId1"/>'
        "</p:sldLayoutIdLst>"
    )
    return _office(
        {
            "ppt/presentation.xml": (
                "presentationml.presentation.main",
                f'<p:presentation {names}><p:sldMasterIdLst><p:sldMasterId id="2147483648"'
                ' r:id="rId2"/></p:sldMasterIdLst><p:sldIdLst><p:sldId id="256" r:id="rId1"/>'
                '</p:sldIdLst><p:sldSz cx="9144000" cy="6858000"/>'
                '<p:notesSz cx="6858000" cy="9144000"/></p:presentation>',
            ),
            "ppt/slides/slide1.xml": ("presentationml.slide", sheet("sld", said)),
            "ppt/slideLayouts/slideLayout1.xml": (
                "presentationml.slideLayout",
                sheet("sldLayout"),
            ),
            "ppt/slideMasters/slideMaster1.xml": (
                "presentationml.slideMaster",
                sheet("sldMaster", more=colours),
            ),
        },
        {
            "_rels/.rels": ["officeDocument:ppt/presentation.xml"],
            "ppt/_rels/presentation.xml.rels": [
                "slide:slides/slide1.xml",
                "slideMaster:slideMasters/slideMaster1.xml",
            ],
            "ppt/slides/_rels/slide1.xml.rels": ["slideLayout:../slideLayouts/slideLayout1.xml"],
            "ppt/slideLayouts/_rels/slideLayout1.xml.rels": [
                "slideMaster:../slideMasters/slideMaster1.xml"
            ],
            "ppt/slideMasters/_rels/slideMaster1.xml.rels": [
                "slideLayout:../slideLayouts/slideLayout1.xml"
            ],
        },
    )


def _xlsx() -> bytes:
    names = f'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="{_OFFICE}"'

    def row(number: int, *cells: str) -> str:
        held = "".join(
            f'<c r="{"AB"[n]}{number}" t="inlineStr"><is><t>{text}</t></is></c>'
            for n, text in enumerate(cells)
        )
        return f'<row r="{number}">{held}</row>'

    rows = row(1, "Place", "What") + row(2, "Aarhus", _FIRST) + row(3, "Crane", _SECOND)
    return _office(
        {
            "xl/workbook.xml": (
                "spreadsheetml.sheet.main",
                f'<workbook {names}><sheets><sheet name="Harbour" sheetId="1" r:id="rId1"/>'
                "</sheets></workbook>",
            ),
            "xl/worksheets/sheet1.xml": (
                "spreadsheetml.worksheet",
                f"<worksheet {names}><sheetData>{rows}</sheetData></worksheet>",
            ),
        },
        {
            "_rels/.rels": ["officeDocument:xl/workbook.xml"],
            "xl/_rels/workbook.xml.rels": ["worksheet:worksheets/sheet1.xml"],
        },
    )


# -- OpenDocument and EPUB -------------------------------------------------------------------------


def _open_document(kind: str, body: str) -> bytes:
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{urn}:1.0"'
        for name, urn in {
            "office": "office",
            "text": "text",
            "table": "table",
            "draw": "drawing",
            "presentation": "presentation",
        }.items()
    )
    mimetype = f"application/vnd.oasis.opendocument.{kind}"
    content = (
        f'{_XML}<office:document-content {names} office:version="1.3"><office:body>'
        f"<office:{kind}>{body}</office:{kind}></office:body></office:document-content>"
    )
    manifest = (
        f'{_XML}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest'
        f':1.0" manifest:version="1.3"><manifest:file-entry manifest:full-path="/"'
        f' manifest:media-type="{mimetype}"/><manifest:file-entry manifest:full-path='
        '"content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    members = {
        "mimetype": mimetype,
        "content.xml": content,
        "META-INF/manifest.xml": manifest,
    }
    return zipped(members, stored="mimetype")


def _open_text() -> str:
    return (
        f'<text:h text:outline-level="1">{_TITLE}</text:h><text:p>{_FIRST}</text:p>'
        f'<text:h text:outline-level="2">{_HEADING}</text:h><text:p>{_SECOND}</text:p>'
    )


def _open_slides() -> str:
    def frame(kind: str, text: str) -> str:
        return (
            f'<draw:frame presentation:class="{kind}"><draw:text-box><text:p>{text}</text:p>'
            "</draw:text-box></draw:frame>"
        )

    return (
        f'<draw:page draw:name="1">{frame("title", _TITLE)}{frame("outline", _FIRST)}</draw:page>'
    )


def _open_sheet() -> str:
    def row(*cells: str) -> str:
        held = "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p>'
            "</table:table-cell>"
            for cell in cells
        )
        return f"<table:table-row>{held}</table:table-row>"

    rows = row("Place", "What") + row("Aarhus", _FIRST) + row("Crane", _SECOND)
    return f'<table:table table:name="Harbour">{rows}</table:table>'


def _epub() -> bytes:
    package = (
        f'{_XML}<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="id">x'
        f"</dc:identifier><dc:title>{_TITLE}</dc:title><dc:language>en</dc:language></metadata>"
        '<manifest><item id="one" href="one.xhtml" media-type="application/xhtml+xml"/></manifest>'
        '<spine><itemref idref="one"/></spine></package>'
    )
    container = (
        f'{_XML}<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0">'
        '<rootfiles><rootfile full-path="book.opf" media-type="application/oebps-package+xml"/>'
        "</rootfiles></container>"
    )
    chapter = (
        f'{_XML}<html xmlns="http://www.w3.org/1999/xhtml"><head><title>{_TITLE}</title></head>'
        f"<body><h1>{_TITLE}</h1><p>{_FIRST}</p><h2>{_HEADING}</h2><p>{_SECOND}</p></body></html>"
    )
    members = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": container,
        "book.opf": package,
        "one.xhtml": chapter,
    }
    return zipped(members, stored="mimetype")
