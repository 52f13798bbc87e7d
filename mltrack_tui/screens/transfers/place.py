"""The downloads of a session: how far each is, where it lies, what failed."""

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from mltrack_tui.commands import DOWNLOADS, GRID, HELP, REFRESH, Command, hints
from mltrack_tui.screens.place import Place, counted
from mltrack_tui.screens.session import Session
from mltrack_tui.screens.transfers.details import DownloadDetails
from mltrack_tui.screens.transfers.rows import DownloadRows
from mltrack_tui.screens.transfers.words import where
from mltrack_tui.widgets.difference import Cells, cells_on_screen, repaint_difference
from mltrack_tui.widgets.grid import Grid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mltrack_tui.screens.copying import Copyable
    from mltrack_tui.transfer.downloads import Download
    from mltrack_tui.widgets.cells import GridColumn

NOTHING = "Nothing was downloaded yet.\nd  on an artifact or a candidate  begins a download."


class DownloadsPlace(Place):
    """A line for each download, the latest first."""

    BINDINGS: ClassVar[list[BindingType]] = [*DOWNLOADS.bindings()]
    HINTS: ClassVar[tuple[Command, ...]] = (*hints(DOWNLOADS, GRID), replace(REFRESH, label="try again"), HELP)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.grid = Grid(frozen=1)
        self._rows = DownloadRows()
        self._seen: Cells = {}
        self._details: DownloadDetails | None = None
        self.path.show(("downloads",))
        self.hints.show(self.HINTS)

    def content(self) -> ComposeResult:
        """The table."""
        yield self.grid

    def on_mount(self) -> None:
        """The table has the keys. (Textual calls the base's handler too.)"""
        self.set_focus(self.grid)
        self.watch(self.grid, "cursor", self._moved, init=False)

    def reload(self) -> None:
        """Show them."""
        self.show_all()
        self.ready.set()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing here has a page or changes by itself."""
        nothing = action in {"open_web", "export", "refresh_interval"}
        return False if nothing else super().check_action(action, parameters)

    # What it shows

    def show_all(self) -> None:
        """Show all downloads there are, with the cursor on the same one."""
        here, downloads = self._here, list(reversed(self.session.transfers.all))
        self._rows = DownloadRows(downloads)
        row = downloads.index(here) if here in downloads else None
        self.grid.show(self._rows, columns=self._columns(), cursor_row=row)
        self.say("" if downloads else NOTHING)
        self.path.show(count=counted(len(downloads), "download"))

    def on_resize(self) -> None:
        """The titles have what is left."""
        self.grid.show_columns(self._columns())

    def _columns(self) -> "list[GridColumn]":
        return self._rows.columns(self.app.size.width)

    def tell_transfers(self) -> None:
        """Paint what has changed, nothing else."""
        super().tell_transfers()
        if not self.is_mounted:
            return
        if len(self._rows) != len(self.session.transfers.all):
            self.show_all()
            return
        if (columns := self._columns()) != self.grid.columns:
            self.grid.show_columns(columns)
        before, self._seen = self._seen, cells_on_screen(self.grid)
        repaint_difference(self.grid, before)
        if self._details is not None and self._details.is_open:
            self._details.renew()

    @on(Grid.Viewed)
    def _viewed(self) -> None:
        self._seen = cells_on_screen(self.grid)

    @property
    def _here(self) -> "Download | None":
        downloads, row = self._rows.downloads, self.grid.cursor_row
        return downloads[row] if row < len(downloads) else None

    @on(Grid.Moved)
    def _moved(self) -> None:
        name, value = self.value_under_cursor() or ("", "")
        position = f"{self.grid.cursor_row + 1:,}/{len(self._rows):,}" if len(self._rows) else ""
        self.status.show_value(position, name, value)

    def value_under_cursor(self) -> tuple[str, str] | None:
        """All of the cell."""
        return self._rows.full(*self.grid.cursor) if self._here is not None else None

    def copyable(self) -> "Sequence[Copyable]":
        """Where it lies."""
        from mltrack_tui.screens.copying import Copyable

        return [Copyable("y", "path", str(where(self._here)))] if self._here is not None else []

    # Commands

    def action_pause(self) -> None:
        """Pause the download, or go on with it."""
        from mltrack_tui.transfer.downloads import State

        if (here := self._here) is None:
            return
        if here.state in {State.RUNNING, State.WAITING}:
            self.session.transfers.downloads.pause(here)
        elif here.state is State.PAUSED:
            self.session.transfers.downloads.resume(here)
        else:
            self.status.show_notice("It has ended: r tries again what failed.")

    def action_cancel(self) -> None:
        """Cancel the download; its complete files stay."""
        if (here := self._here) in self.session.transfers.under_way and here is not None:
            self.session.transfers.downloads.cancel(here)

    def action_refresh(self) -> None:
        """Try again what failed or was cancelled."""
        from mltrack_tui.transfer.downloads import State

        if (here := self._here) is not None and here.state in {State.FAILED, State.CANCELLED}:
            self.session.transfers.downloads.resume(here)
        else:
            self.status.show_notice("There is nothing here to be tried again.")

    @on(Grid.Opened)
    def _opened(self) -> None:
        if (here := self._here) is not None:
            self._details = DownloadDetails(here)
            self.app.push_screen(self._details)
