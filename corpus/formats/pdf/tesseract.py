"""Text in images, recognised by tesseract where it is installed with pytesseract."""

from __future__ import annotations

import math
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from importlib.util import find_spec
from operator import itemgetter
from statistics import median
from typing import TYPE_CHECKING, Any

from footnoted.corpus.errors import UnusableInput

if TYPE_CHECKING:
    from footnoted.corpus.formats.pdf.characters import Word
    from footnoted.corpus.formats.pdf.recognition import Image, Recognised

_ENGLISH = "eng"
# Installed as languages, but none: what tells directions and scripts, and what reads formulas.
_NO_LANGUAGES = frozenset({"osd", "equ"})
_PROGRAM = "tesseract"
# Less than any file may take that is read.
_SECONDS = 45
_SECONDS_TO_ANSWER = 10
# Of a page that stands upright, nearly all lines go from left to right, and print that is clear is
# recognised with 0.9.
_DOUBTFUL = 0.7

# Of type, in relation to the height of a small letter: what is called its size, and a capital.
_SIZE, _CAPITAL = 2.0, 1.4
# In sizes of the type, what parts words beyond doubt.
_BETWEEN_WORDS = 0.15
# Types whose measured heights differ by less are one.
_ALIKE = 0.12

_BOX = re.compile(r"\bbbox (-?\d+) (-?\d+) (-?\d+) (-?\d+)")
_BASE_LINE = re.compile(r"\bbaseline (-?[\d.e-]+) (-?[\d.e-]+)")
_HEIGHTS = re.compile(r"\bx_size ([\d.]+); x_descenders (-?[\d.]+); x_ascenders (-?[\d.]+)")
_CONFIDENCE = re.compile(r"\bx_wconf (\d+)")
_BROKEN = re.compile(r"[^\W\d_][-‐]")


class Tesseract:
    """See ``corpus.formats.pdf.recognition.Recogniser``."""

    @cached_property
    def version(self) -> str:
        """Such as ``tesseract 5.3.0 (eng)``."""
        if self.remedy:
            return ""
        return f"{_PROGRAM} {self._number} ({self._language})"

    @cached_property
    def remedy(self) -> str:
        wanted = []
        if not find_spec("pytesseract"):
            wanted.append('pip install "footnoted[ocr]"')
        if not self._number:
            wanted.append("apt install tesseract-ocr")
        elif not self._language:
            wanted.append(f"apt install tesseract-ocr-{_ENGLISH}")
        return " and ".join(wanted)

    def recognise(self, image: Image, dots_per_inch: int) -> Recognised:
        import numpy as np
        import PIL.Image
        import pytesseract

        from footnoted.corpus.formats.pdf.recognition import Recognised

        def words_of(upright: Image) -> _Page:
            grey = PIL.Image.fromarray(upright).convert("L")
            hocr = pytesseract.image_to_pdf_or_hocr(
                grey, self._language, config, extension="hocr", timeout=_SECONDS
            )
            return _page(hocr)

        config = f"--dpi {dots_per_inch}"
        try:
            found, turned = words_of(image), 0
            if found.is_doubtful and (turns := _turns(image, config)):
                found, turned = max(
                    (found, 0), (words_of(np.rot90(image, -turns)), turns), key=itemgetter(0)
                )
        except pytesseract.TesseractError as error:
            said = " ".join(str(error.message).split())
            raise UnusableInput(f"{_PROGRAM} fails: {said}") from None
        except RuntimeError:  # which is how it tells that time is over
            raise UnusableInput(f"{_PROGRAM} needs more than {_SECONDS} seconds") from None
        return Recognised(list(_placed(found.paragraphs)), found.confidence, turned)

    @cached_property
    def _number(self) -> str:
        """The number of its version, "" where the program is missing or does not run."""
        match = re.search(r"^tesseract v?(\d[\w.-]*)", _told("--version"), re.M)
        return match[1] if match else ""

    @cached_property
    def _language(self) -> str:
        """English or, where it is missing, another that is installed."""
        names = sorted(set(_told("--list-langs").splitlines()[1:]) - _NO_LANGUAGES)
        return _ENGLISH if _ENGLISH in names else next(iter(names), "")


def _told(question: str) -> str:
    program = shutil.which(_PROGRAM)
    if not program:
        return ""
    try:
        answered = subprocess.run(  # noqa: S603
            [program, question],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_SECONDS_TO_ANSWER,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return "" if answered.returncode else answered.stdout.decode("utf-8", "replace")


def _turns(image: Image, config: str) -> int:
    """By how many quarters of a circle an image is to be turned to the right, to be read."""
    import PIL.Image
    import pytesseract

    try:
        told = pytesseract.image_to_osd(
            PIL.Image.fromarray(image).convert("L"),
            config=config,
            timeout=_SECONDS,
            output_type=pytesseract.Output.DICT,
        )
    except RuntimeError:  # there are too few letters to tell, or nothing is installed that tells
        return 0
    return int(told.get("rotate", 0)) // 90 % 4


# -- its answer, in hOCR ---------------------------------------------------------------------------


@dataclass(slots=True)
class _Line:
    """``base`` is where the base line is at the line's middle, ``height`` that of small letters."""

    words: list[tuple[str, float, float]]
    base: float
    height: float
    is_upright: bool

    @property
    def weight(self) -> int:
        return sum(len(text) for text, *_ in self.words)


@dataclass(order=True, slots=True)
class _Page:
    """The better a page was understood, the greater it is.

    ``upright`` is the share of its letters whose lines go from left to right, ``confidence`` how
    sure it is of them.
    """

    upright: float
    confidence: float
    paragraphs: list[list[_Line]] = field(compare=False)

    @property
    def is_doubtful(self) -> bool:
        """Whether it may lie on its side, or on its head."""
        return bool(self.paragraphs) and min(self.upright, self.confidence) < _DOUBTFUL


def _page(hocr: bytes) -> _Page:
    """Raises UnusableInput where that is none."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(hocr, parser)
    except etree.XMLSyntaxError:
        raise UnusableInput(f"{_PROGRAM} answers what nobody understands") from None
    letters, upright, sure = 0, 0, 0.0
    paragraphs: list[list[_Line]] = []
    for paragraph in root.iter("{*}p"):
        lines = []
        for element in paragraph.iterchildren("{*}span"):
            words = [one for one in element.iterchildren("{*}span") if _said(one)]
            if not words:
                continue
            line = _line(element.get("title", ""), words)
            lines.append(line)
            letters += line.weight
            upright += line.weight * line.is_upright
            sure += sum(len(_said(one)) * _confidence(one) for one in words)
        if lines:
            paragraphs.append(lines)
    return _Page(upright / max(letters, 1), sure / max(letters, 1), paragraphs)


def _confidence(word: Any) -> float:
    match = _CONFIDENCE.search(word.get("title", ""))
    return int(match[1]) / 100 if match else 0.0


def _said(word: Any) -> str:
    return "".join(word.itertext()).strip()


def _line(title: str, elements: list[Any]) -> _Line:
    words, heights = [], []
    for element in elements:
        left, top, right, bottom = _box(element.get("title", ""))
        text = _said(element)
        words.append((text, left, right))
        if any(map(str.isalnum, text)):
            heights.append(bottom - top)
    left, top, right, bottom = _box(title)
    base = _BASE_LINE.search(title)
    slope, offset = (float(base[1]), float(base[2])) if base else (0.0, 0.0)
    measured = _HEIGHTS.search(title)
    if measured and any(sign.islower() for text, *_ in words for sign in text):
        height = float(measured[1]) - float(measured[2]) - float(measured[3])
    else:  # which measures capitals and digits as small letters
        height = median(heights or [bottom - top]) / _CAPITAL
    middle = bottom + offset + slope * (right - left) / 2
    is_upright = len(words) == 1 or right - left > bottom - top
    return _Line(words, middle, max(height, 1.0), is_upright)


def _box(title: str) -> tuple[float, float, float, float]:
    match = _BOX.search(title)
    if not match:
        return 0.0, 0.0, 0.0, 0.0
    left, top, right, bottom = map(float, match.groups())
    return left, top, right, bottom


def _placed(paragraphs: list[list[_Line]]) -> Iterator[Word]:
    """Words on the base lines and in the sizes of their lines, as if the page were straight."""
    from footnoted.corpus.formats.pdf.characters import SOFT_HYPHEN, Word

    sizes = _sizes(paragraphs)
    for lines, size in zip(paragraphs, sizes, strict=True):
        for line in lines:
            following = [left for _, left, _ in line.words[1:]] + [math.inf]
            for (text, left, right), then in zip(line.words, following, strict=True):
                if then - right > size and _BROKEN.fullmatch(text[-2:]):
                    text = text[:-1] + SOFT_HYPHEN
                # What was told apart stays apart.
                right = min(right, then - _BETWEEN_WORDS * size)
                yield Word(text, left, right, line.base, size, bold=False, fixed=False)


def _sizes(paragraphs: list[list[_Line]]) -> list[float]:
    """The size of the type of each paragraph; what was measured nearly alike is alike."""
    heights = [median(line.height for line in lines) for lines in paragraphs]
    weights = [sum(line.weight for line in lines) for lines in paragraphs]
    known: list[float] = []
    for at in sorted(range(len(heights)), key=lambda at: (-weights[at], at)):
        near = (one for one in known if abs(heights[at] / one - 1) <= _ALIKE)
        heights[at] = next(near, heights[at])
        known.append(heights[at])
    return [_SIZE * height for height in heights]
