"""Who says a sentence, wherever that stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from footnoted.corpus.files import read
from footnoted.corpus.types import Document, Span
from footnoted.qa.english.attribution import issuer_of, speaker_of
from footnoted.qa.english.speech import cues

RELEASE = """# Ferry fares must not rise

**Media release: [Harbour Users League](https://example.org/league)**

The League condemns the plan of the port to raise fares.

“Fares have doubled since 2015. Nobody asked the islanders,” said Tove Brandt, president of the \
League.

“They will simply stop coming.

“Every shop on the quay knows this,” Ms Brandt said.

Ferries have crossed the sound since 1871.

“The port has money enough.”

“It is a tax on living here,” League secretary Per Aas told reporters.

“Nobody voted for it,” says Aas. “We will march.”
"""

MINUTES = """# Minutes of the quay committee

Cllr Jonas Friis reported that the crane was broken. He added that a new one would cost 90,000. \
The crane was bought in 1999.

Mrs Dahl asked who would pay. She was told that the port would.

According to the clerk, the port has refused.

Ida Holm chairs the works group. She believes that the crane can be mended.

The sign reads: “Keep off the crane.”

They said that it was late.
"""

TRANSCRIPT = """Interview on the quay

JOURNALIST: Why was the crane never mended? Who decided that?

MINISTER LUND: We decided to wait for the report of the engineers.

It came in May and was clear. The crane is lost.

JOURNALIST: And what will you do now about it?

ADA HOLM: We shall buy a smaller one next year.
"""


def document_of(tmp_path: Path, text: str) -> Document:
    (tmp_path / "it.md").write_text(text, encoding="utf-8")
    ((found,),) = [file.documents for file in read(tmp_path / "it.md")]
    return found


def speaker(document: Document, said: str) -> tuple[str, str] | None:
    start = document.text.index(said)
    found = speaker_of(document, Span(start, start + len(said)))
    if found is None:
        return None
    return found.name, document.text[slice(*found.place)] if found.place else ""


@pytest.mark.parametrize(
    ("text", "said", "name", "place"),
    [
        (RELEASE, "Nobody asked", "Tove Brandt, president of the League", "said Tove Brandt, pr"),
        (RELEASE, "They will simply stop coming.", "Tove Brandt", "Ms Brandt said."),
        (RELEASE, "“Every shop on the quay", "Tove Brandt", "Ms Brandt said."),
        (RELEASE, "The League condemns the plan", "Harbour Users League", "Harbour Users League"),
        (RELEASE, "“The port has money enough.”", "Tove Brandt", "Ms Brandt said."),
        (RELEASE, "“It is a tax", "League secretary Per Aas", "League secretary Per Aas told"),
        (RELEASE, "“Nobody voted", "League secretary Per Aas", "says Aas."),
        (RELEASE, "“We will march.”", "League secretary Per Aas", "says Aas."),
        (MINUTES, "Cllr Jonas Friis reported", "Cllr Jonas Friis", "Cllr Jonas Friis reported"),
        (MINUTES, "He added that a new", "Cllr Jonas Friis", "Cllr Jonas Friis reported"),
        (MINUTES, "Mrs Dahl asked who", "Mrs Dahl", "Mrs Dahl asked"),
        (MINUTES, "According to the clerk", "the clerk", "According to the clerk"),
        (MINUTES, "She believes that the crane", "Ida Holm", "Ida Holm"),
        (TRANSCRIPT, "We decided to wait", "MINISTER LUND", "MINISTER LUND:"),
        (TRANSCRIPT, "It came in May", "MINISTER LUND", "MINISTER LUND:"),
        (TRANSCRIPT, "We shall buy", "ADA HOLM", "ADA HOLM:"),
    ],
)
def test_who_says_it(tmp_path: Path, text: str, said: str, name: str, place: str) -> None:
    found = speaker(document_of(tmp_path, text), said)
    assert found is not None
    assert found[0] == name and found[1].startswith(place)


@pytest.mark.parametrize(
    "said",
    [
        "The crane was bought in 1999.",
        "She was told that the port would.",
        "“Keep off the crane.”",
        "They said that it was late.",
    ],
)
def test_what_nobody_is_said_to_say_has_no_speaker(tmp_path: Path, said: str) -> None:
    assert speaker(document_of(tmp_path, MINUTES), said) is None


def test_a_single_line_with_a_name_is_no_transcript(tmp_path: Path) -> None:
    text = "Present: Ada Holm and Per Aas were there.\n\nThe crane is broken and was not mended.\n"
    assert speaker(document_of(tmp_path, text), "The crane is broken") is None


@pytest.mark.parametrize(
    ("head", "issuer"),
    [
        ("Press Release: Harbour Users League", "Harbour Users League"),
        ("**Media Statement – Port of Ribe**", "Port of Ribe"),
        ("Statement by the Minister of Ports", "the Minister of Ports"),
        ("Issued by: Ribe Fishermen", "Ribe Fishermen"),
        ("Press releases are printed on Mondays.", None),
        ("The statement by the league was long.", None),
    ],
)
def test_whose_release_it_is(head: str, issuer: str | None) -> None:
    found = issuer_of(Document("d", f"Fares\n\n{head}\n\nFares must not rise.\n", "Fares"))
    assert (found.name if found else None) == issuer


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("“No,” says AUX President Elin Bakke.", "AUX President Elin Bakke"),
        ("“No”, contends the Lake Students’ Union President, Ivy Dale.", "Lake Students’ Union"),
        ("Max Torp, co-president of NUX, said that it rains.", "Max Torp"),
        ("However, Mrs Jane Dahl (JD) asked whether it rains.", "Mrs Jane Dahl"),
        ("The mayor of Ribe, Ole Dam, told reporters that it rains.", "The mayor of Ribe, Ole Dam"),
        ("A spokesman for the ministry said that it rains.", "A spokesman for the ministry"),
        ("Lis Kvist was quoted as saying that it rains.", "Lis Kvist"),
        ("Rights Watch has long criticised it, saying that it rains.", "Rights Watch"),
        ('Bea Lund: "It rains."', "Bea Lund"),
        ("It was said to rain.", None),
        ("The rain was proposed by Mrs Dahl.", None),
        ("Human rights groups criticised it, saying that it rains.", None),
    ],
)
def test_whom_a_sentence_names_as_speaking(sentence: str, name: str | None) -> None:
    found = [sentence[slice(*cue.name)] for cue in cues(sentence) if cue.name]
    assert found[:1] == [] if name is None else found[0].startswith(name)
