"""JSON, YAML and TOML as they are written, whatever is in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mltrack_tui.preview.file import Unreadable
from mltrack_tui.preview.folding import MOST_LINES, MOST_OF_ONE, Folding
from mltrack_tui.preview.table_json import table_of
from mltrack_tui.preview.tree import Number, summary, tree_of, written


def unfolded(name: str, text: str) -> list[str]:
    """All lines of a tree: their paths and values."""
    folding = Folding(tree_of(name, text.encode()))
    assert folding.unfold_all()
    return [f"{folding.path(index)} = {summary(line.value)}" for index, line in enumerate(folding.lines)]


def test_numbers_keys_that_come_twice_and_nan_are_shown_as_they_are_written() -> None:
    assert unfolded("a.json", '{"a": 1.50, "a": [NaN, 1e400, 12345678901234567890], "b.c": null}') == [
        "a = 1.50",
        "a = [3 items]",
        "a[0] = NaN",
        "a[1] = 1e400",
        "a[2] = 12345678901234567890",
        "b.c = null",
    ]
    assert unfolded("a.toml", "a = 1.50\n[b]\nwhen = 2025-01-01\n") == [
        "a = 1.50",
        "b = {1 key}",
        "b.when = 2025-01-01",
    ]


def test_tags_and_aliases_of_yaml_are_shown_and_not_resolved() -> None:
    text = "a: &x [0x10, .inf, '3']\nb: *x\nc: !!python/object/apply:os.system [ls]\n"
    assert unfolded("a.yaml", text) == [
        "a = &x [3 items]",
        "a[0] = 0x10",
        "a[1] = .inf",
        "a[2] = 3",
        "b = *x",
        "c = !!python/object/apply:os.system [1 item]",
        "c[0] = ls",
    ]


def test_aliases_of_aliases_cost_no_more_than_they_are_long() -> None:
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 60))
    assert len(unfolded("bomb.yaml", bomb)) == 60 + 2 + 59 * 9


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.json", '{"a": 1,\n "b": }', "Line 2, column 7: Expecting value."),
        ("a.yaml", "a: [1\nb: 2\n", "Line 2, column 2: did not find expected ',' or ']'."),
        ("a.toml", "a = \n", "line 1, column 5"),
        ("a.json", "[" * 100_000, "nested too deep"),
        ("a.yaml", "[" * 100_000, "nested too deep"),
        ("a.toml", "a = " + "[" * 100_000, "nested too deep"),
        ("a.yaml", "a: \x00", "control characters"),
        ("a.json", "\udcff", "not UTF-8"),
    ],
)
def test_what_is_no_tree_is_said_with_its_place(name: str, text: str, said: str) -> None:
    with pytest.raises(Unreadable, match=said.replace("[", r"\[").replace("]", r"\]")):
        tree_of(name, text.encode("utf-8", "surrogateescape"))


def test_lines_of_json_are_a_list_and_a_broken_one_is_shown() -> None:
    assert unfolded("a.jsonl", '{"a": 1}\noops\n') == ["[0] = {1 key}", "[0].a = 1", "[1] = oops"]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers().map(str).map(Number) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4),
    max_leaves=20,
)


@given(VALUES.filter(lambda value: isinstance(value, list) and value))
def test_folding_and_unfolding_come_back_to_the_same_lines(value: list[object]) -> None:
    folding = Folding(value)  # type: ignore[arg-type] # as hypothesis types it
    top = list(folding.lines)
    for index in reversed(range(len(top))):
        folding.unfold(index)
        assert folding.is_open(index) is folding.can_open(index)
    for index in reversed(range(len(folding.lines))):
        if folding.lines[index].depth == 0:
            folding.fold(index)
    assert folding.lines == top


def test_a_long_list_is_unfolded_in_parts() -> None:
    folding = Folding([[Number(n) for n in range(2 * MOST_OF_ONE + 5)]])
    folding.unfold(0)
    assert (len(folding.lines), folding.lines[-1].left) == (MOST_OF_ONE + 2, MOST_OF_ONE + 5)
    folding.unfold(len(folding.lines) - 1)
    folding.unfold(len(folding.lines) - 1)
    assert [written(line.value) for line in folding.lines[1:]] == [str(n) for n in range(2 * MOST_OF_ONE + 5)]
    wide = Folding([[[Number(n)] * 30 for n in range(9000)] for _ in range(3)])
    assert not wide.unfold_all()
    assert len(wide.lines) <= MOST_LINES


@pytest.mark.parametrize(
    "text",
    [
        '{"columns": ["a", "b"], "index": [0, 1], "data": [[1, null], [2.50, "x"]]}',
        '{"dataframe_split": {"columns": ["a", "b"], "data": [[1, null], [2.50, "x"]]}}',
        '[{"a": 1}, {"a": 2.50, "b": "x"}]',
        '{"a": [1, 2.50], "b": [null, "x"]}',
    ],
)
def test_json_in_the_orientations_of_pandas_is_a_table(text: str) -> None:
    table = table_of(tree_of("a.json", text.encode()))
    assert table is not None
    assert (table.names, [list(row) for row in table.rows]) == (("a", "b"), [["1", None], ["2.50", "x"]])
