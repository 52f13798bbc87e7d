"""Commands that list: projects, experiments, candidates."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import click

from mltrack_tui.cli import asked, shapes
from mltrack_tui.cli.asking import Asker, answer
from mltrack_tui.cli.errors import CommandError, Status, nearest, suggestion
from mltrack_tui.cli.find import experiments_of, find_experiments, project_names, require_lifecycle, require_told
from mltrack_tui.cli.options import Format, format_option, lifecycle_option, project_option, source_option
from mltrack_tui.cli.printing import at_once, write_rows
from mltrack_tui.domain.cells import logged_value
from mltrack_tui.domain.entities import Candidate, CandidateId, Project
from mltrack_tui.domain.page import Page
from mltrack_tui.domain.query import Column, Columns, Kind, Lifecycle, Query
from mltrack_tui.sources.pages import at_hand, final, taken

_BATCH = 2000
_WRONG = Status.WRONG_COMMAND_LINE
_IN_THE_ID = {Column(Kind.ATTRIBUTE, "id"), Column(Kind.ATTRIBUTE, "experiment_id")}


@click.command
@source_option
@click.option("--count", is_flag=True, help="Count their experiments and models too, where each costs a request.")
@format_option
def projects(source: str | None, *, count: bool, format_: Format) -> None:
    """List the projects (MLflow: workspaces) of a source.

    A server that may have thousands (GitLab) is asked how many experiments and models each has only with --count;
    without it the numbers are missing (null).
    """

    async def command(ask: Asker) -> None:
        found = (await ask(lambda: final(ask.source.projects()))).items
        if count:
            found = await ask(partial(_counted, ask, found))
        await write_rows(format_, shapes.projects(found), at_once(found))

    answer(source, command)


async def _counted(ask: Asker, found: Sequence[Project]) -> Sequence[Project]:
    """The same projects, those with numbers that could be counted."""
    names = [project.name for project in found if project.experiments is None]
    numbers = {project.name: project async for project in ask.source.count(names)}
    known = ((each, numbers.get(each.name, each)) for each in found)
    return [replace(each, experiments=number.experiments, models=number.models) for each, number in known]


_filter_option = click.option(
    "--filter", "filter_", metavar="TEXT", default="", help="Only those that a filter admits."
)


@click.command
@source_option
@project_option
@_filter_option
@lifecycle_option
@format_option
def experiments(source: str | None, project: str | None, filter_: str, lifecycle: Lifecycle, format_: Format) -> None:
    """List experiments, of all projects unless one is named.

    \b
    mltrack experiments --filter "name ~ digits and candidates > 10"
    """

    async def command(ask: Asker) -> None:
        names = await project_names(ask, project)
        require_lifecycle(ask, lifecycle)
        found = await experiments_of(ask, names, lifecycle, counted=True)
        admitted = asked.admitted_experiments(filter_, found)
        await write_rows(format_, shapes.experiments(admitted), at_once(admitted))

    answer(source, command)


@click.command
@click.argument("experiments", metavar="EXPERIMENT...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every experiment of the project.")
@source_option
@project_option
@_filter_option
@click.option("--name", metavar="TEXT", default="", help="Only those whose name holds these words.")
@click.option(
    "--sort", metavar="KEY", multiple=True, help="name, params.lr, -metrics.loss, min(metrics.loss) …; repeatable."
)
@click.option("--order-by", metavar="KEY", multiple=True, help="MLflow's: metrics.loss DESC …; repeatable.")
@click.option("--target", metavar="KEY", multiple=True, help="What is best: metrics.loss:min …; repeatable.")
@click.option("--columns", metavar="KEYS", multiple=True, help="Only these: id,name,params.lr,max(metrics.acc) …")
@lifecycle_option
@click.option("--limit", metavar="N", type=click.IntRange(min=0), help="No more than N.")
@format_option
def candidates(
    *,
    experiments: tuple[str, ...],
    everything: bool,
    source: str | None,
    project: str | None,
    filter_: str,
    name: str,
    sort: tuple[str, ...],
    order_by: tuple[str, ...],
    target: tuple[str, ...],
    columns: tuple[str, ...],
    lifecycle: Lifecycle,
    limit: int | None,
    format_: Format,
) -> None:
    """List the candidates (MLflow: runs) of an experiment.

    EXPERIMENT is a name or an id; several may be given. A KEY is an attribute, params.NAME, metrics.NAME or
    tags.NAME, or first, last, min, max, mean or best of a metric, as in max(metrics.NAME). What a candidate used of
    its machine is usage.gpu_hours, usage.cost, usage.mean_gpu and others. To sort, a leading - means descending;
    several make secondary keys. A filter is MLflow's and more: or, not, bare names, ~.

    \b
    mltrack candidates digits --sort=-metrics.val/accuracy --limit 10
    mltrack candidates digits --filter "acc > 0.9 and (lr < 0.1 or status = failed)" --columns id,metrics.acc
    mltrack candidates --all --format csv > candidates.csv
    """
    if everything == bool(experiments):
        raise CommandError(
            "name an EXPERIMENT, or say --all" if not everything else "--all is every EXPERIMENT already", _WRONG
        )
    best = asked.directions(target)
    order = asked.order(sort, order_by, best)
    chosen_columns = asked.columns(columns, best)

    async def command(ask: Asker) -> None:
        found = await find_experiments(ask, experiments, project)
        require_lifecycle(ask, lifecycle)
        require_told(ask, [*chosen_columns, *(key.column for key in order)])
        names = {experiment.experiment_id: experiment.name for experiment in found}
        table = _Table(ask, found[0].project if found else "", names, chosen_columns, format_)
        known = await table.names() if asked.needs_names(filter_) else Columns()
        where = asked.candidates_filter(filter_, name, known, best, ask.source.capabilities)
        query = Query(table.project, tuple(names), where, lifecycle, order)
        ids = await table.candidates(query, limit) if found else []
        if sort:
            await table.require_logged(ids[:1], [key.column for key in order])
        await table.write(ids if limit is None else ids[:limit])

    answer(source, command)


@dataclass
class _Table:
    """The candidates of some experiments, printed with some of their columns; none is all."""

    ask: Asker
    project: str
    experiments: Mapping[str, str]
    chosen: Sequence[Column]
    format_: Format
    _known: Columns | None = None

    async def candidates(self, query: Query, limit: int | None) -> Sequence[CandidateId]:
        """Those that answer a query: all, or as many as it takes to know the first so many."""

        def enough(page: Page[CandidateId]) -> bool:
            return limit is not None and page.on_demand and page.in_place(query) and len(page.items) >= limit

        return (await self.ask(lambda: taken(self.ask.source.candidates(query), enough))).items

    async def known(self) -> Columns:
        """The parameters and metrics there are; a server's are those of the candidates that were fetched."""
        if self.experiments and (self._known is None or not self._known.complete):
            ids = tuple(self.experiments)
            self._known = await self.ask(lambda: final(self.ask.source.columns(self.project, ids)))
        return self._known or Columns()

    async def names(self) -> Columns:
        """The same for a filter that needs names: of a server, those of a first page of candidates at least."""
        known = await self.known()
        if not known.complete:
            query = Query(self.project, tuple(self.experiments))
            await self.ask(lambda: at_hand(self.ask.source.candidates(query)))
        return await self.known()

    async def require_logged(self, first: Sequence[CandidateId], keys: Sequence[Column]) -> None:
        """Raise a CommandError where nobody logged a parameter or metric that was sorted by.

        Whoever has a value stands first: where the first one has, the list of all columns need not be read.
        """
        keys = [replace(key, aggregate=None) for key in keys if key.kind in {Kind.PARAM, Kind.METRIC}]
        leaders = await self.ask(lambda: self.ask.source.read(first, keys)) if first and keys else []
        for key in keys:
            if not any(logged_value(leader, key) is not None for leader in leaders):
                known = _logged(await self.known())
                if key not in known:
                    near = suggestion(nearest(str(key), map(str, known)))
                    raise CommandError(f"--sort: no candidate logged {key}{near}")

    async def write(self, rows: Sequence[CandidateId]) -> None:
        """Print some candidates."""
        if self.chosen:
            shape, wanted = shapes.chosen(self.chosen, self.experiments), self.chosen
        elif self.format_ is Format.JSON:
            shape, wanted = shapes.candidates(Columns(), self.experiments), None
        else:
            known = await self.known()
            shape, wanted = shapes.candidates(known, self.experiments), _logged(known)
        await write_rows(self.format_, shape, self._read(rows, wanted))

    async def _read(
        self, rows: Sequence[CandidateId], columns: Sequence[Column] | None
    ) -> AsyncIterator[Sequence[Candidate]]:
        if columns is not None and all(column in _IN_THE_ID for column in columns) and columns:
            yield [Candidate(row) for row in rows]
            return
        for start in range(0, len(rows), _BATCH):
            batch = rows[start : start + _BATCH]
            yield await self.ask(partial(self.ask.source.read, batch, columns))


def _logged(columns: Columns) -> list[Column]:
    return [
        *(Column(Kind.PARAM, param) for param in columns.params),
        *(Column(Kind.METRIC, metric) for metric in columns.metrics),
    ]
