"""The command that lists registered models."""

from functools import partial

import click

from mltrack_tui.cli.asking import Asker, answer
from mltrack_tui.cli.errors import CommandError
from mltrack_tui.cli.find import project_names
from mltrack_tui.cli.options import Format, format_option, project_option, source_option
from mltrack_tui.cli.printing import at_once, write_rows
from mltrack_tui.domain.entities import Model, ModelVersion
from mltrack_tui.domain.page import Page
from mltrack_tui.export.shape import Cell, Form, Json, Shape
from mltrack_tui.sources.pages import final


@click.command
@source_option
@project_option
@format_option
def models(source: str | None, project: str | None, format_: Format) -> None:
    """List registered models, of all projects unless one is named.

    json tells every version, csv and the tables the latest.

    \b
    mltrack models --format json
    """

    async def command(ask: Asker) -> None:
        names = await project_names(ask, project)
        if reason := ask.source.capabilities.models.reason:
            raise CommandError(reason)

        async def of(name: str) -> Page[Model]:
            return await final(ask.source.models(name))

        found = [model for name in names for model in (await ask(partial(of, name))).items]
        await write_rows(format_, shape(), at_once(found))

    answer(source, command)


def shape() -> Shape[Model]:
    """A line a model."""
    exact: list[Cell[Model]] = [
        Cell("name", lambda model: model.name),
        Cell("project", lambda model: model.project),
        Cell("versions", lambda model: len(model.versions)),
        Cell("latest_version", _latest),
        Cell("aliases", lambda model: model.marks or None),
        Cell("last_update_time", lambda model: model.last_update_time),
        Cell("description", lambda model: model.description or None),
    ]
    human: list[Cell[Model]] = [
        Cell("model", lambda model: model.name),
        Cell("project", lambda model: model.project),
        Cell("versions", lambda model: len(model.versions), Form.NUMBER),
        Cell("latest", _latest),
        Cell("aliases", lambda model: model.marks or None),
        Cell("updated", lambda model: model.last_update_time, Form.TIME),
        Cell("description", lambda model: model.headline or None),
    ]
    return Shape(_record, exact, human)


def _latest(model: Model) -> str | None:
    return model.latest.version if model.latest is not None else None


def _record(model: Model) -> Json:
    return {
        "name": model.name,
        "project": model.project,
        "creation_time": model.creation_time,
        "last_update_time": model.last_update_time,
        "description": model.description,
        "tags": dict(model.tags),
        "experiment_id": model.experiment_id,
        "versions": [_version(version) for version in model.versions],
    }


def _version(version: ModelVersion) -> Json:
    return {
        "version": version.version,
        "candidate_id": version.candidate_id,
        "creation_time": version.creation_time,
        "description": version.description,
        "stage": version.stage,
        "status": version.status,
        "user": version.user,
        "aliases": list(version.aliases),
    }
