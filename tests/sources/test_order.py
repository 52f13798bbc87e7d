"""In what order each source gives candidates: numbers, NaN, text, nothing, in both directions."""

from collections.abc import AsyncIterator, Callable, Mapping
from itertools import pairwise
from math import inf, isnan, nan
from pathlib import Path

import pytest

from mltrack_tui.analysis.order import base_order, sort_value
from mltrack_tui.domain.entities import Candidate
from mltrack_tui.domain.query import Lifecycle, Order, Query
from mltrack_tui.sources.base import Source
from mltrack_tui.sources.pages import final
from mltrack_tui.sources.sqlite import SqliteSource
from tests.memory import MemorySource, candidate
from tests.sources.conftest import Given
from tests.sources.stores import change

COLUMNS = (
    *("name", "status", "created", "ended", "duration", "user", "id", "lifecycle", "experiment"),
    *("params.lr", "params.layers", "params.optimizer", "params.config"),
    *("metrics.loss", "metrics.grad_norm", "tags.stage", "tags.escape", "metrics.nobody logged it"),
)


def kind(value: float | str | None) -> int:
    if value is None:
        return 3
    if isinstance(value, str):
        return 2
    return 1 if isnan(value) else 0


def in_order(earlier: Candidate, later: Candidate, order: Order) -> bool:
    """Whether two neighbours stand as they should: the rule, said once more, of two values."""
    first, second = sort_value(earlier, order), sort_value(later, order)
    if kind(first) != kind(second):
        return kind(first) < kind(second)
    if isinstance(first, str) and isinstance(second, str):
        folded = (first.casefold(), first), (second.casefold(), second)
        if folded[0] != folded[1]:
            return folded[0] > folded[1] if order.descending else folded[0] < folded[1]
    elif first is not None and second is not None and first != second and kind(first) == 0:
        return (first > second) is order.descending  # type: ignore[operator]  # both are floats: kind says so
    return base_order(earlier.start_time, earlier.id.candidate_id) < base_order(later.start_time, later.id.candidate_id)


@pytest.mark.parametrize("sign", ["", "-"])
async def test_neighbours_stand_in_order_whatever_the_column(given: Given, sign: str) -> None:
    for column in COLUMNS:
        order = Order.parse(sign + column)
        query = Query(given.project, given.facts.ids, lifecycle=Lifecycle.ALL, order=(order,))
        found = await given.source.read((await final(given.source.candidates(query))).items)
        assert len(found) == len(given.facts.candidates)
        assert not [(column, one, two) for one, two in pairwise(found) if not in_order(one, two, order)]


async def test_equal_ones_are_ordered_by_the_next_key(given: Given) -> None:
    order = (Order.parse("params.optimizer"), Order.parse("-params.lr"))
    query = Query(given.project, given.facts.ids, lifecycle=Lifecycle.ALL, order=order)
    found = await given.source.read((await final(given.source.candidates(query))).items)
    assert [(one.params.get("optimizer"), one.params.get("lr")) for one in found] == [
        *[("adam", "10")] * 3,
        *[("adam", "0.01")] * 3,
        *[("sgd", "0.1")] * 3,
        *[("sgd", "1e-3")] * 3,
        *[(None, None)] * sum("lr" not in member.params for member in given.facts.candidates),
    ]


VALUES: Mapping[str, float | None] = {
    "a": 1.0,
    "b": nan,
    "c": None,
    "d": inf,
    "e": -inf,
    "f": -2.5,
    "g": nan,
    "h": 1.0,
}
PARAMS: Mapping[str, str | None] = {
    "a": "10",
    "b": "9",
    "c": "1e2",
    "d": "nan",
    "e": "Zebra",
    "f": "apple",
    "g": None,
    "h": "-inf",
}


@pytest.fixture(params=["memory", "sqlite"])
async def odd(
    request: pytest.FixtureRequest, copied: Callable[[], Path], opened: Callable[[Path], SqliteSource]
) -> AsyncIterator[Source]:
    """A source whose experiment 9 has eight candidates that began at once, with every kind of value."""
    if request.param == "memory":
        members = [
            candidate(
                one,
                start_time=5,
                metrics={} if (value := VALUES[one]) is None else {"m": value},
                params={} if (param := PARAMS[one]) is None else {"p": param},
            )
            for one in VALUES
        ]
        source = MemorySource.of({str(number): [] for number in range(1, 9)} | {"odd": members})
        yield source
        return
    path = copied()
    statements = ["insert into experiments (experiment_id, name, lifecycle_stage) values (9, 'odd', 'active')"]
    for one, value in VALUES.items():
        statements.append(f"insert into runs (run_uuid, experiment_id, start_time) values ('{one}', 9, 5)")
        if value is not None:
            stored = 0.0 if isnan(value) else max(min(value, 1.7976931348623157e308), -1.7976931348623157e308)
            statements.append(
                "insert into latest_metrics (key, value, timestamp, step, is_nan, run_uuid) "
                f"values ('m', {stored!r}, 1, 1, {int(isnan(value))}, '{one}')"
            )
        if PARAMS[one] is not None:
            statements.append(f"insert into params (key, value, run_uuid) values ('p', '{PARAMS[one]}', '{one}')")
    change(path, *statements)
    yield opened(path)


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("metrics.m", "efahdbgc"),
        ("-metrics.m", "dahfebgc"),
        ("params.p", "hbacdfeg"),
        ("-params.p", "cabhdefg"),
        ("", "abcdefgh"),
        ("created", "abcdefgh"),
        ("-created", "abcdefgh"),
        ("name", "abcdefgh"),
        ("id", "abcdefgh"),
        ("-id", "hgfedcba"),
    ],
)
async def test_numbers_then_nan_then_text_then_nothing(odd: Source, order: str, expected: str) -> None:
    query = Query("default", ("9",), order=(Order.parse(order),) if order else ())
    page = await final(odd.candidates(query))
    assert "".join(one.candidate_id for one in page.items) == expected
