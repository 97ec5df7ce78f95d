"""Questions made of how a document is laid out: rows of its tables, its headings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from footnoted.corpus.spans import Annotation
from footnoted.corpus.structure import HEADER
from footnoted.corpus.types import Document, Span
from footnoted.qa.catalogue.leads import title_place
from footnoted.qa.english import lexicon
from footnoted.qa.english.dates import DATE
from footnoted.qa.english.document_kinds import KIND
from footnoted.qa.suggestions.clauses import is_finite
from footnoted.qa.suggestions.phrases import (
    Token,
    is_name,
    may_end,
    names_nothing_else,
    tokens,
    with_article,
)
from footnoted.qa.suggestions.types import Candidate

_MOST_ROWS = 40
"""Of a document that are looked at."""
_MOST_HEADINGS = 60
_MOST_WORDS_OF_KEY = 5
_HEADER_NOUN = re.compile(r"[A-Za-z][A-Za-z' -]{1,30}")
_IN_BRACKETS = re.compile(r"\s*[(\[][^)\]]*[)\]]")
_KEY = re.compile(r"[^\W\d_][\w'’& .-]*")
_INTEGER = re.compile(r"\d{1,3}(?:,?\d{3})*")
_HAPPENS = re.compile(r"(?P<verb>[a-z]+) (?:in|on|at)?", re.I)
# What a column may be called beside the attributes of ``lexicon``.
_ALSO = frozenset(
    "amount balance salary rent wage charge email e-mail postcode owner"
    " department manager rating grade mark deposit premium discount stock quantity area"
    " distance time venue type category supplier currency tax turnover revenue profit share".split()
)
_NUMBERED = frozenset("phone telephone mobile fax".split())
_THINGS = frozenset("product item article part tool material ingredient".split())
# A first column that says no more of its rows than that they are some, or what their names do.
_NO_KIND = (
    lexicon.GROUPS
    | lexicon.REGIONS
    | frozenset("name title description no number id code key row entry subject topic".split())
)
_NUMBERING = re.compile(r"^(?:\d+(?:\.\d+)*[.):]?|[A-Z][.)]|[IVX]+[.)])\s+")
_ASKING = lexicon.WH | lexicon.AUXILIARIES
_NO_TOPIC = frozenset(
    "introduction background overview summary conclusion conclusions references contents notes"
    " appendix contact abstract preface index glossary bibliography acknowledgements credits about"
    " links resources sources agenda minutes present apologies other see more faq faqs general"
    " miscellaneous details information aob questions end ends advertisement related share comments"
    " home menu search download description example examples usage installation license".split()
)


def rows(document: Document) -> Iterator[Candidate]:
    """What a cell says: "What is the price of the Team plan?"."""
    whole = Span(0, len(document.text))
    structure = document.structure
    tabular = (one for one in structure.within(whole, "row") if one.value != HEADER)
    for number, row in enumerate(islice(_spread(list(tabular)), _MOST_ROWS)):
        cells = structure.within(Span(row.start, row.end), "cell")
        if len(cells) < 2 or not cells[0].value:
            continue
        key, *others = cells
        thing = _thing(key.value, structure.words_of(key))
        for cell in _turned(others, number) if thing else ():
            value = structure.words_of(cell)
            if question := _of_cell(_plain(cell.value), value, thing):
                place = Span(row.start, row.end)
                yield Candidate("row", question, document.id, place, value)


def headings(document: Document) -> Iterator[Candidate]:
    """Questions that a document asks itself, to answer them; and what it treats under a heading."""
    whole = Span(0, len(document.text))
    found = document.structure.within(whole, "heading")
    for at, heading in enumerate(found[:_MOST_HEADINGS]):
        title = _NUMBERING.sub("", document.structure.words_of(heading))
        end = found[at + 1].start if at + 1 < len(found) else len(document.text)
        if not document.text[heading.end : end].strip():
            continue
        place = Span(heading.end, end)
        if title.endswith("?") and title.split()[0].lower() in _ASKING:
            yield Candidate("question", title, document.id, place)
        elif title != document.title and (topic := _topic(document, title)):
            yield Candidate("heading", f"What is said about {topic}?", document.id, place)
    if (topic := _topic(document, document.title)) and (stands := title_place(document)):
        place = Span(stands.end, len(document.text))
        yield Candidate("heading", f"What is said about {topic}?", document.id, place)


def _spread(rows_: Sequence[Annotation]) -> Iterator[Annotation]:
    """The rows, those of the middle first: the first and the last of a sheet are often special."""
    middle = len(rows_) // 2
    yield from rows_[middle:]
    yield from reversed(rows_[:middle])


def _turned(cells: Sequence[Annotation], number: int) -> Sequence[Annotation]:
    """The cells of a row, beginning with another column in each."""
    at = number % len(cells)
    return [*cells[at:], *cells[:at]]


def _plain(header: str) -> str:
    """What a column is called, without its unit: "Price" of "Price (EUR)"."""
    return _IN_BRACKETS.sub("", " ".join(header.split())).strip(" :")


def _thing(header: str, key: str) -> str:
    """What a row is about, as a question names it; "" where it can not."""
    words = key.split()
    if not words or len(words) > _MOST_WORDS_OF_KEY or not _KEY.fullmatch(key):
        return ""
    if DATE.search(key) or key.lower() in {"total", "totals", "sum", "average", "other", "all"}:
        return ""
    if len(key) < 2 or not key[0].isupper():
        return ""
    kind = _plain(header).lower()
    if all(word[0].islower() for word in words[1:]) and (len(words) > 1 or kind in _THINGS):
        return f"the {key[0].lower()}{key[1:]}"
    is_kind = kind.isalpha() and kind not in _NO_KIND and not lexicon.names_person(kind)
    return f"the {key} {kind}" if len(words) == 1 and is_kind else key


def _of_cell(header: str, value: str, thing: str) -> str:
    """What asks for a value under a header; "" where it would not be said so."""
    lower = header if header.isupper() else header.lower()
    if not value or len(value) > 80 or not _HEADER_NOUN.fullmatch(header):
        return ""
    words = lower.split()
    if len(words) == 2 and words[1] in {"in", "on"} and lexicon.is_participle(words[0]):
        return f"When was {thing} {words[0]}?" if DATE.search(value) else ""
    head = words[0] if len(words) > 1 and words[1] in {"per", "of", "in"} else words[-1]
    if (lexicon.names_person(head) or head == "supplier") and not any(
        letter.isdigit() for letter in value
    ):
        return f"Who is the {lower} of {thing}?" if not lexicon.is_plural(head) else ""
    if lexicon.is_plural(head) and len(words) == 1 and _INTEGER.fullmatch(value):
        return f"How many {lower} does {thing} have?"
    if head in _NUMBERED:
        lower += " number"
    if head in lexicon.ATTRIBUTES | _ALSO | _NUMBERED:
        return f"What is the {lower} of {thing}?"
    return ""


def _topic(document: Document, title: str) -> str:
    """What a heading names, as it stands within a sentence; "" where it names nothing."""
    words = tokens(title)
    if not 2 <= len(words) <= 6 or any(word.is_last for word in words[:-1]):
        return ""
    if not names_nothing_else(words) or title.isupper() or not may_end(words[-1].text):
        return ""
    lower = [word.lower for word in words]
    if set(lower) & _NO_TOPIC or set(lower) & lexicon.AUXILIARIES or KIND.search(title):
        return ""
    if title.endswith(".") or any(is_finite(word) or lexicon.is_participle(word) for word in lower):
        return ""
    if lower[0] in lexicon.PREPOSITIONS | lexicon.WH or any(
        _acts(words, at) for at in range(len(words))
    ):
        return ""
    if lower[0].endswith("ing") and (len(words) > 2 or is_name(words[1].text, document.text)):
        return ""  # what is done, and no thing: "Booking a berth", but "Opening hours"
    if DATE.search(title) or not all(word.text.replace("-", "").isalpha() for word in words):
        return ""
    names = [is_name(word.text, document.text) for word in words]
    names[0] |= names[1] and words[0].is_name
    said = [word.text if named else word.lower for word, named in zip(words, names, strict=True)]
    return with_article(" ".join([*(["the"] if lower[1] == "of" else []), *said]))


def _acts(words: Sequence[Token], at: int) -> bool:
    """Whether a word of a title is a verb, as far as that can be told: "Members show courage"."""
    word = words[at].lower
    follows_many = at > 0 and lexicon.is_plural(words[at - 1].text)
    is_inside = 0 < at < len(words) - 1  # at its end, it is a noun: "Parental leave"
    return (is_inside and word in lexicon.VERBS) or (
        lexicon.is_verb(word) and (at == 0 or follows_many)
    )
