"""Press releases by different people on one plan, and one on another plan."""

from __future__ import annotations

from pathlib import Path

RELEASES = {
    "cyclists.md": """# Toll would price out families

Press Release: Skovby Cyclists' Union

12 March 2024

The Skovby Cyclists' Union strongly opposes the bridge toll, which the council will vote on in May.

“We condemn the bridge toll. It is unfair to families on the island,” says union chair Ada Holm.

She added that petrol prices had risen as well.
""",
    "traders.md": """# Traders back the toll

Press Release: Harbour Traders' Association

14 March 2024

The Harbour Traders' Association supports the bridge toll, its director Bo Lind said today.

“We support the bridge toll because it will pay for repairs,” Mr Lind said.
""",
    "council.md": """# Minutes of the council

The clerk read out the draft budget. The bridge toll would bring in two million a year.

The Green Alliance, the Workers' League and the Island Party oppose the bridge toll. The Liberal
Bloc supports the bridge toll.

The meeting closed at nine.
""",
    "library.md": """# Readers against the closure

Press Release: Friends of the Library

20 March 2024

Friends of the Library opposes the closure of the reading room.

“We condemn the closure of the reading room,” says secretary Carl Munk.
""",
    "works.md": """# Works on the bridge

The road authority will paint the bridge in June. Two lanes stay open. Traffic is counted by the
Institute of Roads.
""",
}
AGAINST = {"Skovby Cyclists' Union", "Green Alliance", "Workers' League", "Island Party"}
FOR = {"Harbour Traders' Association", "Liberal Bloc"}
OF_ANOTHER_PLAN = {"Friends of the Library", "Carl Munk"}


def write(folder: Path) -> Path:
    """The releases as files in ``folder``."""
    for name, text in RELEASES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder
