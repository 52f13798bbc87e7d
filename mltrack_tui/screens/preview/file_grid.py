"""A grid of a file's rows, of which more may come behind the last."""

from mltrack_tui.widgets.grid import Grid


class FileGrid(Grid):
    """A grid of which more may come behind its last row."""

    class AtEnd(Grid.GridMessage):
        """The user wants to see the last row there is."""

    def action_row_edge(self, side: int) -> None:
        """To the last row that is there; then whoever has more is to bring it."""
        super().action_row_edge(side)
        if side > 0:
            self.post_message(self.AtEnd(self))
