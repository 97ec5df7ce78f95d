"""Ask a folder of documents; every sentence of the answer is a quotation that proves itself.

>>> import footnoted
>>> library = footnoted.open("reports/")
>>> answer = library.ask("Who opposes the plan?")
>>> [(citation.document, citation.start, citation.quote) for citation in answer.citations]
>>> footnoted.verify(answer, library)
[]

What is listed in ``__all__`` is the Python API; each name is imported when it is first used.
"""

from __future__ import annotations

import logging
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from footnoted.api import Library, open, verify
    from footnoted.corpus.errors import FootnotedError, UnusableInput
    from footnoted.corpus.types import Document, Span
    from footnoted.qa.types import Answer, Citation

    __version__: str

__all__ = [
    "Answer",
    "Citation",
    "Document",
    "FootnotedError",
    "Library",
    "Span",
    "UnusableInput",
    "__version__",
    "open",
    "verify",
]

_MODULES = {
    "Answer": "footnoted.qa.types",
    "Citation": "footnoted.qa.types",
    "Document": "footnoted.corpus.types",
    "FootnotedError": "footnoted.corpus.errors",
    "Library": "footnoted.api",
    "Span": "footnoted.corpus.types",
    "UnusableInput": "footnoted.corpus.errors",
    "open": "footnoted.api",
    "verify": "footnoted.api",
}

# Whoever uses the package decides whether what it has to say is shown.
logging.getLogger(__name__).addHandler(logging.NullHandler())


if not TYPE_CHECKING:  # which would take it for leave to ask for any name

    def __getattr__(name: str) -> Any:
        """What is listed above, imported when it is first asked for."""
        if name == "__version__":
            found: Any = import_module("importlib.metadata").version(__name__)
        elif name in _MODULES:
            found = getattr(import_module(_MODULES[name]), name)
        else:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        globals()[name] = found
        return found


def __dir__() -> list[str]:
    return __all__
