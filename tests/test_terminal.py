import sys

import pytest

from tests.terminal import Terminal

ECHO = """
import sys, tty
tty.setcbreak(0)
print("ready", flush=True)
for _ in range(3):
    print("<", repr(sys.stdin.read(1)), ">", flush=True)
"""
UNTIDY = r"""
import sys, tty
tty.setraw(0)
sys.stdout.write("\x1b[?1049h\x1b[?25l\x1b[>1uuntidy")
sys.stdout.flush()
sys.exit(3)
"""


def program(text: str) -> Terminal:
    return Terminal([sys.executable, "-S", "-c", text], columns=40, lines=10)


def test_keys_arrive_and_their_answers_are_timed_and_counted() -> None:
    with program(ECHO) as terminal:
        terminal.wait_for("ready")
        terminal.press("down")
        assert 0 < terminal.wait_for("< '[' >") < 10
        terminal.wait_for("< 'B' >")
        burst = terminal.burst()
        assert 0 < burst.first <= burst.last
        assert burst.size == len("< '\\x1b' >\r\n< '[' >\r\n< 'B' >\r\n")


def test_what_never_comes_ends_in_a_failure_that_shows_the_screen() -> None:
    with program("print('something else')") as terminal, pytest.raises(AssertionError, match="something else"):
        terminal.wait_for("this")


def test_a_terminal_left_untidy_is_told() -> None:
    with program(UNTIDY) as terminal:
        assert terminal.wait_exit() == 3
        assert terminal.left_behind == {"mode 1049", "no cursor", "keyboard protocol", "line discipline"}


def test_a_tidy_program_leaves_nothing_behind() -> None:
    with program("print('\\x1b[?1049h\\x1b[?25l', '\\x1b[?25h\\x1b[?1049l')") as terminal:
        assert terminal.wait_exit() == 0
        assert terminal.left_behind == set()


def test_a_program_that_does_not_end_is_ended() -> None:
    with program(
        "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN); print('here'); signal.pause()"
    ) as stubborn:
        stubborn.wait_for("here")
    assert stubborn.wait_exit() == -9
