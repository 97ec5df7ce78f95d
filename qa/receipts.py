"""What came of files, in words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import get_args

from footnoted.corpus.types import Document, Listed
from footnoted.corpus.wording import counted
from footnoted.index.types import FileReceipt, Origin, State

_READ_WELL = "en"
_NAME = re.compile(r"\D*")  # of a reader, before the numbers of its versions
_UNITS = ("kB", "MB", "GB")
_NAMED = 4  # languages


def about_document(document: Document | Listed, origin: Origin | None) -> list[str]:
    """A document's kind, pages, language, length and size, and how many warnings there are."""
    file = origin.file if origin else None
    of_its_own = file if file and file.documents == 1 else None
    return _told(
        kind(document.reader),
        counted(pages, "page") if (pages := _pages(document)) else "",
        in_other_languages([document.language] if document.language else []),
        counted(_characters(document), "character"),
        size(of_its_own.size) if of_its_own else "",
        counted(len(file.warnings), "warning") if file and file.warnings else "",
    )


def about_file(file: FileReceipt) -> list[str]:
    """The same of a file, with how much it holds."""
    return _told(
        kind(file.reader),
        counted(file.documents, "document") if file.documents > 1 else "",
        counted(file.pages, "page") if file.pages else "",
        in_other_languages(file.languages),
        counted(file.characters, "character") if file.documents else "",
        counted(file.passages, "passage") if file.documents else "",
        size(file.size) if file.size else "",
    )


def kind(reader: str) -> str:
    """What a reader reads, without its versions: ``PDF``."""
    return _NAME.match(reader)[0].strip()  # type: ignore[index]  # it matches any text


def size(number: int) -> str:
    """So many bytes, as people say it: ``1.2 MB``."""
    if number < 1000:
        return counted(number, "byte")
    shown = float(number)
    for unit in _UNITS:
        shown /= 1000
        if shown < 999.5 or unit == _UNITS[-1]:
            break
    return f"{shown:.1f} {unit}" if shown < 9.95 else f"{shown:,.0f} {unit}"


def in_other_languages(codes: Sequence[str]) -> str:
    """``in German``, ``partly in German``; "" for what is in English alone, which is read well."""
    others = [language(code) for code in codes if code != _READ_WELL]
    if not others:
        return ""
    return f"{'partly ' if _READ_WELL in codes else ''}in {_listed(others)}"


def not_in_english(languages: Mapping[str, int], documents: int) -> str:
    """What an asker should know of an index with other languages; "" where there are none.

    ``languages`` gives the number of documents in each.
    """
    others = {code: number for code, number in languages.items() if code != _READ_WELL}
    if not others:
        return ""
    number = sum(others.values())
    which = f"{number:,} of {counted(documents, 'document')} {'is' if number == 1 else 'are'}"
    names = _listed([language(code) for code in list(others)[:_NAMED]])
    more = " and others" if len(others) > _NAMED else ""
    return f"{which} not in English ({names}{more}); English alone is read well."


def language(code: str) -> str:
    """The English name of the language with a code of ISO 639-1."""
    return _names().get(code, code)


@cache
def _names() -> Mapping[str, str]:
    from babel import Locale

    return dict(Locale("en").languages)


def _listed(names: Sequence[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def _told(*parts: str) -> list[str]:
    return [part for part in parts if part]


def _pages(document: Document | Listed) -> int | None:
    if isinstance(document, Listed):
        return document.pages
    return max((page.number for page in document.pages), default=None)


def _characters(document: Document | Listed) -> int:
    return document.characters if isinstance(document, Listed) else len(document.text)


def summed_up(files: Iterable[FileReceipt]) -> str:
    """How many files there are, and in which states: ``3 files: 2 read, 1 failed``."""
    states = Counter(file.state for file in files)
    told = [f"{states[state]:,} {state}" for state in get_args(State) if states[state]]
    return f"{counted(states.total(), 'file')}: {', '.join(told)}" if told else "No such files."
