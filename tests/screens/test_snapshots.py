"""How each screen looks, at the smallest usual size and at a large one.

``pytest tests/screens/test_snapshots.py --snapshot-update`` takes the pictures anew.
"""

import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from mltrack_tui.app.application import MltrackApp
from mltrack_tui.domain.entities import Experiment, Link
from mltrack_tui.domain.query import Aggregate, Column, Direction, Kind, Order
from mltrack_tui.domain.times import DAY, HOUR
from mltrack_tui.domain.view import Look, View
from mltrack_tui.screens.candidates.place import CandidatesPlace
from mltrack_tui.sources.base import Source, SourceError
from mltrack_tui.state.places import KnownProject
from mltrack_tui.state.state import State
from mltrack_tui.transfer.downloads import Download, Existing, Failure, Progress
from mltrack_tui.transfer.downloads import State as How
from mltrack_tui.transfer.job import Job
from tests.screens.given import Server, many, server, several_projects, shelf, workshop
from tests.screens.harness import NOW, Explorer
from tests.screens.nested import nested

Compare = Callable[..., bool]
Walk = Callable[[Explorer], Awaitable[None]]
SIZES = [(80, 24), (160, 48)]


@pytest.fixture(autouse=True)
def _in_utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Times are shown in the machine's own zone."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


async def projects(explorer: Explorer) -> None:
    await explorer.shows("3 projects", "vision")


async def experiments(explorer: Explorer) -> None:
    await explorer.shows("3 experiments", "digits")
    await explorer.press(".")
    await explorer.shows("4 experiments")


async def loaded(explorer: Explorer) -> None:
    """Wait until nothing is asked of the source any more: best values come last."""
    await explorer.until(lambda: not list(explorer.app.workers))


async def candidates(explorer: Explorer) -> None:
    await explorer.shows("3 experiments", "digits")
    await explorer.press("enter")
    await explorer.shows("7 candidates", "adam-wide", "1h ago", "cosine")
    await explorer.tells("name  adam-wide")
    await loaded(explorer)


async def arranged(explorer: Explorer) -> None:
    """Sorted, filtered, deleted ones too, one marked."""
    await candidates(explorer)
    await explorer.press(".", "space")
    await explorer.shows("thrown away", "1 marked")
    await explorer.press("l", "l", "l", "l", "l", "]")
    await explorer.shows("▼")
    await explorer.press("/")
    await explorer.type("a")
    await explorer.press("enter")
    await explorer.shows("5 of 8 candidates")
    await loaded(explorer)


async def looks(explorer: Explorer) -> None:
    """A target, an aggregate, a bar and a sparkline, two keys to sort by."""
    await candidates(explorer)
    place = explorer.place
    assert isinstance(place, CandidatesPlace)
    accuracy, loss = Column(Kind.METRIC, "accuracy"), Column(Kind.METRIC, "loss")
    place.apply_view(
        View(
            order=(Order(Column(Kind.PARAM, "optimizer")), Order(loss, descending=True)),
            looks={accuracy: Look.SPARKLINE, loss: Look.BAR},
            aggregates={"accuracy": Aggregate.MAX},
            directions={"accuracy": Direction.MAX},
            target="accuracy",
        )
    )
    await explorer.press("$")
    await explorer.shows("max accuracy")
    await loaded(explorer)


async def models(explorer: Explorer) -> None:
    """Experiments of which a server tells who made them, and which are a model's."""
    await explorer.shows("10 projects")
    await explorer.press("j", "j", "j", "j")
    await explorer.enter("2 experiments", "Ada Lovelace", "fraud-net  model")
    await explorer.press("j")


async def counting(explorer: Explorer) -> None:
    """Some experiments counted, one as far as is done, the others not yet."""
    await explorer.shows("4 experiments · counting …", "100+")
    await explorer.press("j")


async def part(explorer: Explorer) -> None:
    """Filtered and sorted over what is loaded of a server's candidates."""
    await explorer.shows("1 experiment", "digits")
    await explorer.press("enter")
    await explorer.shows("150 loaded · server has more")
    await explorer.press("$", "]", "/")
    await explorer.type("7")
    await explorer.press("enter")
    tall = explorer.app.size.height > 24  # more is asked for until the screen is full
    await explorer.shows(f"{'43 of 250' if tall else '24 of 150'} loaded · server has more")
    await explorer.tells("metrics.m")


async def candidate(explorer: Explorer) -> None:
    await candidates(explorer)
    await explorer.press("enter")
    await explorer.shows("› adam-wide", "started")


def tab(key: str, *texts: str) -> Walk:
    async def walk(explorer: Explorer) -> None:
        await candidate(explorer)
        await explorer.press(key)
        await explorer.shows(*texts)

    return walk


def above(key: str, *texts: str) -> Walk:
    async def walk(explorer: Explorer) -> None:
        await candidates(explorer)
        await explorer.press(key)
        await explorer.shows(*texts)

    return walk


async def folders(explorer: Explorer) -> None:
    """One unfolded, one counted, a file marked."""
    await tab("5", "config.yaml")(explorer)
    await explorer.press("enter")
    await explorer.shows("weights.bin")
    await explorer.press("j", "space", "j", "a")
    await explorer.shows("1 marked, 12 B", "1 file")
    await explorer.tells("artifact  plots")


async def downloads(explorer: Explorer) -> None:
    """One in each of its states, as if they came into the same folder."""
    await explorer.shows("3 experiments")
    source, transfers = explorer.place.session.source, explorer.place.session.transfers
    half = Progress(3, 12, 1_200_000_000, 3_400_000_000, 28_600_000, 77)
    whole = Progress(2, 2, 4_108, 4_108)
    for state, progress, title in (
        (How.DONE, whole, "model of adam-wide"),
        (How.FAILED, replace(half, files_done=11), "all of sgd-small"),
        (How.RUNNING, half, "checkpoints"),
        (How.PAUSED, replace(half, files_done=0, bytes_done=0), "plots"),
        (How.WAITING, Progress(), "all of 3 candidates"),
    ):
        failures = [Failure("a.pt", "The server hung up.")] if state is How.FAILED else []
        download = Download(source, (), Path("/home/ada/results"), Existing.SKIP, title, state, progress)
        download.failures += failures
        transfers.downloads._all[download] = Job(download, 1)
    await explorer.press("T")
    await explorer.shows("5 downloads", "↓ 3 · 17%", "✗ 1 failed")


async def tree(explorer: Explorer) -> None:
    """Unfolded but for the ring; the name as long as it gets."""
    await explorer.shows("1 experiment")
    await explorer.enter("8 candidates", "ring b", "☆0.9900")
    await explorer.press("#")
    await explorer.shows("▸ sweep  (3)")
    await explorer.press("tab")
    await explorer.shows("child b  (1)")
    await explorer.press("j", "j", "tab")
    await explorer.shows("grandchild")
    await explorer.tells("name  child b")


async def groups(explorer: Explorer) -> None:
    await tree(explorer)
    await explorer.press("#")
    await explorer.shows("Group by")
    await explorer.type("optimizer")
    await explorer.press("enter")
    await explorer.shows("4 groups", "0.9800 ± 0.0141")
    await explorer.lacks("·")
    await explorer.press("l", "l")
    await explorer.tells("1 NaN")


async def welcome(explorer: Explorer) -> None:
    await explorer.shows("No MLflow store here.")


async def failure(explorer: Explorer) -> None:
    await explorer.shows("3 experiments")
    await explorer.press("enter")
    await explorer.shows("The disk is on fire")


def _failing() -> Source:
    source = workshop(name="mlflow.db")
    source.fail_at("columns", SourceError("The disk is on fire: call the fire brigade, then press r."))
    return source


def _of_ci() -> Source:
    source = workshop()
    source.origins["01" * 16] = (
        Link("CI job", "train", "https://ci.example/vision/digits/-/jobs/7702"),
        Link("pipeline", "700", "https://ci.example/vision/digits/-/pipelines/700"),
        Link("merge request", "!12 Make the layers wider", "https://ci.example/vision/digits/-/merge_requests/12"),
        Link("triggered by", "ana", None),
    )
    return source


def _half_counted() -> Source:
    source = Server()
    for number, (name, count) in enumerate({"alpha": 150, "beta": 3, "gamma": 20, "delta": 0}.items(), start=1):
        source.add(Experiment(str(number), name, "default", "active"), many(count))
    source.hold("count", after=2)
    return source


SCREENS: dict[str, tuple[Callable[[], Source | None], Walk]] = {
    "projects": (several_projects, projects),
    "experiments": (workshop, experiments),
    "candidates": (workshop, candidates),
    "candidates_arranged": (workshop, arranged),
    "candidates_looks": (workshop, looks),
    "experiments_counting": (_half_counted, counting),
    "experiments_of_models": (lambda: shelf(10), models),
    "candidates_part": (lambda: server(1200), part),
    "columns": (workshop, above("C", "columns shown", "✓  name")),
    "target": (workshop, above("t", "Target metric", "accuracy")),
    "overview": (workshop, candidate),
    "overview_of_ci": (_of_ci, candidate),
    "parameters": (workshop, tab("2", "optimizer")),
    "metrics": (workshop, tab("3", " of 60 points", "0.0000", "NaN")),
    "tags": (workshop, tab("4", "vision")),
    "artifacts": (workshop, folders),
    "downloads": (workshop, downloads),
    "tree": (nested, tree),
    "groups": (nested, groups),
    "help": (workshop, above("?", "Keys")),
    "picker": (workshop, above("s", "Sort by", "created  ascending")),
    "welcome": (lambda: None, welcome),
    "failure": (_failing, failure),
}


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "160x48"])
@pytest.mark.parametrize("screen", SCREENS)
def test_the_screen_looks_as_it_did(snap_compare: Compare, screen: str, size: tuple[int, int]) -> None:
    make, walk = SCREENS[screen]
    app = MltrackApp(make(), now=lambda: NOW)

    async def before(pilot: Pilot[Any]) -> None:  # any app's answer will do
        await walk(Explorer(app, pilot))

    assert snap_compare(app, terminal_size=size, run_before=before)


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "160x48"])
def test_thousands_of_projects_look_as_they_did(snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
    """Opened before, counted lately and long ago, not counted yet."""
    state, source = State(tmp_path / "state.db"), shelf()
    long_ago = KnownProject(120, 4, NOW - 2 * DAY, NOW - 3 * HOUR)
    lately = KnownProject(12, 0, NOW - HOUR, NOW)
    counts = {"vision/project-1500": long_ago, "vision/project-0010": lately, "speech/project-0001": lately}
    state.keep_counts(source.location, {**counts, "forecasting/project-0003": replace(long_ago, experiments=0)})
    state.keep_opened(source.location, "vision/project-1500", NOW - HOUR // 2)
    source.hold("count project")
    app = MltrackApp(source, now=lambda: NOW, state=state)

    async def before(pilot: Pilot[Any]) -> None:
        explorer = Explorer(app, pilot)
        await explorer.shows("101 of 2,000 projects loaded")
        await explorer.until(lambda: source.waiting == ["count project"])
        await explorer.press("j")

    assert snap_compare(app, terminal_size=size, run_before=before)
