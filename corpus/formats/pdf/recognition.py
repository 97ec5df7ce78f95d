"""Pages that are images to words, by what recognises text in images, and what is said of that."""

from __future__ import annotations

import math
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.formats.pdf.characters import Word, Writing
from footnoted.corpus.formats.pdf.rules import has_unseen_text, images
from footnoted.corpus.wording import ranged

POINTS_PER_INCH = 72
_DOTS_PER_INCH = 300
# An A3 page has 17 million; what is larger is looked at less closely.
_MOST_PIXELS = 20_000_000
# A scan is about as large for each page, or larger; what is much smaller is made to keep machines
# busy.
_PAGES, _BYTES_A_PAGE = 500, 10_000
# Clear print is recognised with 0.9 and more, what is read mostly right with 0.75.
_UNSURE = 0.7
# Of a scan that was stamped, numbered or signed: how many words may stand on it that are no part of
# the image, what share of the page the image covers, at least, and how many words are in it.
_MOST_STAMPED, _COVERED, _FEWEST_WORDS = 60, 0.5, 5
# Paper is lighter than this, of 255, in most places, all of them as light as each other.
_PAPER, _AS_LIGHT, _MOSTLY = 128, 25, 0.6
_THUMBNAIL = 150

Image = NDArray[np.uint8]
"""Of shape (height, width, 3), in RGB."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """The words in an image, line by line, placed in pixels, and how sure it is of them, 0 to 1.

    ``turns`` says by how many quarters of a circle the image had to be turned to the right.
    """

    words: list[Word]
    confidence: float
    turns: int = 0


class Recogniser(Protocol):
    """Recognises text in images."""

    @property
    def version(self) -> str:
        """Its name and version; "" where it is not installed."""

    @property
    def remedy(self) -> str:
        """What installs what is missing."""

    def recognise(self, image: Image, dots_per_inch: int) -> Recognised:
        """What stands in an image.

        Raises:
            UnusableInput: it cannot be recognised; the message goes on from the page's number.
        """


@dataclass
class Recognition:
    """Recognises the pages of a file of ``size`` bytes, and remembers what came of each."""

    recogniser: Recogniser
    size: int
    _sure: dict[int, float] = field(default_factory=dict)
    _empty: list[int] = field(default_factory=list)
    _failed: dict[int, str] = field(default_factory=dict)
    _left: list[int] = field(default_factory=list)
    _no_more: list[int] = field(default_factory=list)

    def read(
        self, page: pdfium.PdfPage, number: int, written: Writing | None = None
    ) -> Writing | None:
        """What stands in the image of a page; None if nothing could be recognised there.

        What is ``written`` on the page besides stays as it is: None, too, if there is no more.
        """
        if sum(map(len, (self._sure, self._empty, self._failed, self._no_more))) >= self._most:
            self._left.append(number)
        if not self.recogniser.version or self._left:
            return None
        width, height = page.get_size()
        scale = min(_DOTS_PER_INCH / POINTS_PER_INCH, math.sqrt(_MOST_PIXELS / (width * height)))
        with closing(page.render(scale=scale, rev_byteorder=True)) as bitmap:
            image = np.array(bitmap.to_numpy()[:, :, :3], dtype=np.uint8)
        try:
            found = self.recogniser.recognise(image, round(scale * POINTS_PER_INCH))
        except UnusableInput as error:
            self._failed[number] = str(error)
            return None
        if not found.words:
            (self._no_more if written else self._empty).append(number)
            return None
        shown = _placed(page, found, scale)
        if written:
            shown = _together(written, shown)
            if len(shown.words) < len(written.words) + _FEWEST_WORDS:
                self._no_more.append(number)
                return None
        self._sure[number] = found.confidence
        return shown

    def has_seen(self, number: int) -> bool:
        """Whether a page was looked at, whatever came of it."""
        seen = self._sure, self._failed, self._empty, self._no_more
        return any(number in pages for pages in seen)

    @property
    def remedy(self) -> str:
        """What lets pages be recognised that were not looked at."""
        if self._left:
            return f"of such a file no more than {self._most} pages are recognised: split it"
        return f"to have them recognised: {self.recogniser.remedy}"

    def noted(self) -> list[str]:
        """What users should know of what was recognised, one line each."""
        said = []
        reader = self.recogniser.version
        if self._sure:
            said.append(
                f"{ranged('page', list(self._sure))} recognised by {reader}; "
                "quotations are as it read them"
            )
        unsure = {page: sure for page, sure in self._sure.items() if sure < _UNSURE}
        if unsure:
            mean = 100 * sum(unsure.values()) / len(unsure)
            said.append(
                f"{ranged('page', list(unsure))} recognised with little confidence "
                f"({mean:.0f} % on average); check what is quoted against the pages"
            )
        if self._empty:
            said.append(f"{reader} finds no text on {ranged('page', self._empty)}")
        return said

    def lost(self) -> list[str]:
        """What could not be read, one line each."""
        said = []
        for reason in dict.fromkeys(self._failed.values()):
            pages = [page for page, why in self._failed.items() if why == reason]
            said.append(f"{ranged('page', pages)} cannot be read: {reason}")
        return said

    @property
    def _most(self) -> int:
        return max(_PAGES, self.size // _BYTES_A_PAGE)


def _placed(page: pdfium.PdfPage, found: Recognised, scale: float) -> Writing:
    """Words where they stand on the page, in points; see ``Writing``."""
    turns = (page.get_rotation() // 90 + found.turns) % 4
    left, bottom, right, top = page.get_bbox()
    along = (left, bottom, -right, -top)[turns]
    upper, lower = ((-top, -bottom), (left, right), (bottom, top), (-right, -left))[turns]
    for word in found.words:
        word.x0, word.x1 = along + word.x0 / scale, along + word.x1 / scale
        word.y, word.size = upper + word.y / scale, word.size / scale
    characters = sum(len(word.text) for word in found.words)
    return Writing(found.words, [], upper, lower, turns, characters, 0)


def _together(written: Writing, shown: Writing) -> Writing:
    """What is written on the image of a page, and the words of the image elsewhere.

    Where they go in different directions, the image, in which all is to be seen.
    """
    if written.turns != shown.turns:
        return shown
    others = [word for word in shown.words if not any(_covers(one, word) for one in written.words)]
    return replace(
        written,
        words=[*written.words, *others],
        characters=written.characters + sum(len(word.text) for word in others),
    )


def _covers(one: Word, other: Word) -> bool:
    """Whether two words stand on each other."""
    middle = (other.x0 + other.x1) / 2
    apart = abs((one.y - one.size / 3) - (other.y - other.size / 3))
    return one.x0 - 1 <= middle <= one.x1 + 1 and apart <= max(one.size, other.size) / 2


def is_stamped_scan(page: pdfium.PdfPage, written: Writing) -> bool:
    """Whether a page is an image of paper, on which a few words were set that are no part of it."""
    if len(written.words) > _MOST_STAMPED or has_unseen_text(page):
        return False
    left, bottom, right, top = page.get_bbox()
    covered = sum(
        max(0.0, min(x1, right) - max(x0, left)) * max(0.0, min(y1, top) - max(y0, bottom))
        for x0, y0, x1, y1 in images(page)
    )
    return covered >= _COVERED * (right - left) * (top - bottom) and _looks_like_paper(page)


def _looks_like_paper(page: pdfium.PdfPage) -> bool:
    """Whether most of it is equally light, as of no photograph."""
    with closing(page.render(scale=_THUMBNAIL / max(page.get_size()), grayscale=True)) as bitmap:
        grey = np.array(bitmap.to_numpy(), dtype=np.int64).ravel()
    usual = int(np.bincount(grey, minlength=256).argmax())
    return usual >= _PAPER and float(np.mean(abs(grey - usual) <= _AS_LIGHT)) >= _MOSTLY
