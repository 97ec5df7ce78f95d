"""A plot as a part of the page: matplotlib's drawing, as SVG in the page's own colours."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Drawn in these, shown in the page's own: the browser picks light or dark.
_INK, MUTED, _LINE, ACCENT, BAD, SOFT = (f"#01010{number}" for number in range(6))
_COLOURS = {
    _INK: "var(--ink)",
    MUTED: "var(--muted)",
    _LINE: "var(--line)",
    ACCENT: "var(--accent)",
    BAD: "var(--bad)",
    SOFT: "var(--fill)",
}
_LOOK: dict[Any, Any] = {
    "svg.fonttype": "none",
    "font.size": 9,
    "text.color": _INK,
    "axes.edgecolor": _LINE,
    "axes.labelcolor": MUTED,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "grid.color": _LINE,
    "grid.linewidth": 0.6,
    "xtick.color": _LINE,
    "ytick.color": _LINE,
    "xtick.labelcolor": MUTED,
    "ytick.labelcolor": MUTED,
}


@dataclass(frozen=True, slots=True)
class Plot:
    """A drawing, the sentence that it shows, and its numbers for those who cannot see it."""

    title: str
    says: str
    svg: Markup
    heads: tuple[str, ...]
    rows: list[tuple[str, ...]]


def draw(name: str, paint: Callable[[Figure], None], height: float = 2.7) -> Markup:
    import matplotlib as mpl
    from matplotlib.figure import Figure

    # A user's own matplotlibrc must not change the report; the salt keeps the ids of one plot apart
    # from those of the next, and the same in every run.
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update({**_LOOK, "svg.hashsalt": name})
        figure = Figure(figsize=(4.7, height), layout="constrained")
        paint(figure)
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None})
    return Markup(_inline(buffer.getvalue()))  # noqa: S704 (the report's own numbers and words)


def _inline(svg: str) -> str:
    """An SVG file as a part of the page: no outer names, fonts, sizes or colours of its own."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>", "", svg, flags=re.DOTALL)
    svg = re.sub(r' xmlns(:\w+)?="[^"]*"| version="[^"]*"| (width|height)="[\d.]+pt"', "", svg)
    svg = re.sub(r' id="[A-Za-z.0-9]+_\d+"', "", svg)  # every plot has a figure_1
    svg = re.sub(r" *font-family: [^;\"]*;?", "", svg)
    svg = svg.replace("xlink:href", "href").replace("<svg", '<svg aria-hidden="true"', 1)
    for drawn, shown in _COLOURS.items():
        svg = svg.replace(drawn, shown)
    return svg


def share_axes(axes: Axes, x: bool = True, y: bool = True) -> None:
    from matplotlib.ticker import PercentFormatter

    if x:
        axes.set_xlim(0, 1.02)
        axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    if y:
        axes.set_ylim(0, 1.05)
        axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
