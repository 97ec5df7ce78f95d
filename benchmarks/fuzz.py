"""Reads files broken by chance for as long as it is told, and keeps those that did harm.

    python benchmarks/fuzz.py SECONDS [--seed N] [--keep FOLDER]

Every reader gets the small files of its format, cut short, with bytes turned, spliced with others
and with random bytes behind a right head, in the real processes. It ends with 1 if a file crashed
its reader or exceeded a limit, made a reader raise what is no `UnusableInput`, or had another file
opened, a process started or an address called.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from footnoted.corpus.files import SourceFile, read
from support.fuzzing import broken, readable_files, watched

_AT_ONCE = 200
# What files may not do to their readers, as the failures say it.
_HARM = ("crashed", "took longer", "needs more than", "holds more than", "made its reader fail")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("seconds", type=float)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, default=Path("fuzzed"))
    given = parser.parse_args()
    chance, until = random.Random(given.seed), time.monotonic() + given.seconds
    outcomes: Counter[str] = Counter()
    harm = 0
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        files = readable_files(folder)
        with watched(folder) as log:
            while time.monotonic() < until:
                for number in range(_AT_ONCE):
                    name = chance.choice(sorted(files))
                    data = broken(files[name], list(files.values()), chance)
                    place = folder / str(number)
                    shutil.rmtree(place, ignore_errors=True)
                    place.mkdir()
                    (place / name).write_bytes(data)
                for file in read(folder):
                    outcomes[_outcome(file)] += 1
                    if any(word in (file.failure or "") for word in _HARM):
                        harm += 1
                        _keep(file, given.keep)
            noticed = log.read_text(encoding="utf-8", errors="replace")
    for outcome, many in sorted(outcomes.items()):
        print(f"{many:8,} {outcome}")
    print(noticed or "nothing else was opened, started or called")
    sys.exit(bool(harm or noticed))


def _outcome(file: SourceFile) -> str:
    ending = file.path.suffix
    if not file.failure:
        return f"{ending} was read"
    return f"{ending} {next((word for word in _HARM if word in file.failure), 'was refused')}"


def _keep(file: SourceFile, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    name = f"{file.stamp.sha256[:16] or file.path.stem}{file.path.suffix}"
    shutil.copyfile(file.path, folder / name)
    print(f"{folder / name}: {file.failure}", flush=True)


if __name__ == "__main__":
    main()
