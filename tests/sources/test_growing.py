"""A long history that grows while it is looked at: only what is new is read, and it is what reducing all would give."""

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.domain.history import History
from mltrack_tui.sources.pages import final
from mltrack_tui.sources.sqlite import SqliteSource, histories, sampling
from mltrack_tui.sources.sqlite.curve import Curve, Row, telling
from tests.sources.large import POINT

LONG, BUCKETS = 25_000, 50
MAX = 1.7976931348623157e308


def log(path: Path, rows: list[Row]) -> None:
    with closing(sqlite3.connect(path)) as store, store:
        every = [("loss", "long", step, at, value, is_nan) for step, at, value, is_nan in rows]
        store.executemany(POINT, every)


@pytest.fixture
async def growing(copied: Callable[..., Path], opened: Callable[[Path], SqliteSource]) -> tuple[Path, SqliteSource]:
    """A store with a long history whose exact answer was asked for once."""
    path = copied("3.17.2")
    with closing(sqlite3.connect(path)) as store, store:
        store.execute("insert into runs (run_uuid, experiment_id, status) values ('long', 1, 'RUNNING')")
    rng = random.Random(3)
    log(path, [(step, step, rng.gauss(0, 1), 0) for step in range(LONG)])
    return path, opened(path)


async def answers(source: SqliteSource, steps: tuple[int, int] | None = None) -> list[History]:
    place = CandidateId(source.location, "default", "1", "long")
    return [answer async for answer in source.history(place, "loss", BUCKETS, steps)]


async def test_what_was_logged_since_is_added_at_once(growing: tuple[Path, SqliteSource]) -> None:
    path, source = growing
    assert [answer.exact for answer in await answers(source)] == [False, True]
    log(path, [(LONG, 1, -99.0, 0), (LONG + 1, 1, 0.0, 1), (LONG + 2, 1, MAX, 0), (17, LONG, 77.0, 0)])
    (grown,) = await answers(source)
    assert (grown.total, grown.exact, grown.steps[-1]) == (LONG + 4, True, LONG + 2)
    assert (min(grown.values), max(value for value in grown.values if value < MAX)) == (-99.0, 77.0)
    assert grown.values[-1] == float("inf")
    (again,) = await answers(source)
    assert (again.steps, again.total) == (grown.steps, grown.total)
    (beside,) = (await answers(source, (100, 21_000)))[1:]
    log(path, [(LONG + 3, 1, -100.0, 0), (200, 1, -101.0, 0)])
    (within,) = await answers(source, (100, 21_000))
    assert (within.total, min(within.values)) == ((beside.total or 0) + 1, -101.0)


@pytest.mark.parametrize("version", ["2.9.2", "3.17.2"])
async def test_a_history_that_is_read_whole_grows_as_well(
    version: str, copied: Callable[..., Path], opened: Callable[[Path], SqliteSource], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = copied(version)
    rng = random.Random(4)
    log(path, [(step, step, rng.gauss(0, 1), 0) for step in range(1000)])
    source = opened(path)
    place = CandidateId(source.location, "default", "1", "long")
    (before,) = await answers(source)
    log(path, [(1000, 1, 50.0, 0), (1001, 1, 1.0, 0)])
    monkeypatch.setattr(histories, "read_points", None)  # what was read is not read again
    (after,) = await answers(source)
    assert (before.total, after.total, max(after.values), after.steps[-1]) == (1000, 1002, 50.0, 1001)
    monkeypatch.undo()
    whole = await final(source.history(place, "loss"))
    assert set(zip(after.steps, after.values, strict=True)) <= set(zip(whole.steps, whole.values, strict=True))


async def test_points_of_which_most_lie_in_one_part_are_read_in_small_pieces(
    growing: tuple[Path, SqliteSource], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, source = growing
    log(path, [(10**9, 1, 7.0, 0)])
    monkeypatch.setattr(sampling.Reduction, "advance", None)
    sample, exact = await answers(source)
    assert (sample.exact, exact.exact, exact.total, exact.steps[-1]) == (False, True, LONG + 1, 10**9)


async def test_a_point_before_all_others_and_a_wish_for_what_there_is_have_all_read_again(
    growing: tuple[Path, SqliteSource],
) -> None:
    path, source = growing
    await answers(source)
    log(path, [(-1, 1, 5.0, 0)])
    exact = (await answers(source))[-1]
    assert (exact.total, exact.steps[0]) == (LONG + 1, -1)
    source.forget()
    assert len(await answers(source)) == 2


async def test_points_that_come_while_all_are_gone_through_are_counted_once(
    growing: tuple[Path, SqliteSource], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, source = growing
    went_through = sampling.Reduction._piece

    def and_logs(self: sampling.Reduction, reader: object, low: int, high: int) -> object:
        if low == 0:
            log(path, [(LONG - 1, LONG, 0.5, 0)])
        return went_through(self, reader, low, high)  # type: ignore[arg-type]

    monkeypatch.setattr(sampling.Reduction, "_piece", and_logs)
    monkeypatch.setattr(histories, "_STEP", 0.0)  # each part in its turn
    assert (await answers(source))[-1].total == LONG
    assert (await answers(source))[-1].total == LONG + 1


def test_a_curve_that_grows_keeps_few_parts_and_the_extremes_of_each() -> None:
    rng = random.Random(5)
    rows = [(step, step, rng.choice([rng.gauss(0, 1), 0.0]), 0) for step in range(0, 5000, 2)]
    lows = list(range(0, 100, 2))
    parts = [telling(row for row in rows if low <= row[0] < low + 2) for low in lows]
    curve: Curve | None = Curve(rows[0], rows[49], lows, parts, 50, 0)
    for start in range(50, len(rows), 7):
        assert curve is not None
        curve = curve.grown(rows[start : start + 7], start, 100)
    assert curve is not None
    assert 50 <= len(curve.lows) <= 100
    assert (curve.first, curve.last, curve.total) == (rows[0], rows[-1], len(rows))
    for low, high, part in zip(curve.lows, [*curve.lows[1:], 10_000], curve.parts, strict=True):
        assert part == telling(row for row in rows if low <= row[0] < high)
