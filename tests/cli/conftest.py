import shutil
from pathlib import Path

import pytest

from tests.cli.program import STORE, Program


@pytest.fixture
def program(capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Program:
    """The program, in an empty folder and without a tracking URI."""
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.chdir(tmp_path)
    return Program(capsysbinary)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store of one's own."""
    return Path(shutil.copyfile(STORE, tmp_path / "mlflow.db"))
