"""The demonstration store: the same on every machine but for the folder it lies in."""

import random
import tempfile
from collections.abc import Iterable
from pathlib import Path

from mltrack_tui.demo.churn import make_churn
from mltrack_tui.demo.digits import make_digits
from mltrack_tui.demo.logbook import Logbook, days_ago
from mltrack_tui.demo.store import write_store
from mltrack_tui.demo.translate import make_translate
from mltrack_tui.demo.values import Experiment, Run

STORE = "mlflow.db"
ARTIFACTS = "mlartifacts"
_SLOWER = 100
"""What takes seconds takes minutes, so that runs seem alive for a while after the store was made."""


def make_demo(folder: Path, now: int | None = None) -> Path:
    """Make the demonstration store ``folder/mlflow.db`` and its artifacts in ``folder/mlartifacts``; return the store.

    Missing folders are made. Everything is written under a temporary name in ``folder`` first, so that an interruption
    leaves no half store. With ``now``, in milliseconds since the epoch, the runs that still run are slow ones that
    logged their last points just then: the only thing in which two stores differ.

    Raises:
        FileExistsError: one of the two is there already; nothing was changed.
        OSError: the folder cannot be made or written.
    """
    store, artifacts = folder / STORE, folder / ARTIFACTS
    for path in (store, artifacts):
        if path.exists():
            raise FileExistsError(f"{path} exists already")
    folder.mkdir(parents=True, exist_ok=True)
    digits, model = make_digits()
    experiments = (_default(), digits, make_churn(), make_translate(), _scratch())
    if now is not None:
        _keep_running((run for experiment in experiments for run in experiment.runs), now)
    with tempfile.TemporaryDirectory(prefix=".demo-", dir=folder) as place:
        staged_store, staged_artifacts = Path(place, STORE), Path(place, ARTIFACTS)
        _write_files(staged_artifacts, (run for experiment in experiments for run in experiment.runs))
        write_store(staged_store, artifacts.resolve().as_uri(), experiments, [model])
        staged_artifacts.rename(artifacts)  # fails where somebody else has just made it: its folder is not empty
        staged_store.rename(store)
    return store


def _keep_running(runs: Iterable[Run], now: int) -> None:
    for run in runs:
        if run.status in {"RUNNING", "SCHEDULED"}:
            run.postpone(now, _SLOWER)


def _write_files(root: Path, runs: Iterable[Run]) -> None:
    for run in runs:
        files = {root / run.folder / name: content for name, content in run.files.items()}
        for folder in {path.parent for path in files}:
            folder.mkdir(parents=True, exist_ok=True)
        for path, content in files.items():
            path.write_bytes(content)


def _default() -> Experiment:
    """The experiment that mlflow makes in every store."""
    return Experiment(0, "Default", days_ago(31))


def _scratch() -> Experiment:
    """A deleted experiment."""
    rng = random.Random("scratch")
    book = Logbook(rng, 4, script="notebook.ipynb", users=("jonas",), first=days_ago(29), pause=1.0)
    runs = tuple(book.start() for _ in range(5))
    for run in runs:
        run.params = {"seed": "0", "lr": rng.choice(("0.1", "0.01"))}
        run.log("loss", 0, 5, rng.uniform(1, 2))
        run.finish(6)
    return Experiment(4, "scratch", days_ago(29.1), runs, deleted=True)
