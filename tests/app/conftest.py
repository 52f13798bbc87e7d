"""Stores for the whole program: the demonstration, and one in which everything that can be named is hostile."""

import shutil
from pathlib import Path

import pytest

from mltrack_tui.demo import make_demo
from tests.app.hostile import STORE, make_hostile


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration store with its artifacts; not to be changed."""
    return make_demo(tmp_path_factory.mktemp("demo"))


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store of one's own."""
    return Path(shutil.copyfile(STORE, tmp_path / "mlflow.db"))


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A store whose every text wants to do something to the terminal."""
    return make_hostile(tmp_path)
