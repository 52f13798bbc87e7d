import math
import sqlite3
from collections import defaultdict
from contextlib import closing
from pathlib import Path

import pytest

from mltrack_tui.demo import make, make_demo
from tests.unprivileged import folder_for_all, unprivileged

Key = tuple[str, str]


def tables(store: sqlite3.Connection) -> list[str]:
    return [name for (name,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]


def content(path: Path) -> dict[str, list[str]]:
    """Every row of every table, as text in which the store's folder is written ``HERE``."""
    with closing(sqlite3.connect(path)) as store:
        here = path.parent.as_uri()
        return {
            table: [repr(row).replace(here, "HERE") for row in store.execute(f'SELECT * FROM "{table}"')]
            for table in tables(store)
        }


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_two_stores_differ_in_their_folders_only_and_leave_other_files_alone(demo: Path, tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text("pass")
    other = make_demo(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mlartifacts", "mlflow.db", "train.py"]
    assert content(other) == content(demo)
    assert files(other.parent / "mlartifacts") == files(demo.parent / "mlartifacts")


def test_what_still_runs_may_run_now_and_nothing_else_is_another(demo: Path, tmp_path: Path) -> None:
    now = 1_900_000_000_000
    store = make_demo(tmp_path, now)
    spans = (
        "SELECT status, start_time, max(timestamp) FROM runs LEFT JOIN metrics USING (run_uuid) {} GROUP BY run_uuid"
    )
    with closing(sqlite3.connect(store)) as alive, closing(sqlite3.connect(demo)) as still:
        running = alive.execute(spans.format("WHERE end_time IS NULL")).fetchall()
        ended = spans.format("WHERE end_time IS NOT NULL")
        assert alive.execute(ended).fetchall() == still.execute(ended).fetchall()
    assert {status: last for status, _, last in running} == {"RUNNING": now, "SCHEDULED": None}
    assert all(now - 86_400_000 < start <= now for _, start, _ in running)
    assert files(tmp_path / "mlartifacts") == files(demo.parent / "mlartifacts")


def test_the_last_value_of_each_metric_is_of_the_greatest_step_timestamp_and_value(demo: Path) -> None:
    histories: dict[Key, list[tuple[int, int, float, int]]] = defaultdict(list)
    with closing(sqlite3.connect(demo)) as store:
        columns = "run_uuid, key, step, timestamp, value, is_nan"
        for run, key, *point in store.execute(f"SELECT {columns} FROM metrics"):
            histories[run, key].append(tuple(point))
        latest = {
            (run, key): tuple(point) for run, key, *point in store.execute(f"SELECT {columns} FROM latest_metrics")
        }
    assert len(latest) > 1000
    assert latest == {key: max(points, key=lambda point: point[:3]) for key, points in histories.items()}


def test_values_are_stored_as_mlflow_stores_nan_and_infinity(demo: Path) -> None:
    with closing(sqlite3.connect(demo)) as store:
        values = store.execute("SELECT value, is_nan FROM metrics").fetchall()
    assert all(math.isfinite(value) for value, _ in values)
    assert {value for value, is_nan in values if is_nan} == {0.0}
    assert 1.7976931348623157e308 in {value for value, _ in values}


def test_every_point_lies_between_its_candidates_start_and_end(demo: Path) -> None:
    today = 1_794_850_800_000  # 2026-11-16 17:40 UTC
    with closing(sqlite3.connect(demo)) as store:
        spans = store.execute(
            "SELECT start_time, ifnull(min(timestamp), start_time), ifnull(max(timestamp), start_time),"
            " ifnull(end_time, ?) FROM runs LEFT JOIN metrics USING (run_uuid) GROUP BY run_uuid",
            [today],
        ).fetchall()
    assert len(spans) > 200
    assert [span for span in spans if not span[0] <= span[1] <= span[2] <= span[3] <= today] == []


def test_an_existing_store_is_never_overwritten(tmp_path: Path) -> None:
    store = tmp_path / "mlflow.db"
    store.write_bytes(b"precious")
    with pytest.raises(FileExistsError, match=r"mlflow\.db"):
        make_demo(tmp_path)
    assert files(tmp_path) == {"mlflow.db": b"precious"}


def test_existing_artifacts_are_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "mlartifacts").mkdir()
    with pytest.raises(FileExistsError, match="mlartifacts"):
        make_demo(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mlartifacts"]


def test_an_interruption_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(make, "write_store", interrupt)
    with pytest.raises(KeyboardInterrupt):
        make_demo(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_an_os_error() -> None:
    with folder_for_all() as folder:
        folder.chmod(0o555)
        with unprivileged(), pytest.raises(PermissionError):
            make_demo(folder)
        assert list(folder.iterdir()) == []


def test_a_folder_below_a_file_is_an_os_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OSError, match="file"):
        make_demo(tmp_path / "file" / "demo")
