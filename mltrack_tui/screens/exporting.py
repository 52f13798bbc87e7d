"""Writing the table that is shown to a file or the clipboard: as what, where to, and how far it is."""

import asyncio
import io
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import ClassVar, TypeVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, ProgressBar, Static
from textual.widgets.option_list import Option

from mltrack_tui.analysis.order import logged_value
from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.domain.query import Column, Kind
from mltrack_tui.domain.text import clean
from mltrack_tui.export.saving import saved
from mltrack_tui.export.shape import Form
from mltrack_tui.export.table import Exportable, FileFormat, Heading, Row, write_table
from mltrack_tui.screens.dialogs import KeyedDialog
from mltrack_tui.sources.base import Source, SourceBusy, SourceError

T = TypeVar("T")
BATCH, SLICE = 1000, 100
"""Rows that are read at once, and that are written before the keys are listened to again."""
MOST_COPIED = 1_000_000
"""Characters that are put on a clipboard; terminals take less rather than more."""
RETRY = 0.5
"""Seconds between two questions to a source that is busy."""
Target = tuple[str, str, str, bool]
"""A key, what it chooses, how a file's name then ends, and whether it is a file."""
_TARGETS: Sequence[Target] = (
    ("c", "CSV file", FileFormat.CSV, True),
    ("j", "JSON file", FileFormat.JSON, True),
    ("m", "Markdown file", FileFormat.MARKDOWN, True),
    ("C", "CSV to the clipboard", FileFormat.CSV, False),
    ("J", "JSON to the clipboard", FileFormat.JSON, False),
    ("M", "Markdown to the clipboard", FileFormat.MARKDOWN, False),
)


class ExportDialog(KeyedDialog[str]):
    """Asks for the format, then for a file's name; ``escape`` cancels. Answers with what to tell the user."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("q", "leave", show=False)]

    def __init__(self, table: Exportable, targets: Sequence[Target] = _TARGETS) -> None:
        super().__init__()
        self._table = table
        self._targets = targets
        self.format = ""
        self._options = OptionList(
            *(Option(Content.assemble((f"{key}  ", "$accent"), label)) for key, label, *_ in targets)
        )
        self._label = Static(classes="label")
        self._box = Input(select_on_focus=False)
        self._bar = ProgressBar(show_eta=False)
        self._progress = Static(id="progress")
        self._overwrite: Path | None = None
        self._done = 0

    @property
    def title_text(self) -> str:
        """What is exported."""
        return f"Export {self._table.count:,} rows, {len(self._table.headings):,} columns"

    def compose(self) -> ComposeResult:
        """The choices; then the file's name, a bar, a sentence."""
        with Vertical(classes="dialog small") as frame:
            frame.border_title = Content(self.title_text)
            frame.border_subtitle = "enter chooses · esc closes"
            yield self._options
            yield self._label
            yield self._box
            yield self._bar
            yield self._progress

    def on_mount(self) -> None:
        """Only the choices at first, and what is not in the table."""
        self._label.display = self._box.display = self._bar.display = False
        if self._table.note:
            self._say(self._table.note, "warning")

    @property
    def choice_keys(self) -> Sequence[str]:
        """The formats have a key each, until one was chosen."""
        return [key for key, *_ in self._targets] if self._options.display else ()

    def choose(self, index: int) -> None:
        """Export in this format; a file's name is asked for."""
        _, _, self.format, is_file = self._targets[index]
        self._options.display = False
        if not is_file:
            self._export(self.copy)
            return
        self._box.value = f"{file_stem(self._table.name)}.{self.format}"
        self._label.update(Content(f"to a file in {clean(str(Path.cwd()))}"))
        self._box.display = self._label.display = True
        self._box.focus()
        self._box.cursor_position = len(self._box.value)
        self.query_one(".dialog").border_subtitle = "enter writes · esc cancels"

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        if event.value.strip():
            path = Path(event.value.strip()).expanduser()
            self._export(partial(self.save, path, overwrite=path == self._overwrite))

    @work(exclusive=True)
    async def _export(self, export: Callable[[], Awaitable[str]]) -> None:
        self._box.disabled = True
        self._tell(0)
        try:
            told = await export()
        except SourceError as error:
            self._say(str(error), "error")
        except FileExistsError as error:
            self._overwrite = Path(error.filename)
            self._say("There is such a file already: enter again overwrites it; or change the name.", "warning")
        except (OSError, ValueError) as error:  # ValueError: a NUL in the name
            self._say(f"It cannot be written: {getattr(error, 'strerror', None) or error}.", "error")
        else:
            self.answer(told)
        self._box.disabled = False
        self._box.focus()

    async def save(self, path: Path, *, overwrite: bool) -> str:
        """Write a file; returns what to tell the user. Raises what `saved` does, and SourceError."""
        with saved(path, overwrite=overwrite) as file:
            await write_table(self._table, FileFormat(self.format), file, self._watched())
        return f"Wrote {self._done:,} rows to {path}"

    async def copy(self) -> str:
        """Put it on the clipboard; returns what to tell the user. Raises ValueError of too much, and SourceError."""
        text = io.StringIO()
        await write_table(self._table, FileFormat(self.format), text, self._watched(text))
        self.app.copy_to_clipboard(text.getvalue())
        return f"Copied {self._done:,} rows, {len(text.getvalue()):,} characters."

    async def _watched(self, copied: io.StringIO | None = None) -> AsyncIterator[Sequence[Row]]:
        """The rows in small slices; between them the keys are listened to and progress is told."""
        self._done = 0
        async for batch in self._table.batches():
            for start in range(0, len(batch), SLICE):
                rows = batch[start : start + SLICE]
                yield rows
                self._done += len(rows)
                self._tell(self._done)
                await asyncio.sleep(0)
                if copied is not None and copied.tell() > MOST_COPIED:
                    raise ValueError(f"more than {MOST_COPIED:,} characters are too much for a clipboard")

    def _say(self, text: str, tone: str) -> None:
        self._bar.display = False
        self._progress.update(Content.styled(clean(text), f"${tone}"))

    def _tell(self, done: int) -> None:
        self._bar.display = True
        self._bar.update(total=self._table.count, progress=done)
        self._progress.update(f"{done:,} of {self._table.count:,} rows")


def file_stem(name: str) -> str:
    """A name for a file of its own, whatever it was made of: ``churn model/2`` becomes ``churn-model-2``."""
    return re.sub(r"[^\w.+-]+", "-", clean(name, 80)).strip("-.") or "table"


def table_of(name: str, headings: Sequence[Heading], rows: Sequence[Row], note: str = "") -> Exportable:
    """A table whose rows are all at hand."""

    async def batches() -> AsyncIterator[Sequence[Row]]:
        yield rows

    return Exportable(name, headings, len(rows), batches, note)


def candidates_table(
    name: str, source: Source, ids: Sequence[CandidateId], columns: Sequence[Column], note: str = ""
) -> Exportable:
    """Candidates in this order with these columns, read from their source when they are written."""
    logged = [column for column in columns if column.kind is not Kind.ATTRIBUTE]

    async def batches() -> AsyncIterator[Sequence[Row]]:
        for start in range(0, len(ids), BATCH):
            candidates = await _patiently(partial(source.read, ids[start : start + BATCH], logged))
            for first in range(0, len(candidates), SLICE):
                part = candidates[first : first + SLICE]
                yield [[logged_value(candidate, column) for column in columns] for candidate in part]

    return Exportable(name, [Heading(str(column), _form(column)) for column in columns], len(ids), batches, note)


def _form(column: Column) -> Form:
    if column.kind in {Kind.METRIC, Kind.USAGE}:
        return Form.EXACT
    if column.kind is Kind.PARAM:
        return Form.PARAMETER
    return {"created": Form.TIME, "ended": Form.TIME, "duration": Form.DURATION}.get(column.name, Form.TEXT)


async def _patiently(ask: Callable[[], Awaitable[T]]) -> T:
    """Ask a source, and again for as long as it is busy."""
    while True:
        try:
            return await ask()
        except SourceBusy:
            await asyncio.sleep(RETRY)
