"""What the options of a listing ask for: a filter, an order, columns. The filter language is imported when used."""

import re
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NoReturn

from mltrack_tui.cli.errors import CommandError, Status, nearest, suggestion
from mltrack_tui.domain.entities import Experiment
from mltrack_tui.domain.filter import And, Filter, words_filter
from mltrack_tui.domain.query import ATTRIBUTES, USAGE_NAMES, Column, Columns, Direction, Kind, Order
from mltrack_tui.sources.base import Capabilities

if TYPE_CHECKING:
    from mltrack_tui.search.errors import FilterError

_WRONG = Status.WRONG_COMMAND_LINE
_TARGET = re.compile(r"metrics\.(.+):(min|max)", re.DOTALL)
_USAGE = [str(Column(Kind.USAGE, name)) for name in USAGE_NAMES]
_KINDS = "params.…, metrics.… or tags.…"


def directions(targets: Sequence[str]) -> dict[str, Direction]:
    """Which values of a metric are better, by its name, from ``metrics.loss:min``."""
    found = {}
    for text in targets:
        match = _TARGET.fullmatch(text)
        if match is None:
            raise CommandError(f"--target: {text} says no best; write metrics.loss:min or metrics.acc:max", _WRONG)
        found[match[1]] = Direction(match[2])
    return found


def order(sort: Sequence[str], order_by: Sequence[str], best: Mapping[str, Direction]) -> tuple[Order, ...]:
    """The order that ``--sort`` or MLflow's ``--order-by`` asks for."""
    if sort and order_by:
        raise CommandError("--sort and --order-by exclude each other: the latter is MLflow's", _WRONG)
    if not order_by:
        return tuple(_sort_key(text, best) for text in sort)
    from mltrack_tui.search.errors import FilterError
    from mltrack_tui.search.order_by import parse_order_by

    try:
        return parse_order_by(order_by)
    except FilterError as error:
        _fail("--order-by", order_by[error.index], error)


def _sort_key(text: str, best: Mapping[str, Direction]) -> Order:
    key = text.removeprefix("-")
    return Order(_resolved("--sort", _column("--sort", "key", key), best), descending=text.startswith("-"))


def columns(texts: Sequence[str], best: Mapping[str, Direction]) -> list[Column]:
    """The columns that are named, with commas between them."""
    names = [name.strip() for text in texts for name in text.split(",")]
    return [_resolved("--columns", _column("--columns", "column", name), best) for name in names if name]


def _column(option: str, what: str, text: str) -> Column:
    try:
        return Column.parse({"lifecycle_stage": "lifecycle"}.get(text, text))
    except ValueError:
        known = f"; a {what} is one of {', '.join(ATTRIBUTES)}, {_KINDS}"
        near = nearest(text, _USAGE if text.startswith("usage") else ATTRIBUTES)
        raise CommandError(f"{option}: there is no {what} {text}{suggestion(near, known)}", _WRONG) from None


def _resolved(option: str, column: Column, best: Mapping[str, Direction]) -> Column:
    try:
        return column.resolved(best)
    except KeyError:
        metric = f"metrics.{column.name}"
        hint = f"say --target {metric}:min or --target {metric}:max"
        raise CommandError(f"{option}: what is best of {metric} is not known; {hint}", _WRONG) from None


def needs_names(text: str) -> bool:
    """Whether the columns must be known to read a filter."""
    if not text:
        return False
    from mltrack_tui.search.parse import needs_names as needed

    return needed(text)


def candidates_filter(
    text: str, words: str, known: Columns, best: Mapping[str, Direction], capabilities: Capabilities
) -> Filter | None:
    """What ``--filter`` and ``--name`` together admit, of a source that can do so much."""
    named = words_filter(words)
    if not text:
        return named
    from mltrack_tui.search.errors import FilterError
    from mltrack_tui.search.parse import parse_filter
    from mltrack_tui.search.vocabulary import CandidateVocabulary

    try:
        no_ci, no_cost = capabilities.ci.reason, capabilities.cost.reason
        tree = parse_filter(text, CandidateVocabulary(known, best, _now(), no_ci=no_ci, no_cost=no_cost))
    except FilterError as error:
        _fail("--filter", text, error)
    parts = tuple(part for part in (named, tree) if part is not None)
    return And(parts) if len(parts) > 1 else parts[0] if parts else None


def admitted_experiments(text: str, found: Sequence[Experiment]) -> Sequence[Experiment]:
    """Those experiments that ``--filter`` admits."""
    if not text:
        return found
    from mltrack_tui.search.errors import FilterError
    from mltrack_tui.search.evaluate import ExperimentSubject, matches
    from mltrack_tui.search.parse import parse_filter
    from mltrack_tui.search.vocabulary import ExperimentVocabulary

    try:
        tree = parse_filter(text, ExperimentVocabulary(found, _now()))
    except FilterError as error:
        _fail("--filter", text, error)
    return [experiment for experiment in found if matches(tree, ExperimentSubject(experiment))]


def _fail(option: str, text: str, error: "FilterError") -> NoReturn:
    from mltrack_tui.search.errors import marked

    raise CommandError(f"{option}: {error}", _WRONG, marked(text, error)) from None


def _now() -> int:
    return time.time_ns() // 1_000_000
