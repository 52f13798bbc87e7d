"""What columns some candidates have, and which of these say nothing."""

from collections.abc import Iterable, Mapping, Sequence

from mltrack_tui.domain.cells import logged_value
from mltrack_tui.domain.entities import Candidate
from mltrack_tui.domain.query import Column, Columns, Kind, Value

_PLUMBING = "mlflow."


def keys_of(candidates: Sequence[Candidate]) -> Columns:
    """The parameters, metrics and tags that occur in some candidates; more may be known of others."""
    return Columns(
        _united(each.params for each in candidates),
        _united(each.metrics for each in candidates),
        _united(each.tags for each in candidates),
        complete=False,
    )


def constants(columns: Columns, candidates: Sequence[Candidate]) -> Mapping[Column, Value]:
    """The columns in which no two of some candidates differ, with their value; MLflow's own tags are not told."""
    every = [
        *(Column(Kind.PARAM, key) for key in columns.params),
        *(Column(Kind.METRIC, key) for key in columns.metrics),
        *(Column(Kind.TAG, key) for key in columns.tags if not key.startswith(_PLUMBING)),
        *(Column(Kind.ATTRIBUTE, name) for name in ("status", "user") if candidates),
    ]
    return {
        column: logged_value(candidates[0], column) if candidates else None
        for column in every
        if _are_alike(logged_value(each, column) for each in candidates)
    }


def _united(mappings: Iterable[Mapping[str, object]]) -> tuple[str, ...]:
    return tuple(sorted(set().union(*mappings)))


def _are_alike(values: Iterable[Value]) -> bool:
    """Whether all values are one; NaN is NaN."""
    values = iter(values)
    first = repr(next(values, None))
    return all(repr(value) == first for value in values)
