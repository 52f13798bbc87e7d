"""The commands as click sees them: each imported when it is asked for."""

from importlib import import_module, metadata

import click

from mltrack_tui.cli.errors import CommandError, Status, nearest, suggestion
from mltrack_tui.cli.explorer import require_location
from mltrack_tui.cli.names import COMMANDS, EXPLORE

_SELF_SUFFICIENT = ("--help", "-h", "--version")

_HELP = """Explore tracked machine-learning experiments from the keyboard, or print them.

\b
mltrack                          explore the store of this folder
mltrack mlflow.db                explore that store
mltrack https://mlflow.example   explore what is on that server
mltrack . --experiment digits    begin at the candidates of an experiment
mltrack demo                     explore a demonstration
mltrack candidates digits --sort=-metrics.accuracy --format csv

SOURCE is the path of an MLflow SQLite store, a folder that holds one, a tracking URI (sqlite:///, https://), or
a name that mltrack sources add has given it. Where none is named, it is MLFLOW_TRACKING_URI, else mlflow.db in
this folder. A file that is called like a command or a source is ./demo.
"""


class Commands(click.Group):
    """A group whose first word may be left out: what is no command is a source to explore."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the explorer's command before words that begin with none."""
        if not args or (args[0] not in COMMANDS and args[0] not in _SELF_SUFFICIENT):
            if args and not args[0].startswith("-"):
                require_location(args[0])
            args = [EXPLORE, *args]
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click calls it so
        """All names, in the order of the way down: projects first."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click calls it so
        """Import the one command that is wanted."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command = getattr(import_module(f"mltrack_tui.cli.{module}"), name)
        if not isinstance(command, click.Command):
            raise TypeError(f"{module}.{name} is no command")
        return command


def run(words: list[str]) -> int:
    """Run a command line.

    Raises:
        CommandError: the command line is wrong, or the command could not do its work.
        SourceError: the source could not answer.
    """
    try:
        with _group().make_context("mltrack", words) as context:
            status = context.command.invoke(context)
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.NoSuchOption as error:
        near = suggestion(nearest(error.option_name, error.possibilities or ()), "; see mltrack --help")
        raise CommandError(f"there is no option {error.option_name}{near}", Status.WRONG_COMMAND_LINE) from None
    except click.ClickException as error:
        raise CommandError(error.format_message(), Status.WRONG_COMMAND_LINE) from None
    return status if isinstance(status, int) else Status.FINE


def _group() -> Commands:
    settings = {"help_option_names": ["-h", "--help"]}
    group = Commands("mltrack", help=_HELP, subcommand_metavar="[SOURCE | COMMAND ...]", context_settings=settings)
    return click.version_option(_version(), message="mltrack %(version)s")(group)


def _version() -> str:
    try:
        return metadata.version("mltrack-tui")
    except metadata.PackageNotFoundError:  # run from a checkout
        return "(not installed)"
