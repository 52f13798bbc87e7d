"""Which view each way to look at a file has; each is imported when it is first opened."""

from typing import TYPE_CHECKING

from mltrack_tui.preview.file import ArtifactFile
from mltrack_tui.preview.kinds import Look, is_image

if TYPE_CHECKING:
    from mltrack_tui.screens.preview.place import PreviewPlace
    from mltrack_tui.screens.preview.view import View

MADE = (Look.PICTURE, Look.READING, Look.LISTING, Look.TEXT, Look.BYTES)
"""The looks that have a view."""


def view_of(look: Look, place: "PreviewPlace", file: ArtifactFile, head: bytes) -> "View":
    """What shows a file in this way; ``head`` is its beginning, `preview.kinds.HEAD` bytes or all it has."""
    match look:
        case Look.TEXT:
            from mltrack_tui.screens.preview.text import TextView

            return TextView(place, file, head)
        case Look.PICTURE if is_image(head):
            from mltrack_tui.screens.preview.image import ImageView

            return ImageView(place, file)
        case Look.READING:
            from mltrack_tui.screens.preview.reading import ReadingView

            return ReadingView(place, file)
        case Look.LISTING:
            from mltrack_tui.screens.preview.listing import ListingView

            return ListingView(place, file, head)
        case Look.BYTES:
            from mltrack_tui.screens.preview.bytes import BytesView

            return BytesView(place, file)
        case _:
            raise LookupError(look)
