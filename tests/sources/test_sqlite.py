"""What is particular to a store in a file: odd rows, writers, cancelling, other files under its name."""

import asyncio
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Integer, func, literal, select

from mltrack_tui.domain.filter import Compare, Comparison, Like, Missing, words_filter
from mltrack_tui.domain.query import Column, Columns, Order, Query
from mltrack_tui.sources.base import Source, SourceBusy, SourceError
from mltrack_tui.sources.pages import final
from mltrack_tui.sources.sqlite import SqliteSource
from mltrack_tui.sources.sqlite.reader import Reader
from tests.sources.conftest import VERSIONS, active, tour
from tests.sources.facts import STORES
from tests.sources.stores import change

Open = Callable[[Path], SqliteSource]
Copy = Callable[..., Path]

LOG = """
import sys, threading
from mlflow.tracking import MlflowClient
client = MlflowClient("sqlite:///" + sys.argv[1])
run = client.create_run("1").info.run_id
stop = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), stop.set()), daemon=True).start()
step = 0
while not stop.is_set():
    client.log_metric(run, "written", step, step=step)
    step += 1
    if step == 1:
        print(run, flush=True)
print(step)
"""


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_tour_leaves_the_store_and_its_folder_as_they_were(version: str, copied: Copy, opened: Open) -> None:
    path = copied(version)
    before = path.read_bytes()
    source = opened(path)
    await tour(source)
    await source.aclose()
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_store_without_candidates_still_has_its_default_project(
    version: str, copied: Copy, opened: Open
) -> None:
    path = copied(version)
    change(path, *(f"delete from {table}" for table in ("runs", "params", "latest_metrics", "metrics", "tags")))
    change(path, "delete from experiments", "delete from experiment_tags")
    source = opened(path)
    (project,) = (await final(source.projects())).items
    assert (project.name, project.experiments, project.last_activity) == ("default", 0, None)
    assert not (await final(source.experiments("default"))).items
    assert await final(source.columns("default", ("1",))) == Columns()


async def test_values_that_mlflow_cannot_load_show_as_missing(copied: Copy, opened: Open) -> None:
    path = copied()
    change(
        path,
        "insert into runs (run_uuid, experiment_id) values ('bare', 1)",
        "insert into tags (key, value, run_uuid) values ('empty', null, 'bare')",
        "insert into runs (run_uuid, experiment_id, start_time) values ('old', 1, 7)",
        "insert into tags (key, value, run_uuid) values ('mlflow.runName', 'named by its tag', 'old')",
    )
    source = opened(path)
    assert (await active(source, "1"))[-2:] == ["old", "bare"]
    old, bare = await source.read([await source.locate("old"), await source.locate("bare")])
    assert (bare.name, bare.status, bare.user, bare.start_time, bare.end_time) == (None, None, None, None, None)
    assert (bare.lifecycle_stage, bare.artifact_uri, bare.tags) == ("active", None, {"empty": ""})
    assert old.name == "named by its tag"
    query = Query("default", ("1",), words_filter("tag its"))
    assert [one.candidate_id for one in (await final(source.candidates(query))).items] == ["old"]


async def test_text_that_is_not_utf8_is_replaced(copied: Copy, opened: Open) -> None:
    path = copied()
    change(path, "update runs set name = cast(x'6166fe' as text)")
    source = opened(path)
    (first, *_) = await source.read((await final(source.candidates(Query("default", ("1",))))).items)
    assert first.name == "af\N{REPLACEMENT CHARACTER}"


async def test_workspaces_are_projects(copied: Copy, opened: Open) -> None:
    path = copied("3.18.0")
    change(
        path,
        "update experiments set workspace = 'vision' where name = 'digits'",
        "update experiments set workspace = 'sales' where name like 'churn%'",
    )
    source = opened(path)
    projects = (await final(source.projects())).items
    assert [(project.name, project.experiments) for project in projects] == [
        ("default", 1),
        ("sales", 1),
        ("vision", 1),
    ]
    (digits,) = (await final(source.experiments("vision"))).items
    assert (digits.name, digits.project) == ("digits", "vision")
    page = await final(source.candidates(Query("vision", (digits.experiment_id,))))
    assert len(page.items) == 8
    assert await source.locate(page.items[0].candidate_id) == page.items[0]
    assert not (await final(source.candidates(Query("sales", (digits.experiment_id,))))).items
    assert await final(source.columns("sales", (digits.experiment_id,))) == Columns()


async def test_a_workspace_of_the_same_experiment_name_keeps_its_own(copied: Copy, opened: Open) -> None:
    path = copied("3.18.0")
    change(
        path,
        "insert into experiments (experiment_id, name, lifecycle_stage, workspace) "
        "values (8, 'digits', 'active', 'other')",
    )
    (other,) = (await final(opened(path).experiments("other"))).items
    assert (other.experiment_id, other.name, other.candidates) == ("8", "digits", 0)


async def test_datasets_come_with_their_context(opened: Open) -> None:
    source = opened(STORES / "mlflow-3.18.0.db")
    page = await final(source.candidates(Query("default", ("1",))))
    (dataset,) = (await source.detail(page.items[-1])).datasets
    assert (dataset.name, dataset.digest, dataset.context) == ("digits-train", "abc123", "train")
    assert (dataset.source_type, dataset.profile) == ("local", '{"num_rows": 1797}')
    assert source.capabilities.datasets


async def test_a_store_from_before_datasets_says_so(opened: Open) -> None:
    source = opened(STORES / "mlflow-1.30.1.db")
    page = await final(source.candidates(Query("default", ("1",))))
    assert (await source.detail(page.items[-1])).datasets == ()
    assert not source.capabilities.datasets
    assert source.capabilities.datasets.reason is not None
    assert "2.4" in source.capabilities.datasets.reason


async def test_a_change_by_another_program_is_seen_at_the_next_question(copied: Copy, opened: Open) -> None:
    path = copied()
    source = opened(path)
    query = Query("default", ("1",), order=(Order.parse("-metrics.loss"),))
    before = (await final(source.candidates(query))).items
    change(
        path,
        "insert into runs (run_uuid, experiment_id, start_time) values ('new', 1, 7)",
        f"update latest_metrics set value = 99 where key = 'loss' and run_uuid = '{before[-1].candidate_id}'",
        "update latest_metrics set value = 100, is_nan = 0 where key = 'loss' and "
        f"run_uuid = '{before[3].candidate_id}'",
    )
    after = (await final(source.candidates(query))).items
    assert len(after) == len(before) + 1
    assert after[0] == before[3]


async def test_another_store_moved_to_the_name_is_seen(copied: Copy, opened: Open, tmp_path: Path) -> None:
    path = copied("2.9.2")
    source = opened(path)
    before = await active(source, "1")
    os.replace(shutil.copy(STORES / "mlflow-3.18.0.db", tmp_path / "next.db"), path)  # noqa: PTH105
    after = await active(source, "1")
    assert len(before) == len(after) == 8
    assert set(before).isdisjoint(after)


async def test_a_store_that_is_removed_is_missed_and_found_again(copied: Copy, opened: Open) -> None:
    path = copied()
    source = opened(path)
    await active(source, "1")
    path.unlink()
    with pytest.raises(SourceError, match="There is no file"):
        await active(source, "1")
    copied()
    assert len(await active(source, "1")) == 8


async def test_a_store_that_a_writer_holds_is_busy_and_answers_afterwards(copied: Copy, opened: Open) -> None:
    path = copied()
    source = opened(path)
    await active(source, "1")
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("BEGIN EXCLUSIVE")
    with pytest.raises(SourceBusy, match=r"^mlflow.db is busy: another program is writing\.$"):
        await active(source, "1")
    with pytest.raises(SourceBusy):
        await final(opened(path).projects())
    writer.execute("ROLLBACK")
    writer.close()
    assert len(await active(source, "1")) == 8


async def test_a_writer_logging_all_the_while_is_never_made_to_fail(copied: Copy, opened: Open) -> None:
    path = copied("3.17.2")
    source = opened(path)
    writer = await asyncio.create_subprocess_exec(
        sys.executable, "-W", "ignore", "-c", LOG, str(path), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert writer.stdin is not None
    assert writer.stdout is not None
    run = (await writer.stdout.readline()).decode().strip()
    for _ in range(5):
        await patiently(source)
    writer.stdin.close()
    (steps,) = (await writer.stdout.read()).split()
    assert await writer.wait() == 0
    history = await final(source.history(await source.locate(run), "written"))
    assert history.steps.tolist() == list(range(int(steps)))


async def patiently(source: Source) -> None:
    """Tour a store that somebody writes to: busy is an answer, and asked again."""
    while True:
        try:
            return await tour(source)
        except SourceBusy:
            continue


async def test_cancelling_interrupts_the_statement_that_runs(copied: Copy, opened: Open) -> None:
    source = opened(copied())
    begun = threading.Semaphore(0)
    numbers = select(literal(1, Integer).label("number")).cte("numbers", recursive=True)
    endless = numbers.union_all(select(numbers.c.number + 1))

    def forever(reader: Reader) -> list[tuple[int]]:
        begun.release()
        return reader.rows(select(func.max(endless.c.number)))

    async with asyncio.timeout(30):
        asking = [asyncio.create_task(source._store.run(forever)) for _ in range(3)]
        for _ in asking:
            await asyncio.to_thread(begun.acquire)
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)
        assert all(task.cancelled() for task in asking)
        assert len(await active(source, "1")) == 8  # all three threads are free again


async def test_closing_interrupts_what_still_runs(copied: Copy, opened: Open) -> None:
    source = opened(copied())
    begun = threading.Event()
    numbers = select(literal(1, Integer).label("number")).cte("numbers", recursive=True)
    endless = numbers.union_all(select(numbers.c.number + 1))

    def forever(reader: Reader) -> list[tuple[int]]:
        begun.set()
        return reader.rows(select(func.max(endless.c.number)))

    async with asyncio.timeout(30):
        asking = asyncio.create_task(source._store.run(forever))
        await asyncio.to_thread(begun.wait)
        await source.aclose()
        with pytest.raises(SourceError, match="closed"):
            await asking


async def test_a_view_of_a_server_that_asks_what_ci_says_finds_nothing_said(copied: Copy, opened: Open) -> None:
    source = opened(copied(VERSIONS[-1]))
    user = Column.parse("ci.user")
    experiments = tuple(each.experiment_id for each in (await final(source.experiments("default"))).items)
    everything = Query("default", experiments)
    whole = (await final(source.candidates(everything))).items
    assert whole
    for clause in (Compare(user, Comparison.EQUAL, "ana"), Compare(user, Comparison.DIFFERENT, "ana"), Like(user, "%")):
        assert not (await final(source.candidates(replace(everything, where=clause)))).items
    for where, order in ((Missing(user), ()), (None, (Order(user), Order.parse("-ci.pipeline")))):
        assert (await final(source.candidates(replace(everything, where=where, order=order)))).items == whole
    assert set((await final(source.values(everything, user))).items) == {None}
    assert [each.ci for each in await source.read(whole[:2], [user])] == [{}, {}]
