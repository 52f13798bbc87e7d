"""What changes in a source appears by itself, quietly; and a source that is gone is told, quietly."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from textual.app import App

from mltrack_tui.config.live import LiveSetting
from mltrack_tui.config.settings import Config
from mltrack_tui.domain.changes import Changes
from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.domain.times import HOUR, MINUTE
from mltrack_tui.screens.live import rhythm, watcher
from mltrack_tui.sources.base import Capabilities, Capability, UnreachableError
from tests.memory import candidate
from tests.screens.given import HeldSource, server, workshop
from tests.screens.harness import NOW, Explorer, explore

if TYPE_CHECKING:
    from textual.geometry import Region
    from textual.widget import Widget

WATCHES = Capabilities(watch=Capability())


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is looked at twice a second is looked at a hundred times."""
    monkeypatch.setattr(watcher, "OFTEN", 0.01)
    monkeypatch.setattr(watcher, "LONGEST_PAUSE", 0.1)
    monkeypatch.setattr(watcher, "LONGEST_WATCH", 0.1)


@asynccontextmanager
async def digits(source: HeldSource, now: Callable[[], int] = lambda: NOW) -> AsyncIterator[Explorer]:
    """The candidates of an experiment, open and followed."""
    async with explore(source, now=now) as explorer:
        await explorer.shows("digits")
        await explorer.enter("adam-wide", "0.9794")
        await explorer.until(lambda: source.looks > 1)
        yield explorer


async def looked(explorer: Explorer, source: HeldSource, times: int = 3) -> None:
    """Wait until the source was asked so often for changes."""
    until = source.looks + times
    await explorer.until(lambda: source.looks >= until)


async def test_nothing_is_painted_where_nothing_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    painted: list[object] = []
    source = workshop(capabilities=WATCHES)
    async with digits(source) as explorer:
        await explorer.settle()
        monkeypatch.setattr(App, "_display", lambda _app, _screen, painting: painted.append(painting))
        source.happened.extend([Changes(1), Changes(2, metrics={"nobody's": frozenset({"loss"})})])
        await looked(explorer, source, 10)
        assert not painted
        await explorer.press("j")
        await explorer.until(lambda: bool(painted))


async def test_a_source_that_is_gone_leaves_what_is_shown_and_says_how_old_it_is() -> None:
    source, passed = workshop(capabilities=WATCHES), 0
    async with digits(source, lambda: NOW + passed) as explorer:
        source.happened.extend([UnreachableError("The store is gone.")] * 9)
        await explorer.tells("The store is gone.")
        assert "as of a moment ago · 7 candidates" in explorer.path
        await explorer.press("j")
        assert "gone" not in explorer.status
        passed = 3 * MINUTE
        await explorer.shows("as of 3m ago", "adam-wide")
        await explorer.enter("Overview")
        assert "as of 3m ago" in explorer.path
        await explorer.until(lambda: not source.happened)
        await explorer.lacks("as of")


async def test_what_could_not_be_shown_for_a_source_that_was_gone_is_shown_once_it_is_back() -> None:
    gone, source = UnreachableError("The store is gone."), workshop(capabilities=WATCHES)
    async with digits(source) as explorer:
        source.fail_at("detail", gone)
        source.happened.extend([gone] * 9999)
        await explorer.shows("as of")
        await explorer.press("enter")
        await explorer.until(lambda: explorer.text.count("The store is gone.") > 1)
        source.mend()
        source.happened.clear()
        await explorer.shows("Overview", "adam-wide", "started")
        await explorer.lacks("The store is gone.")


async def test_of_a_server_that_was_gone_r_shows_what_is_there_and_how_old_it_is_no_longer() -> None:
    source = workshop()
    async with explore(source, config=Config(live=LiveSetting(every=0.01))) as explorer:
        await explorer.shows("digits")
        await explorer.enter("adam-wide", "0.9794")
        source.happened.extend([UnreachableError("Nobody answers.")] * 9999)
        await explorer.shows("as of")
        source.happened.clear()
        await explorer.press("r")
        await explorer.lacks("as of")


async def test_a_mistake_in_following_ends_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    async def changes(_since: object) -> Changes:
        raise ZeroDivisionError

    source = workshop(capabilities=WATCHES)
    monkeypatch.setattr(source, "changes", changes)
    with pytest.raises(ZeroDivisionError):
        async with explore(source) as explorer:
            await explorer.until(lambda: not explorer.app.is_running)
    assert explorer.app.return_code == 1


async def test_the_interval_is_chosen_and_what_is_off_is_asked_no_more() -> None:
    source = workshop(capabilities=WATCHES)
    async with digits(source) as explorer:
        await explorer.press("R")
        await explorer.shows("Look for changes", "as soon as something changes   · now")
        await explorer.type("off")
        await explorer.press("enter")
        await explorer.tells("not looked for any more")
        looks = source.looks
        await explorer.press("j", "k", "j")
        assert source.looks == looks
        await explorer.press("R")
        await explorer.type("10 min")
        await explorer.press("enter")
        await explorer.tells("every 10 min")
        await explorer.until(lambda: source.looks == looks + 1)


async def test_a_source_that_does_not_notice_changes_is_asked_as_often_as_the_user_has_it() -> None:
    source = workshop()
    async with explore(source, config=Config(live=LiveSetting(0.02))) as explorer:
        await explorer.shows("digits")
        await looked(explorer, source)


# The candidate table


def logs(source: HeldSource, name: str, **metrics: float) -> None:
    """A candidate logs values, and the source says so."""
    place = next(place for place, each in enumerate(source.all_candidates) if each.name == name)
    here = source.all_candidates[place]
    source.all_candidates[place] = replace(here, metrics={**here.metrics, **metrics})
    source.happened.append(Changes(1, metrics={here.id.candidate_id: frozenset(metrics)}))


def begins(source: HeldSource, number: int, name: str, ago: int = 0) -> None:
    """A candidate begins, and the source says so."""
    id_ = CandidateId("memory", "default", "1", f"{number:02d}" * 16)
    began = replace(candidate("", name, status="RUNNING", start_time=NOW - ago), id=id_, experiment_name="digits")
    source.all_candidates.append(began)
    source.happened.append(Changes(1, began=frozenset({id_.candidate_id})))


@pytest.fixture(autouse=True)
def _restless(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rhythm, "REST", 0.02)


async def test_points_and_the_status_of_shown_candidates_appear_and_only_their_cells_are_painted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    source = workshop(capabilities=WATCHES)
    async with digits(source) as explorer:
        await explorer.press("j", "j", "j")
        painted: list[int] = []
        refresh = explorer.grid.refresh

        def painting(*regions: "Region", **how: bool) -> "Widget":
            painted.extend(region.height for region in regions)
            return refresh(*regions, **how)

        monkeypatch.setattr(explorer.grid, "refresh", painting)
        logs(source, "cosine", accuracy=0.9701)
        await explorer.shows("0.9701")
        assert painted == [1]
        source.all_candidates[3] = replace(source.all_candidates[3], status="FINISHED", end_time=NOW)
        source.happened.append(Changes(2, candidates=frozenset({source.all_candidates[3].id.candidate_id})))
        await explorer.cursor_on("●  cosine")
        assert explorer.status.startswith("4/7")


async def test_a_best_value_is_found_again_when_it_is_beaten() -> None:
    source = workshop(capabilities=WATCHES)
    async with digits(source) as explorer:
        await explorer.shows("☆0.9812")
        logs(source, "cosine", accuracy=0.9901)
        await explorer.shows("☆0.9901")
        assert "☆0.9812" not in explorer.text


async def test_a_metric_that_was_never_logged_before_becomes_a_column() -> None:
    source = workshop(capabilities=WATCHES)
    async with digits(source) as explorer:
        logs(source, "cosine", f1=0.5)
        logs(source, "adam-wide", f1=0.75)
        await explorer.shows("f1", "0.75")


async def test_new_candidates_come_above_a_cursor_in_the_first_row_which_stays_on_its_candidate() -> None:
    source = workshop(capabilities=WATCHES)
    async with digits(source) as explorer:
        begins(source, 21, "first new")
        await explorer.shows("first new", "8 candidates")
        begins(source, 22, "second new", ago=-MINUTE)
        await explorer.shows("second new", "9 candidates")
        await explorer.cursor_on("adam-wide")
        assert explorer.status.startswith("3/9")


async def test_what_would_move_the_cursors_row_is_counted_quietly_until_the_user_wants_it() -> None:
    source = workshop(capabilities=WATCHES)
    async with digits(source) as explorer:
        await explorer.press("j", "space")
        begins(source, 21, "above")
        await explorer.shows("7 candidates · 1 new, r shows")
        begins(source, 22, "below", ago=9 * HOUR)
        await explorer.shows("7 candidates · 2 new, r shows")
        assert "above" not in explorer.text
        await explorer.cursor_on("diverged")
        await explorer.press("r")
        await explorer.shows("above", "below", "9 candidates")
        await explorer.lacks("new, r")
        await explorer.cursor_on("diverged")
        assert "1 marked" in explorer.status


async def test_what_comes_below_the_cursor_is_shown_at_once() -> None:
    source = workshop(capabilities=WATCHES)
    async with digits(source) as explorer:
        await explorer.press("j", "j")
        begins(source, 22, "below", ago=9 * HOUR)
        await explorer.shows("below", "8 candidates")
        await explorer.cursor_on("diverged")


async def test_an_order_by_a_metric_follows_its_points_unless_the_cursors_row_would_move() -> None:
    source = workshop(capabilities=WATCHES)
    async with digits(source) as explorer:
        await explorer.press("$", "h", "]")
        await explorer.shows("▼ metrics.accuracy")
        await explorer.press("g")
        await explorer.cursor_on("sgd-small")
        logs(source, "sgd-large", accuracy=0.97)
        await explorer.until(lambda: 0 < explorer.text.find("sgd-large") < explorer.text.find("cosine"))
        await explorer.press("j")
        logs(source, "sgd-large", accuracy=0.999)
        await explorer.shows("another order, r shows")


async def test_a_candidate_that_changes_while_another_place_is_open_is_read_when_the_table_is_seen_again() -> None:
    source = workshop(capabilities=WATCHES)
    async with digits(source) as explorer:
        await explorer.enter("Overview")
        logs(source, "cosine", accuracy=0.9701)
        await explorer.until(lambda: not source.happened)
        await explorer.press("escape")
        await explorer.shows("0.9701")


async def test_the_experiments_count_their_candidates_anew_and_the_cursor_stays() -> None:
    source = workshop(capabilities=WATCHES)
    async with explore(source) as explorer:
        await explorer.cursor_on("digits")
        await explorer.press("j")
        await explorer.cursor_on("churn model")
        begins(source, 21, "new")
        await explorer.until(lambda: any("digits" in line and " 8 " in line for line in explorer.lines))
        await explorer.cursor_on("churn model")


async def test_of_a_server_the_first_page_and_the_candidates_that_had_not_ended_are_asked_for_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(watcher, "SELDOM", 0.02)
    source = server(400)
    async with explore(source) as explorer:
        await explorer.shows("digits")
        await explorer.enter("run 1 ", "server has more")
        asked = source.requests
        id_ = CandidateId("memory", "default", "1", "ab" * 16)
        source.all_candidates.append(replace(source.all_candidates[0], id=id_, name="fresh", start_time=NOW))
        source.happened.append(Changes(1, anything=True))
        await explorer.shows("fresh")
        await explorer.cursor_on("run 1 ")
        assert source.requests - asked <= 4
        source.fail_at("candidates", UnreachableError("No answer."))
        source.happened.append(Changes(1, anything=True))
        await explorer.shows("as of a moment ago", "No answer.", "fresh")
        source.mend()
        source.happened.append(Changes(1, anything=True))
        await explorer.lacks("as of")
