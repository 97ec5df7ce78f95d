"""An evaluation as one HTML file that a person reads, with nothing to fetch and nothing to trust.

What is said stands in ``page.html`` and ``meanings.toml``, how it looks in ``page.css``, and the
filters in ``page.js``. ``page`` prints what ``cases`` thinks of each question, what ``wording`` and
``tables`` make of the numbers, and what ``plots`` draws: SVG by matplotlib in the page's colours.
"""

from footnoted.qa.evaluation.report.page import need_plots, write_report

__all__ = ["need_plots", "write_report"]
