"""Which values of a metric are better: a question with a guess."""

from typing import ClassVar, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from mltrack_tui.analysis.best import guessed_direction
from mltrack_tui.domain.query import Direction
from mltrack_tui.domain.text import clean
from mltrack_tui.screens.dialogs import Dialog

_WORDS = {Direction.MIN: "smaller is better", Direction.MAX: "larger is better"}


class Answer(NamedTuple):
    """A direction, or None where there is to be none; and whether to sort by the metric, the best first."""

    direction: Direction | None
    sort: bool = False


class DirectionDialog(Dialog[Answer]):
    """Asks which values of a metric are better; what its name suggests is chosen already, and said to be a guess."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "highlight(1)", show=False),
        Binding("k", "highlight(-1)", show=False),
        Binding("s", "choose_and_sort", show=False),
    ]

    def __init__(self, metric: str, purpose: str, told: Direction | None) -> None:
        super().__init__()
        self._metric = metric
        self._purpose = purpose
        self._told = told
        self._choices: list[Direction | None] = [Direction.MIN, Direction.MAX]
        if told is not None:
            self._choices.append(None)

    def compose(self) -> ComposeResult:
        """The directions, and what the keys do."""
        with Vertical(classes="dialog small") as frame:
            frame.border_title = Content(f"{self._purpose} {clean(self._metric, 48)}")
            frame.border_subtitle = "esc closes"
            yield Static("enter chooses, s chooses and sorts by it, the best first.", classes="label")
            yield OptionList(*(Option(Content(self._words(choice))) for choice in self._choices))

    def _words(self, choice: Direction | None) -> str:
        if choice is None:
            return "neither: forget what was said"
        told = "  (as you said)" if choice is self._told else ""
        guessed = self._told is None and choice is guessed_direction(self._metric)
        return _WORDS[choice] + told + ("  (guessed from the name)" if guessed else "")

    def on_mount(self) -> None:
        """What was said before, or the guess, is under the cursor."""
        likely = self._told or guessed_direction(self._metric) or Direction.MIN
        options = self.query_one(OptionList)
        options.highlighted = self._choices.index(likely)
        options.focus()

    def action_choose_and_sort(self) -> None:
        """Choose, and sort by the metric."""
        highlighted = self.query_one(OptionList).highlighted
        if highlighted is not None:
            direction = self._choices[highlighted]
            self.dismiss(Answer(direction, sort=direction is not None))

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(Answer(self._choices[event.option_index]))
