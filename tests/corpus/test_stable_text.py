"""The same bytes give the same text, with the versions of libraries that the project pins."""

from __future__ import annotations

import pytest

from footnoted.corpus.files import SourceFile
from footnoted.corpus.formats.pdf import PageImage
from footnoted.corpus.reading import readers
from support.fuzzing import read_each
from support.small_files import small_files

# A reader that makes another text of a file says so by another version of itself; then, and only
# then, what stands here changes.
TEXTS = {
    "corpus.jsonl": (
        "BEIR corpus.jsonl 1",
        "7e44b2251ee3897fa0ee8a20aca8c7df8411afbd7b2d41c5fb137d87a8e863b1",
    ),
    "marked.md": (
        "Markdown 2",
        "1809ced0cf568b6fe0c3398858deab64196b630ce88abe0ae79043c0c13d9420",
    ),
    "plain.txt": (
        "plain text 1",
        "cdb61bd871e0c8bc038423a49b956a3e8b444e41c98039b1da03b6fbab9127b6",
    ),
    "book.epub": (
        "EPUB 3 lxml 6.1.3",
        "155b4b7f0422af40998964e2927f27722349b84be8a4c957dd3991072e343300",
    ),
    "open.odp": (
        "OpenDocument 3 lxml 6.1.3",
        "8ca926c1116a8664fd09d6401862b88bb33a0ec6283a277316ccda820e582fff",
    ),
    "open.odt": (
        "OpenDocument 3 lxml 6.1.3",
        "155b4b7f0422af40998964e2927f27722349b84be8a4c957dd3991072e343300",
    ),
    "rich.rtf": (
        "RTF 3 striprtf 0.0.35",
        "696ff6ce00bd9db563506fcc3a15c6d7b7c6283066633e55969769d114f56438",
    ),
    "slides.pptx": (
        "PowerPoint 2 python-pptx 1.0.2",
        "8ca926c1116a8664fd09d6401862b88bb33a0ec6283a277316ccda820e582fff",
    ),
    "text.pdf": (
        "PDF 3 pypdfium2 5.15.2",
        "155b4b7f0422af40998964e2927f27722349b84be8a4c957dd3991072e343300",
    ),
    "word.docx": (
        "Word 3 lxml 6.1.3",
        "155b4b7f0422af40998964e2927f27722349b84be8a4c957dd3991072e343300",
    ),
    "letter.eml": (
        "EML 3 resiliparse 2.0.1 trafilatura 2.3.1",
        "eddf8a611c23de1a2c073c039c0531df52ba94cafcf75407f88ed47be2b25f81",
    ),
    "open.ods": (
        "Excel or OpenDocument spreadsheet 3 python-calamine 0.9.1",
        "2dbeaa8eb3e289df51ce5e0ddf92d66779ee624e09b382df364ea039b3081b3a",
    ),
    "page.html": (
        "HTML 3 resiliparse 2.0.1 trafilatura 2.3.1",
        "155b4b7f0422af40998964e2927f27722349b84be8a4c957dd3991072e343300",
    ),
    "sheet.xlsx": (
        "Excel or OpenDocument spreadsheet 3 python-calamine 0.9.1",
        "2dbeaa8eb3e289df51ce5e0ddf92d66779ee624e09b382df364ea039b3081b3a",
    ),
    "table.csv": ("CSV 3", "ee3d1fd6415fce5a6bc36cd26cbe069cc53363e7cf11a42dc4777671353ad626"),
    "table.tsv": ("CSV 3", "ee3d1fd6415fce5a6bc36cd26cbe069cc53363e7cf11a42dc4777671353ad626"),
    "letters.mbox": (
        "MBOX 3 resiliparse 2.0.1 trafilatura 2.3.1",
        "eddf8a611c23de1a2c073c039c0531df52ba94cafcf75407f88ed47be2b25f81",
    ),
    "letter.msg": (
        "Outlook MSG 3 resiliparse 2.0.1 trafilatura 2.3.1 python-oxmsg 0.0.2",
        "98cfc2a8d9a7ca1bcc7a6d6bf0e8e435d90257c71a89aedba375fcb7fd7bf69b",
    ),
    "saved.mhtml": (
        "MHTML 3 resiliparse 2.0.1 trafilatura 2.3.1",
        "155b4b7f0422af40998964e2927f27722349b84be8a4c957dd3991072e343300",
    ),
}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, SourceFile]:
    return read_each(tmp_path_factory.mktemp("small"))


@pytest.mark.parametrize("name", sorted(small_files()))
def test_a_text_stays_what_it_was(name: str, files: dict[str, SourceFile]) -> None:
    if name not in files:
        pytest.skip("there is no reader for it")
    file = files[name]
    assert file.failure is None and not file.warnings
    (document,) = file.documents
    reader, *_ = file.reader.split(", tesseract")  # which is whatever the system has, and not asked
    assert (reader, document.sha256) == TEXTS.get(name), document.text


def test_there_is_a_file_of_each_format(files: dict[str, SourceFile]) -> None:
    read_by = {file.reader for file in files.values()}
    # What another program makes new first is read by the readers of the new files, and what stands
    # in images is what tesseract makes of it.
    others = {one for one in readers() if ", then " in one or one.startswith(PageImage.name)}
    assert read_by == set(readers()) - others
