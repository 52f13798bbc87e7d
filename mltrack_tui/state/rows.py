"""What we remember, as rows: every question and every change, within one session."""

import json
from collections.abc import Mapping, Sequence

from sqlmodel import Session, col, delete, select

from mltrack_tui.state.places import KnownProject, LastPlace, Scope
from mltrack_tui.state.tables import FilterRow, PlaceRow, ProjectRow, ViewRow


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

    def projects(self, source: str) -> Mapping[str, KnownProject]:
        """What is known of a source's projects, by their names."""
        rows = self._session.exec(select(ProjectRow).where(ProjectRow.source == source))
        return {
            row.project: KnownProject(row.experiments, row.models, row.last_activity, row.counted_at, row.opened_at)
            for row in rows
        }

    def keep_counts(self, source: str, projects: Mapping[str, KnownProject]) -> None:
        """Have these numbers of some projects; when they were opened stays."""
        for name, known in projects.items():
            row = self._project(source, name)
            row.experiments, row.models = known.experiments, known.models
            row.last_activity, row.counted_at = known.last_activity, known.counted_at

    def keep_opened(self, source: str, project: str, at: int) -> None:
        """Have a project opened at this time."""
        self._project(source, project).opened_at = at

    def forget_project(self, source: str, project: str) -> None:
        """Know nothing of a project."""
        if (row := self._session.get(ProjectRow, (source, project))) is not None:
            self._session.delete(row)

    def _project(self, source: str, project: str) -> ProjectRow:
        row = self._session.get(ProjectRow, (source, project))
        if row is None:
            row = ProjectRow(
                source=source,
                project=project,
                experiments=None,
                models=None,
                last_activity=None,
                counted_at=None,
                opened_at=None,
            )
            self._session.add(row)
        return row


def _key(scope: Scope) -> tuple[str, str, str]:
    return scope.source, scope.project, json.dumps(scope.experiments)
