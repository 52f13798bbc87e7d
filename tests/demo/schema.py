"""Make mltrack_tui/demo/schema.sql anew from a store that the installed mlflow creates.

Run from the checkout's root, with the test dependencies installed::

    python -m tests.demo.schema > mltrack_tui/demo/schema.sql
"""

import os
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path


def fresh_store(path: Path) -> None:
    """Let mlflow create an empty store."""
    os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
    from mlflow import MlflowClient

    MlflowClient(f"sqlite:///{path}").search_experiments()


def dump(path: Path) -> str:
    """A store's tables and indexes as SQL, with the rows that say which schema and which workspaces it has."""
    with closing(sqlite3.connect(path)) as store:
        statements = [
            sql
            for (sql,) in store.execute(
                "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
                " ORDER BY instr('table index trigger', type), name"
            )
        ]
        statements += [
            f"INSERT INTO {table} ({column}) VALUES ({value})"
            for table, column in (("alembic_version", "version_num"), ("workspaces", "name, description"))
            for (value,) in store.execute(
                f"SELECT {' || char(44, 32) || '.join(f'quote({name})' for name in column.split(', '))} FROM {table}"
            )
        ]
    lines = (" ".join(line.split()) for line in ";\n".join(statements).splitlines())
    return "\n".join(line for line in lines if line) + ";\n"


def main() -> None:
    """Print the schema."""
    from mlflow.version import VERSION

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "mlflow.db")
        fresh_store(path)
        sys.stdout.write(f"-- The tables of MLflow {VERSION} (Apache License 2.0), as its client makes them.\n")
        sys.stdout.write("-- Made by `python -m tests.demo.schema`; not to be edited.\n" + dump(path))


if __name__ == "__main__":
    main()
