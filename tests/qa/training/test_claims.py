"""Claims to train the check of claims on: read, made of paragraphs and of questions."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pytest

from footnoted.corpus.errors import UnusableInput
from footnoted.qa.checker.checker import LanguageModelChecker
from footnoted.qa.entailment.entailment import CALIBRATION, two_checks
from footnoted.qa.protocols import Pair
from footnoted.qa.training import (
    asked_claims,
    calibrate_entailment,
    claim_edits,
    claim_sets,
    claim_wordings,
    made_claims,
    train_entailment,
)
from footnoted.qa.training.claim_wordings import Edit
from footnoted.qa.training.made_roles import roles

PARAGRAPH = (
    "The harbour of Aarhus was opened by Queen Anna in 1901. In 1920, it was sold to Norvik Bank"
    " for 3 million crowns. Some boats may return before winter. The old boats were not repaired,"
    " although the union asked for it. Maren Holm (a captain) sailed to Oslo. It rains in Varde."
)


@pytest.mark.parametrize(
    ("edit", "sentence", "expected"),
    [
        (claim_wordings.moved, "In 1920, the boat was sold.", "The boat was sold in 1920."),
        (
            claim_wordings.turned,
            "The harbour was opened by Queen Anna.",
            "Queen Anna opened the harbour.",
        ),
        (
            claim_wordings.shortened,
            "Maren Holm (a captain) sailed to Oslo.",
            "Maren Holm sailed to Oslo.",
        ),
        (
            claim_edits.exchanged,
            "The boat Maren met the boat Freja.",
            "The boat Freja met the boat Maren.",
        ),
        (claim_edits.affirmed, "The boats were not repaired.", "The boats were repaired."),
        (claim_edits.affirmed, "It never opened.", "It opened."),
        (claim_edits.stronger, "Some boats return.", "All boats return."),
        (claim_edits.opposite, "The price increased.", "The price decreased."),
    ],
)
def test_a_sentence_is_edited(edit: Edit, sentence: str, expected: str) -> None:
    found = edit(sentence, random.Random(1))
    assert found is not None
    assert found[0].upper() + found[1:] == expected


def test_a_list_has_no_roles() -> None:
    assert claim_edits.exchanged("It links the towns Arden and Belmont.", random.Random(1)) is None


@pytest.mark.parametrize("seed", range(20))
def test_another_number_is_another(seed: int) -> None:
    for sentence in ("It cost 3,500 crowns.", "In 1901, it burned.", "There were two boats."):
        found = claim_edits.another_number(sentence, random.Random(seed))
        assert found not in (None, sentence)
    assert claim_edits.another_number("There were boats.", random.Random(seed)) is None


def test_denial_is_put_in() -> None:
    chance = random.Random(1)
    assert claim_edits.denied("The boat was sold.", chance) in (
        "The boat was not sold.",
        "The boat was never sold.",
    )
    assert claim_edits.denied("The union opposed it.", chance) == "The union did not oppose it."


@pytest.mark.parametrize(
    ("question", "answer", "before", "expected"),
    [
        ("Who opened the harbour?", "Queen Anna", "", "Queen Anna opened the harbour."),
        ("When did Freja sail to Oslo?", "1901", "It left in ", "Freja sailed to Oslo in 1901."),
        ("When was Freja built?", "May 1901", "made in ", "Freja was built in May 1901."),
        ("How many boats were sold?", "three", "", "Three boats were sold."),
        ("What is the capital of Norway?", "Oslo", "", "Oslo is the capital of Norway."),
        ("What was it made of?", "oak", "", None),
        ("Which boat was it built for?", "Freja", "", None),
        ("Why did the union object?", "fear", "", None),
    ],
)
def test_a_question_and_its_answer_make_a_statement(
    question: str, answer: str, before: str, expected: str | None
) -> None:
    assert asked_claims.statement(question, answer, before) == expected


def test_questions_that_turn_two_words_make_statements() -> None:
    assert claim_sets.statement("Was Freja built in Aarhus?") == "Freja was built in Aarhus."
    assert claim_sets.statement("Is it likely that she sank?") is None
    assert claim_sets.statement("Did the boat sink?") is None


def test_what_is_made_is_of_both_kinds_and_not_told_by_the_claim_alone() -> None:
    paragraphs = made_claims.Paragraphs({"Aarhus": [PARAGRAPH] * 2}, "made")
    judged = list(paragraphs.judged(600, random.Random(1)))
    assert 0.35 < sum(one.supported for one in judged) / len(judged) < 0.6
    of_claims: dict[str, set[bool]] = {}
    for one in judged:
        of_claims.setdefault(one.pair.claim, set()).add(one.supported)
    assert {True, False} in of_claims.values()
    assert any(" not " in one.pair.claim and one.supported for one in judged)
    again = list(paragraphs.judged(600, random.Random(1)))
    assert again == judged


def test_who_does_what_to_whom_is_told_either_way() -> None:
    made = [one for seed in range(60) for one in roles("", "", random.Random(seed))]
    assert any(supported and pair.claim not in pair.text for pair, supported in made)
    assert all(not supported or pair.claim for pair, supported in made)
    assert {supported for _, supported in made} == {True, False}


def claims_file(folder: Path) -> Path:
    path = folder / "some-claims.jsonl"
    lines = [
        {
            "id": f"one-{number}",
            "context": f"Boat {number} is red. It rains.",
            "claim": f"Boat {number} is {colour}.",
            "label": label,
        }
        for number in range(60)
        for colour, label in (("red", "supported"), ("blue", "refuted"))
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def squad_file(folder: Path) -> Path:
    path = folder / "squad-boats.json"
    asked = {
        "id": "1",
        "question": "Who opened the harbour?",
        "answers": [{"text": "Queen Anna", "answer_start": PARAGRAPH.index("Queen")}],
    }
    wrong = {**asked, "question": "Who closed the harbour?", "answers": []}
    wrong["plausible_answers"] = asked["answers"]
    paragraph = {"context": PARAGRAPH, "qas": [asked, wrong]}
    articles = [{"title": f"Town {n}", "paragraphs": [paragraph]} for n in range(30)]
    path.write_text(json.dumps({"data": articles}))
    return path


def test_each_group_is_in_one_part(tmp_path: Path) -> None:
    judged = list(claim_sets.read(claims_file(tmp_path)))
    assert len(judged) == 120
    assert {one.part for one in judged} == {"train", "calibrate", "measure"}
    parts = {
        group: {o.part for o in judged if o.group == group} for group in {o.group for o in judged}
    }
    assert all(len(some) == 1 for some in parts.values())
    (tmp_path / "broken.jsonl").write_text('{"context": 1')
    with pytest.raises(UnusableInput, match=r"broken\.jsonl"):
        list(claim_sets.read(tmp_path / "broken.jsonl"))


def test_what_deceives_makes_a_claim_that_is_wrong(tmp_path: Path) -> None:
    judged = list(asked_claims.read(squad_file(tmp_path)))
    assert {(one.pair.claim, one.supported) for one in judged} == {
        ("Queen Anna opened the harbour.", True),
        ("Queen Anna closed the harbour.", False),
    }


@pytest.mark.models
def test_a_check_is_trained_resumed_calibrated_and_asked(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "check"
    data = [str(claims_file(tmp_path)), "--paragraphs", str(squad_file(tmp_path))]
    begun = [*data, "--out", str(folder), "--made", "40"]
    caplog.set_level("INFO", logger="footnoted")
    assert train_entailment.main([*begun, "--epochs", "0.5"]) == 0
    assert train_entailment.main([*begun, "--epochs", "1"]) == 0
    assert "resumed after step" in caplog.text
    assert train_entailment.main([*begun, "--seed", "1"]) == 2
    assert "begun otherwise" in capsys.readouterr().err
    assert calibrate_entailment.main([str(folder), *data]) == 0
    calibrated = json.loads((folder / CALIBRATION).read_text())
    assert set(calibrated) == {"claims", "answers", "bias", "threshold", "rise"}
    checks = two_checks(LanguageModelChecker(), folder)
    found = checks.probabilities([Pair("Boat 1 is red.", "Boat 1 is red.")])
    assert np.isfinite(found).all()
