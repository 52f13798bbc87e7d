"""How many steps a candidate will take, where the user knows and no parameter says so."""

from math import isfinite

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from mltrack_tui.analysis.progress import total_steps
from mltrack_tui.domain.numbers import number_of
from mltrack_tui.domain.text import clean
from mltrack_tui.screens.dialogs import Dialog
from mltrack_tui.screens.live.runners import Runner
from mltrack_tui.screens.session import Live
from mltrack_tui.widgets.text_box import TextBox

_LONGEST = 60


class TotalDialog(Dialog[str]):
    """Asks for a number of steps, which stays for the session; dismissed with what is to be told of it."""

    def __init__(self, live: Live, runner: Runner) -> None:
        super().__init__()
        self._live, self._runner = live, runner
        self._called = clean(runner.called, _LONGEST)

    def compose(self) -> ComposeResult:
        """A box and a sentence."""
        said = self._live.totals.get(self._runner.candidate.id)
        with Vertical(classes="dialog small") as frame:
            frame.border_title = Content(f"Steps of {self._called}")
            frame.border_subtitle = "enter sets · esc cancels"
            yield Static("How many steps it will take until it ends", classes="label")
            yield TextBox("" if said is None else str(said), placeholder=self._otherwise())
            yield Static(id="progress")

    def _otherwise(self) -> str:
        told = total_steps(self._runner.candidate.params, self._runner.progress.step)
        return "empty: nobody says" if told is None else f"empty: {told:,}, as its parameters say"

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        text, id_ = event.value.replace(",", "").replace("_", "").strip(), self._runner.candidate.id
        if not text:
            left = f"How many steps {self._called} will take is left to its parameters."
            self.dismiss(left if self._live.totals.pop(id_, None) is not None else None)
            return
        number, done = number_of(text), self._runner.progress.step or 0
        if number is None or not isfinite(number) or number < 1 or number != int(number):
            self._tell("Write a whole number of steps, such as  20,000", "$error")
        elif number <= done:
            self._tell(f"It is at step {done:,} already.", "$warning")
        else:
            self._live.totals[id_] = int(number)
            self.dismiss(f"{self._called} will take {int(number):,} steps.")

    def _tell(self, words: str, ink: str) -> None:
        self.query_one("#progress", Static).update(Content.styled(words, ink))
