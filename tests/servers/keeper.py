"""Runs a program until it ends or whoever started this goes away, killed even; nothing of it stays behind.

The parent holds the other end of our standard input and never writes: its end is the parent's.
"""

import os
import signal
import subprocess
import sys
import threading


def main() -> None:
    program = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)
    threading.Thread(target=_end_with_the_parent, daemon=True).start()
    sys.exit(program.wait())


def _end_with_the_parent() -> None:
    sys.stdin.buffer.read()
    os.killpg(os.getpgrp(), signal.SIGKILL)


if __name__ == "__main__":
    main()
