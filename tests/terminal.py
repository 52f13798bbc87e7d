"""A terminal for a program under test: it reads the screen, presses keys, and measures what comes of them.

Times are honest: a thread stamps what the program writes as it comes, and the slow emulation of a screen waits until
a burst has ended. Linux and macOS; peak memory on Linux only.
"""

import os
import re
import signal
import termios
import threading
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

import pyte
from ptyprocess import PtyProcess

_KEYS = {
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    "enter": "\r",
    "tab": "\t",
    "shift+tab": "\x1b[Z",
    "escape": "\x1b",
    "space": " ",
    "backspace": "\x7f",
} | {f"ctrl+{letter}": chr(ord(letter) - ord("a") + 1) for letter in "abcdefghijklmnopqrstuvwxyz"}

_MODE = re.compile(rb"\x1b\[\?([0-9;]+)([hl])")
_CURSOR = 25
_OFF_AT_THE_END = {1000, 1002, 1003, 1004, 1006, 1015, 1047, 1049, 2004, 2026, 2031, 2048}
_UNKNOWN_TO_PYTE = re.compile(
    rb"\x1b\[[<>=][0-9;:]*[ -/]*[@-~]|\x1b\[\?[0-9;]*(?:u|\$p)|\x1b[P^_X].*?\x1b\\", re.DOTALL
)
_UNFINISHED = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*|[P^_X][^\x1b]*)?\Z")
_BURST = 0.01
"""Seconds without a byte after which what came is drawn."""


@dataclass(frozen=True, slots=True)
class Burst:
    """What a program wrote since the last key: seconds to the first and to the last of it, and how many bytes."""

    first: float
    last: float
    size: int


class Terminal:
    """A program in a terminal of its own, ended when the context is left."""

    def __init__(
        self,
        command: Sequence[str],
        columns: int = 120,
        lines: int = 36,
        *,
        cwd: Path | None = None,
        changes: Mapping[str, str] | None = None,
    ) -> None:
        self._screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self._screen)
        self._chunks: list[tuple[float, bytes]] = []
        self._drawn = 0
        self._undrawn = b""
        self._ended = False
        self._news = threading.Condition()
        inherited = {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES", "NO_COLOR"}}
        environment = {**inherited, "TERM": "xterm-256color", "COLORTERM": "truecolor", **(changes or {})}
        self._begun = self._mark = time.perf_counter()
        self._marked_chunks = 0
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # forking beside threads: the child execs at once
            self._process = PtyProcess.spawn(
                list(command), cwd=cwd and str(cwd), env=environment, dimensions=(lines, columns)
            )
        self._fd: int = self._process.fd
        self._line_discipline = termios.tcgetattr(self._fd)[:4]
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for end in (signal.SIGHUP, signal.SIGKILL):
            if not self._ended:
                self._process.kill(end)
                self._wait(lambda: self._ended, 1.0)
        self._process.wait()
        self._reader.join()
        self._process.fileobj.close()

    # What the program writes

    def _read(self) -> None:
        while True:
            try:
                data = os.read(self._fd, 1 << 16)
            except OSError:  # Linux says EIO where others say there is no more
                data = b""
            stamp = time.perf_counter()
            if b"\x1b[?2026$p" in data:
                os.write(self._fd, b"\x1b[?2026;2$y")  # frames may be sent as one
            with self._news:
                if data:
                    self._chunks.append((stamp, data))
                else:
                    self._ended = True
                self._news.notify_all()
                if not data:
                    return

    def _wait(self, condition: Callable[[], bool], timeout: float) -> bool:
        with self._news:
            return self._news.wait_for(condition, max(timeout, 0))

    def _has_news(self, seen: int) -> bool:
        return self._ended or len(self._chunks) > seen

    def _wait_quiet(self, seconds: float, deadline: float) -> None:
        while time.perf_counter() < deadline:
            if self._ended or not self._wait(partial(self._has_news, len(self._chunks)), seconds):
                return

    def _draw_next(self) -> float:
        stamp, data = self._chunks[self._drawn]
        self._drawn += 1
        data = self._undrawn + data
        unfinished = _UNFINISHED.search(data)
        cut = unfinished.start() if unfinished else len(data)
        self._undrawn = data[cut:]
        self._stream.feed(_UNKNOWN_TO_PYTE.sub(b"", data[:cut]))
        return stamp

    def _text(self) -> str:
        # not pyte's display, which fails where the half of a wide character was written over
        lines, columns = range(self._screen.lines), range(self._screen.columns)
        return "\n".join("".join(self._screen.buffer[y][x].data for x in columns).rstrip() for y in lines)

    @property
    def screen(self) -> str:
        """What is on the screen, of all that has come until now."""
        while self._drawn < len(self._chunks):
            self._draw_next()
        return self._text()

    @property
    def output(self) -> bytes:
        """Every byte that the program has written."""
        return b"".join(data for _, data in self._chunks)

    # Waiting

    def wait_for(self, text: str, timeout: float = 10.0) -> float:
        """Wait until a text is on the screen; return the seconds from the last key, or from the start, to then."""
        return self.wait_until(lambda screen: text in screen, timeout, repr(text))

    def wait_until(self, holds: Callable[[str], bool], timeout: float = 10.0, what: str = "a condition") -> float:
        """Wait until something holds of the screen's text; return the seconds from the last key, or the start.

        Where it holds already, that is when what is drawn came, or 0 if that was before the key.

        Raises:
            AssertionError: it did not within the time; the text holds the screen.
        """
        deadline = time.perf_counter() + timeout
        if holds(self._text()):
            return max(self._chunks[self._drawn - 1][0] - self._mark, 0.0) if self._drawn else 0.0
        while True:
            self._wait_quiet(_BURST, min(deadline, time.perf_counter() + 5 * _BURST))
            while self._drawn < len(self._chunks):
                stamp = self._draw_next()
                if holds(self._text()):
                    return stamp - self._mark
            left = deadline - time.perf_counter()
            self._wait(partial(self._has_news, self._drawn), left)
            if self._drawn == len(self._chunks):
                why = "the program ended" if self._ended else f"{timeout:g} s passed"
                raise AssertionError(f"{why} before {what}; the screen is\n{self.screen}")

    def settle(self, quiet: float = 0.05, first: float = 1.0) -> Burst:
        """Wait for a byte since the last key, for ``first`` seconds at most, then until none comes for ``quiet``."""
        self._wait(partial(self._has_news, self._marked_chunks), first)
        self._wait_quiet(quiet, time.perf_counter() + 10.0)
        return self.burst()

    def burst(self) -> Burst:
        """What has come since the last key."""
        chunks = self._chunks[self._marked_chunks :]
        if not chunks:
            return Burst(0.0, 0.0, 0)
        return Burst(chunks[0][0] - self._mark, chunks[-1][0] - self._mark, sum(len(data) for _, data in chunks))

    def idle(self, seconds: float) -> int:
        """How many bytes come within so many seconds of doing nothing."""
        before = len(self.output)
        self._wait(lambda: self._ended, seconds)
        return len(self.output) - before

    def wait_exit(self, timeout: float = 10.0) -> int:
        """Wait for the program's end; return its exit status, or the signal that ended it as a negative number."""
        if not self._wait(lambda: self._ended, timeout):
            raise AssertionError(f"the program did not end; the screen is\n{self.screen}")
        self._process.wait()
        status: int | None = self._process.exitstatus
        return -self._process.signalstatus if status is None else status

    # Acting

    def press(self, *keys: str) -> None:
        """Press keys: names such as ``down`` and ``ctrl+d``; what is no name is typed as it is."""
        self._mark, self._marked_chunks = time.perf_counter(), len(self._chunks)
        os.write(self._fd, "".join(_KEYS.get(key, key) for key in keys).encode())

    def resize(self, columns: int, lines: int) -> None:
        """Give the program another size."""
        _ = self.screen
        self._screen.resize(lines, columns)
        self._mark, self._marked_chunks = time.perf_counter(), len(self._chunks)
        self._process.setwinsize(lines, columns)

    # Facts

    @property
    def peak_memory(self) -> int:
        """The most memory the program ever held at once (resident), in bytes."""
        return self._memory("VmHWM")

    @property
    def memory(self) -> int:
        """The memory that the program holds now (resident), in bytes."""
        return self._memory("VmRSS")

    def _memory(self, name: str) -> int:
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith(name))

    @property
    def left_behind(self) -> set[str]:
        """What the program has not undone: modes of the screen, of the keyboard, of the line."""
        modes = {int(mode): state for modes, state in _MODE.findall(self.output) for mode in modes.split(b";")}
        left = {f"mode {mode}" for mode, state in modes.items() if mode in _OFF_AT_THE_END and state == b"h"}
        if modes.get(_CURSOR) == b"l":
            left.add("no cursor")
        if self.output.count(b"\x1b[<u") < len(re.findall(rb"\x1b\[>\d+u", self.output)):
            left.add("keyboard protocol")
        if termios.tcgetattr(self._fd)[:4] != self._line_discipline:
            left.add("line discipline")
        return left
