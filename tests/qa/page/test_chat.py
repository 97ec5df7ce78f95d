"""The chat in a real Chromium: what is being read shows first, long conversations come in portions,
and one that was left is a step away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from footnoted.corpus.files import SHIPPED
from footnoted.index.library import Library
from footnoted.qa.conversations.store import Conversations
from footnoted.qa.page import markup
from footnoted.qa.pipeline import Pipeline
from footnoted.qa.service.callers import ANYONE
from support.chromium import ask, needs_chromium, reload
from support.serving import serving

pytestmark = needs_chromium
LONG = 2 * markup.TURNS + 5


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("chat") / "index"
    library = Library.create(folder)
    library.fill(SHIPPED)
    library.close()
    return folder


@pytest.fixture(scope="module")
def long_one(index: Path) -> str:
    """The id of a conversation of ``LONG`` questions, each with a true answer."""
    (index.parent / "home").mkdir()
    library = Library.open(index)
    answer = Pipeline(library).ask("Who opposes the plan?")
    library.close()
    kept = Conversations(index.parent / "home" / "conversations.sqlite")
    id_ = kept.create(ANYONE.name, "Sample documents", "Question 1")
    for number in range(1, LONG + 1):
        kept.ask(ANYONE.name, id_, f"Question {number}")
        kept.finish(id_, number, answer)
    kept.close()
    return id_


@pytest.fixture(scope="module")
def url(index: Path, long_one: str, unplugged: dict[str, str]) -> Iterator[str]:
    with serving(index, unplugged, index.parent / "home") as address:
        yield address


@pytest.fixture
def page(context: BrowserContext, url: str) -> Page:
    page = context.new_page()
    page.goto(url)
    expect(page.locator(".welcome")).to_be_visible()
    return page


def test_what_is_being_read_shows_before_the_answer(page: Page) -> None:
    ask(page, "How many diplomats will Denmark send to Kigali?")  # until the models are ready
    page.evaluate(
        """() => {
          window.seen = [];
          new MutationObserver(() => {
            const reading = document.querySelector("#chat .reading");
            if (reading) window.seen.push(reading.closest(".reply").innerText);
          }).observe(document.getElementById("chat"), { childList: true, subtree: true });
        }"""
    )
    ask(page, "Who opposes the plan?")
    expect(page.locator(".turn .statement").first).to_be_visible()
    seen = page.evaluate("window.seen")
    assert seen and re.search(r"Reading \d+ passages of 2 documents", seen[0])
    assert "Danish government to open office in Rwanda" in seen[0]
    assert page.locator(".reading").count() == 0


def test_what_is_being_read_can_be_opened(page: Page) -> None:
    """It is shown as what it is, while the answer is held back."""
    page.locator("#question textarea").fill(
        "Which countries are part of the plan, and who opposes?"
    )
    page.locator("#question textarea").press("Enter")
    # Looked for in each frame: it is there for less than half a second.
    page.wait_for_function(
        """() => {
          const first = document.querySelector(".reading .citation");
          first?.click();
          return Boolean(first);
        }"""
    )
    expect(page.locator("#source .place")).to_contain_text("Being read")
    expect(page.locator("#document-text mark").first).to_be_visible()
    expect(page.locator(".pending")).to_have_count(0)


def test_a_long_conversation_comes_in_portions(page: Page, url: str, long_one: str) -> None:
    page = page.context.new_page()
    page.goto(f"{url}?conversation={long_one}")
    turns = page.locator(".turn")
    expect(turns).to_have_count(markup.TURNS)
    expect(turns.first.locator(".question")).to_contain_text(f"Question {LONG - markup.TURNS + 1}")
    page.get_by_role("button", name="Earlier questions").click()
    expect(turns).to_have_count(2 * markup.TURNS)
    # What was at the top is where it was.
    expect(page.locator(f"#turn-{LONG - markup.TURNS + 1}")).to_be_in_viewport()
    page.get_by_role("button", name="Earlier questions").click()
    expect(turns).to_have_count(LONG)
    expect(page.get_by_role("button", name="Earlier questions")).to_have_count(0)
    # The numbers are those of the conversation: what is judged is the right one.
    turns.nth(2).get_by_role("button", name="Right").click()
    expect(turns.nth(2).get_by_role("button", name="Right")).to_have_attribute(
        "aria-pressed", "true"
    )
    found = page.request.get(f"{url}api/conversations/{long_one}").json()
    judged = [number for number, one in enumerate(found, 1) if one.get("verdict")]
    assert judged == [3]
    ask_again = page.locator("#question textarea")
    ask_again.fill("How many diplomats will Denmark send to Kigali?")
    ask_again.press("Enter")
    expect(page.locator(f"#turn-{LONG + 1}")).to_be_visible()
    expect(page.locator(".pending")).to_have_count(0)
    expect(turns).to_have_count(markup.TURNS)


def test_a_link_opens_an_early_question(page: Page, url: str, long_one: str) -> None:
    page = page.context.new_page()
    page.goto(f"{url}?conversation={long_one}#turn-4")
    expect(page.locator("#turn-4")).to_be_in_viewport()
    expect(page.locator("#turn-4")).to_contain_text("Question 4")


def test_one_goes_back_from_a_new_conversation(page: Page) -> None:
    ask(page, "How many diplomats will Denmark send to Kigali?")
    page.get_by_role("button", name="New", exact=True).click()
    expect(page.locator(".welcome .left")).to_contain_text("How many diplomats")
    page.get_by_role("button", name="Go back to it").click()
    expect(page.locator(".turn .question")).to_contain_text("How many diplomats")
    assert "conversation=" in page.url


def test_what_is_typed_is_there_again_after_a_reload(page: Page) -> None:
    """Gradio loads the page anew by itself once a server that was away is back."""
    typed = "Who opposes <b>the plan</b>"
    page.locator("#question textarea").fill(typed)
    reload(page)
    expect(page.locator("#question textarea")).to_have_value(typed)
    page.locator("#question textarea").fill("")
    reload(page)
    expect(page.locator(".welcome")).to_be_visible()
    expect(page.locator("#question textarea")).to_have_value("")


def test_a_link_to_another_answer_of_what_is_shown_leads_there(page: Page, url: str) -> None:
    ask(page, "Who opposes the plan?")
    ask(page, "How many diplomats will Denmark send to Kigali?")
    page.get_by_role("tab", name="Files").click()
    expect(page.locator("#turn-1")).to_be_hidden()
    page.evaluate("location.hash = 'turn-1'")
    expect(page.locator("#turn-1")).to_be_in_viewport()


def test_a_question_is_kept_where_its_conversation_is_gone(page: Page, url: str) -> None:
    ask(page, "Who opposes the plan?")
    (id_,) = parse_qs(urlsplit(page.url).query)["conversation"]
    assert page.request.post(f"{url}api/conversations/remove", data={"id": id_}).ok
    box = page.locator("#question textarea")
    box.fill("How many diplomats will Denmark send to Kigali?")
    box.press("Enter")
    expect(page.locator("#refused")).to_contain_text("who can export it. Choose New")
    expect(box).to_have_value("How many diplomats will Denmark send to Kigali?")
    page.locator("#new").click()
    expect(page.locator(".welcome")).to_be_visible()
    box.press("Enter")
    expect(page.locator(".turn .statement").first).to_be_visible()
    expect(page.locator(".turn")).to_have_count(1)
    expect(page.locator("#refused")).to_be_empty()


def test_a_server_that_is_away_is_told_in_words_that_help(browser: Browser, url: str) -> None:
    page = browser.new_page()
    page.goto(url)
    expect(page.locator(".welcome")).to_be_visible()
    page.get_by_role("tab", name="Files").click()
    page.route("**/api/collections/create", lambda route: route.abort())
    page.get_by_role("button", name="New collection …").click()
    page.locator("#asked-for input").fill("Minutes")
    page.locator("#asked-for .primary").click()
    expect(page.locator("#asked-for .error")).to_contain_text("start it again, and try once more")
    page.close()


@pytest.mark.parametrize(
    ("status", "body"), [(502, ""), (503, '{"error": "This server is stopping"}'), (504, "<p>Late")]
)
def test_what_no_server_takes_is_told_once_where_it_was_asked(
    browser: Browser, url: str, status: int, body: str
) -> None:
    """By a line of ours alone: as a balancer answers, or a server that stops, or has no state."""
    page = browser.new_page()
    page.goto(url)
    expect(page.locator("#masthead header")).to_be_attached()
    away, toast = page.locator("#away"), page.locator(".toast-body")
    page.route("**/queue/join*", lambda route: route.fulfill(status=status, body=body))
    question, quotation = page.locator("#question textarea"), page.locator("#quotation textarea")
    question.fill("Who opposes the plan?")
    question.press("Enter")
    expect(away).to_be_visible()
    expect(question).to_have_value("Who opposes the plan?")
    page.get_by_role("tab", name="Look up").click()
    expect(away).to_be_hidden()
    quotation.fill("an office in Rwanda")
    quotation.press("Enter")
    expect(away).to_be_visible()
    page.get_by_role("tab", name="Evaluate").click()
    page.locator("#evaluate").click()
    expect(away).to_be_visible()
    expect(away).to_have_count(1)
    page.wait_for_timeout(1000)  # so long, Gradio would have told of it, too
    expect(toast).to_have_count(0)
    question.evaluate("box => { box.value = ''; box.dispatchEvent(new Event('input')) }")
    page.get_by_role("tab", name="History").click()  # what is refused of it is no question
    expect(away).to_be_visible()
    expect(question).to_have_value("")
    question.evaluate("box => { box.value = 'Who opposes the plan?' }")
    page.unroute("**/queue/join*")
    page.get_by_role("tab", name="Look up").click()
    quotation.press("Enter")
    expect(page.locator("#places .place").first).to_be_visible()
    expect(away).to_have_count(0)
    page.get_by_role("tab", name="Ask").click()
    question.press("Enter")
    expect(page.locator(".statement").first).to_be_visible()
    page.close()


def test_a_page_that_came_while_no_server_took_anything_goes_on_by_itself(
    browser: Browser, url: str
) -> None:
    """What was asked too early is not lost, nor asked twice."""
    page = browser.new_page()
    page.route("**/queue/join*", lambda route: route.fulfill(status=502))
    page.goto(url)
    expect(page.locator("#away")).to_be_visible()
    question = page.locator("#question textarea")
    question.fill("Who opposes the plan?")
    question.press("Enter")
    expect(question).to_have_value("")
    expect(question).to_have_value("Who opposes the plan?")  # when it is told the next time
    assert page.locator("#masthead header").count() == page.locator(".turn").count() == 0
    page.unroute("**/queue/join*")
    expect(page.locator("#masthead header")).to_be_attached()
    expect(page.locator("#away")).to_have_count(0)
    question.press("Enter")
    expect(page.locator(".statement").first).to_be_visible()
    expect(page.locator(".turn")).to_have_count(1)
    page.close()
