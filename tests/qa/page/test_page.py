"""The page in a real Chromium, over a real index: shipped documents, hostile ones, a long one."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from gradio_client import Client
from playwright.sync_api import Page, expect

from footnoted.corpus.types import Document, Listed
from footnoted.qa.types import Answer
from support.chromium import (
    EVIL_SENTENCE,
    TEXT_SHOWN,
    TIDES_ID,
    Window,
    ask,
    assert_marked,
    choose,
    needs_chromium,
    reload,
    seen,
)

ROOT = Path(__file__).parents[3]


def saved(page: Page, turn: int = 0) -> dict[str, Any]:
    """The answer object that "Save answer" gives."""
    with page.expect_download() as download:
        page.locator(".turn").nth(turn).get_by_role("link", name="Save answer").click()
    answer: dict[str, Any] = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    return answer


@needs_chromium
def test_footnotes_open_their_quotations(page: Page, documents: dict[str, Document]) -> None:
    page.get_by_role("button", name="Who opposes the plan?").click()
    expect(page.locator(".pending")).to_have_count(0)
    answer = saved(page)
    said = page.locator(".statement .said").all_text_contents()
    for name in ("Amnesty International", "Social Liberal", "Red Green Alliance", "UNHCR"):
        assert any(name in statement for statement in said)
    notes = page.locator(".statement .note")
    assert notes.count() == len(answer["citations"]) == len(said)
    for number, citation in enumerate(answer["citations"]):
        choose(page, notes.nth(number))
        assert_marked(page, citation, documents)
        expect(page.locator("#source .byline")).to_contain_text("Ritzau/The Local")
        expect(page.locator(".citation").nth(number)).to_contain_text("Ritzau/The Local")


@needs_chromium
def test_footnotes_of_an_older_answer_are_its_own(
    page: Page, documents: dict[str, Document]
) -> None:
    ask(page, "Who opposes the plan?")
    ask(page, "How many diplomats will Denmark send to Kigali?")
    for turn in (1, 0):
        choose(page, page.locator(".turn").nth(turn).locator(".note", has_text="1").first)
        assert_marked(page, saved(page, turn)["citations"][0], documents)


@needs_chromium
def test_declining_offers_the_nearest_passages(page: Page, documents: dict[str, Document]) -> None:
    ask(page, "How much will the office cost?")
    expect(page.locator(".declined")).to_have_text("The documents do not answer this question.")
    expect(page.get_by_text("Nearest passages, not answers")).to_be_visible()
    answer = saved(page)
    assert not answer["citations"] and 0 < len(answer["nearest"]) <= 3
    choose(page, page.locator(".nearest .citation").first)
    assert_marked(page, answer["nearest"][0], documents)
    expect(page.locator("#source .place")).to_contain_text("Nearest passage, not an answer")


@needs_chromium
def test_a_follow_up_says_how_it_was_understood(page: Page) -> None:
    ask(page, "What did UNHCR say about the plan?")
    ask(page, "And Amnesty?")
    understood = page.locator(".understood")
    expect(understood).to_contain_text("Understood as: What did Amnesty say about the plan?")
    expect(page.locator(".turn").nth(1).locator(".said").first).to_contain_text("Amnesty")
    understood.get_by_role("button", name="Ask it as I typed it").click()
    expect(page.locator(".turn")).to_have_count(3)
    expect(page.locator(".pending")).to_have_count(0)
    expect(page.locator(".turn").nth(2)).not_to_contain_text("Understood as")


@needs_chromium
def test_a_footnote_shows_what_it_cites_while_it_is_pointed_at(page: Page) -> None:
    ask(page, "Who opposes the plan?")
    notes, preview = page.locator(".note"), page.locator("#preview")
    notes.first.hover()
    expect(preview).to_be_visible()
    expect(preview).to_contain_text(page.locator(".citation .short").first.inner_text())
    expect(preview).to_contain_text("Ritzau/The Local")
    page.mouse.move(5, 5)
    expect(preview).to_be_hidden()
    notes.first.focus()
    page.keyboard.press("ArrowRight")
    expect(notes.nth(1)).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(notes.last).to_be_focused()
    expect(preview).to_be_visible()
    page.keyboard.press("Escape")
    expect(preview).to_be_hidden()


@needs_chromium
def test_what_is_typed_after_enter_belongs_to_the_next_question(page: Page) -> None:
    page.locator("#question textarea").focus()
    page.keyboard.type("Who opposes the plan?")
    page.keyboard.press("Enter")
    page.keyboard.type("And why")
    expect(page.locator(".statement")).not_to_have_count(0)
    expect(page.locator(".turn h2")).to_contain_text("Who opposes the plan?")
    assert page.locator("#question textarea").input_value() == "And why"


@needs_chromium
def test_a_question_survives_the_tab_that_asked_it(page: Page) -> None:
    page.locator("#question textarea").fill("Who opposes the plan?")
    page.locator("#question textarea").press("Enter")
    page.wait_for_function("location.search.includes('conversation')")
    link = page.url
    page.close()
    other = page.context.new_page()
    other.goto(link)
    expect(other.locator(".turn .statement")).not_to_have_count(0)
    expect(other.locator("#ask")).to_be_enabled()


@needs_chromium
def test_conversations_are_found_opened_renamed_and_deleted(page: Page) -> None:
    ask(page, "How many diplomats will Denmark send to Kigali?")
    page.locator("#new").click()
    expect(page.locator(".welcome")).to_be_visible()
    page.get_by_role("tab", name="History").click()
    page.locator("#find-conversations input").fill("diplomats")
    listed = page.locator(".conversation")
    expect(listed.first).to_contain_text("How many diplomats")
    listed.first.hover()
    listed.first.get_by_role("button", name="Rename").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill("Diplomats, counted")
    page.keyboard.press("Enter")
    expect(listed.first).to_contain_text("Diplomats, counted")
    listed.first.locator(".opens").click()
    expect(page.locator(".turn")).to_have_count(1)
    expect(page.locator(".turn")).to_contain_text("every quotation stands where it says")
    page.get_by_role("tab", name="History").click()
    listed.first.hover()
    listed.first.get_by_role("button", name="Delete").click()
    dialog.get_by_role("button", name="Delete for good").click()
    expect(page.locator("#conversations")).not_to_contain_text("Diplomats, counted")
    page.get_by_role("tab", name="Ask").click()
    expect(page.locator(".welcome")).to_be_visible()


@needs_chromium
def test_hostile_text_stays_text(page: Page, documents: dict[str, Document]) -> None:
    ask(page, "What did the lighthouse keeper Zebedee say?")
    ask(page, "Who is <img src=x onerror=window.pwned=9> ${window.pwned=10} {{1}} `x`?")
    answer = saved(page)
    (said,) = [s["text"] for s in answer["statements"] if s["text"] in EVIL_SENTENCE]
    assert "<script>" in said
    first = page.locator(".turn").first
    assert first.locator(".said").first.evaluate("e => e.textContent") == " ".join(said.split())
    choose(page, first.locator(".note").first)
    assert_marked(page, answer["citations"][0], documents)
    # No element is there but those of blocks and the mark.
    made_of = "[...new Set([...document.querySelectorAll('#document-text *')].map(e => e.tagName))]"
    assert set(page.evaluate(made_of)) <= {"H3", "P", "MARK", "SPAN"}
    assert page.locator("#chat :is(img, script), #source :is(img, script)").count() == 0
    assert page.evaluate("window.pwned") is None


@needs_chromium
def test_keys_alone_are_enough(page: Page, documents: dict[str, Document]) -> None:
    expect(page.locator("#question textarea")).to_be_focused()
    page.keyboard.type("Who opposes the plan?")
    page.keyboard.press("Enter")
    expect(page.locator(".statement")).not_to_have_count(0)
    expect(page.locator("#question textarea")).to_be_focused()
    page.locator(".note").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#quote")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".note").first).to_be_focused()


@needs_chromium
def test_a_question_that_is_refused_stays_in_the_box(page: Page) -> None:
    ask(page, "Who opposes the plan?")
    page.locator("#question textarea").fill("why " * 1000)
    page.locator("#question textarea").press("Enter")
    expect(page.locator("#refused")).to_have_text(
        "The question has 3,999 characters; ask in at most 2,000"
    )
    assert page.locator("#question textarea").input_value() == ("why " * 1000).strip()
    expect(page.locator(".turn").first.locator(".statement")).not_to_have_count(0)


@needs_chromium
def test_a_refused_question_does_not_come_back_once_another_one_is_asked(page: Page) -> None:
    box, too_long = page.locator("#question textarea"), ("why " * 1000).strip()
    for _ in range(2):  # the same refusal twice gives the question back twice
        box.fill(too_long)
        box.press("Enter")
        expect(page.locator("#refused")).to_contain_text("ask in at most 2,000")
        expect(box).to_have_value(too_long)
    ask(page, "Who opposes the plan?")
    expect(page.locator("#refused")).to_be_empty()
    expect(box).to_have_value("")


@needs_chromium
def test_tabs_do_not_mix_and_a_reload_loses_nothing(page: Page, url: str) -> None:
    ask(page, "Who opposes the plan?")
    other = page.context.new_page()
    other.goto(url)
    expect(other.locator(".welcome")).to_be_visible()
    expect(page.locator("#ask")).to_be_enabled()
    reload(page)
    expect(page.locator(".turn")).to_have_count(1)
    expect(page.locator(".turn")).to_contain_text("every quotation stands where it says")
    page.locator("#new").click()
    expect(page.locator(".welcome")).to_be_visible()
    assert "conversation" not in page.url


@needs_chromium
def test_every_document_can_be_opened(page: Page, documents: dict[str, Document]) -> None:
    for number, document in enumerate(documents.values()):
        choose(page, page.locator("#source .document").nth(number))
        shown = page.evaluate(TEXT_SHOWN)
        assert (
            seen(document).startswith(shown)
            if document.id == TIDES_ID
            else (shown == seen(document))
        )
        choose(page, page.get_by_role("button", name="Documents", exact=True))


@needs_chromium
def test_it_fits_the_window(window: Window) -> None:
    page = window.page
    window.keep("empty")
    ask(page, "Who opposes the plan?")
    window.keep("answer")
    choose(page, page.locator(".note").nth(1))
    expect(page.locator("#quote")).to_be_in_viewport()
    window.keep("source")
    ask(page, "How much will the office cost?")
    window.keep("declined")
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, background.removeprefix("rgb(").removesuffix(")").split(","))) > 380) == (
        window.scheme == "light"
    )


def test_the_page_names_no_outside_address(url: str) -> None:
    import httpx

    served = httpx.get(url)
    assert "default-src 'self'" in served.headers["content-security-policy"]
    head = served.text.split("</head>")[0]
    assert not re.search("https?://", head.replace(url.rstrip("/"), ""))


def test_ask_and_documents_are_endpoints(url: str, documents: dict[str, Document]) -> None:
    client = Client(url, verbose=False)
    answer = client.predict("Who opposes the plan?", [], api_name="/ask")
    of_some = ("written", "form", "columns", "rows", "note")  # of written answers, and of forms
    fields = [name for name in Answer.__dataclass_fields__ if name not in of_some]
    assert list(answer) == ["format", *fields]
    for citation in answer["citations"]:
        text = documents[citation["document"]].text
        assert text[citation["start"] : citation["end"]] == citation["quote"]
    follow_up = client.predict("And the parties?", ["Who opposes the plan?"], api_name="/ask")
    assert follow_up["understood"] == "Who opposes the plan, and the parties?"
    listed = client.predict(api_name="/documents")
    expected = (
        Listed(
            *(d.id, d.title, d.publisher, d.date, len(d.text), d.sha256),
            *(d.author, d.language, None, d.reader),
        )
        for d in documents.values()
    )
    assert listed == [asdict(one) for one in expected]


def test_errors_of_endpoints_are_one_line(url: str) -> None:
    import httpx

    for data, message in [
        (["", []], "The question is empty"),
        ([7, []], "question is a text and history a list of texts"),
        (["Who?", [7]], "question is a text and history a list of texts"),
        (["why " * 1000, []], "The question has 4,000 characters"),
    ]:
        reply = httpx.post(f"{url}gradio_api/run/ask", json={"data": data}, timeout=60)
        assert reply.status_code == 500 and reply.json()["error"].startswith(message)
    assert httpx.post(f"{url}gradio_api/run/converse", json={"data": []}).status_code == 404


def test_a_port_in_use_is_one_line(url: str, served_index: Path) -> None:
    port = str(urlsplit(url).port)
    result = subprocess.run(
        [sys.executable, "-m", "footnoted", "serve", "--port", port, "--index", str(served_index)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 2 and result.stdout == ""
    assert result.stderr == (
        f"footnoted: cannot serve on 127.0.0.1, port {port}: Address already in use; "
        "choose another with --host or --port\n"
    )
