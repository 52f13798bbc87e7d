"""What a candidate is, in one page of text."""

import json
from collections.abc import Iterable, Iterator

from rich.console import RenderableType
from rich.markdown import Markdown
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from mltrack_tui.domain.entities import NOTE_TAG, Candidate, CandidateDetail, Dataset
from mltrack_tui.domain.query import Lifecycle
from mltrack_tui.domain.text import clean, clean_lines
from mltrack_tui.domain.times import ago, duration, instant
from mltrack_tui.screens.table import STATUS
from mltrack_tui.sources.base import Capability
from mltrack_tui.widgets.cells import MISSING

LONGEST_NOTE = 20_000
"""Characters of a note that are rendered; what is left out is said."""
LONGEST_LINE = 2_000
MOST_CHILDREN = 50
_LABEL = 12


class OverviewPane(VerticalScroll):
    """Facts in two columns, then datasets, children and the note."""

    def compose(self) -> ComposeResult:
        """Facts above, the note below."""
        yield Static(id="facts")
        yield Static(id="note")

    def show(self, detail: CandidateDetail, now: int, datasets: Capability) -> None:
        """Show another candidate."""
        lines = [*_facts(detail, now), *_datasets(detail.datasets, datasets), *_children(detail.children)]
        self.query_one("#facts", Static).update(Content("\n").join(lines))
        self.query_one("#note", Static).update(_note(detail.candidate.tags.get(NOTE_TAG, "")))
        self.scroll_home(animate=False)


def _fact(label: str, value: str | None, style: str = "") -> Content:
    text = MISSING.text if value is None else clean(value, LONGEST_LINE)
    return Content.styled(f"{label:<{_LABEL}}", "$dim") + Content.styled(text, style if value is not None else "$dim")


def _facts(detail: CandidateDetail, now: int) -> Iterator[Content]:
    candidate, tags = detail.candidate, detail.candidate.tags
    glyph = STATUS.get(candidate.status or "", MISSING).text
    deleted = "" if Lifecycle.ACTIVE.admits(candidate.lifecycle_stage) else "   ⊘ deleted"
    yield _fact("name", candidate.name, "bold")
    yield _fact("status", f"{glyph} {candidate.status.lower()}{deleted}" if candidate.status else None)
    yield _fact("started", _moment(candidate.start_time, now))
    yield _fact("ended", _moment(candidate.end_time, now))
    yield _fact("duration", _length(candidate, now))
    yield _fact("user", candidate.user)
    yield _fact("source", tags.get("mlflow.source.name"))
    yield _fact("git commit", _commit(candidate))
    yield _fact("id", candidate.id.candidate_id)
    yield _fact("experiment", f"{detail.experiment_name}  (id {candidate.id.experiment_id})")
    yield _fact("artifacts", candidate.artifact_uri)
    if detail.parent is not None:
        yield _fact("parent", _one_line(detail.parent))


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
    glyph = STATUS.get(candidate.status or "", MISSING).text
    return f"{glyph} {candidate.name or MISSING.text}   {candidate.id.candidate_id}"


def _children(children: tuple[Candidate, ...]) -> Iterator[Content]:
    if children:
        yield Content("")
        yield Content.styled(f"children {len(children):,}", "bold")
        yield from (Content("  " + clean(_one_line(child), LONGEST_LINE)) for child in children[:MOST_CHILDREN])
        if len(children) > MOST_CHILDREN:
            yield Content.styled(f"  … and {len(children) - MOST_CHILDREN:,} more", "$dim")


def _datasets(datasets: Iterable[Dataset], capability: Capability) -> Iterator[Content]:
    datasets = tuple(datasets)
    if not datasets and capability:
        return
    yield Content("")
    yield Content.styled("datasets", "bold")
    if not capability:
        yield Content.styled(f"  {clean(capability.reason or '', LONGEST_LINE)}", "$dim")
    for dataset in datasets:
        context = f"   {dataset.context}" if dataset.context else ""
        yield Content("  " + clean(f"{dataset.name}   {dataset.digest}{context}", LONGEST_LINE))
        for label, value, told in (
            ("source", dataset.source, _told_as_it_is),
            ("schema", dataset.schema, _told_schema),
            ("profile", dataset.profile, _told_profile),
        ):
            if value:
                kind = f"{dataset.source_type}  " if label == "source" and dataset.source_type else ""
                yield Content.styled(f"    {label:<8}", "$dim") + Content(clean(kind + told(value), LONGEST_LINE))


def _told_as_it_is(text: str) -> str:
    return text


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _told_schema(text: str) -> str:
    """The columns of MLflow's ``mlflow_colspec`` as ``name: type``; anything else as it is."""
    parsed = _parsed(text)
    spec = parsed.get("mlflow_colspec") if isinstance(parsed, dict) else None
    if not isinstance(spec, list) or not all(isinstance(column, dict) for column in spec):
        return text
    return ", ".join(f"{column.get('name', '')}: {column.get('type', '')}" for column in spec)


def _told_profile(text: str) -> str:
    """MLflow's profile is a JSON object of numbers: ``num_rows 1797``."""
    parsed = _parsed(text)
    return ", ".join(f"{key} {value}" for key, value in parsed.items()) if isinstance(parsed, dict) else text


def _note(text: str) -> RenderableType:
    """The note rendered as Markdown, its links as text: nothing in it can be followed or pressed."""
    if not text.strip():
        return ""
    shown = clean_lines(text[:LONGEST_NOTE])
    left_out = len(text) - LONGEST_NOTE
    more = f"\n\n… {left_out:,} more characters." if left_out > 0 else ""
    return Markdown("---\n\n" + shown + more, hyperlinks=False)
