from array import array
from collections.abc import Sequence

from mltrack_tui.domain.history import History


def history(
    values: Sequence[float],
    steps: Sequence[int] | None = None,
    *,
    metric: str = "loss",
    total: int | None = None,
    exact: bool = True,
) -> History:
    return History(
        metric=metric,
        steps=array("q", range(len(values)) if steps is None else steps),
        timestamps=array("q", [0] * len(values)),
        values=array("d", values),
        total=len(values) if total is None else total,
        exact=exact,
    )
