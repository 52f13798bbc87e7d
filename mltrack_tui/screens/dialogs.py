"""Small questions and answers above a place."""

from collections.abc import Sequence
from time import monotonic
from typing import ClassVar, Generic, TypeVar

from rich.table import Table
from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.visual import VisualType
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from mltrack_tui.commands import COPY, Command, Group, Keys, shown_key
from mltrack_tui.domain.filter import words_filter
from mltrack_tui.domain.text import clean, clean_lines
from mltrack_tui.widgets.reading import TextScroll
from mltrack_tui.widgets.text_box import TextBox

T = TypeVar("T")
ResultT = TypeVar("ResultT")
LONGEST_VALUE = 20_000
"""Characters of a value that are laid out at once; what is left out is said."""

MOST_CHOICES = 200
"""Choices of a list that are laid out at once; how many more there are is said."""


class Dialog(ModalScreen[ResultT], Generic[ResultT]):
    """Something above a place, which ``escape`` leaves without an answer."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "close", show=False),
        Binding("ctrl+z", "app.suspend_process", show=False),
    ]

    @property
    def is_open(self) -> bool:
        """Whether it is still there: of one that was closed, the widgets are gone before its workers."""
        return self.is_attached and self in self.app.screen_stack

    def answer(self, result: ResultT) -> None:
        """Close it with an answer that took a while; of one that was left meanwhile, what lay below would be closed."""
        if self.is_current:
            self.dismiss(result)

    def action_leave(self) -> None:
        """Close it."""
        self.dismiss(None)

    def action_highlight(self, step: int) -> None:
        """Move in the dialog's list, round its ends."""
        options = self.query_one(OptionList)
        if options.option_count:
            options.highlighted = ((options.highlighted or 0) + step) % options.option_count


class KeyedDialog(Dialog[ResultT], Generic[ResultT]):
    """A dialog with a list of choices each of which has a key of its own, too."""

    def __init__(self) -> None:
        super().__init__()
        self.since = monotonic()
        """When it was opened, by the clock of events: a key from before was sent to what lies below."""

    @property
    def choice_keys(self) -> Sequence[str]:
        """The keys of the choices, in the order of the list; none while there is nothing to choose."""
        raise NotImplementedError

    def choose(self, index: int) -> None:
        """Do what was chosen, by its key or in the list."""
        raise NotImplementedError

    def choose_by(self, character: str | None) -> bool:
        """Choose what has this key; False where nothing has."""
        keys = self.choice_keys
        if character is not None and character in keys:
            self.choose(keys.index(character))
            return True
        return False

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self.choose(event.option_index)

    def on_key(self, event: events.Key) -> None:
        """A key that is a choice's."""
        if self.choose_by(event.character):
            event.stop()


class Reading(Dialog[None]):
    """Text to read, scrolled by the keys of lists."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("q,z,enter,question_mark", "leave", "close", show=False)]

    def __init__(self, title: str, text: VisualType, *, ways_on: str = "esc closes", wide: bool = False) -> None:
        super().__init__()
        self._title = title
        self._text = text
        self._ways_on = ways_on
        self._wide = wide

    def compose(self) -> ComposeResult:
        """A frame with the text in it."""
        with TextScroll(classes="dialog wide" if self._wide else "dialog") as frame:
            frame.border_title = Content(clean(self._title, 60))
            frame.border_subtitle = Content(self._ways_on)
            yield Static(self._text)


class FullValue(Reading):
    """A value with all its characters, which can be copied."""

    BINDINGS: ClassVar[list[BindingType]] = [*Group("", (COPY,)).bindings()]

    def __init__(self, name: str, value: str, copy_key: str, *, wide: bool = False) -> None:
        """``wide`` lets a line be as long as the screen has room for."""
        self._value = value
        text = clean_lines(value[:LONGEST_VALUE])
        left_out = len(value) - LONGEST_VALUE
        note = f"\n\n… {left_out:,} more characters; {copy_key} copies all {len(value):,}." if left_out > 0 else ""
        ways_on = f"{copy_key} copies · esc closes" if copy_key else "esc closes"
        super().__init__(name, Content(text) + Content.styled(note, "$warning"), ways_on=ways_on, wide=wide)

    def action_copy(self) -> None:
        """Put the value on the clipboard of the user's terminal."""
        self.app.copy_to_clipboard(self._value)
        self.query_one(".dialog").border_subtitle = f"copied {len(self._value):,} characters · esc closes"


class Help(Reading):
    """The keys that work in the place below, by group."""

    def __init__(self, groups: Sequence[tuple[str, Sequence[Command]]], keys: Keys) -> None:
        table = Table.grid(padding=(0, 2, 0, 0))
        for title, commands in groups:
            if table.row_count:
                table.add_row()
            table.add_row(Text(title, "bold"))
            for command in commands:
                table.add_row(Text("  " + " ".join(map(shown_key, keys.of(command)))), Text(command.help))
        super().__init__("Keys", table)


class Picker(Dialog[T], Generic[T]):
    """A list that narrows as one types: every word typed is somewhere in what stays."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "highlight(1)", show=False),
        Binding("up", "highlight(-1)", show=False),
    ]

    def __init__(self, title: str, choices: Sequence[tuple[str, T]]) -> None:
        super().__init__()
        self._title = title
        self._choices = choices
        self._shown: list[T] = []

    def compose(self) -> ComposeResult:
        """A text box above the list."""
        with Vertical(classes="dialog") as frame:
            frame.border_title = Content(clean(self._title, 60))
            yield TextBox(placeholder="type to narrow")
            yield OptionList()

    def on_mount(self) -> None:
        """All choices at first."""
        self._narrow("")

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._narrow(event.value)

    def _narrow(self, text: str) -> None:
        words = words_filter(text)
        kept = [(label, choice) for label, choice in self._choices if words is None or words.occur_in(label)]
        if words:
            kept.sort(
                key=lambda each: each[0].casefold().index(words.words[0])
            )  # what begins with it is likelier meant
        self._shown = [choice for _, choice in kept[:MOST_CHOICES]]
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options(Option(Content(clean(label, 80))) for label, _ in kept[:MOST_CHOICES])
        more = f"{len(kept) - MOST_CHOICES:,} more: type to narrow · " if len(kept) > MOST_CHOICES else ""
        self.query_one(".dialog").border_subtitle = Content(f"{more}enter chooses · esc closes")
        options.highlighted = 0 if kept else None

    @on(Input.Submitted)
    def _entered(self) -> None:
        highlighted = self.query_one(OptionList).highlighted
        if highlighted is not None:
            self.dismiss(self._shown[highlighted])

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._shown[event.option_index])
