"""What shows a file, imported while somebody still looks for it among the artifacts."""

AHEAD = 0.2
"""Seconds after the artifacts were opened: listing them comes first."""


def import_previews() -> None:
    """Import the place and the views that most files have; called in a thread."""
    import mltrack_tui.screens.preview.place
    import mltrack_tui.screens.preview.table
    import mltrack_tui.screens.preview.text
    import mltrack_tui.screens.preview.tree  # noqa: F401
