"""The plots of the stated confidence: what a threshold on it costs, and whether to believe it."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from footnoted.qa.evaluation.report.cases import Case
from footnoted.qa.evaluation.report.drawing import ACCENT, BAD, MUTED, SOFT, Plot, draw, share_axes
from footnoted.qa.evaluation.report.wording import percent

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_BINS = 10  # of confidence, as in calibration_error
_THRESHOLDS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)


def plot_risk(cases: Sequence[Case]) -> Plot | None:
    points = _curve(cases)
    if not points:
        return None
    return Plot(
        "What a stricter threshold would cost",
        _risk_in_words(points),
        draw("risk", lambda figure: _paint_risk(figure, points, len(cases))),
        ("Confidence from", "Answered", "Wrong", "Share wrong"),
        [
            (
                percent(kept.threshold),
                f"{kept.answered:,}",
                f"{kept.wrong:,}",
                f"{kept.risk:.1%}" if kept.answered else "–",
            )
            for kept in (_kept(cases, threshold) for threshold in _THRESHOLDS)
        ],
    )


def _paint_risk(figure: Figure, points: Sequence[_Kept], asked: int) -> None:
    axes = figure.subplots()
    least = ceil(points[-1].answered / 100)  # a share of one or two in thousands is no share
    drawn = [point for point in points if point.answered >= least]
    shares = [point.answered / asked for point in drawn]
    risks = [point.risk for point in drawn]
    marker = "o" if len(points) <= 60 else ""
    axes.plot(shares, risks, color=ACCENT, marker=marker, markersize=3, clip_on=False)
    axes.plot(shares[-1:], risks[-1:], "o", color=BAD, markersize=5, clip_on=False)
    share_axes(axes)
    axes.set_ylim(0, min(1.0, max(0.1, 1.25 * max(risks))))
    axes.set_xlabel("questions answered, of all")
    axes.set_ylabel("wrong, of those answered")


def _risk_in_words(points: Sequence[_Kept]) -> str:
    last = points[-1]
    clean = [point for point in points if point.wrong == 0]
    says = f"As it is, {last.answered:,} are answered, {last.wrong:,} of them wrong (the red dot). "
    if not last.wrong:
        says = f"{last.answered:,} are answered, and none of the answers is wrong. "
    elif clean:
        says += (
            f"Answering only from {clean[-1].threshold:.1%} confidence on would leave "
            f"{clean[-1].answered:,} of these answers, all of them right."
        )
    else:
        says += "No threshold would leave right answers alone."
    return says.strip()


class _Kept(NamedTuple):
    """What is left of the answers when only those of at least this confidence are given."""

    threshold: float
    answered: int
    wrong: int

    @property
    def risk(self) -> float:
        return self.wrong / self.answered if self.answered else 0.0


def _kept(cases: Sequence[Case], threshold: float) -> _Kept:
    kept = [case for case in cases if case.answered and case.confidence >= threshold]
    return _Kept(threshold, len(kept), sum(not case.right for case in kept))


def _curve(cases: Sequence[Case]) -> list[_Kept]:
    """One point for each confidence that occurs, from the strictest threshold to none."""
    points, answered, wrong = [], 0, 0
    given = sorted((case for case in cases if case.answered), key=lambda case: -case.confidence)
    for number, case in enumerate(given, 1):
        answered, wrong = answered + 1, wrong + (not case.right)
        if number == len(given) or given[number].confidence != case.confidence:
            points.append(_Kept(case.confidence, answered, wrong))
    return points


def plot_reliability(cases: Sequence[Case]) -> Plot | None:
    bins = _binned(cases)
    if not bins:
        return None
    gap = sum(held.right - held.asked * held.confidence for held in bins) / len(cases)
    mean = sum(held.asked * held.confidence for held in bins) / len(cases)
    leaning = "about right" if abs(gap) < 0.02 else "too modest" if gap > 0 else "too sure"
    return Plot(
        "Is the confidence to be believed?",
        f"It was {mean:.0%} on average, and {mean + gap:.0%} were right: {leaning}. On the dashed "
        "line it would be exact; the bars are 95% intervals.",
        draw("reliability", lambda figure: _paint_reliability(figure, bins), 3.1),
        ("Confidence", "Questions", "Right", "Stated", "Proved"),
        [
            (
                f"{percent(held.number / _BINS)} to {percent((held.number + 1) / _BINS)}",
                f"{held.asked:,}",
                f"{held.right:,}",
                f"{held.confidence:.1%}",
                f"{held.share:.1%}",
            )
            for held in bins
        ],
    )


def _paint_reliability(figure: Figure, bins: Sequence[_Bin]) -> None:
    upper, lower = figure.subplots(2, sharex=True, height_ratios=(3, 1))
    upper.plot([0, 1], [0, 1], "--", color=MUTED, linewidth=0.9)
    for held in bins:
        upper.plot([held.confidence] * 2, _wilson(held.right, held.asked), color=ACCENT, lw=1)
    means, shares = [held.confidence for held in bins], [held.share for held in bins]
    upper.plot(means, shares, "o", color=ACCENT, markersize=4.5, clip_on=False)
    share_axes(upper)
    upper.set_ylabel("right")
    left = [held.number / _BINS for held in bins]
    counts = [held.asked for held in bins]
    bars = lower.bar(left, counts, width=1 / _BINS, align="edge", color=SOFT, edgecolor=ACCENT)
    lower.bar_label(bars, fontsize=7.5, color=MUTED, padding=1)
    lower.set_ylim(0, 1.45 * max(counts))
    lower.set_yticks([])
    lower.spines["left"].set_visible(False)
    lower.grid(visible=False)
    lower.set_xlabel("stated confidence")
    lower.set_ylabel("questions")


class _Bin(NamedTuple):
    """The questions of one tenth of confidence."""

    number: int
    asked: int
    right: int
    confidence: float

    @property
    def share(self) -> float:
        return self.right / self.asked


def _binned(cases: Sequence[Case]) -> list[_Bin]:
    bins = []
    for number in range(_BINS):
        held = [case for case in cases if min(_BINS - 1, int(case.confidence * _BINS)) == number]
        if held:
            mean = sum(case.confidence for case in held) / len(held)
            bins.append(_Bin(number, len(held), sum(case.right for case in held), mean))
    return bins


def _wilson(right: int, count: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927), which stays honest for a handful of questions."""
    z, share = 1.96, right / count
    middle = share + z * z / (2 * count)
    spread = z * (share * (1 - share) / count + z * z / (4 * count * count)) ** 0.5
    scale = 1 + z * z / count
    return (middle - spread) / scale, (middle + spread) / scale
