"""The page's HTML: inert, exact, and as much of it as a person can look at."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from footnoted.corpus.spans import Annotation, Kind, Page, Span, in_order
from footnoted.corpus.types import Document, Listed
from footnoted.index.types import FileReceipt, Origin
from footnoted.qa.conversations.types import Conversation, Turn
from footnoted.qa.lookup.draft import Checked, Piece
from footnoted.qa.lookup.lookup import Difference, Match
from footnoted.qa.page import markup, state
from footnoted.qa.page.state import Target
from footnoted.qa.service.filing import Files, ListedFile, Wanted
from footnoted.qa.service.service import ListedCollection
from footnoted.qa.types import (
    Answer,
    Citation,
    Form,
    IndexState,
    Ledger,
    LeftOut,
    Models,
    Row,
    Searched,
    Seconds,
    ShortAnswer,
    Statement,
)

EVIL = "\"><script>pwned</script>'&amp; \r\n\rend"
AROUND: list[Kind] = ["list", "table", "record", "quotation"]
KINDS: list[tuple[Kind, str]] = [
    *(("heading", "1"), ("paragraph", EVIL), ("item", EVIL), ("row", "header"), ("row", EVIL)),
    *(("row", EVIL), ("turn", EVIL), ("code", EVIL), ("note", EVIL), ("running", EVIL)),
    *(("boilerplate", EVIL), ("metadata", EVIL)),
]


def line(number: int) -> Span:
    """Where one of several lines of evil stands."""
    start = number * (len(EVIL) + 1)
    return Span(start, start + len(EVIL))


DOCUMENT = Document(EVIL, f"Before {EVIL}. {EVIL} after.\r\n", EVIL, EVIL, EVIL)
CITATION = Citation.of(1, DOCUMENT, Span(3, 30))
ANSWER = Answer(
    question=EVIL,
    understood=f"{EVIL}?",
    answered=True,
    confidence=0.9,
    answers=(ShortAnswer(EVIL, 0.9, (1,), EVIL),),
    statements=(Statement(f"{EVIL} said", EVIL, (1,)), Statement("More.", "supported", ())),
    citations=(replace(CITATION, page=2, page_label=EVIL),),
    coverage=Searched(1, 1, 1, 1),
    nearest=(),
    models=Models(EVIL, EVIL),
    index=IndexState(EVIL, 1),
    seconds=Seconds(0.0, 1.0, 1.0),
    unanswered=(EVIL,),
)
FORMS: list[Form] = ["summary", "comparison", "timeline", "positions"]
LAID_OUT = replace(
    ANSWER,
    statements=(Statement(EVIL, "verbatim", (1,)),),
    columns=(EVIL, EVIL),
    rows=(Row(((1,), (1,)), EVIL, EVIL, EVIL), Row(((1,), ()), EVIL, f"{EVIL}?", EVIL)),
    note=EVIL,
)
ALL_KINDS = Document(
    EVIL,
    "\n".join([EVIL] * 12),
    EVIL,
    pages=(Page(0, 100, 1, EVIL), Page(100, 300, 2, EVIL)),
    annotations=in_order(
        [
            *(Annotation(*line(n), kind, value) for n, (kind, value) in enumerate(KINDS)),
            *(Annotation(0, line(8).end, kind, EVIL) for kind in AROUND),
            *(Annotation(*line(n), "cell", EVIL) for n in (4, 5)),
        ]
    ),
)
DECLINED = replace(
    ANSWER,
    answered=False,
    outcome="not found",
    answers=(),
    statements=(),
    citations=(),
    nearest=(CITATION,),
)


FILE = FileReceipt(
    *(EVIL, 1, 9, 3, 1, "added", (EVIL, f"{EVIL} noted")),
    **{"size": 9, "reader": EVIL, "languages": (EVIL,), "same_as": EVIL, "near": EVIL},  # type: ignore[arg-type]
    lost=(EVIL,),
)
FAILED = FileReceipt(EVIL, 0, 0, None, 0, "failed", failure=EVIL)
LISTED = [ListedFile(FILE, EVIL, EVIL, was_brought=True), ListedFile(FAILED, None)]
COLLECTION = ListedCollection(EVIL, None, None)


class Parsed(HTMLParser):
    """The elements of a piece of HTML, and the text inside those of one class."""

    def __init__(self, html: str, within: str = "") -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self._within = within
        self._depth = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if self._depth or self._within in (dict(attributes).get("class") or "").split():
            self._depth += 1

    def handle_endtag(self, tag: str) -> None:
        self._depth -= bool(self._depth)

    def handle_data(self, data: str) -> None:
        self.text += data if self._depth else ""


def match(kind: str = "exact", document: Document = DOCUMENT, number: int = 1) -> Match:
    citation = Citation.of(number, document, Span(3, 30))
    runs = (Difference("same", EVIL, EVIL), Difference("replaced", EVIL, f"{EVIL} "))
    return Match(citation, kind, 0.9, runs, EVIL, EVIL)


def everything() -> dict[str, str]:
    target = Target(EVIL, 3, 30, DOCUMENT.sha256, 1, "citation")
    listed = Listed(EVIL, EVIL, EVIL, EVIL, 1, EVIL)
    return {
        "chat": markup.chat([Turn(EVIL), Turn(EVIL, error=EVIL), Turn(EVIL, ANSWER)], []),
        **{form: markup.chat([Turn(EVIL, replace(LAID_OUT, form=form))], []) for form in FORMS},
        "declined": markup.chat([Turn(EVIL, DECLINED)], []),
        "welcome": markup.chat([], [EVIL]),
        "notice": markup.notice("error", EVIL),
        "source": markup.source(DOCUMENT, target),
        "all kinds": markup.source(ALL_KINDS, Target(EVIL, 3, 400, ALL_KINDS.sha256, 1, "match")),
        "portion": markup.source(ALL_KINDS, Target(EVIL, 3, 30, EVIL, 1, "match", block=5)),
        "changed": markup.source(DOCUMENT, replace(target, sha256=EVIL)),
        "receipt": markup.source(DOCUMENT, target, Origin(FILE, (EVIL,), (EVIL,))),
        "missing": markup.missing(target),
        "files": markup.files(
            Files(LISTED, 0, 2, EVIL, Wanted(kind=EVIL, language=EVIL), [EVIL, "b"], [EVIL, "b"])
        ),
        "unread": markup.chat([Turn(EVIL, ANSWER)], [], LISTED),
        "documents": markup.documents([listed], focus=True),
        "exact": markup.places([match()]),
        "draft": markup.draft(
            [Checked(Piece(EVIL, 0, 9), found) for found in ((match(),), (match("close"),), ())]
        ),
        "masthead": markup.masthead([COLLECTION, replace(COLLECTION, name="b")], COLLECTION, EVIL),
        "refused": markup.refused(EVIL, EVIL),
        "conversations": markup.conversations([Conversation(EVIL, EVIL, EVIL, 2, EVIL)], EVIL),
        "checked": markup.chat(
            [Turn(EVIL, ANSWER)], conversation=EVIL, loading=True, problems={1: [EVIL]}
        ),
        "close": markup.places([match("close")]),
    }


@pytest.mark.parametrize("name", everything())
def test_text_stays_text(name: str) -> None:
    html = everything()[name]
    assert "script" not in Parsed(html).tags
    assert "pwned" in html and "<script" not in html
    # A browser would make a line feed of it.
    assert "\r" not in html


@pytest.mark.parametrize(("start", "end"), [(0, 1), (3, 30), (0, len(DOCUMENT.text))])
def test_the_text_of_a_source_is_the_documents_to_the_character(start: int, end: int) -> None:
    target = Target(DOCUMENT.id, start, end, DOCUMENT.sha256, 1, "match")
    html = markup.source(DOCUMENT, target)
    assert Parsed(html, "text").text == DOCUMENT.text
    before, quote, _ = re.split(r"<mark [^>]+>|</mark>", html)
    body = before[before.index('id="document-text"') :]
    assert set(Parsed(f"<div {body}</div></div>").tags) == {"div", *(["span"] if start else [])}
    assert Parsed(f'<p class="it">{quote}</p>', "it").text == DOCUMENT.text[start:end]


def test_a_place_outside_its_document_is_an_error() -> None:
    with pytest.raises(ValueError, match="not inside"):
        markup.source(DOCUMENT, Target(EVIL, 3, 999, DOCUMENT.sha256, 1, "match"))


def test_files_that_are_unreadable_are_unfolded_from_their_number() -> None:
    files = [ListedFile(replace(FAILED, path=f"{number}.pdf"), None) for number in range(9)]
    most = files[: markup.UNREAD + 1]
    missed = replace(ANSWER, coverage=Searched(1, 1, 1, 9))
    html = markup.chat([Turn("?", missed)], [], most)
    assert "<summary>9 files unreadable</summary>" in html
    assert html.count(".pdf</bdi>") == markup.UNREAD and "All of these files" in html
    assert "All of these files" not in markup.chat([Turn("?", missed)], [], files[:1])
    assert "By now, all of them are read." in markup.chat([Turn("?", missed)], [])
    none = markup.chat([Turn("?", replace(missed, coverage=Searched(1, 1, 1, 0)))], [])
    assert "0 files unreadable." in none and "<details" not in none


def test_a_file_with_many_warnings_shows_the_first() -> None:
    noted = tuple(f"message {number} is odd" for number in range(50))
    html = markup.files(Files([ListedFile(replace(FILE, warnings=noted), None)], 0, 1, ""))
    assert html.count("is odd") == 20 and "and 30 more;" in html


def test_what_comes_first_is_the_answers_decision() -> None:
    html = markup.chat([Turn("?", ANSWER)], [])
    said, more = html.index("end said"), html.index("More on this")
    assert said < more < html.index("More.", more + len("More on this"))


def test_the_speaker_stands_beside_the_quotation() -> None:
    html = markup.chat([Turn("?", ANSWER)], [])
    assert Parsed(html, "speaker").text.split() == ["—", *EVIL.split()]
    nobody = replace(ANSWER, answers=(replace(ANSWER.answers[0], speaker=None),))
    assert "speaker" not in markup.chat([Turn("?", nobody)], [])


def test_the_ledger_of_a_list_is_folded_and_stays_text() -> None:
    left_out = LeftOut(EVIL, "in doubt", 0.4, EVIL, 0, 3)
    listed = replace(ANSWER, ledger=Ledger(2, 10, 3, (left_out,)))
    html = markup.chat([Turn("?", listed)], [])
    ledger = Parsed(html, "ledger").text
    assert "Searched 2 of" in ledger and "1 in doubt" in ledger and "40%" in ledger
    assert "<script>pwned" not in html
    assert "ledger" not in markup.chat([Turn("?", ANSWER)], [])


# -- look-ups ------------------------------------------------------------------------------------


def shown(html: str) -> tuple[int, int]:
    """How many places stand there at once, and how many on request."""
    folded = sum(map(len, re.findall("<details>.*?</details>", html, re.DOTALL)))
    inside = "".join(re.findall("<details>.*?</details>", html, re.DOTALL))
    assert folded == len(inside)
    return html.count('class="match"') - inside.count('class="match"'), inside.count(
        'class="match"'
    )


def test_places_stand_in_their_sentences() -> None:
    document = Document("d", "The boat Maren is red.", "Boats")
    citation = Citation.of(1, document, Span(9, 14))
    same = Difference("same", "maren", "Maren")
    html = markup.places([Match(citation, "exact", 1.0, (same,), "The boat ", " is red.")])
    assert ">The boat <mark>Maren</mark> is red.</blockquote>" in html
    assert "<details>" not in html


def test_many_places_are_folded_and_more_are_counted() -> None:
    html = markup.places([match(number=n) for n in range(1, 19)])
    assert shown(html) == (10, 8) and "Show 8 more" in html
    html = markup.places([match(number=n) for n in range(1, 201)])
    assert shown(html) == (10, 50) and "and 140 more places here" in html


def test_every_document_shows_its_first_places() -> None:
    documents = [replace(DOCUMENT, id=f"{n}.txt") for n in range(25)]
    html = markup.places([match(document=one) for one in documents for _ in range(4)])
    assert html.count("<section") == 20 and shown(html) == (60, 20)
    assert "and 20 more places in 5 more documents" in html


# -- what the browser gives back -----------------------------------------------------------------


def test_a_target_is_what_a_button_names() -> None:
    data = {"document": "d", "start": "3", "end": "30", "sha256": "x", "number": "1"}
    assert state.target({**data, "kind": "match"}) == Target("d", 3, 30, "x", 1, "match")
    assert state.target(dict.fromkeys(data) | {"document": "d", "kind": None}) == Target("d")
    wrong: list[Any] = [{}, None, {"document": "d", "kind": "x"}, {"document": "d", "start": "x"}]
    for one in wrong:
        with pytest.raises(state.Unreadable):
            state.target(one)


@pytest.mark.slow
def test_importing_the_page_changes_nothing_of_the_process() -> None:
    program = (
        "import os, gradio\n"
        "before = dict(os.environ)\n"
        "import footnoted.qa.page.app\n"
        "assert dict(os.environ) == before and 'GRADIO_ANALYTICS_ENABLED' not in before"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_documents_that_are_titled_alike_are_told_apart() -> None:
    march, april, other = (
        Citation.of(n, Document(f"{name}.txt", f"It met in {name}.", title), Span(0, 6))
        for n, (name, title) in enumerate(
            [("march", "Town council"), ("april", "Town council"), ("may", "Press release")], 1
        )
    )
    rows = (Row(((1,),), "Town council"), Row(((2,),), "Town council"))
    both = replace(LAID_OUT, form="summary", columns=(), rows=rows, citations=(march, april, other))
    named = Parsed(chat(both), "where").text
    assert "march.txt" in named and "april.txt" in named and "may.txt" not in named
    labels = Parsed(chat(both), "label").text
    assert "march.txt" in labels and "april.txt" in labels
    alone = Parsed(chat(replace(both, citations=(march, other), rows=rows[:1])), "where").text
    assert "Town council" in alone and "march.txt" not in alone
    matches = [
        Match(c, "exact", 1.0, (Difference("same", "", ""),), "", "") for c in (march, april)
    ]
    pasted = [Checked(Piece("It met", 0, 6), (one,)) for one in matches]
    for html in (markup.places(matches), markup.draft(pasted)):
        assert "march.txt</" in html and "april.txt</" in html


def chat(answer: Answer) -> str:
    return markup.chat([Turn("Q?", answer)])
