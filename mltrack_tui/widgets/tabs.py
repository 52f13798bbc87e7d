"""The names of some panes in a line, one of them open."""

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget


class TabBar(Widget):
    """Tabs by name and, where there is something to count, how much is behind them."""

    class Picked(Message):
        """The user clicked on a tab."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(id="tabs")
        self._names = names
        self._counts: dict[int, int] = {}
        self.open = 0

    def show(
        self,
        index: int | None = None,
        counts: dict[int, int] | None = None,
        names: Sequence[str] | None = None,
    ) -> None:
        """Open another tab, tell other counts, or have other tabs."""
        self._names = self._names if names is None else names
        self.open = self.open if index is None else index
        self._counts = self._counts if counts is None else counts
        self.refresh()

    def _label(self, index: int) -> str:
        count = self._counts.get(index)
        return self._names[index] + (f" {count:,}" if count is not None else "")

    def _places(self) -> list[tuple[int, str]]:
        """Where each label begins, closer together where the line is narrow."""
        labels = [self._label(index) for index in range(len(self._names))]
        if sum(map(len, labels)) + len(labels) > self.size.width:
            labels = [label if index == self.open else label[:3] for index, label in enumerate(labels)]
        gap = 3 if sum(map(len, labels)) + 3 * len(labels) < self.size.width else 1
        places, x = [], 1
        for label in labels:
            places.append((x, label))
            x += len(label) + gap
        return places

    def render(self) -> Content:
        """The open one is underlined, so that it shows without colour."""
        line = Content("")
        for index, (x, label) in enumerate(self._places()):
            line += Content(" " * (x - line.cell_length))
            line += Content.styled(label, "bold underline $accent" if index == self.open else "$dim")
        return line

    def on_click(self, event: events.Click) -> None:
        """Open the tab that was clicked."""
        for index, (x, label) in enumerate(self._places()):
            if x <= event.x < x + len(label):
                self.post_message(self.Picked(index))
