"""Measures on words: facts held, answers given. Text is compared after SQuAD's normalisation."""

from __future__ import annotations

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

Facts = Sequence[Sequence[str]]
"""The facts that a right answer must hold, each as its accepted wordings."""

_PUNCTUATION = str.maketrans("", "", string.punctuation)
_ARTICLES = re.compile(r"\b(a|an|the)\b")
_QUOTES = re.compile("[´«»\u02b9-\u02bd\u02ee\u2018-\u201f\u2032-\u2037\u2039\u203a\u301d-\u301f]")
# NFKC makes plain digits of these, which would run into those before them: 10² is not 102.
_RAISED = re.compile(r"(?<=\d)(?=[²³¹\u2070-\u2089¼-¾\u2150-\u215f])")

# What a figure keeps of its signs, in characters that NFKC leaves nowhere else.
_MINUS, _POINT = "⁻", "․"
_FIGURE = re.compile(r"((?<![\w)\]%−-])[−-])?((?<![\w.])\.\d+|\d+(?:[.,'·]\d+)*)")
_GROUPED = re.compile(r"([1-9]\d{0,2}([.,'])(?:\d{2,3}\2)*\d{3})(?:[.,·](\d+))?")
_DECIMAL = re.compile(r"(\d*)(?:[.·](?=\d+$)|,(?=\d\d?$))(\d+)")
_SPACED = re.compile(r"(?<=\d)[\xa0\u2007\u2009\u202f](?=\d{3}(?!\d))")
_BETWEEN = re.compile(rf"(?<=\d)[^\w\s{_POINT}]+(?=\d)")


def normalise(text: str) -> str:
    """Lower case, without punctuation, English articles and extra white space.

    Punctuation is ASCII's and quotation marks and apostrophes of all kinds. Letters are composed
    (NFKC).

    Source: Rajpurkar, Jia and Liang, "Know What You Don't Know: Unanswerable Questions for
    SQuAD", ACL 2018, and its evaluation script, to which quotation marks and NFKC are added.
    """
    return _normal(_spelt(text))


def _spelt(text: str) -> str:
    return unicodedata.normalize("NFKC", _RAISED.sub(" ", _QUOTES.sub("'", text)))


def _normal(text: str) -> str:
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def _with_figures(text: str) -> str:
    """``normalise``, but that each figure keeps its sign and decimal point, and stands apart.

    Punctuation cannot just go: it would make 125 of 12.5, and 19141918 of 1914-1918.
    """
    spelt = _spelt(_SPACED.sub(",", text))
    return _normal(_BETWEEN.sub(" ", _FIGURE.sub(_figure, spelt)))


def _figure(found: re.Match[str]) -> str:
    minus, digits = _MINUS if found[1] else "", found[2]
    if grouped := _GROUPED.fullmatch(digits):
        whole = grouped[1].replace(grouped[2], "")
        return minus + (f"{whole}{_POINT}{grouped[3]}" if grouped[3] else whole)
    if decimal := _DECIMAL.fullmatch(digits):
        return f"{minus}{decimal[1] or 0}{_POINT}{decimal[2]}"
    return minus + digits


def exact(prediction: str, wording: str) -> float:
    """1 if the two are equal after normalisation, else 0."""
    return float(normalise(prediction) == normalise(wording))


def f1(prediction: str, wording: str) -> float:
    """``2 p r / (p + r)`` over the words of the two as bags, after normalisation.

    p and r are the words in common as a share of the prediction's and of the wording's. If
    normalisation leaves no word of either, 1 if it leaves none of both, else 0.
    """
    given, wanted = normalise(prediction).split(), normalise(wording).split()
    return harmonic(share_in_common(given, wanted), share_in_common(wanted, given))


def best_wording(
    prediction: str, wordings: Iterable[str], measure: Callable[[str, str], float]
) -> float:
    """The best of ``measure`` over the wordings.

    As in SQuAD's script, a wording of which normalisation leaves nothing counts only where there
    is no other.
    """
    left = [wording for wording in wordings if normalise(wording)] or [""]
    return max(measure(prediction, wording) for wording in left)


def holds(text: str, wordings: Iterable[str]) -> bool:
    """Whether some wording stands in ``text``, both normalised.

    A wording stands also inside a longer word, as "Social Democrat" in "Social Democratic". A
    figure stands only whole, with its sign and its decimals: 12 stands in no 312, 12.5, 12,500 or
    -12. How its thousands are set apart does not count. A wording of which normalisation leaves
    nothing stands only in a text of which it leaves nothing.
    """
    whole = _with_figures(text)
    return any(_stands(wording, whole) for wording in map(_with_figures, wordings))


def _stands(wording: str, whole: str) -> bool:
    if not wording:
        return not whole
    before = rf"(?<![\d{_MINUS}])(?<!\d{_POINT})" if wording[0].isdecimal() else ""
    after = rf"(?!\d|{_POINT}\d)" if wording[-1].isdecimal() else ""
    return re.search(before + re.escape(wording) + after, whole) is not None


def fact_recall(facts: Facts, texts: Sequence[str]) -> float:
    """The share of ``facts`` of which some wording stands in one of ``texts``.

    The texts are the short answers and the statements, each by itself; declined, there are none,
    and the recall is 0.
    """
    return sum(any(holds(text, fact) for text in texts) for fact in facts) / len(facts)


def list_f1(facts: Facts, answers: Iterable[str]) -> float:
    """``2 p r / (p + r)``: p is the share of answers that equal a wording, r of facts so equalled.

    Answers are distinct if they are after normalisation; the others count once. Two answers that
    are wordings of the same fact are both right, and the fact is found once. No answer gives 0.
    """
    given = dict.fromkeys(map(normalise, answers))
    wanted = [{normalise(wording) for wording in fact} for fact in facts]
    if not given:
        return 0.0
    right = sum(any(answer in fact for fact in wanted) for answer in given)
    found = sum(not fact.isdisjoint(given) for fact in wanted)
    return harmonic(right / len(given), found / len(wanted))


def list_f1_partial(facts: Facts, answers: Iterable[str]) -> float:
    """``list_f1`` with part marks: every answer counts as far as it overlaps its best fact.

    ``p = mean over answers of max over facts of |a ∩ w| / |a|``
    ``r = mean over facts of max over answers of |a ∩ w| / |w|``
    where ``a ∩ w`` are the words, as bags and after normalisation, that an answer and a wording
    have in common; the best wording of a fact counts, for p and r apart. No answer gives 0.

    Source: Li, Tomko, Vasardani and Baldwin, "MultiSpanQA: A Dataset for Multi-Span Question
    Answering", NAACL 2022. Their script takes for the overlap the longest common substring, in
    characters, and one F1 over the precision and recall of all questions together. Here the
    overlap is in words, so that "Iran" is no part of "Iranian", and F1 is a question's own.
    """
    given = [answer.split() for answer in dict.fromkeys(map(normalise, answers))]
    wanted = [[normalise(wording).split() for wording in fact] for fact in facts]
    if not given:
        return 0.0
    precision = sum(
        max(share_in_common(a, wording) for fact in wanted for wording in fact) for a in given
    )
    recall = sum(
        max(share_in_common(wording, a) for wording in fact for a in given) for fact in wanted
    )
    return harmonic(precision / len(given), recall / len(wanted))


def share_in_common(words: Sequence[str], others: Sequence[str]) -> float:
    """The share of ``words`` that ``others`` hold too, as bags; of no words, 1 if both hold none.

    A word that stands twice in the one is in common twice only if it stands twice in the other.
    """
    if not words or not others:
        return float(not words and not others)
    return (Counter(words) & Counter(others)).total() / len(words)


def harmonic(precision: float, recall: float) -> float:
    """F1, the harmonic mean of precision and recall; 0 if both are."""
    total = precision + recall
    return 2 * precision * recall / total if total else 0.0
