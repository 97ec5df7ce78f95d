"""The command line. Results go to stdout; progress, warnings and errors to stderr.

Heavy libraries are imported by the commands that need them, so that ``--help`` is instant.
"""

from __future__ import annotations

import json
import logging
import os
import re
import shlex
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, nullcontext, suppress
from dataclasses import replace
from datetime import date
from functools import wraps
from inspect import Parameter, signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, cast

import typer

from footnoted.corpus.errors import FootnotedError, UnusableInput
from footnoted.corpus.wording import counted

if TYPE_CHECKING:
    from footnoted.corpus.types import Document
    from footnoted.index.library import Library
    from footnoted.index.types import Origin, Place, Receipt
    from footnoted.index.work import Workers
    from footnoted.qa.accounts.accounts import Accounts, Role
    from footnoted.qa.evaluation.types import Question
    from footnoted.qa.protocols import Reader as ReaderPart
    from footnoted.qa.protocols import Writer as WriterPart
    from footnoted.qa.show.style import Style
    from footnoted.qa.state.collections import SharedCollections
    from footnoted.qa.state.protocols import State
    from footnoted.qa.types import Answer
    from footnoted.qa.verify.verification import Problem

else:
    Place = Path  # for typer, which knows no unions
    Accounts = object  # for ``of_accounts``, which hands them in

log = logging.getLogger(__name__)

cli = typer.Typer(
    name="footnoted",
    help="Ask a folder of documents; every sentence of the answer is a quotation with its place.",
    epilog='Example: footnoted ask "Who opposes the plan?"',
    invoke_without_command=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
documents_cli = typer.Typer(invoke_without_command=True, rich_markup_mode=None)
cli.add_typer(documents_cli, name="documents")
collections_cli = typer.Typer(invoke_without_command=True, rich_markup_mode=None)
cli.add_typer(collections_cli, name="collections")

accounts_cli = typer.Typer(invoke_without_command=True, rich_markup_mode=None)
cli.add_typer(accounts_cli, name="accounts")

# Exit codes besides 0, 1 and 2: as shells and sysexits.h have them.
_INTERRUPTED, _FAULT = 130, 70

# In the environment: what nobody foresaw ends in a traceback instead of a line.
_DEBUG = "FOOTNOTED_DEBUG"

DEFAULT_INDEX = Path(".footnoted")

# What may follow --ray, and what does if nothing of the kind is given.
_RAY_ADDRESS = re.compile(r"auto|\S+:\d+")
_RAY_HERE = "here"

_INDEX_THEIRS = "index theirs, or name them with --corpus"


def _path(given: str | Path) -> Path:
    from footnoted.api import as_path

    try:
        return as_path(given)
    except UnusableInput as error:  # which typer would put its own words around
        raise typer.BadParameter(str(error)) from None


def _index_folder(given: str | Path) -> Path:
    from footnoted.index.qdrant.address import is_address

    if is_address(str(given)):
        raise typer.BadParameter("this is an address, not a folder; give it as --store")
    return _path(given)


Index = Annotated[
    Place,
    typer.Option("--index", metavar="DIR", parser=_index_folder, help="The folder of the index."),
]
StoreURL = Annotated[
    str | None,
    typer.Option(
        "--store",
        metavar="URL",
        help="An index in Qdrant, instead of --index: qdrant:PATH, or a server's "
        "qdrant+http://HOST:PORT/COLLECTION. Its key is taken from QDRANT_API_KEY.",
    ),
]
CollectionName = Annotated[
    str | None,
    typer.Option("--collection", metavar="NAME", help="A collection, instead of --index."),
]
HomeFolder = Annotated[
    Path | None,
    typer.Option(
        "--home", metavar="DIR", parser=_path, help="Where collections lie; by default, yours."
    ),
]
StateURL = Annotated[
    str | None,
    typer.Option(
        "--state",
        metavar="URL",
        help="Keep accounts and conversations not in the home, but where several servers share "
        "them: postgresql://USER@HOST:PORT/DATABASE. The password is taken from PGPASSWORD.",
    ),
]
SharedStateURL = Annotated[
    str,
    typer.Option(
        "--state", metavar="URL", help="Where servers share what they keep, as serve takes it."
    ),
]
PasswordStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input.")
]
CorpusPath = Annotated[
    Path | None,
    typer.Option(
        "--corpus", metavar="PATH", parser=_path, help="Index this first, in an index of its own."
    ),
]
# Of a command below another, which takes it, too.
OwnIndex = Annotated[
    Place | None,
    typer.Option("--index", metavar="DIR", parser=_index_folder, help="The folder of the index."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]
Embedder = Annotated[
    str | None,
    typer.Option(
        metavar="MODEL",
        help="A sentence-transformers model, by name or folder; the default is packaged.",
    ),
]
Reader = Annotated[
    str | None,
    typer.Option(
        metavar="MODEL",
        help="A model for extractive question answering, by name or folder; ours is the default.",
    ),
]
Checker = Annotated[
    str | None,
    typer.Option(
        metavar="MODEL",
        help="What checks its answers: a cross-encoder for NLI or relevance, by name or folder, or "
        "none; ours is the default.",
    ),
]
Generator = Annotated[
    str | None,
    typer.Option(
        "--generator",
        metavar="URL[#MODEL]|FOLDER",
        help="A language model that writes the answers, each sentence checked: any server that "
        "speaks OpenAI's chat completions, with the key in OPENAI_API_KEY, or a folder with one "
        "that transformers runs.",
    ),
]
LeaveOut = Annotated[
    bool,
    typer.Option(
        "--leave-out-unproved", help="Leave out what is not proved of that, instead of striking it."
    ),
]
Veto = Annotated[
    bool,
    typer.Option(
        "--veto",
        help="Ask the language model, too, whether the best quotation answers the question: its no "
        "makes the answer uncertain.",
    ),
]
CalibrationFile = Annotated[
    Path | None,
    typer.Option(
        "--calibration", metavar="FILE", parser=_path, help="What footnoted calibrate wrote."
    ),
]


def _password(given: str) -> str:
    """What was given or, for ``-``, what is typed or piped in: that is in no list of processes."""
    if given != "-":
        return given
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    from getpass import getpass

    return getpass("Password: ")


Password = Annotated[
    str | None,
    typer.Option(
        metavar="TEXT",
        parser=_password,
        help="Of files that are protected by one; - asks for it, or reads it from standard input.",
    ),
]


_Command = TypeVar("_Command", bound=Callable[..., None])


def of_index(command: _Command) -> _Command:
    """A command that takes ``--collection``, ``--home`` and ``--store`` beside its ``--index``.

    Its ``index`` is the place of whichever was given. Of a collection that is not there, only one
    that ``makes`` it is told.
    """
    own = signature(command, eval_str=True)
    named = {"collection": CollectionName, "home": HomeFolder, "store": StoreURL}
    added = [
        Parameter(name, Parameter.KEYWORD_ONLY, default=None, annotation=annotation)
        for name, annotation in named.items()
        if name not in own.parameters
    ]

    @wraps(command)
    def taking(**given: Any) -> None:
        home = given["home"] if "home" in own.parameters else given.pop("home")
        collection, store = given.pop("collection"), given.pop("store")
        is_named = {
            "--index": given["index"] not in (None, DEFAULT_INDEX),
            "--collection": collection is not None,
            "--store": store is not None,
        }
        if sum(is_named.values()) > 1:
            several = " or ".join(option for option, is_given in is_named.items() if is_given)
            raise typer.BadParameter(f"give {several}, not both")
        if store is not None:
            from footnoted.index.qdrant.address import Address

            given["index"] = replace(Address.parse(store), home=home)
        if collection is not None:
            given["index"] = _collection(collection, home, is_made=command.__name__ == "index")
        command(**given)

    parameters = [one.replace(kind=Parameter.KEYWORD_ONLY) for one in own.parameters.values()]
    taking.__signature__ = own.replace(parameters=[*parameters, *added])  # type: ignore[attr-defined]
    return cast(_Command, taking)


def of_accounts(command: _Command) -> _Command:
    """A command on accounts that takes ``--home`` and ``--state``; its ``kept`` are those there.

    What was given before the name of a command below another counts for that.
    """
    own = signature(command, eval_str=True)
    added = [
        Parameter(name, Parameter.KEYWORD_ONLY, default=None, annotation=annotation)
        for name, annotation in {"home": HomeFolder, "state": StateURL}.items()
    ]

    @wraps(command)
    def taking(context: typer.Context, **given: Any) -> None:
        before = context.obj or (None, None)
        given_here = given.pop("home"), given.pop("state")
        # What is empty was given, too: a variable of a script that is not set.
        home, state = (
            earlier if one is None else one for one, earlier in zip(given_here, before, strict=True)
        )
        context.obj = home, state
        if not context.invoked_subcommand:
            with closing(_state(home, state)) as found:
                command(kept=found.accounts, **given)

    context = Parameter("context", Parameter.KEYWORD_ONLY, annotation=typer.Context)
    given = [one for one in own.parameters.values() if one.name != "kept"]
    parameters = [one.replace(kind=Parameter.KEYWORD_ONLY) for one in given]
    taking.__signature__ = own.replace(parameters=[context, *parameters, *added])  # type: ignore[attr-defined]
    return cast(_Command, taking)


def _state(home: Path | None, state: str | None) -> State:
    """What is kept beside the documents, in a home or where servers share it."""
    if state is not None:
        from footnoted.qa.state.named import shared_state

        return shared_state(state)
    from footnoted.index.collections import Home
    from footnoted.qa.state.home import HomeState

    return HomeState(Home(home).folder)


def _collection(name: str, home: Path | None, is_made: bool) -> Path:
    """The folder of a collection, made if need be and asked for.

    Raises:
        NoCollection: there is none, and it is not to be made.
    """
    from footnoted.index.collections import Home, NoCollection

    collections = Home(home)
    try:
        return collections.collection(name).folder
    except NoCollection:
        if not is_made:
            raise
    return collections.create(name).folder


@cli.callback()
def footnoted(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        from importlib.metadata import version as version_of

        print(f"footnoted {version_of('footnoted')}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        print(context.get_help())


@cli.command(epilog="Example: footnoted index reports/ statement.txt")
@of_index
def index(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="PATH",
            parser=_path,
            help="Folders, files, or a BEIR corpus.jsonl; with none, the shipped documents.",
        ),
    ] = None,
    index: Index = DEFAULT_INDEX,
    embedder: Embedder = None,
    rebuild: Annotated[
        bool,
        typer.Option(
            "--rebuild", help="Make the index anew, from what was indexed or from the PATHs."
        ),
    ] = False,
    watch: Annotated[
        bool,
        typer.Option("--watch", help="Go on following them until interrupted."),
    ] = False,
    ray: Annotated[
        str | None,
        typer.Option(
            "--ray",
            metavar="[ADDRESS]",
            help="Read and embed with Ray: on the cluster at HOST:PORT, or the one that this "
            "machine is of (auto); without an address, on this machine alone.",
        ),
    ] = None,
    password: Password = None,
    as_json: Json = False,
) -> None:
    """Add or update documents.

    Of a folder that is indexed again, what left it is removed.
    """
    from footnoted.index.library import Library
    from footnoted.index.sample import add_sample
    from footnoted.qa.show import terminal

    def show(receipt: Receipt) -> None:
        if as_json and watch:  # a line each, for who reads them as they come
            print(json.dumps(receipt.as_dict(), ensure_ascii=False), flush=True)
        elif as_json:
            _print_json(receipt.as_dict())
        else:
            print(terminal.receipt(receipt, _style()), flush=True)

    if ray and (rebuild or watch or not paths):
        raise typer.BadParameter("--ray is for PATHs, and not for --rebuild or --watch")
    for path in paths or [] if ray == _RAY_HERE else []:
        if not path.exists() and len(path.parts) == 1:  # told before Ray starts
            raise UnusableInput(f"{path} does not exist; a cluster of Ray's is HOST:PORT, or auto")
    with _workers(ray) as workers, _progress() as progress:
        if rebuild:
            library, receipt = Library.rebuild(index, paths or [], embedder, progress, password)
        else:
            library = Library.open_or_create(index, embedder)
            if paths:
                receipt = library.update(paths, progress, password, workers=workers)
            else:
                receipt = add_sample(library, progress)
    show(receipt)
    if watch:
        _follow(library, paths or [], show, password)
    elif receipt.nothing_read:
        raise UnusableInput("none of these files can be read; the reasons stand beside them")


@contextmanager
def _workers(ray: str | None) -> Iterator[Workers | None]:
    """Who does the work, if not this process alone."""
    if ray is None:
        yield None
        return
    from footnoted.index.cluster import on_ray

    with ExitStack() as leaving:
        with _busy("starting Ray"):
            workers = leaving.enter_context(on_ray(ray))
        yield workers


def _follow(
    library: Library,
    named: Sequence[Path],
    show: Callable[[Receipt], None],
    password: str | None,
) -> None:
    """Bring the index up to date whenever the paths change; what goes wrong is said, and passes.

    With none named, everything is followed that was indexed.
    """
    from footnoted.index.watching import changes

    paths = named or library.sources()
    names = ", ".join(map(str, paths))
    log.warning("watching %s; Ctrl+C ends it", names)
    with suppress(KeyboardInterrupt):
        for _ in changes(paths, library.folder):
            try:
                with _progress() as progress:
                    if named:
                        receipt = library.update(named, progress, password)
                    else:
                        receipt = library.refresh(progress, password)
                if (changed := receipt.changes()).files:
                    show(changed)
            except FootnotedError as error:
                log.warning("%s", error)


@cli.command(epilog='Example: footnoted ask "Who opposes the plan?"')
@of_index
def ask(
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="What to ask.")],
    history: Annotated[
        list[str] | None,
        typer.Option(metavar="TEXT", help="An earlier question; repeatable, oldest first."),
    ] = None,
    documents: Annotated[
        list[str] | None,
        typer.Option(
            "--in",
            metavar="NAME",
            help="Ask this alone: a document's id or title, or a folder; repeatable.",
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Ask those alone dated so or later: 2024, 2024-03, …"),
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="DATE", help="Ask those alone dated so or earlier.")
    ] = None,
    index: Index = DEFAULT_INDEX,
    reader: Reader = None,
    ledger: Annotated[
        bool, typer.Option("--ledger", help="Of a list or a side, show what was left out, too.")
    ] = False,
    checker: Checker = None,
    calibration: CalibrationFile = None,
    generator: Generator = None,
    leave_out_unproved: LeaveOut = False,
    veto: Veto = False,
    as_json: Json = False,
) -> None:
    """Answer a question in quotations.

    Or say that the documents do not answer it.
    """
    from footnoted.qa.pipeline import Pipeline, check_questions
    from footnoted.qa.show import terminal
    from footnoted.qa.within import within

    check_questions(question, history or [])
    reading = _reader(reader, checker, calibration)
    writer = _writer(generator, leave_out_unproved, veto)
    with _library(index) as library:
        chosen = within(library, documents or [], since, until)
        with _busy("reading"):
            answer = Pipeline(library, reading, writer=writer).ask(question, history or [], chosen)
        if as_json:
            _print_json(answer.as_dict())
        else:
            listing = _of_index(terminal.LISTING, index)
            print(terminal.answer(answer, _style(), listing, with_ledger=ledger))


def _of_index(command: str, index: Place) -> str:
    """A command as it is given for this index."""
    if index == DEFAULT_INDEX:
        return command
    option = "--index" if isinstance(index, Path) else "--store"
    return f"{command} {option} {shlex.quote(str(index))}"


@cli.command(epilog="Example: footnoted suggest --corpus reports/")
@of_index
def suggest(
    corpus: CorpusPath = None,
    index: Index = DEFAULT_INDEX,
    reader: Reader = None,
    checker: Checker = None,
    calibration: CalibrationFile = None,
    as_json: Json = False,
) -> None:
    """Suggest questions to begin with.

    They are made from what the documents hold, and each was asked and answered.
    """
    from footnoted.qa.pipeline import Pipeline
    from footnoted.qa.show import terminal
    from footnoted.qa.suggestions.proposing import propose
    from footnoted.qa.suggestions.suggesting import suggest as suggested

    reading = _reader(reader, checker, calibration)
    with _library_of(corpus, None, index) as library, _busy("reading"):
        found = list(suggested(propose(library), Pipeline(library, reading).ask))
    if as_json:
        _print_json([one.as_dict() for one in found])
    else:
        shown = [(one.question, one.said, one.document) for one in found]
        _print_lines(terminal.suggestions(shown, _style()))


@cli.command(epilog='Example: footnoted lookup "a responsible or sustainable solution"')
@of_index
def lookup(
    text: Annotated[
        str | None,
        typer.Argument(metavar="TEXT", help="A quotation; or answer.json#2, a saved citation."),
    ] = None,
    draft: Annotated[
        Path | None,
        typer.Option(
            "--file",
            metavar="DRAFT",
            parser=_path,
            help="Look up every quotation of a text; exit 1 if one stands nowhere word for word.",
        ),
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Show every place, not only the first ten.")
    ] = False,
    index: Index = DEFAULT_INDEX,
    as_json: Json = False,
) -> None:
    """Find where a quotation stands.

    Every exact place is shown, else the closest, with what differs.
    """
    from footnoted.qa.lookup.lookup import lookup as places_of
    from footnoted.qa.show import terminal

    if (text is None) == (draft is None):
        raise typer.BadParameter("give a TEXT, or a --file with quotations, not both")
    if draft:
        _check_draft(draft, index, as_json)
        return
    assert text is not None
    if reference := re.fullmatch(r"(.+)#(\d{1,9})", text):
        file, number = Path(reference[1]), int(reference[2])
        if _is_file(file):
            _open_citation(file, number, index, as_json)
            return
        if file.suffix.lower() == ".json":
            raise UnusableInput(
                f"there is no file {file}; name one that holds an answer, as ask --json prints it"
            )
    elif _is_file(Path(text)):
        _refuse_answer(Path(text))
    with _library(index) as library:
        found = places_of(library, text)
        if as_json:
            _print_json([match.as_dict() for match in found])
        else:
            print(terminal.matches(found, _style(), None if every else terminal.PLACES_SHOWN))


def _check_draft(file: Path, index: Place, as_json: bool) -> None:
    """Look up what a text quotes; exit 1 where the documents do not hold it word for word."""
    from footnoted.corpus.files import read
    from footnoted.qa.lookup.draft import check, quoted
    from footnoted.qa.show import terminal

    if file.is_dir():
        raise UnusableInput(f"{file} is a folder; name the file with the draft")
    (draft,) = read(file)
    if draft.failure:
        raise UnusableInput(f"{file}: {draft.failure}")
    pieces = [piece for document in draft.documents for piece in quoted(document)]
    with _library(index) as library:
        checked = list(check(library, pieces))
    if as_json:
        _print_json([one.as_dict() for one in checked])
    else:
        _print_lines(terminal.draft(checked, _style()))
    raise typer.Exit(0 if all(one.stands for one in checked) else 1)


def _is_file(path: Path) -> bool:
    """Whether there is such a file; a quotation may be no name that a file could have."""
    try:
        return path.is_file()
    except (OSError, ValueError):  # too long, or with a NUL
        return False


def _refuse_answer(file: Path) -> None:
    """Say how a citation of a saved answer is named; what is no answer may be a quotation."""
    from footnoted.qa.verify.saved import read_answer

    try:
        answer = read_answer(file.read_bytes())
    except (OSError, UnusableInput):
        return
    there = len(answer.citations or answer.nearest)
    raise UnusableInput(
        f"{file} is a saved answer, with {counted(there, 'citation')}"
        + (f"; {file}#1 opens the first" if there else ", so there is nothing to open")
    )


def _open_citation(file: Path, number: int, index: Place, as_json: bool) -> None:
    """A citation of a saved answer, re-checked and shown in its surroundings."""
    from footnoted.corpus.types import Span
    from footnoted.qa.escape import one_line
    from footnoted.qa.show import terminal
    from footnoted.qa.types import Citation
    from footnoted.qa.verify.saved import read_answer
    from footnoted.qa.verify.verification import verify_citation

    try:
        answer = read_answer(file.read_bytes())
    except UnusableInput as error:
        raise UnusableInput(f"{file} {error}") from None
    cited = {citation.number: citation for citation in answer.citations or answer.nearest}
    if number not in cited:
        raise UnusableInput(f"{file} has no citation {number}; it has {len(cited) or 'none'}")
    with _library(index) as library:
        document = library.document(cited[number].document)
    problem = verify_citation(f"citation {number}", cited[number], document)
    if problem or document is None:
        print(one_line(str(problem)))
        raise typer.Exit(1)
    # Made anew: an older format says less of the document.
    citation = Citation.of(number, document, Span(cited[number].start, cited[number].end))
    if as_json:
        _print_json([{**citation.as_dict(), "match": "exact", "similarity": 1.0}])
    else:
        print(terminal.surroundings(citation, document, _style()))


@cli.command(epilog="Example: footnoted verify answer.json --documents reports/")
@of_index
def verify(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", parser=_path, help="An answer object, as --json."),
    ],
    documents: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH",
            parser=_path,
            help="The documents to check against, instead of the index.",
        ),
    ] = None,
    password: Password = None,
    deep: Annotated[
        bool,
        typer.Option(
            "--deep", help="Judge what a language model wrote again by a model-based check, too."
        ),
    ] = False,
    index: Index = DEFAULT_INDEX,
) -> None:
    """Re-check a saved answer.

    Does every quotation stand where it says? No model is loaded, but with --deep.
    """
    from footnoted.qa.escape import one_line
    from footnoted.qa.verify.saved import Malformed, read_answer
    from footnoted.qa.verify.verification import verify as problems_of

    try:
        answer = read_answer(file.read_bytes())
    except Malformed as error:
        problems = [f"{file}: {problem}" for problem in error.problems]
    except UnusableInput as error:
        raise UnusableInput(f"{file} {error}") from None
    else:
        found = _documents_of(documents, index, password)
        held = problems_of(answer, found)
        if deep:
            told = {one.where for one in held}
            held += [one for one in _judged_again(answer, found) if one.where not in told]
        problems = [str(one) for one in held]
    if problems:
        print("\n".join(one_line(problem) for problem in problems))
        raise typer.Exit(1)
    checked = len(answer.citations) + len(answer.nearest)
    if checked == 1:
        print("1 of 1 quotation stands where it says")
    else:
        print(f"{checked} of {checked} quotations stand where they say")


def _judged_again(answer: Answer, find: Callable[[str], Document | None]) -> list[Problem]:
    """What of an answer the model-based check would strike now.

    Raises:
        UnusableInput: the language model that the check stands on is not installed.
    """
    from footnoted.qa.checker.language_model import needed_language_model
    from footnoted.qa.entailment.named import shipped_entailment
    from footnoted.qa.verify.deep import unsupported, written
    from footnoted.qa.writing.checking import Check

    if not (count := len(written(answer))):
        log.warning("no language model wrote anything of it; there is nothing to judge again")
        return []
    needed_language_model()
    if (entailment := shipped_entailment()) is None:
        raise UnusableInput("the check is not whole; install Footnoted again")
    with _busy("judging"):
        found = list(unsupported(answer, find, Check(entailment)))
    print(f"{len(found)} of {counted(count, 'written sentence')} doubted by {entailment.name}")
    return found


@cli.command(epilog="Example: footnoted evaluate questions.jsonl --report report.html")
@of_index
def evaluate(
    questions: Annotated[
        Path | None,
        typer.Argument(
            metavar="QUESTIONS",
            parser=_path,
            help="JSONL, CSV, SQuAD's JSON or a BEIR folder; with none, the shipped set.",
        ),
    ] = None,
    json_file: Annotated[
        Path | None,
        typer.Option(
            "--json", metavar="FILE", parser=_path, help="Where the result goes; can be resumed."
        ),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(metavar="FILE", parser=_path, help="Where a report in HTML goes."),
    ] = None,
    baseline: Annotated[
        Path | None,
        typer.Option(metavar="FILE", parser=_path, help="An earlier result to compare with."),
    ] = None,
    fail_under: Annotated[
        list[str] | None,
        typer.Option(
            metavar="METRIC=VALUE",
            help="Exit 1 if the metric falls below (an error or a time: exceeds) it; repeatable.",
        ),
    ] = None,
    corpus: CorpusPath = None,
    index: Index = DEFAULT_INDEX,
    reader: Reader = None,
    checker: Checker = None,
    calibration: CalibrationFile = None,
    generator: Generator = None,
    leave_out_unproved: LeaveOut = False,
    veto: Veto = False,
) -> None:
    """Measure the answers to a question set."""
    from footnoted.corpus.files import SHIPPED, SHIPPED_QUESTIONS
    from footnoted.qa.evaluation import limits, results, run
    from footnoted.qa.evaluation import questions as sets
    from footnoted.qa.evaluation.compare import compare
    from footnoted.qa.evaluation.report import need_plots, write_report
    from footnoted.qa.pipeline import Pipeline
    from footnoted.qa.show.summary import summary

    # All that can be refused is refused before anything slow begins.
    wanted = limits.parse(fail_under or [])
    path = questions or SHIPPED_QUESTIONS
    sets.read(path)
    before = results.read_result(baseline) if baseline else None
    reading = _reader(reader, checker, calibration)
    writer = _writer(generator, leave_out_unproved, veto)
    if report:
        need_plots()
    with _library_of(corpus, json_file, index) as library:
        if questions:
            remedy = _INDEX_THEIRS
        else:
            remedy = (
                "these are the questions on the sample documents, which are not in this index; "
                "name the file with yours, or measure those: "
                f"footnoted evaluate --corpus {shlex.quote(str(SHIPPED))}"
            )
        asked = _questions(path, library, remedy)
        with _progress() as progress:
            kept = results.partial_file(json_file) if json_file else None
            pipeline = Pipeline(library, reading, writer=writer)
            result = run.evaluate(pipeline, asked, progress, kept)
    if before:
        result["comparison"] = compare(result, before)
    if json_file:
        results.save(result, json_file)
    if report:
        write_report(result, asked, report, before, date.today().isoformat())
    print(summary(result, _style()))
    missed = limits.missed(wanted, result["metrics"])
    print("".join(f"missed: {line}\n" for line in missed), end="")
    raise typer.Exit(1 if missed else 0)


def _questions(path: Path, library: Library, remedy: str) -> Sequence[Question]:
    """A question set about the documents of the library."""
    from footnoted.qa.evaluation import questions as sets

    asked = sets.read(path, library.documents())
    for warning in asked.warnings:
        log.warning("%s", warning)
    sets.refuse_foreign(asked.questions, library.documents(), remedy)
    return asked.questions


@cli.command(epilog="Example: footnoted calibrate questions.jsonl --out mine.json")
@of_index
def calibrate(
    questions: Annotated[
        Path,
        typer.Argument(
            metavar="QUESTIONS",
            parser=_path,
            help="JSONL, CSV or SQuAD's JSON: some that the documents answer, and some not.",
        ),
    ],
    out: Annotated[
        Path, typer.Option(metavar="FILE", parser=_path, help="Where the calibration goes.")
    ] = Path("calibration.json"),
    corpus: CorpusPath = None,
    index: Index = DEFAULT_INDEX,
    reader: Reader = None,
    checker: Checker = None,
    as_json: Json = False,
) -> None:
    """Calibrate to questions of your own.

    When to answer, and how sure to be, is fitted to them. What that is worth is measured on
    questions held out. Give the file to the other commands, with the same reader and checker, as
    --calibration FILE.
    """
    from footnoted.qa.evaluation import questions as sets
    from footnoted.qa.readers import DEFAULT_READER, load_reader
    from footnoted.qa.show.summary import gains
    from footnoted.qa.training.calibrate import calibrate, usable

    # All that can be refused is refused before anything slow begins.
    usable(sets.read(questions).questions)
    _check_out(out)
    with _library_of(corpus, None, index) as library:
        asked = usable(_questions(questions, library, _INDEX_THEIRS))
        with _progress() as progress:
            model = load_reader(reader or DEFAULT_READER, checker=checker)
            found = calibrate(library, model, asked, progress)
    found.calibration.save(out)
    if as_json:
        _print_json(found.as_dict())
    else:
        print(gains(found.before, found.after, found.questions, _style()))
        print(f"written to {out}; use it with --calibration {shlex.quote(str(out))}")
    if not found.gains:
        log.warning("on questions held out, it decides no better; more of them may help")


def _check_out(file: Path) -> None:
    """Refuse to write where nothing can be, or over what is no calibration."""
    from footnoted.qa.reader.calibration import Calibration

    if file.is_dir():
        raise UnusableInput(f"{file} is a folder; name a file with --out")
    if not file.parent.is_dir():
        raise UnusableInput(f"there is no folder {file.parent}; make it, or name another --out")
    if file.exists():
        try:
            Calibration.load(file)
        except UnusableInput:
            raise UnusableInput(
                f"{file} is there and no calibration; name another file with --out"
            ) from None


@cli.command(epilog="Example: footnoted serve reports/ --port 8000")
@of_index
def serve(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="PATH",
            parser=_path,
            help="Folders or files to index before serving.",
        ),
    ] = None,
    host: Annotated[
        str, typer.Option(metavar="HOST", help="The address to listen on.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(metavar="PORT", min=0, max=65535, help="The port to listen on.")
    ] = 7860,
    index: Index = DEFAULT_INDEX,
    home: HomeFolder = None,
    state: StateURL = None,
    with_mcp: Annotated[
        bool, typer.Option("--mcp", help="Serve the documents as MCP tools, too, at /mcp.")
    ] = False,
    max_upload: Annotated[
        int,
        typer.Option(metavar="MB", min=1, help="The most that files added at once may have."),
    ] = 2048,  # ``qa.page.bodies.MOST_UPLOADED``, which is not imported before it is needed
    folders: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="DIR",
            parser=_path,
            help="A folder that editors may add from the page, and those below it; repeatable.",
        ),
    ] = None,
    tls_cert: Annotated[
        Path | None,
        typer.Option(
            "--tls-cert", metavar="FILE", parser=_path, help="A certificate (PEM): serve https."
        ),
    ] = None,
    tls_key: Annotated[
        Path | None,
        typer.Option("--tls-key", metavar="FILE", parser=_path, help="The key of --tls-cert."),
    ] = None,
    behind: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ADDRESS",
            help="A proxy that is believed for whom it calls: an address or network; repeatable.",
        ),
    ] = None,
    open_to_everyone: Annotated[
        bool,
        typer.Option(
            "--open-to-everyone",
            help="Let whoever reaches the address read and change everything, without accounts.",
        ),
    ] = False,
    questions_per_minute: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=0,
            help="Questions and look-ups of one person a minute, 0 for no limit; by default 30 "
            "where there are accounts.",
        ),
    ] = None,
    drain: Annotated[
        float,
        typer.Option(
            metavar="SECONDS",
            min=0,
            max=300,
            help="So long questions are still taken after SIGTERM, while /readyz says no.",
        ),
    ] = 0.0,
    log_questions: Annotated[
        bool,
        typer.Option("--log-questions", help="Tell on stderr of every question, and who asked it."),
    ] = False,
    reader: Reader = None,
    checker: Checker = None,
    calibration: CalibrationFile = None,
    generator: Generator = None,
    leave_out_unproved: LeaveOut = False,
    veto: Veto = False,
) -> None:
    """Open the browser app.

    Over the index, and the collections beside it. Where there are accounts, everybody signs in.
    """
    from footnoted.index.collections import Home
    from footnoted.index.library import Library
    from footnoted.qa.page import exposure, forwarding, server
    from footnoted.qa.pipeline import Pipeline
    from footnoted.qa.service.limits import Limits
    from footnoted.qa.service.offered import OfferedFolders
    from footnoted.qa.service.service import Service
    from footnoted.qa.service.writers import Options
    from footnoted.qa.show import terminal

    if with_mcp:
        from footnoted.qa.api.mcp import needed

        needed()
    if (tls_cert is None) != (tls_key is None):
        raise typer.BadParameter("give --tls-cert and --tls-key together")
    tls = server.Certificate.checked(tls_cert, tls_key) if tls_cert and tls_key else None
    proxies = forwarding.addresses(behind or [])
    reading = _reader(reader, checker, calibration)
    writer = _writer(generator, leave_out_unproved, veto)
    kept = _state(home, state)
    offered = OfferedFolders.beside(folders or [], [*_folder_of(index), Home(home).folder])
    listener = server.listen(host, port)
    is_open = open_to_everyone
    if warning := exposure.check(listener, kept.accounts, home, proxies, tls, is_open, state):
        log.warning("%s", warning)
    if log_questions:
        logging.getLogger("footnoted.qa.service.granted").setLevel(logging.INFO)
    if paths:
        with _progress() as progress:
            receipt = Library.open_or_create(index).update(paths, progress)
        print(terminal.receipt(receipt, _style()), file=sys.stderr)
    with _library(index, is_served=True) as library:
        from footnoted.qa.page.app import serve as serve_page

        limits = Limits(questions_per_minute, kept.rates)
        # The server calls the address that is chosen: for nobody but who runs it, and it alone.
        is_own = server.is_of_this_machine(listener) and not (proxies or kept.is_shared)
        writing = Options(not leave_out_unproved, veto) if is_own else None
        pipeline = Pipeline(library, reading, writer=writer)
        # What lies in a home is in reach of one server: shared, there is the one collection.
        collections = None if kept.is_shared else Home(home)
        service = Service(pipeline, collections, kept.accounts, limits, offered, writing, kept)
        serve_page(service, listener, host, with_mcp, max_upload, proxies, tls, drain)


@cli.command(epilog="Example: footnoted mcp --collection minutes")
@of_index
def mcp(
    index: Index = DEFAULT_INDEX,
    home: HomeFolder = None,
    reader: Reader = None,
    checker: Checker = None,
    calibration: CalibrationFile = None,
    generator: Generator = None,
    leave_out_unproved: LeaveOut = False,
    veto: Veto = False,
) -> None:
    """Serve the documents to an assistant.

    As tools of MCP, over stdio. The assistant starts it by itself: name this command in its
    settings.
    """
    from footnoted.index.collections import Home
    from footnoted.qa.api.mcp import create_mcp, needed
    from footnoted.qa.pipeline import Pipeline
    from footnoted.qa.service.service import Service

    needed()
    reading = _reader(reader, checker, calibration)
    writer = _writer(generator, leave_out_unproved, veto)
    with _library(index) as library:
        create_mcp(Service(Pipeline(library, reading, writer=writer), Home(home))).run("stdio")


@documents_cli.callback(epilog="Example: footnoted documents --json")
@of_index
def documents(
    context: typer.Context,
    files: Annotated[
        bool, typer.Option("--files", help="List every file, and what came of it.")
    ] = False,
    unreadable: Annotated[
        bool,
        typer.Option("--unreadable", help="List the files that were not read, or only in part."),
    ] = False,
    index: Index = DEFAULT_INDEX,
    as_json: Json = False,
) -> None:
    """List, show or remove what is indexed."""
    if context.invoked_subcommand:
        context.obj = index
        return
    from footnoted.qa.show import terminal

    with _existing(index) as library:
        if files or unreadable:
            receipts = library.files(unreadable=unreadable)
            if as_json:
                _print_json([file.as_dict() for file in receipts])
            else:
                _print_lines(terminal.files(receipts, _style()))
            return
        found, origins = library.listing(), library.origins()
        if as_json:
            _print_json([one.as_dict() | _where_from(origins.get(one.id)) for one in found])
        else:
            failed = library.files(unreadable=True)
            _print_lines(terminal.documents(found, origins, failed, _style()))


def _where_from(origin: Origin | None) -> dict[str, Any]:
    """Of a document's file, what lists of documents tell."""
    if origin is None:
        return {"path": None, "size": None, "warnings": [], "copies": [], "near": []}
    file, copies, near = origin.file, list(origin.copies), list(origin.near)
    about = {"path": file.path, "size": file.size, "warnings": list(file.warnings)}
    return {**about, "copies": copies, "near": near}


@documents_cli.command("show", epilog="Example: footnoted documents show report.pdf > report.txt")
@of_index
def show(
    context: typer.Context,
    document: Annotated[str, typer.Argument(metavar="ID", help="An id, as documents lists it.")],
    spans: Annotated[
        bool,
        typer.Option("--spans", help="Print what stands where, a JSON object a line, instead."),
    ] = False,
    index: OwnIndex = None,
) -> None:
    """Print the text of a document.

    Citations count in it. Redirected to a file, it is that text in UTF-8, byte for byte; on a
    terminal, a line above it says how it was read.
    """
    from footnoted.qa.escape import lines_for_terminal
    from footnoted.qa.show import terminal
    from footnoted.qa.within import unknown

    with _existing(index or context.obj or DEFAULT_INDEX) as library:
        found = library.document(document)
        if found is None:
            raise unknown(document, [one.id for one in library.listing()])
        origin = library.origin(document)
    if spans:
        for span in _spans(found):
            print(json.dumps(span, ensure_ascii=False))
    elif sys.stdout.isatty():
        print(f"{_style().dim(terminal.origin(found, origin))}\n")
        print(lines_for_terminal(found.text))
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(found.text.encode("utf-8"))
        sys.stdout.buffer.flush()


def _spans(document: Document) -> Iterator[dict[str, int | str]]:
    """What stands where, in the order of places; of what begins together, the outer first."""
    pages = [(*page[:2], "page", page.label or str(page.number)) for page in document.pages]
    for one in sorted([*pages, *document.annotations], key=lambda one: (one[0], -one[1])):
        yield dict(zip(("start", "end", "kind", "value"), one, strict=True))


@documents_cli.command("remove", epilog="Example: footnoted documents remove old-report.txt")
@of_index
def remove(
    context: typer.Context,
    ids: Annotated[list[str], typer.Argument(metavar="ID", help="Ids, as documents lists them.")],
    index: OwnIndex = None,
) -> None:
    """Take documents out of the index.

    Their files are not touched.
    """
    with _existing(index or context.obj or DEFAULT_INDEX) as library:
        library.remove(ids)
    removed = len(set(ids))
    files = "their files are" if removed > 1 else "its file is"
    print(f"removed {counted(removed, 'document')}; {files} untouched")


@collections_cli.callback(epilog="Example: footnoted collections create minutes")
def collections(
    context: typer.Context,
    home: HomeFolder = None,
    state: StateURL = None,
    as_json: Json = False,
) -> None:
    """List, make or delete collections.

    A collection is an index by its name, which every command takes as --collection NAME. Servers
    that share a --state have those that are offered to them.
    """
    if context.invoked_subcommand:
        context.obj = home
        return
    from footnoted.index.collections import MAKES, Home
    from footnoted.qa.show import terminal
    from footnoted.qa.state.collections import MAKES as OFFERS

    with nullcontext(Home(home)) if state is None else _shelf(state) as shelf:
        found = [one.described() for one in shelf.collections()]
    if as_json:
        _print_json([one.as_dict() for one in found])
    else:
        _print_lines(terminal.collections(found, _style(), MAKES if state is None else OFFERS))


@collections_cli.command("create", epilog="Example: footnoted collections create minutes")
def create(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What it is to be called.")],
    home: HomeFolder = None,
) -> None:
    """Make an empty collection."""
    from footnoted.index.collections import Home

    made = Home(home or context.obj).create(name).name
    print(f"made {made}; to add to it: footnoted index PATH --collection {shlex.quote(made)}")


@collections_cli.command("remove", epilog="Example: footnoted collections remove minutes")
def remove_collection(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="As collections lists it.")],
    home: HomeFolder = None,
) -> None:
    """Delete a collection for good.

    The files that were added to it in the browser go with it; those that it was told of by their
    place are not touched.
    """
    from footnoted.index.collections import Home

    Home(home or context.obj).remove(name)
    print(f"removed {name}")


@collections_cli.command(
    "offer",
    epilog="Example: footnoted collections offer qdrant+http://vectors:6333/minutes --owner anna "
    "--readers bob --state postgresql://footnoted@db/footnoted",
)
def offer(
    store: Annotated[
        str, typer.Argument(metavar="STORE", help="As --store names it; the end is its name.")
    ],
    state: SharedStateURL,
    owner: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The account that says, in the page, who may read it."),
    ] = None,
    readers: Annotated[
        str | None,
        typer.Option(
            metavar="everyone|NAMES",
            help="Accounts that may read it, with commas between; by default everyone or, where it "
            "is somebody's, nobody else.",
        ),
    ] = None,
) -> None:
    """Have servers that share a state answer from a store, too.

    Offered again, others may read it.
    """
    from footnoted.index.library import Library
    from footnoted.index.qdrant.address import Address
    from footnoted.qa.accounts.access import Access

    place = Address.parse(store)
    Library.open(place).close()
    is_open = readers == "everyone" or (readers is None and owner is None)
    named = [] if is_open else [one.strip() for one in (readers or "").split(",") if one.strip()]
    own = [owner] if owner else []
    with closing(_state(None, state)) as shared:
        known = {one.name for one in shared.accounts.listed()}
    if unknown := [one for one in (*own, *named) if one not in known]:
        raise UnusableInput(f"nobody is called {unknown[0][:64]!r}; footnoted accounts lists them")
    access = Access(owner=owner, readers="everyone" if is_open else tuple(sorted(named)))
    with _shelf(state) as shelf:
        offered = shelf.offer(place, access)
    read_by = "everyone with an account" if is_open else ", ".join((*own, *named)) or "nobody"
    print(f"offered {offered.name}; read by {read_by}")


@collections_cli.command(
    "withdraw",
    epilog="Example: footnoted collections withdraw minutes --state "
    "postgresql://footnoted@db/footnoted",
)
def withdraw(
    name: Annotated[str, typer.Argument(metavar="NAME", help="As collections lists it.")],
    state: SharedStateURL,
) -> None:
    """Have servers that share a state answer from a store no more.

    Its documents stay as they are; conversations on it are not shown.
    """
    with _shelf(state) as shelf:
        print(f"withdrew {shelf.withdraw(name).name}; its documents stay where they are")


@contextmanager
def _shelf(state: str) -> Iterator[SharedCollections]:
    """The collections of servers that share a state."""
    from footnoted.qa.state.collections import SharedCollections

    with closing(_state(None, state)) as shared:
        assert isinstance(shared.shelf, SharedCollections)
        yield shared.shelf


@accounts_cli.callback(epilog="Example: footnoted accounts add anna")
@of_accounts
def accounts(kept: Accounts, as_json: Json = False) -> None:
    """List, make, change or remove accounts.

    Where there are any in a home, everybody who uses its server signs in. A server that runs sees a
    change at once.
    """
    _list_accounts(kept, as_json)


@accounts_cli.command("list", epilog="Example: footnoted accounts list")
@of_accounts
def list_accounts(kept: Accounts, as_json: Json = False) -> None:
    """List the accounts, with their roles."""
    _list_accounts(kept, as_json)


def _list_accounts(kept: Accounts, as_json: bool) -> None:
    found = kept.listed()
    if as_json:
        told = [{"name": one.name, "role": one.role, "tokens": one.tokens} for one in found]
        _print_json(told)
        return
    for one in found:
        tokens = f", {counted(one.tokens, 'token')}" if one.tokens else ""
        print(f"{one.name}  {one.role}, since {one.made.date().isoformat()}{tokens}")
    if not found:
        print("there are no accounts; footnoted accounts add NAME makes one")


@accounts_cli.command("add", epilog="Example: footnoted accounts add anna --role reader")
@of_accounts
def add_account(
    kept: Accounts,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What somebody signs in as.")],
    role: Annotated[
        str,
        typer.Option(
            metavar="reader|editor",
            help="A reader asks and looks up; an editor makes and changes collections, too.",
        ),
    ] = "editor",
    password_stdin: PasswordStdin = False,
) -> None:
    """Make an account.

    Its password is typed twice. Only what it is checked by is kept.
    """
    checked = _role("--role", role)
    made = kept.add(name, _new_password(password_stdin), checked)
    print(f"added {made.name}, {made.role}; kept in {kept.place}")


@accounts_cli.command("password", epilog="Example: footnoted accounts password anna")
@of_accounts
def set_password(
    kept: Accounts,
    name: Annotated[str, typer.Argument(metavar="NAME", help="As accounts lists it.")],
    password_stdin: PasswordStdin = False,
) -> None:
    """Give an account another password.

    It is typed twice. The account's sessions and tokens end at once.
    """
    named = kept.set_password(name, _new_password(password_stdin))
    print(f"{named} has another password; sessions and tokens are worth nothing any more")


@accounts_cli.command("role", epilog="Example: footnoted accounts role anna reader")
@of_accounts
def set_role(
    kept: Accounts,
    name: Annotated[str, typer.Argument(metavar="NAME", help="As accounts lists it.")],
    role: Annotated[str, typer.Argument(metavar="reader|editor", help="What it is from now on.")],
) -> None:
    """Let an account do more, or less.

    A server that runs sees it with the next request.
    """
    named = kept.set_role(name, _role("the role", role))
    print(f"{named} is {'an editor' if role == 'editor' else 'a reader'} now")


@accounts_cli.command("remove", epilog="Example: footnoted accounts remove anna")
@of_accounts
def remove_account(
    kept: Accounts,
    name: Annotated[str, typer.Argument(metavar="NAME", help="As accounts lists it.")],
) -> None:
    """Remove an account.

    Its sessions and tokens end at once. Collections and conversations stay, for whoever gets that
    name again.
    """
    removed = kept.remove(name)
    print(f"removed {removed}; its sessions and tokens are worth nothing any more")
    if not kept.listed():
        log.warning("no account is left: a server that is started now lets everyone do everything")


@accounts_cli.command("token", epilog="Example: footnoted accounts token anna --days 30")
@of_accounts
def token(
    kept: Accounts,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Whom it proves.")],
    days: Annotated[
        int, typer.Option(metavar="N", min=1, max=3650, help="How long it is valid.")
    ] = 90,
) -> None:
    """Print a token for scripts.

    They send it as the header Authorization: Bearer TOKEN. It is shown this once.
    """
    made, until = kept.new_token(name, days)
    print(made)
    log.warning("valid until %s; it is not shown again", until.date().isoformat())


def _role(what: str, given: str) -> Role:
    if given not in ("reader", "editor"):
        raise typer.BadParameter(f"{what} is reader or editor, not {given!r}")
    return cast("Role", given)


def _new_password(is_piped: bool) -> str:
    """A password that is typed twice without being shown, or piped in, once or twice.

    Raises:
        UnusableInput: it was typed in two ways.
    """
    if is_piped or not sys.stdin.isatty():
        given = sys.stdin.read().splitlines() or [""]
    else:
        from getpass import getpass

        given = [getpass("Password: "), getpass("The same again: ")]
    first, *again = given
    if any(one != first for one in again if one or not is_piped):
        raise UnusableInput("these are two passwords; type the same twice")
    return first


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line. Whatever goes wrong, the user sees one line, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    _log_to_stderr()
    try:
        given = _with_address(sys.argv[1:] if arguments is None else arguments)
        code = cli(args=given, prog_name="footnoted", standalone_mode=False)
    except typer.TyperException as error:
        _fail(_usage(error.format_message().rstrip(".")), 2)
    except FootnotedError as error:
        _fail(str(error), 2)
    except typer.Abort:
        code = _INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has left; without this, Python complains once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        _fail(f"{error.filename or 'the system'}: {error.strerror or error}", 2)
    except KeyboardInterrupt:
        code = _INTERRUPTED
    except Exception as error:
        if _is_interrupt(error):
            _fail("interrupted", _INTERRUPTED)
        if os.environ.get(_DEBUG):
            raise
        _fail(
            f"this is a fault of Footnoted's own: {type(error).__name__}: {error}; "
            f"{_DEBUG}=1 shows where",
            _FAULT,
        )
    if code == _INTERRUPTED:  # typer has caught it
        _fail("interrupted", code)
    sys.exit(code if isinstance(code, int) else 0)


def _with_address(arguments: Sequence[str]) -> list[str]:
    """The arguments, with an address after each ``--ray``, which is given with or without one."""
    given: list[str] = []
    for argument, following in zip(arguments, [*arguments[1:], ""], strict=False):
        given.append(argument)
        if argument == "--ray" and not _RAY_ADDRESS.fullmatch(following):
            given.append(_RAY_HERE)
    return given


def _is_interrupt(error: BaseException | None) -> bool:
    """Whether an error comes of an interrupt, as one that fell into the making of a class does."""
    while error and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__
    return error is not None


def _usage(problem: str) -> str:
    if "unexpected extra argument" in problem:
        problem += "; put what has blanks between quotation marks"
    return f"{problem}; footnoted --help shows the usage"


class _StderrHandler(logging.Handler):
    """To stderr as it is now: while a progress bar is drawn there, it puts lines above itself."""

    def emit(self, record: logging.LogRecord) -> None:
        print(self.format(record), file=sys.stderr)


def _log_to_stderr() -> None:
    """Show what our own packages have to say; libraries talk to developers, not to users."""
    handler = _StderrHandler()
    handler.setFormatter(logging.Formatter("footnoted: %(message)s"))
    logging.basicConfig(handlers=[handler], level=logging.CRITICAL, force=True)
    logging.getLogger("footnoted").setLevel(logging.WARNING)


def _fail(message: str, code: int) -> None:
    from footnoted.qa.escape import one_line

    print(f"footnoted: {one_line(message)}", file=sys.stderr)
    sys.exit(code)


def _reader(name: str | None, checker: str | None, calibration: Path | None) -> ReaderPart:
    """The reader as it was asked for; its models are loaded when they are first needed."""
    from footnoted.qa.reader.calibration import Calibration
    from footnoted.qa.readers import named_reader

    fitted = Calibration.load(calibration) if calibration else None
    return named_reader(name, calibration=fitted, checker=checker)


def _writer(generator: str | None, leave_out: bool, veto: bool) -> WriterPart | None:
    """What writes, if anything is to."""
    if generator is None:
        return None
    from footnoted.qa.writing.named import named_writer

    return named_writer(generator, shows=not leave_out, doubts=veto)


def _folder_of(place: Place) -> list[Path]:
    """The folder of this machine in which an index lies, if it lies in one."""
    folder = place if isinstance(place, Path) else place.folder
    return [folder] if folder else []


@contextmanager
def _library(place: Place, is_served: bool = False) -> Iterator[Library]:
    """The index at ``place``; where there is none yet, one over the shipped documents.

    On a server, which others have too, who only asks makes none: the name may be mistyped.
    """
    from footnoted.index.library import Library
    from footnoted.index.sample import open_or_sample

    if is_served or isinstance(place, Path) or place.folder:
        with _progress() as progress:
            library = open_or_sample(place, progress)
    else:
        library = Library.open(place)
    yield library
    library.close()


@contextmanager
def _library_of(corpus: Path | None, result: Path | None, index: Place) -> Iterator[Library]:
    """The index asked for or, for a corpus, one of its own that goes when the evaluation is done.

    Beside a result that is being made, an interrupted evaluation finds it again.
    """
    if corpus is None:
        with _library(index) as library:
            yield library
        return
    from footnoted.index.library import Library

    if result:
        folder = result.with_name(f"{result.name}.partial.index")
    else:
        folder = Path(tempfile.mkdtemp(prefix="footnoted-"))
    library = Library.open_or_create(folder)
    try:
        with _progress() as progress:
            library.update([corpus], progress)
        yield library
    except BaseException:
        library.close()
        if not result:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    library.close()
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _existing(place: Place) -> Iterator[Library]:
    from footnoted.index.library import Library

    library = Library.open(place)
    yield library
    library.close()


def _documents_of(
    path: Path | None, index: Place, password: str | None
) -> Callable[[str], Document | None]:
    """Finds a document by its id, below ``path`` or else in the index; loads no search library."""
    from footnoted.index.stores import open_store

    if path is None:
        stored = open_store(index)
        return lambda name: one.document if (one := stored.document(name)) else None
    from footnoted.qa.verify.sources import Sources

    def say(note: str) -> None:
        log.warning("%s", note)

    try:
        kept = open_store(index).document_and_file
    except FootnotedError:  # without an index, documents alone are what there is to check against
        return Sources(path, say=say, password=password).document
    return Sources(path, kept, say, password).document


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    """A progress bar with the rate and the time left, on a terminal; elsewhere nothing."""
    if not sys.stderr.isatty():
        yield lambda what, done, total: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeRemainingColumn,
    )

    class RateColumn(ProgressColumn):
        def render(self, task: Task) -> str:
            elapsed = task.finished_time or task.elapsed
            if not elapsed or task.total == 1:
                return ""
            return f"{task.completed / elapsed:,.0f} a second"

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        RateColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, Any] = {}

        def report(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=total or None)
            bars.update(tasks[what], completed=done, total=total or None)

        yield report


@contextmanager
def _busy(what: str) -> Iterator[None]:
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(f"{what} …"):
        yield


def _style() -> Style:
    from footnoted.qa.show.style import Style

    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    return Style(colour=colour, width=min(shutil.get_terminal_size().columns, 100))


def _print_lines(lines: Iterable[str]) -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False))
