"""``python app.py`` is ``footnoted serve``."""

import sys

from footnoted.__main__ import main

if __name__ == "__main__":
    main(["serve", *sys.argv[1:]])
