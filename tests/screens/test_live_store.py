"""A real training logs into a real store while its table is open."""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mltrack_tui.screens.live import rhythm
from mltrack_tui.sources.open import open_source
from tests.app.hostile import STORE
from tests.screens.harness import Explorer, explore

if TYPE_CHECKING:
    from mlflow import MlflowClient

pytestmark = pytest.mark.filterwarnings("ignore")  # those that mlflow gives are not ours to mend
SOON = 1.5
"""Seconds until what was logged is on screen."""


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "MlflowClient":
    """Mlflow's own, on a store with one experiment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(rhythm, "REST", 0.1)
    shutil.copyfile(STORE, tmp_path / "mlflow.db")
    from mlflow import MlflowClient

    client = MlflowClient(f"sqlite:///{tmp_path / 'mlflow.db'}")
    client.create_experiment("living")
    return client


@asynccontextmanager
async def looking(folder: Path) -> AsyncIterator[Explorer]:
    """The store, looked at read-only beside who writes it."""
    source = open_source(str(folder / "mlflow.db"))
    try:
        async with explore(source, now=lambda: time.time_ns() // 1_000_000) as explorer:
            yield explorer
    finally:
        await source.aclose()


async def test_what_a_training_logs_is_on_screen_soon_and_a_store_that_goes_away_and_comes_back_is_told(
    client: "MlflowClient", tmp_path: Path
) -> None:
    experiment = client.get_experiment_by_name("living")
    assert experiment is not None
    async with looking(tmp_path) as explorer:
        await explorer.shows("living")
        await explorer.press("G")
        await explorer.cursor_on("living")
        run = await asyncio.to_thread(client.create_run, experiment.experiment_id, run_name="first")
        await explorer.until(lambda: any("living" in line and " 1 " in line for line in explorer.lines))
        await explorer.enter("first")
        id_ = run.info.run_id
        await asyncio.to_thread(client.log_param, id_, "max_steps", "100")
        for step in range(5):
            await asyncio.to_thread(client.log_metric, id_, "loss", 0.5 - step / 10, step=step)
            logged = time.monotonic()
            await explorer.shows(f"0.{5 - step}000")
            assert time.monotonic() - logged < SOON
        second = await asyncio.to_thread(client.create_run, experiment.experiment_id, run_name="second")
        await explorer.shows("second", "2 candidates")
        await explorer.cursor_on("first")
        await asyncio.to_thread(client.set_terminated, second.info.run_id, "FAILED")
        await explorer.shows("✗  second")
        store = tmp_path / "mlflow.db"
        store.rename(tmp_path / "away.db")
        await explorer.shows("as of a moment ago")
        assert "first" in explorer.text
        (tmp_path / "away.db").rename(store)
        await explorer.lacks("as of")
        await explorer.press("W")
        await explorer.shows("2 running", "first", "4%")
