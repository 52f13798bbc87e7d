"""LEET, the terminal program of W&B's Python package, on a run of a million points: it is used where it is installed.

wandb is no dependency: `found` looks for it, and its figure is left out where it is not there.
"""

import os
import re
import shutil
import subprocess
import tempfile
from math import inf
from pathlib import Path

from tests.bench.measure import COLUMNS, LINES, Figures
from tests.bench.stores import POINTS
from tests.terminal import Terminal

PATIENCE = 300.0
"""Seconds after which it is cut: it needs fifteen on a quiet machine."""


def found(named: str | None) -> Path | None:
    """The program ``wandb`` that was named, or that on the PATH."""
    place = shutil.which(named or "wandb")
    return Path(place).absolute() if place else None


def million_points(wandb: Path, folder: Path) -> Figures:
    """Open the run, made if it is not there yet, until the last of its points is told; infinity where it was cut."""
    place = folder / f"leet-{POINTS}"
    if not place.exists():
        _make(wandb, place)
    (run,) = place.glob("wandb/offline-run-*/*.wandb")
    quiet = {"HOME": tempfile.mkdtemp(prefix="mltrack-bench-"), "WANDB_ERROR_REPORTING": "false"}
    with Terminal([str(wandb), "leet", "run", str(run)], COLUMNS, LINES, changes=quiet) as terminal:
        try:
            return {"leet": [1000 * terminal.wait_until(_is_whole, PATIENCE, "the last step")]}
        except AssertionError:
            return {"leet": [inf]}


def _is_whole(screen: str) -> bool:
    """Whether the last step is in its summary."""
    return re.search(rf"_step +{POINTS - 1}\b", screen) is not None


def _make(wandb: Path, place: Path) -> None:
    unfinished = place.with_suffix(".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    command = [
        str(wandb.with_name("python")),
        str(Path(__file__).with_name("leet_log.py")),
        str(unfinished),
        str(POINTS),
    ]
    subprocess.run(command, check=True, env={**os.environ, "WANDB_ERROR_REPORTING": "false"}, cwd=unfinished)
    unfinished.rename(place)
