"""What candidates used of their machines as the command line lists it, and the rate that the user set for it."""

from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.sources.stores import change

GPU = "system/gpu_0_utilization_percentage"
COLUMNS = ("--columns", "id,usage.gpu_hours,usage.cost,usage.mean_gpu")
ROWS = "insert into {} (key, value, timestamp, step, is_nan, run_uuid) values ('{}', {}, 1, 1, 0, '{}')"


@pytest.fixture
def machines(store: Path) -> Path:
    """A store with two candidates of one and two hours on a GPU."""
    for run, hours, busy in (("a", 1, 90), ("b", 2, 30)):
        change(
            store,
            "insert into runs (run_uuid, start_time, end_time, lifecycle_stage, experiment_id) "
            f"values ('{run}', 0, {hours * 3_600_000}, 'active', 1)",
            *(ROWS.format(table, GPU, busy, run) for table in ("metrics", "latest_metrics")),
        )
    return store


def test_usage_is_listed_filtered_and_sorted_by(
    program: Program, machines: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    (tmp_path / "config" / "mltrack").mkdir(parents=True)
    (tmp_path / "config" / "mltrack" / "config.toml").write_text("[cost]\ngpu_hour = 2.5\n")
    words = ("candidates", "1", "--source", str(machines), "--format", "csv", *COLUMNS)
    sorted_by_cost = program(*words, "--sort=-usage.cost", "--limit", "2").out.splitlines()
    assert sorted_by_cost[0] == "candidate_id,usage.gpu_hours,usage.cost,usage.mean_gpu"
    assert sorted_by_cost[1:] == ["b,2.0,5.0,30.0", "a,1.0,2.5,90.0"]
    busy = program(*words, "--filter", "usage.gpu_hours > 0.5 and usage.mean_gpu > 50")
    assert busy.out.splitlines()[1:] == ["a,1.0,2.5,90.0"]


def test_without_a_rate_it_says_where_to_write_one(program: Program, machines: Path) -> None:
    words = ("candidates", "1", "--source", str(machines))
    for more in (COLUMNS, ("--sort=-usage.cost",), ("--filter", "usage.cost > 1")):
        answer = program(*words, *more)
        assert answer.status
        assert "usage.cost: No rate is set" in answer.err
        assert "[cost] gpu_hour" in answer.err
