"""The sources of a user: where they are, and how, each asked on its own."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import work

from mltrack_tui.commands import REFRESH, Command
from mltrack_tui.domain.page import Page
from mltrack_tui.domain.text import clean
from mltrack_tui.export.shape import Form
from mltrack_tui.export.table import Heading, Row
from mltrack_tui.screens.overview import OverviewPlace
from mltrack_tui.screens.rows import Field
from mltrack_tui.screens.session import Session
from mltrack_tui.sources.base import Source, SourceError
from mltrack_tui.sources.known import ASKED, Known, Standing, State, look
from mltrack_tui.widgets.cells import LOADING, MISSING, Cell, Tone

STATE_CELLS = {
    State.ASKED: Cell("· asking", Tone.DIM),
    State.REACHABLE: Cell("● reachable", Tone.GOOD),
    State.BUSY: Cell("◐ busy", Tone.BUSY),
    State.REFUSED: Cell("⊘ refused", Tone.WARN),
    State.ASLEEP: Cell("◌ asleep", Tone.WARN),
    State.UNREACHABLE: Cell("✗ unreachable", Tone.BAD),
    State.FAILED: Cell("✗ failed", Tone.BAD),
}
HERE = "▸ "
_FEW = 2  # projects that are named


@dataclass(frozen=True, slots=True)
class Listed:
    """A source in the list, and whether it is the one that is looked at."""

    known: Known
    here: bool
    standing: Standing = ASKED

    @property
    def name(self) -> str:
        """What the user calls it."""
        return self.known.name


class SourcesPlace(OverviewPlace[Listed]):
    """All sources, one of which is chosen to go on with."""

    NOUN = "source"
    HINTS: ClassVar[tuple[Command, ...]] = (*OverviewPlace.HINTS, REFRESH)
    HEADINGS = (
        *(Heading("name"), Heading("uri"), Heading("kind"), Heading("state")),
        *(Heading("latency", Form.EXACT), Heading("projects", Form.EXACT), Heading("finding")),
    )

    def __init__(
        self,
        session: Session,
        find: Callable[[], Awaitable[Sequence[tuple[Known, bool]]]],
        open_: Callable[[Known], Awaitable[Source]],
        go_on: Callable[[Source], None],
    ) -> None:
        """``find`` tells which there are and which is looked at, ``open_`` opens one, ``go_on`` goes to it."""
        super().__init__(session)
        self._find, self._open_source, self._go_on = find, open_, go_on
        self.path.show(("sources",))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """No source is deleted, nor has it a page."""
        return False if action in {"toggle_deleted", "open_web"} else super().check_action(action, parameters)

    def fields(self) -> Sequence[Field[Listed]]:
        """Which it is, how it is, where it is."""
        return (
            Field("source", _name_cell, lambda row: row.name, _told),
            Field(
                "state",
                lambda row: STATE_CELLS[row.standing.state],
                lambda row: row.standing.state.value,
                lambda row: " ".join(filter(None, (f"{row.standing.state}.", row.standing.finding))),
            ),
            Field("latency", _latency_cell, lambda row: row.standing.latency, _latency, right=True),
            Field("projects", _projects_cell, _project_count, _projects_told),
            Field(
                "address",
                lambda row: Cell(clean(row.known.uri, 200), Tone.DIM),
                lambda row: row.known.uri,
                lambda row: row.known.uri,
                widest=60,
            ),
            Field("kind", lambda row: Cell(_kind(row), Tone.DIM), _kind, _kind),
        )

    def exact(self, item: Listed) -> Row:
        """The same, and what is wrong."""
        known, standing = item.known, item.standing
        number = None if standing.projects is None or standing.more else len(standing.projects)
        told = (standing.latency, number, standing.finding or None)
        return known.name, known.uri, known.kind, standing.state.value, *told

    async def ask(self) -> AsyncIterator[Page[Listed]]:
        """Those there are at once, then how each is, as soon as it answers."""
        rows = [Listed(known, here) for known, here in await self._find()]
        if self._start_at is None and self.name_under_cursor() is None:
            self._start_at = next((row.name for row in rows if row.here), None)
        yield _page(rows)
        looks = {asyncio.create_task(look(row.known)): place for place, row in enumerate(rows)}
        try:
            while looks:
                done, _ = await asyncio.wait(looks, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    place = looks.pop(task)
                    rows[place] = replace(rows[place], standing=task.result())
                yield _page(rows)
        finally:
            for task in looks:
                task.cancel()
            await asyncio.gather(*looks, return_exceptions=True)

    def rearrange(self) -> None:
        """What is told of the cursor's row may be news."""
        super().rearrange()
        self._moved()

    def action_refresh(self) -> None:
        """Ask all again."""
        self.reload()

    def empty_words(self) -> str:
        """How sources get names."""
        return "No source has a name yet.\nmltrack sources add  gives one to a server or a store."

    def open_row(self, row: int) -> None:
        """Go on with the source."""
        chosen = self._shown.items[row]
        if not (chosen.here and self.leave()):
            self._choose(chosen.known)

    @work(exclusive=True, group="choose")
    async def _choose(self, known: Known) -> None:
        self.status.show_notice(f"Opening {known.name} …", stays=True)
        try:
            source = await self._open_source(known)
        except SourceError as error:
            self.status.show_notice(str(error), "error")
        else:
            if self.is_open:  # who left it stays where they are
                self._go_on(source)


def _page(rows: Sequence[Listed]) -> Page[Listed]:
    return Page(list(rows), len(rows), len(rows))


def _name_cell(row: Listed) -> Cell:
    lead = HERE if row.here else "  "
    return Cell(lead + clean(row.name, 200), Tone.STRONG if row.here else Tone.PLAIN)


def _told(row: Listed) -> str:
    """What is worth knowing of a source: what is wrong, else where it is."""
    return f"{row.name}: {row.standing.finding or row.known.uri}"


def _latency_cell(row: Listed) -> Cell:
    if row.standing.state is State.ASKED:
        return LOADING
    return Cell(_latency(row)) if row.standing.latency is not None else MISSING


def _latency(row: Listed) -> str:
    return "" if row.standing.latency is None else f"{row.standing.latency:,.0f} ms"


def _project_count(row: Listed) -> float | None:
    return None if row.standing.projects is None else float(len(row.standing.projects))


def _projects_cell(row: Listed) -> Cell:
    projects = row.standing.projects
    if projects is None:
        return LOADING if row.standing.state is State.ASKED else MISSING
    if row.standing.more:
        return Cell(_projects_told(row))
    more = f" +{len(projects) - _FEW:,}" if len(projects) > _FEW else ""
    return Cell(clean(", ".join(projects[:_FEW]), 40) + more)


def _projects_told(row: Listed) -> str:
    if row.standing.more:
        return f"{row.standing.project_count} projects"
    return ", ".join(row.standing.projects or ())


def _kind(row: Listed) -> str:
    return row.known.kind
