"""Views as JSON: every view comes back as it was, and what is none is told in words."""

import json
import re
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mltrack_tui.domain.query import ATTRIBUTES, CI_NAMES, Aggregate, Column, Direction, Kind, Lifecycle, Order
from mltrack_tui.domain.view import Look, Nesting, View
from mltrack_tui.state.view_json import view_from_json, view_to_json

names = st.text(st.characters(codec=None), min_size=1, max_size=12)
logged = st.builds(Column, st.sampled_from([Kind.PARAM, Kind.METRIC, Kind.TAG]), names)
of_ci = st.builds(Column, st.just(Kind.CI), st.sampled_from(CI_NAMES))
columns = logged | of_ci | st.builds(Column, st.just(Kind.ATTRIBUTE), st.sampled_from(ATTRIBUTES))
aggregated = st.builds(Column, st.just(Kind.METRIC), names, st.sampled_from(Aggregate))
views = st.builds(
    View,
    filter=st.text(max_size=20),
    order=st.lists(st.builds(Order, columns | aggregated, st.booleans(), st.booleans()), max_size=3).map(tuple),
    lifecycle=st.sampled_from(Lifecycle),
    everything=st.booleans(),
    shown=st.frozensets(columns, max_size=3),
    hidden=st.frozensets(columns, max_size=3),
    pinned=st.lists(columns, max_size=3, unique=True).map(tuple),
    sequence=st.lists(columns, max_size=3, unique=True).map(tuple),
    widths=st.dictionaries(columns, st.integers(1, 200), max_size=3),
    looks=st.dictionaries(columns, st.sampled_from(Look), max_size=3),
    aggregates=st.dictionaries(names, st.sampled_from(Aggregate), max_size=3),
    directions=st.dictionaries(names, st.sampled_from(Direction), max_size=3),
    target=st.none() | names,
    nesting=st.builds(Nesting, st.booleans(), st.none() | columns),
)


@given(views)
def test_every_view_comes_back_as_it_was(view: View) -> None:
    text = view_to_json(view)
    assert text.isascii()
    assert view_from_json(text) == view


def test_every_field_of_a_view_is_told() -> None:
    everything = View(
        filter="acc > 0.9",
        order=(Order(Column.parse("min(metrics.loss)"), True),),
        lifecycle=Lifecycle.ALL,
        everything=True,
        shown=frozenset({Column.parse("tags.team")}),
        hidden=frozenset({Column.parse("user")}),
        pinned=(Column.parse("params.lr"),),
        sequence=(Column.parse("metrics.acc"),),
        widths={Column.parse("name"): 30},
        looks={Column.parse("metrics.acc"): Look.BAR},
        aggregates={"acc": Aggregate.BEST},
        directions={"acc": Direction.MAX},
        target="acc",
        nesting=Nesting(True, Column.parse("params.optimizer")),
    )
    plain = View()
    assert all(getattr(everything, field.name) != getattr(plain, field.name) for field in fields(View))
    assert view_from_json(view_to_json(everything, indent=2)) == everything


def test_what_is_as_by_default_is_left_out_and_what_is_not_known_is_ignored() -> None:
    assert json.loads(view_to_json(View())) == {"mltrack_view": 1}
    assert view_from_json('{"mltrack_view": 1, "filter": "a", "colour": ["blue"]}') == View(filter="a")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "it is not JSON"),
        ("[" * 100_000, "it is not JSON"),
        ("[1]", "it is not a view"),
        ('{"filter": "a"}', '"mltrack_view" is missing'),
        ('{"mltrack_view": 2}', "another version"),
        ('{"mltrack_view": 1, "filter": 7}', '"filter" must be text, not 7'),
        ('{"mltrack_view": 1, "everything": "yes"}', '"everything" must be true or false'),
        ('{"mltrack_view": 1, "shown": "params.lr"}', '"shown" must be a list'),
        ('{"mltrack_view": 1, "hidden": ["lr"]}', '"hidden" must be made of columns such as params.lr, not "lr"'),
        ('{"mltrack_view": 1, "pinned": [null]}', '"pinned" must be made of columns'),
        ('{"mltrack_view": 1, "widths": {"name": true}}', '"widths" must be whole numbers'),
        ('{"mltrack_view": 1, "widths": {"name": 100000}}', '"widths" must be whole numbers from 1 to 1,000'),
        ('{"mltrack_view": 1, "looks": []}', '"looks" must be an object'),
        ('{"mltrack_view": 1, "looks": {"name": "cake"}}', '"looks" must be one of value, bar, sparkline'),
        ('{"mltrack_view": 1, "directions": {"a": null}}', '"directions" must be one of min, max, not null'),
        ('{"mltrack_view": 1, "order": ["name"]}', '"order" must be made of objects'),
        ('{"mltrack_view": 1, "order": [{"column": "x"}]}', '"order" must be made of columns'),
        ('{"mltrack_view": 1, "lifecycle": "dead"}', '"lifecycle" must be one of active, deleted, all'),
    ],
)
def test_what_is_no_view_is_told_in_one_line(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=re.escape(told)) as error:
        view_from_json(text)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 200
