"""Commands around sources that have a name: how they are, a new one, one less."""

import asyncio
import sys
from pathlib import Path

import click

from mltrack_tui.cli.errors import CommandError
from mltrack_tui.cli.options import Format, format_option
from mltrack_tui.cli.printing import at_once, write_rows
from mltrack_tui.config.paths import config_path
from mltrack_tui.config.settings import load
from mltrack_tui.domain.text import clean
from mltrack_tui.export.shape import Cell, Form, Json, Shape
from mltrack_tui.sources.known import Known, Standing, look
from mltrack_tui.sources.open import known_sources

Row = tuple[Known, Standing]


@click.group(invoke_without_command=True)
@format_option
@click.pass_context
def sources(context: click.Context, format_: Format) -> None:
    """List the sources that have a name and how they are, or add one."""
    if context.invoked_subcommand is None:
        for problem in load(config_path()).problems:
            if problem.startswith("sources"):
                _say(f"{config_path()}: {problem}")
        asyncio.run(_list(format_))


async def _list(format_: Format) -> None:
    """Ask all at once: a dead one keeps none waiting for longer than the patience that each has."""
    known = known_sources()
    if not known:
        _say("no source has a name yet, and this folder has none: mltrack sources add")
    standings = await asyncio.gather(*map(look, known))
    await write_rows(format_, _shape(), at_once(list(zip(known, standings, strict=True))))


def _say(text: str) -> None:
    sys.stderr.write(f"mltrack: {clean(text, 2000)}\n")


def _shape() -> Shape[Row]:
    def record(row: Row) -> Json:
        known, standing = row
        return {
            "name": known.name,
            "uri": known.uri,
            "kind": known.kind,
            "state": standing.state.value,
            "latency": _latency(row),
            "projects": None if standing.more else standing.projects,
            "finding": standing.finding or None,
        }

    cells: list[Cell[Row]] = [
        Cell("name", lambda row: row[0].name),
        Cell("uri", lambda row: row[0].uri),
        Cell("kind", lambda row: row[0].kind),
        Cell("state", lambda row: row[1].state.value),
    ]
    projects: Cell[Row] = Cell("projects", lambda row: row[1].project_count, Form.PARAMETER)
    every: Cell[Row] = Cell("projects", _every_project, Form.EXACT)
    finding: Cell[Row] = Cell("finding", lambda row: row[1].finding or None)
    exact: list[Cell[Row]] = [*cells, Cell("latency", _latency), every, finding]
    human: list[Cell[Row]] = [*cells, Cell("latency", _latency, Form.DURATION), projects, finding]
    return Shape(record, exact, human)


def _every_project(row: Row) -> int | None:
    """How many there are, if that is known."""
    projects, more = row[1].projects, row[1].more
    return None if projects is None or more else len(projects)


def _latency(row: Row) -> int | None:
    """In milliseconds."""
    return None if row[1].latency is None else round(row[1].latency)


@sources.command
@click.argument("name", required=False)
@click.argument("uri", required=False)
@click.option("--uri", "uri_option", metavar="URI", help="The same as the second word.")
@click.option("--token-env", metavar="VARIABLE", help="The environment variable that holds the token.")
@click.option("--token-command", metavar="COMMAND", help="A command that prints the token.")
@click.option("--keyring", metavar="SERVICE", help="The service under which the system's keyring holds the token.")
@click.option("--ca-file", metavar="FILE", help="Certificates to trust.")
@click.option("--insecure", is_flag=True, help="Trust any certificate.")
@click.option("--workspace", metavar="W", help="The only workspace to look at.")
def add(
    *,
    name: str | None,
    uri: str | None,
    uri_option: str | None,
    token_env: str | None,
    token_command: str | None,
    keyring: str | None,
    ca_file: str | None,
    insecure: bool,
    workspace: str | None,
) -> None:
    """Give a source a name, by which mltrack NAME opens it.

    Asks for what is not said, and how the source is, then writes it to config.toml. No password or token is
    written there: only where it is found.

    \b
    mltrack sources add lab https://mlflow.example --token-env LAB_TOKEN
    """
    from mltrack_tui.cli.adding import Wanted, add_wanted

    verify = False if insecure else str(Path(ca_file).absolute()) if ca_file else True
    add_wanted(Wanted(name, uri or uri_option, token_env, token_command, keyring, verify, workspace))


@sources.command
@click.argument("name")
def remove(name: str) -> None:
    """Take a source's name out of config.toml."""
    from mltrack_tui.config.writing import WritingError, remove_source

    try:
        remove_source(config_path(), name)
    except WritingError as error:
        raise CommandError(str(error)) from None
