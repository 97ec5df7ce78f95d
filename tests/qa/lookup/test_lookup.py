"""Looking up: what stands there is found, however it is dressed; what does not is not."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate, pairwise
from pathlib import Path
from random import Random
from typing import Literal

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.formats.markdown import Markdown
from footnoted.corpus.sentences import sentences
from footnoted.corpus.types import Document, Span
from footnoted.index.embedding import EMBEDDERS
from footnoted.index.library import Library
from footnoted.index.protocols import Vectors
from footnoted.index.terms import analyzer
from footnoted.qa.lookup.alignment import align, shared_letters
from footnoted.qa.lookup.context import Context
from footnoted.qa.lookup.folding import FoldedText, fold, folded_words
from footnoted.qa.lookup.lookup import (
    _USUAL,
    LONGEST,
    Difference,
    Match,
    _places,
    differences,
    lookup,
)
from footnoted.qa.show import terminal
from footnoted.qa.show.style import Style
from footnoted.qa.types import Citation

LOCAL = "001_28f3d182f749647c.txt"
STATEMENT = "000_18aa53ec4519e4e2.txt"
MISQUOTED = "does not see the idea of outsourcing asylum as a responsible or sustainable solution"


class Lettered:
    """An embedder without a model: look-ups ask for none, and a thousand documents are many."""

    name = "lettered@1"
    dimension = 8
    max_tokens = 24

    def count_tokens(self, text: str) -> int:
        return len(re.findall(r"\w{1,4}|[^\w\s]", text))

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        return np.tile(np.eye(1, 8, dtype=np.float32), (len(texts), 1))

    def embed_question(self, text: str) -> Vectors:
        return self.embed_passages([text])


def library_of(folder: Path, texts: dict[str, str]) -> Library:
    rows = [json.dumps({"_id": key, "text": text}) for key, text in texts.items()]
    folder.mkdir(exist_ok=True)
    (folder / "corpus.jsonl").write_text("\n".join(rows))
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(EMBEDDERS, Lettered.name, lambda _: Lettered())
        library = Library.create(folder / "index", Lettered.name)
        library.update([folder / "corpus.jsonl"])
    return library


def test_signs_and_line_ends_do_not_hide_a_quotation(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_text(
        "---\nowner: Odalys Prieto\n---\n# The *old* pier\n\nIt is **31 km** long and [not]"
        "(https://example.org/pier?x=1) wide.\n\n| Boat | Fee |\n|---|---|\n| Maren | 5 euros |\n"
    )
    (tmp_path / "docs" / "b.txt").write_text(
        "This is an inter-\nnational plan of a well-\nknown firm.\n"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(EMBEDDERS, Lettered.name, lambda _: Lettered())
        library = Library.create(tmp_path / "index", Lettered.name)
        library.update([tmp_path / "docs"])
    for sought, stands in {
        "and not wide.": "and [not](https://example.org/pier?x=1) wide.",
        "**31 km** long": "**31 km** long",
        "example.org/pier?x=1": "example.org/pier?x=1",
        "owner: Odalys Prieto": "owner: Odalys Prieto",
        "The old pier": "The *old* pier",
        "Boat | Fee": "Boat | Fee",
        "an international plan": "an inter-\nnational plan",
        "a well-known firm": "a well-\nknown firm",
    }.items():
        (found,) = lookup(library, sought)
        assert (found.match, found.citation.quote) == ("exact", stands)


def spans(found: Sequence[Match]) -> list[tuple[str, int, int]]:
    return [(m.citation.document, m.citation.start, m.citation.end) for m in found]


def check(found: Sequence[Match], library: Library) -> None:
    """What holds of every result."""
    for number, match in enumerate(found, start=1):
        citation = match.citation
        document = library.document(citation.document)
        assert document is not None
        assert document.text[citation.start : citation.end] == citation.quote
        assert citation.number == number and citation.sha256 == document.sha256
        assert 0.6 <= match.similarity <= 1
        said = document.structure.words_of(Span(citation.start, citation.end)) or citation.said
        assert match.said == said == "".join(run.source for run in match.differences)


# -- the shipped documents ------------------------------------------------------------------------


def test_a_headline_stands_twice(shipped: Library) -> None:
    title = "Danish government to open office in Rwanda as asylum plan progresses"
    found = lookup(shipped, title)
    check(found, shipped)
    assert [(m.match, m.similarity, m.citation.quote) for m in found] == [("exact", 1.0, title)] * 2
    assert found[0].citation.start == 0 < found[1].citation.start


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        (
            "'I'm not saying this solves everything.",
            "“I’m not saying this solves everything.",
        ),
        ("denmark’s REFUGEE system", "Denmark’s refugee system"),
        ("to a non‐EU country - confirmed in 2021", "to a non-EU country – confirmed in 2021"),
        ("Ministry of Foreign Affairs of Denmark", "MINISTRY OF FOREIGN AFFAIRS  \nOF DENMARK"),
        ("\n set a  dangerous\tprecedent\u00ad ", "set a dangerous precedent"),
        ("«set a dangerous precedent…»", "set a dangerous precedent"),
    ],
)
def test_dress_does_not_count(shipped: Library, text: str, quote: str) -> None:
    found = lookup(shipped, text)
    check(found, shipped)
    assert [(m.match, m.citation.quote) for m in found] == [("exact", quote)]
    assert found[0].differences == (Difference("same", text, " ".join(quote.split())),)


def test_a_misquotation_is_seen_for_what_it_is(shipped: Library) -> None:
    (match,) = lookup(shipped, MISQUOTED)
    check([match], shipped)
    assert match.match == "close" and match.citation.document == LOCAL
    assert match.citation.quote == (
        "does not view the idea of outsourcing asylum, whether to Rwanda or another country, "
        "as a responsible or sustainable solution"
    )
    assert match.similarity == round(2 * 68 / (71 + 103), 4)
    assert [(d.kind, d.given.strip(), d.source.strip()) for d in match.differences] == [
        ("same", "does not", "does not"),
        ("replaced", "see", "view"),
        ("same", "the idea of outsourcing asylum", "the idea of outsourcing asylum,"),
        ("added", "", "whether to Rwanda or another country,"),
        *[("same", *["as a responsible or sustainable solution"] * 2)],
    ]


def test_a_middle_left_out_is_shown(shipped: Library) -> None:
    (match,) = lookup(shipped, "takes responsibility-shifting to a new low")
    assert match.citation.quote.startswith("takes “responsibility-shifting of refugee")
    assert match.citation.quote.endswith("to a new low")
    assert "added" in {run.kind for run in match.differences}


def test_a_changed_number_is_no_spelling(shipped: Library) -> None:
    (match,) = lookup(shipped, "Denmark will open a Project Office in Kigali in 2023")
    assert match.citation.document == STATEMENT and match.similarity < 1
    assert [(d.given, d.source) for d in match.differences][1:] == [("2023", "2022")]


def test_only_punctuation_differs(shipped: Library) -> None:
    (match,) = lookup(shipped, "Ritzau, The Local: Ritzau! The Local")
    assert (match.match, match.similarity) == ("close", 1.0)


@pytest.mark.parametrize(
    "text",
    [
        "The minister resigned on Tuesday after the vote",
        "outsourcingasylum",
        "anger",  # stands in "danger"
        "!!!",
        "的",
        '") OR text:* AND (',
    ],
)
def test_what_is_not_there_is_not_found(shipped: Library, text: str) -> None:
    assert lookup(shipped, text) == []


def test_what_cannot_be_looked_up(shipped: Library) -> None:
    for nothing in ("", " \n\t", "\u200b\u00ad"):
        with pytest.raises(UnusableInput, match="give a sentence, a headline or a phrase"):
            lookup(shipped, nothing)
    with pytest.raises(UnusableInput, match=r"10,001 characters are .* at most 10,000"):
        lookup(shipped, "a" * (LONGEST + 1))
    lookup(shipped, "a " * (LONGEST // 2))
    with pytest.raises(UnusableInput, match="not valid text"):
        lookup(shipped, "\ud800 half a pair")


def test_the_published_object(shipped: Library) -> None:
    fields = """number document title start end quote page sha256 publisher date heading page_label
        match similarity""".split()
    for text in (MISQUOTED, "asylum"):
        for match in lookup(shipped, text):
            assert list(match.as_dict()) == fields
            assert json.loads(json.dumps(match.as_dict())) == match.as_dict()


def test_no_model_is_loaded(shipped_index: Path) -> None:
    program = (
        "import sys; from pathlib import Path\n"
        "from footnoted.index.library import Library\n"
        "from footnoted.qa.lookup.lookup import lookup\n"
        "library = Library.open(Path(sys.argv[1]))\n"
        "print(*[len(lookup(library, text)) for text in sys.argv[2:]])\n"
        "print([n for n in ('torch', 'transformers', 'sentence_transformers') if n in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", program, str(shipped_index), MISQUOTED, "a dangerous precedent"],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[3],
        check=True,
    )
    assert result.stdout.splitlines() == ["1 1", "[]"]


# -- folding --------------------------------------------------------------------------------------

HOSTILE = [
    *"aAbBéÉßİıſΣςσñ한中国のไทй ﬁﬀ…½™²Ⅳ",
    *"“”‘’«»\"'`´„ʼ‹›-–—‐−_.,?!\n\t\r\u00a0\u2003\u2028\x1c\x85",
    *"\u0301\u0323\u0345\u200b\u00ad\u200d\u034f\ufe0f\U0001f468\U0001d400",
    "e\u0301",
    "\u0e33",
    "foo",
    "bar",
    " ",
    "  ",
]
hostile = st.lists(st.sampled_from(HOSTILE), max_size=40).map("".join) | st.text(max_size=40)


@given(hostile, hostile)
def test_folding_is_stable(left: str, right: str) -> None:
    assert fold(fold(left)) == fold(left)
    # Texts fold by themselves wherever a space keeps them apart.
    assert fold(f"{left} x y {right}") == " ".join(
        [*fold(left).split(), "x", *fold(f"y {right}").split()]
    )


@given(hostile)
def test_the_account_of_a_folded_text_is_true(text: str) -> None:
    folded = FoldedText(text)
    assert folded.folded.strip(" ") == fold(text)
    last = 0
    for segment in folded._segments:
        assert last <= segment.start < segment.end <= len(text)
        last = segment.end


def test_the_tables_are_unicode_s() -> None:
    """Every dash is a dash, every quotation mark one, and no visible letter is dropped."""
    brackets = re.compile("[\u2e00-\u2e2f]")  # editors' brackets, of the category of quotes
    for char in map(chr, range(0x21, sys.maxunicode + 1)):
        category = unicodedata.category(char)
        if category == "Pd":
            assert fold(char) == "-", hex(ord(char))
        if category in ("Pi", "Pf") and not brackets.match(char):
            assert fold(char) == '"', hex(ord(char))
        if category[0] in "LNPS" and category not in ("Sk", "Lm"):
            # Isolated Arabic vowel signs and overlines are marks on a space.
            alone = unicodedata.normalize("NFKD", char)[0] == " "
            assert fold(char) or alone, hex(ord(char))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("oﬃce", "OFFICE"),
        ("Straße", "STRASSE"),
        ("caf\u00e9", "cafe\u0301"),
        ("don´t", "don't"),
        ("asy\u00adlum\u200b", "asylum"),
        ("Well…", "well..."),
        ("½ ﬀ ² ™", "1/2 ff 2 TM"),
        ("ΟΔΟΣ", "οδος"),
    ],
)
def test_folded_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_what_is_usual_is_indexed_as_it_is_folded() -> None:
    """The shortcut by words rests on it."""
    analyze = analyzer().analyze
    usual = [char for char in map(chr, range(sys.maxunicode + 1)) if _USUAL.fullmatch(char)]
    for char in usual:
        for text in (char, f"ab{char}cd", f"AB{char.upper()}", f"{char}cd"):
            if _USUAL.fullmatch(text):
                folded = [unicodedata.normalize("NFC", w.text) for w in folded_words(fold(text))]
                assert [stem for word in folded for stem in analyze(word)] == analyze(text)


# -- any span of any text -------------------------------------------------------------------------

QUOTES = "\"'`‘’“”„«»"
DASHES = "-–—‐−"
SPACES = (" ", "\n", "  ", "\r\n", "\u00a0", "\t \u2028")


def redressed(span: str, chance: Random) -> str:
    """The same, in other clothes."""
    chars = []
    for char in span:
        if char in QUOTES:
            char = chance.choice(QUOTES)
        elif char in DASHES:
            char = chance.choice(DASHES)
        elif char == " ":
            char = chance.choice(SPACES)
        elif chance.random() < 0.3 and char.swapcase().casefold() == char.casefold():
            char = char.swapcase()
        chars.append(char)
    return unicodedata.normalize(chance.choice(FORMS), "".join(chars))


FORMS: tuple[Literal["NFC", "NFD", "NFKC", "NFKD"], ...] = ("NFC", "NFD", "NFKC", "NFKD")


@cache
def attached(char: str) -> bool:
    """It belongs to the letter before it."""
    first = unicodedata.normalize("NFKD", char)[0]
    return unicodedata.category(first)[0] == "M" or not fold(f"x{char}")[1:]


@cache
def is_word(char: str) -> bool:
    return fold(char)[:1].isalnum() and not re.match("[\u0e00-\u0eff\u3040-\u9fff]", fold(char))


def edge(text: str, at: int) -> bool:
    """A word does not go on over this place."""
    if at in (0, len(text)):
        return True
    if attached(text[at]) and not text[at].isspace():
        return False
    before = at - 1
    while before > 0 and attached(text[before]) and not text[before].isspace():
        before -= 1
    return not (is_word(text[before]) and is_word(text[at]))


@cache
def edges(text: str) -> list[int]:
    return [at for at in range(len(text) + 1) if edge(text, at)]


@settings(max_examples=400)
@given(hostile, st.data())
def test_any_span_is_found_in_any_dress(text: str, data: st.DataObject) -> None:
    start = data.draw(st.sampled_from(edges(text)))
    end = data.draw(st.sampled_from([at for at in edges(text) if at >= start]))
    chance = data.draw(st.randoms(use_true_random=False))
    span = text[start:end]
    assume(fold(span))
    assume(not attached(span[0]) and fold(span[0]) and fold(span[-1]))
    # A mark on a space is part of the space, unless it is an apostrophe.
    assume(not re.search("[\\s\u00b4][\u0300-\u036f]|\u00b4", text))
    document = Document("d", text, "")
    found = list(FoldedText(text).places(fold(redressed(span, chance))))
    assert found == _places(document, fold(span)) and found
    assert all(fold(text[a:b]) == fold(span) for a, b in found)
    # The very span, or others that overlap it and come before it.
    assert any(a < end and start < b for a, b in found)
    assert all(a[1] <= b[0] for a, b in pairwise(found))
    if fold(text).count(fold(span[0])) == 1 and fold(text).count(fold(span[-1])) == 1:
        assert Span(start, end) in found


def test_repeats_do_not_overlap(tmp_path: Path) -> None:
    library = library_of(tmp_path / "c", {"b": "ha " * 500, "a": "Ha ha, ha.\n\nHAHA ha-ha"})
    found = lookup(library, "ha ha")
    check(found, library)
    assert spans(found)[0] == ("a", 0, 5)
    assert [(s, e) for d, s, e in spans(found) if d == "b"] == [
        (n * 6, n * 6 + 5) for n in range(250)
    ]
    assert len(lookup(library, "ha")) == 500 + 3 + 2


def test_words_end_where_the_source_s_do(tmp_path: Path) -> None:
    texts = {"a": "outsourcing asy\u00adlum seekers", "b": "难民外包 asylum政策", "c": "_asylum_ x"}
    library = library_of(tmp_path / "c", texts)
    assert spans(lookup(library, "asylum")) == [("a", 12, 19), ("b", 5, 11), ("c", 1, 7)]
    assert spans(lookup(library, "外包")) == [("b", 2, 4)]
    assert lookup(library, "source") == []
    assert lookup(library, "asy") == []


# -- a thousand documents, against an oracle ------------------------------------------------------

WORDS = """
    asylum office café naïve straße don't Ångström ÉLAN 2021 ½ Müller ﬁnal hyphen-ated Россия
    the of and to a in is it UNHCR's “so-called” e.g. co-operation ΟΔΟΣ 难民 한국 x² the of a in to
    """.split()


@pytest.fixture(scope="module")
def thousand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    chance = Random(7)
    texts = {f"d{n:04}": _text(chance) for n in range(1000)}
    library = library_of(tmp_path_factory.mktemp("thousand"), texts)
    yield library
    library.close()


def _text(chance: Random) -> str:
    words = [redressed(chance.choice(WORDS), chance) for _ in range(chance.randint(5, 40))]
    if chance.random() < 0.2:
        words = ["".join(f"{letter}\u00ad" for letter in word) for word in words]
    if chance.random() < 0.2:
        words = [word.replace(word, f"{word}\u200b") for word in words]
    joints = [
        " ",
        " ",
        " ",
        "\n",
        ", ",
        " — ",
        "\n\n",
        "\u00a0",
        "/" if chance.random() < 0.1 else " ",
    ]
    return "".join(word + chance.choice(joints) for word in words)


def oracle(documents: Sequence[Document], pattern: str) -> list[tuple[str, int, int]]:
    """Every stretch of every document is folded and compared."""
    found = []
    for document in documents:
        text, at = document.text, 0
        if pattern not in fold(text):
            continue
        for start in edges(text):
            if start < at or start == len(text) or not fold(text[start]):
                continue
            longest = start + 5 * len(pattern) + 20
            ends = (
                end
                for end in edges(text)
                if start < end < longest and fold(text[start:end]) == pattern
            )
            end = next(ends, None)
            if end:
                while text[end - 1] in "\u00ad\u200b":
                    end -= 1
                found.append((document.id, start, end))
                at = end
    return found


@pytest.mark.slow
def test_no_exact_place_is_missed_in_a_thousand_documents(thousand: Library) -> None:
    chance = Random(3)
    documents = thousand.documents()
    many = 0
    for _ in range(40):
        document = chance.choice(documents)
        words = [m.span() for m in re.finditer(r"[^\s,—/]+", document.text)]
        first = chance.randrange(len(words))
        last = min(len(words) - 1, first + chance.randint(0, 3))
        start, end = words[first][0], words[last][1]
        at_edges = edge(document.text, start) and edge(document.text, end)
        query = redressed(document.text[start:end], chance)
        if not fold(query) or not at_edges:
            continue
        expected = oracle(documents, fold(query))
        found = lookup(thousand, query)
        check(found, thousand)
        assert [m.match for m in found] == ["exact"] * len(expected)
        assert spans(found) == expected, query
        many += len(expected)
    assert many > 500


def test_a_new_generation_is_looked_up(tmp_path: Path) -> None:
    library = library_of(tmp_path / "c", {"a": "an asy\u00adlum"})
    assert spans(lookup(library, "asylum")) == [("a", 3, 10)]
    (tmp_path / "c" / "corpus.jsonl").write_text('{"_id": "b", "text": "the asy\u00adlum"}')
    library.update([tmp_path / "c" / "corpus.jsonl"])
    assert spans(lookup(library, "asylum")) == [("b", 4, 11)]


# -- close ----------------------------------------------------------------------------------------


def dice(query: Sequence[str], words: Sequence[str]) -> float:
    """The similarity from its definition: the longest common subsequence, weighted by letters."""
    shared = shared_letters(query, words)
    table = np.zeros((len(query) + 1, len(words) + 1))
    for i in range(len(query)):
        for j in range(len(words)):
            table[i + 1, j + 1] = max(table[i, j + 1], table[i + 1, j], table[i, j] + shared[i, j])
    return float(table[-1, -1]) / sum(map(len, [*query, *words]))


phrases = st.lists(st.sampled_from("boat boats harbour the of 2021 2022 sea".split()), min_size=1)


@given(phrases, phrases)
def test_the_stretch_is_the_most_alike_of_all(query: list[str], words: list[str]) -> None:
    letters = np.array([len(word) for word in words], dtype=np.float64)
    found = align(shared_letters(query, words), letters, float(sum(map(len, query))))
    every = [
        dice(query, words[a:b]) for a in range(len(words)) for b in range(a + 1, len(words) + 1)
    ]
    if found is None:
        assert max(every) < 0.6 + 1e-9
        return
    assert found.similarity == pytest.approx(dice(query, words[found.start : found.end]))
    # A less alike one is taken only if it is longer and holds a tenth more of the query.
    best = every.index(max(every))
    assert found.similarity == pytest.approx(max(every)) or (
        found.shared >= 0.2 * sum(map(len, query)) and found.end - found.start > 1 and best >= 0
    )


def test_close_matches_are_the_best_ten(tmp_path: Path) -> None:
    sentence = "The harbour master counted forty {} boats before the storm on {} evening. "
    colours = "red blue green white black brown grey".split()
    texts = {
        f"d{n}": "".join(sentence.format(c, d) + "Then it rained. " for c in colours for d in days)
        for n, days in enumerate([["Monday", "Sunday"], ["Friday"]])
    }
    library = library_of(tmp_path / "c", texts)
    found = lookup(library, "the harbour master counted fourty red boats before a storm on Friday")
    check(found, library)
    assert len(found) == 10 and {m.match for m in found} == {"close"}
    assert found[0].citation.document == "d1" and "forty red boats" in found[0].citation.quote
    likeness = [match.similarity for match in found]
    assert likeness == sorted(likeness, reverse=True)
    places = sorted(spans(found))
    assert all(a[0] != b[0] or a[2] <= b[1] for a, b in pairwise(places))


@given(hostile, hostile)
def test_differences_lose_nothing(query: str, quote: str) -> None:
    runs = differences(query, quote)
    assert "".join(run.given for run in runs) == query
    assert "".join(run.source for run in runs) == quote
    for run in runs:
        assert run.kind in ("same", "missing", "added", "replaced")
        if run.kind == "same":
            assert [w.text for w in folded_words(run.given)] == [
                w.text for w in folded_words(run.source)
            ]
        if run.kind == "missing":
            assert not folded_words(run.source) or not folded_words(quote)
        if run.kind == "added":
            assert not folded_words(run.given) or not folded_words(query)


@settings(max_examples=50, deadline=None)
@given(hostile)
def test_any_text_can_be_looked_up(thousand: Library, text: str) -> None:
    assume(fold(text))
    check(lookup(thousand, text), thousand)


# -- the sentence around --------------------------------------------------------------------------


def test_a_place_has_its_sentence_and_no_more(tmp_path: Path) -> None:
    text = "# Boats\n\nMr. Holm owns the\nMaren. It is (so he says) the oldest.\n\nIt sails.\n"
    library = library_of(tmp_path / "c", {"a": text})

    def around(quotation: str) -> tuple[str, str]:
        (match,) = lookup(library, quotation)
        return match.before, match.after

    assert around("the Maren") == ("Mr. Holm owns ", ".")
    assert around("the Maren. It is") == ("Mr. Holm owns ", " (so he says) the oldest.")
    assert around("so he says") == ("It is (", ") the oldest.")
    assert around("Holm owns my Maren") == ("Mr. ", ".")
    assert around("It sails.") == ("", "")
    assert around("Boats") == ("", "")


def test_a_sentence_without_an_end_is_cut_at_words(tmp_path: Path) -> None:
    library = library_of(tmp_path / "c", {"a": "one two " * 9_000 + "three" + " four five" * 9_000})
    (match,) = lookup(library, "three")
    assert match.before.startswith("… ") and match.after.endswith(" …")
    assert len(match.before) <= 302 and len(match.after) <= 302
    assert set(match.before[2:].split()) == {"one", "two"}
    assert set(match.after[:-2].split()) == {"four", "five"}


@given(hostile, st.data())
def test_any_place_has_its_context(text: str, data: st.DataObject) -> None:
    assume(text)
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    before, after = Context(Document("d", text, "D")).around(Span(start, end))
    assert text[:start].endswith(before) and text[end:].startswith(after)
    sentence_starts = {0, *accumulate(map(len, sentences(text)))}
    at = start - len(before)
    assert any(not text[one:at].strip() for one in sentence_starts if one <= at)


STRUCTURED = """# Boats

The *oldest* boat is the [Maren](https://example.org/maren). She was built in 1890.

| Boat | Built |
|------|-------|
| Maren | 1890 |
| **Freja** | 1920 |

```
make sail
make haste
```
"""


@pytest.mark.parametrize(
    ("quotation", "before", "after"),
    [
        ("the [Maren", "The oldest boat is ", "."),
        (
            "](https://example.org/maren). She",
            "The oldest boat is the Maren",
            " was built in 1890.",
        ),
        ("1920", "Boat: Freja; Built: ", ""),
        ("Freja", "Boat: ", "; Built: 1920"),
        ("Boats", "", ""),
        ("haste", "make ", ""),
        (
            "in 1890.\n\n| Boat | Built |\n|------|-------|\n| Maren",
            "She was built ",
            "; Built: 1890",
        ),
    ],
)
def test_a_place_is_read_in_its_block(
    tmp_path: Path, quotation: str, before: str, after: str
) -> None:
    (tmp_path / "boats.md").write_text(STRUCTURED)
    (read,) = Markdown().read(tmp_path / "boats.md").texts
    document = Document("boats.md", read.text, read.title, annotations=read.annotations)
    start = document.text.index(quotation)
    assert Context(document).around(Span(start, start + len(quotation))) == (before, after)


# -- shown ----------------------------------------------------------------------------------------


def test_what_differs_is_marked(shipped: Library) -> None:
    shown = terminal.matches(lookup(shipped, MISQUOTED), Style())
    flat = " ".join(shown.split())
    assert "does not [-see-] {+view+} the idea" in flat
    assert "{+whether to Rwanda or another country,+} as a responsible" in flat
    assert f"{LOCAL} [1] characters 2175 to 2299, 78% alike" in flat


def test_exact_places_are_shown_in_their_sentences(shipped: Library) -> None:
    found = lookup(shipped, "Rwanda")
    shown = terminal.matches(found, Style())
    places = [line for line in shown.splitlines() if line.endswith(", exact")]
    assert places == [
        f"[{number}] {c.place}, characters {c.start} to {c.end}, exact".replace(" , ", " ")
        for number, c in enumerate((m.citation for m in found), start=1)
    ]
    flat = " ".join(shown.split())
    assert "good governance, to the implementation of »Rwanda«'s progressive refugee" in flat
    assert flat.count("»Rwanda«") == len(found) > 10 and "[-" not in shown
    for document in (LOCAL, STATEMENT):  # grouped
        assert shown.splitlines().count(document) == 1


def test_more_places_than_are_wanted_are_counted(shipped: Library) -> None:
    found = lookup(shipped, "Rwanda")
    shown = terminal.matches(found, Style(), 4)
    assert shown.count("exact") == 4
    assert shown.endswith(f"\n\nand {len(found) - 4} more places; --all shows them")
    assert "more place;" in terminal.matches(found, Style(), len(found) - 1)
    assert "--all" not in terminal.matches(found, Style(), len(found))


def test_nothing_is_said_plainly(shipped: Library) -> None:
    assert terminal.matches([], Style()) == "The documents hold nothing like this."


@given(hostile, hostile, hostile, hostile, st.sampled_from(["exact", "close"]))
def test_marks_survive_any_text_and_width(
    given_: str, source: str, before: str, after: str, kind: str
) -> None:
    assume(source)
    citation = Citation.of(1, Document("d", source, "D"), Span(0, len(source)))
    match = Match(citation, kind, 1.0, differences(given_, source), before, after)
    plain = terminal.matches([match], Style(width=20))
    coloured = terminal.matches([match], Style(colour=True, width=20))
    assert re.sub(r"\x1b\[\d+m", "", coloured) == plain
    assert "\x1b" not in plain
