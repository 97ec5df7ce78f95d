"""Pages are drawn with the quotation marked where its letters stand."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
import pytest
from numpy.typing import NDArray
from PIL import Image

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.formats.pdf.drawing import Drawing, draw, letters
from footnoted.corpus.reader_process import ReaderProcess
from support.pdf_files import HEIGHT, WIDTH, Writer


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "letter.pdf"
    writer = Writer(path)
    writer.line(72, 100, "The harbour master of Norvik keeps the register of the light-")
    writer.line(72, 116, "houses. He said so.")
    writer.line(72, 700, "He said so.")
    writer.page()
    writer.line(72, 400, "The second page has words of its own.")
    writer.save()
    return path


def pixels(drawing: Drawing) -> NDArray[np.int64]:
    return np.asarray(Image.open(io.BytesIO(drawing.png)).convert("RGB"), np.int64)


def marked(drawing: Drawing) -> tuple[int, int, int, int]:
    """The part of a drawing that is marked, in points from its upper left corner."""
    shown = pixels(drawing)
    rows, columns = np.nonzero((shown[:, :, 0] == 255) & (shown[:, :, 2] == 154))
    scale = shown.shape[1] / WIDTH
    at = (columns.min(), rows.min(), columns.max(), rows.max())
    left, top, right, bottom = (round(float(one) / scale) for one in at)
    return left, top, right, bottom


def test_the_marked_words_are_those_of_the_quotation(file: Path) -> None:
    shown = draw(file, 1, "register of the lighthouses")
    left, top, right, bottom = marked(shown)
    assert 85 < top < 100 and 116 < bottom < 124  # both lines, though the word is broken
    assert left < 75 and right < 400
    assert shown.top and shown.bottom
    assert shown.top * HEIGHT == pytest.approx(top, abs=4)
    assert shown.bottom * HEIGHT == pytest.approx(bottom, abs=4)


def test_of_several_places_it_is_the_one_that_is_meant(file: Path) -> None:
    first = draw(file, 1, "He said so.", before=len(letters("The harbour master of Norvik keeps")))
    last = draw(file, 1, "He said so.", before=1000)
    assert marked(first)[3] < 130 < 680 < marked(last)[1]


def test_what_stands_nowhere_on_the_page_is_not_marked(file: Path) -> None:
    plain = draw(file, 2, "The harbour master")
    assert (plain.top, plain.bottom) == (None, None)
    assert np.array_equal(pixels(plain), pixels(draw(file, 2)))
    assert marked(draw(file, 2, "words of its own"))[0] > 100


def test_a_page_that_lies_on_its_side_is_marked_as_it_is_seen(file: Path, tmp_path: Path) -> None:
    document = pdfium.PdfDocument(file)
    document[1].set_rotation(90)
    document.save(tmp_path / "turned.pdf")
    document.close()
    shown = draw(tmp_path / "turned.pdf", 2, "words of its own")
    height, width, _ = pixels(shown).shape
    assert width > height
    assert shown.top is not None and shown.bottom is not None
    assert (shown.bottom - shown.top) * height > width / 20  # the line runs down the page


@pytest.mark.parametrize(("page", "content"), [(3, None), (1, b"%PDF-1.7 broken")])
def test_what_cannot_be_drawn_is_told(file: Path, page: int, content: bytes | None) -> None:
    if content:
        file.write_bytes(content)
    with pytest.raises(UnusableInput, match=r"page \d of letter.pdf cannot be drawn"):
        draw(file, page, "words")


def test_a_process_of_its_own_draws_and_goes_on(file: Path) -> None:
    process = ReaderProcess()
    try:
        drawn = process.draw(file, 2, "words of its own", 0)
        assert drawn == draw(file, 2, "words of its own")
        with pytest.raises(UnusableInput, match="cannot be drawn"):
            process.draw(file, 9, "words", 0)
        assert process.read(file, file.stat().st_size).contents
    finally:
        process.close()
