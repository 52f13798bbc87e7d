"""The demonstration's values in a store of MLflow's schema."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from importlib.resources import files
from pathlib import Path

from mltrack_tui.demo.rows import Rows, rows_of_experiment, rows_of_model
from mltrack_tui.demo.values import Experiment, Model


def write_store(path: Path, artifacts: str, experiments: Iterable[Experiment], models: Iterable[Model]) -> None:
    """Make a store in a file that does not exist yet; ``artifacts`` is the URI under which all runs' files lie."""
    schema = files(__package__).joinpath("schema.sql").read_text(encoding="utf-8")
    with closing(sqlite3.connect(path, isolation_level=None)) as store:
        # Nobody sees the file before it is complete, so it needs neither a journal nor a sync.
        store.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; BEGIN;" + schema)
        for experiment in experiments:
            for rows in rows_of_experiment(experiment, artifacts):
                _insert(store, rows)
        for model in models:
            for rows in rows_of_model(model, artifacts):
                _insert(store, rows)
        store.execute("COMMIT")


def _insert(store: sqlite3.Connection, rows: Rows) -> None:
    names = rows.columns.split()
    marks = ", ".join("?" * len(names))
    # Table and columns are words of our own.
    store.executemany(f"INSERT INTO {rows.table} ({', '.join(names)}) VALUES ({marks})", rows.values)  # noqa: S608
