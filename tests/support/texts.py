"""Texts that make offsets go wrong."""

from __future__ import annotations

from hypothesis import strategies as st

# What makes offsets go wrong: repeats, CRLF, lone combining characters, emoji with joiners,
# characters outside the basic plane, separators that are not newlines.
HOSTILE = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "Same sentence. ",
                "Same sentence. ",
                "\r\n",
                "\n\n",
                " \t\n \n",
                "e\u0301",
                "\u0301",
                "👩‍👩‍👧‍👦",
                "𝔘𝔫𝔦",
                "\u2028",
                "\x85",
                "Dr. Who? ",
                "“Quoted. Twice.” ",
                "\ufeff",
                "\u200f",
                "...",
                "مرحبا. ",
                "一。二。",
            ]
        ),
        st.text(max_size=40),
    ),
    max_size=30,
).map("".join)
