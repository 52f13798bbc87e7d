"""The screens over real stores: what is shown is what was logged, and nobody who writes is kept from it."""

import os
import subprocess
import sys
from pathlib import Path

from mltrack_tui.sources.sqlite import open_store
from tests.screens.harness import explore

ROOT = Path(__file__).parents[2]


async def test_the_demonstration_is_toured_from_its_projects_to_a_curve_and_an_artifact(demo: Path) -> None:
    source = open_store(demo)
    try:
        async with explore(source, size=(140, 40)) as explorer:
            await explorer.shows("mlflow.db › default", "digits")
            await explorer.press("/")
            await explorer.type("digits")
            await explorer.press("enter")
            await explorer.shows("1 of ")
            await explorer.enter("› digits", "109 candidates")
            await explorer.press("s")
            await explorer.type("metrics.val/accuracy desc")
            await explorer.press("enter")
            await explorer.shows("▼val/accuracy")
            await explorer.press("g")
            await explorer.enter("Overview", "started")
            await explorer.press("3")
            await explorer.shows(" points", "val/accuracy")
            await explorer.press("5")
            await explorer.shows("▸ ")
    finally:
        await source.aclose()


async def test_a_writer_is_never_made_to_fail_and_what_it_logs_is_seen(store: Path) -> None:
    command = [sys.executable, "-m", "tests.app.writing", f"sqlite:///{store}"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "MLFLOW_DISABLE_TELEMETRY": "true"}
    writer = subprocess.Popen(  # noqa: ASYNC220 - a start is short
        command,
        cwd=store.parent,
        env=environment,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "writing\n", writer.stderr and writer.stderr.read()
        source = open_store(store)
        try:
            async with explore(source, size=(140, 40)) as explorer:
                await explorer.shows("experiments", "Default")
                while "Default" not in explorer.cursor_line:
                    await explorer.press("j")
                for _ in range(5):
                    await explorer.press("enter")
                    await explorer.shows("› Default", "candidate", "loss")
                    await explorer.press("r", "g", "enter")
                    await explorer.shows("Overview", "running")
                    await explorer.press("3")
                    await explorer.shows(" points")
                    await explorer.press("r", "4", "5", "escape")
                    await explorer.shows("1 candidate")
                    await explorer.press("escape")
                    await explorer.shows("experiments")
        finally:
            await source.aclose()
        said, failed = writer.communicate(timeout=30)
    assert writer.returncode == 0, failed
    assert int(said) > 0
