"""Candidates as a tree."""

from mltrack_tui.domain.entities import PARENT_TAG
from mltrack_tui.sources.base import SourceError
from tests.memory import MemorySource, candidate
from tests.screens.harness import Explorer, explore
from tests.screens.nested import SWEEP, nested

FOLDED = ["▸ sweep  (3)", "alone", "orphan", "▸ ring a  (1)"]
OPEN = ["▾ sweep  (3)", "child a", "▸ child b  (1)", "alone", "orphan", "▸ ring a  (1)"]
ALL = ["▾ sweep  (3)", "child a", "▾ child b  (1)", "grandchild", "alone", "orphan", "▾ ring a  (1)", "ring b"]


def names(explorer: Explorer, *, indented: bool = False) -> list[str]:
    """The name column as it is on screen."""
    grid = explorer.grid
    start = grid.viewport.x_of(2) or 0
    width = grid.columns[2].width
    lines = [line[start : start + width] for line in explorer.lines[grid.region.y + 1 : grid.region.bottom]]
    return [line.rstrip() if indented else line.strip() for line in lines if line.strip()]


async def opened(explorer: Explorer, *, tree: bool = True) -> None:
    await explorer.shows("1 experiment")
    await explorer.enter("8 candidates", "ring b")
    if tree:
        await explorer.press("#")
        await explorer.until(lambda: names(explorer) == FOLDED)


async def test_children_are_folded_under_their_parent_and_the_count_stays_that_of_candidates() -> None:
    async with explore(nested()) as explorer:
        await opened(explorer)
        assert "8 candidates" in explorer.path


async def test_tab_unfolds_and_folds_the_candidate_under_the_cursor() -> None:
    async with explore(nested()) as explorer:
        await opened(explorer)
        await explorer.press("tab")
        await explorer.until(lambda: names(explorer) == OPEN)
        assert names(explorer, indented=True)[:3] == ["▾ sweep  (3)", "    child a", "  ▸ child b  (1)"]
        await explorer.cursor_on("sweep")
        await explorer.press("tab")
        await explorer.until(lambda: names(explorer) == FOLDED)


async def test_tab_on_a_child_folds_its_parent_and_goes_there() -> None:
    async with explore(nested()) as explorer:
        await opened(explorer)
        await explorer.press("tab")
        await explorer.until(lambda: names(explorer) == OPEN)
        await explorer.press("j", "tab")
        await explorer.until(lambda: names(explorer) == FOLDED)
        await explorer.cursor_on("sweep")
        await explorer.press("j", "tab")
        assert names(explorer) == FOLDED  # nobody lies under this one, nor it under anybody
        await explorer.cursor_on("alone")


async def test_shift_tab_unfolds_everything_and_folds_it_again_with_the_cursor_on_the_parent() -> None:
    async with explore(nested()) as explorer:
        await opened(explorer)
        await explorer.press("shift+tab")
        await explorer.until(lambda: names(explorer) == ALL)
        await explorer.press("j", "j", "j")
        await explorer.cursor_on("grandchild")
        await explorer.press("shift+tab")
        await explorer.until(lambda: names(explorer) == FOLDED)
        await explorer.cursor_on("sweep")


async def test_quick_keys_fold_what_they_were_meant_for() -> None:
    source = nested()
    async with explore(source) as explorer:
        await opened(explorer)
        source.hold("read")
        await explorer.press("tab", "tab", "tab")
        source.release()
        await explorer.until(lambda: names(explorer) == OPEN)


async def test_a_sort_sorts_the_roots_and_the_children_of_each() -> None:
    async with explore(nested(), size=(120, 24)) as explorer:
        await opened(explorer)
        await explorer.press("shift+tab")
        await explorer.until(lambda: names(explorer) == ALL)
        await explorer.press("s")
        await explorer.shows("Sort by")
        await explorer.type("steps desc")
        await explorer.press("enter")
        await explorer.lacks("Sort by")
        sweep = ["▾ sweep  (3)", "▾ child b  (1)", "grandchild", "child a"]
        await explorer.until(lambda: names(explorer)[-6:] == ["orphan", "alone", *sweep])
        await explorer.cursor_on("sweep")


async def test_a_filter_leaves_a_child_without_its_parent_at_the_top() -> None:
    async with explore(nested()) as explorer:
        await opened(explorer)
        await explorer.press("/")
        await explorer.type("child")
        await explorer.press("enter")
        await explorer.shows("3 of 8 candidates")
        await explorer.until(lambda: names(explorer) == ["child a", "▸ child b  (1)"])
        assert "3 of 8 candidates" in explorer.path


async def test_what_was_unfolded_is_so_after_a_refresh_that_finds_more() -> None:
    source = nested()
    async with explore(source) as explorer:
        await opened(explorer)
        await explorer.press("tab")
        await explorer.until(lambda: names(explorer) == OPEN)
        source.add(source.all_experiments.pop(), [candidate("99" * 16, "new", tags={PARENT_TAG: SWEEP})])
        await explorer.press("r")
        await explorer.until(lambda: "▾ sweep  (4)" in names(explorer))
        assert "new" in names(explorer)


async def test_parents_are_told_apart_though_the_store_has_grown_between_two_answers() -> None:
    source = nested()
    async with explore(source) as explorer:
        await opened(explorer, tree=False)
        source.hold("candidates", after=1)
        await explorer.press("#")
        await explorer.until(lambda: source.waiting == ["candidates"])  # the parents are asked for
        source.add(source.all_experiments[0], [candidate("99" * 16, "new", start_time=2_000_000_000_000)])
        source.release()
        await explorer.until(lambda: names(explorer) == FOLDED)


async def test_a_long_name_leaves_room_for_how_many_lie_under_it() -> None:
    long = [
        candidate("1" * 32, "a name that goes on and on 全部"),
        candidate("2" * 32, "b", tags={PARENT_TAG: "1" * 32}),
    ]
    async with explore(MemorySource.of({"long": long}), size=(60, 24)) as explorer:
        await explorer.shows("1 experiment")
        await explorer.enter("2 candidates")
        await explorer.press("#")
        await explorer.until(lambda: len(names(explorer)) == 1)
        assert names(explorer)[0].startswith("▸ a name that")
        assert names(explorer)[0].endswith("…  (1)")


async def test_a_flat_table_reads_no_parents_and_has_nothing_to_fold() -> None:
    source = nested()
    async with explore(source) as explorer:
        await opened(explorer, tree=False)
        asked = source.calls.count("candidates")
        await explorer.press("j", "tab", "shift+tab", "j")
        assert source.calls.count("candidates") == asked
        await explorer.press("?")
        await explorer.shows("Keys")
        assert "Fold or unfold" not in explorer.text


async def test_where_nobody_has_a_parent_there_are_groups_at_once() -> None:
    source = MemorySource.of({"flat": [candidate("1" * 32, "one", params={"a": "1"}), candidate("2" * 32, "two")]})
    async with explore(source) as explorer:
        await explorer.shows("1 experiment")
        await explorer.enter("2 candidates")
        await explorer.press("#")
        await explorer.shows("Group by", "params.a")
        await explorer.press("escape")
        await explorer.tells("No candidate here has a parent: there is no tree.")


async def test_a_tree_in_which_nobody_lies_under_anybody_says_so() -> None:
    async with explore(nested()) as explorer:
        await opened(explorer)
        await explorer.press("/")
        await explorer.type("orphan")
        await explorer.press("enter")
        await explorer.tells("No candidate here has a parent.")


async def test_from_the_tree_on_come_groups_and_without_them_the_flat_table() -> None:
    async with explore(nested()) as explorer:
        await opened(explorer)
        await explorer.press("#")
        await explorer.shows("Group by")
        await explorer.press("escape")
        await explorer.lacks("▸")
        await explorer.shows("grandchild")


async def test_a_source_that_does_not_tell_parents_leaves_what_is_shown_and_says_why() -> None:
    source = nested()
    async with explore(source) as explorer:
        await opened(explorer, tree=False)
        source.hold("candidates", after=1)
        await explorer.press("#")
        await explorer.until(lambda: source.waiting == ["candidates"])
        source.fail_at("candidates", SourceError("The disk is on fire."))
        source.release()
        await explorer.tells("The disk is on fire.")
        assert "grandchild" in explorer.text
        assert "▸" not in explorer.text
