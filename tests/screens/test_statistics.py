"""Scatter, histogram, boxes and bars of the candidates of a table, by the keys."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event
from xml.etree import ElementTree as ET

import pytest

from mltrack_tui.domain.changes import Changes
from mltrack_tui.plots import scatter
from mltrack_tui.plots.picture import Style
from mltrack_tui.sources.base import SourceError
from tests.memory import MemorySource, candidate
from tests.screens.given import workshop
from tests.screens.harness import PATIENCE, Explorer, explore


@asynccontextmanager
async def plots(source: MemorySource, tab: str, size: tuple[int, int] = (100, 24)) -> AsyncIterator[Explorer]:
    """The plots of the first two candidates of the first experiment, at a tab."""
    async with explore(source, size=size) as explorer:
        await explorer.shows("3 experiments")
        await explorer.enter("7 candidates", "adam-wide")
        await explorer.press("space", "space")
        await explorer.shows("2 marked")
        await explorer.press("m")
        await explorer.shows("Curves", "Scatter")
        await explorer.press(tab)
        yield explorer


async def test_scatter_draws_the_metric_over_what_goes_most_with_it_and_steps_from_point_to_point() -> None:
    async with plots(workshop(), "2") as explorer:
        await explorer.shows(
            "accuracy over lr", "★ sgd-small", "1 adam-wide", "over 5 of 7 candidates", "1 NaN in accuracy"
        )
        await explorer.tells("adam-wide  lr 0.001   accuracy 0.979412345678")
        await explorer.press("l")
        await explorer.tells("cosine  lr 0.003   accuracy 0.9655")
        await explorer.press("enter")
        await explorer.shows("Overview", "cosine", "2 of 5")
        await explorer.press("]", "escape")
        await explorer.shows("accuracy over lr")


async def test_x_and_y_are_picked_among_parameters_and_metrics_and_hold_in_every_tab() -> None:
    async with plots(workshop(), "2") as explorer:
        await explorer.shows("accuracy over lr")
        await explorer.press("X")
        await explorer.shows("x axis", "metrics.loss", "params.optimizer")
        await explorer.type("optim")
        await explorer.press("enter")
        await explorer.shows("accuracy over optimizer", "adam", "cosine")
        await explorer.press("Y")
        await explorer.type("loss")
        await explorer.press("enter")
        await explorer.shows("loss over optimizer", "1 +inf in loss", "1 -inf in loss")
        await explorer.press("4")
        await explorer.shows("loss by optimizer")
        await explorer.press("Y")
        await explorer.type("accuracy")
        await explorer.press("enter")
        await explorer.shows("accuracy by optimizer")
        await explorer.press("2")
        await explorer.shows("accuracy over optimizer")


async def test_a_picture_that_was_begun_for_less_room_does_not_take_the_place_of_one_for_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rooms: list[int] = []
    wanted, draw = Event(), scatter.draw_scatter

    def late(what: scatter.Scatter, width: int, height: int, style: Style) -> scatter.DrawnScatter:
        rooms.append(width)
        if rooms[0] == width:
            wanted.wait(PATIENCE)
        return draw(what, width, height, style)

    monkeypatch.setattr(scatter, "draw_scatter", late)
    async with plots(workshop(), "2") as explorer:
        await explorer.until(lambda: bool(rooms))
        await explorer.resize(130, 24)
        await explorer.shows("accuracy over lr")
        before = explorer.lines[2:-2]
        wanted.set()
        await explorer.until(lambda: not any(each.group in {"statistics", "drawing"} for each in explorer.app.workers))
        assert explorer.lines[2:-2] == before


async def test_what_is_picked_while_another_tab_is_first_read_holds_there_too() -> None:
    source = workshop()
    async with plots(source, "2") as explorer:
        await explorer.shows("accuracy over lr")
        source.hold("read")
        await explorer.press("4")
        await explorer.until(lambda: "read" in source.waiting)  # to find the parameter that tells most
        await explorer.press("2", "X")
        await explorer.type("optim")
        await explorer.press("enter")
        await explorer.shows("accuracy over optimizer")
        await explorer.until(lambda: "read" in source.cancelled)
        source.release()
        await explorer.press("4")
        await explorer.shows("accuracy by optimizer")


async def test_histogram_counts_a_column_and_marks_where_the_marked_are() -> None:
    async with plots(workshop(), "3", size=(100, 20)) as explorer:
        await explorer.shows("accuracy", "NaN", "missing", "7 candidates · median 0.9655", " 12")
        await explorer.tells("1 of 7 candidates, 14.3%")
        await explorer.press("Y")
        await explorer.type("optim")
        await explorer.press("enter")
        await explorer.shows("sgd", "diverged")
        await explorer.tells("optimizer sgd  2 of 7 candidates")
        await explorer.press("enter")
        await explorer.shows("Overview", "1 of 2", "sgd-small")


async def test_boxes_are_by_the_parameter_that_tells_most_and_open_the_best_first() -> None:
    async with plots(workshop(), "4") as explorer:
        await explorer.shows("accuracy by", "half", "candidates without a number of accuracy")
        await explorer.press("X")
        await explorer.type("lr")
        await explorer.press("enter")
        await explorer.shows("accuracy by lr", "n 2")


async def test_bars_compare_the_marked_candidates() -> None:
    async with plots(workshop(), "5") as explorer:
        await explorer.shows("accuracy", "›1 adam-wide", "★ 2 sgd-small", "0.981234567891", "bars from 0.97")
        await explorer.press("j")
        await explorer.shows("›2 sgd-small")
        await explorer.tells("sgd-small  accuracy 0.981234567891")


async def test_what_changed_is_read_again_and_the_cursor_stays() -> None:
    source = workshop()
    async with plots(source, "2") as explorer:
        await explorer.shows("accuracy over lr")
        await explorer.press("l")
        await explorer.tells("cosine  lr 0.003   accuracy 0.9655")
        source.all_candidates = [
            replace(each, metrics={"accuracy": 0.99}) if each.name == "cosine" else each
            for each in source.all_candidates
        ]
        calls = source.calls.count("candidates")
        explorer.place.changed(Changes(1, metrics={"04" * 16: frozenset({"another"})}))
        explorer.place.changed(Changes(1, metrics={"04" * 16: frozenset({"accuracy"})}))
        explorer.place.changed(Changes(1, metrics={"04" * 16: frozenset({"accuracy"})}))
        await explorer.shows("★ cosine")
        await explorer.tells("cosine  lr 0.003   accuracy 0.99")
        assert source.calls.count("candidates") == calls + 3  # once each: who there is, and the values of two columns


async def test_where_nothing_can_be_drawn_and_where_there_is_no_room_there_are_words() -> None:
    source = MemorySource.of({"digits": [candidate("01" * 16, "bare"), candidate("02" * 16, "bald")]})
    async with explore(source, size=(40, 10)) as explorer:
        await explorer.shows("1 experiment")
        await explorer.enter("2 candidates")
        await explorer.press("m", "2")
        await explorer.shows("There is no metric here.")
        await explorer.press("3")
        await explorer.shows("There is neither a parameter nor a")
        await explorer.press("5", "x")
        await explorer.tells("There is no picture to export here.")


async def test_a_source_that_fails_leaves_the_last_picture_and_says_why() -> None:
    source = workshop()
    async with plots(source, "1") as explorer:
        source.fail_at("columns", SourceError("It is asleep."))
        await explorer.press("2")
        await explorer.shows("Nothing could be read.", "It is asleep.")
        source.mend()
        await explorer.press("r")
        await explorer.shows("accuracy over lr", "Spearman")
        source.fail_at("candidates", SourceError("It is asleep again."))
        await explorer.press("r")
        await explorer.shows("accuracy over lr", "Spearman", "It is asleep again.")


async def test_the_picture_and_the_data_behind_it_are_exported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with plots(workshop(), "2") as explorer:
        await explorer.shows("accuracy over lr")
        await explorer.press("x", "v")
        await explorer.shows("accuracy-over-lr.svg")
        await explorer.press("enter")
        await explorer.tells("Wrote")
        await explorer.press("x", "c")
        await explorer.shows("accuracy-over-lr.csv")
        await explorer.press("enter")
        await explorer.tells("Wrote 7 rows")
    drawn = ET.parse(tmp_path / "accuracy-over-lr.svg")  # noqa: S314 - ours
    assert {"accuracy over lr", "★", "1 adam-wide"} <= {(element.text or "").strip() for element in drawn.iter()}
    rows = (tmp_path / "accuracy-over-lr.csv").read_text().splitlines()
    assert rows[:2] == ["id,params.lr,metrics.accuracy", f"{'01' * 16},0.001,0.979412345678"]
    assert f"{'03' * 16},1.0,NaN" in rows
