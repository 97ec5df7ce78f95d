"""Answers in a notebook: all that is said is there, and what documents say stays text."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from footnoted.corpus.types import Document, Span
from footnoted.qa.types import (
    Answer,
    Citation,
    IndexState,
    Models,
    Searched,
    Seconds,
    ShortAnswer,
    Statement,
)

TEXT = "The oldest boat is the Maren. She was built in 1890."
HARBOUR = Document("harbour.txt", TEXT, "Harbour", "The Port", "2021-05-01")
ANSWER = Answer(
    question="And the oldest?",
    understood="What is the oldest boat?",
    answered=True,
    confidence=0.9,
    answers=(ShortAnswer("Maren", 0.9, (1,), "Ane Kvist"),),
    statements=(Statement(TEXT[30:], "verbatim", (2,)), Statement(TEXT[:29], "verbatim", (1,))),
    citations=(Citation.of(1, HARBOUR, Span(0, 29)), Citation.of(2, HARBOUR, Span(30, 52))),
    coverage=Searched(1, 2, 2, 0),
    nearest=(),
    models=Models("e", "r"),
    index=IndexState("i", 1),
    seconds=Seconds(0.1, 0.1, 0.2),
)
DECLINED = replace(
    ANSWER,
    answered=False,
    outcome="not found",
    answers=(),
    statements=(),
    citations=(),
    nearest=ANSWER.citations,
)


class Shown(HTMLParser):
    """What a reader sees, and of which elements and attributes it is made."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.text = ""
        self.made_of: set[str] = set()
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.made_of |= {tag, *(name for name, _ in attrs)}

    def handle_data(self, data: str) -> None:
        self.text += data

    @property
    def line(self) -> str:
        return " ".join(self.text.split())


def test_an_answer_is_shown_with_its_footnotes() -> None:
    shown = Shown(ANSWER._repr_html_())
    assert shown.line == (
        "Understood as: What is the oldest boat? Maren[1] The oldest boat is the Maren.[1] "
        "— Ane Kvist More on this: She was built in 1890.[2] Harbour · The Port harbour.txt, "
        "1 May 2021, characters 0 to 29 The oldest boat is the Maren. Harbour · The Port "
        "harbour.txt, 1 May 2021, characters 30 to 52 She was built in 1890. "
        "2 of 2 passages in 1 document read; confidence 0.90"
    )


def test_a_declined_question_is_shown_with_the_nearest_passages() -> None:
    shown = Shown(DECLINED._repr_html_()).line
    assert "The documents do not answer this question. Nearest passages, not answers:" in shown
    assert shown.count("Harbour · The Port harbour.txt, 1 May 2021,") == 2
    assert "Nearest" not in replace(DECLINED, nearest=())._repr_html_()


def test_a_declined_question_says_what_is_not_in_english() -> None:
    coverage = replace(DECLINED.coverage, documents=3, languages={"de": 1})
    shown = Shown(replace(DECLINED, coverage=coverage)._repr_html_()).line
    assert "1 of 3 documents is not in English (German); English alone is read well." in shown
    assert "English" not in DECLINED._repr_html_()


def test_what_is_not_known_leaves_no_trace() -> None:
    citation = replace(ANSWER.citations[0], publisher=None, page=3, page_label="iii")
    coverage = replace(ANSWER.coverage, unreadable=2)
    shown = Shown(replace(DECLINED, nearest=(citation,), coverage=coverage)._repr_html_()).line
    assert "Harbour harbour.txt, p. iii (sheet 3), 1 May 2021, characters 0 to 29" in shown
    assert "None" not in shown and "; 2 files unreadable;" in shown


@given(st.text(min_size=1) | st.sampled_from(["<script>x</script>", "'\"><img src=x onerror=y>"]))
def test_no_text_becomes_html(evil: str) -> None:
    document = Document(evil, evil, evil, evil, evil)
    citation = replace(Citation.of(1, document, Span(0, len(evil))), page=1, page_label=evil)
    for answer in (ANSWER, DECLINED):
        hostile = replace(
            answer,
            question="Who?",
            understood=evil,
            answers=(ShortAnswer(evil, 0.9, (1,), evil),),
            statements=(Statement(f"{evil}!", evil, (1,)),),
            citations=(citation,),
            nearest=(citation,),
        )
        shown = Shown(hostile._repr_html_())
        assert shown.made_of <= Shown(ANSWER._repr_html_()).made_of | {"em"}
        # NUL has no character reference in HTML.
        assert shown.line.count(" ".join(evil.replace("\0", "\ufffd").split())) >= 6
