"""The evaluation: how far it is, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence

from footnoted.qa.escape import escape
from footnoted.qa.evaluation.report.cases import read_cases
from footnoted.qa.evaluation.report.drawing import Plot
from footnoted.qa.evaluation.report.plots import draw_plots
from footnoted.qa.evaluation.report.tables import Row, metric_rows
from footnoted.qa.evaluation.report.wording import summary
from footnoted.qa.page.markup import count
from footnoted.qa.page.service import Evaluation

WARNINGS = 5  # shown about a question set; one mistake often stands in every line

INTRODUCTION = (
    "<h2>How good are the answers?</h2>"
    "<p>Every question of a set is asked, and the answers are measured against the expected ones. "
    "The other tabs can be used meanwhile.</p>"
)
WRITING = '<p class="pending" role="status">Writing the report …</p>'
STOPPED = '<p class="stopped" role="status">Stopped; nothing was kept.</p>'


def running(done: int, total: int, seconds_left: float | None) -> str:
    if not total:
        return '<p class="pending" role="status">Reading the questions …</p>'
    left = "" if seconds_left is None else f", about {_duration(seconds_left)} left"
    return (
        f'<p class="progress"><label for="asked">{done:,} of {count(total, "question")} asked'
        f'{left}</label> <progress id="asked" max="{total}" value="{done}"></progress></p>'
    )


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{max(round(seconds), 1)} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def measured(evaluation: Evaluation) -> str:
    """The metrics and plots of the report; its questions are for the report alone."""
    result = evaluation.result
    cases = read_cases(result, evaluation.questions, None)
    groups = metric_rows(result["metrics"], cases, {})
    return (
        f'<div class="measured"><p class="summary" role="status">'
        f"{escape(summary(cases))}</p>{_warnings(evaluation.warnings)}"
        '<div class="results"><table><thead><tr><th scope="col">Metric</th>'
        '<th scope="col">Value</th><th scope="col">Meaning</th></tr></thead>'
        + "".join(_group(name, rows) for name, rows in groups.items())
        + f'</table><div class="plots">{"".join(map(_plot, draw_plots(result, cases)))}</div>'
        "</div></div>"
    )


def _warnings(warnings: Sequence[str]) -> str:
    shown = "".join(f"<li>{escape(warning)}</li>" for warning in warnings[:WARNINGS])
    more = len(warnings) - WARNINGS
    rest = f"<li>and {more:,} more</li>" if more > 0 else ""
    return f'<ul class="warnings" aria-label="About the set">{shown}{rest}</ul>' if shown else ""


def _group(name: str, rows: Sequence[Row]) -> str:
    return (
        f'<tbody><tr class="group"><th colspan="3" scope="rowgroup">{escape(name)}</th></tr>'
        f"{''.join(map(_row, rows))}</tbody>"
    )


def _row(row: Row) -> str:
    meaning = row.metric.meaning + (" Lower is better." if row.lower_is_better else "")
    return (
        f'<tr><th scope="row">{escape(row.metric.title)} <code>{escape(row.name)}</code></th>'
        f'<td class="value">{escape(row.value)}</td>'
        f'<td class="meaning">{escape(meaning)}</td></tr>'
    )


def _plot(plot: Plot) -> str:
    heads = "".join(f'<th scope="col">{escape(head)}</th>' for head in plot.heads)
    rows = "".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in plot.rows
    )
    return (
        f"<figure><figcaption><h3>{escape(plot.title)}</h3><p>{escape(plot.says)}</p></figcaption>"
        f"{plot.svg}<details><summary>The numbers</summary><table><thead><tr>{heads}</tr></thead>"
        f"<tbody>{rows}</tbody></table></details></figure>"
    )
