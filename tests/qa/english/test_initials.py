"""Initials in minutes are those of who is listed as present."""

from __future__ import annotations

from pathlib import Path

import pytest

from footnoted.corpus.files import read
from footnoted.corpus.types import Document, Span
from footnoted.qa.english.attribution import speaker_of
from footnoted.qa.english.initials import written_out

MINUTES = """# Minutes of the quay works group

Present: Cllr Clara Frost (CF), chair; Owen Price, treasurer; Ann Marsh; Abe Moss; Tom Abbot — TA
Apologies: Ruth Kent

CF: The crane has to be mended before April.

OP: The account stands at 412 pounds.

TA said that the slip is icy. RK had written that she agrees.
"""


def document_of(folder: Path, text: str) -> Document:
    (folder / "it.md").write_text(text, encoding="utf-8")
    ((found,),) = [file.documents for file in read(folder / "it.md")]
    return found


@pytest.fixture(scope="module")
def minutes(tmp_path_factory: pytest.TempPathFactory) -> Document:
    return document_of(tmp_path_factory.mktemp("minutes"), MINUTES)


@pytest.mark.parametrize(
    ("initials", "name"),
    [("CF", "Clara Frost"), ("OP", "Owen Price"), ("TA", "Tom Abbot"), ("RK", "Ruth Kent")],
)
def test_whose_they_are(minutes: Document, initials: str, name: str) -> None:
    found = written_out(minutes, initials)
    assert found and minutes.text[slice(*found)] == name


@pytest.mark.parametrize("word", ["AM", "XY", "C", "Crane", "CO2", ""])
def test_of_two_of_nobody_or_no_initials(minutes: Document, word: str) -> None:
    assert written_out(minutes, word) is None


def test_without_a_list_of_those_present_nobody_is_meant(tmp_path: Path) -> None:
    letter = document_of(tmp_path, "Clara Frost (CF) came. CF said that it rains.")
    assert written_out(letter, "CF") is None


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("The crane has", "Clara Frost"),
        ("The account stands", "Owen Price"),
        ("TA said", "Tom Abbot"),
        ("RK had written", "Ruth Kent"),
    ],
)
def test_who_says_it(minutes: Document, said: str, name: str) -> None:
    start = minutes.text.index(said)
    speaker = speaker_of(minutes, Span(start, minutes.text.index(".", start) + 1))
    assert speaker and speaker.name == name
    assert speaker.named and minutes.text[slice(*speaker.named)] == name
