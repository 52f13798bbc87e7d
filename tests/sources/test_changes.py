"""What each source tells of its changes, and what a store tells while the real client writes into it."""

import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from mlflow import MlflowClient
from mlflow.entities import Metric

from mltrack_tui.domain.changes import Changes
from mltrack_tui.sources.sqlite import SqliteSource
from mltrack_tui.sources.sqlite import changes as sqlite_changes
from tests.sources.conftest import VERSIONS, Given
from tests.sources.stores import change

Opens = Callable[[Path], SqliteSource]
Copies = Callable[..., Path]


async def test_where_nothing_changed_nothing_is_told_unless_the_source_cannot_know(given: Given) -> None:
    begun = await given.source.changes()
    assert not begun
    again = await given.source.changes(begun.mark)
    if given.source.location.startswith("http"):
        assert again.anything
        assert given.source.capabilities.watch.reason
    else:
        assert not again
        assert again.mark is begun.mark


class Watch:
    """What one source tells from one look to the next."""

    def __init__(self, source: SqliteSource) -> None:
        self._source = source
        self._mark: object | None = None

    async def look(self) -> Changes:
        changes = await self._source.changes(self._mark)
        self._mark = changes.mark
        return changes


async def beginning(source: SqliteSource) -> Watch:
    watch = Watch(source)
    assert not await watch.look()
    return watch


async def test_what_is_written_after_the_first_reading_and_before_the_first_look_may_be_anything(
    copied: Copies, opened: Opens
) -> None:
    store = copied()
    source = opened(store)
    assert [page async for page in source.projects()]
    with closing(sqlite3.connect(store)) as connection, connection:
        connection.execute("UPDATE runs SET name = 'renamed'")
    begun = await source.changes()
    assert begun.anything
    assert not await source.changes(begun.mark)


@pytest.mark.filterwarnings("ignore")  # those that mlflow gives are not ours to mend
async def test_a_store_tells_what_the_client_writes(copied: Copies, opened: Opens) -> None:
    store = copied()
    client = MlflowClient(f"sqlite:///{store}")
    watch = await beginning(opened(store))

    run = client.create_run("0", tags={"a": "b"}).info.run_id
    told = await watch.look()
    assert told == Changes(told.mark, began=frozenset({run}))

    client.log_metric(run, "loss", 1.0, step=1)
    client.log_batch(run, [Metric("loss", 0.5, 1, 2), Metric("accuracy", 0.5, 1, 2)])
    told = await watch.look()
    assert told == Changes(told.mark, metrics={run: frozenset({"loss", "accuracy"})})

    for write in (
        lambda: client.log_param(run, "lr", "1"),
        lambda: client.set_tag(run, "new", "1"),
        lambda: client.update_run(run, name="another"),
        lambda: client.set_terminated(run),
    ):
        write()
        told = await watch.look()
        assert told == Changes(told.mark, candidates=frozenset({run}))

    client.update_run(run, status="RUNNING")  # taken up again
    assert (await watch.look()).candidates == {run}
    client.set_terminated(run)
    assert (await watch.look()).candidates == {run}

    for overwrite in (
        lambda: client.set_tag(run, "new", "2"),
        lambda: client.delete_run(run),
        lambda: client.create_experiment(f"new {time.monotonic()}"),
    ):
        overwrite()
        told = await watch.look()
        assert told == Changes(told.mark, others=True)

    assert not await watch.look()


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_store_of_any_version_tells_points_and_candidates(version: str, copied: Copies, opened: Opens) -> None:
    store = copied(version)
    watch = await beginning(opened(store))
    change(
        store,
        "insert into runs (run_uuid, status, experiment_id) values ('new', 'RUNNING', 0)",
        "insert into metrics (key, run_uuid, step, timestamp, value, is_nan) values ('loss', 'new', 1, 1, 1, 0)",
    )
    told = await watch.look()
    assert told == Changes(told.mark, began=frozenset({"new"}), metrics={"new": frozenset({"loss"})})
    change(store, "update runs set status = 'FINISHED' where run_uuid = 'new'")
    assert (await watch.look()).candidates == {"new"}


async def test_rows_that_are_gone_another_file_and_too_much_at_once_may_be_anything(
    copied: Copies, opened: Opens, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = copied()
    watch = await beginning(opened(store))
    change(store, "delete from metrics where rowid = (select max(rowid) from metrics)")
    assert (await watch.look()).anything
    assert not await watch.look()

    monkeypatch.setattr(sqlite_changes, "_MOST_ROWS", 2)
    values = ", ".join(f"('many', 'new', {step}, 1, 1, 0)" for step in range(3))
    change(store, f"insert into metrics (key, run_uuid, step, timestamp, value, is_nan) values {values}")
    assert (await watch.look()).anything

    shutil.copy(store, tmp_path / "other.db")
    (tmp_path / "other.db").rename(store)
    assert (await watch.look()).anything
    assert not await watch.look()


async def test_of_many_that_never_ended_the_latest_are_watched(
    copied: Copies, opened: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_changes, "_MOST_WATCHED", 2)
    store = copied()
    for name in "abc":
        change(store, f"insert into runs (run_uuid, status, experiment_id) values ('{name}', 'RUNNING', 0)")
    watch = await beginning(opened(store))
    change(store, "update runs set status = 'KILLED' where run_uuid = 'c'")
    assert (await watch.look()).candidates == {"c"}
