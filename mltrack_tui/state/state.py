"""What mltrack remembers, as the places ask for it."""

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from mltrack_tui.domain.view import View
from mltrack_tui.state.places import KnownProject, LastPlace, Scope, StateError

if TYPE_CHECKING:
    from mltrack_tui.state.database import Database
    from mltrack_tui.state.rows import Rows

T = TypeVar("T")
MOST_FILTERS = 200
LONGEST_FILTER = 4000
"""Characters of a filter that is worth remembering."""
_LAST = ""  # the name of the view that nobody named


class State:
    """Views, filters and the last place, in a small database of the user's.

    Every call is short, may come from any thread and raises `StateError`; none belongs on the event loop. As long as
    nothing was kept there is no file, and asking costs a look for it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._opened: Database | None = None

    def last_view(self, scope: Scope) -> View | None:
        """How these experiments were looked at last."""
        return self._view(scope, _LAST)

    def keep_view(self, scope: Scope, view: View) -> None:
        """Remember how these experiments are looked at."""
        self._save(scope, _LAST, view)

    def views(self, scope: Scope) -> Sequence[str]:
        """The names of the views that were saved, in alphabetical order."""
        nothing: Sequence[str] = ()
        names = [name for name in self._read(lambda rows: rows.view_names(scope), nothing) if name != _LAST]
        return sorted(names, key=lambda name: (name.casefold(), name))

    def view(self, scope: Scope, name: str) -> View | None:
        """The view of a name, or None where there is none."""
        return None if name == _LAST else self._view(scope, name)

    def save_view(self, scope: Scope, name: str, view: View) -> None:
        """Save a view under a name, in place of the one that has it. Raises ValueError for an empty name."""
        if name == _LAST:
            raise ValueError("a view needs a name")
        self._save(scope, name, view)

    def delete_view(self, scope: Scope, name: str) -> None:
        """Forget a view, if there is one of that name."""
        self._write(lambda rows: rows.delete_view(scope, name))

    def filters(self) -> Sequence[str]:
        """The filters that were used, each once, the latest first."""
        return self._read(lambda rows: rows.filters(MOST_FILTERS), ())

    def keep_filter(self, text: str) -> None:
        """Remember a filter as the latest, unless it is empty or longer than `LONGEST_FILTER`."""
        if text.strip() and len(text) <= LONGEST_FILTER:
            self._write(lambda rows: rows.keep_filter(text, MOST_FILTERS))

    def last_place(self, source: str) -> LastPlace | None:
        """Where somebody was in a source when the connection dropped."""
        return self._read(lambda rows: rows.place(source), None)

    def keep_place(self, source: str, place: LastPlace) -> None:
        """Remember where somebody is."""
        self._write(lambda rows: rows.keep_place(source, place))

    def forget_place(self, source: str) -> None:
        """Begin at the beginning next time."""
        if self.last_place(source) is not None:
            self._write(lambda rows: rows.forget_place(source))

    def projects(self, source: str) -> Mapping[str, KnownProject]:
        """What is known of the projects of a source, by their names: those that were counted or opened here."""
        nothing: Mapping[str, KnownProject] = {}
        return self._read(lambda rows: rows.projects(source), nothing, since=2)

    def keep_counts(self, source: str, projects: Mapping[str, KnownProject]) -> None:
        """Remember the numbers of some projects; `KnownProject.opened_at` is left as it was."""
        self._write(lambda rows: rows.keep_counts(source, projects))

    def keep_opened(self, source: str, project: str, at: int) -> None:
        """Remember that a project was opened at a time (milliseconds since the epoch)."""
        self._write(lambda rows: rows.keep_opened(source, project, at))

    def forget_project(self, source: str, project: str) -> None:
        """Know nothing of a project any more: it is gone."""
        self._write(lambda rows: rows.forget_project(source, project))

    def _view(self, scope: Scope, name: str) -> View | None:
        text = self._read(lambda rows: rows.view(scope, name), None)
        if text is None:
            return None
        from mltrack_tui.state.view_json import view_from_json

        try:
            return view_from_json(text)
        except ValueError as error:
            raise StateError(f"A view in {self.path} cannot be read: {error}.") from None

    def _save(self, scope: Scope, name: str, view: View) -> None:
        from mltrack_tui.state.view_json import view_to_json

        text = view_to_json(view)
        self._write(lambda rows: rows.save_view(scope, name, text))

    def _read(self, work: "Callable[[Rows], T]", nothing: T, since: int = 1) -> T:
        return self._database().read(work, nothing, since) if os.path.lexists(self.path) else nothing

    def _write(self, work: "Callable[[Rows], None]") -> None:
        self._database().write(work)

    def _database(self) -> "Database":
        """Imported and set up when something is first asked: the explorer's start does not wait for it."""
        with self._lock:
            if self._opened is None:
                from mltrack_tui.state.database import Database

                self._opened = Database(self.path)
            return self._opened
