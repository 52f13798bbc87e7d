"""Run the benchmark and print its table."""

import argparse
import os
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from platformdirs import user_cache_path

from tests.bench import artifacts, gitlab, leet, measure, pictures, questions, servers, training, writing
from tests.bench.measure import Figures
from tests.bench.report import (
    artifacts_table,
    circumstances,
    gitlab_table,
    pictures_table,
    questions_table,
    server_table,
    table,
)
from tests.bench.stores import store_of, store_of_curves, store_of_overlaid

SIZES = "1000,10000,100000"
SERVED = "10000"


def main(words: Sequence[str] | None = None) -> None:
    """Measure each size of store in turn; progress goes to standard error."""
    options = _parser().parse_args(words)
    if options.soak:
        sys.stdout.write(training.soak(store_of(options.drawn, options.stores), options.soak) + "\n")
        return
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # what is installed is compiled: else every start would be again
    sys.setswitchinterval(0.0001)  # so that drawing screens here keeps no program waiting for its output to be read
    results = {}
    for size in options.sizes:
        _tell(f"{size:,} candidates: the store")
        store = store_of(size, options.stores)
        results[size] = _measured(store, size, options.repeat)
        curves = store_of_curves(options.stores)
        for _ in range(options.repeat):
            _add(results[size], questions.aggregates(curves))
    drawn = _drawn(options) if options.pictures else {}
    served = {}
    for size in options.servers:
        _tell(f"{size:,} candidates: a server")
        served[size] = servers.server(store_of(size, options.stores), size, options.repeat)
    if options.gitlab:
        _tell("a GitLab")
    tables = [
        *([table(results), questions_table(results)] if results else []),
        *([pictures_table(drawn)] if drawn else []),
        *([server_table(served)] if served else []),
        *([gitlab_table(gitlab.gitlab(options.repeat))] if options.gitlab else []),
        *([artifacts_table(*_artifacts(options))] if options.artifacts else []),
    ]
    sys.stdout.write("\n\n".join([*tables, circumstances()]) + "\n")


def _artifacts(options: argparse.Namespace) -> tuple[Figures, artifacts.Sizes]:
    sizes = artifacts.Sizes(options.large, options.many)
    return artifacts.artifacts(options.repeat, sizes, _tell), sizes


def _measured(store: Path, size: int, repeat: int) -> Figures:
    """All figures of a store; what is compared with each other is done in turns, so that noise meets all alike."""
    figures: Figures = defaultdict(list)
    for turn in range(repeat):
        _tell(f"{size:,} candidates: {turn + 1} of {repeat}")
        for found in (
            measure.empty_app(),
            measure.experiments(store, size),
            measure.candidates(store, size),
            questions.questions(store),
            questions.command_line(store),
            writing.commits(store),
        ):
            _add(figures, found)
    _tell(f"{size:,} candidates: the real client")
    return {**figures, **measure.client(store), **questions.client(store)}


def _drawn(options: argparse.Namespace) -> Figures:
    """All figures about metrics as pictures; LEET loads as many points beside us."""
    figures: Figures = defaultdict(list)
    store, overlaid = store_of(options.drawn, options.stores), store_of_overlaid(options.stores)
    found = leet.found(options.leet)
    if found is None:
        _tell("LEET (wandb) is not there: its figure is left out; --leet names it")
    for turn in range(options.repeat):
        _tell(f"pictures: {turn + 1} of {options.repeat}")
        for figure in (pictures.reading, pictures.million_points, pictures.from_start):
            _add(figures, figure(store))
        _add(figures, pictures.overlaid(overlaid))
    if found is not None:
        _tell("LEET: its run is made once, which takes minutes")
        _add(figures, leet.million_points(found, options.stores))
    _tell("a training beside us")
    _add(figures, training.contention(store))
    return figures


def _add(figures: Figures, found: Figures) -> None:
    for name, values in found.items():
        figures.setdefault(name, []).extend(values)


def _tell(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def _sizes(text: str) -> list[int]:
    return [int(part.replace("_", "")) for part in text.split(",") if part]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="How fast mltrack is.")
    parser.add_argument(
        "--sizes", type=_sizes, default=_sizes(SIZES), help=f"candidates in a store: {SIZES}; '' for none"
    )
    parser.add_argument("--servers", type=_sizes, default=_sizes(SERVED), help=f"behind a real server: {SERVED}")
    parser.add_argument("--gitlab", action=argparse.BooleanOptionalAction, default=True, help="a GitLab's stub too")
    parser.add_argument("--artifacts", action=argparse.BooleanOptionalAction, default=True, help="downloads too")
    usual = artifacts.Sizes()
    parser.add_argument("--large", type=int, default=usual.large, help="bytes of the file that is downloaded")
    parser.add_argument("--many", type=int, default=usual.many, help="how many small files are downloaded")
    parser.add_argument("--pictures", action=argparse.BooleanOptionalAction, default=True, help="metrics as pictures")
    parser.add_argument("--drawn", type=int, default=10_000, help="candidates of the store with a million points")
    parser.add_argument("--leet", metavar="WANDB", help="the wandb whose LEET is measured beside us: that on the PATH")
    parser.add_argument("--soak", type=float, metavar="MINUTES", help="only watch a growing store for so long")
    parser.add_argument("--repeat", type=int, default=5, help="how often each is started: 5")
    place = user_cache_path("mltrack") / "bench"
    parser.add_argument("--stores", type=Path, default=place, metavar="FOLDER", help=f"where stores are kept: {place}")
    return parser


if __name__ == "__main__":
    main()
