"""A store that somebody writes to: asked again, for as long as our patience lasts."""

import os
import pty
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from mltrack_tui.cli.asking import Asker
from mltrack_tui.sources.base import SourceBusy
from mltrack_tui.sources.open import open_source
from tests.cli.program import STORE, environment


class Busy:
    """A question that is refused so many times."""

    def __init__(self, times: int) -> None:
        self.left = times
        self.asked = 0

    async def __call__(self) -> str:
        self.asked += 1
        if self.left:
            self.left -= 1
            raise SourceBusy("mlflow.db is busy: another program is writing.")
        return "answer"


async def test_a_busy_source_is_asked_again() -> None:
    question = Busy(2)
    assert await Asker(open_source(str(STORE)))(question) == "answer"
    assert question.asked == 3


async def test_patience_ends() -> None:
    with pytest.raises(SourceBusy):
        await Asker(open_source(str(STORE)), patience=0.0)(Busy(1000))


def test_a_locked_store_is_said_to_be_busy_once_and_answers_when_it_is_free(store: Path) -> None:
    writer = sqlite3.connect(store, isolation_level=None)
    writer.execute("BEGIN EXCLUSIVE")
    ours, theirs = pty.openpty()
    words = [sys.executable, "-m", "mltrack_tui", "projects", "--format", "csv", "--source", str(store)]
    with subprocess.Popen(words, env=environment(), stdout=subprocess.PIPE, stderr=theirs) as process:
        os.close(theirs)
        said = b""
        while not said.endswith(b"\n"):
            said += os.read(ours, 1000)
        writer.execute("ROLLBACK")
        writer.close()
        assert process.stdout is not None
        assert process.stdout.read().startswith(b"name,experiments,last_activity\r\ndefault,3,")
        assert process.wait(60) == 0
    os.close(ours)
    assert said == b"mltrack: mlflow.db is busy, trying again\r\n"
