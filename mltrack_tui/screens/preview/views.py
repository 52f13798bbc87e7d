"""Which view each way to look at a file has; each is imported when it is first opened."""

from typing import TYPE_CHECKING

from mltrack_tui.preview.file import ArtifactFile
from mltrack_tui.preview.kinds import Look

if TYPE_CHECKING:
    from mltrack_tui.screens.preview.place import PreviewPlace
    from mltrack_tui.screens.preview.view import View

MADE = tuple(look for look in Look if look is not Look.READING)
"""The looks that have a view."""


def view_of(look: Look, place: "PreviewPlace", file: ArtifactFile, head: bytes) -> "View":
    """What shows a file in this way; ``head`` is its beginning, `preview.kinds.HEAD` bytes or all it has."""
    match look:
        case Look.TEXT:
            from mltrack_tui.screens.preview.text import TextView

            return TextView(place, file, head)
        case Look.TABLE:
            from mltrack_tui.screens.preview.table import TableView

            return TableView(place, file, head)
        case Look.TREE:
            from mltrack_tui.screens.preview.tree import TreeView

            return TreeView(place, file)
        case Look.PICTURE:
            from mltrack_tui.screens.preview.evaluation import EvaluationView

            return EvaluationView(place, file)
        case Look.SUMMARY:
            from mltrack_tui.screens.preview.summary import SummaryView

            return SummaryView(place, file)
        case Look.LISTING:
            from mltrack_tui.screens.preview.listing import ListingView

            return ListingView(place, file, head)
        case Look.BYTES:
            from mltrack_tui.screens.preview.bytes import BytesView

            return BytesView(place, file)
        case _:
            raise LookupError(look)
