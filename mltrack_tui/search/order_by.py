"""MLflow's order_by."""

from collections.abc import Sequence

from mltrack_tui.domain.query import Order


def parse_order_by(texts: Sequence[str]) -> tuple[Order, ...]:
    """The orders that MLflow's ``order_by`` means.

    Raises:
        FilterError: MLflow would refuse it; its ``index`` tells which text.
    """
    raise NotImplementedError
