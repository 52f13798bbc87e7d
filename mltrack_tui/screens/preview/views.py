"""Which view each way to look at a file has; each is imported when it is first opened."""

from typing import TYPE_CHECKING

from mltrack_tui.preview.file import ArtifactFile
from mltrack_tui.preview.kinds import Look, is_image

if TYPE_CHECKING:
    from mltrack_tui.screens.preview.place import PreviewPlace
    from mltrack_tui.screens.preview.view import View


def view_of(look: Look, place: "PreviewPlace", file: ArtifactFile, head: bytes) -> "View":
    """What shows a file in this way; ``head`` is its beginning, `preview.kinds.HEAD` bytes or all it has."""
    view: View
    match look:
        case Look.PICTURE if is_image(head):
            from mltrack_tui.screens.preview.image import ImageView

            view = ImageView(place, file)
        case Look.PICTURE:
            from mltrack_tui.screens.preview.evaluation import EvaluationView

            view = EvaluationView(place, file)
        case Look.TABLE:
            from mltrack_tui.screens.preview.table import TableView

            view = TableView(place, file, head)
        case Look.TREE:
            from mltrack_tui.screens.preview.tree import TreeView

            view = TreeView(place, file)
        case Look.SUMMARY:
            from mltrack_tui.screens.preview.summary import SummaryView

            view = SummaryView(place, file)
        case Look.READING:
            from mltrack_tui.screens.preview.reading import ReadingView

            view = ReadingView(place, file)
        case Look.LISTING:
            from mltrack_tui.screens.preview.listing import ListingView

            view = ListingView(place, file, head)
        case Look.TEXT:
            from mltrack_tui.screens.preview.text import TextView

            view = TextView(place, file, head)
        case Look.BYTES:
            from mltrack_tui.screens.preview.bytes import BytesView

            view = BytesView(place, file)
    return view
