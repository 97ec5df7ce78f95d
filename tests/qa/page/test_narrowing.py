"""Which documents are asked, chosen in a real Chromium: shown, kept, and part of each answer."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Page, expect

from support.chromium import (
    EVIL_ID,
    HARBOUR_ID,
    Window,
    ask,
    assert_no_fault,
    choose,
    needs_chromium,
    reload,
)

ALL = "Asking all 5 documents"


def line(page: Page) -> None:
    expect(page.locator(".asked-of")).not_to_be_empty()


def open_choice(page: Page) -> None:
    line(page)
    page.locator("#narrowing summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".choices li").first).to_be_visible()


def says(page: Page, text: str) -> None:
    expect(page.locator(".asked-of")).to_have_text(text)


@needs_chromium
def test_chosen_documents_alone_are_asked_until_all_are_again(page: Page) -> None:
    says(page, ALL)
    open_choice(page)
    expect(page.locator(".choices input")).to_have_count(5)
    page.get_by_label("Choose documents").press_sequentially("harbour")
    expect(page.locator(".choices input")).to_have_count(1)
    box = page.locator(".choices input")
    box.focus()
    page.keyboard.press("Space")
    says(page, "Asking 1 of 5 documents, Harbour rules <script>window.pwned=20</script>")
    expect(box).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#narrowing summary")).to_be_focused()
    expect(page.locator(".choices")).to_be_hidden()

    ask(page, "Who opposes the plan?")
    expect(page.locator(".turn").last).to_contain_text("Asked of 1 of 5 documents.")
    ask(page, "Who may moor?")  # the next one, too
    expect(page.locator(".turn").last).to_contain_text("Asked of 1 of 5 documents.")

    reload(page)
    says(page, "Asking 1 of 5 documents, Harbour rules <script>window.pwned=20</script>")
    expect(page.locator(".turn")).to_have_count(2)
    open_choice(page)
    expect(page.locator(".choices input").first).to_be_checked()
    expect(page.locator(".choices input:checked")).to_have_count(1)
    page.get_by_role("button", name="All again").click()
    says(page, ALL)
    expect(page.locator(".choices input:checked")).to_have_count(0)
    ask(page, "Who opposes the plan?")
    expect(page.locator(".turn").last).not_to_contain_text("Asked of")
    assert page.evaluate("window.pwned") is None


@needs_chromium
def test_days_are_chosen_and_what_is_none_is_said_beside(page: Page) -> None:
    open_choice(page)
    since = page.get_by_label("Since", exact=True)
    since.press_sequentially("2024-0")
    error = page.locator("#narrowing-error")
    expect(error).to_contain_text("Since is no date: '2024-0'; write a year")
    says(page, "What is chosen cannot be asked")
    # Asked all the same, the question goes back to the box.
    question = page.locator("#question textarea")
    question.fill("Who is the harbour master?")
    question.press("Enter")
    expect(page.locator("#refused")).to_contain_text("Since is no date")
    expect(question).to_have_value("Who is the harbour master?")
    expect(page.locator(".turn")).to_have_count(0)

    since.fill("2024-03")
    page.get_by_label("until").fill("2024")
    expect(error).to_be_hidden()
    says(page, "Asking 1 of 5 documents, since 2024-03, until 2024, 4 of no known date left out")
    question.press("Enter")
    expect(page.locator(".turn")).to_have_count(1)
    expect(page.locator(".pending")).to_have_count(0)
    expect(page.locator("#refused")).to_be_empty()
    expect(page.locator(".turn").last).to_contain_text(
        "Asked of 1 of 5 documents, those dated from 1 March 2024 to 31 December 2024"
    )
    since.fill("2031")
    page.get_by_label("until").fill("")
    expect(error).to_contain_text("None of 5 documents is dated from 1 January 2031 on")


@needs_chromium
def test_a_document_that_is_open_or_listed_is_asked_alone(page: Page) -> None:
    line(page)
    page.get_by_role("tab", name="Files").click()
    page.get_by_label("Find files").fill(HARBOUR_ID)
    expect(page.locator(".file")).to_have_count(1)
    page.locator(".file").hover()
    page.locator(".file").get_by_role("button", name="alone").click()
    says(page, f"Asking 1 of 5 documents, evil/{HARBOUR_ID}")
    expect(page.locator("#question textarea")).to_be_focused()
    choose(page, page.locator("#source .document", has_text=EVIL_ID))
    page.get_by_role("button", name="Ask this document alone").click()
    expect(page.locator(".asked-of")).to_contain_text("Asking 1 of 5 documents, ")
    ask(page, "What did Zebedee say?")
    expect(page.locator(".turn").last).to_contain_text("Asked of 1 of 5 documents.")
    assert page.evaluate("window.pwned") is None


@needs_chromium
def test_a_conversation_goes_on_in_what_it_was_asked_of(
    page: Page, context: BrowserContext, url: str
) -> None:
    open_choice(page)
    page.locator(".choices input").nth(0).check()
    page.locator(".choices input").nth(1).check()
    says(page, "Asking 2 of 5 documents")
    ask(page, "Who opposes the plan?")
    link = page.url
    page.locator("#new").click()  # which begins anew in the same documents
    expect(page.locator(".welcome")).to_be_visible()
    says(page, "Asking 2 of 5 documents")
    # Another window keeps nothing of this one's.
    other = context.new_page()
    other.goto(url)
    says(other, ALL)
    other.goto(link)
    says(other, "Asking 2 of 5 documents")
    other.locator(".turn .question").first.hover()
    other.get_by_role("button", name="Edit").click()
    other.locator("#question textarea").press("Enter")
    expect(other.locator(".turn")).to_have_count(2)
    expect(other.locator(".pending")).to_have_count(0)
    expect(other.locator(".turn").last).to_contain_text("Asked of 2 of 5 documents.")


@needs_chromium
def test_axe_finds_no_fault_where_documents_are_chosen(page: Page) -> None:
    open_choice(page)
    page.locator(".choices input").first.check()
    page.get_by_label("until").fill("never")
    expect(page.locator("#narrowing-error")).to_be_visible()
    assert_no_fault(page)


@needs_chromium
def test_it_fits_the_window(window: Window) -> None:
    page = window.page
    open_choice(page)
    page.locator(".choices input").nth(1).check()
    page.get_by_label("Since", exact=True).fill("2024-0")
    expect(page.locator("#narrowing-error")).to_be_visible()
    window.keep("choosing")
    page.get_by_role("button", name="All again").click()
    says(page, ALL)
    page.keyboard.press("Escape")
    window.keep("asking all")
