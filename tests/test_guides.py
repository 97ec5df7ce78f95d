"""Every guide does what it says, typed from its first line to its last."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.guides import Block, Reader, blocks, is_as_shown
from support.scripted import scripted

DOCS = Path(__file__).parent.parent / "docs"
# How what the guides are about comes to the reader's folder.
TOWN = blocks(DOCS / "documents.md")[0]


@pytest.mark.models
@pytest.mark.parametrize(
    "name", ["documents", "question-sets", "drafts", "calling", "group", "scale-out"]
)
def test_a_guide_does_what_it_says(name: str, tmp_path: Path, unplugged: dict[str, str]) -> None:
    of_guide = blocks(DOCS / f"{name}.md")
    assert of_guide
    with Reader(tmp_path, unplugged) as reader:
        for block in dict.fromkeys([TOWN, *of_guide]):
            reader.run(block)


@pytest.mark.models
def test_the_guide_on_language_models_does_what_it_says(
    tmp_path: Path, unplugged: dict[str, str]
) -> None:
    """A test says what the model writes; pip would fetch what is installed."""
    of_guide = [one for one in blocks(DOCS / "writing.md") if "pip" not in one.code]
    with scripted() as model, Reader(tmp_path, unplugged, model.url) as reader:
        model.says = (
            "The fee for a boat of up to eight metres rises from 120 to 150 euros a year [1]. "
            "From 2027 on, it is 180 euros a year [1]."
        )
        for block in [TOWN, *of_guide]:
            reader.run(block)


def test_what_comes_otherwise_is_seen(tmp_path: Path, unplugged: dict[str, str]) -> None:
    with Reader(tmp_path, unplugged) as reader:
        reader.run(Block("console", "$ echo one\none\n$ echo 'a 0.51'\na 0.50\n"))
        for wrong in ("$ echo one\ntwo\n", "$ echo 0.9\n0.1\n", "$ echo one\n"):
            with pytest.raises(AssertionError):
                reader.run(Block("console", wrong))
        with pytest.raises(AssertionError):
            reader.run(Block("sh", "false\ntrue\n"))


def test_lines_may_be_left_out() -> None:
    assert is_as_shown("a\n…\nd\n", "a\nb\nc\nd\n") and is_as_shown("…\nd", "d")
    assert not is_as_shown("a\n…\nd\n", "a\nb\nc\n") and not is_as_shown("a", "a\nb")
