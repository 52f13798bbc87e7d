"""What CI says of candidates, in their table: chosen, read for the rows on screen alone, filtered and sorted by."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from mltrack_tui.domain.entities import Candidate, CandidateId, Experiment
from mltrack_tui.domain.query import Column, Kind, Order
from mltrack_tui.domain.view import View
from mltrack_tui.screens.candidates.place import CandidatesPlace
from mltrack_tui.sources.base import Capabilities, Capability
from mltrack_tui.state.places import Scope
from mltrack_tui.state.state import State
from tests.screens.given import Server, many, workshop
from tests.screens.harness import Explorer, explore

CI = Capabilities(ci=Capability())
PIPELINE, MERGE_REQUEST, USER = (Column.parse(f"ci.{name}") for name in ("pipeline", "merge_request", "user"))
HOSTILE = "a\x1b[31m[bold]x[/bold]\nb"


class Pipelines(Server):
    """A server whose every second candidate came from a pipeline.

    Attributes:
        read_for_ci: which candidates it was asked about what CI says of them, with each call.
        read_for_others: which for anything else.
    """

    def __init__(self, count: int, page_size: int = 50) -> None:
        super().__init__(capabilities=CI)
        self.page_size = page_size
        self.add(Experiment("1", "digits", "default", "active"), many(count))
        for number, member in enumerate(self.all_candidates, start=1):
            if number % 2 == 0:
                user = "ana" if number % 20 == 0 else "bo"
                said = {"pipeline": str(7000 + number), "merge_request": f"!{number}", "user": user}
                self.ci[member.id.candidate_id] = said
        self.read_for_ci: list[Sequence[CandidateId]] = []
        self.read_for_others: list[Sequence[CandidateId]] = []

    async def read(
        self, candidates: Sequence[CandidateId], columns: Sequence[Column] | None = None
    ) -> Sequence[Candidate]:
        if columns is not None and any(column.kind is Kind.CI for column in columns):
            assert {column.kind for column in columns} == {Kind.CI}
            self.read_for_ci.append(candidates)
            async with self._call("ci"):
                pass
        else:
            self.read_for_others.append(candidates)
        return await super().read(candidates, columns)


async def opened(explorer: Explorer, *texts: str) -> CandidatesPlace:
    await explorer.shows("1 experiment", "digits")
    await explorer.enter("run 1 ", *texts)
    place = explorer.place
    assert isinstance(place, CandidatesPlace)
    return place


def show(place: CandidatesPlace, *columns: Column) -> None:
    place.apply_view(View(shown=frozenset(columns)))


async def test_its_columns_are_chosen_and_filled_for_the_rows_on_screen_alone() -> None:
    source = Pipelines(1000)
    async with explore(source, size=(120, 24)) as explorer:
        await opened(explorer)
        await explorer.settle()
        assert "ci." not in explorer.text
        assert source.read_for_ci == []
        await explorer.press("C")
        await explorer.shows("Columns")
        await explorer.press("/")
        await explorer.type("ci.")
        await explorer.shows("pipeline", "merge_request", "user", "CI")
        await explorer.press("enter", "space", "j", "space", "j", "space", "escape", "escape")
        await explorer.shows("ci.pipeline", "ci.merge_request", "ci.user", "7018", "!18", "bo")
        assert source.read_for_ci == [[member.id for member in source.all_candidates[:19]]]
        cells = [line.split()[-3:] for line in explorer.lines if "run 1 " in line or "run 2 " in line]
        assert cells == [["–", "–", "–"], ["7002", "!2", "bo"]]
        await explorer.press("ctrl+d")
        await explorer.shows("run 38 ", "7038")
        assert source.read_for_ci[1:] == [[member.id for member in source.all_candidates[19:38]]]


async def test_no_other_cell_waits_for_it() -> None:
    source = Pipelines(400)
    async with explore(source, size=(120, 24)) as explorer:
        place = await opened(explorer)
        source.hold("ci")
        show(place, PIPELINE, USER)
        await explorer.until(lambda: source.waiting == ["ci"])
        await explorer.shows("ci.pipeline", "19m ago")
        await explorer.press("ctrl+d", "ctrl+d")
        await explorer.shows("run 50 ", "50m ago")
        await explorer.press("/")
        await explorer.type("8")
        await explorer.shows("run 118 ", "run 198 ", "3h ago")
        await explorer.until(lambda: source.waiting == ["ci"])
        source.release()
        await explorer.shows("7118", "bo")


async def test_what_was_read_of_it_is_not_read_again() -> None:
    source = Pipelines(20)
    async with explore(source, size=(120, 30)) as explorer:
        place = await opened(explorer)
        show(place, PIPELINE)
        await explorer.shows("7020")
        show(place, PIPELINE, MERGE_REQUEST, USER)
        await explorer.shows("!20", "ana")
        await explorer.press("G", "g")
        await explorer.settle()
        assert len(source.read_for_ci) == 1


async def test_a_filter_on_it_loads_page_by_page_and_says_how_many_it_looked_at() -> None:
    source = Pipelines(1000)
    async with explore(source, size=(120, 24)) as explorer:
        await opened(explorer)
        await explorer.press("/")
        await explorer.type("ci.us")
        await explorer.shows("ci.user", "CI")
        await explorer.press("tab")
        await explorer.type("= 'ana'")
        await explorer.press("enter")
        await explorer.shows("╱ ci.user = 'ana'", "20 of 400 loaded · server has more", "run 20 ", "run 360 ")
        await explorer.press("M")
        await explorer.shows("50 of 1,000 candidates")


async def test_its_values_are_counted_filtered_by_and_sorted_by() -> None:
    source = Pipelines(40)
    async with explore(source, size=(120, 60)) as explorer:
        place = await opened(explorer)
        show(place, MERGE_REQUEST, USER)
        await explorer.shows("!40")
        await explorer.press("$")
        await explorer.tells("ci.user  missing")
        await explorer.press("f")
        await explorer.shows("╱ ci.user is missing", "20 of 40 candidates")
        await explorer.press("f")
        await explorer.shows("  40 candidates")
        await explorer.press("F")
        await explorer.shows("bo", "18", "missing", "20", "40 candidates shown")
        await explorer.press("escape", "h", "]")
        await explorer.shows("▼ci.merge_request")
        await explorer.until(lambda: explorer.lines[3].split()[:3] == ["●", "run", "40"])


async def test_groups_can_be_made_of_it() -> None:
    source = Pipelines(40)
    async with explore(source, size=(120, 60)) as explorer:
        await opened(explorer)
        await explorer.press("#")
        await explorer.shows("Group by")
        await explorer.type("ci.user")
        await explorer.press("enter")
        await explorer.shows("3 groups of 40 candidates", "ana", "bo", "missing")
        await explorer.press("G")
        await explorer.cursor_on("missing")
        await explorer.enter("╱ ci.user is missing", "20 of 40 candidates")


async def test_a_view_with_it_comes_back_and_is_harmless_where_nobody_knows_of_it(tmp_path: Path) -> None:
    state = State(tmp_path / "state.db")
    async with explore(Pipelines(40), size=(120, 24), state=state) as explorer:
        place = await opened(explorer)
        place.apply_view(View(shown=frozenset({USER}), order=(Order(PIPELINE, descending=True),)))
        await explorer.shows("ci.user", "▼ ci.pipeline", "–")
        await explorer.press("q")
        await explorer.shows("1 experiment")
    view = state.last_view(Scope("/memory", "default", ("1",)))
    assert view is not None
    assert (view.shown, view.order) == (frozenset({USER}), (Order(PIPELINE, descending=True),))
    async with explore(Pipelines(40), size=(120, 24), state=state) as explorer:
        await explorer.shows("1 experiment")
        await explorer.enter("run 40 ", "bo")
    async with explore(workshop(), size=(120, 24), state=state) as explorer:
        await explorer.shows("3 experiments")
        await explorer.enter("7 candidates", "adam-wide")
        await explorer.shows("▼")
        await explorer.lacks("ci.user")


async def test_where_the_source_does_not_know_it_it_is_not_offered_and_a_filter_is_told_why() -> None:
    source = workshop(capabilities=Capabilities(ci=Capability("This store keeps nothing of CI.")))
    async with explore(source, size=(120, 24)) as explorer:
        await explorer.shows("3 experiments")
        await explorer.enter("7 candidates", "adam-wide")
        await explorer.press("C")
        await explorer.shows("Columns")
        await explorer.press("/")
        await explorer.type("pipeline")
        await explorer.shows("No column has these words.")
        await explorer.press("escape", "escape", "escape")
        await explorer.lacks("Columns")
        await explorer.press("/")
        await explorer.type("ci.user = 'ana'")
        await explorer.shows("ci.user: This store keeps nothing of CI.", "7 candidates")


@pytest.mark.parametrize("size", [(80, 24), (160, 30)])
async def test_what_a_terminal_would_obey_is_shown_as_text(size: tuple[int, int]) -> None:
    source = Pipelines(4)
    first = source.all_candidates[0].id.candidate_id
    source.ci[first] = {"pipeline": HOSTILE, "merge_request": HOSTILE, "user": HOSTILE}
    async with explore(source, size=size) as explorer:
        place = await opened(explorer)
        show(place, USER)
        await explorer.shows("a·[31m[bold]x[/bold…")
        assert not any("\x1b" in line for line in explorer.lines)
        await explorer.press("$", "f")
        await explorer.shows("1 of 4 candidates")
        assert not any("\x1b" in line for line in explorer.lines)
