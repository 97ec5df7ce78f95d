"""Words of a source are said to be right, in Chromium: they become a line of a question set."""

from __future__ import annotations

import json

from playwright.sync_api import Page, expect

from footnoted.corpus.types import Document
from support.chromium import EVIL_ID, ask, choose, needs_chromium

QUESTION = "Who is Zebedee, the keeper?"

# As a person does: from one point to another, wherever in the text these stand.
SELECT = """([from, to]) => {
  const runs = [...document.querySelectorAll('#document-text [data-at]')];
  const find = (words, after) => {
    for (const run of runs) {
      const at = run.textContent.indexOf(words);
      if (at >= 0) return [run.firstChild, at + (after ? words.length : 0)];
    }
  };
  getSelection().setBaseAndExtent(...find(from, false), ...find(to, true));
  document.dispatchEvent(new PointerEvent('pointerup'));
}"""


def judged(page: Page) -> list[dict[str, object]]:
    reply = page.request.get(f"{page.url.partition('?')[0]}api/judged")
    lines = map(json.loads, reply.text().splitlines())
    return [line for line in lines if line["question"] == QUESTION]


@needs_chromium
def test_the_right_words_are_selected(page: Page, documents: dict[str, Document]) -> None:
    ask(page, QUESTION)
    choose(page, page.locator("#source .document", has_text="onerror"))
    for first, last in [
        ("keeper Zebedee", "keeper Zebedee"),
        ("😀 e\u0301", "i18n"),  # places count characters, of which a script sees two here
        ("Filler sentence", "A lone CR"),
    ]:
        page.evaluate(SELECT, [first, last])
        offered = page.locator("#right-words")
        expect(offered).to_have_text("This answers “Who is Zebedee, the keeper?”")
        offered.click()
        expect(offered).to_have_text("Kept for an evaluation")
        expect(page.locator(".judging [aria-pressed=true]")).to_have_attribute(
            "data-judges", "wrong"
        )
        text = documents[EVIL_ID].text
        start, end = text.index(first), text.index(last) + len(last)
        (line,) = judged(page)
        assert line["answers"] == [[text[start:end]]]
        assert line["evidence"] == [{"document": EVIL_ID, "start": start, "quote": text[start:end]}]
    # Said again, it is taken back, and a reload shows what is kept.
    page.locator(".judging [data-judges=right]").click()
    expect(page.locator(".judging .right-words")).to_be_hidden()
    page.locator(".judging [data-judges=right]").click()
    expect(page.locator(".judging [aria-pressed=true]")).to_have_count(0)
    assert judged(page) == []


@needs_chromium
def test_nothing_is_offered_where_nothing_was_asked(page: Page) -> None:
    choose(page, page.locator("#source .document").first)
    page.locator("#document-text span").first.dblclick()
    assert page.evaluate("getSelection().toString().trim().length") > 0
    expect(page.locator("#right-words")).to_be_hidden()
