"""Giving a source a name: what is not said is asked for, where there is somebody to ask."""

import asyncio
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import click

from mltrack_tui.cli.errors import CommandError, Status
from mltrack_tui.cli.printing import write_text
from mltrack_tui.config.named import could_be_name, uri_problem
from mltrack_tui.config.paths import config_path
from mltrack_tui.config.source import SourceSetting
from mltrack_tui.config.writing import WritingError, add_source, require_free
from mltrack_tui.domain.text import clean
from mltrack_tui.sources.known import Standing, State, look
from mltrack_tui.sources.open import SERVER, source_of
from mltrack_tui.sources.store_paths import sqlite_path

_WAYS = {
    "none": "",
    "variable": "Name of the environment variable",
    "command": "Command that prints it",
    "keyring": "Service in the system's keyring",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a command line says of a new source."""

    name: str | None
    uri: str | None
    token_env: str | None
    token_command: str | None
    keyring: str | None
    verify: bool | str
    workspace: str | None


def add_wanted(wanted: Wanted) -> None:
    """Ask for the rest, look how the source is, and write it down.

    Raises:
        CommandError: something is missing and nobody is there to ask, or it cannot be written.
        KeyboardInterrupt: the user gave up.
    """
    asks = sys.stdin is not None and sys.stdin.isatty()
    try:
        uri = wanted.uri or _ask(asks, "URI or path of the source", "its URI")
        uri = _lasting(uri)
        if problem := uri_problem(uri):
            raise CommandError(f"the URI: {problem}", Status.WRONG_COMMAND_LINE)
        name = _free_name(asks, wanted.name, uri)
        setting = _with_token(asks, wanted, uri)
        if _is_fine(name, setting) or not asks or click.confirm("Keep it anyway?", err=True):
            add_source(config_path(), name, setting)
            write_text(f"{clean(name)} is in {clean(str(config_path()))}: mltrack {clean(name)} opens it\n")
    except WritingError as error:
        raise CommandError(str(error)) from None
    except click.Abort:
        raise KeyboardInterrupt from None


def _free_name(asks: bool, wanted: str | None, uri: str) -> str:
    """The name that is wanted, or one that the user thinks of: asked until it can be. Raises WritingError."""
    while True:
        name = wanted or _ask(asks, "A name for it", "a name", _suggested(uri))
        try:
            require_free(config_path(), name)
        except WritingError as error:
            if wanted or not asks:
                raise
            click.echo(clean(str(error)), err=True)
        else:
            return name


def _ask(asks: bool, question: str, what: str, default: str | None = None) -> str:
    if not asks:
        raise CommandError(f"{what} is missing: mltrack sources add NAME URI", Status.WRONG_COMMAND_LINE)
    answer: str = click.prompt(question, default=default, err=True)
    return answer.strip()


def _with_token(asks: bool, wanted: Wanted, uri: str) -> SourceSetting:
    tokens = (wanted.token_env, wanted.token_command, wanted.keyring)
    if sum(token is not None for token in tokens) > 1:
        raise CommandError("say one of --token-env, --token-command and --keyring", Status.WRONG_COMMAND_LINE)
    setting = SourceSetting(uri, *tokens, verify=wanted.verify, workspace=wanted.workspace)
    if not asks or any(tokens) or "://" not in uri:
        return setting
    way = click.prompt("How is its token found?", type=click.Choice(list(_WAYS)), default="none", err=True)
    if way == "none":
        return setting
    answer = _ask(asks, _WAYS[way], "")
    match way:
        case "variable":
            return replace(setting, token_env=answer)
        case "command":
            return replace(setting, token_command=answer)
    return replace(setting, keyring=answer)


def _lasting(uri: str) -> str:
    """The URI or path as it means the same in any folder."""
    if uri.lower().startswith("sqlite:"):
        return str(sqlite_path(uri).absolute())
    return uri if "://" in uri else str(Path(uri).expanduser().absolute())


def _suggested(uri: str) -> str | None:
    """A name after the host or the file."""
    word = (urlsplit(uri).hostname or "").split(".")[0] if "://" in uri else Path(uri).stem
    return word if could_be_name(word) and not word.isdigit() else None


def _is_fine(name: str, setting: SourceSetting) -> bool:
    """Say how the source is."""
    known = source_of(name, setting)
    standing = asyncio.run(look(known))
    sys.stderr.write(f"{clean(known.uri)}: {clean(_told(standing), 2000)}\n")
    if standing.state is not State.REACHABLE and known.kind == SERVER:
        sys.stderr.write(f"mltrack doctor {clean(known.uri)} looks closer\n")
    return standing.state is State.REACHABLE


def _told(standing: Standing) -> str:
    if standing.state is not State.REACHABLE:
        return f"{standing.state}. {standing.finding}"
    number = standing.project_count or "0"
    return f"reachable, {standing.latency or 0:,.0f} ms, {number} project{'s' * (number != '1')}"
