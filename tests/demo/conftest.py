"""One demonstration store and one real mlflow client for all tests of the demonstration."""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mltrack_tui.demo import make_demo

if TYPE_CHECKING:
    from mlflow import MlflowClient


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store's path, in a folder whose name wants care in a URI."""
    return make_demo(tmp_path_factory.mktemp("demo") / "made here 100%#1")


@pytest.fixture(scope="session")
def fresh_mlflow_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty store that the installed mlflow has made."""
    from tests.demo.schema import fresh_store

    path = tmp_path_factory.mktemp("mlflow") / "mlflow.db"
    fresh_store(path)
    return path


def schema_version(store: Path) -> str:
    with closing(sqlite3.connect(store)) as connection:
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])


@pytest.fixture(scope="session")
def client(tmp_path_factory: pytest.TempPathFactory, demo: Path, fresh_mlflow_store: Path) -> Iterator["MlflowClient"]:
    """The real client on a copy of the store, upgraded where the installed mlflow is newer than the schema."""
    store = tmp_path_factory.mktemp("client") / demo.name
    shutil.copyfile(demo, store)
    uri = f"sqlite:///{store}"
    if schema_version(store) != schema_version(fresh_mlflow_store):
        subprocess.run([sys.executable, "-m", "mlflow", "db", "upgrade", uri], check=True, capture_output=True)
    from mlflow import MlflowClient

    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(store.parent)  # mlflow may leave folders where it runs
        yield MlflowClient(uri)
