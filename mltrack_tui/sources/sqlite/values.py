"""MLflow's ways of storing values (`SqlAlchemyStore` and `sanitize_metric_value` in mlflow)."""

from math import inf, nan

from mltrack_tui.domain.numbers import MAX_DOUBLE

NAME_TAG = "mlflow.runName"
CONTEXT_TAG = "mlflow.data.context"
DEFAULT_PROJECT = "default"


def metric_value(value: float, is_nan: int) -> float:
    """A metric as it was logged: NaN is stored as 0 with a mark, the infinities as the greatest doubles."""
    if is_nan:
        return nan
    if value >= MAX_DOUBLE:
        return inf
    if value <= -MAX_DOUBLE:
        return -inf
    return value
