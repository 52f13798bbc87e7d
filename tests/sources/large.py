"""A store that is large enough for the quick ways: a first page, whole-table scans, samples, growing answers."""

import random
import shutil
import sqlite3
from pathlib import Path

from tests.sources.facts import STORES

MANY, OTHERS, POINTS = 5200, 1500, 50_000
BIG, OTHER = "50", "51"
LATEST = "insert into latest_metrics (key, value, timestamp, step, is_nan, run_uuid) values (?, ?, 1, 1, ?, ?)"
POINT = "insert into metrics (key, run_uuid, step, timestamp, value, is_nan) values (?, ?, ?, ?, ?, ?)"


def make_large(path: Path, version: str) -> Path:
    """A store with two large experiments whose candidates were written in turns, and long histories."""
    shutil.copy(STORES / f"mlflow-{version}.db", path)
    connection = sqlite3.connect(path)
    rng = random.Random(11)
    ids = [f"{rng.getrandbits(128):032x}" for _ in range(MANY + OTHERS)]
    members = [(one, OTHER if place % 4 == 0 and place < 4 * OTHERS else BIG) for place, one in enumerate(ids)]
    for name in (BIG, OTHER):
        connection.execute(
            "insert into experiments (experiment_id, name, lifecycle_stage) values (?, ?, 'active')", (name, name)
        )
    connection.executemany(
        "insert into runs (run_uuid, experiment_id, name, start_time, lifecycle_stage) values (?, ?, ?, ?, ?)",
        [
            (one, experiment, f"run {place:05}", rng.choice([None, rng.randrange(999)]), rng.choice(["active", None]))
            for place, (one, experiment) in enumerate(members)
        ],
    )
    measured = [one for one in ids if rng.random() < 0.9]
    connection.executemany(LATEST, [("loss", rng.gauss(0, 1), rng.random() < 0.1, one) for one in measured])
    connection.executemany(
        "insert into params (key, value, run_uuid) values ('p', ?, ?)",
        [(rng.choice(["1", "10", "9", "text", "Text", "nan"]), one) for one in ids],
    )
    big = [one for one, experiment in members if experiment == BIG]
    other = [one for one, experiment in members if experiment == OTHER]
    connection.executemany(LATEST, [("only other", 1.0, 0, one) for one in other])
    connection.executemany(LATEST, [("last of big", 1.0, 0, one) for one in [*sorted(other), max(big)]])
    connection.execute(LATEST, ("once in other", 1.0, 0, other[0]))
    _log_histories(connection, rng)
    connection.commit()
    connection.close()
    return path


def _log_histories(connection: sqlite3.Connection, rng: random.Random) -> None:
    rows: list[tuple[str, str, int, int, float, int]] = []
    for step in range(POINTS):
        value = rng.gauss(0, 1)
        rows.append(("noise", "long", step - 100, step, value, 0))
        rows.append(("steps", "long", 3 * step * step, step, value, 0))
        rows.append(("still", "long", 0, (step * 7919) % POINTS, value, 0))
        broken = 20_000 <= step < 30_000
        stored = 1.7976931348623157e308 if step == 40_000 else 0.0 if broken else value
        rows.append(("broken", "long", step, step, stored, int(broken)))
    connection.execute("insert into runs (run_uuid, experiment_id) values ('long', 1)")
    connection.executemany(POINT, rows)
    connection.executemany(LATEST, [(key, 0.5, 0, "long") for key in ("broken", "noise", "steps", "still")])
