"""The program as tests run it: in this process where speed matters, else as a user does."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from mltrack_tui.cli.program import main

ROOT = Path(__file__).parents[2]
STORES = ROOT / "tests" / "stores"
STORE = STORES / "mlflow-3.17.2.db"


@dataclass(frozen=True)
class Answer:
    status: int
    out: str
    err: str

    @property
    def error(self) -> str:
        """The one line on standard error, of an answer that is nothing else."""
        assert self.out == ""
        assert self.err.startswith("mltrack: ")
        assert self.err.count("\n") == 1
        assert self.err.endswith("\n")
        return self.err.removeprefix("mltrack: ").removesuffix("\n")


class Program:
    """Runs commands in this process, which costs no start."""

    def __init__(self, capture: pytest.CaptureFixture[bytes]) -> None:
        self._capture = capture

    def __call__(self, *words: str | Path) -> Answer:
        self._capture.readouterr()
        status = main([str(word) for word in words])
        captured = self._capture.readouterr()
        return Answer(status, captured.out.decode(), captured.err.decode())


def environment(**changes: str) -> Mapping[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("MLFLOW_")}
    return {**inherited, "PYTHONPATH": str(ROOT), **changes}


def run(*words: str | Path, cwd: Path | None = None, **changes: str) -> Answer:
    """Run the program in a process of its own, without a terminal."""
    command = [sys.executable, "-m", "mltrack_tui", *map(str, words)]
    done = subprocess.run(
        command,
        cwd=cwd,
        env=environment(**changes),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=60,
    )
    return Answer(done.returncode, done.stdout.decode(), done.stderr.decode())
