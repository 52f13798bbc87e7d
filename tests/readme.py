"""Write what the README quotes: the keys, and what its example commands print.

Run from the checkout's root, with the test dependencies installed: ``python -m tests.readme``.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from mltrack_tui.commands import GROUPS, shown_key
from mltrack_tui.demo import make_demo

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
BEGIN, END = "<!-- keys: written by python -m tests.readme -->\n", "<!-- end of keys -->\n"
_CONSOLE = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"^\$ (.*)\n", re.MULTILINE)


def with_keys(readme: str) -> str:
    """The README's text with the keys as the commands have them now."""
    before, begin, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError("the README has lost the marks around its keys")
    return before + BEGIN + "\n".join(_lines()) + "\n\n" + END + after


def _lines() -> Iterator[str]:
    title = ""
    for group in GROUPS:
        if group.title != title:
            title = group.title
            yield from ("", f"| {title} | | id |", "| --- | --- | --- |")
        for command in group.commands:
            keys = " ".join(f"`{shown_key(key)}`" for key in command.keys.split(","))
            yield f"| {keys} | {command.help} | `{command.id}` |"


def with_answers(readme: str, run: Callable[[str], str]) -> str:
    """The README's text with what ``run`` says that each command of its examples prints now."""

    def answered(block: re.Match[str]) -> str:
        return "\n".join(f"$ {command}\n{run(command)}" for command in _COMMAND.findall(block[0]))

    return _CONSOLE.sub(answered, readme)


class Shell:
    """A shell in which ``mltrack`` is this checkout's, beside a demonstration store."""

    def __init__(self, folder: Path) -> None:
        self._beside = folder / "store"
        make_demo(self._beside)
        program = folder / "mltrack"
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m mltrack_tui "$@"\n')
        program.chmod(0o755)
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("MLFLOW_")}
        path = os.pathsep.join((str(folder), os.environ.get("PATH", os.defpath)))
        self._environment = {**inherited, "PATH": path, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}

    def __call__(self, command: str) -> str:
        """What a command prints, errors too."""
        done = subprocess.run(
            ["sh", "-c", command],
            cwd=self._beside,
            env=self._environment,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=60,
        )
        return done.stdout.decode().replace("\r\n", "\n")  # CSV's own line ends


def main() -> None:
    """Write the README anew."""
    with tempfile.TemporaryDirectory() as folder:
        readme = with_answers(README.read_text("utf-8"), Shell(Path(folder)))
    README.write_text(with_keys(readme), "utf-8")


if __name__ == "__main__":
    main()
