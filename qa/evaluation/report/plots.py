"""The plots of a report, among them those of the search and of the time taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil
from typing import TYPE_CHECKING, Any

from footnoted.qa.evaluation.report.cases import UNJUDGED, Case
from footnoted.qa.evaluation.report.confidence import plot_reliability, plot_risk
from footnoted.qa.evaluation.report.drawing import ACCENT, Plot, draw, share_axes
from footnoted.qa.evaluation.report.meanings import HIT, depth
from footnoted.qa.evaluation.report.wording import duration, percent

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_DEEPEST = 10  # of hit@k, as in mrr@10


def draw_plots(result: Mapping[str, Any], cases: Sequence[Case]) -> list[Plot]:
    judged = [case for case in cases if case.verdict != UNJUDGED]
    drawn = [
        plot_risk(judged),
        plot_reliability(judged),
        _plot_hits(result, cases),
        _plot_latency(cases),
    ]
    return [plot for plot in drawn if plot]


def _plot_hits(result: Mapping[str, Any], cases: Sequence[Case]) -> Plot | None:
    shares = _hit_shares(result, cases)
    if not shares:
        return None

    def paint(figure: Figure) -> None:
        axes = figure.subplots()
        axes.plot(list(shares), list(shares.values()), "o-", color=ACCENT, ms=4, clip_on=False)
        share_axes(axes, x=False)
        axes.set_xticks(list(shares))
        axes.set_xlabel("documents looked at")
        axes.set_ylabel("right document found")

    first, last = min(shares), max(shares)
    says = f"A right document is found first for {shares[first]:.0%}" if first == 1 else "One is"
    if last != first:
        says += f"{' and ' if first == 1 else ' '}among the first {last} for {shares[last]:.0%}"
    return Plot(
        "How deep the search must look",
        f"{says} of the questions.",
        draw("hits", paint),
        ("Documents", "Right one found"),
        [(str(k), f"{share:.1%}") for k, share in shares.items()],
    )


def _hit_shares(result: Mapping[str, Any], cases: Sequence[Case]) -> dict[int, float]:
    """hit@k for every k that is known: a reciprocal rank tells all of them."""
    ranks = [rank for case in cases if (rank := case.scores.get("mrr@10")) is not None]
    if ranks:
        return {
            k: sum(rank > 1 / (k + 0.5) for rank in ranks) / len(ranks)
            for k in range(1, _DEEPEST + 1)
        }
    known = {depth(name): value for name, value in result["metrics"].items() if HIT.match(name)}
    return {k: value for k, value in sorted(known.items()) if value is not None}


def _plot_latency(cases: Sequence[Case]) -> Plot | None:
    taken = sorted(case.seconds for case in cases if case.seconds is not None)
    if not taken:
        return None

    def paint(figure: Figure) -> None:
        axes = figure.subplots()
        shares = [number / len(taken) for number in range(1, len(taken) + 1)]
        axes.step([taken[0], *taken], [0, *shares], where="post", color=ACCENT)
        share_axes(axes, x=False)
        axes.grid(visible=False, axis="x")
        if taken[-1] > 20 * max(taken[0], 1e-4):
            axes.set_xscale("log")
        else:
            axes.set_xlim(left=0)
        axes.xaxis.set_major_formatter(lambda value, _: duration(value))
        axes.xaxis.set_minor_formatter(lambda _, __: "")
        axes.set_xlabel("time for a question")
        axes.set_ylabel("questions done")

    steps = (0.5, 0.9, 0.95, 0.99, 1.0)
    reached = [(share, taken[ceil(round(share * len(taken), 6)) - 1]) for share in steps]
    return Plot(
        "How long it takes",
        f"Half of the questions took at most {duration(reached[0][1])}; the slowest took "
        f"{duration(taken[-1])}.",
        draw("latency", paint),
        ("Share of questions", "Done within"),
        [(percent(share), duration(value)) for share, value in reached],
    )
