"""Commands that list: projects, experiments, candidates."""

from collections.abc import AsyncIterator, Sequence
from functools import partial

import click

from mltrack_tui.cli import shapes
from mltrack_tui.cli.asking import Asker, answer
from mltrack_tui.cli.errors import CommandError, Status, nearest, suggestion
from mltrack_tui.cli.find import experiments_of, find_experiments, project_names, require_lifecycle
from mltrack_tui.cli.options import Format, format_option, lifecycle_option, project_option, source_option
from mltrack_tui.cli.printing import at_once, write_rows
from mltrack_tui.domain.entities import Candidate, CandidateId
from mltrack_tui.domain.filter import words_filter
from mltrack_tui.domain.query import ATTRIBUTES, Column, Columns, Kind, Lifecycle, Order, Query
from mltrack_tui.sources.base import final

_BATCH = 2000
_WRONG = Status.WRONG_COMMAND_LINE


@click.command
@source_option
@format_option
def projects(source: str | None, format_: Format) -> None:
    """List the projects (MLflow: workspaces) of a source."""

    async def command(ask: Asker) -> None:
        page = await ask(lambda: final(ask.source.projects()))
        await write_rows(format_, shapes.projects(), at_once(page.items))

    answer(source, command)


@click.command
@source_option
@project_option
@lifecycle_option
@format_option
def experiments(source: str | None, project: str | None, lifecycle: Lifecycle, format_: Format) -> None:
    """List experiments, of all projects unless one is named."""

    async def command(ask: Asker) -> None:
        names = await project_names(ask, project)
        require_lifecycle(ask, lifecycle)
        found = await experiments_of(ask, names, lifecycle)
        await write_rows(format_, shapes.experiments(), at_once(found))

    answer(source, command)


@click.command
@click.argument("experiments", metavar="EXPERIMENT...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every experiment of the project.")
@source_option
@project_option
@click.option("--sort", metavar="KEY", multiple=True, help="name, created, params.lr, -metrics.loss …; repeatable.")
@click.option("--name", metavar="TEXT", default="", help="Only those whose name holds these words.")
@lifecycle_option
@click.option("--limit", metavar="N", type=click.IntRange(min=0), help="No more than N.")
@format_option
def candidates(
    *,
    experiments: tuple[str, ...],
    everything: bool,
    source: str | None,
    project: str | None,
    sort: tuple[str, ...],
    name: str,
    lifecycle: Lifecycle,
    limit: int | None,
    format_: Format,
) -> None:
    """List the candidates (MLflow: runs) of an experiment.

    EXPERIMENT is a name or an id; several may be given. A sort KEY is an attribute, params.NAME, metrics.NAME or
    tags.NAME; with a leading - it sorts descending. Several make secondary keys.

    \b
    mltrack candidates digits --sort=-metrics.val/accuracy --limit 10
    mltrack candidates --all --format csv > candidates.csv
    """
    if everything == bool(experiments):
        raise CommandError(
            "name an EXPERIMENT, or say --all" if not everything else "--all is every EXPERIMENT already", _WRONG
        )
    order = tuple(map(_order, sort))

    async def command(ask: Asker) -> None:
        found = await find_experiments(ask, experiments, project)
        require_lifecycle(ask, lifecycle)
        names = {experiment.experiment_id: experiment.name for experiment in found}
        if not found:
            await write_rows(format_, shapes.candidates(Columns(), names), at_once([]))
            return
        query = Query(found[0].project, tuple(names), words_filter(name), lifecycle, order)
        await _require_logged(ask, query)
        page = await ask(lambda: final(ask.source.candidates(query)))
        chosen = page.items if limit is None else page.items[:limit]
        if format_ is Format.JSON:
            await write_rows(format_, shapes.candidates(Columns(), names), _read(ask, chosen, None))
            return
        columns = await ask(lambda: final(ask.source.columns(query.project, query.experiments)))
        await write_rows(format_, shapes.candidates(columns, names), _read(ask, chosen, _wanted(columns)))

    answer(source, command)


def _order(text: str) -> Order:
    try:
        return Order.parse(text)
    except ValueError:
        key = text.removeprefix("-")
        near = suggestion(nearest(key, ATTRIBUTES), f"; a key is one of {', '.join(ATTRIBUTES)}, params.… or metrics.…")
        raise CommandError(f"--sort: there is no key {key}{near}", _WRONG) from None


async def _require_logged(ask: Asker, query: Query) -> None:
    """Raise a CommandError where a parameter or metric to sort by was logged by no candidate."""
    keys = [order.column for order in query.order if order.column.kind in {Kind.PARAM, Kind.METRIC}]
    if not keys:
        return
    known = _wanted(await ask(lambda: final(ask.source.columns(query.project, query.experiments))))
    for key in keys:
        if key not in known:
            near = suggestion(nearest(str(key), map(str, known)))
            raise CommandError(f"--sort: no candidate logged {key}{near}")


def _wanted(columns: Columns) -> list[Column]:
    return [
        *(Column(Kind.PARAM, param) for param in columns.params),
        *(Column(Kind.METRIC, metric) for metric in columns.metrics),
    ]


async def _read(
    ask: Asker, chosen: Sequence[CandidateId], columns: Sequence[Column] | None
) -> AsyncIterator[Sequence[Candidate]]:
    for start in range(0, len(chosen), _BATCH):
        batch = chosen[start : start + _BATCH]
        yield await ask(partial(ask.source.read, batch, columns))
