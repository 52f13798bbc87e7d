"""Named views: the ways somebody looks at a table, kept under names and in files."""

import asyncio
from collections.abc import Callable, Sequence
from enum import Enum
from pathlib import Path
from typing import ClassVar, TypeVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from mltrack_tui.domain.text import clean
from mltrack_tui.domain.view import View
from mltrack_tui.export.saving import saved
from mltrack_tui.screens.dialogs import Dialog
from mltrack_tui.screens.exporting import file_stem
from mltrack_tui.screens.place import Place
from mltrack_tui.state.places import Scope, StateError
from mltrack_tui.state.state import State
from mltrack_tui.state.view_json import LONGEST, view_from_json, view_to_json
from mltrack_tui.widgets.text_box import TextBox

T = TypeVar("T")
LONGEST_NAME = 80
_NONE_YET = "No view was saved here yet: s saves this one."


class Asked(Enum):
    """What the text box asks for, and its label."""

    NAME = "save this view as"
    WRITE = "write this view to a file"
    READ = "read a view from a file"


class ViewsDialog(Dialog[View]):
    """The views that were saved; answers with the one that is wanted."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "ask('NAME')", show=False),
        Binding("x", "ask('WRITE')", show=False),
        Binding("i", "ask('READ')", show=False),
        Binding("D", "delete", show=False),
        Binding("j", "highlight(1)", show=False),
        Binding("k", "highlight(-1)", show=False),
        Binding("q", "leave", show=False),
    ]

    def __init__(self, state: State | None, scope: Scope, view: View) -> None:
        super().__init__()
        self._state, self._scope, self._view = state, scope, view
        self._names: Sequence[str] = ()
        self._asked = Asked.NAME
        self._options = OptionList()
        self._none = Static(classes="label")
        """Why there are no names. Not told below: the list may come after what was told."""
        self._box = TextBox(select_on_focus=False)
        self._label = Static(classes="label")
        self._told = Static()
        self._confirmed: tuple[str, str] | None = None
        """What was warned of already, and of what: a name or a file to overwrite, a view to delete."""

    def compose(self) -> ComposeResult:
        """The names; below them a box for another name, and a sentence."""
        with Vertical(classes="dialog small") as frame:
            frame.border_title = "Views"
            frame.border_subtitle = "s saves · D deletes · x exports · i imports · esc"
            yield self._options
            yield self._none
            yield self._label
            yield self._box
            yield self._told

    def on_mount(self) -> None:
        """Only the names at first."""
        self._none.display = False
        self._close_box()
        self._list()

    @work(exclusive=True, group="list")
    async def _list(self) -> None:
        names = await self._remembered(lambda state: state.views(self._scope), None)
        here, self._names = self._highlighted(), names or ()
        self._options.clear_options()
        self._options.add_options(Option(Content(clean(name, LONGEST_NAME))) for name in self._names)
        self._options.highlighted = self._names.index(here) if here in self._names else 0 if self._names else None
        self._none.display = not self._names
        if self._state is None:
            self._none.update("Nothing is remembered here; x and i use files.")
        elif names is not None:
            self._none.update(_NONE_YET)

    async def _remembered(self, ask: Callable[[State], T], otherwise: T) -> T:
        if self._state is None:
            return otherwise
        try:
            return await asyncio.to_thread(ask, self._state)
        except StateError as error:
            self._tell(str(error), "error")
            return otherwise

    def _tell(self, text: str, tone: str = "dim") -> None:
        self._told.update(Content.styled(clean(text), f"${tone}"))

    # Commands

    def action_leave(self) -> None:
        """Out of the text box first, then out of the dialog."""
        if self._box.display:
            self._close_box()
        else:
            self.dismiss(None)

    def action_ask(self, asked: str) -> None:
        """Ask for a name or a file."""
        self.workers.cancel_group(self, "show")  # which would close the box that is typed into
        self._asked = Asked[asked]
        if self._asked is Asked.NAME and self._state is None:
            return
        name = self._highlighted() or ""
        if self._asked is not Asked.NAME:
            name = f"{file_stem(name or 'view')}.json"
        where = "" if self._asked is Asked.NAME else f" in {clean(str(Path.cwd()))}"
        self._label.update(Content(self._asked.value + where))
        self._box.value = name
        self._box.display = self._label.display = True
        self._box.cursor_position = len(name)
        self._box.focus()
        self._tell("")

    def _close_box(self) -> None:
        self._box.display = self._label.display = False
        self._options.focus()

    def _highlighted(self) -> str | None:
        index = self._options.highlighted
        return None if index is None else self._names[index]

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self._show(self._names[event.option_index])

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        if not (text := event.value.strip()):
            return
        if self._asked is Asked.NAME:
            self._save(text[:LONGEST_NAME])
        elif self._asked is Asked.WRITE:
            self._write(Path(text).expanduser())
        else:
            self._read(Path(text).expanduser())

    @work(exclusive=True, group="show")
    async def _show(self, name: str) -> None:
        view = await self._remembered(lambda state: state.view(self._scope, name), None)
        if view is not None:
            self.answer(view)

    @work(exclusive=True)
    async def _save(self, name: str) -> None:
        nothing: Sequence[str] = ()
        names = await self._remembered(lambda state: state.views(self._scope), nothing)  # ours may not have come yet
        if name in names and not self._is_confirmed("save", name):
            self._tell(f"There is a view called {name}: enter again replaces it.", "warning")
            return

        def save(state: State) -> bool:
            state.save_view(self._scope, name, self._view)
            return True

        if await self._remembered(save, otherwise=False):
            self._close_box()
            self._tell(f"Saved as {name}.", "success")
            self._list()

    @work(exclusive=True)
    async def action_delete(self) -> None:
        """Delete the highlighted view, once that was confirmed."""
        if (name := self._highlighted()) is None:
            return
        if not self._is_confirmed("delete", name):
            self._tell(f"D again deletes {name}.", "warning")
            return

        def delete(state: State) -> bool:
            state.delete_view(self._scope, name)
            return True

        if await self._remembered(delete, otherwise=False):
            self._tell(f"Deleted {name}.", "success")
            self._list()

    def _is_confirmed(self, what: str, name: str) -> bool:
        """Whether the user was warned of just this; if not, now is the time."""
        confirmed = self._confirmed == (what, name)
        self._confirmed = None if confirmed else (what, name)
        return confirmed

    # Files

    @work(exclusive=True)
    async def _write(self, path: Path) -> None:
        text = view_to_json(self._view, indent=2) + "\n"

        def write() -> None:
            with saved(path, overwrite=warned) as file:
                file.write(text)

        warned = self._confirmed == ("write", str(path))
        try:
            await asyncio.to_thread(write)
        except FileExistsError:
            self._confirmed = "write", str(path)
            self._tell("There is such a file already: enter again overwrites it; or change the name.", "warning")
        except (OSError, ValueError) as error:
            self._tell(f"It cannot be written: {getattr(error, 'strerror', None) or error}.", "error")
        else:
            self._close_box()
            self._tell(f"Wrote this view to {path}", "success")

    @work(exclusive=True)
    async def _read(self, path: Path) -> None:
        def read() -> str:
            with path.open("rb") as file:
                return file.read(LONGEST + 1).decode()

        try:
            view = view_from_json(await asyncio.to_thread(read))
        except UnicodeDecodeError:
            self._tell(f"{path.name} is no view: it is not UTF-8 text.", "error")
        except OSError as error:
            self._tell(f"{path.name} cannot be read: {error.strerror}.", "error")
        except ValueError as error:
            self._tell(f"{path.name} is no view: {error}.", "error")
        else:
            self.answer(view)


class ViewedPlace(Place):
    """A place whose table can be looked at in many ways; how it was looked at last is how it is found again."""

    keeps_view: ClassVar[bool] = True
    _kept = View()

    @property
    def view(self) -> View:
        """How the table is looked at."""
        raise NotImplementedError

    @property
    def scope(self) -> Scope:
        """What the views belong to."""
        raise NotImplementedError

    def apply_view(self, view: View) -> None:
        """Look at the table in another way."""
        raise NotImplementedError

    async def restore_view(self) -> None:
        """Look at the table as it was looked at last."""
        view = await self.remembered(lambda state: state.last_view(self.scope), None)
        if view is not None:
            self._kept = view
            self.apply_view(view)

    async def on_unmount(self) -> None:
        """Keep how the table was looked at, if that is new."""
        if self.keeps_view and (view := self.view) != self._kept:
            await self.remembered(lambda state: state.keep_view(self.scope, view), None)

    def keep(self, state: State) -> None:
        """The same, at once."""
        if self.keeps_view and self.view != self._kept:
            state.keep_view(self.scope, self.view)

    def action_views(self) -> None:
        """Choose among the views that were saved, or save this one."""

        def chosen(view: View | None) -> None:
            if view is not None:
                self.apply_view(view)

        self.app.push_screen(ViewsDialog(self.session.state, self.scope, self.view), chosen)
