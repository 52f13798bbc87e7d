import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.demo.conftest import schema_version


@pytest.mark.filterwarnings("ignore")  # those that mlflow gives are not ours to mend
def test_the_schema_is_the_one_that_mlflow_makes(demo: Path, fresh_mlflow_store: Path) -> None:
    from tests.demo.schema import dump

    if schema_version(demo) != schema_version(fresh_mlflow_store):
        pytest.skip("another version of mlflow is installed than the one that the schema was taken from")
    ours, theirs = (sorted(line.rstrip(",") for line in dump(path).splitlines()) for path in (demo, fresh_mlflow_store))
    assert ours == theirs  # sorted, as mlflow's migrations write a table's constraints in an order that varies


def test_the_rows_keep_every_foreign_key(demo: Path) -> None:
    with closing(sqlite3.connect(demo)) as store:
        assert store.execute("PRAGMA foreign_key_check").fetchall() == []
        assert store.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
