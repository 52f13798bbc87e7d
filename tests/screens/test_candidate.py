"""One candidate: its five tabs."""

from dataclasses import replace

import pytest

from mltrack_tui.domain.changes import Changes
from mltrack_tui.domain.entities import Link
from mltrack_tui.screens.candidate import following
from mltrack_tui.sources.base import SourceError
from tests.screens.given import HeldSource, workshop
from tests.screens.harness import NOW, Explorer, explore

FIRST = "01" * 16


async def opened(explorer: Explorer) -> None:
    """Go to the first candidate."""
    await explorer.shows("3 experiments")
    await explorer.enter("adam-wide")
    await explorer.enter("› adam-wide", "started")


async def test_the_overview_tells_what_a_candidate_is() -> None:
    async with explore(workshop(), size=(120, 48)) as explorer:
        await opened(explorer)
        await explorer.shows(FIRST, "● finished", "1h ago", "1m02s", "ada", "train.py", "c0ffee")
        await explorer.shows("parent", "sgd-small", "02" * 16)
        await explorer.shows("What was tried", "A wider network, see the plan", "• more layers")
        await explorer.shows("mnist", "5ac1d0", "training", "uri /data/mnist", "num_rows 1797")
        assert explorer.status == f"candidate id  {FIRST}"
        await explorer.press("]")
        await explorer.shows("› sgd-small", "children 1", FIRST)


LONG = "https://ci.example/group/subgroup/a-project-with-a-long-name/-/merge_requests/12"
ORIGIN = (
    Link("CI job", "train #7702", "https://ci.example/jobs/7702"),
    Link("pipeline", "700"),
    Link("merge request", "!12 Wider\x1b[31m [bold]layers[/bold]\n", LONG),
    Link("triggered by", "", "javascript:alert(1)"),
)


def of_ci() -> HeldSource:
    """A source that knows where its first candidate came from, and of some children only."""
    source = workshop()
    source.origins[FIRST] = ORIGIN
    source.every_child = False
    return source


def under(explorer: Explorer, label: str) -> list[str]:
    """The lines of a fact, from its label on, without it."""
    lines = explorer.lines
    first = next(row for row, line in enumerate(lines) if line.strip().startswith(label))
    return [
        line[line.index(label) + len(label) :].strip() if row == first else line.strip()
        for row, line in enumerate(lines)
        if row >= first
    ]


async def test_the_overview_tells_where_a_candidate_came_from_with_urls_that_are_never_cut() -> None:
    async with explore(of_ci(), size=(120, 48)) as explorer:
        await opened(explorer)
        assert under(explorer, "CI job")[0] == "train #7702   https://ci.example/jobs/7702"
        assert under(explorer, "pipeline")[0] == "700"
        assert under(explorer, "merge request")[:2] == ["!12 Wider·[31m [bold]layers[/bold]", LONG]
        assert under(explorer, "triggered by")[0] == "javascript:alert(1)"
        assert "\x1b" not in explorer.text
        await explorer.resize(80, 48)
        first, *rest = under(explorer, "merge request")
        assert first == "!12 Wider·[31m [bold]layers[/bold]"
        assert "".join(rest[:2]) == LONG
        await explorer.resize(160, 48)
        await explorer.shows(f"!12 Wider·[31m [bold]layers[/bold]    {LONG}")
        await explorer.press("]")
        await explorer.shows("› sgd-small")
        assert "ci.example" not in explorer.text


async def test_children_are_said_to_be_those_loaded_where_the_source_knows_no_others() -> None:
    async with explore(of_ci(), size=(120, 48)) as explorer:
        await opened(explorer)
        assert "of those loaded" not in explorer.text
        await explorer.press("]")
        await explorer.shows("children 1")
        assert under(explorer, "children 1")[1] == "of those loaded"


async def test_what_was_not_logged_shows_as_missing() -> None:
    async with explore(workshop(), size=(120, 48)) as explorer:
        await explorer.shows("3 experiments")
        await explorer.enter("adam-wide")
        await explorer.press("G")
        await explorer.enter("› nothing logged", "started")
        facts = {line.split()[0]: line.split()[1:] for line in explorer.lines if line.strip()}
        assert facts["ended"] == facts["duration"] == facts["user"] == ["–"]
        await explorer.press("2")
        await explorer.shows("This candidate logged no parameters.")
        await explorer.press("3")
        await explorer.shows("This candidate logged no metrics.")
        await explorer.press("4")
        await explorer.shows("This candidate has no tags.")
        await explorer.press("5")
        await explorer.shows("This candidate logged no artifacts.")
        await explorer.press("j", "G", "enter", "y")
        await explorer.shows("Copy", "candidate id")
        await explorer.press("escape")
        await explorer.lacks("candidate id")
        await explorer.press("z", "d", "x", "escape")
        await explorer.shows("7 candidates")


async def test_numbers_and_tab_open_the_tabs_and_a_neighbour_opens_in_the_same_one() -> None:
    async with explore(workshop()) as explorer:
        await opened(explorer)
        await explorer.press("2")
        await explorer.shows("optimizer", "adam", "Parameters 2")
        await explorer.press("tab", "tab")
        await explorer.shows("team", "vision")
        await explorer.press("shift+tab", "shift+tab")
        await explorer.press("]")
        await explorer.shows("› sgd-small", "optimizer", "sgd")
        await explorer.press("1", "shift+tab")
        await explorer.shows("This candidate logged no artifacts.")


async def test_the_cursor_stays_on_the_parameter_from_candidate_to_candidate() -> None:
    async with explore(workshop()) as explorer:
        await opened(explorer)
        await explorer.press("2", "j")
        await explorer.tells("optimizer  adam")
        await explorer.press("]")
        await explorer.tells("optimizer  sgd")


async def test_metrics_stand_beside_the_curve_of_the_one_under_the_cursor() -> None:
    async with explore(workshop(), size=(120, 30)) as explorer:
        await opened(explorer)
        await explorer.press("3")
        await explorer.shows("60 of 60 points", "step 0–59", "last", "min", "max", "steps")
        row = explorer.cursor_line.split()
        assert row == ["accuracy", "0.9794", "0.0000", "1.0000", "60"]
        await explorer.press("l", "l", "l")
        await explorer.tells("accuracy max  1.0")


async def test_a_curve_of_nothing_but_nan_says_so_instead_of_being_drawn() -> None:
    async with explore(workshop(), size=(120, 30)) as explorer:
        await opened(explorer)
        await explorer.press("3", "j")
        await explorer.shows("5 of 5 points", "NaN")
        assert explorer.cursor_line.split() == ["loss", "0.0702", "NaN", "NaN", "5"]


async def test_a_metric_of_one_point_has_a_curve_of_one_point() -> None:
    async with explore(workshop(), size=(120, 30)) as explorer:
        await opened(explorer)
        await explorer.press("3", "]")
        await explorer.shows("› sgd-small", "1 of 1 point")


async def test_a_curve_that_cannot_be_read_says_why_in_its_place() -> None:
    source = workshop()
    async with explore(source, size=(120, 30)) as explorer:
        await opened(explorer)
        await explorer.press("3")
        await explorer.shows("60 of 60 points")
        source.fail(SourceError("The disk is on fire."))
        await explorer.press("j")
        await explorer.shows("The disk is on fire.")
        assert "60 of 60 points" not in explorer.text


async def test_the_curve_of_a_metric_that_was_read_is_not_asked_for_again() -> None:
    source = workshop()
    async with explore(source, size=(120, 30)) as explorer:
        await opened(explorer)
        await explorer.press("3")
        await explorer.shows("60 of 60 points")
        await explorer.press("j")
        await explorer.shows("5 of 5 points")
        before = source.calls.count("history")
        await explorer.press("k")
        await explorer.shows("60 of 60 points")
        assert source.calls.count("history") == before


async def test_z_shows_the_curve_large_at_any_width_and_the_table_has_the_keys_again() -> None:
    async with explore(workshop(), size=(50, 20)) as explorer:
        await opened(explorer)
        await explorer.press("3")
        await explorer.shows("steps")
        await explorer.press("z")
        await explorer.shows("Curves", "60 of 60 points", "value")
        await explorer.press("n")
        await explorer.shows("5 of 5 points")
        await explorer.press("escape", "j")
        await explorer.shows("steps")
        await explorer.cursor_on("loss")


async def test_the_looks_of_plots_work_on_the_metrics_tab_and_go_with_a_curve_that_is_opened() -> None:
    async with explore(workshop(), size=(120, 30)) as explorer:
        await opened(explorer)
        await explorer.press("3")
        await explorer.shows("60 of 60 points", "step 0–59")
        await explorer.press("Y", "s")
        await explorer.shows("log, smoothed 0.5")
        await explorer.press("X")
        await explorer.shows("0.05s")
        await explorer.press("enter")
        await explorer.shows("x: relative time · log · smooth 0.5")


async def test_a_candidate_that_goes_on_shows_its_new_points_and_status_under_the_same_cursor() -> None:
    source = workshop()
    source.all_candidates[0] = replace(source.all_candidates[0], status="RUNNING")
    async with explore(source, size=(120, 30)) as explorer:
        await opened(explorer)
        await explorer.press("3", "j", "l")
        await explorer.tells("loss last")
        await explorer.shows("5 of 5 points")
        first = source.all_candidates[0]
        source.all_candidates[0] = replace(first, status="FINISHED", metrics={**first.metrics, "loss": 0.25})
        source.points[FIRST, "loss"].append((5, NOW + 5, 0.25))
        happened = Changes(1, candidates=frozenset({FIRST}), metrics={FIRST: frozenset({"loss"})})
        await explorer.press("y", "y")
        await explorer.tells("Copied loss last")
        explorer.place.changed(happened)
        await explorer.shows("6 of 6 points", "0.25")
        assert "Copied loss last" in explorer.status
        await explorer.press("k", "j")
        await explorer.tells("loss last  0.25")
        await explorer.press("1")
        await explorer.shows("● finished")


async def test_a_candidate_that_changes_while_it_is_first_read_has_its_artifacts_listed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(following, "REST", 0.0)
    source, second = workshop(), "02" * 16
    source.files[second] = {"notes.txt": b"!"}
    async with explore(source, size=(120, 30)) as explorer:
        await opened(explorer)
        await explorer.press("5")
        await explorer.shows("config.yaml")
        source.hold("detail")
        await explorer.press("]")
        await explorer.until(lambda: "detail" in source.waiting)
        explorer.place.changed(Changes(1, candidates=frozenset({second})))
        await explorer.until(lambda: "detail" in source.cancelled and "detail" in source.waiting)
        source.release()
        await explorer.shows("notes.txt")


async def test_enter_shows_all_of_a_parameter_and_of_a_curve() -> None:
    async with explore(workshop(), size=(120, 30)) as explorer:
        await opened(explorer)
        await explorer.press("2", "enter")
        await explorer.shows("╭─ lr ─", "0.001", "esc closes")
        await explorer.press("escape", "3", "enter")
        await explorer.lacks(" min ")
        await explorer.shows("60 of 60 points")


async def test_artifacts_are_a_tree_whose_folders_are_listed_when_they_are_opened() -> None:
    source = workshop()
    async with explore(source) as explorer:
        await opened(explorer)
        await explorer.press("5")
        await explorer.shows("▸ model", "▸ plots", "config.yaml", "10 B")
        listed = source.calls.count("artifacts")
        await explorer.cursor_on("model")
        await explorer.press("enter")
        await explorer.shows("▾ model", "  weights.bin", "4.1 kB")
        assert source.calls.count("artifacts") == listed + 1
        await explorer.press("j")
        await explorer.tells("model/MLmodel")
        await explorer.press("k", "enter")
        await explorer.lacks("weights.bin")
        await explorer.press("enter")
        await explorer.shows("weights.bin")
        assert source.calls.count("artifacts") == listed + 1


async def test_a_folder_that_cannot_be_listed_says_why_and_leaves_the_tree() -> None:
    source = workshop()
    async with explore(source) as explorer:
        await opened(explorer)
        await explorer.press("5")
        await explorer.shows("▸ model")
        source.fail(SourceError("The folder is locked."))
        await explorer.press("enter")
        await explorer.shows("The folder is locked.", "config.yaml")


async def test_artifacts_that_cannot_be_listed_say_why_and_refresh_tries_again() -> None:
    source = workshop()
    async with explore(source) as explorer:
        await opened(explorer)
        source.fail(SourceError("The artifacts lie on another machine."))
        await explorer.press("5")
        await explorer.shows("The artifacts lie on another machine.")
        await explorer.press("r")
        await explorer.shows("config.yaml")
        await explorer.press("j")
        await explorer.cursor_on("plots")


async def test_slow_artifacts_of_the_candidate_before_are_not_shown_for_the_next() -> None:
    source: HeldSource = workshop()
    async with explore(source) as explorer:
        await opened(explorer)
        source.hold("artifacts")
        await explorer.press("5")
        await explorer.shows("Listing …")
        await explorer.press("]")
        await explorer.shows("› sgd-small")
        source.release()
        await explorer.shows("This candidate logged no artifacts.")
        assert "config.yaml" not in explorer.text


async def test_a_refresh_shows_what_was_logged_since() -> None:
    source = workshop()
    async with explore(source, size=(120, 30)) as explorer:
        await opened(explorer)
        await explorer.press("3")
        await explorer.shows("60 of 60 points")
        source.points[FIRST, "accuracy"].append((60, 0, 0.5))
        await explorer.press("r")
        await explorer.shows("61 of 61 points")


@pytest.mark.parametrize("tab", "12345")
async def test_every_tab_is_left_with_escape(tab: str) -> None:
    async with explore(workshop()) as explorer:
        await opened(explorer)
        await explorer.press(tab, "escape")
        await explorer.shows("7 candidates")
