"""Rich Text Format, with marks for what striprtf would drop or blur."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.formats.composer import Composer
from footnoted.corpus.formats.given import given_title
from footnoted.corpus.formats.tables import Cell, Table
from footnoted.corpus.formats.text_builder import TextBuilder
from footnoted.corpus.formats.zipped_xml import told_as_broken
from footnoted.corpus.protocols import Peek
from footnoted.corpus.types import Contents, Extracted
from footnoted.corpus.wording import counted

_HEAD = b"{\\rtf"
_LARGEST = 128 * 2**20
_TOKEN = re.compile(
    r"\\(?P<word>[A-Za-z]{1,32})(?P<number>-?\d{1,10})? ?|(?P<brace>[{}])|\\'..|\\.|[^\\{}]+|\\",
    re.DOTALL,
)

# Marks are characters of the private use area, which striprtf passes on like any others.
_CELL, _ROW, _IN_ROW, _LINE, _NOTED, _BOXED, _END = map(chr, range(0xE000, 0xE007))
_LEVELS = range(0xE010, 0xE01A)
"""The outline levels of paragraphs, the last for what is no heading."""
_DEPTHS = range(0xE020, 0xE029)
"""The levels of items."""
_GROUPS = range(0xE030, 0xE038)
_NOTE, _BOX, _RUNNING, _NUMBER, _DELETED, _HIDDEN, _TITLE, _AUTHOR = map(chr, _GROUPS)
_OURS = range(0xE000, 0xE100)
_BEGINS = {
    **dict.fromkeys(("footnote", "annotation"), _NOTE),
    **dict.fromkeys(("header", "headerl", "headerr", "headerf"), _RUNNING),
    **dict.fromkeys(("footer", "footerl", "footerr", "footerf"), _RUNNING),
    **dict.fromkeys(("listtext", "pntext"), _NUMBER),
    "shptxt": _BOX,
    "title": _TITLE,
    "author": _AUTHOR,
}
_SWITCHES = {"deleted": _DELETED, "v": _HIDDEN}
_SIGNS = {
    **dict.fromkeys(("cell", "nestcell"), _CELL),
    **dict.fromkeys(("row", "nestrow"), _ROW),
    **dict.fromkeys(("trowd", "intbl"), _IN_ROW),
    "line": _LINE,
    "pard": chr(_LEVELS[-1]),
}
# Groups that hold pictures, programs and instructions.
_SKIPPED = frozenset(
    "pict objdata fldinst datafield themedata colorschememapping datastore latentstyles"
    " nonesttables".split()
)
# Groups of which striprtf would leave out all: what a file tells of itself, and boxes of text.
_ENTERED = frozenset(("info", "shp", "shpgrp", "shpinst"))
# How files other than those of Windows spell letters beyond ASCII.
_ENCODINGS = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
_BEYOND_ASCII = re.compile("[\x80-\xff]")
_GROUP = re.compile(f"([{_NOTE}-{_AUTHOR}{_END}])")
_PLACE = re.compile(f"([\n{_CELL}-{_BOXED}{chr(_LEVELS[0])}-{chr(_DEPTHS[-1])}])")
_NUMBERED = re.compile(f"\\s*{_NUMBER}([^{_END}]*){_END}")
_WRITTEN = re.compile(r"\\(?:revtim|creatim)\s*\\yr(\d{4})\\mo(\d{1,2})\\dy(\d{1,2})")


class Rtf:
    """``.rtf`` files; see ``corpus.protocols.Format``."""

    name = "RTF"
    endings = (".rtf",)

    @property
    def version(self) -> str:
        return f"3 striprtf {version('striprtf')}"

    def recognises(self, file: Peek) -> bool:
        return file.head.startswith(_HEAD)

    def read(self, path: Path, password: str | None = None) -> Contents:
        if path.stat().st_size > _LARGEST:
            raise UnusableInput(f"is larger than {_LARGEST // 2**20} MB; split it")
        data = path.read_bytes()
        if not data.startswith(_HEAD):
            raise UnusableInput("is broken: no RTF file; save it anew with the program it is from")
        with told_as_broken(self.name):
            return _contents(data.decode("latin-1"))


def _contents(source: str) -> Contents:
    from striprtf.striprtf import rtf_to_text

    marked = _Marked(source)
    pieces = "".join(marked.pieces())
    plain: str = rtf_to_text(pieces, errors="replace")  # type: ignore[no-untyped-call]
    # The two halves of a character beyond the first 65,536 come one by one.
    plain = plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    text, groups = _taken_apart(plain.replace("\xad", "").replace("\u2011", "-"))
    builder = TextBuilder()
    composer = Composer(builder)
    for running in dict.fromkeys(groups[_RUNNING]):
        builder.block("running", running)
    _write(text, groups[_NOTE], groups[_BOX], composer)
    if not builder.length:
        raise UnusableInput("holds no text")
    dates = (f"{year}-{month:0>2}-{day:0>2}" for year, month, day in _WRITTEN.findall(source))
    extracted = Extracted(
        builder.text,
        given_title(" ".join(groups[_TITLE])) or composer.title,
        author=" ".join(" ".join(groups[_AUTHOR]).split()) or None,
        date=max(dates, default=None),
        annotations=builder.annotations,
    )
    lost = () if marked.is_whole else ("ends in the middle; what is left was read",)
    return Contents((extracted,), (*_left_out(groups), *lost), lost=lost)


def _left_out(groups: Mapping[str, Sequence[str]]) -> Iterator[str]:
    if groups[_DELETED]:
        yield f"{counted(len(groups[_DELETED]), 'tracked deletion')} left out"
    if groups[_HIDDEN]:
        yield f"hidden text left out in {counted(len(groups[_HIDDEN]), 'place')}"


@dataclass(slots=True)
class _Marked:
    """The source of a file, to be read with marks in it."""

    source: str
    is_whole: bool = False
    _encoding: str = ""
    _open: list[list[str]] = field(default_factory=lambda: [[]])
    """The marks that end with each of the groups around the present place."""

    def pieces(self) -> Iterator[str]:
        """The source without pictures and instructions, and marks where they belong."""
        at, star, skipped_from, is_first = 0, "", 0, False
        while found := _TOKEN.match(self.source, at):
            at = found.end()
            word, number, sign = found["word"], found["number"], found[0]
            if word == "bin":
                at += max(0, int(number or 0))
            elif found["brace"]:
                yield star + self._on_brace(sign)
                if len(self._open) < skipped_from:
                    skipped_from = 0
            elif skipped_from:
                continue
            elif sign == "\\*":
                star = sign * is_first  # elsewhere it is a slip, and says nothing of the group
                continue
            elif word in _SKIPPED:
                skipped_from = len(self._open)
            elif word in _BEGINS:
                yield self._begin(_BEGINS[word])
            elif word in _ENTERED:
                pass
            elif word:
                yield star + self._on_word(word, number)
            elif self._encoding and sign[:2] == "\\'":
                yield _mark(bytes.fromhex(sign[2:]).decode(self._encoding))
            else:
                yield star + _BEYOND_ASCII.sub(_as_code, sign)
            star = ""
            is_first = sign == "{" or (is_first and sign.isspace())
        self.is_whole = len(self._open) == 1

    def _on_brace(self, brace: str) -> str:
        if brace == "{":
            self._open.append([])
            # striprtf takes the fonts of a line for one.
            return f"\n{brace}"
        ended = self._open.pop() if len(self._open) > 1 else []
        return _mark(_END) * len(ended) + brace

    def _on_word(self, word: str, number: str | None) -> str:
        value = int(number or 0)
        if word in _SWITCHES:
            return self._end(_SWITCHES[word]) if number == "0" else self._begin(_SWITCHES[word])
        if word == "plain":
            return "".join(map(self._end, _SWITCHES.values())) + "\\plain "
        if word == "outlinelevel" and 0 <= value < len(_LEVELS):
            return _mark(chr(_LEVELS[value]))
        if word == "ilvl" and 0 <= value < len(_DEPTHS):
            return _mark(chr(_DEPTHS[value]))
        if word in _ENCODINGS:
            self._encoding = _ENCODINGS[word]
        if word in _SIGNS:
            return _mark(_SIGNS[word])
        if word == "u" and value % 0x10000 in _OURS:
            return "\\u65533 "
        return f"\\{word}{number or ''} "

    def _begin(self, mark: str) -> str:
        if mark in self._open[-1]:
            return ""
        self._open[-1].append(mark)
        return _mark(mark)

    def _end(self, mark: str) -> str:
        """End a mark where it ends before its group does."""
        if not self._open[-1] or self._open[-1][-1] != mark:
            return ""
        self._open[-1].pop()
        return _mark(_END)


def _mark(mark: str) -> str:
    """A mark as RTF spells it; without \\uc0 the next character would be left out."""
    return f"{{\\uc0\\u{ord(mark)} }}"


def _as_code(byte: re.Match[str]) -> str:
    return f"\\'{ord(byte[0]):02x}"


def _taken_apart(plain: str) -> tuple[str, Mapping[str, Sequence[str]]]:
    """The running text, and by their marks the groups that are no part of it.

    A note or a box leaves a mark in the text; the number of an item stays in it, between marks.
    """
    groups: dict[str, list[str]] = {chr(mark): [] for mark in _GROUPS}
    open_: list[tuple[str, list[str]]] = [("", [])]
    for piece in (*_GROUP.split(plain), *[_END] * plain.count(_END)):
        if piece in groups:
            open_.append((piece, []))
        elif piece != _END:
            open_[-1][1].append(piece)
        elif len(open_) > 1:
            mark, parts = open_.pop()
            text = "".join(parts)
            around = open_[-1][1]
            if mark == _NUMBER:
                around.append(f"{_NUMBER}{' '.join(_PLACE.sub(' ', text).split())}{_END}")
            elif _PLACE.sub("", text).strip():
                groups[mark].append(_PLACE.sub("\n", text).strip())
                around.append({_NOTE: _NOTED, _BOX: _BOXED}.get(mark, ""))
    return "".join(part for _, parts in open_ for part in parts), groups


@dataclass(slots=True)
class _Paragraphs:
    """Paragraphs and tables, while they are gathered from a text with marks."""

    composer: Composer
    words: str = ""
    level: int = 0
    depth: int = 0
    in_row: bool = False
    cells: list[Cell] = field(default_factory=list)
    rows: list[list[Cell]] = field(default_factory=list)

    def end_paragraph(self) -> None:
        words, self.words = self.words, ""
        if not words.strip():
            return
        self.end_table()
        number = _NUMBERED.match(words)
        if self.level:
            self.composer.heading(_without_marks(words), self.level)
        elif number:
            mark = number[1] if re.search(r"[^\W_]", number[1]) else ""
            text = _without_marks(words[number.end() :])
            self.composer.item(text, self.depth, mark, "counted" if mark else "")
        else:
            self.composer.paragraph(_without_marks(words))

    def end_cell(self) -> None:
        self.cells.append(Cell(_without_marks(self.words).strip()))
        self.words = ""

    def end_row(self) -> None:
        if self.words.strip():
            self.end_cell()
        self.rows.append(self.cells)
        self.cells, self.in_row = [], False

    def end_table(self) -> None:
        if self.rows:
            self.composer.table(Table(self.rows))
            self.rows = []


def _write(text: str, notes: Sequence[str], boxes: Sequence[str], composer: Composer) -> None:
    """Write a text with marks, and each note or box below the paragraph in which it is marked."""
    noted, boxed = iter(notes), iter(boxes)
    hanging_notes, hanging_boxes = list[str](), list[str]()
    state = _Paragraphs(composer)
    for piece in _PLACE.split(text):
        code = ord(piece) if len(piece) == 1 else 0
        if piece == _CELL:
            state.end_cell()
        elif piece == _ROW:
            state.end_row()
        elif piece == _IN_ROW:
            state.in_row = True
        elif piece == _NOTED:
            hanging_notes.append(next(noted))
        elif piece == _BOXED:
            hanging_boxes.append(next(boxed))
        elif code in _LEVELS:
            state.level = (code - _LEVELS[0] + 1) % len(_LEVELS)
            state.in_row = False
        elif code in _DEPTHS:
            state.depth = code - _DEPTHS[0]
        elif piece == "\n" and not state.in_row and not state.cells:
            state.end_paragraph()
            _write_hanging(hanging_notes, hanging_boxes, composer)
        else:
            state.words += "\n" if piece == _LINE else piece
    state.end_paragraph()
    if state.cells:
        state.end_row()
    state.end_table()
    _write_hanging([*hanging_notes, *noted], [*hanging_boxes, *boxed], composer)
    composer.finish()


def _write_hanging(notes: list[str], boxes: list[str], composer: Composer) -> None:
    for note in notes:
        composer.note(note)
    for line in "\n".join(boxes).split("\n"):
        composer.paragraph(line)
    notes.clear()
    boxes.clear()


def _without_marks(words: str) -> str:
    """A cell or a paragraph; what numbers its lines is told in line."""
    return words.replace(_NUMBER, "").replace(_END, " ")
