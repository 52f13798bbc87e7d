"""Columns, aggregates, targets, marks of the best, looks: all that follows from the table's view."""

from math import nan

import pytest

from mltrack_tui.domain.entities import Candidate, Experiment
from mltrack_tui.domain.query import Aggregate, Column, Direction, Kind, Lifecycle, Order
from mltrack_tui.domain.view import Look, View
from mltrack_tui.screens.candidates.place import CandidatesPlace
from mltrack_tui.screens.session import Session
from mltrack_tui.sources.base import Capabilities, Capability
from mltrack_tui.widgets.grid import Grid
from tests.memory import MemorySource, candidate
from tests.screens.given import HeldSource, workshop
from tests.screens.harness import NOW, Explorer, explore

LOSS, ACCURACY = Column(Kind.METRIC, "loss"), Column(Kind.METRIC, "accuracy")


def fruits() -> list[Candidate]:
    """Three candidates that differ in little."""

    def fruit(number: int, name: str, loss: float, accuracy: float) -> Candidate:
        return candidate(
            f"{number:02d}" * 16,
            name,
            start_time=NOW - 1000 * number,
            params={"batch": "64", "seed": "42", "lr": f"0.{number}"},
            metrics={"loss": loss, "accuracy": accuracy, "epochs": 3.0} | ({"system/gpu": 1.0} if number < 3 else {}),
            tags={"team": "vision"} if number < 3 else {},
        )

    return [fruit(1, "apple", 0.5, 0.9), fruit(2, "pear", 0.25, 0.9), fruit(3, "plum", nan, 0.1)]


def orchard(capabilities: Capabilities | None = None) -> HeldSource:
    source = HeldSource(capabilities=capabilities)
    source.add(Experiment("1", "fruits", "default", "active"), fruits())
    source.points["01" * 16, "loss"] = [(0, 0, 4.0), (1, 1, 0.125), (2, 2, nan), (3, 3, 0.5)]
    source.points["02" * 16, "loss"] = [(0, 0, 2.0), (1, 1, 0.25)]
    return source


async def opened(explorer: Explorer) -> CandidatesPlace:
    await explorer.shows("1 experiment")
    await explorer.enter("3 candidates", "apple")
    await explorer.until(lambda: isinstance(explorer.app.focused, Grid))
    assert isinstance(explorer.place, CandidatesPlace)
    return explorer.place


def header(explorer: Explorer) -> str:
    """The line of titles."""
    return next((line for line in explorer.lines if "name" in line and "created" in line), "")


async def go_to(explorer: Explorer, column: Column) -> None:
    place = explorer.place
    assert isinstance(place, CandidatesPlace)
    index = place.sort_place(column)
    assert index is not None
    explorer.grid.move(explorer.grid.cursor_row, index)
    await explorer.settle()


async def column_cells(explorer: Explorer, column: Column) -> list[str]:
    place = explorer.place
    assert isinstance(place, CandidatesPlace)
    rows = place.table.candidates
    assert rows is not None
    index = rows.layout.place(column)
    assert index is not None
    made = [(rows.cells(row, (index,)) or [])[0] for row in range(len(rows))]
    return [cell.lead.text + cell.text.strip() + cell.tail.text for cell in made]


async def test_what_is_the_same_for_all_is_folded_into_a_line_and_equals_shows_it() -> None:
    async with explore(orchard(), size=(120, 24)) as explorer:
        await opened(explorer)
        await explorer.shows("constant  batch=64  seed=42  epochs=3", "12 columns hidden  (= shows all)")
        await explorer.until(lambda: all(f" {title}" in header(explorer) for title in ("lr", "loss", "accuracy")))
        for title in ("batch", "seed", "epochs", "user", "system/gpu", "team"):
            assert title not in header(explorer)
        await explorer.press("=")
        await explorer.shows("all columns  (= hides what says nothing)")
        assert " batch" in header(explorer)
        await explorer.press("$")
        await explorer.shows("team", "vision", "artifact_uri")
        await explorer.press("=")
        await explorer.shows("12 columns hidden")


async def test_constants_take_only_the_room_there_is() -> None:
    async with explore(orchard(), size=(52, 24)) as explorer:
        await opened(explorer)
        await explorer.shows("constant  …", "12 columns hidden  (= shows all)")


async def test_a_single_candidate_is_shown_with_all_that_it_logged() -> None:
    source = MemorySource.of({"one": [candidate("01" * 16, "only", params={"lr": "0.1"}, metrics={"loss": 0.5})]})
    async with explore(source) as explorer:
        await explorer.shows("1 experiment")
        await explorer.enter("only", "lr", "loss", "0.5000")


async def test_constants_that_are_told_late_leave_the_cursor_in_its_column_even_if_it_is_one() -> None:
    source = orchard()
    source.hold("constants")
    async with explore(source, size=(120, 24)) as explorer:
        await opened(explorer)
        await explorer.shows("batch", "seed")
        await go_to(explorer, Column(Kind.PARAM, "seed"))
        source.release()
        await explorer.shows("constant  batch=64  epochs=3")
        assert "batch" not in header(explorer)
        await explorer.tells("params.seed  42")
        assert explorer.grid.columns[explorer.grid.cursor_column].title == "seed"


async def test_minus_hides_the_cursors_column_and_says_how_to_get_it_back() -> None:
    async with explore(orchard(), size=(120, 24)) as explorer:
        place = await opened(explorer)
        await go_to(explorer, LOSS)
        await explorer.press("-")
        await explorer.tells("Hid metrics.loss.  C shows it again.")
        await explorer.shows("13 columns hidden  (= shows 12, C all)")
        assert "loss" not in header(explorer)
        assert place.view.hidden == {LOSS}
        await explorer.press("C")
        await explorer.shows("Columns", "columns shown")
        await explorer.press("/")
        await explorer.type("loss")
        await explorer.press("enter", "space", "escape", "escape")
        await explorer.until(lambda: "loss" in header(explorer))
        assert place.view.hidden == frozenset()


async def test_the_name_is_not_hidden() -> None:
    async with explore(orchard()) as explorer:
        await opened(explorer)
        await explorer.press("-")
        await explorer.tells("This column stays.")
        assert "name" in header(explorer)


async def test_the_picker_opens_at_the_cursors_column_moves_it_pins_it_and_widens_it() -> None:
    async with explore(orchard(), size=(120, 30)) as explorer:
        place = await opened(explorer)
        await go_to(explorer, LOSS)
        await explorer.press("C")
        await explorer.shows("columns shown")
        await explorer.until(lambda: "loss" in explorer.cursor_line)
        await explorer.press("[", "[", "[", "[", "[", "[", "[", "[", "[", "[", "[", "[", "[", "[")
        await explorer.press("+", "+")
        await explorer.press("escape")
        await explorer.until(lambda: -1 < header(explorer).find("loss") < header(explorer).find("created"))
        width = explorer.grid.columns[explorer.grid.cursor_column].width
        assert place.view.widths == {LOSS: width}
        await explorer.press("C")
        await explorer.shows("columns shown")
        await explorer.until(lambda: "loss" in explorer.cursor_line)
        await explorer.press("p", "escape")
        await explorer.until(lambda: place.table.viewport.frozen == 4)
        assert place.view.pinned == (LOSS,)


async def test_the_picker_narrows_by_kind_and_name_and_escape_leads_out_step_by_step() -> None:
    async with explore(orchard(), size=(120, 40)) as explorer:
        await opened(explorer)
        await explorer.press("C")
        await explorer.shows("columns shown", "artifact_uri")
        await explorer.press("/")
        await explorer.type("tags")
        await explorer.lacks("artifact_uri")
        await explorer.press("escape", "space")
        await explorer.shows("✓  team")
        await explorer.press("escape")
        await explorer.shows("artifact_uri")
        await explorer.press("?")
        await explorer.shows("Have the column stay on the left, or scroll")
        await explorer.press("escape", "escape")
        await explorer.shows("vision")


async def test_a_turns_a_metric_through_its_aggregates_and_asks_for_the_direction_of_best() -> None:
    async with explore(orchard(), size=(120, 24)) as explorer:
        place = await opened(explorer)
        await go_to(explorer, LOSS)
        await explorer.press("a")
        await explorer.shows("best of loss", "smaller is better  (guessed from the name)")
        await explorer.press("enter")
        await explorer.shows("best loss", "0.1250")
        assert (place.view.aggregates, place.view.directions) == ({"loss": Aggregate.BEST}, {"loss": Direction.MIN})
        assert place.view.target is None
        await explorer.tells("best: min(metrics.loss)  0.125")
        for aggregate, value in (("min", "0.1250"), ("max", "   4"), ("mean", "1.5417"), ("first", "   4")):
            await explorer.press("a")
            await explorer.shows(f"{aggregate} loss", value)
        await explorer.press("a")
        await explorer.lacks("first loss")
        assert place.view.aggregates == {}


async def test_without_an_answer_a_goes_past_the_best() -> None:
    async with explore(orchard(), size=(120, 24)) as explorer:
        await opened(explorer)
        await go_to(explorer, LOSS)
        await explorer.press("a")
        await explorer.shows("best of loss")
        await explorer.press("escape")
        await explorer.shows("min loss")


async def test_only_metrics_have_aggregates() -> None:
    async with explore(orchard()) as explorer:
        await opened(explorer)
        await explorer.press("a")
        await explorer.tells("Only a metric's column")


async def test_sorting_follows_the_aggregate_that_a_column_shows() -> None:
    async with explore(orchard(), size=(120, 24)) as explorer:
        place = await opened(explorer)
        await go_to(explorer, LOSS)
        await explorer.press("[")
        await explorer.shows("▲loss")
        await explorer.press("a")
        await explorer.shows("best of loss")
        await explorer.press("enter")
        await explorer.shows("▲best loss", "▲ best(metrics.loss)")
        await explorer.until(lambda: explorer.text.index("apple") < explorer.text.index("pear"))
        assert place.view.order == (Order(Column(Kind.METRIC, "loss", Aggregate.BEST)),)


async def test_t_sets_target_and_direction_and_can_sort_by_it_best_first() -> None:
    async with explore(orchard(), size=(120, 24)) as explorer:
        place = await opened(explorer)
        await go_to(explorer, LOSS)
        await explorer.press("t")
        await explorer.shows("target loss", "(guessed from the name)", "sorts by it")
        await explorer.press("s")
        await explorer.shows("▲◎loss", "★0.2500")
        await explorer.cursor_on("apple")
        assert place.view.target == "loss"
        await explorer.press("t")
        await explorer.shows("(as you said)", "neither: forget what was said")
        await explorer.press("k", "enter")
        await explorer.shows("☆0.2500")
        await explorer.lacks("◎")
        assert place.view == View(order=place.view.order)


async def test_t_away_from_a_metric_offers_all_of_them() -> None:
    async with explore(orchard(), size=(120, 24)) as explorer:
        place = await opened(explorer)
        await explorer.press("t")
        await explorer.shows("Target metric")
        await explorer.type("epochs")
        await explorer.press("enter")
        await explorer.shows("target epochs")
        await explorer.press("j", "enter")
        await explorer.until(lambda: place.view.target == "epochs")
        assert place.view.directions == {"epochs": Direction.MAX}


async def test_the_best_are_marked_all_of_them_among_those_shown() -> None:
    source = orchard()
    async with explore(source, size=(120, 24)) as explorer:
        await opened(explorer)
        await explorer.shows("☆0.2500")
        await explorer.until(lambda: explorer.text.count("☆0.9000") == 2)
        assert await column_cells(explorer, LOSS) == ["0.5000", "☆0.2500", "NaN"]
        await explorer.press("/")
        await explorer.type("plum")
        await explorer.shows("☆0.1000")
        await explorer.press("escape")
        await explorer.shows("☆0.2500")


async def test_another_order_asks_for_no_best_values_again() -> None:
    source = orchard()
    async with explore(source, size=(120, 24)) as explorer:
        place = await opened(explorer)
        await explorer.shows("☆0.2500", "☆0.9000")
        rows = place.table.candidates
        assert rows is not None
        known = dict(rows.extents)
        asked = source.calls.count("candidates")
        await go_to(explorer, LOSS)
        await explorer.press("]")
        await explorer.shows("▼loss", "☆0.2500")
        assert rows.extents == known
        assert source.calls.count("candidates") == asked + 1


async def test_bars_and_sparklines_stand_behind_their_numbers() -> None:
    async with explore(orchard(), size=(140, 24)) as explorer:
        place = await opened(explorer)
        place.apply_view(View(looks={LOSS: Look.SPARKLINE, ACCURACY: Look.BAR, Column(Kind.PARAM, "lr"): Look.BAR}))
        await explorer.shows("████████")
        await explorer.until(lambda: "█▁" in explorer.text)
        bars = await column_cells(explorer, ACCURACY)
        assert bars == ["☆0.9000 ████████", "☆0.9000 ████████", "0.1000 ▏       "]
        assert (await column_cells(explorer, Column(Kind.PARAM, "lr")))[1] == "0.2 ████    "
        assert (await column_cells(explorer, LOSS))[1] == "☆0.2500 ███████████▁"


async def test_a_source_without_histories_has_no_sparklines_and_is_not_asked() -> None:
    source = orchard(Capabilities(history=Capability("This server keeps no histories.")))
    async with explore(source, size=(140, 24)) as explorer:
        place = await opened(explorer)
        place.apply_view(View(looks={LOSS: Look.SPARKLINE}))
        await explorer.shows("0.2500")
        await explorer.press("j")
        assert "history" not in source.calls
        assert "histories" not in explorer.status


async def test_several_keys_sort_one_after_the_other_and_bear_their_weights() -> None:
    async with explore(orchard(), size=(120, 24)) as explorer:
        place = await opened(explorer)
        await go_to(explorer, ACCURACY)
        await explorer.press("]")
        await explorer.shows("▼accuracy")
        await go_to(explorer, LOSS)
        await explorer.press("{")
        await explorer.shows("▼¹accuracy", "▲²loss")
        await explorer.until(lambda: explorer.text.index("pear") < explorer.text.index("apple"))
        await explorer.press("}")
        await explorer.shows("▼²loss")
        await explorer.until(lambda: explorer.text.index("apple") < explorer.text.index("pear"))
        await explorer.press("}")
        await explorer.shows("▼accuracy")
        assert place.view.order == (Order(ACCURACY, descending=True),)


async def test_the_sort_picker_offers_hidden_columns_and_aggregates() -> None:
    async with explore(orchard(), size=(120, 40)) as explorer:
        place = await opened(explorer)
        place.apply_view(View(aggregates={"loss": Aggregate.MIN}))
        await explorer.shows("min loss")
        await explorer.press("s")
        await explorer.type("min")
        await explorer.shows("min(metrics.loss)  ascending")
        await explorer.press("escape", "s")
        await explorer.type("batch desc")
        await explorer.press("enter")
        await explorer.shows("▼ params.batch")
        assert place.view.order == (Order(Column(Kind.PARAM, "batch"), descending=True),)


async def test_a_view_is_applied_whole_and_read_back_the_same() -> None:
    view = View(
        filter="p",
        order=(Order(LOSS, descending=True),),
        lifecycle=Lifecycle.ALL,
        everything=True,
        hidden=frozenset({ACCURACY}),
        pinned=(Column(Kind.PARAM, "lr"),),
        sequence=(LOSS,),
        widths={LOSS: 20},
        aggregates={"accuracy": Aggregate.MAX},
        directions={"loss": Direction.MIN},
        target="loss",
    )
    async with explore(orchard(), size=(260, 24)) as explorer:
        place = await opened(explorer)
        place.apply_view(view)
        await explorer.shows("3 candidates, deleted ones too", "▼◎loss", "seed")
        assert header(explorer).split()[:3] == ["name", "lr", "│"]
        assert "accuracy" not in header(explorer)
        assert place.view == view
        place.apply_view(View())
        await explorer.shows("accuracy", "3 candidates")
        await explorer.lacks("◎")
        assert place.view == View()


@pytest.mark.parametrize("keys", [("v", "j", "v"), ("j", "v", "k", "v")])
async def test_v_marks_a_range_from_either_end(keys: tuple[str, ...]) -> None:
    async with explore(workshop()) as explorer:
        await explorer.shows("3 experiments")
        await explorer.enter("7 candidates", "adam-wide")
        await explorer.press(*keys[:-1])
        await explorer.shows("v marks from the range's beginning to here")
        await explorer.press(keys[-1])
        await explorer.shows("2 marked")
        assert [line[7:16].strip() for line in explorer.lines if line.startswith(" ✓")] == ["adam-wide", "sgd-small"]


async def test_marks_are_inverted_over_what_is_shown_and_survive_filters_and_refresh() -> None:
    async with explore(workshop()) as explorer:
        await explorer.shows("3 experiments")
        await explorer.enter("7 candidates", "adam-wide")
        await explorer.press("space", "/")
        await explorer.type("sgd")
        await explorer.press("enter")
        await explorer.shows("2 of 7 candidates")
        await explorer.press("*")
        await explorer.shows("3 marked")
        await explorer.press("r", "escape")
        await explorer.shows("  7 candidates", "3 marked")
        marked = [line[7:16].strip() for line in explorer.lines if line.startswith(" ✓")]
        assert marked == ["adam-wide", "sgd-small", "sgd-large"]
        await explorer.press("u")
        await explorer.lacks("marked")


async def test_a_range_whose_beginning_is_filtered_away_marks_nothing_and_says_so() -> None:
    async with explore(workshop()) as explorer:
        await explorer.shows("3 experiments")
        await explorer.enter("7 candidates", "adam-wide")
        await explorer.press("v", "/")
        await explorer.type("sgd")
        await explorer.press("enter")
        await explorer.shows("2 of 7 candidates")
        await explorer.press("v")
        await explorer.tells("is not shown any more")
        await explorer.press("j")
        assert "marked" not in explorer.text


async def test_escape_leaves_a_range_before_it_leaves_the_place() -> None:
    async with explore(workshop()) as explorer:
        await explorer.shows("3 experiments")
        await explorer.enter("7 candidates", "adam-wide")
        await explorer.press("v", "j", "escape")
        await explorer.lacks("v marks")
        assert "7 candidates" in explorer.text
        await explorer.press("escape")
        await explorer.shows("3 experiments")


async def test_ten_thousand_metrics_cost_what_is_on_screen_and_can_be_searched() -> None:
    names = [f"layer{number}/norm" for number in range(10_000)]
    members = [
        candidate(f"{number:02d}" * 16, f"run {number}", metrics={name: float(number) for name in names})
        for number in range(3)
    ]
    async with explore(MemorySource.of({"wide": members}), size=(120, 30)) as explorer:
        await explorer.shows("1 experiment")
        await explorer.enter("3 candidates", "layer0/norm")
        place = explorer.place
        assert isinstance(place, CandidatesPlace)
        made = len(place.table.columns._made)  # type: ignore[attr-defined]
        await explorer.press("$", "h", "h", "h", "^", "l", "l", "l", "l", "l", "l", "l", "j")
        await explorer.tells("metrics.layer2/norm  1.0")
        assert made < 60
        assert len(place.table.columns._made) < 120  # type: ignore[attr-defined]
        await explorer.press("s")
        await explorer.shows("more: type to narrow")
        await explorer.type("layer9876 desc")
        await explorer.press("enter")
        await explorer.shows("▼layer9876/norm")
        await explorer.press("C")
        await explorer.shows("10,004 of 10,011 columns shown")
        await explorer.until(lambda: "layer9876" in explorer.cursor_line)
        await explorer.press("/")
        await explorer.type("layer77")
        await explorer.until(lambda: len(explorer.app.screen.query_one(Grid).rows) == 111)


async def test_a_view_can_be_applied_before_the_place_is_shown() -> None:
    source = orchard()
    async with explore(source, size=(120, 24)) as explorer:
        await explorer.shows("1 experiment")
        place = CandidatesPlace(Session(source, lambda: NOW), "default", source.all_experiments)
        view = View(filter="p", order=(Order(LOSS),), aggregates={"loss": Aggregate.MAX}, hidden=frozenset({ACCURACY}))
        place.apply_view(view)
        explorer.app.push_screen(place)
        await explorer.shows("max loss", "▲ metrics.loss")
        await explorer.until(lambda: explorer.text.index("pear") < explorer.text.index("apple"))
        assert "accuracy" not in header(explorer)
        assert place.view == view
