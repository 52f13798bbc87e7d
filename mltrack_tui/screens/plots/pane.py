"""What the panes of the plots place have in common: when they begin, what they are of, what leaves them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from textual.containers import Vertical
from textual.message import Message

from mltrack_tui.commands import Command
from mltrack_tui.domain.changes import Changes
from mltrack_tui.domain.curves import CurveLook
from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.domain.query import Column, Query
from mltrack_tui.domain.view import View
from mltrack_tui.screens.place import Place

if TYPE_CHECKING:
    from mltrack_tui.export.table import Exportable
    from mltrack_tui.plots.picture import Picture


@dataclass(frozen=True, slots=True)
class Subject:
    """What is drawn.

    Attributes:
        candidates: the marked ones, or the one that the plots were opened from; a candidate's slot is its place here.
        query: what the table asks its source: all its candidates in their order. None where there is no table.
        view: how the table is looked at: its directions and its target say which values are better.
        column: the column that the table's cursor is in.
        metric: the metric that is shown large to begin with.
        look: how curves are drawn to begin with.
    """

    candidates: tuple[CandidateId, ...]
    query: Query | None = None
    view: View = field(default_factory=View)
    column: Column | None = None
    metric: str | None = None
    look: CurveLook = field(default_factory=CurveLook)


@dataclass(frozen=True, slots=True)
class Drawing:
    """The picture that is shown, as files have it: ``svg`` draws it anew, in a thread."""

    name: str
    picture: "Picture"
    svg: Callable[[], str] | None = None


class Pane(Vertical, can_focus=True):
    """One way to draw the subject. It has the keys while its tab is open, by its own bindings.

    A pane asks the source through `place.answers` and `place.answer`, which tell trouble in the status line.
    """

    TITLE: ClassVar[str]
    """What its tab is called."""
    HINTS: ClassVar[tuple[Command, ...]] = ()

    class Told(Message):
        """The cursor moved, or what the place shows around the pane is another: position, value, hints."""

    def __init__(self, place: Place, subject: Subject) -> None:
        super().__init__()
        self.place = place
        self.subject = subject

    def begin(self) -> None:
        """Load what is shown: called when the tab is opened for the first time, and by ``r`` (see `Place.reload`)."""
        raise NotImplementedError

    def changed(self, changes: Changes) -> None:
        """Read what changed, newest wins; cursor and zoom stay. Called only once it has begun."""

    @property
    def takes_keys(self) -> bool:
        """Whether there is something that keys can move; until then its place holds them."""
        return self.is_attached

    def leave(self) -> bool:
        """Leave what is open within the pane, as ``escape`` wants it; False where the place is to be left."""
        return False

    def enlarge(self) -> bool:
        """Show more of what the cursor is on; False where there is nothing but its value."""
        return False

    @property
    def hints(self) -> tuple[Command, ...]:
        """The commands that the line at the bottom shows now."""
        return self.HINTS

    @property
    def position(self) -> str:
        """What the right end of the path says: how many of what there is are shown."""
        return ""

    @property
    def where(self) -> str:
        """Where the cursor is, as the status line says it before the value."""
        return ""

    def value_under_cursor(self) -> tuple[str, str] | None:
        """Name and full text of what the cursor is on."""
        return None

    def candidate_under_cursor(self) -> CandidateId | None:
        """The candidate that the cursor is on: it can be copied, opened in a browser and come back to."""
        return None

    def exportable(self) -> "Exportable | None":
        """The data that is drawn, whole and exact."""
        return None

    def drawing(self) -> Drawing | None:
        """The picture that is shown."""
        return None
