"""What we remember, as rows: every question and every change, within one session."""

import json
from collections.abc import Sequence

from sqlmodel import Session, col, delete, select

from mltrack_tui.state.places import LastPlace, Scope
from mltrack_tui.state.tables import FilterRow, PlaceRow, ViewRow


class Rows:
    """The rows of our database. Views are JSON here."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def view_names(self, scope: Scope) -> Sequence[str]:
        """The names of all views of a scope, '' among them."""
        source, project, experiments = _key(scope)
        chosen = select(ViewRow.name).where(
            ViewRow.source == source, ViewRow.project == project, ViewRow.experiments == experiments
        )
        return self._session.exec(chosen).all()

    def view(self, scope: Scope, name: str) -> str | None:
        """The view of a name."""
        row = self._session.get(ViewRow, (*_key(scope), name))
        return None if row is None else row.view

    def save_view(self, scope: Scope, name: str, view: str) -> None:
        """Have this view of that name."""
        source, project, experiments = _key(scope)
        row = ViewRow(source=source, project=project, experiments=experiments, name=name, view=view)
        self._session.merge(row)

    def delete_view(self, scope: Scope, name: str) -> None:
        """Have no view of that name."""
        if (row := self._session.get(ViewRow, (*_key(scope), name))) is not None:
            self._session.delete(row)

    def filters(self, most: int) -> Sequence[str]:
        """The latest filters, the last one first."""
        return self._session.exec(select(FilterRow.text).order_by(col(FilterRow.id).desc()).limit(most)).all()

    def keep_filter(self, text: str, most: int) -> None:
        """Have this filter as the latest, and no more than so many."""
        if self.filters(1) == [text]:
            return
        self._session.exec(delete(FilterRow).where(col(FilterRow.text) == text))
        self._session.add(FilterRow(text=text))
        self._session.flush()
        latest = select(FilterRow.id).order_by(col(FilterRow.id).desc()).limit(most)
        self._session.exec(delete(FilterRow).where(col(FilterRow.id).not_in(latest)))

    def place(self, source: str) -> LastPlace | None:
        """Where somebody was in a source."""
        row = self._session.get(PlaceRow, source)
        return None if row is None else LastPlace(row.project, tuple(json.loads(row.experiments)), row.candidate)

    def keep_place(self, source: str, place: LastPlace) -> None:
        """Have this place of that source."""
        experiments = json.dumps(place.experiments)
        row = PlaceRow(source=source, project=place.project, experiments=experiments, candidate=place.candidate)
        self._session.merge(row)

    def forget_place(self, source: str) -> None:
        """Have no place of that source."""
        if (row := self._session.get(PlaceRow, source)) is not None:
            self._session.delete(row)


def _key(scope: Scope) -> tuple[str, str, str]:
    return scope.source, scope.project, json.dumps(scope.experiments)
