"""Scanned pages: what tesseract reads of them, and what is said of those that it does not read."""

from __future__ import annotations

import io
import random
import shutil
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from footnoted.corpus import files
from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.formats.pdf import PageImage, Pdf, images, tesseract
from footnoted.corpus.formats.pdf import recognition as of_pages
from footnoted.corpus.formats.pdf.tesseract import Tesseract
from footnoted.corpus.types import Contents, Extracted
from support.extracted import check, said
from support.fuzzing import broken

pytestmark = pytest.mark.slow

needs_tesseract = pytest.mark.skipif(not Tesseract().version, reason="needs tesseract")

TYPES = Path(matplotlib.get_data_path(), "fonts", "ttf")
WIDTH, HEIGHT = 595, 842
PIXELS = 200 / 72

HEADING = "The dredging of Norvik"
FIRST = (
    "The harbour of Norvik silted up between the wars, and the board of the town resolved to "
    "dredge it every spring. The dredger came from Sandhavn and stayed for six weeks each year."
)
SECOND = (
    "Nobody read the book until the engineers of the county asked for it in 1962. They found that "
    "the river carries more sand in wet years than anyone had thought."
)
THIRD = (
    "Two fishermen opposed the plan. The mayor promised an answer before the winter, and gave "
    "none. What became of the old quay is told by nobody."
)
NOISE = "".join(random.Random(5).choices("xzqjvkw", k=900))


@pytest.fixture(autouse=True)
def one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in processes that read: of several, tesseract makes much work and little use."""
    monkeypatch.setenv("OMP_THREAD_LIMIT", "1")


class Sheet:
    """An image of a page, as a scanner makes one, with places in points from the top left."""

    def __init__(self) -> None:
        self.image = Image.new("L", (round(WIDTH * PIXELS), round(HEIGHT * PIXELS)), 245)
        self._draw = ImageDraw.Draw(self.image)

    def line(self, x: float, y: float, text: str, size: float = 11, bold: bool = False) -> None:
        font = ImageFont.truetype(
            TYPES / f"DejaVuSerif{'-Bold' if bold else ''}.ttf", size * PIXELS
        )
        self._draw.text((x * PIXELS, y * PIXELS), text, font=font, fill=25, anchor="ls")

    def lines(self, x: float, y: float, text: str, letters: int = 64) -> float:
        """Set a paragraph in lines of so many letters; where the next one begins."""
        line = ""
        for word in [*text.split(), ""]:
            if not word or len(line) + len(word) > letters:
                self.line(x, y, line.strip())
                line, y = "", y + 16
            line += f" {word}"
        return y + 12


def report() -> Image.Image:
    sheet = Sheet()
    sheet.line(72, 80, HEADING, 18, bold=True)
    sheet.lines(72, sheet.lines(72, 120, FIRST), SECOND)
    return sheet.image


def scan(path: Path, pages: Sequence[Image.Image | str]) -> Path:
    """A PDF of pages that are images, or of text that is set in type."""
    canvas = Canvas(str(path), pagesize=(WIDTH, HEIGHT), invariant=1)
    for page in pages:
        if isinstance(page, str):
            canvas.drawString(72, 700, page)
        else:
            data = io.BytesIO()
            page.save(data, "PNG")
            canvas.drawImage(ImageReader(data), 0, 0, WIDTH, HEIGHT)
        canvas.showPage()
    canvas.save()
    return path


def read(path: Path) -> Contents:
    contents = Pdf().read(path)
    for one in contents.texts:
        check(one)
    return contents


def page_of(text: Extracted, quote: str) -> int:
    at = text.text.index(quote)
    assert text.text[at : at + len(quote)] == quote
    return next(page.number for page in text.pages if page.start <= at < page.end)


def recognised(pages: str) -> str:
    return f"{pages} recognised by {Tesseract().version}; quotations are as it read them"


@needs_tesseract
def test_a_scanned_page_is_read_beside_one_of_text(tmp_path: Path) -> None:
    path = scan(tmp_path / "scan.pdf", ["The first page is set in type.", report()])
    contents = read(path)
    (text,) = contents.texts
    assert text.text == f"The first page is set in type.\n\n{HEADING}\n\n{FIRST}\n\n{SECOND}"
    assert said(text, "heading") == [(HEADING, "1")]
    assert said(text, "paragraph") == [
        ("The first page is set in type.", ""),
        (FIRST, ""),
        (SECOND, ""),
    ]
    assert [page_of(text, one) for one in ("set in type", "Sandhavn", "in 1962")] == [1, 2, 2]
    assert contents.warnings == (recognised("page 2"),)
    assert not contents.lost
    assert read(path) == contents


def stamped_scan(path: Path, page: Image.Image, stamp: str, unseen: str = "") -> Path:
    """A page that is an image, with words set on top of it, and perhaps some behind it."""
    canvas = Canvas(str(path), pagesize=(WIDTH, HEIGHT), invariant=1)
    canvas.drawImage(ImageReader(page), 0, 0, WIDTH, HEIGHT)
    canvas.drawString(330, 820, stamp)
    if unseen:
        canvas.drawString(72, 762, unseen, mode=3)
    canvas.save()
    return path


STAMP = "RECEIVED 16 AUG 1987 No. 4471"


@needs_tesseract
@pytest.mark.parametrize(
    "stamp", ["NORV000017", STAMP, "Fetched from an archive on 3 May 2024, for one reader alone"]
)
def test_a_scan_with_a_stamp_is_recognised_and_the_stamp_is_as_it_was_set(
    tmp_path: Path, stamp: str
) -> None:
    contents = read(stamped_scan(tmp_path / "scan.pdf", report(), stamp))
    (text,) = contents.texts
    paragraphs = [one for one, _ in said(text, "paragraph")]
    assert sorted(paragraphs) == sorted([stamp, FIRST, SECOND])
    assert contents.warnings == (recognised("page 1"),)
    assert not contents.lost


@needs_tesseract
def test_a_page_of_few_words_is_not_recognised_again(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.line(72, 80, "The dredging", 18)
    path = stamped_scan(tmp_path / "seen.pdf", sheet.image, "A report of 1962")
    assert read(path).texts[0].text == "A report of 1962"
    assert not read(path).warnings
    known = stamped_scan(tmp_path / "known.pdf", report(), STAMP, unseen=HEADING)
    assert not read(known).warnings
    noise = random.Random(3).randbytes(120 * 160)
    photograph = Image.frombytes("L", (120, 160), noise).resize((1200, 1600))
    assert not read(stamped_scan(tmp_path / "photo.pdf", photograph, "The quay")).warnings


@needs_tesseract
def test_it_is_read_by_a_process_of_its_own_that_has_its_limits(tmp_path: Path) -> None:
    (file,) = files.read(scan(tmp_path / "scan.pdf", [report()]))
    assert file.documents[0].text == f"{HEADING}\n\n{FIRST}\n\n{SECOND}"
    assert file.documents[0].title == HEADING
    assert file.reader.endswith(f", {Tesseract().version}")


@needs_tesseract
def test_columns_and_words_that_lines_break(tmp_path: Path) -> None:
    sheet = Sheet()
    for at, line in enumerate(
        [
            "The harbour has forty boats and a",
            "crane. As we know, it lifts nine ton-",
            "nes, as it did in the spring of 1911,",
            "when the quay was new.",
        ]
    ):
        sheet.line(60, 100 + 16 * at, line)
    sheet.lines(320, 100, "A second crane came with the railway, whose well-known bridge fell.", 31)
    (text,) = read(scan(tmp_path / "scan.pdf", [sheet.image])).texts
    assert "it lifts nine tonnes, as it did in the spring of 1911, when the quay" in text.text
    assert "A second crane came with the railway, whose well-known bridge fell." in text.text
    assert text.text.index("quay was new.") < text.text.index("A second crane")


@needs_tesseract
@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_page_that_was_laid_down_wrongly_is_turned(tmp_path: Path, degrees: int) -> None:
    sheet = Sheet()
    sheet.lines(72, sheet.lines(72, sheet.lines(72, 100, FIRST), SECOND), THIRD)
    turned = sheet.image.rotate(degrees, expand=True)
    path = tmp_path / "scan.pdf"
    canvas = Canvas(str(path), pagesize=(turned.width / PIXELS, turned.height / PIXELS))
    canvas.drawInlineImage(turned, 0, 0, turned.width / PIXELS, turned.height / PIXELS)
    canvas.save()
    (text,) = read(path).texts
    assert text.text == f"{FIRST}\n\n{SECOND}\n\n{THIRD}"


@needs_tesseract
def test_letters_that_stand_for_nothing_are_no_text(tmp_path: Path) -> None:
    """As programs put them behind an image whose text they have not understood."""
    path = tmp_path / "scan.pdf"
    canvas = Canvas(str(path), pagesize=(WIDTH, HEIGHT))
    canvas.drawInlineImage(report(), 0, 0, WIDTH, HEIGHT)
    # Written as it is, since reportlab shows what is no character as a box.
    canvas._code.append(r"BT /F1 12 Tf 3 Tr 72 700 Td (\003\004\005 \006\007 a) Tj ET")
    canvas.save()
    contents = read(path)
    assert contents.texts[0].text == f"{HEADING}\n\n{FIRST}\n\n{SECOND}"
    assert contents.warnings == (recognised("page 1"),)


@needs_tesseract
def test_what_is_hardly_recognised_is_said(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.lines(72, 120, " ".join(NOISE[at : at + 5] for at in range(0, 900, 5)))
    unclear = sheet.image.filter(ImageFilter.GaussianBlur(4))
    contents = read(scan(tmp_path / "scan.pdf", [report(), unclear]))
    assert contents.warnings[0] == recognised("pages 1 and 2")
    assert contents.warnings[1].startswith("page 2 recognised with little confidence (")


@needs_tesseract
def test_an_empty_page_is_no_loss(tmp_path: Path) -> None:
    contents = read(scan(tmp_path / "scan.pdf", [report(), Sheet().image]))
    finds = f"{Tesseract().version} finds no text on page 2"
    assert contents.warnings == (recognised("page 1"), finds)
    assert not contents.lost
    with pytest.raises(UnusableInput, match=rf"^holds no text; {finds[:9]}.* on page 1$"):
        read(scan(tmp_path / "empty.pdf", [Sheet().image]))


@needs_tesseract
def test_no_more_pages_are_recognised_than_a_file_may_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(of_pages, "_PAGES", 1)
    monkeypatch.setattr(of_pages, "_BYTES_A_PAGE", 10**9)
    contents = read(scan(tmp_path / "scan.pdf", [report(), report(), report()]))
    assert contents.warnings == (
        recognised("page 1"),
        "pages 2 and 3 hold no text (scanned?); "
        "of such a file no more than 1 pages are recognised: split it",
    )


@needs_tesseract
def test_a_large_page_is_looked_at_less_closely(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(of_pages, "_MOST_PIXELS", 4_000_000)
    sizes = []
    recognise = Tesseract.recognise

    def watched(self: Tesseract, image: of_pages.Image, dots: int) -> of_pages.Recognised:
        sizes.append((image.shape[0] * image.shape[1], dots))
        return recognise(self, image, dots)

    monkeypatch.setattr(Tesseract, "recognise", watched)
    (text,) = read(scan(tmp_path / "scan.pdf", [report()])).texts
    assert FIRST in text.text
    assert sizes == [(pytest.approx(4_000_000, rel=0.01), 203)]


# -- images of pages -------------------------------------------------------------------------------


def read_image(path: Path) -> Contents:
    contents = PageImage().read(path)
    for one in contents.texts:
        check(one)
    return contents


def clear(image: Image.Image) -> Image.Image:
    """What is dark in it, on nothing."""
    ink = image.convert("RGBA")
    ink.putalpha(image.point(lambda value: 255 * (value < 128)))
    return ink


def deep(image: Image.Image) -> Image.Image:
    return Image.fromarray(np.asarray(image).astype(np.uint16) * 257)


IMAGES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "grey.png": lambda image: image,
    "photograph.jpg": lambda image: image.convert("RGB"),
    "print.jpeg": lambda image: image.convert("CMYK"),
    "drawing.png": clear,
    "deep.png": deep,
    "small.png": lambda image: image.resize((700, 700 * image.height // image.width)),
    "turned.png": lambda image: image.rotate(90, expand=True),
    "fax.tif": lambda image: image.point(lambda value: 255 * (value > 128)).convert("1"),
}


@needs_tesseract
@pytest.mark.parametrize("name", IMAGES)
def test_an_image_of_a_page_is_read_whatever_it_is_kept_as(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    IMAGES[name](report()).save(path)
    contents = read_image(path)
    (text,) = contents.texts
    assert (text.title, text.date, text.author) == (HEADING, None, None)
    assert text.text == f"{HEADING}\n\n{FIRST}\n\n{SECOND}"
    assert said(text, "heading") == [(HEADING, "1")]
    assert contents.warnings[0] == recognised("page 1")


@needs_tesseract
def test_the_camera_tells_how_it_was_held(tmp_path: Path) -> None:
    held = report().rotate(90, expand=True)
    told = Image.Exif()
    told[0x0112] = 6  # its right side is the photograph's upper edge
    held.save(tmp_path / "photograph.jpg", exif=told)
    (text,) = read_image(tmp_path / "photograph.jpg").texts
    assert text.text == f"{HEADING}\n\n{FIRST}\n\n{SECOND}"


@needs_tesseract
def test_the_images_of_one_file_are_its_pages(tmp_path: Path) -> None:
    second = Sheet()
    second.lines(72, 100, THIRD)
    path = tmp_path / "fax.tiff"
    report().save(path, save_all=True, append_images=[second.image], dpi=(200, 200))
    (file,) = files.read(path)
    (document,) = file.documents
    assert document.id == "fax.tiff"
    assert document.text == f"{HEADING}\n\n{FIRST}\n\n{SECOND}\n\n{THIRD}"
    pages = [document.structure.page_at(document.text.index(one)) for one in (FIRST, THIRD)]
    assert [page.number for page in pages if page] == [1, 2]
    assert file.warnings == (recognised("pages 1 and 2"),)
    assert file.reader.startswith("images of pages 1 pillow ")


@needs_tesseract
def test_broken_images_are_refused_and_hurt_nobody(tmp_path: Path) -> None:
    chance = random.Random(8)
    small = report().crop((150, 150, 900, 400))
    kept: dict[str, bytes] = {}
    for name in ("one.png", "one.jpg", "one.tif"):
        data = io.BytesIO()
        small.save(data, Image.registered_extensions()[Path(name).suffix])
        kept[name] = data.getvalue()
    for name, one in kept.items():
        for number in range(12):
            wrong = broken(one, list(kept.values()), chance)
            (tmp_path / f"{number}-{name}").write_bytes(wrong)
    (tmp_path / "none.png").write_bytes(kept["one.png"][:8])
    read_files = list(files.read(tmp_path))
    assert len(read_files) == 37
    for file in read_files:
        assert bool(file.documents) != bool(file.failure), file
        assert "crashed" not in (file.failure or ""), file
    reasons = {file.path.name: file.failure for file in read_files}
    assert (reasons["none.png"] or "").startswith("is broken: no whole image file (")


@needs_tesseract
def test_more_pixels_than_can_be_held_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = Image.new("1", (3_000, 2_000))
    page.save(tmp_path / "many.tif", save_all=True, append_images=[page], compression="group4")
    monkeypatch.setattr(images, "_MOST_PIXELS", 10_000_000)
    with pytest.raises(UnusableInput, match=r"^holds more than 10 million pixels; split it$"):
        PageImage().read(tmp_path / "many.tif")
    Image.new("1", (30_000, 20_000)).save(tmp_path / "huge.png")
    with pytest.raises(UnusableInput, match=r"^has too many pixels; save it at 300 dots an inch$"):
        PageImage().read(tmp_path / "huge.png")


# -- where it is missing, or fails -----------------------------------------------------------------


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which alone programs are looked for."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def put(programs: Path, does: str) -> None:
    """A tesseract of another make, which tells its version and its languages first."""
    program = programs / "tesseract"
    program.write_text(
        f"""#!/bin/sh
case "$1" in
--version) echo "tesseract 5.9.9"; exit ;;
--list-langs) echo "List:"; echo "{"osd" if does == "nothing" else "eng"}"; exit ;;
esac
{does}
"""
    )
    program.chmod(0o755)


@pytest.mark.parametrize(
    ("has", "remedy"),
    [
        ("neither", 'pip install "footnoted[ocr]" and apt install tesseract-ocr'),
        ("pytesseract", "apt install tesseract-ocr"),
        ("tesseract", 'pip install "footnoted[ocr]"'),
        ("no language", "apt install tesseract-ocr-eng"),
    ],
)
def test_the_remedy_where_something_is_missing(
    tmp_path: Path, programs: Path, monkeypatch: pytest.MonkeyPatch, has: str, remedy: str
) -> None:
    if has in ("tesseract", "no language"):
        put(programs, "nothing" if has == "no language" else "exit 1")
    found = has in ("pytesseract", "no language")
    monkeypatch.setattr(tesseract, "find_spec", lambda _: object() if found else None)
    path = scan(tmp_path / "scan.pdf", ["One page is set in type.", report(), report()])
    contents = read(path)
    assert contents.texts[0].text == "One page is set in type."
    said_so = f"pages 2 and 3 hold no text (scanned?); to have them recognised: {remedy}"
    assert contents.warnings == (said_so,)
    assert contents.lost == contents.warnings
    assert "tesseract" not in Pdf().version
    contents = read(stamped_scan(tmp_path / "stamped.pdf", report(), STAMP))
    assert contents.texts[0].text == STAMP
    what = "no text but what was set on top of an image"
    said_so = f"page 1 holds {what} (scanned?); to have them recognised: {remedy}"
    assert contents.lost == contents.warnings == (said_so,)
    with pytest.raises(UnusableInput) as refused:
        read(scan(tmp_path / "all.pdf", [report()]))
    why = "holds no text on any page: it seems to be scanned"
    assert str(refused.value) == f"{why}; to have them recognised: {remedy}"
    report().save(tmp_path / "page.png")
    with pytest.raises(UnusableInput) as refused:
        PageImage().read(tmp_path / "page.png")
    assert str(refused.value) == f"is an image; to have its text recognised: {remedy}"


needs_pytesseract = pytest.mark.skipif(not find_spec("pytesseract"), reason="needs pytesseract")


@needs_pytesseract
def test_a_program_that_fails_loses_one_page(tmp_path: Path, programs: Path) -> None:
    put(programs, "echo 'no leptonica here' >&2; exit 3")
    contents = read(scan(tmp_path / "scan.pdf", ["One page is set in type.", report()]))
    assert contents.texts[0].text == "One page is set in type."
    assert contents.warnings == ("page 2 cannot be read: tesseract fails: no leptonica here",)
    assert contents.lost == contents.warnings


@needs_pytesseract
def test_a_program_that_does_not_end_is_ended(
    tmp_path: Path, programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(
        programs, f"echo $$ > {tmp_path / 'started'}; exec {shutil.which('sleep', path='/bin')} 600"
    )
    monkeypatch.setattr(tesseract, "_SECONDS", 2)
    with pytest.raises(UnusableInput) as refused:
        read(scan(tmp_path / "scan.pdf", [report()]))
    why = "page 1 cannot be read: tesseract needs more than 2 seconds"
    assert str(refused.value) == f"holds no text; {why}"
    process = int((tmp_path / "started").read_text())
    until = time.monotonic() + 10
    while Path(f"/proc/{process}").exists():
        assert time.monotonic() < until
        time.sleep(0.05)


@needs_pytesseract
@pytest.mark.parametrize("answer", ["", "\\0<<<not at all", "<html><p><span>it</p></html>"])
def test_an_answer_that_makes_no_sense_loses_one_page(
    tmp_path: Path, programs: Path, answer: str
) -> None:
    put(programs, f'printf "{answer}" > "$2.hocr"')
    with pytest.raises(UnusableInput, match=r"page 1 cannot be read: .* nobody understands"):
        read(scan(tmp_path / "scan.pdf", [report()]))


@needs_tesseract
def test_pages_on_which_nothing_stands_are_no_scans(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "blank.pdf"))
    canvas.showPage()
    canvas.save()
    with pytest.raises(UnusableInput, match=r"^holds no text: nothing stands on its pages$"):
        read(tmp_path / "blank.pdf")


@needs_tesseract
def test_damaged_scans_are_read_or_refused(tmp_path: Path) -> None:
    whole = scan(tmp_path / "whole.pdf", [report()]).read_bytes()
    chance = random.Random(3)
    for _ in range(6):
        data = bytearray(whole)
        for at in chance.sample(range(len(data)), 40):
            data[at] = chance.randrange(256)
        (tmp_path / "damaged.pdf").write_bytes(data[: chance.choice([None, len(data) * 3 // 4])])
        try:
            read(tmp_path / "damaged.pdf")
        except UnusableInput as error:
            assert "\n" not in str(error)
