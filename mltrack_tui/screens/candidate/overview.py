"""What a candidate is, in one page of text."""

from collections.abc import Iterable, Iterator, Sequence

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from mltrack_tui.domain.entities import NOTE_TAG, Candidate, CandidateDetail, CandidateId, Dataset, Link
from mltrack_tui.domain.query import Lifecycle
from mltrack_tui.domain.text import clean, clean_lines
from mltrack_tui.domain.times import ago, duration, instant
from mltrack_tui.screens.candidate.told import told, told_schema
from mltrack_tui.screens.candidate.usage import UsageLine
from mltrack_tui.screens.candidates.looks import STATUS_CELLS
from mltrack_tui.sources.base import Capability
from mltrack_tui.widgets.cells import MISSING
from mltrack_tui.widgets.reading import TextScroll

LONGEST_NOTE = 20_000
"""Characters of a note that are rendered; what is left out is said."""
LONGEST_LINE = 2_000
MOST_CHILDREN = 50
_LABEL, _LONGEST_LABEL = 12, 24
_GAP = "   "
Line = tuple[str, RenderableType]
"""What a fact is called, and what it is."""


class OverviewPane(TextScroll):
    """Facts in two columns, how it gets on, what the machine was used for, the note, then the datasets."""

    def __init__(self, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._facts = Static(id="facts")
        self._progress = Static()
        self._usage = Static(id="usage")
        self._shown: CandidateId | None = None
        self._label = _LABEL
        self._note = Static(id="note")
        self._datasets = Static(id="datasets")

    def compose(self) -> ComposeResult:
        """Each part in its own widget, so that each wraps as it wants."""
        yield self._facts
        yield self._progress
        yield self._usage
        yield self._note
        yield self._datasets

    def show(self, detail: CandidateDetail, now: int, datasets: Capability) -> None:
        """Show another candidate."""
        lines = [*_facts(detail, now), *_children(detail.children, every=detail.every_child)]
        label = self._label = max(_LABEL, *(cell_len(label) for label, _ in lines))
        self._facts.update(_table(lines, label))
        self._datasets.update(_table(_datasets(detail.datasets, datasets), label))
        self._note.update(_note(detail.candidate.tags.get(NOTE_TAG, "")))
        self._note.display = bool(detail.candidate.tags.get(NOTE_TAG, "").strip())
        if self._shown != detail.candidate.id:
            self.show_usage(())
            self.scroll_home(animate=False)
        self._shown = detail.candidate.id

    @property
    def room(self) -> int:
        """Terminal cells behind the labels."""
        return self._facts.size.width - self._label - 1

    def show_progress(self, lines: Sequence[UsageLine]) -> None:
        """Show how the candidate gets on."""
        self._show_lines(self._progress, lines)

    def show_usage(self, lines: Sequence[UsageLine]) -> None:
        """Show what the candidate used of its machine."""
        self._show_lines(self._usage, lines)

    def _show_lines(self, where: Static, lines: Sequence[UsageLine]) -> None:
        labelled = (Content.assemble((label.ljust(self._label + 1), "dim"), told) for label, told in lines)
        text = Content("\n").join(labelled)
        if where.content != text or where.display != bool(lines):
            where.update(text)
            where.display = bool(lines)


class _Linked:
    """A text and the URL where it is looked at: behind it or, where the line is too short for both, below it."""

    def __init__(self, link: Link) -> None:
        self._text = clean(link.text, LONGEST_LINE)
        self._url = clean(link.url or "", LONGEST_LINE)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """One line or more."""
        both = cell_len(self._text) + len(_GAP) + cell_len(self._url) <= options.max_width
        gap = (_GAP if both else "\n") if self._text and self._url else ""
        yield Text.assemble(self._text, gap, (self._url, "dim"), overflow="fold")


def _table(lines: Iterable[Line], label: int) -> Table:
    """Two columns, so that what does not fit in a line goes on below itself."""
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(width=label, style="dim")
    table.add_column(overflow="fold")
    for line in lines:
        table.add_row(*line)
    return table


def _line(label: str, value: str | None, style: str = "") -> Line:
    text = MISSING.text if value is None else clean(value, LONGEST_LINE)
    return label, Text(text, style if value is not None else "dim")


def _facts(detail: CandidateDetail, now: int) -> Iterator[Line]:
    candidate, tags = detail.candidate, detail.candidate.tags
    yield _line("name", candidate.name, "bold")
    yield _line("status", _status(candidate))
    yield _line("started", _moment(candidate.start_time, now))
    yield _line("ended", _moment(candidate.end_time, now))
    yield _line("duration", _length(candidate, now))
    yield _line("user", candidate.user)
    yield _line("source", tags.get("mlflow.source.name"))
    yield _line("git commit", _commit(candidate))
    for link in detail.origin:
        yield clean(link.label, _LONGEST_LABEL), _Linked(link)
    yield _line("id", candidate.id.candidate_id)
    yield _line("experiment", f"{detail.experiment_name}  (id {candidate.id.experiment_id})")
    yield _line("artifacts", candidate.artifact_uri)
    for version in detail.versions:
        yield _line("model", f"{version.model} {version.version}   {version.marks}".rstrip())
    if detail.parent is not None:
        yield _line("parent", _one_line(detail.parent))


def _status(candidate: Candidate) -> str | None:
    deleted = "" if Lifecycle.ACTIVE.admits(candidate.lifecycle_stage) else "   ⊘ deleted"
    status = f"{_glyph(candidate)} {candidate.status.lower()}" if candidate.status else ""
    return f"{status}{deleted}".strip() or None


def _glyph(candidate: Candidate) -> str:
    return STATUS_CELLS.get(candidate.status or "", MISSING).text


def _moment(ms: int | None, now: int) -> str | None:
    return None if ms is None else f"{instant(ms, None)}   {ago(ms, now)}"


def _length(candidate: Candidate, now: int) -> str | None:
    if candidate.status == "RUNNING" and candidate.start_time is not None and candidate.end_time is None:
        return f"{duration(now - candidate.start_time)} so far"
    return None if candidate.duration is None else duration(candidate.duration)


def _commit(candidate: Candidate) -> str | None:
    commit = candidate.tags.get("mlflow.source.git.commit")
    branch = candidate.tags.get("mlflow.source.git.branch")
    return f"{commit}   {branch}" if commit and branch else commit


def _one_line(candidate: Candidate) -> str:
    return f"{_glyph(candidate)} {candidate.name or MISSING.text}   {candidate.id.candidate_id}"


def _children(children: Sequence[Candidate], *, every: bool) -> Iterator[Line]:
    for index, child in enumerate(children[:MOST_CHILDREN]):
        yield _line(f"children {len(children):,}" if index == 0 else "", _one_line(child))
    if len(children) > MOST_CHILDREN:
        yield _line("", f"… and {len(children) - MOST_CHILDREN:,} more")
    if children and not every:
        yield _line("", "of those loaded", "dim")


def _datasets(datasets: Sequence[Dataset], capability: Capability) -> Iterator[Line]:
    if not capability:
        yield "datasets", Text(clean(capability.reason or ""), "dim")
    for dataset in datasets:
        yield "", Text("")
        context = f"   {dataset.context}" if dataset.context else ""
        yield _line("dataset", f"{dataset.name}   {dataset.digest}{context}")
        if dataset.source:
            yield _line("  source", f"{dataset.source_type or ''}   {told(dataset.source)}".strip())
        if dataset.schema:
            yield _line("  schema", told_schema(dataset.schema))
        if dataset.profile:
            yield _line("  profile", told(dataset.profile))


def _note(text: str) -> RenderableType:
    """The note rendered as Markdown, its links as text: nothing in it can be followed or pressed."""
    if not text.strip():
        return ""
    shown = clean_lines(text[:LONGEST_NOTE])
    left_out = len(text) - LONGEST_NOTE
    more = f"\n\n… {left_out:,} more characters." if left_out > 0 else ""
    from rich.markdown import Markdown  # when the first note is shown

    return Markdown(shown + more, hyperlinks=False)
