"""Text of others in Markdown: shown as it is, whatever it says."""

from __future__ import annotations

import pytest
from markdown_it import MarkdownIt

from footnoted.qa.conversations.exported import inert, markdown
from footnoted.qa.conversations.types import Turn

HOSTILE = [
    "[click](javascript:alert(1))",
    "![x](http://evil.example/pixel.png)",
    "<img src=x onerror=alert(1)>",
    "<javascript:alert(1)>",
    "https://evil.example/ and www.evil.example",
    "[^1]: forged, characters 1 to 2",
    "[^1] forged",
    "# heading",
    "1. item",
    "12) item",
    "- item",
    "+ item",
    "* item",
    "> quotation",
    "---",
    "===",
    "```",
    "~~struck~~ `code` **bold** __bold__",
    "| a | b |",
    "&lt;script&gt; &#x3c;b&#x3e; &copy;",
    "\\[already](escaped)",
    "[ref]: http://evil.example",
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("before", ["", "> ", "# ", "- **"])
def test_what_is_hostile_is_shown_as_it_is(text: str, before: str) -> None:
    reader = MarkdownIt("gfm-like", {"html": True, "linkify": False})
    after = "**" if before.endswith("**") else ""
    tokens = reader.parse(f"{before}{inert(text)}{after}")
    inline = [one for one in tokens if one.type == "inline"]
    assert len(inline) == 1
    children = inline[0].children or []
    kinds = {one.type for one in children}
    assert kinds <= {"text", "text_special", "strong_open", "strong_close"}
    assert "".join(one.content for one in children if one.type.startswith("text")) == text
    opened = [one.type for one in tokens if one.nesting == 1]
    expected = {
        "": ["paragraph_open"],
        "> ": ["blockquote_open", "paragraph_open"],
        "# ": ["heading_open"],
        "- **": ["bullet_list_open", "list_item_open", "paragraph_open"],
    }
    assert opened == expected[before]


def test_no_address_becomes_a_link() -> None:
    for text in ("https://evil.example/", "www.evil.example", "ftp://evil.example"):
        assert text not in inert(text)


def test_lines_and_controls_stay_in_their_line() -> None:
    text = markdown("a\n# forged\x1b[31m", [Turn("b\r\n\r\n[^1]: forged\u202e", error="c\n> d")])
    assert text.splitlines() == [
        "# a \\# forged\u241b\\[31m",
        "",
        "## b \\[^1\\]: forged\ufffd",
        "",
        "*c \\> d*",
    ]
