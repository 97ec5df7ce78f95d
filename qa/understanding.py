"""Which meaning of a follow-up question is searched for: the one that the documents answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from footnoted.index.options import SearchOptions
from footnoted.index.protocols import Searchable
from footnoted.index.types import Hit, Retrieved
from footnoted.qa.english.question import AskedFor
from footnoted.qa.follow_up.others import known_before
from footnoted.qa.follow_up.standing_alone import stands_alone
from footnoted.qa.protocols import ANSWER, Meaning, Reader, Rewriter, Weighing
from footnoted.qa.remembered import remembered
from footnoted.qa.spelling import corrected, misspelt

# An answer of more words names nobody that "he" could mean.
_LONGEST_ANSWER = 8
_SURE = 0.5
_REMEMBERED = 256
_GLANCED_AT = 4  # passages
# The likeliest meaning gives way to one that the documents answer so much more likely.
_SURER = 0.2
# What is less likely to be answered is not read for.
_LEAST = 0.3
_MOST_TRIED = 2


def _propose_nothing(question: str, history: Sequence[str]) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Sought:
    """A question that stands alone as it is searched for, and what was found."""

    understood: str
    asked: AskedFor
    corrected: dict[str, str]
    found: Retrieved
    is_likeliest: bool = True
    """Whether it is what the words alone are likeliest to mean."""

    @property
    def hits(self) -> tuple[Hit, ...]:
        """The passages to read; none, where nothing is asked."""
        return () if self.asked.small_talk else self.found.hits

    def of_others(self, earlier: str, answers: Sequence[str]) -> Sought:
        """The same, wanting others than what the question ``earlier`` was answered with or named,
        as far as it asks so."""
        known = known_before(self.asked.text, earlier)
        named = (*known.named, *(answers if known.answers else ()))
        if not (named or known.answers or known.apart_from):
            return self
        asked = self.asked.of_others(named, known.apart_from)
        return replace(self, asked=asked)


class Understanding:
    """Makes questions stand alone. It may be shared between threads.

    What a follow-up question means is asked of the documents where its words leave a choice: of its
    meanings, those that are answered come first. What was understood is remembered, so that a
    conversation is not read through again with each question.
    """

    def __init__(
        self,
        library: Searchable,
        reader: Reader,
        rewrite: Rewriter,
        passages: int,
        search: SearchOptions | None = None,
        propose: Callable[[str, Sequence[str]], str] = _propose_nothing,
    ) -> None:
        """``propose`` gives a further meaning of a follow-up question, or "", beside the rules'."""
        self._library = library
        self._reader = reader
        self._rewrite = rewrite
        self._passages = passages
        self._search = search
        self._propose = propose

    def of(self, question: str, history: Sequence[str]) -> list[Sought]:
        """What ``question`` may mean after ``history``, oldest first, in the order to read for it.

        The one that ``is_likeliest`` as far as its words tell is among them: so it is understood
        where none is answered.
        """
        rewritten = self._rewrite(question, history)
        if isinstance(rewritten, str):
            return [self._seek(rewritten)]
        alone: list[str] = []
        for earlier in history:
            alone.append(self._understood(earlier, alone))
        return self._weighed(self._meanings(question, alone))

    def _understood(self, question: str, before: Sequence[str]) -> str:
        """An earlier question, as it stands alone."""
        if not before:
            return question
        return self._remembered(
            ("meaning", question, *before),
            lambda: self._weighed(self._meanings(question, before))[0].understood,
        )

    def _meanings(self, question: str, before: Sequence[str]) -> Sequence[Meaning]:
        rewritten = self._rewrite(question, before)
        found = [Meaning(rewritten)] if isinstance(rewritten, str) else list(rewritten)
        if before:
            proposed = Meaning(self._propose(question, before))
            found += [proposed] if proposed.text and proposed not in found else []
        return found

    def _answered(self, meanings: Sequence[Meaning]) -> list[Meaning]:
        """``meanings`` with the answers put in that are meant, without those that have none."""
        found: list[Meaning] = []
        for one in meanings:
            answer = self._remembered(("answer", one.of), partial(self._answer, one.of))
            if answer and one.names:
                found[0] = Meaning(one.text.replace(ANSWER, answer))
            elif answer or not one.of:
                found.append(one._replace(text=one.text.replace(ANSWER, answer)))
        return found

    def _answer(self, question: str) -> str:
        """The one thing that ``question`` is surely answered with; "" without one."""
        if not question:
            return ""
        sought = self._seek(question)
        found = self._reader.read(sought.asked, sought.hits).findings
        sure = (one for one in found if one.answer and one.confidence >= _SURE)
        named = next((one.answer_text for one in sure), "")
        words = named.split()
        return " ".join(words) if len(words) <= _LONGEST_ANSWER else ""

    def _seek(self, understood: str, is_likeliest: bool = True) -> Sought:
        words = misspelt(understood, self._library)
        asked = AskedFor.of(corrected(understood, words), stands_alone(understood))
        found = self._library.retrieve(asked.sought, self._passages, options=self._search)
        return Sought(understood, asked, words, found, is_likeliest)

    def _weighed(self, meanings: Sequence[Meaning]) -> list[Sought]:
        """``meanings`` in the order to read for them; the likeliest alone, if that is the only one
        or the reader cannot tell."""
        if not isinstance(self._reader, Weighing):
            return [self._seek(meanings[0].text)]
        known = self._answered(meanings)
        sought = [self._seek(one.text, one == known[0]) for one in known]
        if len(sought) == 1:
            return sought
        asked, hits = [one.asked for one in sought], [one.hits[:_GLANCED_AT] for one in sought]
        # To put in the answer to a question says of whom the next one is, better than its words do.
        favoured = [one.of != "" or one == known[0] for one in known]
        chances = [
            chance + _SURER * favour
            for chance, favour in zip(self._reader.weigh(asked, hits), favoured, strict=True)
        ]
        order = sorted(range(len(sought)), key=lambda at: -chances[at])
        tried = [at for at in order if chances[at] >= _LEAST][:_MOST_TRIED]
        return [sought[at] for at in dict.fromkeys([*tried, 0])]

    def _remembered(self, key: tuple[str, ...], make: Callable[[], str]) -> str:
        """What ``make`` made of ``key``, as long as the documents stay as they are."""
        known: dict[tuple[str, ...], str] = remembered(self._library, self)
        if (found := known.get(key)) is not None:
            return found
        made = make()
        if len(known) >= _REMEMBERED:
            known.clear()
        known[key] = made
        return made
