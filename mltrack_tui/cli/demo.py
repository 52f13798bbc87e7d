"""The command that makes something to look at."""

import sys
import time
from pathlib import Path

import click

from mltrack_tui.cli.errors import CommandError
from mltrack_tui.cli.explorer import explore, require_terminal
from mltrack_tui.cli.options import mouse_option
from mltrack_tui.domain.text import clean


@click.command
@click.option("--at", "place", metavar="PATH", type=click.Path(path_type=Path), help="A folder for it.")
@mouse_option
def demo(place: Path | None, *, no_mouse: bool) -> int:
    """Explore a demonstration store.

    It is made if there is none yet, in your data directory unless you say where. One that is there is opened as it is.
    """
    store = _demo_store(_data_folder() if place is None else place)
    try:
        require_terminal()
    except CommandError as error:
        raise CommandError(f"the demonstration store is {store}; {error}") from None
    return explore(str(store), mouse=not no_mouse)


def _data_folder() -> Path:
    from platformdirs import user_data_path

    return user_data_path("mltrack") / "demo"


def _demo_store(place: Path) -> Path:
    """The store at a place, made if it is not there."""
    store = place if place.is_file() else place / "mlflow.db"
    if store.exists():
        return store
    from mltrack_tui.demo import make_demo

    if sys.stderr.isatty():
        sys.stderr.write(f"mltrack: making a demonstration store in {clean(str(place))}\n")
    try:
        return make_demo(place, time.time_ns() // 1_000_000)
    except OSError as error:
        reason = error.strerror or str(error)
        raise CommandError(f"a demonstration store cannot be made in {place}: {reason}; choose with --at") from None
