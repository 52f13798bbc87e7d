"""Large stores: the real mlflow makes the tables, their rows are inserted in bulk.

A store of n candidates has, in the experiment ``big``, n candidates of 20 metrics, 20 parameters and 5 tags each, and
in the experiment ``long`` one candidate whose metric ``m0`` (a name that all the others have too) has a million points.
Another store has a thousand candidates with a metric of a thousand points each.
"""

import os
import random
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

METRICS, PARAMS = 20, 20
POINTS = 1_000_000
CURVES, CURVE_POINTS = 1000, 1000
CURVE = "curve"
"""The metric of the candidates with histories."""
OVERLAID, OVERLAID_POINTS = 8, 100_000
"""Candidates of a store for curves that lie over each other, and how many points of the same metric each has."""
LONG = "f" * 32
"""The id of the candidate with a million points."""
LONG_METRIC = "m0"

_FORM = 3  # to be raised when what is inserted changes
_BEGIN = 1_700_000_000_000
_INDEXED = ("metrics", "latest_metrics", "params", "tags")
_STATUSES = ("FINISHED",) * 8 + ("FAILED", "RUNNING")
_MAKE_TABLES = """
import sys
from mlflow import MlflowClient
client = MlflowClient("sqlite:///" + sys.argv[1])
for name in sys.argv[2:]:
    client.create_experiment(name, "/srv/mlflow/" + name)
"""


def store_of(size: int, folder: Path) -> Path:
    """The store of so many candidates, made if it is not there yet."""
    return _made(folder / f"candidates-{size}-{_FORM}.db", lambda store: _fill(store, size))


def store_of_curves(folder: Path) -> Path:
    """The store of candidates with histories, made if it is not there yet."""
    return _made(folder / f"curves-{_FORM}.db", _fill_curves)


def store_of_overlaid(folder: Path) -> Path:
    """The store of a few candidates with long histories, made if it is not there yet."""
    return _made(folder / f"overlaid-{_FORM}.db", _fill_overlaid)


def _made(path: Path, fill: Callable[[sqlite3.Connection], None]) -> Path:
    if path.exists():
        return path
    folder = path.parent
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    quiet = {**os.environ, "MLFLOW_DISABLE_TELEMETRY": "true"}
    make = [sys.executable, "-c", _MAKE_TABLES, str(unfinished), "big", "long"]
    subprocess.run(make, check=True, env=quiet, cwd=folder, stderr=subprocess.DEVNULL)
    with closing(sqlite3.connect(unfinished)) as store:
        fill(store)
    unfinished.rename(path)
    return path


def name_of(number: int) -> str:
    """The name of the candidate that was started as this one of all, from 0."""
    return f"run-{number:07d}"


def _fill_curves(store: sqlite3.Connection) -> None:
    experiments = dict(store.execute("SELECT name, experiment_id FROM experiments"))
    runs = [f"{number:032x}" for number in range(CURVES)]
    _insert(store, "runs", _RUN, _runs(runs, experiments["big"]))
    for number, run in enumerate(runs):
        rng = random.Random(number)
        points = [(CURVE, rng.random(), _BEGIN + step, step, run, 0) for step in range(CURVE_POINTS)]
        _insert(store, "metrics", _METRIC, points)
        _insert(store, "latest_metrics", _METRIC, points[-1:])
    store.commit()


def _fill_overlaid(store: sqlite3.Connection) -> None:
    experiments = dict(store.execute("SELECT name, experiment_id FROM experiments"))
    runs = [f"{number:032x}" for number in range(OVERLAID)]
    _insert(store, "runs", _RUN, _runs(runs, experiments["big"]))
    rng = random.Random("overlaid")
    values = ((step, run, rng.gauss(number, 1)) for step in range(OVERLAID_POINTS) for number, run in enumerate(runs))
    _insert(store, "metrics", _METRIC, ((CURVE, value, _BEGIN + step, step, run, 0) for step, run, value in values))
    _insert(store, "latest_metrics", _METRIC, ((CURVE, 0.0, _BEGIN, OVERLAID_POINTS - 1, run, 0) for run in runs))
    store.commit()


def _fill(store: sqlite3.Connection, size: int) -> None:
    for setting in ("journal_mode=off", "synchronous=off", "cache_size=-400000"):
        store.execute(f"PRAGMA {setting}")
    experiments = dict(store.execute("SELECT name, experiment_id FROM experiments"))
    indexes = store.execute(
        f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN {_INDEXED}"
    ).fetchall()
    for name, _ in indexes:
        store.execute(f'DROP INDEX "{name}"')
    rng = random.Random(size)
    runs = [f"{rng.getrandbits(124):032x}" for _ in range(size)]
    _insert(store, "runs", _RUN, _runs(runs, experiments["big"]))
    _insert(store, "runs", _RUN, [_run(LONG, "long", "FINISHED", 0, POINTS * 10, experiment=experiments["long"])])
    _insert_values(store, runs)
    points = list(_points())
    _insert(store, "metrics", _METRIC, points)
    _insert(store, "latest_metrics", _METRIC, points[-1:])
    for _, sql in indexes:
        store.execute(sql)
    store.commit()
    store.execute("PRAGMA journal_mode=delete")


def _insert_values(store: sqlite3.Connection, runs: list[str]) -> None:
    """Metrics, parameters and tags, candidate after candidate, as a real store comes about."""
    rng = random.Random("values")
    for number, run in enumerate(runs):
        time = _BEGIN + number * 1000 + 500
        points = [(f"m{place}", rng.random(), time, 0, run, 0) for place in range(METRICS)]
        params = [("p0", rng.choice("uvwxyz"), run)]
        params += [(f"p{place}", str(rng.randrange(1000)), run) for place in range(1, PARAMS)]
        tags = [("mlflow.runName", name_of(number), run), ("mlflow.user", f"user{number % 7}", run)]
        tags += [(tag, f"{tag}{number % count}", run) for tag, count in (("team", 5), ("stage", 3), ("dataset", 11))]
        _insert(store, "metrics", _METRIC, points)
        _insert(store, "latest_metrics", _METRIC, points)
        _insert(store, "params", _KEYED, params)
        _insert(store, "tags", _KEYED, tags)
    _insert(store, "tags", _KEYED, [("mlflow.runName", "long", LONG)])


_RUN = ("run_uuid", "name", "source_type", "source_name", "entry_point_name", "source_version", "user_id", "status",
        "lifecycle_stage", "start_time", "end_time", "artifact_uri", "experiment_id")  # fmt: skip
_METRIC = ("key", "value", "timestamp", "step", "run_uuid", "is_nan")
_KEYED = ("key", "value", "run_uuid")


def _insert(store: sqlite3.Connection, table: str, columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
    """Insert rows, whose values are whatever SQLite takes."""
    places = ", ".join("?" for _ in columns)
    store.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", rows)


def _runs(runs: list[str], experiment: int) -> Iterator[tuple[Any, ...]]:
    for number, run in enumerate(runs):
        status = _STATUSES[number % len(_STATUSES)]
        lasted = None if status == "RUNNING" else 60_000
        yield _run(run, name_of(number), status, number, lasted, experiment=experiment)


def _run(run: str, name: str, status: str, number: int, lasted: int | None, *, experiment: int) -> tuple[Any, ...]:
    start = _BEGIN + number * 1000
    end = None if lasted is None else start + lasted
    place = f"/srv/mlflow/{experiment}/{run}/artifacts"
    user = f"user{number % 7}"
    return (run, name, "UNKNOWN", "", "", "", user, status, "active", start, end, place, experiment)


def _points() -> Iterator[tuple[Any, ...]]:
    rng = random.Random("points")
    for step in range(POINTS):
        yield LONG_METRIC, 1 / (1 + step / 1e5) + rng.gauss(0, 0.05), _BEGIN + step * 10, step, LONG, 0
