"""The report of an evaluation: its numbers, and the file in a real Chromium with no network."""

from __future__ import annotations

import copy
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.files import SHIPPED
from footnoted.qa.evaluation.causes import CAUSES, cause
from footnoted.qa.evaluation.metrics import aggregate, aggregate_by_kind
from footnoted.qa.evaluation.questions import read
from footnoted.qa.evaluation.report import write_report
from footnoted.qa.evaluation.report.meanings import causes
from footnoted.qa.evaluation.types import Evidence, Question
from support.chromium import needs_chromium

pytest.importorskip("matplotlib", reason="pip install 'footnoted[report]'")

EVIL = (
    "<script>window.pwned=1</script><img src=x onerror=window.pwned=2> &amp; &#13 </style>"
    "</article></main> {{ 7 * 7 }} {% raw %} https://outside.example/x \u202eright to left "
    f"\u05e9\u05dc\u05d5\u05dd 😀 e\u0301 \0 \ud800 {'long' * 120}"
)


Result = dict[str, Any]


@pytest.fixture(scope="module")
def questions() -> tuple[Question, ...]:
    return read(SHIPPED.parent / "questions.jsonl").questions


@pytest.fixture(scope="module")
def result(sample_result: Result) -> Result:
    """The run, but d05 was declined."""
    new, held = copied(sample_result)
    decline(held["d05"])
    return summed(new)


@pytest.fixture(scope="module")
def baseline(sample_result: Result) -> Result:
    """An earlier run: d05 was answered rightly, d03 declined, and d01 answered in fewer words."""
    old, held = copied(sample_result)
    decline(held["d03"])
    held["d01"]["answer"] |= {"answers": [], "statements": held["d01"]["answer"]["statements"][:1]}
    return summed(old)


def copied(result: Result) -> tuple[Result, dict[str, Any]]:
    """Another result to be changed, and its questions by their ids."""
    copy_ = copy.deepcopy(result)
    return copy_, {item["id"]: item for item in copy_["questions"]}


def decline(item: dict[str, Any]) -> None:
    item["answer"].update(answered=False, answers=[], statements=[], citations=[])
    item["scores"].update(fact_recall=0.0, abstention_accuracy=0.0, wrong_answer_rate=0.0)


def summed(result: Result) -> Result:
    """The result with its means computed anew."""
    asked = result["questions"]
    return {**result, "metrics": aggregate(asked), "by_kind": aggregate_by_kind(asked)}


def outcomes(result: Result) -> dict[str, int]:
    """How many questions each filter must show, from the scores alone."""
    scores = [item["scores"] for item in result["questions"]]
    wrong = sum(one["wrong_answer_rate"] == 1 for one in scores)
    declined = sum(
        one["abstention_accuracy"] == 0 and not item["answer"]["answered"]
        for one, item in zip(scores, result["questions"], strict=True)
    )
    return {
        "all": len(scores),
        "right": len(scores) - wrong - declined,
        "wrong": wrong + declined,
        "answered": wrong,
        "declined": declined,
    }


def hostile(result: Result) -> tuple[Result, Question]:
    """The result with one more question, of which every text is an attack."""
    question = Question(
        id=EVIL[:70],
        question=EVIL,
        answers=((EVIL, "b"), ("c",)),
        evidence=(Evidence(EVIL, None, EVIL),),
        history=(EVIL,),
        kind=EVIL[:70],
    )
    item = copy.deepcopy(next(i for i in result["questions"] if i["answer"]["citations"]))
    item |= {"id": question.id, "kind": question.kind}
    item["answer"] |= {"question": EVIL, "understood": f"{EVIL}!", "models": {EVIL: EVIL}}
    for part in item["answer"]["statements"] + item["answer"]["answers"]:
        part |= {"text": EVIL, "support": "unsupported", "why": EVIL}
    for citation in item["answer"]["citations"]:
        citation |= {"document": EVIL, "title": EVIL, "quote": EVIL}
    grown = summed({**result, "questions": [item, *result["questions"]]})
    return {**grown, "metrics": {**grown["metrics"], EVIL[:70]: 0.5}}, question


@pytest.fixture(scope="module")
def report(
    tmp_path_factory: pytest.TempPathFactory,
    result: Result,
    questions: tuple[Question, ...],
    baseline: Result,
) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    write_report(result, questions, path, baseline, date="2026-11-22")
    return path


class Visit:
    """Opens files in the browser; at the end, nothing else was asked for and nothing complained."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._requests: list[str] = []
        self._opened: list[str] = []
        self._complaints: list[str] = []

    def open(self, path: Path, width: int = 1280, height: int = 900, **options: Any) -> Page:
        page = self._browser.new_page(viewport={"width": width, "height": height}, **options)
        page.on("request", lambda request: self._requests.append(request.url))
        page.on("pageerror", lambda error: self._complaints.append(str(error)))
        page.on("dialog", lambda dialog: self._complaints.append(dialog.message))
        page.on("console", lambda message: self._complaints.append(message.text))
        page.goto(path.as_uri())
        self._opened.append(path.as_uri())
        return page

    def check(self) -> None:
        assert self._requests == self._opened
        assert not self._complaints


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    visit = Visit(browser)
    yield visit
    visit.check()


def shown(page: Page) -> int:
    return page.locator("article:visible").count()


@needs_chromium
def test_it_says_the_result_in_words(visit: Visit, report: Path, result: Result) -> None:
    page = visit.open(report)
    expected = outcomes(result)
    lead = page.locator(".lead").inner_text()
    assert lead.startswith(f"Of {expected['all']} questions, {expected['right']} were rightly")
    assert f"; {expected['answered'] or 'none'} got a wrong answer" in lead
    expect(page.locator(".about")).to_contain_text("2026-11-22")
    expect(page.locator(".about")).to_contain_text(result["index"]["id"])
    expect(page.locator(".changes")).to_contain_text("1 became right and 1 ceased to be; 1 other")


@needs_chromium
def test_every_metric_has_its_value_and_meaning(visit: Visit, report: Path, result: Result) -> None:
    page = visit.open(report)
    for name, value in result["metrics"].items():
        row = page.locator(".metrics tr").filter(has=page.locator(f"code:text-is('{name}')"))
        if not name.startswith("latency"):
            expect(row.locator(".value")).to_have_text(f"{value:.3f}")
        assert row.locator("+ tr.meaning").inner_text().strip()
    recall = page.locator(".metrics tr").filter(has_text="fact_recall")
    scored = sum("fact_recall" in item["scores"] for item in result["questions"])
    expect(recall.locator("td").nth(1)).to_have_text(str(scored))
    expect(recall.locator("+ tr .ids")).to_contain_text("Better: d03")
    expect(page.locator(".kinds thead th")).to_have_count(1 + len(result["by_kind"]))


@needs_chromium
def test_filters_and_search(visit: Visit, report: Path, result: Result) -> None:
    page = visit.open(report)
    for name, count in {**outcomes(result), "changed": 3}.items():
        button = page.locator(f"[data-filter={name}]")
        expect(button.locator(".count")).to_have_text(str(count))
        button.focus()
        page.keyboard.press("Enter")
        expect(button).to_have_attribute("aria-pressed", "true")
        expect(page.locator("[aria-pressed=true]")).to_have_count(1)
        expect(page.locator("#shown")).to_have_text(f"{count} of {len(result['questions'])} shown")
        assert shown(page) == count
    page.locator("[data-filter=all]").click()
    page.get_by_role("searchbox").fill("DIPLOMATS kigali")
    expect(page.locator("article h3:visible").first).to_contain_text("diplomats")
    assert 0 < shown(page) < len(result["questions"])
    page.get_by_role("searchbox").fill("nobody says this")
    expect(page.locator("#none")).to_be_visible()
    # A link to a question leads to it, filtered or not.
    page.locator(".ids a").first.click()
    expect(page.locator("article:target")).to_be_in_viewport()


@needs_chromium
def test_causes_are_told_and_filter(visit: Visit, report: Path, result: Result) -> None:
    page = visit.open(report)
    counts = Counter(one for item in result["questions"] if (one := cause(item)))
    assert counts["not_read"] >= 1
    rows = page.locator(".causes tbody tr:not(.meaning)")
    expect(rows).to_have_count(len(counts))
    for name, count in counts.items():
        row = rows.filter(has=page.locator(f"code:text-is('{name}')"))
        expect(row.locator("td")).to_have_text(str(count))
        assert row.locator("+ tr.meaning").inner_text().strip()
        row.locator("a").click()
        title = row.locator("a").inner_text()
        expect(page.locator("#shown")).to_have_text(
            f"{count} of {len(result['questions'])} shown: {title}"
        )
        assert shown(page) == page.locator(f"article:visible .cause:text-is('{title}')").count()
        assert shown(page) == count
        expect(page.locator("[aria-current=true]")).to_have_count(1)
        expect(page.locator("[aria-pressed=true]")).to_have_count(0)


def test_every_cause_has_its_words() -> None:
    assert tuple(causes()) == CAUSES
    assert all(words.title and words.meaning for words in causes().values())


@needs_chromium
def test_without_scripts_nothing_is_missing(visit: Visit, browser: Browser, report: Path) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(report.as_uri())
    expect(page.locator("article").first).to_be_visible()
    assert page.locator("article:visible").count() == page.locator("article").count()
    expect(page.locator("#tools")).to_be_hidden()


@needs_chromium
def test_quotations_are_marked_where_they_overlap_the_evidence(
    visit: Visit, report: Path, result: Result, questions: Sequence[Question]
) -> None:
    page = visit.open(report)
    item = next(item for item in result["questions"] if item["id"] == "d04")
    (gold,) = [question for question in questions if question.id == "d04"]
    article = page.locator("article").filter(has=page.locator("code:text-is('d04')"))
    quotes = article.locator(".side").nth(1).locator("blockquote")
    for number, citation in enumerate(item["answer"]["citations"]):
        assert quotes.nth(number).evaluate("e => e.textContent") == citation["quote"]
        marked = set()
        for place in gold.evidence:
            if place.document == citation["document"] and place.start is not None:
                held = range(place.start, place.start + len(place.quote))
                marked |= set(held) & set(range(citation["start"], citation["end"]))
        text = "".join(citation["quote"][at - citation["start"]] for at in sorted(marked))
        assert "".join(quotes.nth(number).locator("mark").all_text_contents()) == text
    expect(article.locator(".facts .given")).to_have_count(len(gold.answers))


@needs_chromium
@pytest.mark.parametrize("width", [390, 1280])
def test_hostile_text_stays_text(
    visit: Visit, tmp_path: Path, result: Result, questions: Sequence[Question], width: int
) -> None:
    grown, question = hostile(result)
    write_report(grown, [*questions, question], tmp_path / "report.html")
    page = visit.open(tmp_path / "report.html", width)
    text = EVIL.replace("\0", "\ufffd").replace("\ud800", "?")
    first = page.locator("article").first
    said = ".statement s", ".statement .support"
    for place in ("h3", ".history", ".facts b", "blockquote", ".where code", *said):
        assert text in first.locator(place).first.evaluate("e => e.textContent")
    assert page.locator("body script").count() == 1 and page.locator("img").count() == 0
    assert page.evaluate("window.pwned") is None
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@needs_chromium
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 900), (390, 844)])
def test_it_fits_the_window(
    visit: Visit, report: Path, tmp_path: Path, scheme: Any, size: tuple[int, int]
) -> None:
    """With FOOTNOTED_SCREENSHOTS=FOLDER, what a person would see is kept there."""
    folder = Path(os.environ.get("FOOTNOTED_SCREENSHOTS", tmp_path))
    folder.mkdir(exist_ok=True)
    page = visit.open(report, *size, color_scheme=scheme)
    for part in ("top", "metrics", "kinds", "causes", "plots", "questions"):
        if part != "top":
            page.locator(f"#{part}").evaluate("e => e.scrollIntoView()")
        page.screenshot(path=folder / f"report-{scheme}-{size[0]}-{part}.png")
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, background.removeprefix("rgb(").removesuffix(")").split(","))) > 380) == (
        scheme == "light"
    )
    ink = "getComputedStyle(document.querySelector('.plot svg text')).fill"
    assert page.evaluate(ink) == page.evaluate(
        "getComputedStyle(document.querySelector('dt')).color"
    )


def test_the_same_result_gives_the_same_bytes(
    tmp_path: Path, report: Path, result: Result, questions: Sequence[Question], baseline: Result
) -> None:
    write_report(result, questions, tmp_path / "again.html", baseline, date="2026-11-22")
    assert (tmp_path / "again.html").read_bytes() == report.read_bytes()


def test_it_names_no_outside_address_and_no_id_twice(report: Path) -> None:
    page = report.read_text(encoding="utf-8")
    assert not re.search(r"https?://|(?:src|srcset|xlink:href)=|@import|url\((?!#)", page)
    assert "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-" in page
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'(?:href="|url\()#([^")]+)', page)) <= set(ids)


def test_each_plot_has_its_numbers(report: Path, result: Result) -> None:
    page = report.read_text(encoding="utf-8")
    assert page.count("<svg") == 4
    answered = [item for item in result["questions"] if item["answer"]["answered"]]
    wrong = sum(item["scores"]["wrong_answer_rate"] for item in answered)
    cells = f'>0%</td><td class="n">{len(answered)}</td><td class="n">{wrong:.0f}</td>'
    assert cells in page


def test_what_is_not_judged_is_not_counted(
    tmp_path: Path, result: Result, questions: Sequence[Question]
) -> None:
    """A set for retrieval alone says nothing about answers."""
    first, bare = (
        result["questions"][0],
        replace(questions[0], answers=(), evidence=(), answers_known=False),
    )
    ranks = {"hit@1": 0.0, "hit@5": 1.0, "mrr@10": 1 / 3, "ndcg@10": 0.5}
    searched = summed({**result, "questions": [{**first, "scores": ranks}]})
    write_report(searched, [bare], tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "1 question searched for, none judged: retrieval alone." in page
    assert page.count("<svg") == 2  # retrieval and latency
    assert '<td class="n">2</td><td class="n">0.0%</td></tr><tr><td class="n">3</td>' in page
    assert next(iter(bare.relevant)) in page


def test_a_perfect_single_question(
    tmp_path: Path, result: Result, questions: Sequence[Question]
) -> None:
    (right,) = [item for item in result["questions"] if item["id"] == "d03"]
    write_report(summed({**result, "questions": [right]}), questions, tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "The one question was rightly answered or declined." in page


def test_bad_input_is_one_line(
    tmp_path: Path,
    result: Result,
    questions: Sequence[Question],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(UnusableInput, match="give the question set that was evaluated"):
        write_report(result, questions[1:], tmp_path / "report.html")
    with pytest.raises(UnusableInput, match=r"cannot write .*; choose another file"):
        write_report(result, questions, tmp_path / "missing" / "report.html")
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(UnusableInput, match=re.escape("pip install 'footnoted[report]'")):
        write_report(result, questions, tmp_path / "report.html")
