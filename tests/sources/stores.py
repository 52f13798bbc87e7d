"""Stores made for a test from those in tests/stores."""

import shutil
import sqlite3
from pathlib import Path

from tests.sources.facts import STORES

WORKSPACES = ("sales", "vision")
"""What the store with three workspaces has beside ``default``."""


def with_workspaces(path: Path, version: str = "3.18.0") -> Path:
    """A store with two more workspaces, which have experiments, candidates and keys of their own."""
    shutil.copyfile(STORES / f"mlflow-{version}.db", path)
    for number, workspace in enumerate(WORKSPACES, start=100):
        run = f"{number:032x}"
        change(
            path,
            f"insert into workspaces (name) values ('{workspace}')",
            "insert into experiments (experiment_id, name, lifecycle_stage, workspace, artifact_location) "
            f"values ({number}, 'digits', 'active', '{workspace}', '/nowhere/{number}')",
            "insert into runs (run_uuid, name, status, start_time, user_id, lifecycle_stage, experiment_id) "
            f"values ('{run}', 'a stranger', 'FINISHED', 1800000000000, '', 'active', {number})",
            f"insert into params (key, value, run_uuid) values ('of {workspace}', '1', '{run}')",
            "insert into latest_metrics (key, value, timestamp, step, is_nan, run_uuid) "
            f"values ('of {workspace}', 1, 1, 1, 0, '{run}')",
        )
    return path


def change(path: Path, *statements: str) -> None:
    """Write to a store as another program would."""
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()
