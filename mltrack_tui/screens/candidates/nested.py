"""How candidates stand: flat, as a tree, in groups; a part of the candidate table's place."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from mltrack_tui.commands import LOAD_ALL, NESTING
from mltrack_tui.domain.entities import PARENT_TAG, CandidateId, Experiment
from mltrack_tui.domain.query import Column, Kind, Query
from mltrack_tui.domain.view import Nesting
from mltrack_tui.screens.candidates.layout import EXPERIMENT, STATUS, Catalogue
from mltrack_tui.screens.candidates.table import CandidateTable
from mltrack_tui.screens.languages import CandidateSearch
from mltrack_tui.screens.listing import ListPlace
from mltrack_tui.screens.views import ViewedPlace

if TYPE_CHECKING:
    from mltrack_tui.screens.candidates.groups import GroupsPlace
    from mltrack_tui.screens.candidates.loading import Loading
    from mltrack_tui.screens.candidates.rows import CandidateRows

_PARENT = Column(Kind.TAG, PARENT_TAG)
_USER = Column(Kind.ATTRIBUTE, "user")


class NestedPlace(ViewedPlace, ListPlace[Column]):
    """Candidates that can be turned into a tree, and into groups, which are a place of their own."""

    BINDINGS: ClassVar[list[BindingType]] = [*NESTING.bindings()]
    grid: CandidateTable
    project: str
    experiments: Sequence[Experiment]
    _loading: "Loading"
    _groups: "GroupsPlace | None" = None
    _parts: Sequence[str] = ()

    @property
    def table(self) -> CandidateTable:
        """The table."""
        return self.grid

    @property
    def parts(self) -> Sequence[str]:
        """The path to here, without the source."""
        return self._parts

    @parts.setter
    def parts(self, parts: Sequence[str]) -> None:
        self._parts = parts
        self.path.show((self.session.source.name, *parts))

    def question(self) -> Query:
        """What the source is asked."""
        raise NotImplementedError

    def query_of_values(self) -> Query:
        """The same for what does not depend on the order, which costs a store time; of a server's candidates, those
        that are loaded were listed in one."""
        query = self.question()
        return query if self._loading.on_demand else replace(query, order=())

    def extent_words(self) -> str:
        """What is made of a part of the candidates says so with these words; '' where all are loaded."""
        page = self._loading.page
        if page is None or not page.on_demand:
            return ""
        key = self.session.keys.shown(LOAD_ALL)
        return f"of the {page.loaded:,} loaded" + (f"; {key} loads all" if key else "")

    def language(self) -> CandidateSearch:
        """The search language."""
        raise NotImplementedError

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only a tree is folded."""
        if action in {"fold", "fold_all"}:
            return self.table.view.nesting.tree
        return super().check_action(action, parameters)

    # Tree

    def action_turn_nesting(self) -> None:
        """Turn to a tree, then to groups; where nobody says by what, flat again."""
        rows, nesting = self.table.candidates, self.table.view.nesting
        if rows is None:
            return
        if not nesting.tree and _PARENT in rows.catalogue:
            self._nest(Nesting(tree=True))
            return
        if not nesting.tree:
            self.status.show_notice("No candidate here has a parent: there is no tree.")
        from mltrack_tui.screens.dialogs import Picker  # when the first dialog is opened

        choices = [(str(column), column) for column in groupable(rows, self.table.here)]
        self.app.push_screen(Picker("Group by", choices), lambda by: self._nest(Nesting(by=by)))

    def _nest(self, nesting: Nesting) -> None:
        self.table.change(replace(self.table.view, nesting=nesting))

    def action_fold(self) -> None:
        """Fold or unfold what lies under the candidate; where nothing does, fold its parent and go there."""
        nest, here = self._loading.nest, self.table.cursor_id
        if nest is not None and here is not None:
            self._loading.fold(*nest.turned(here))

    def action_fold_all(self) -> None:
        """Unfold everything, or fold everything."""
        nest, here = self._loading.nest, self.table.cursor_id
        if nest is not None and here is not None:
            self._loading.fold(nest.all_turned(), here)

    # Groups

    def follow_nesting(self) -> None:
        """Open the groups that the view has, and tell those that are open what the table shows."""
        rows, by = self.table.candidates, self.table.view.nesting.by
        if rows is None or by is None:
            return
        if self._groups is not None:
            self._groups.show_columns(rows)
            return
        from mltrack_tui.screens.candidates.groups import GroupsPlace  # not needed for the first rows

        self._groups = GroupsPlace(self, by, rows)
        self.app.push_screen(self._groups, self._left)

    def _left(self, _looked_at: CandidateId | None) -> None:
        self._groups = None
        self.table.learn()  # others may be marked
        self._nest(Nesting())
        if self._loading.on_demand:
            self.rearrange()  # the groups may have had more loaded


def groupable(rows: "CandidateRows", here: Column | None) -> Sequence[Column]:
    """What candidates can be grouped by: the cursor's column first, then parameters, tags, CI, some attributes."""
    found = dict.fromkeys(_groupable(rows.catalogue))
    return [here, *(column for column in found if column != here)] if here is not None and here in found else [*found]


def _groupable(catalogue: Catalogue) -> Iterator[Column]:
    for kind in (Kind.PARAM, Kind.TAG, Kind.CI):
        yield from (each for each in catalogue.columns if each.kind is kind and each not in catalogue.constant)
    yield from (each for each in (STATUS, _USER, EXPERIMENT) if each != EXPERIMENT or catalogue.says_something(each))
