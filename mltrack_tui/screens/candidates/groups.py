"""Candidates in groups of those that have a value in common."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.binding import BindingType

from mltrack_tui.analysis.best import direction_of
from mltrack_tui.commands import LOADING, NESTING
from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.domain.filter import Words
from mltrack_tui.domain.page import Page
from mltrack_tui.domain.query import FIXED_NAMES, Column, Kind, Query
from mltrack_tui.domain.text import clean
from mltrack_tui.domain.view import Nesting, View
from mltrack_tui.export.table import Exportable
from mltrack_tui.screens.candidates.group_rows import (
    GroupField,
    GroupRows,
    Line,
    Metric,
    exported,
    group_fields,
    headings,
    lines_of,
    measured,
    metric_fields,
)
from mltrack_tui.screens.candidates.nested import NestedPlace
from mltrack_tui.screens.candidates.place import CandidatesPlace
from mltrack_tui.screens.candidates.rows import CandidateRows
from mltrack_tui.screens.candidates.whole import values_of
from mltrack_tui.screens.demand import count_words
from mltrack_tui.screens.nothing import nothing_found
from mltrack_tui.screens.place import counted
from mltrack_tui.screens.rows import RowsPlace
from mltrack_tui.search.write import both, clause

if TYPE_CHECKING:
    from mltrack_tui.screens.copying import Copyable


class GroupsPlace(RowsPlace[Line]):
    """A row a group: its value, how many candidates, mean, deviation and best of each metric that the table shows.

    The candidates are those of the table when the groups were opened, or read again; metrics come one after the other.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*NESTING.bindings(), *LOADING.bindings()]

    def __init__(self, table: NestedPlace, by: Column, rows: CandidateRows) -> None:
        """``table`` is where the candidates are shown one by one, ``rows`` how."""
        self._table, self._by = table, by
        self._title = clean(str(by) if by.kind in FIXED_NAMES else by.name, 24)
        super().__init__(table.session, GroupRows(()))
        self.lifecycle = table.lifecycle
        self._ids: Sequence[CandidateId] | None = None
        self._loaded = 0
        self._part = self._everything = False
        """Whether a server has more candidates, and whether they are all to be loaded."""
        self._held: Line | None = None
        self._first: list[GroupField] = []
        self._fields: dict[Metric, list[GroupField]] = {}
        self._metrics: list[Metric] = []
        self.show_columns(rows)
        self.parts = (*table.parts, f"by {self._title}")
        self.path.show((self.session.source.name, *self.parts))

    def show_columns(self, rows: CandidateRows) -> None:
        """Have the metrics that the table of candidates shows, in its order."""
        before = self._metrics
        self._metrics = [
            Metric(rows.asked[place], rows.title(column), *direction_of(column.name, rows.view.directions))
            for place, column in enumerate(rows.layout.columns)
            if column.kind is Kind.METRIC
        ]
        if self._ids is not None and self._metrics != before:
            self.order = tuple(key for key in self.order if key[0] < len(self._first))
            self._show(self._all.items)
            self._measure()

    # Reading

    def reload(self) -> None:
        """Read who belongs to which group, then the metrics."""
        self._load()

    @work(exclusive=True, group="list")
    async def _load(self) -> None:
        if not self._all.items:
            self.say("Reading groups …")
        query = self._question()
        page = await self._candidates(query)
        values = await values_of(self, query, page.items, self._by) if page is not None else None
        if page is None or values is None:
            return
        lines = await asyncio.to_thread(lines_of, self._by, values)
        self._first = await asyncio.to_thread(group_fields, self._by, self._title, lines)
        self._ids, self._loaded = page.items, page.loaded
        self._part = page.on_demand
        self._fields.clear()
        self._show(lines)
        self._measure()

    async def _candidates(self, query: Query) -> Page[CandidateId] | None:
        """Those that are grouped: as many of a server's as before, or all if that is wanted."""
        found: Page[CandidateId] | None = None
        async for page in self.answers(lambda: self.session.source.candidates(query)):
            found = page
            if page.on_demand and page.loaded >= self._loaded and not self._everything:
                break
            if self._everything:
                self.tell_count(count_words(page, loading_all=True))
            await asyncio.sleep(0)  # the keys first
        self._everything = False
        return found

    def action_load_all(self) -> None:
        """Group all that the server has."""
        if self._part:
            self._everything = True
            self._load()
        elif self._ids is not None:
            self.status.show_notice(f"There is no more: {counted(len(self._ids), 'candidate')}.", "success")

    def action_up(self) -> None:
        """Go on loading no longer, or else leave."""
        if self._everything:
            self._everything = False
        else:
            super().action_up()

    @work(exclusive=True, group="metrics")
    async def _measure(self) -> None:
        """Read what is lacking of the metrics, one after the other."""
        ids, lines = self._ids or (), self._all.items
        query = self._question()
        for metric in self._metrics:
            if metric in self._fields:
                continue
            values = await values_of(self, query, ids, metric.column)
            if values is None:
                return
            found, fields = await asyncio.to_thread(measured, lines, metric, values)
            if lines is not self._all.items:
                return  # these groups were read again
            for line, each in zip(lines, found, strict=True):
                line.spreads[metric.column] = each
            self._fields[metric] = fields
            self._show(lines)

    def _question(self) -> Query:
        return replace(self._table.query_of_values(), lifecycle=self.lifecycle)

    def _show(self, lines: Sequence[Line]) -> None:
        fields = (field for each in self._metrics for field in self._fields.get(each) or metric_fields(each))
        self._all = GroupRows([*self._first, *fields], lines)
        self.rearrange()

    # Showing

    def rearrange(self) -> None:
        """Filter and sort the groups; the cursor stays on its group."""
        if self._ids is None:
            return
        shown = self._all.arranged(self._fits, self.order)
        if self.filtering.withholds(len(shown), len(self._shown)):
            return
        row = self._row_of_cursor(shown.items)
        self._shown = shown
        self.ready.set()
        self.grid.show(shown, columns=self._all.columns(), cursor_row=row, sort_marks=self.sort_marks())
        self.say("" if len(shown) else self._nothing())
        part = " loaded · server has more" if self._part else ""
        whole = f"{counted(len(self._all), 'group')} of {counted(len(self._ids), 'candidate')}{part}"
        self.tell_count(whole if len(shown) == len(self._all) else f"{len(shown):,} of {whole}")

    def _fits(self, line: Line) -> bool:
        where = self.filtering.where
        return not isinstance(where, Words) or where.occur_in(line.label)

    def hold_cursor(self, held: bool) -> None:
        """While a filter is typed, its beginnings may hide the cursor's group."""
        self._held = self._here() if held else None

    def _row_of_cursor(self, lines: Sequence[Line]) -> int | None:
        wanted = [each.group.value for each in (self._held, self._here()) if each is not None]
        rows = {line.group.value: row for row, line in enumerate(lines) if line.group.value in wanted}
        return next((rows[value] for value in wanted if value in rows), None)

    def _here(self) -> Line | None:
        items = self._shown.items
        return items[self.grid.cursor_row] if self.grid.cursor_row < len(items) else None

    def _nothing(self) -> str:
        if not len(self._all):
            return "There are no candidates here to group."
        return nothing_found("group", self.filtering.good_text, self.filtering.where, len(self._all))

    def sort_name(self, key: int) -> str:
        """The column's name, which says of which metric a best is."""
        field = self._all.fields[key]
        return field.name if isinstance(field, GroupField) else field.title

    def value_under_cursor(self) -> tuple[str, str] | None:
        """The cell's full text."""
        here = self._here()
        return None if here is None else self._told(here, self.grid.cursor_column)

    def _told(self, line: Line, place: int) -> tuple[str, str]:
        field = self._shown.fields[place]
        return field.name if isinstance(field, GroupField) else field.title, field.full(line)

    # Going elsewhere

    def action_turn_nesting(self) -> None:
        """Back to the candidates one by one."""
        self.leave()

    def open_row(self, row: int) -> None:
        """The candidates of the group, one by one."""
        line, table = self._shown.items[row], self._table
        own = clause(self._by, line.group.value, table.language().names_known)
        view = replace(table.view, filter=both(table.view.filter, own), nesting=Nesting(), lifecycle=self.lifecycle)
        self.app.push_screen(GroupPlace(table, (*self.parts, clean(line.label, 60)), view))

    def copyable(self) -> "Sequence[Copyable]":
        """The cell, and the row."""
        from mltrack_tui.screens.copying import row_choice

        here = self._here()
        if here is None:
            return super().copyable()
        cells = [self._told(here, place) for place in range(len(self._shown.fields))]
        return [*super().copyable(), row_choice(cells)]

    def action_export(self) -> None:
        """Choose where to write the table, once it is whole."""
        if self._ids is not None and self._fields.keys() >= set(self._metrics):
            super().action_export()
        else:
            self.status.show_notice("The metrics of these groups are still being read.")

    def exportable(self) -> Exportable:
        """What is shown, exactly."""
        from mltrack_tui.screens.exporting import table_of

        rows = [exported(line, self._metrics) for line in self._shown.items]
        note = f"Groups of the {self._loaded:,} candidates loaded; the server has more." if self._part else ""
        return table_of(" ".join(self.parts[1:]), headings(self._by, self._metrics), rows, note)


class GroupPlace(CandidatesPlace):
    """The candidates of a group, looked at as the table is that it was made of; nothing of it is kept."""

    keeps_view = False

    def __init__(self, table: NestedPlace, parts: Sequence[str], view: View) -> None:
        super().__init__(table.session, table.project, table.experiments)
        self.parts = parts
        self.table.marks = table.table.marks
        self._first_view = view

    async def restore_view(self) -> None:
        """Begin with the group."""
        self.apply_view(self._first_view)

    def action_up(self) -> None:
        """Out of what is under way, then out of another filter to the group's, then out of the group."""
        if self.interrupt():
            return
        if self.filtering.text in {"", self._first_view.filter}:
            self.leave()
        else:
            self.filtering.write(self._first_view.filter)
