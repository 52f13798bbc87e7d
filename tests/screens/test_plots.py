"""Plots of several candidates: small charts, one large, what the keys read and zoom, what changes meanwhile."""

import asyncio
from dataclasses import replace
from math import nan
from pathlib import Path

import pytest
from textual._compositor import CompositorUpdate
from textual.app import App

from mltrack_tui.domain.changes import Changes
from mltrack_tui.domain.entities import Candidate
from mltrack_tui.sources.base import SourceError
from mltrack_tui.widgets.chart import ChartView
from tests.memory import MemorySource, candidate
from tests.screens.given import HeldSource
from tests.screens.harness import NOW, Explorer, explore

LONG = 5000
METRICS = ("grad_norm", "lr", "system/cpu", "train/acc", "train/loss", "val/acc", "val/loss")


def run(number: int, name: str, status: str = "FINISHED", metrics: tuple[str, ...] = METRICS) -> Candidate:
    start = NOW - number * 1000
    return candidate(f"{number:02d}" * 16, name, status=status, start_time=start, metrics=dict.fromkeys(metrics, 1.0))


def trained(points: int = 40, count: int = 3) -> HeldSource:
    """Some candidates whose losses are 100, 200, 300 ... less the step."""
    source = HeldSource.of({"digits": [run(number, f"run-{number}") for number in range(1, count + 1)]})
    assert isinstance(source, HeldSource)
    for number in range(1, count + 1):
        for metric in METRICS:
            source.points[f"{number:02d}" * 16, metric] = [
                (step, NOW + 1000 * step, 100.0 * number - step / points) for step in range(points)
            ]
    return source


async def marked(explorer: Explorer, count: int = 3) -> None:
    """Open the plots of the first candidates."""
    await explorer.shows("1 experiment")
    await explorer.enter("run-1")
    await explorer.press(*["space"] * count, "m")
    await explorer.shows("Curves", f"{count} candidates")


async def marked_one(explorer: Explorer) -> None:
    await explorer.shows("1 experiment")
    await explorer.enter("run-1")
    await explorer.press("m")
    await explorer.shows("Curves")


async def large(explorer: Explorer, metric: str = "train/loss") -> None:
    """Open one metric of the plots large."""
    await explorer.press("/", *metric, "enter", "enter")
    await explorer.shows(f"{metric} ", "value")


def inks(explorer: Explorer, text: str) -> set[tuple[str, int | None]]:
    """The inks in which a text stands in the charts."""
    view = explorer.app.screen.query_one(ChartView)
    return {run.ink for line in view.picture.lines for run in line if text in run.text}


async def test_metrics_stand_in_groups_on_pages_and_narrow_by_their_names() -> None:
    async with explore(trained(), (80, 24)) as explorer:
        await marked(explorer)
        await explorer.shows("train/acc", "train/loss", "val/acc", "val/loss", "120 of 120 points")
        await explorer.tells("page 1 of 2   metric  train/acc")
        await explorer.press("n")
        await explorer.shows("grad_norm", "lr", "system/cpu")
        assert "train/loss" not in explorer.text
        await explorer.press("N", "l", "j")
        await explorer.tells("metric  val/loss")
        await explorer.press("/", *"los")
        await explorer.shows("2 of 7 metrics", "train/loss", "val/loss")
        await explorer.press("enter", "h")
        await explorer.tells("metric  train/loss")
        await explorer.press("escape")
        await explorer.shows("7 metrics", "train/acc")
        await explorer.press("/", *"nothing")
        await explorer.shows("None of 7 metrics has these words")


async def test_a_candidate_keeps_its_number_and_colour_whoever_else_is_hidden() -> None:
    async with explore(trained(), (100, 30)) as explorer:
        await marked(explorer)
        await large(explorer)
        await explorer.shows("120 of 120 points")
        assert {("curve", 0), ("curve", 1), ("curve", 2)} <= inks(explorer, "")
        await explorer.press("j", "space")
        await explorer.shows("80 of 80 points", "2 of 3 drawn")
        assert ("curve", 1) not in inks(explorer, "")
        assert ("curve", 2) in inks(explorer, "3")
        await explorer.press("space", "i")
        await explorer.shows("40 of 40 points", "1 of 3 drawn")
        assert ("curve", 1) in inks(explorer, "2")
        await explorer.press("i")
        await explorer.shows("120 of 120 points")


async def test_more_candidates_than_can_be_told_apart_are_counted() -> None:
    async with explore(trained(count=10), (100, 30)) as explorer:
        await marked(explorer, 10)
        await explorer.shows("8 ● run-8", "8 of 10 drawn", "320 of 320 points")
        assert "9 run-9" not in explorer.text.replace("●", "").replace("  ", " ")


async def test_the_cursor_reads_each_point_by_the_keys() -> None:
    source = trained(points=5)
    source.points["02" * 16, "train/loss"] = [(2, NOW + 500, nan), (4, NOW + 700, 0.125)]
    async with explore(source, (100, 30)) as explorer:
        await marked(explorer)
        await large(explorer)
        await explorer.shows("12 of 12 points")
        await explorer.press("g")
        await explorer.tells("step 0   train/loss of run-1  100.0")
        await explorer.press("l", "l")
        await explorer.tells("step 2   train/loss of run-1  99.6")
        await explorer.press("j")
        await explorer.tells("step 2   train/loss of run-2  NaN")
        await explorer.press("G")
        await explorer.tells("step 4   train/loss of run-2  0.125")
        await explorer.press("y")
        await explorer.shows("0.125", "train/loss of run-2")


async def test_keys_that_are_typed_ahead_act_when_there_is_something_to_look_at() -> None:
    source = trained()
    async with explore(source, (80, 24)) as explorer:
        await explorer.shows("1 experiment")
        await explorer.enter("run-1")
        source.gate = asyncio.Event()
        await explorer.press("m", "l", "enter", "+")
        assert "step" not in explorer.text
        source.gate.set()
        await explorer.shows("train/loss   step 10–29", "value")


async def test_zooming_in_asks_for_finer_points_until_every_one_is_drawn() -> None:
    async with explore(trained(points=100_000, count=1), (80, 24)) as explorer:
        await marked_one(explorer)
        await large(explorer)
        await explorer.shows(" of 100,000 points")
        await explorer.press("g", *"+++")
        await explorer.shows("step 0–12,", " of 12,500 points")
        await explorer.press(*"+" * 8)
        await explorer.shows("49 of 49 points")
        await explorer.press("L")
        await explorer.shows("step 13–61", "49 of 49 points")
        await explorer.resize(60, 20)
        await explorer.shows("step 13–61", "49 of 49 points")
        await explorer.press("0")
        await explorer.shows(" of 100,000 points")


async def test_what_is_worked_out_from_some_points_says_so_until_all_are_loaded() -> None:
    async with explore(trained(points=LONG, count=1), (100, 24)) as explorer:
        await marked_one(explorer)
        await large(explorer)
        await explorer.press("s")
        await explorer.shows(" of 5,000 points · worked out from these")
        await explorer.press("M")
        await explorer.until(lambda: "5,000 points" in explorer.text and "worked out" not in explorer.text)
        await explorer.press("M")
        await explorer.tells("All histories here were read whole.")


async def test_what_is_zoomed_and_read_survives_other_points_and_a_refresh() -> None:
    source = trained(points=50)
    source.all_candidates[0] = replace(source.all_candidates[0], status="RUNNING")
    async with explore(source, (100, 30)) as explorer:
        await marked(explorer)
        await large(explorer)
        await explorer.shows("150 of 150 points")
        await explorer.press("g", "l", "l", "+", "space")
        await explorer.shows("step 1–25", "2 of 3 drawn", "(run-1)")
        before = next(line for line in explorer.lines if "step 1–25" in line)
        source.points["02" * 16, "train/loss"].append((3, NOW, 12.5))
        asked = source.calls.count("history")
        place = explorer.place
        place.changed(Changes(1, metrics={"02" * 16: frozenset({"train/loss"})}))
        await explorer.shows("12.5")
        assert source.calls.count("history") == asked + 1
        assert before in explorer.lines
        source.fail_at("history", SourceError("memory is gone."))
        await explorer.press("r")
        await explorer.tells("memory is gone.")
        assert before in explorer.lines
        assert "2 of 3 drawn" in explorer.text


async def test_escape_leaves_the_large_chart_then_the_filter_then_the_plots() -> None:
    async with explore(trained(), (80, 24)) as explorer:
        await marked(explorer)
        await large(explorer)
        await explorer.press("escape")
        await explorer.shows("1 of 7 metrics")
        await explorer.press("escape")
        await explorer.shows("page 1 of 2", "7 metrics")
        await explorer.press("escape")
        await explorer.shows("3 marked")


async def test_differences_to_a_baseline_and_looks_are_said() -> None:
    async with explore(trained(), (100, 30)) as explorer:
        await marked(explorer)
        await large(explorer)
        await explorer.press("j", "b")
        await explorer.shows("difference to baseline", "less run-2", "difference")
        await explorer.tells("train/loss of run-2")
        row = next(line for line in explorer.lines if "run-3" in line and "●" in line)
        assert row.split()[3] == "100.00"
        await explorer.press("b", "Y", "s", "O", "#")
        await explorer.shows("log · smooth 0.5 · outliers clipped · mean ± spread")
        await explorer.press("X", "X", "X")
        await explorer.shows("Draw over a metric")
        await explorer.press(*"grad", "enter")
        await explorer.shows("x: grad_norm")


async def test_names_of_others_do_nothing_to_the_terminal_and_thousands_of_metrics_are_no_burden() -> None:
    evil = "\x1b]0;owned\x07[bold]" + "x" * 250
    names = tuple(f"layer_{number}/norm" for number in range(LONG))
    source = HeldSource.of({"digits": [run(1, f"run-1{evil}", metrics=(evil, *names))]})
    async with explore(source, (100, 30)) as explorer:
        await marked_one(explorer)
        await explorer.shows("5,001 metrics", "layer_0/norm", "layer_1/norm", "1 of 1 points")
        assert source.calls.count("history") < 40
        await explorer.press("G")
        await explorer.shows("]0;owned·[bold]xxx")
        assert "\x1b" not in explorer.text
        await explorer.press("enter")
        await explorer.tells("step 0   ·]0;owned")
        assert "\x1b" not in explorer.text


@pytest.mark.parametrize("size", [(40, 10), (20, 6), (200, 60)])
async def test_plots_fit_any_terminal(size: tuple[int, int]) -> None:
    async with explore(trained(), (100, 30)) as explorer:
        await marked(explorer)
        await explorer.resize(*size)
        await explorer.press("enter", "h", "h", "+", "-", ">", "J", "escape", "n", "G", "enter")
        await explorer.until(lambda: all(len(line) <= size[0] for line in explorer.lines))
        await explorer.shows("points")


async def test_what_cannot_be_drawn_is_said() -> None:
    source = MemorySource.of({"digits": [run(1, "run-1", metrics=())]})
    async with explore(source, (80, 24)) as explorer:
        await marked_one(explorer)
        await explorer.shows("This candidate logged no metrics.")
        await explorer.press("enter", "+", "x")
        await explorer.tells("There is no picture to export here.")


async def test_what_is_shown_is_written_as_points_and_as_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with explore(trained(points=3), (80, 24)) as explorer:
        await marked(explorer)
        await large(explorer)
        await explorer.shows("9 of 9 points")
        await explorer.press("j", "space", "x", "c", "enter")
        await explorer.tells("Wrote 6 rows")
        text = (tmp_path / "3-candidates-train-loss.csv").read_text()
        assert text.splitlines()[1] == f"{'01' * 16},run-1,train/loss,0,{NOW},100.0,100.0"
        await explorer.press("x", "v", "enter")
        lines = tmp_path / "3-candidates-train-loss.svg"
        await explorer.until(lambda: lines.exists() and lines.read_text().endswith("</svg>\n"))
        await explorer.press("x", "t", "enter")
        picture = tmp_path / "3-candidates-train-loss.txt"
        await explorer.until(lambda: picture.exists() and "6 of 6 points" in picture.read_text())


async def test_a_cursor_key_sends_one_small_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    frames: list[str] = []

    def display(app: App[object], _screen: object, painting: object) -> None:
        if isinstance(painting, CompositorUpdate):
            frames.append(painting.render_segments(app.console))

    async with explore(trained(points=2000, count=1), (160, 48)) as explorer:
        await marked_one(explorer)
        await large(explorer)
        await explorer.press("h", "h")
        await explorer.settle()
        monkeypatch.setattr(App, "_display", display)
        here = explorer.text
        await explorer.press("h")
        await explorer.until(lambda: explorer.text != here and bool(frames))
        await explorer.settle()
        assert [len(frame.encode()) < 8000 for frame in frames] == [True], [len(frame.encode()) for frame in frames]


@pytest.mark.parametrize("size", [(40, 12), (97, 30), (200, 60)])
async def test_every_cell_of_a_large_chart_is_seen_at_any_size(size: tuple[int, int]) -> None:
    source = trained(points=50)
    source.all_candidates[0] = replace(source.all_candidates[0], name="実験" * 12)
    async with explore(source, (80, 24)) as explorer:
        await explorer.shows("1 experiment")
        await explorer.enter("run-2")
        await explorer.press(*["space"] * 3, "m")
        await large(explorer)
        await explorer.press("g")
        await explorer.resize(*size)
        view = explorer.app.screen.query_one(ChartView)

        def shown() -> bool:
            lines = [line.rstrip() for line in explorer.text.splitlines()]
            return view.size.width == size[0] and all(line in lines for line in view.picture.text.splitlines())

        await explorer.until(shown)
        await explorer.press("+")
        await explorer.until(shown)
        await explorer.press("enter")
        await explorer.until(shown)
