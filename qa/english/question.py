"""What a question asks for, parsed once; all that reads and selects is handed this value."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from footnoted.corpus.ids import Id, ids
from footnoted.corpus.words import content_words, stem, stems
from footnoted.qa.english.aggregate import Aggregate, aggregate
from footnoted.qa.english.besides import besides, is_apposed, without_other
from footnoted.qa.english.comparison import Comparison, compared
from footnoted.qa.english.dates import DATE
from footnoted.qa.english.echo import echo
from footnoted.qa.english.measures import measure_asked
from footnoted.qa.english.parallel import is_of_other_years
from footnoted.qa.english.parts import parts
from footnoted.qa.english.polarity import polarity, predicate
from footnoted.qa.english.question_kind import (
    asks_for_a_statement,
    asks_for_a_thing,
    asks_for_several,
    asks_what_is_said,
    asks_what_was_asked,
    asks_who_or_which,
    asks_who_says,
    asks_yes_or_no,
    is_small_talk,
)
from footnoted.qa.english.request import Request, requested
from footnoted.qa.english.sameness import same
from footnoted.qa.english.side_question import SideQuestion, side_question
from footnoted.qa.english.stance import COURSES, stance
from footnoted.qa.english.superlative import Superlative, superlative
from footnoted.qa.english.told_of import ToldOf
from footnoted.qa.english.year_ranges import in_one_year


@dataclass(frozen=True, slots=True)
class AskedFor:
    """A question that is to be read for; make one with ``AskedFor.of``.

    - ``side``: the one that it names ("opposes": -1, "supports": 1), or 0. ``sides``: what it asks,
      where it asks who is on it, and ``about`` what, as stems; None and empty elsewhere.
    - ``statement``: whether the answer is a sentence, not a part of one.
    - ``yes_or_no``: whether yes or no may be an answer.
    - ``several``: whether its words expect more than one answer; ``who``: whether it asks who or
      which, which may be one or several.
    - ``who_says``: whether it asks who says something; ``what_is_said``: what somebody says;
      ``what_was_asked``: whether a question may answer it.
    - ``predicate``: the stems of what it says of something, or denies, if ``denied``; none where
      it asks for no thing, for a statement, or for a side.
    - ``names``: its capitalised words but the first. ``dates``: its years, and months with what
      stands beside them. ``figures``: its other numbers. Each as written, in order.
    - ``ids``: the words that name a thing by figures: "ERR-4042", "4.2(b)".
    - ``stands_alone``: whether it is understood without a question before it.
    - ``small_talk``: whether nothing is asked: "Hello!".
    - ``request``: what it wants of the documents themselves, or of all that they say; None where it
      asks for an answer in them.
    - ``known``: the answers that it names or knows, and wants others than; ``apart_from``: the
      names of what it is not about, where it is "the other port".
    - ``measure``: what it wants measured, "length"; "" where nothing. ``echo``: its words behind an
      answer, where a sentence repeats it.
    - ``told_of``: the word that a sentence on it says; None where there is no such.
    - ``year``: the one in which what it asks has to have been so, as a range of years tells; ""
      where that is not asked.
    - ``parts``: where it asks for several things, the questions for each; see ``parts``.
    - ``compared``: the two things that it compares; None where it compares nothing.
    - ``superlative``: what it orders things by: "the cheapest"; None where it wants no such thing.
    - ``aggregate``: what it asks of many together: "how many rooms are there"; None as above.
    """

    text: str
    side: int
    sides: SideQuestion | None
    about: frozenset[str]
    statement: bool
    yes_or_no: bool
    several: bool
    who: bool
    who_says: bool
    what_is_said: bool
    what_was_asked: bool
    predicate: frozenset[str]
    denied: bool
    names: tuple[str, ...]
    figures: tuple[str, ...]
    dates: tuple[str, ...]
    ids: tuple[Id, ...]
    stands_alone: bool
    small_talk: bool
    request: Request | None
    known: tuple[str, ...]
    apart_from: tuple[str, ...]
    measure: str
    echo: tuple[str, ...]
    told_of: ToldOf | None
    year: str
    parts: tuple[str, ...]
    compared: Comparison | None
    superlative: Superlative | None
    aggregate: Aggregate | None

    @classmethod
    def of(cls, question: str, stands_alone: bool = True) -> AskedFor:
        """``question``, parsed. Whether it stands alone is told by who knows what came before."""
        question, known = besides(question)
        sides = side_question(question)
        side = sides.side if sides else _side(question)
        statement = asks_for_a_statement(question)
        said, denied = predicate(question)
        is_of_a_thing = not (statement or side) and (denied or asks_for_a_thing(question))
        dates = [match.span() for match in DATE.finditer(question)]
        figures = (
            match.group()
            for match in _FIGURE.finditer(question)
            if not any(start <= match.start() < end for start, end in dates)
        )
        return cls(
            text=question,
            side=side,
            sides=sides,
            about=_about(sides.what) if sides else frozenset(),
            statement=statement,
            yes_or_no=asks_yes_or_no(question),
            several=asks_for_several(question),
            who=asks_who_or_which(question),
            who_says=asks_who_says(question),
            what_is_said=asks_what_is_said(question),
            what_was_asked=asks_what_was_asked(question),
            predicate=said if is_of_a_thing else frozenset(),
            denied=denied,
            names=tuple(_NAME.findall(question)),
            figures=tuple(figures),
            dates=tuple(question[start:end] for start, end in dates),
            ids=tuple(ids(question)),
            stands_alone=stands_alone,
            small_talk=is_small_talk(question),
            request=requested(question),
            known=known,
            apart_from=(),
            measure=measure_asked(question),
            echo=echo(question),
            told_of=ToldOf.asked(question),
            year="",
            parts=parts(question),
            compared=compared(question),
            superlative=superlative(question),
            aggregate=aggregate(question),
        )

    @property
    def sought(self) -> str:
        """What is searched for."""
        wanted = self.request
        is_of_all = wanted and wanted.wanted in ("overview", "timeline", "positions")
        return (wanted and is_of_all and wanted.topic) or self.text

    def of_others(self, known: Sequence[str], apart_from: Sequence[str]) -> AskedFor:
        """The same with more that is known; what is asked of others is asked of all, without it."""
        plain = AskedFor.of(without_other(self.text), self.stands_alone)
        return replace(
            plain,
            several=self.several,
            known=(*self.known, *known),
            apart_from=tuple(apart_from),
        )

    def in_a_range(self) -> AskedFor | None:
        """The same without its year, to be answered by what was so in years that hold it; None
        where it asks for no year."""
        found = in_one_year(self.text)
        return replace(AskedFor.of(found[0]), year=found[1]) if found else None

    def is_known(self, answer: str, sentence: str = "") -> bool:
        """Whether an answer is one of those that others are wanted than, as its sentence may say:
        "the minister, Ada Holm"."""
        return any(same(one, answer) or is_apposed(one, answer, sentence) for one in self.known)

    def agreement(self, sentence: str) -> int:
        """Whether a sentence is on the side that is named (1), on the other (-1), or neither.

        "Does Amnesty oppose it?" asks of one, not of all on its side: there, what names it and is
        on any side answers.
        """
        if not self.side:
            return 0
        if self.sides:
            return self.side * stance(sentence, self.about)
        names = {stem(name) for name in self.names}
        return abs(stance(sentence)) if names and names <= stems(sentence) else 0

    def is_answered_otherwise(self, sentence: str) -> bool:
        """Whether ``sentence``, whatever it holds, is about something else.

        It denies what is said to be so, or the reverse; it is of other years; or what is asked is
        about a document, and the sentence tells none of that.
        """
        if self.request and not self.request.may_be_told_by(sentence):
            return True
        told = polarity(sentence, self.predicate)
        other_way = told.says if self.denied else told.denies
        same_way = told.denies if self.denied else told.says
        return (other_way and not same_way) or is_of_other_years(sentence, self.text)

    def expects(self, named: int) -> bool:
        """Whether an answer that joins ``named`` things is that many answers, or one.

        "Who wrote it?" may be asked of two people; "What is it made of?" of one alloy. Three things
        are a list, whatever is asked.
        """
        return named > 2 or self.several or self.who


_NAME = re.compile(r"(?<!^)\b[A-Z][\w-]+")
_FIGURE = re.compile(r"(?<!\w)\d+(?:[.,]\d+)*")
# "For" means a side only between somebody and what it is about: "Is Amnesty for it?"
_FOR = re.compile(r"^(?i:is|are|was|were)\s+(?:the\s+)?(?:[A-Z][\w’'-]*\s+)+for\s")


def _side(question: str) -> int:
    """The side that a question names, which asks for nobody on it."""
    if _FOR.match(question.strip()):
        return 1
    return stance(question)


def _about(what: str) -> frozenset[str]:
    """The stems of what a side is taken on; a plan is called many things."""
    named = frozenset(word.stem for word in content_words(what))
    return named | COURSES if named & COURSES else named
