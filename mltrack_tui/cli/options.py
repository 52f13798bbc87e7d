"""The options that several commands share."""

from enum import StrEnum

import click

from mltrack_tui.domain.query import Lifecycle


class Format(StrEnum):
    """How an answer is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    MARKDOWN = "markdown"


source_option = click.option("--source", metavar="S", help="A store's path, its folder, a tracking URI, or a name.")

project_option = click.option("--project", metavar="P", help="The project (MLflow: workspace; GitLab: group/name).")

mouse_option = click.option("--no-mouse", is_flag=True, help="Leave the mouse to the terminal.")

format_option = click.option(
    "--format",
    "format_",
    type=click.Choice([each.value for each in Format]),
    default=Format.TABLE.value,
    callback=lambda _context, _option, value: Format(value),
    show_default=True,
    help="json is exact; csv too, but for control codes; the others are for people.",
)

lifecycle_option = click.option(
    "--lifecycle",
    type=click.Choice([each.value for each in Lifecycle]),
    default=Lifecycle.ACTIVE.value,
    callback=lambda _context, _option, value: Lifecycle(value),
    show_default=True,
    help="Whether what was deleted is meant too.",
)
