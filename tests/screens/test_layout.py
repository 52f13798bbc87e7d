"""Which columns follow from a view, and what each choice makes of one: without an application, at any size."""

from collections.abc import Sequence

import pytest

from mltrack_tui.analysis.sorting import only_by, then_by
from mltrack_tui.domain.query import USAGE_NAMES, Aggregate, Column, Columns, Direction, Kind, Order, Value
from mltrack_tui.domain.view import Look, View
from mltrack_tui.screens.candidates import choices
from mltrack_tui.screens.candidates.constants import constant_words, hidden_words
from mltrack_tui.screens.candidates.layout import Catalogue, Layout
from mltrack_tui.screens.candidates.marks import Marks
from mltrack_tui.screens.candidates.rows import CandidateRows

LR, SEED, EMPTY = (Column(Kind.PARAM, name) for name in ("lr", "seed", "empty"))
LOSS, GPU = Column(Kind.METRIC, "loss"), Column(Kind.METRIC, "system/gpu_0")
TEAM, USER, NAME = Column(Kind.TAG, "team"), Column(Kind.ATTRIBUTE, "user"), Column(Kind.ATTRIBUTE, "name")
CREATED, EXPERIMENT = Column(Kind.ATTRIBUTE, "created"), Column(Kind.ATTRIBUTE, "experiment")

CATALOGUE = Catalogue(Columns(("lr", "seed", "empty"), ("loss", "system/gpu_0"), ("team",), {SEED: "42", EMPTY: None}))
LOGGED = {column for column in CATALOGUE.columns if column.kind is not Kind.USAGE}
HOURS = Column(Kind.USAGE, "gpu_hours")


def shown(view: View, catalogue: Catalogue = CATALOGUE) -> list[str]:
    return [column.name for column in Layout(catalogue, view).columns]


USUAL = ["mark", "status", "name", "created", "duration", "lr", "loss"]


def test_by_default_only_what_says_something_is_shown() -> None:
    layout = Layout(CATALOGUE, View())
    assert shown(View()) == USUAL
    assert layout.folded == ((SEED, "42"),)
    assert (layout.frozen, layout.put_away) == (3, 0)
    assert layout.silent == len(LOGGED) - len(USUAL) + 1


def test_the_experiments_name_is_shown_where_there_are_several() -> None:
    assert EXPERIMENT in Layout(Catalogue(Columns(), several=True), View()).columns
    assert EXPERIMENT not in Layout(Catalogue(Columns()), View()).columns


def test_everything_is_shown_on_demand_but_for_what_the_user_hid() -> None:
    layout = Layout(CATALOGUE, View(everything=True, hidden=frozenset({TEAM})))
    assert set(layout.columns[1:]) == LOGGED - {TEAM}
    assert (layout.silent, layout.put_away) == (0, 1)


def test_usage_is_there_to_be_chosen_where_a_machine_was_logged_and_is_never_shown_else() -> None:
    usage = {str(column) for column in set(CATALOGUE.columns) - LOGGED}
    assert usage == {f"usage.{name}" for name in USAGE_NAMES if name != "cost"}
    without = Catalogue(Columns((), ("system/cpu_utilization_percentage",), ()), cost=True).columns
    assert [str(each) for each in without if each.kind is Kind.USAGE] == ["usage.mean_cpu", "usage.peak_memory"]
    assert HOURS in Layout(CATALOGUE, choices.toggled(View(everything=True), HOURS, CATALOGUE)).columns
    assert HOURS not in Catalogue(Columns((), ("loss",), ()))


@pytest.mark.parametrize("column", [LR, SEED, GPU, TEAM, USER])
def test_what_is_toggled_twice_is_as_it_was(column: Column) -> None:
    once = choices.toggled(View(), column, CATALOGUE)
    assert (column in Layout(CATALOGUE, once).columns) != (column in Layout(CATALOGUE, View()).columns)
    assert shown(choices.toggled(once, column, CATALOGUE)) == USUAL


def test_a_column_moves_past_its_neighbour_and_the_rest_stays_in_order() -> None:
    view = choices.moved(View(), LOSS, LR, CATALOGUE)
    assert shown(view) == ["mark", "status", "name", "created", "duration", "loss", "lr"]
    assert shown(choices.moved(view, LOSS, LR, CATALOGUE)) == USUAL
    new = Catalogue(Columns(("lr", "a new one"), ("loss",), ()))
    assert shown(view, new)[5:] == ["loss", "lr", "a new one"]


def test_pinned_columns_stay_on_the_left_and_move_among_themselves() -> None:
    view = choices.pinned(choices.pinned(View(), LOSS), LR)
    assert shown(view)[:5] == ["mark", "status", "name", "loss", "lr"]
    assert Layout(CATALOGUE, view).frozen == 5
    assert shown(choices.moved(view, LR, LOSS, CATALOGUE))[3:5] == ["lr", "loss"]
    assert choices.moved(view, LR, CREATED, CATALOGUE) == view
    assert shown(choices.pinned(choices.pinned(view, LOSS), LR)) == USUAL


def test_columns_that_are_not_there_do_no_harm() -> None:
    gone = Column(Kind.METRIC, "gone")
    view = View(shown=frozenset({gone}), hidden=frozenset({gone}), pinned=(gone,), sequence=(gone,))
    assert shown(view) == USUAL


def test_the_direction_of_best_makes_it_a_minimum_or_a_maximum() -> None:
    view = choices.aggregated(View(), "loss", Aggregate.BEST)
    assert choices.asked(view, LOSS) == LOSS
    down = choices.directed(view, "loss", Direction.MIN)
    assert choices.asked(down, LOSS) == Column(Kind.METRIC, "loss", Aggregate.MIN)
    assert choices.directed(down, "loss", None).aggregates == {}


def test_an_order_by_a_best_without_a_direction_is_not_asked_for() -> None:
    best = Order(Column(Kind.METRIC, "loss", Aggregate.BEST))
    assert choices.askable(View(order=(best, Order(LR)))) == (Order(LR),)
    told = View(order=(best,), directions={"loss": Direction.MAX})
    assert choices.askable(told) == (Order(Column(Kind.METRIC, "loss", Aggregate.MAX)),)


def test_looks_and_widths_go_back_to_what_they_were() -> None:
    view = choices.looking(View(), LOSS, Look.BAR)
    assert view.looks == {LOSS: Look.BAR}
    assert choices.looking(view, LOSS, Look.VALUE) == View()
    assert choices.widened(View(), LOSS, 8, -100).widths == {LOSS: 4}


def test_keys_are_added_turned_and_left_out() -> None:
    keys = then_by(only_by("a", False), "b", True)
    assert keys == (("a", False), ("b", True))
    assert then_by(keys, "a", True) == (("a", True), ("b", True))
    assert then_by(keys, "b", True) == (("a", False),)


def test_constants_are_told_as_far_as_there_is_room_and_harmless() -> None:
    constants: list[tuple[Column, Value]] = [(SEED, "42"), (Column(Kind.PARAM, "x\x1b[31m"), "red\n"), (LOSS, 0.5)]
    assert constant_words(constants, 80) == "constant  seed=42  x·[31m=red   loss=0.5"
    assert constant_words(constants, 24) == "constant  seed=42  …"
    assert constant_words([], 80) == ""


@pytest.mark.parametrize(
    ("view", "words"),
    [
        (View(), "11 columns hidden  (= shows all)"),
        (View(hidden=frozenset({LR})), "12 columns hidden  (= shows 11, C all)"),
        (View(everything=True), "all columns  (= hides what says nothing)"),
        (View(everything=True, hidden=frozenset({LR})), "1 column hidden  (C shows it)"),
    ],
)
def test_it_says_how_many_columns_are_hidden_and_how_to_see_them(view: View, words: str) -> None:
    assert hidden_words(Layout(CATALOGUE, view), view.everything) == words


class Counting(Sequence[Column]):
    """Columns that count how often one of them is looked at."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._columns = columns
        self.looked = 0

    def __len__(self) -> int:
        return len(self._columns)

    def __getitem__(self, index):  # type: ignore[no-untyped-def]
        self.looked += len(range(*index.indices(len(self)))) if isinstance(index, slice) else 1
        return self._columns[index]


def test_ten_thousand_metrics_are_looked_at_only_as_far_as_they_are_on_screen() -> None:
    names = tuple(f"layer{number}/norm" for number in range(10_000))
    rows = CandidateRows(Catalogue(Columns((), names, ())), View(), Marks(), now=lambda: 0)
    rows.asked = counting = Counting(rows.asked)  # type: ignore[assignment]
    columns = rows.grid_columns(120)
    assert [columns[place].title for place in (5, 10_004)] == ["layer0/norm", "layer9999/norm"]
    rows.missing([], range(5_000, 5_020))
    assert len(rows.values.columns_of(1)) <= 32
    assert counting.looked < 200
