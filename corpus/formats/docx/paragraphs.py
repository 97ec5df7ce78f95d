"""What one paragraph of Word's says, as it would be printed: no markers, no instructions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from footnoted.corpus.formats.docx.styles import Style, Styles
from footnoted.corpus.formats.office_package import chosen
from footnoted.corpus.formats.zipped_xml import Element, attribute, child, local, walk

_SKIPPED = frozenset(
    "pPr rPr sdtPr sdtEndPr fldChar instrText delText delInstrText rt del moveFrom t txbxContent"
    " numPr sectPr object".split()
)
"""What holds nothing that is read where it stands."""

# The parts of formulas that else would read as if nothing stood in front of them.
_FORMULA = {"den": "/", "sup": "^"}
_SIGNS = {
    **_FORMULA,
    **dict.fromkeys(("tab", "ptab"), "\t"),
    **dict.fromkeys(("br", "cr"), "\n"),
    "noBreakHyphen": "-",
}
_NOTES = {"footnoteReference": "footnote", "endnoteReference": "endnote"}
_GREEK = dict(
    zip(
        "ABCDEFGHIKLMNOPQRSTUWXYZabcdefghiklmnopqrstuwxyz",
        "ΑΒΧΔΕΦΓΗΙΚΛΜΝΟΠΘΡΣΤΥΩΞΨΖαβχδεφγηικλμνοπθρστυωξψζ",
        strict=True,
    )
)
_SPACE = re.compile(r"[\t\n\r ]+")


@dataclass(slots=True)
class Paragraph:
    """Its words, and what hangs on it: notes, boxes of text, and the relations of its charts."""

    parts: list[str] = field(default_factory=list)
    is_bold: bool = True
    notes: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)
    drawings: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.parts)


@dataclass(slots=True)
class Spoken:
    """Reads paragraphs, and counts what of them is left out."""

    styles: Styles
    deletions: int = 0
    hidden: int = 0
    symbols: int = 0
    _fields: list[bool] = field(default_factory=list)
    """Of each field around the present place, whether its result is being read."""

    def paragraph(self, element: Element, style: Style) -> Paragraph:
        """``element`` is a ``w:p``."""
        read = Paragraph()
        is_bold, is_hidden = bool(style.bold), bool(style.hidden)
        for one in walk(element, self._below):
            name = local(one)
            if name == "r":
                is_bold, is_hidden = self.styles.of_run(child(one, "rPr"), style)
            elif name in ("del", "moveFrom"):
                self.deletions += any(part.text for part in one.iter("{*}delText", "{*}t"))
            elif name == "fldChar":
                self._on_field(attribute(one, "fldCharType"))
            elif name == "txbxContent":
                read.boxes.append(one)
            elif name in _NOTES or name == "commentReference":
                read.notes.append((_NOTES.get(name, "comment"), attribute(one, "id") or ""))
            elif name in ("chart", "relIds"):
                read.drawings.append(attribute(one, "dm") or attribute(one, "id") or "")
            elif (said := self._said(name, one)) and all(self._fields):
                if is_hidden:
                    self.hidden += not said.isspace()
                else:
                    read.parts.append(said)
                    read.is_bold &= is_bold or said.isspace()
        # A field's instruction ends in its paragraph, unless the file is damaged.
        self._fields = [one for one in self._fields if one]
        return read

    def _below(self, name: str, element: Element) -> Iterable[Element]:
        if name == "AlternateContent":
            return chosen(element)
        return () if name in _SKIPPED else element

    def _said(self, name: str, element: Element) -> str:
        if name == "t":
            return _SPACE.sub(" ", element.text or "").replace("\xad", "")
        if name == "sym":
            return self._symbol(element)
        if name == "tab" and local(element.getparent()) != "r":
            return ""
        if name in _FORMULA and not any(one.text for one in element.iter("{*}t")):
            return ""
        return _SIGNS.get(name, "")

    def _symbol(self, element: Element) -> str:
        """A sign by its number, which in fonts of signs means something in that font alone."""
        code = attribute(element, "char") or ""
        number = int(code, 16) if re.fullmatch("[0-9A-Fa-f]{4}", code) else 0
        if 0xF000 <= number <= 0xF0FF:
            is_greek = (attribute(element, "font") or "").lower() == "symbol"
            sign = _GREEK.get(chr(number - 0xF000), "") if is_greek else ""
        else:
            sign = chr(number) if number else ""
        self.symbols += not sign
        return sign

    def _on_field(self, kind: str | None) -> None:
        if kind == "begin":
            self._fields.append(False)
        elif kind == "separate" and self._fields:
            self._fields[-1] = True
        elif kind == "end" and self._fields:
            self._fields.pop()
