"""``python -m mltrack_tui``: the same as ``mltrack``."""

import sys

from mltrack_tui.cli.program import main

if __name__ == "__main__":
    sys.exit(main())
