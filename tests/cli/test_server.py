"""What the command line asks of a source whose every page costs a server a request."""

import csv
import io
import json
from dataclasses import replace

import pytest

from mltrack_tui.cli import asking
from mltrack_tui.domain.entities import Experiment
from mltrack_tui.sources.base import Capabilities, Capability
from tests.cli.program import Program
from tests.lazy import LazySource
from tests.memory import candidate


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> LazySource:
    """A server that is opened whatever is named: 300 candidates, the oldest with a parameter of their own."""
    source = LazySource()
    runs = [
        candidate(
            f"{n:032x}",
            f"run {n}",
            start_time=10**6 - n,
            params={"old": "yes"} if n > 250 else {},
            metrics={"m": float(n % 100)},
        )
        for n in range(300)
    ]
    source.add(Experiment("1", "digits", "default", "active"), runs)
    source.add(Experiment("2", "empty", "default", "active"))
    monkeypatch.setattr(asking, "open_source", lambda _location: source)
    return source


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_all_candidates_have_all_columns(program: Program, server: LazySource) -> None:
    answer = program("candidates", "digits", "--source", "s", "--format", "csv")
    found = rows(answer.out)
    assert (len(found), found[0]["params.old"], found[-1]["params.old"]) == (300, "", "yes")
    assert server.requests == 6


def test_no_more_are_asked_for_than_are_printed(program: Program, server: LazySource) -> None:
    answer = program("candidates", "digits", "--source", "s", "--format", "json", "--limit", "60")
    assert [each["name"] for each in json.loads(answer.out)] == [f"run {n}" for n in range(60)]
    assert server.requests == 2


def test_the_first_of_an_order_that_the_server_has_need_no_more_pages(program: Program, server: LazySource) -> None:
    server.sorts = True
    answer = program("candidates", "digits", "--source", "s", "--format", "csv", "--limit", "2", "--sort=-metrics.m")
    assert [row["metrics.m"] for row in rows(answer.out)] == ["99.0", "99.0"]
    assert server.requests == 1


def test_the_first_of_an_order_that_is_finished_here_are_those_of_all(program: Program, server: LazySource) -> None:
    server.all_candidates[-1] = replace(server.all_candidates[-1], metrics={"m": 1000.0})
    answer = program("candidates", "digits", "--source", "s", "--format", "csv", "--limit", "1", "--sort=-metrics.m")
    assert [row["metrics.m"] for row in rows(answer.out)] == ["1000.0"]
    assert server.requests == 6


def test_a_filter_may_have_bare_names_of_what_is_loaded(program: Program, server: LazySource) -> None:
    answer = program("candidates", "digits", "--source", "s", "--format", "csv", "--filter", "m = 7")
    assert len(rows(answer.out)) == 3
    answer = program("candidates", "digits", "--source", "s", "--filter", "nowhere = 7")
    assert "nothing is called nowhere" in answer.err
    server.forget()
    answer = program("candidates", "digits", "--source", "s", "--filter", "nowhere = 7")
    assert "nothing among those loaded so far is called nowhere" in answer.err


def test_the_nearest_candidates_are_not_looked_for_among_all(program: Program, server: LazySource) -> None:
    answer = program("show", "run 3", "--source", "s")
    assert "nearest" in answer.error
    assert server.requests == 1


def test_experiments_are_found_before_they_are_counted(program: Program, server: LazySource) -> None:
    program("candidates", "empty", "--source", "s")
    assert "count" not in server.calls
    answer = program("experiments", "--source", "s")
    assert server.calls.count("count") == 2
    counts = {line.split()[1]: line.split()[4] for line in answer.out.splitlines()[1:]}
    assert counts == {"digits": "100+", "empty": "0"}


def test_a_history_is_printed_whole(program: Program, server: LazySource) -> None:
    server.points[f"{1:032x}", "m"] = [(step, step, float(step)) for step in range(100)]
    answer = program("history", f"{1:032x}", "m", "--source", "s", "--format", "csv")
    assert len(rows(answer.out)) == 100
    answer = program("plot", f"{1:032x}", "m", "--source", "s")
    assert "100 of 100 points" in answer.out


def test_points_whose_times_nobody_knows_have_none(program: Program, server: LazySource) -> None:
    server._capabilities = Capabilities(times=Capability("The times of points are not kept."))
    server.points[f"{1:032x}", "m"] = [(step, 0, float(step)) for step in range(3)]
    words = ("history", f"{1:032x}", "m", "--source", "s")
    assert [row["timestamp"] for row in rows(program(*words, "--format", "csv").out)] == ["", "", ""]
    assert json.loads(program(*words, "--format", "json").out)[0] == {"step": 0, "timestamp": None, "value": 0.0}
    assert "1970" not in program(*words).out


def test_what_ci_says_is_a_column_a_filter_and_an_order(program: Program, server: LazySource) -> None:
    server._capabilities = Capabilities(ci=Capability())
    for n, pipeline in ((3, "90"), (5, "700"), (280, "8")):
        server.ci[f"{n:032x}"] = {"pipeline": pipeline, "user": "ana"}
    words = (
        "candidates",
        "digits",
        "--source",
        "s",
        "--format",
        "csv",
        "--columns",
        "name,ci.pipeline,ci.merge_request",
    )
    answer = program(*words, "--filter", "ci.user = 'ana' and pipeline > 8", "--sort=-ci.pipeline")
    assert answer.out.splitlines() == [
        "name,ci.pipeline,ci.merge_request",
        "run 5,700,",
        "run 3,90,",
    ]
