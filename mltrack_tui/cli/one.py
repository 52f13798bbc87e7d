"""Commands about one candidate: what it is, and how a metric went."""

from collections.abc import AsyncIterator, Iterator, Sequence

import click

from mltrack_tui.cli import shapes
from mltrack_tui.cli.asking import Asker, answer
from mltrack_tui.cli.find import find_candidate, require_metric
from mltrack_tui.cli.options import Format, format_option, project_option, source_option
from mltrack_tui.cli.printing import at_once, write_object, write_rows
from mltrack_tui.domain.entities import Candidate, CandidateDetail
from mltrack_tui.domain.history import History
from mltrack_tui.domain.query import Columns
from mltrack_tui.export.human import shown
from mltrack_tui.export.shape import Form
from mltrack_tui.sources.pages import final

_BATCH = 10_000


@click.command
@click.argument("candidate_id")
@source_option
@project_option
@format_option
def show(candidate_id: str, source: str | None, project: str | None, format_: Format) -> None:
    """Show all that one candidate is and logged.

    \b
    mltrack show 0dcb210f2260477c86dec97050ef4a9b --format json
    """

    async def command(ask: Asker) -> None:
        candidate = await find_candidate(ask, candidate_id, project)
        detail = await ask(lambda: ask.source.detail(candidate))
        if format_ is Format.JSON:
            write_object(shapes.candidate_record(detail.candidate))
        elif format_ is Format.CSV:
            columns = Columns(tuple(sorted(detail.candidate.params)), tuple(sorted(detail.candidate.metrics)))
            await write_rows(format_, shapes.candidates(columns, {}), at_once([detail.candidate]))
        else:
            await write_rows(format_, shapes.properties(), at_once(list(_properties(detail))))

    answer(source, command)


def _properties(detail: CandidateDetail) -> Iterator[tuple[str, str]]:
    candidate = detail.candidate
    yield "id", candidate.id.candidate_id
    yield "name", shown(candidate.name, Form.TEXT)
    yield "experiment", f"{detail.experiment_name} (id {candidate.id.experiment_id})"
    yield "project", candidate.id.project
    yield "status", shown(candidate.status, Form.TEXT)
    yield "created", shown(candidate.start_time, Form.TIME)
    yield "ended", shown(candidate.end_time, Form.TIME)
    yield "duration", shown(candidate.duration, Form.DURATION)
    yield "user", shown(candidate.user, Form.TEXT)
    yield "lifecycle", candidate.lifecycle_stage
    yield "artifact_uri", shown(candidate.artifact_uri, Form.TEXT)
    for version in detail.versions:
        yield "model", f"{version.model} {version.version} {version.marks}".rstrip()
    if detail.parent is not None:
        yield "parent", _reference(detail.parent)
    for child in detail.children:
        yield "child", _reference(child)
    for dataset in detail.datasets:
        kind = f" [{dataset.context}]" if dataset.context else ""
        yield "dataset", f"{dataset.name} {dataset.digest}{kind} {dataset.source or ''}".rstrip()
        if dataset.schema:
            yield "dataset.schema", dataset.schema
        if dataset.profile:
            yield "dataset.profile", dataset.profile
    for name, param in sorted(candidate.params.items()):
        yield f"params.{name}", param
    for name, value in sorted(candidate.metrics.items()):
        yield f"metrics.{name}", shown(value, Form.EXACT)
    for name, tag in sorted(candidate.tags.items()):
        yield f"tags.{name}", tag


def _reference(candidate: Candidate) -> str:
    return f"{candidate.id.candidate_id} {candidate.name or ''}".rstrip()


@click.command
@click.argument("candidate_id")
@click.argument("metric")
@source_option
@project_option
@format_option
def history(candidate_id: str, metric: str, source: str | None, project: str | None, format_: Format) -> None:
    """Print every point of a metric.

    In order of step, time, value.

    \b
    mltrack history 0dcb210f2260477c86dec97050ef4a9b val/loss --format csv
    """

    async def command(ask: Asker) -> None:
        candidate = await find_candidate(ask, candidate_id, project)
        logged = await ask(lambda: final(ask.source.history(candidate, metric)))
        if not len(logged):
            await require_metric(ask, candidate, metric)
        await write_rows(format_, shapes.points(), _points(logged, timed=bool(ask.source.capabilities.times)))

    answer(source, command)


async def _points(history: History, *, timed: bool) -> AsyncIterator[Sequence[shapes.Point]]:
    """The points of a history; their times are missing where the source does not know them."""
    for start in range(0, len(history), _BATCH):
        part = slice(start, start + _BATCH)
        points = zip(history.steps[part], history.timestamps[part], history.values[part], strict=True)
        yield [(step, at if timed else None, value) for step, at, value in points]
