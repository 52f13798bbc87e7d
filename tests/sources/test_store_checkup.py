"""What the doctor finds in a store, and that it leaves it as it was."""

import hashlib
import shutil
import sqlite3
from pathlib import Path

import pytest

from mltrack_tui.sources.checks import Check, Outcome
from mltrack_tui.sources.open import examine
from tests.cli.program import STORE, STORES


async def examined(path: Path) -> dict[str, Check]:
    return {check.step: check async for check in examine(str(path))}


def digests(folder: Path) -> dict[str, str]:
    """All files of a folder, by what is in them."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


@pytest.mark.parametrize(
    ("version", "told"),
    [
        ("1.30.1", "1.30"),
        ("2.9.2", "2.4"),
        ("2.22.1", "2.14"),
        ("3.0.1", "3.0"),
        ("3.17.2", "3.10"),
        ("3.18.0", "3.18"),
    ],
)
async def test_a_store_of_any_version_is_fine_and_stays_as_it_is(tmp_path: Path, version: str, told: str) -> None:
    path = Path(shutil.copyfile(STORES / f"mlflow-{version}.db", tmp_path / "mlflow.db"))
    before = digests(tmp_path)
    found = await examined(path)
    assert list(found) == ["source", "file", "journal", "lock", "schema", "indexes", "rows"]
    assert {check.outcome for check in found.values()} == {Outcome.OK}
    assert f"mlflow {told} or later" in found["schema"].finding
    assert ("metric and step" in found["indexes"].finding) is (told in {"3.10", "3.18"})
    assert ("mlflow db upgrade" in found["indexes"].advice) is (told not in {"3.10", "3.18"})
    assert "14 candidates in 4 experiments" in found["rows"].finding
    assert digests(tmp_path) == before


async def test_a_store_that_somebody_locks_says_so(tmp_path: Path) -> None:
    path = Path(shutil.copyfile(STORE, tmp_path / "mlflow.db"))
    writer = sqlite3.connect(path, isolation_level=None)
    try:
        writer.execute("BEGIN EXCLUSIVE")
        found = await examined(path)
    finally:
        writer.close()
    assert found["lock"].outcome is Outcome.FAILED
    assert "another program is writing" in found["lock"].finding
    assert "lsof" in found["lock"].advice
    assert {found[step].outcome for step in ("schema", "indexes", "rows")} == {Outcome.SKIPPED}


async def test_a_write_ahead_log_and_a_missing_index_are_told(tmp_path: Path) -> None:
    path = Path(shutil.copyfile(STORE, tmp_path / "mlflow.db"))
    writer = sqlite3.connect(path)
    try:
        for name in ("index_metrics_run_uuid", "index_metrics_run_uuid_key_step"):
            writer.execute(f"DROP INDEX {name}")
        writer.execute("PRAGMA journal_mode = wal")
        writer.execute("CREATE TABLE more (a)")
        found = await examined(path)
    finally:
        writer.close()
    assert found["journal"].finding == "write-ahead log, with changes in it beside the file"
    assert "none for points" in found["indexes"].finding


@pytest.mark.parametrize(
    ("content", "step", "told"),
    [
        (b"", "source", "is empty"),
        (b"text", "source", "is not a SQLite file"),
        (b"SQLite format 3\0" + bytes(5000), "schema", "is not an SQLite file"),
        (None, "source", "There is no file"),
    ],
)
async def test_what_is_no_store_fails_at_the_step_that_shows_it(
    tmp_path: Path, content: bytes | None, step: str, told: str
) -> None:
    path = tmp_path / "mlflow.db"
    if content is not None:
        path.write_bytes(content)
    found = await examined(path)
    assert [check.step for check in found.values() if not check] == [step]
    assert told in found[step].finding


async def test_a_database_of_something_else_is_no_store(tmp_path: Path) -> None:
    path = tmp_path / "cats.db"
    sqlite3.connect(path).execute("CREATE TABLE cats (name)").connection.close()
    found = await examined(path)
    assert "not an MLflow store" in found["schema"].finding
    assert found["rows"].outcome is Outcome.SKIPPED
