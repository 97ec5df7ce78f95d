"""Quotations keep their speaker: widened until it says who says it, or found where it stands."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from footnoted.corpus.sentences import paragraphs, spans
from footnoted.corpus.structure import UNREAD
from footnoted.corpus.types import Annotation, Annotations, Document, Span
from footnoted.qa.english.initials import written_out
from footnoted.qa.english.lexicon import TITLES
from footnoted.qa.english.speech import Cue, cues, is_closed, quotations, subjects

_CURLY = {"“": 1, "„": 1, "«": 1, "”": -1, "»": -1}
_STRAIGHT = re.compile(r'(?<!\d)"')  # after a digit, it means inches
_INTRODUCES = re.compile(r":\s*$")
# Beyond it, a quotation is no longer one that can be taken in at a glance; in characters.
_LONGEST = 900
# So many paragraphs away, nobody remembers who speaks.
_FURTHEST = 12
_LONGEST_PARAGRAPH = 8_000
_HEAD = 1_500
_LONGEST_SIGNATURE = 120
_OPENS = re.compile(r"[\s>*_]*[“„«‘\"]")
_INTRODUCED = re.compile(r"\w[^.!?”\"»\n]*\Z")
_CAPITAL = r"(?![a-zß-öø-ÿ])[^\W\d_][\w.'’-]*"
_NO_SPEAKER = frozenset(
    "present apologies attendance attendees attending absent note notes date venue summary subject"
    " question answer re minutes agenda action actions".split()
)
_OF_A_RELEASE = (
    r"(?:(?:press|media|news)[ \t]+(?:release|statement)|(?:joint|public)[ \t]+statement"
    r"|statement|communiqué|speech)"
)
_RELEASE = re.compile(rf"^\W*(?:{_OF_A_RELEASE}|for immediate release)\b", re.I | re.M)
_ISSUED = re.compile(
    rf"^\W*(?:(?i:{_OF_A_RELEASE})[ \t]*(?:[:–—-]|\b(?:by|from|of)\b)|(?i:issued[ \t]+by:?))"
    rf"[ \t*_]*\[?(?P<name>(?:the[ \t]+)?{_CAPITAL}(?:[ \t]+[\w.&'’-]+){{0,8}}?)"
    r"[ \t*_]*(?=[\],|(]|$)",
    re.M,
)
_SIGNED = re.compile(
    rf"^[\s>*_]*(?:[—–―]|--)[ \t]*(?P<name>{_CAPITAL}(?:[ \t,]+[\w.&'’-]+){{0,9}})[ \t*_]*$", re.M
)


def with_speaker(document: Document, sentences: Sequence[Span], cited: Span) -> Span:
    """``cited``, with the sentences round it that say who speaks.

    ``sentences`` are those of its passage. A sentence inside a quotation that began earlier is
    widened back to where that began, and on to where it ends, in its paragraph: one that runs on
    is opened anew in the next. One that follows a colon is widened to what stands before the colon.
    What would grow beyond a glance stays as it is.
    """
    text = document.text
    start, end = cited
    block = document.structure.block_at(start)
    room = Span(block.start, block.end) if block else _paragraph_round(text, start)
    first = max(room.start, min([span.start for span in sentences], default=start))
    for span in reversed([span for span in sentences if span.end <= start]):
        introduced = _INTRODUCES.search(text[span.start : span.end])
        if not introduced and not _is_open(text[first:start]):
            break
        start = span.start
    for span in [span for span in sentences if end <= span.start < room.end]:
        if not _is_open(text[start:end]):
            break
        end = span.end
    return Span(start, end) if end - start <= _LONGEST else cited


def _paragraph_round(text: str, offset: int) -> Span:
    """The text between the blank lines round ``offset``."""
    start, end = text.rfind("\n\n", 0, offset), text.find("\n\n", offset)
    return Span(max(start, 0), end if end >= 0 else len(text))


def _is_open(text: str) -> bool:
    """Whether a quotation that begins in ``text`` goes on behind it."""
    depth = sum(_CURLY.get(letter, 0) for letter in text)
    return depth > 0 or len(_STRAIGHT.findall(text)) % 2 == 1


# -- who speaks --------------------------------------------------------------------------------


class Speaker(NamedTuple):
    """Who says something: the name, and the place in the document that says so.

    ``named`` is where the name stands, in full if it does so anywhere; ``place`` is what to quote
    for their saying it: "said Ms Holm.", "ADA HOLM:". Both are None where the text does not name
    them, as a letter its writer. ``is_issuer``: it is said in a release of theirs.
    """

    name: str
    named: Span | None
    place: Span | None
    is_issuer: bool = False

    @property
    def places(self) -> list[Span]:
        """Where the document names them."""
        return [span for span in (self.named, self.place) if span]


def speaker_of(document: Document, span: Span) -> Speaker | None:
    """Who says what stands at ``span``, a sentence or several; None if that cannot be told.

    That may stand in the sentence, in one beside it, paragraphs away ("she added", a quotation that
    runs on), before the colon of a transcript, or at the head of a press release.
    """
    return _Speech(document).of(span)


class _Speech:
    """One document's paragraphs, with who is said in them to say something."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._text = document.text
        self._blocks = _blocks(document)
        self._starts = self._blocks.starts

    def of(self, span: Span) -> Speaker | None:
        at = self._at(span)
        if at < 0 or span.start >= self._blocks[at].end:
            return None
        return (
            self._in_turn(at)
            or self._beside(at, span)
            or self._in_quotation(span)
            or issuer_of(self._document)
        )

    # -- as the structure of the document says ---------------------------------------------------

    def _in_turn(self, at: int) -> Speaker | None:
        """Whose turn it is, in a transcript. What stands below a turn goes on with it, unless it
        says itself who speaks: "LM said that …".
        """
        while at > 0 and self._blocks[at].kind == "paragraph":
            if any(cue.name for cue in self._cues(at)):
                return None
            at -= 1
        turn = self._blocks[at]
        if turn.kind != "turn" or not is_speaker(turn.value):
            return None
        start = self._text.find(turn.value, turn.start, turn.end)
        end = start + len(turn.value)
        listed = self._written_out(Span(start, end))
        if not (listed or self._is_transcript()):
            return None
        colon = self._text.startswith(":", end)
        return self._speaker(listed or Span(start, end), Span(start, end + colon))

    def _is_transcript(self) -> bool:
        """A single line ``Name: …`` is none, nor are headings such as "Present: …" in a row."""
        whole = Span(0, len(self._text))
        return sum(bool(one.value) for one in self._document.structure.within(whole, "turn")) > 1

    def _in_quotation(self, span: Span) -> Speaker | None:
        """Whom a quotation that is set apart is of."""
        quoted = self._document.structure.around(span.start, "quotation")
        if quoted is None:
            return None
        if quoted.value:
            start = self._text.rfind(quoted.value, 0, quoted.end)
            place = Span(start, start + len(quoted.value)) if start >= 0 else None
            return Speaker(" ".join(quoted.value.split()), place, place)
        if signed := _SIGNED.search(self._text, quoted.start, quoted.end + _LONGEST_SIGNATURE):
            return self._speaker(Span(*signed.span("name")), Span(*signed.span("name")))
        return None

    # -- as its sentences say --------------------------------------------------------------------

    def _beside(self, at: int, span: Span) -> Speaker | None:
        block = self._blocks[at]
        inside = self._cues(at)
        for cue in inside:
            if span.start <= cue.at.start < span.end:
                return self._named(at, cue)
        text = self._text[block.start : block.end]
        quoted = [Span(block.start + a, block.start + b) for a, b in quotations(text)]
        here = next((one for one in quoted if _is_inside(span, one)), None)
        if here is None:
            return None
        if said := _INTRODUCED.search(self._text, block.start, here.start):
            # "The sign reads: …": what stands before it says whose it is, or nothing does.
            inside = [cue for cue in inside if said.start() <= cue.at.start]
            introducing = _nearest(inside, here, quoted)
            return self._named(at, introducing) if introducing else None
        if nearest := _nearest(inside, here, quoted):
            return self._named(at, nearest)
        is_open = not is_closed(text, Span(here.start - block.start, here.end - block.start))
        return (self._further_on(at) if is_open else None) or self._before(at)

    def _further_on(self, at: int) -> Speaker | None:
        """Whose quotation it is that is not closed where its paragraph ends."""
        for below in range(at + 1, min(at + 1 + _FURTHEST, len(self._blocks))):
            block = self._blocks[below]
            if not self._is_quoted(below):
                return None
            if found := self._cues(below):
                return self._named(below, found[0])
            quoted = quotations(self._text[block.start : block.end])
            if quoted and is_closed(self._text[block.start : block.end], quoted[-1]):
                return None
        return None

    def _before(self, at: int) -> Speaker | None:
        """Who spoke last: a quotation of nobody new goes on with theirs."""
        told = 0
        for above in range(at - 1, max(at - 1 - _FURTHEST, -1), -1):
            block = self._blocks[above]
            if block.kind == "heading":
                return None
            if found := self._cues(above):
                return self._named(above, found[-1])
            told += not self._is_quoted(above)
            if told > 1:
                return None
        return None

    def _cues(self, at: int) -> list[Cue]:
        block = self._blocks[at]
        if block.kind in UNREAD or block.end - block.start > _LONGEST_PARAGRAPH:
            return []
        move = block.start
        return [
            Cue(cue.at.moved(move), cue.name and cue.name.moved(move))
            for cue in cues(self._text[block.start : block.end])
        ]

    def _named(self, at: int, cue: Cue) -> Speaker | None:
        """Who a cue names; a pronoun means who spoke before, or was named last."""
        if cue.name is not None:
            return self._speaker(self._in_full(cue.name), self._clause(cue.at, cue.name))
        for above in range(at, max(at - 1 - _FURTHEST, -1), -1):
            found = self._named_in(above, cue)
            is_last = cue.is_plural or (above < at and not self._is_quoted(above))
            if found or is_last or self._blocks[above].kind == "heading":
                return found
        return None

    def _named_in(self, at: int, cue: Cue) -> Speaker | None:
        """Who is last named in a paragraph, before ``cue``, as one who speaks or acts."""
        block = self._blocks[at]
        before = self._text[block.start : min(block.end, cue.at.start)]
        spoke = [(one.name, one.at) for one in self._cues(at) if one.at.start < cue.at.start]
        acted = [] if cue.is_plural else [one.moved(block.start) for one in subjects(before)]
        named = [*((name, at_) for name, at_ in spoke if name), *((one, one) for one in acted)]
        if not named:
            return None
        name, verb = max(named, key=lambda one: (one[0].start, one[1].start))
        return self._speaker(self._in_full(name), self._clause(verb, name))

    def _is_quoted(self, at: int) -> bool:
        return _OPENS.match(self._text, self._blocks[at].start) is not None

    def _clause(self, verb: Span, name: Span) -> Span:
        """What says that they say it, without what is said: "said Ada Holm"."""
        start, end = min(verb.start, name.start), max(verb.end, name.end)
        return Span(start, end + (self._text[end : end + 1] in (".", ":")))

    def _speaker(self, named: Span, place: Span) -> Speaker:
        return Speaker(self._said(named), named, place)

    def _said(self, span: Span) -> str:
        return self._document.structure.words_of(span)

    def _in_full(self, name: Span) -> Span:
        """Where the name stands with first name and office; itself, if that is nowhere so."""
        said = self._said(name)
        words = _untitled(said)
        if len(words) != 1 or not words[0][0].isupper():
            return name
        if listed := self._written_out(name):
            return listed
        for other in self._longer(name, said, words[0]):
            parts = map(_untitled, self._said(other).split(","))
            if any(len(known) > 1 and known[-1] == words[0] for known in parts):
                return other
        return name

    def _written_out(self, name: Span) -> Span | None:
        """Who is meant by initials, as minutes list those present."""
        return written_out(self._document, self._text[slice(*name)])

    def _longer(self, name: Span, said: str, surname: str) -> Iterator[Span]:
        if said != surname:  # "Mr Hughes" is a person, and surely not a part of a longer name
            longer = re.compile(rf"(?<![\w-])(?:{_CAPITAL}[ \t]+){{1,6}}{re.escape(surname)}\b")
            yield from (Span(*match.span()) for match in longer.finditer(self._text))
        else:
            near = range(max(self._at(name) - 2 * _FURTHEST, 0), self._at(name) + 1)
            yield from (cue.name for at in near for cue in self._cues(at) if cue.name)

    def _at(self, span: Span) -> int:
        return bisect_right(self._starts, span.start) - 1


def _untitled(name: str) -> list[str]:
    return [word for word in name.split() if word.lower().rstrip(".") not in TITLES]


def _is_inside(span: Span, quotation: Span) -> bool:
    """Whether a sentence is quoted, and not only a word of it."""
    shared = min(span.end, quotation.end) - max(span.start, quotation.start)
    return 2 * shared > span.end - span.start


def _nearest(found: Sequence[Cue], here: Span, quoted: Sequence[Span]) -> Cue | None:
    """The cue of a quotation: the next one behind it, before another begins; else the last before
    it; else any behind."""
    following = next((one.start for one in quoted if one.start >= here.end), None)
    behind = [cue for cue in found if cue.at.start >= here.end]
    before = [cue for cue in found if cue.at.end <= here.start]
    close = [cue for cue in behind if following is None or cue.at.start < following]
    return next(iter(close[:1] or before[-1:] or behind[:1]), None)


def _blocks(document: Document) -> Annotations:
    """The blocks of a document; of one of which nothing but its text is known, its paragraphs."""
    if found := document.structure.blocks:
        return found
    cut = spans(paragraphs(document.text))
    return Annotations.of([Annotation(start, end, "paragraph") for start, end in cut])


def is_speaker(label: str) -> bool:
    """Whether the label of a turn names somebody: "Q" and "Present" do not."""
    return len(label) > 1 and label.casefold() not in _NO_SPEAKER


def issuer_of(document: Document) -> Speaker | None:
    """Whose press release or statement a document is, if it says so at its head."""
    head = document.text[:_HEAD]
    if found := _ISSUED.search(head):
        named = Span(*found.span("name"))
        return Speaker(" ".join(found["name"].split()), named, named, True)
    publisher = document.publisher
    if publisher and _RELEASE.search(head):
        start = document.text.find(publisher)
        place = Span(start, start + len(publisher)) if start >= 0 else None
        return Speaker(publisher, place, place, True)
    return None


def is_asked(document: Document, sentence: Span) -> bool:
    """Whether a sentence is a question that somebody asks in a transcript: it answers nothing."""
    block = document.structure.block_at(sentence.start)
    said = document.text[sentence.start : sentence.end].rstrip('"”’»*_) ')
    return block is not None and block.kind == "turn" and said.endswith("?")
