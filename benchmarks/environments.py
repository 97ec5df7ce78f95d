"""Virtual environments of their own for what is measured beside Footnoted."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def environment(requirements: Path, folder: Path) -> Path:
    """The Python of a virtual environment with what a file requires, made in ``folder`` if need be.

    Raises:
        subprocess.CalledProcessError: it cannot be made.
    """
    name = requirements.stem
    place = folder / name
    python, installed = place / "bin" / "python", place / "installed.txt"
    wanted = requirements.read_text(encoding="utf-8")
    if not installed.exists() or installed.read_text(encoding="utf-8") != wanted:
        print(f"making an environment for {name}", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", place], check=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "-r", str(requirements)]
        subprocess.run(install, check=True)
        installed.write_text(wanted, encoding="utf-8")
    return python
