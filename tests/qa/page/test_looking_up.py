"""The Look up tab in a real Chromium, and its endpoint."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from gradio_client import Client
from playwright.sync_api import Page, expect

from footnoted.corpus.types import Document
from footnoted.index.library import Library
from footnoted.qa.lookup.lookup import lookup
from support.chromium import (
    EVIL_SENTENCE,
    Window,
    ask,
    assert_marked,
    choose,
    look_up,
    needs_chromium,
)

EXACT = "Danish immigration minister Kaare Dybvad Bek"
CLOSE = (
    "the centre-left Social Liberal party and right-wing Red Green Alliance, have both stated that "
    "they support the plan to process all asylum seekers in Rwanda"
)


@pytest.fixture
def lookup_page(page: Page) -> Page:
    page.get_by_role("tab", name="Look up").click()
    expect(page.locator("#quotation textarea")).to_be_visible()
    return page


def assert_shown(page: Page, number: int, citation: dict[str, Any]) -> None:
    """The match says whose it is and where, and opens there."""
    match = page.locator(".match").nth(number)
    expect(match.locator("xpath=ancestor::section//h2")).to_contain_text(citation["title"])
    expect(match.locator(".span")).to_contain_text(
        f"characters {citation['start']} to {citation['end']}"
    )
    choose(page, match.locator("button"))


@needs_chromium
def test_an_exact_quotation_opens_where_it_stands(
    lookup_page: Page, url: str, documents: dict[str, Document]
) -> None:
    page = lookup_page
    look_up(page, f"“{EXACT.upper()}”")
    (found, *others) = Client(url, verbose=False).predict(f"“{EXACT.upper()}”", api_name="/lookup")
    assert not others and found["quote"] == EXACT and found["match"] == "exact"
    expect(page.locator(".match")).to_have_count(1)
    expect(page.locator(".how")).to_have_text("exact")
    expect(page.locator(".found .made")).to_contain_text("Ritzau/The Local")
    expect(page.locator(".match mark")).to_have_text(EXACT)
    assert page.locator(".match :is(del, ins)").count() == 0
    assert_shown(page, 0, found)
    assert_marked(page, found, documents)
    expect(page.locator("#source .place")).to_contain_text("Found: characters")


@needs_chromium
def test_a_close_one_shows_the_words_that_differ(
    lookup_page: Page, url: str, documents: dict[str, Document]
) -> None:
    page = lookup_page
    look_up(page, CLOSE, "Control+Enter")
    found = Client(url, verbose=False).predict(CLOSE, api_name="/lookup")
    first = page.locator(".match").first
    share = round(100 * found[0]["similarity"])
    assert found[0]["match"] == "close" and share < 100
    expect(first.locator(".how")).to_have_text(f"close, {share} %")
    given, source = (
        [word.strip(" -,") for word in first.locator(tag).all_text_contents()]
        for tag in ("del", "ins")
    )
    assert given == ["right", "support", "all"] and source == ["left", "oppose"]
    # Without the words that are only in what was given, the source's own are left.
    kept = first.locator(".woven").evaluate(
        "e => { const copy = e.cloneNode(true);"
        " copy.querySelectorAll('del').forEach(gone => gone.remove()); return copy.textContent }"
    )
    assert kept.split() == found[0]["quote"].split()
    expect(page.locator(".legend")).to_be_visible()
    assert_shown(page, 0, found[0])
    assert_marked(page, found[0], documents)


@needs_chromium
def test_many_places_stand_in_their_sentences_by_document(
    lookup_page: Page, url: str, documents: dict[str, Document]
) -> None:
    page = lookup_page
    look_up(page, "Rwanda")
    found = Client(url, verbose=False).predict("Rwanda", api_name="/lookup")
    assert len(found) > 10
    expect(page.locator(".found")).to_have_count(len({one["document"] for one in found}))
    expect(page.locator(".match")).to_have_count(len(found))
    for number, citation in enumerate(found):
        sentence = page.locator(".match blockquote").nth(number).evaluate("e => e.textContent")
        assert len(sentence) > len(citation["quote"])
        (said, *_) = sentence.removeprefix("… ").split(" …")
        assert said in documents[citation["document"]].text
    last = page.locator(".match").last
    expect(last).to_be_hidden()
    page.locator(".found summary").last.press("Enter")
    expect(last).to_be_visible()
    assert_shown(page, len(found) - 1, found[-1])
    assert_marked(page, found[-1], documents)
    # What was unfolded is folded again by the next look-up.
    look_up(page, "Denmark")
    expect(page.locator(".found details[open]")).to_have_count(0)


@needs_chromium
def test_hostile_text_stays_text(
    lookup_page: Page, url: str, documents: dict[str, Document]
) -> None:
    page = lookup_page
    sought = EVIL_SENTENCE.replace("said", "<img src=x onerror=window.pwned=7>${window.pwned=8}")
    for text in (EVIL_SENTENCE, sought, "<img src=x onerror=window.pwned=9> {{1}} `x` ${1}"):
        look_up(page, text)
        found = Client(url, verbose=False).predict(text, api_name="/lookup")
        expect(page.locator(".match")).to_have_count(len(found))
        for number, citation in enumerate(found[:1]):
            assert_shown(page, number, citation)
            assert_marked(page, citation, documents)
    assert page.locator(":is(#places, #source) :is(img, script)").count() == 0
    assert page.evaluate("window.pwned") is None


@needs_chromium
def test_nothing_found_is_said_and_errors_are_a_line(lookup_page: Page) -> None:
    page = lookup_page
    look_up(page, "zebra xylophone quagmire")
    expect(page.locator("#places .declined")).to_contain_text("stands nowhere in the documents")
    look_up(page, "x " * 6000)
    expect(page.locator("#places .error")).to_contain_text("characters are too many to look up")
    page.locator("#quotation textarea").fill(EXACT)
    page.get_by_role("button", name="Look up").click()
    expect(page.locator(".match")).to_have_count(1)


@needs_chromium
def test_keys_alone_and_the_way_back(page: Page) -> None:
    ask(page, "Who opposes the plan?")
    page.get_by_role("tab", name="Ask").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Look up")).to_be_focused()
    for _ in range(4):  # past the other tabs
        page.keyboard.press("Tab")
    expect(page.get_by_role("tab", name="Evaluate")).not_to_be_focused()
    page.locator("#quotation textarea").focus()
    page.keyboard.type(EXACT)
    page.keyboard.press("Enter")
    page.locator(".match button").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#quote")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".match button")).to_be_focused()
    # The other tab is as it was left, and from there the way back leads here.
    page.get_by_role("tab", name="Ask").click()
    expect(page.locator(".statement")).not_to_have_count(0)
    page.get_by_role("button", name="Back to the matches").click()
    expect(page.locator(".match button")).to_be_focused()
    # A new look-up has other places; the way back from the old one ends at the text box.
    look_up(page, CLOSE)
    page.get_by_role("button", name="Back to the matches").click()
    expect(page.locator("#quotation textarea")).to_be_focused()


@needs_chromium
def test_it_fits_the_window(window: Window) -> None:
    page = window.page
    page.get_by_role("tab", name="Look up").click()
    look_up(page, CLOSE)
    window.keep("matches")
    choose(page, page.locator(".match button").first)
    expect(page.locator("#quote")).to_be_in_viewport()
    window.keep("match")


def test_lookup_is_an_endpoint(
    url: str, served_index: Path, documents: dict[str, Document]
) -> None:
    library = Library.open(served_index)
    for text in (EXACT, CLOSE, EVIL_SENTENCE, "zebra xylophone quagmire"):
        expected = [match.as_dict() for match in lookup(library, text)]
        assert Client(url, verbose=False).predict(text, api_name="/lookup") == expected
        reply = httpx.post(f"{url}gradio_api/run/lookup", json={"data": [text]}, timeout=60)
        assert reply.json()["data"] == [expected]
        for found in expected:
            text_of = documents[found["document"]].text
            assert text_of[found["start"] : found["end"]] == found["quote"]
            assert 0 < found["similarity"] <= 1
    library.close()
    for wrong, message in [
        ("", "There is nothing to look up"),
        (7, "text is a text"),
        (None, "text is a text"),
        ("x " * 6000, "12,000 characters are too many to look up"),
    ]:
        reply = httpx.post(f"{url}gradio_api/run/lookup", json={"data": [wrong]}, timeout=60)
        assert reply.status_code == 500 and reply.json()["error"].startswith(message)


@needs_chromium
def test_a_pasted_text_is_looked_up_sentence_by_sentence(page: Page) -> None:
    page.get_by_role("tab", name="Look up").click()
    look_up(
        page,
        "The agency does not view the idea of outsourcing asylum as a responsible solution. "
        "The bilateral agreement was signed in April 2021. Zebras play the violin at midnight.",
    )
    expect(page.locator("#places [role=status]")).to_contain_text("of 3 sentences")
    sentences = page.locator("#places .sentence")
    expect(sentences.nth(2)).to_contain_text("Zebras play the violin at midnight.")
    expect(page.locator("#places .sentence.nowhere")).not_to_have_count(0)
    choose(page, page.locator("#places .sentence button").first)
    expect(page.locator("#document-text mark")).not_to_have_count(0)
