"""``python -m footnoted`` is the command ``footnoted``."""

from footnoted.cli import main

main()
