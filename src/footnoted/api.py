"""The Python API behind ``import footnoted``: a thin face over the index and the pipeline.

It prints nothing, configures no logging and sets no environment variable. What there is to be told
goes to the logger ``footnoted``. Heavy libraries are imported by what needs them.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.types import Document
from footnoted.qa.types import Answer

if TYPE_CHECKING:
    from datetime import date
    from types import TracebackType
    from typing import Self

    from footnoted.index.library import Library as Index
    from footnoted.index.protocols import Embedder
    from footnoted.index.types import FileReceipt, Place, Receipt
    from footnoted.qa.lookup.lookup import Match
    from footnoted.qa.protocols import Checker, Reader
    from footnoted.qa.verify.verification import Problem

log = logging.getLogger(__name__)

PathLike = str | os.PathLike[str]

_URL = re.compile(r"[a-z][a-z\d+.-]*://", re.IGNORECASE)
_NO_QUESTIONS = (
    "these are the questions on the shipped documents, which are not here; "
    "give the file with yours, or ask these of footnoted.open()"
)


class Library:
    """Documents that can be asked. ``footnoted.open`` makes one; threads may share it.

    >>> with footnoted.open("reports/") as library:
    ...     answer = library.ask("Who opposes the plan?")
    """

    def __init__(self, index: Index, reader: Reader | None = None) -> None:
        from footnoted.qa.pipeline import Pipeline

        self._index = index
        self._pipeline = Pipeline(index, reader)

    @property
    def folder(self) -> Path:
        """Where the index is kept: what the command line takes as ``--index``.

        Of an index in Qdrant, the folder on this machine for what lies beside it.
        """
        return self._index.folder

    def ask(
        self,
        question: str,
        history: str | Sequence[str] = (),
        *,
        documents: str | Sequence[str] = (),
        since: str | date | None = None,
        until: str | date | None = None,
    ) -> Answer:
        """Answer in quotations, or say that the documents do not answer.

        ``history`` holds the questions asked before, oldest first. ``documents`` are the ids or
        titles of those that are asked alone, or folders that they lie in; ``since`` and ``until``
        are a year, a month or a day (``2024``, ``2024-03``, ``2024-03-12``) between which they are
        dated: those of no known date are left out, and the answer's ``within`` says how many.

        >>> library.ask("And the parties?", history=["Who opposes the plan?"]).answered
        True
        >>> library.ask("Who opposes the plan?", documents="minutes/").within.documents
        12

        Raises:
            UnusableInput: a question is empty, too long, or not text; a document is not there, or
                none is dated so.
        """
        from footnoted.qa.within import within

        named = list(_several(documents, "documents are named by a text"))
        chosen = within(self._index, named, since, until)
        asked = list(_several(history, "history is a text"))
        return self._pipeline.ask(question, asked, chosen)

    def lookup(self, text: str) -> list[Match]:
        """The places where ``text`` stands: every exact one or, without any, the closest.

        >>> [match.citation.start for match in library.lookup("signed in April 2021")]
        [1294]

        Raises:
            UnusableInput: there is nothing to look up, or too much.
        """
        from footnoted.qa.lookup.lookup import lookup

        return lookup(self._index, text)

    def evaluate(self, questions: PathLike | None = None) -> dict[str, Any]:
        """Ask a question set and measure the answers: the result that ``evaluate --json`` writes.

        ``questions`` is JSONL, CSV, SQuAD's JSON or a BEIR folder; without it, the set on the
        shipped documents.

        >>> library.evaluate("questions.jsonl")["metrics"]["fact_recall"]
        0.94

        Raises:
            UnusableInput: the set cannot be read, or is about other documents.
        """
        from footnoted.corpus.files import SHIPPED_QUESTIONS
        from footnoted.qa.evaluation import questions as sets
        from footnoted.qa.evaluation import run

        documents = self.documents()
        asked = sets.read(SHIPPED_QUESTIONS if questions is None else as_path(questions), documents)
        for warning in asked.warnings:
            log.warning("%s", warning)
        remedy = _NO_QUESTIONS if questions is None else "open theirs, or add them"
        sets.refuse_foreign(asked.questions, documents, remedy)
        return run.evaluate(self._pipeline, asked.questions)

    def documents(self) -> list[Document]:
        """Every document, in the order of the ids."""
        return self._index.documents()

    def files(self, *, unreadable: bool = False) -> list[FileReceipt]:
        """What came of each file when it was read last, in the order of the paths.

        ``unreadable``: of those alone that an answer's ``coverage.unreadable`` counts, which were
        not read, or not as a whole.

        >>> for file in library.files(unreadable=True):
        ...     print(file.path, file.failure or file.lost)
        reports/scan.pdf ('pages 3 and 7 hold no text (scanned?); …',)
        """
        return self._index.files(unreadable=unreadable)

    def add(self, paths: PathLike | Iterable[PathLike], *, password: str | None = None) -> Receipt:
        """Add or update files and folders; documents that left such a folder leave the index.

        ``password`` opens the files that are protected by it. It is kept nowhere; the text of what
        it opens is. Without it, what was read of them before stays.

        The receipt says, file by file, what was read and what could not be. What is added to a
        library that was opened without ``index`` is in it until that is opened anew.

        >>> library.add(["statement.txt", "minutes/"]).coverage.documents
        14

        Raises:
            UnusableInput: a path does not exist or holds nothing readable; nothing is changed.
        """
        return self._index.update(_paths(paths), password=_checked_password(password))

    def remove(self, ids: str | Iterable[str]) -> None:
        """Take documents out of the index. Their files are not touched.

        Raises:
            UnusableInput: one of the ids is not in it; nothing is changed.
        """
        named = list(_several(ids, "documents are named by an id"))
        for one in named:
            if not isinstance(one, str):
                raise UnusableInput(f"an id is a text, not {_described(one)}")
        self._index.remove(named)

    def close(self) -> None:
        """Close the index; a library that is closed cannot be used any more."""
        self._index.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def open(
    path_or_paths: PathLike | Iterable[PathLike] | None = None,
    index: PathLike | None = None,
    *,
    embedder: str | Embedder | None = None,
    reader: str | Reader | None = None,
    checker: str | Checker | None = None,
    calibration: PathLike | None = None,
    password: str | None = None,
) -> Library:
    """Open documents to be asked, bringing their index up to date, or making it.

    With an ``index``, a folder, it is kept there, and the documents are added to those it holds;
    ``qdrant:PATH`` or ``qdrant+http://HOST:PORT/COLLECTION`` keeps it in Qdrant.
    Without, an index of these documents alone is kept in the user's cache and found again by their
    paths: to open them once more embeds nothing. It holds their text; it may be deleted at any
    time. With neither, the documents that come with Footnoted are opened.

    ``embedder`` and ``reader`` are ours by default, models by folder or name, or objects of your
    own (``index.protocols.Embedder``, ``qa.protocols.Reader``). They are loaded when first needed;
    the first time of all they are prepared for this processor, which takes some seconds.
    ``checker`` says a second time whether a passage holds an answer: ours, a cross-encoder for NLI
    or relevance, ``"none"``, or an object of your own (``qa.protocols.Checker``). ``calibration``
    is a file that ``footnoted calibrate`` wrote. Both are of a reader that is named, or ours; an
    object of your own has its own. ``password`` is as in ``Library.add``.

    >>> import footnoted
    >>> footnoted.open("reports/").ask("Who opposes the plan?").answers[0].text
    'the centre-left Social Liberal party'

    Raises:
        UnusableInput: a path does not exist or holds nothing readable, the index was made with
            another embedder, or what is given is no such part.
    """
    from footnoted.corpus.files import SHIPPED
    from footnoted.index.library import Library as Index

    paths = [] if path_or_paths is None else _paths(path_or_paths)
    if path_or_paths is not None and not paths:
        raise UnusableInput("there are no paths to open; name a file or a folder")
    _check_model("embedder", embedder, "embed_passages")
    _check_model("reader", reader, "read")
    _check_model("checker", checker, "logits")
    reading = _reader(reader, checker, calibration)
    _checked_password(password)
    if index is None:
        opened = _index_in_cache(paths or [SHIPPED], embedder, password)
    else:
        opened = _up_to_date(Index.open_or_create(_place(index), embedder), paths, password)
    return Library(opened, reading)


def _place(index: PathLike) -> Place:
    from footnoted.index.qdrant.address import Address, is_address

    if isinstance(index, str) and is_address(index):
        return Address.parse(index)
    return as_path(index)


def _reader(
    given: str | Reader | None, checker: str | Checker | None, calibration: PathLike | None
) -> Reader:
    from footnoted.qa.reader.calibration import Calibration
    from footnoted.qa.readers import named_reader

    if given is None or isinstance(given, str):
        fitted = None if calibration is None else Calibration.load(as_path(calibration))
        return named_reader(given, calibration=fitted, checker=checker)
    if checker is not None or calibration is not None:
        raise UnusableInput(
            "a reader of your own has its own checker and calibration; name a model as the reader, "
            "or leave these out"
        )
    return given


def verify(
    answer: Answer | Mapping[str, Any],
    documents: Library | PathLike | Iterable[PathLike | Document],
    *,
    password: str | None = None,
) -> list[Problem]:
    """Re-check an answer against documents as they are now: nothing, if every quotation stands.

    ``answer`` is an ``Answer`` or the object that one was saved as. Each problem says what does not
    hold, as a line of text. ``password`` opens files that are protected by it. No model is loaded.

    >>> footnoted.verify(json.loads(saved), "reports/")
    []

    Raises:
        UnusableInput: it is no answer object, or a path does not exist.
    """
    from footnoted.qa.verify.verification import verify as problems_of

    find = _find(documents, _checked_password(password))
    return problems_of(answer if isinstance(answer, Answer) else _read(answer), find)


def _read(answer: Mapping[str, Any]) -> Answer:
    from footnoted.qa.verify.saved import read_answer

    try:
        return read_answer(json.dumps(answer).encode())
    except (TypeError, ValueError, RecursionError) as error:
        raise UnusableInput(f"this is no answer object: {error}; give what as_dict gave") from None


def _find(
    documents: Library | PathLike | Iterable[PathLike | Document], password: str | None
) -> Callable[[str], Document | None]:
    if isinstance(documents, Library):
        return documents._index.document
    given = _several(documents, "documents are a library, a path or a document")
    return {document.id: document for document in _documents(given, password)}.get


def _documents(given: Iterable[PathLike | Document], password: str | None) -> Iterator[Document]:
    from footnoted.corpus.files import read

    for one in given:
        if isinstance(one, Document):
            yield one
        else:
            for file in read(as_path(one), password):
                if file.unopened:
                    log.warning("%s: %s", file.path, file.failure)
                yield from file.documents


def _index_in_cache(
    paths: Sequence[Path], embedder: str | Embedder | None, password: str | None
) -> Index:
    """The index of exactly these paths that is kept in the user's cache."""
    from footnoted.index.library import Library as Index

    sources = {str(path.resolve()) for path in paths}
    folder = _place_in_cache(sources, embedder)
    for path in paths:
        # Of a folder that an index knows, to be gone is news; nothing of it may answer here.
        if not path.exists():
            raise UnusableInput(f"{path} does not exist; name a file or a folder that does")
    try:
        # Whoever may not read the documents may not read what is kept of them.
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise UnusableInput(
            f"no index can be kept in {folder}: {error.strerror}; name another folder with index="
        ) from None
    opened = Index.open_or_create(folder, embedder)
    if sources.issuperset(map(str, opened.sources())):
        return _up_to_date(opened, paths, password)
    opened.close()  # when it was open last, something was added
    opened, _ = Index.rebuild(folder, paths, embedder, password=password)
    return opened


def _place_in_cache(sources: Iterable[str], embedder: str | Embedder | None) -> Path:
    """A folder for each set of paths, each embedder, and each form of index."""
    from platformdirs import user_cache_path

    from footnoted.index.embedding import DEFAULT_EMBEDDER, embedder_name
    from footnoted.index.store import FORMAT

    if embedder is None or isinstance(embedder, str):
        model = embedder_name(embedder or DEFAULT_EMBEDDER)
    else:
        model = embedder.name
    told = "\0".join([str(FORMAT), model, *sorted(sources)])
    key = hashlib.sha256(os.fsencode(told)).hexdigest()[:16]
    return user_cache_path("footnoted", appauthor=False) / "indexes" / key


def _up_to_date(opened: Index, paths: Sequence[Path], password: str | None) -> Index:
    try:
        receipt = opened.update(paths, password=password) if paths else None
    except BaseException:
        opened.close()
        raise
    for file in receipt.files if receipt else ():
        if file.failure:
            log.warning("%s: %s", file.path, file.failure)
    for note in receipt.notes if receipt else ():
        log.warning("%s", note)
    return opened


def _paths(given: Any) -> list[Path]:
    return [as_path(one) for one in _several(given, "what is read is named by a path")]


def as_path(given: Any) -> Path:
    """A file or folder as it was named.

    Raises:
        UnusableInput: that is no path, or an empty one, which would mean the current folder.
    """
    if not isinstance(given, str | os.PathLike):
        raise UnusableInput(f"a path is a text or a Path, not {_described(given)}")
    named = os.fspath(given)
    if not named:
        raise UnusableInput("a path is empty; name a file or a folder, . for the current one")
    if isinstance(named, str) and _URL.match(named):
        raise UnusableInput("a file or a folder is wanted here, not an address")
    if not isinstance(named, str) or not _can_be_a_name(named):
        raise UnusableInput(f"{named!r} cannot be the name of a file; name one that is there")
    return Path(named)


def _can_be_a_name(text: str) -> bool:
    """Whether a file could be called that: not with a NUL, nor with half a character."""
    try:
        return b"\0" not in os.fsencode(text)
    except UnicodeEncodeError:
        return False


def _several(given: Any, wanted: str) -> Iterable[Any]:
    """One path, text or document, or several: always several."""
    if isinstance(given, str | os.PathLike | Document):
        return [given]
    if isinstance(given, bytes) or not isinstance(given, Iterable):
        raise UnusableInput(f"{wanted}, or several of them, not {_described(given)}")
    return given


def _check_model(what: str, given: Any, method: str) -> None:
    """Refuse a part that cannot be one, before anything slow is done with it."""
    if isinstance(given, str):
        if not _can_be_a_name(given):
            raise UnusableInput(f"no {what} can be called {given!r}; give a model's name or folder")
    elif given is not None and not hasattr(given, method):
        raise UnusableInput(
            f"the {what} is a model's name or an object with {method}, not {_described(given)}"
        )


def _checked_password(given: str | None) -> str | None:
    """Whatever else it is, it is not repeated."""
    if given is not None and not isinstance(given, str):
        raise UnusableInput(f"the password is a text, not {_described(given)}")
    return given


def _described(given: object) -> str:
    return "None" if given is None else f"of type {type(given).__name__}"
