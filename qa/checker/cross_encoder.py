"""Checkers of other people: any cross-encoder for natural language inference, or for relevance.

An NLI model is asked whether the passage entails that the answer is the one to the question (Chen,
Choi and Durrett, "Can NLI Models Verify QA Systems' Predictions?", Findings of EMNLP 2021); one for
relevance, how well the passage goes with question and answer.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from footnoted.index.networks.models import exact_name, fastest_number_type, load_named
from footnoted.qa.english.question_kind import asks_for_a_statement
from footnoted.qa.protocols import Claim

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

_ENTAILMENT = "entailment"
_SEQUENCE_CLASSIFICATION = "ForSequenceClassification"
_SAVED = "config_sentence_transformers.json"

# The answer takes the place of its question word, unless that was moved there: with "did" and the
# like, the subject is another.
_ASKS_FOR_THE_SUBJECT = re.compile(
    r"(?:who|what)\s+(?!(?:do|does|did)(?:n['’]t)?\b)(.*\w)\W*", re.I | re.S
)


class CrossEncoderChecker:
    """See ``qa.protocols.Checker``. It may be shared by threads.

    ``entailment`` is the number of that label, of an NLI model; None for one with a single score.
    """

    def __init__(self, model: CrossEncoder, name: str, entailment: int | None) -> None:
        self.name = name
        self._model = model
        self._entailment = entailment
        # A tokenizer that cuts is no two threads' at once.
        self._lock = threading.Lock()

    def logits(self, claims: Sequence[Claim]) -> NDArray[np.float64]:
        if not claims:
            return np.zeros(0)
        if self._entailment is None:
            return self._scores([(f"{one.question} {one.answer}", one.text) for one in claims])
        pairs = [(one.text, declarative(one.question, one.answer)) for one in claims]
        return _log_odds(self._scores(pairs), self._entailment)

    def _scores(self, pairs: list[tuple[str, str]]) -> NDArray[np.float64]:
        """Shape (pairs,) of a single score, else (pairs, labels); logits, not what is made of them
        by the function that a model was saved with."""
        from torch.nn import Identity

        with self._lock:
            scores = self._model.predict(pairs, activation_fn=Identity(), show_progress_bar=False)
        return np.asarray(scores, dtype=np.float64)


def declarative(question: str, answer: str) -> str:
    """The claim that ``answer`` is the one to ``question``, as a statement where words allow.

    "Who opposes the plan?" and "the union" make "the union opposes the plan." To put the words of
    other questions in the order of a statement takes a parser; the answer stands after them.
    """
    subject = _ASKS_FOR_THE_SUBJECT.fullmatch(question.strip())
    if subject is None or asks_for_a_statement(question):
        return f"{question} {answer}"
    return f"{answer} {subject[1]}."


def _log_odds(logits: NDArray[np.float64], label: int) -> NDArray[np.float64]:
    """Those of ``label`` against all others together; of (rows, labels), shape (rows,)."""
    others = np.delete(logits, label, axis=1)
    return np.asarray(logits[:, label] - np.logaddexp.reduce(others, axis=1))


def load_cross_encoder(name: str) -> CrossEncoderChecker:
    """A cross-encoder from its folder or by its name on the hub.

    Raises:
        UnusableInput: there is no such model, or it is of another kind.
    """
    return load_named(name, lambda local: _load(name, local=local))


def _load(name: str, *, local: bool) -> CrossEncoderChecker:
    from sentence_transformers import CrossEncoder
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    if not _is_cross_encoder(name, local=local):
        # It would be loaded all the same, with a head of random numbers.
        raise ValueError("it was not trained to judge pairs of texts (NLI, or relevance)")
    model = CrossEncoder(
        name, local_files_only=local, model_kwargs={"dtype": fastest_number_type()}
    )
    return CrossEncoderChecker(model, exact_name(name), _entailment(model))


def _is_cross_encoder(name: str, *, local: bool) -> bool:
    from sentence_transformers.util import load_file_path
    from transformers import AutoConfig

    config = AutoConfig.from_pretrained(name, local_files_only=local)
    if any(one.endswith(_SEQUENCE_CLASSIFICATION) for one in config.architectures or ()):
        return True
    saved = load_file_path(name, _SAVED, local_files_only=local)
    if saved is None:
        return False
    kind = json.loads(Path(saved).read_text(encoding="utf-8")).get("model_type")
    return bool(kind == "CrossEncoder")


def _entailment(model: CrossEncoder) -> int | None:
    """The number of the label "entailment"; None where there is a single score instead.

    Raises:
        ValueError: there are several scores, and none of them is that.
    """
    if model.num_labels == 1:
        return None
    named = getattr(model.config, "id2label", None) or {}
    labels = {int(at): str(label) for at, label in named.items()}
    found = [at for at, label in labels.items() if label.strip().casefold() == _ENTAILMENT]
    if len(found) != 1:
        raise ValueError(
            f"none of its labels ({', '.join(labels.values())}) is {_ENTAILMENT}, and it has no "
            "single score either"
        )
    return found[0]
