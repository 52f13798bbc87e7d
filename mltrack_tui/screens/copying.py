"""What can be copied, and the small dialog that asks which; the text itself can always be seen."""

from collections.abc import Sequence
from typing import ClassVar, NamedTuple
from urllib.parse import quote

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.domain.text import clean, clean_lines
from mltrack_tui.screens.dialogs import LONGEST_VALUE, KeyedDialog
from mltrack_tui.widgets.reading import TextScroll


class Copyable(NamedTuple):
    """A text that may be copied: the key that does it in the dialog, what it is, and exactly what is copied."""

    key: str
    label: str
    text: str


class CopyDialog(KeyedDialog[str]):
    """Which text to copy: its key, or enter for the one that is highlighted. Answers with what to tell the user."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "highlight(1)", show=False),
        Binding("k", "highlight(-1)", show=False),
        Binding("q", "leave", show=False),
    ]

    def __init__(self, choices: Sequence[Copyable]) -> None:
        super().__init__()
        self._choices = choices
        self._text = Static(id="text")

    def compose(self) -> ComposeResult:
        """The choices, and the text of the highlighted one, for terminals that take nothing onto their clipboard."""
        with Vertical(classes="dialog") as frame:
            frame.border_title = "Copy"
            frame.border_subtitle = "enter copies · esc closes"
            yield OptionList(*(self._option(choice) for choice in self._choices))
            with TextScroll(can_focus=False):
                yield self._text

    def _option(self, choice: Copyable) -> Option:
        return Option(Content.assemble((f"{choice.key}  ", "$accent"), clean(choice.label, 60)))

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        text = self._choices[event.option_index].text
        left_out = len(text) - LONGEST_VALUE
        note = f"\n… {left_out:,} more characters" if left_out > 0 else ""
        self._text.update(Content(clean_lines(text[:LONGEST_VALUE])) + Content.styled(note, "$warning"))

    @property
    def choice_keys(self) -> Sequence[str]:
        """What can be copied has a key each."""
        return [choice.key for choice in self._choices]

    def choose(self, index: int) -> None:
        """Copy it."""
        choice = self._choices[index]
        self.app.copy_to_clipboard(choice.text)
        self.dismiss(f"Copied {choice.label}, {len(choice.text):,} characters.  {choice.text[:200]}")


def candidate_choices(candidate: CandidateId, name: str | None, location: str) -> list[Copyable]:
    """What of a candidate may be wanted elsewhere; ``location`` is its source's."""
    id_ = candidate.candidate_id
    return [
        Copyable("i", "candidate id", id_),
        *([Copyable("n", "name", name)] if name is not None else []),
        Copyable("u", "URI", f"runs:/{id_}/"),
        Copyable("p", "Python that loads it with mlflow", python_snippet(candidate, location)),
    ]


def python_snippet(candidate: CandidateId, location: str) -> str:
    """Python that loads a candidate with mlflow (3.10 or newer, where its project is not the only one)."""
    uri = location if "://" in location else "sqlite:///" + quote(location)
    project = candidate.project
    lines = [
        "import mlflow",
        "",
        f"mlflow.set_tracking_uri({uri!r})",
        *([] if project == "default" else [f"mlflow.set_workspace({project!r})"]),
        f"run = mlflow.get_run({candidate.candidate_id!r})",
        "print(run.data.params, run.data.metrics)",
    ]
    return "\n".join(lines) + "\n"


def row_choice(columns: Sequence[tuple[str, str]]) -> Copyable:
    """A row, of column titles and full values, as a table in Markdown."""
    from mltrack_tui.export.as_markdown import line, literal

    titles, values = zip(*columns, strict=True)
    text = line(map(literal, titles)) + line("---" for _ in titles) + line(map(literal, values))
    return Copyable("m", "row as Markdown", text)
