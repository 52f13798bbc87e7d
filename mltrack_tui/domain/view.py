"""How somebody looks at the candidates of an experiment: all that a named view keeps."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from mltrack_tui.domain.query import Aggregate, Column, Direction, Lifecycle, Order


class Look(StrEnum):
    """What a cell shows of its value."""

    VALUE = "value"
    BAR = "bar"
    SPARKLINE = "sparkline"


@dataclass(frozen=True, slots=True)
class Nesting:
    """How candidates stand: flat, as a ``tree`` of parents and children, or ``by`` the values of a column."""

    tree: bool = False
    by: Column | None = None


@dataclass(frozen=True, slots=True)
class View:
    """What the user chose; whatever is not named here looks as it does by default, new columns too.

    Columns of metrics are meant without their aggregate, but for those of ``order``.

    Attributes:
        filter: the filter's text.
        order: the keys to sort by, the weightiest first.
        everything: whether columns that say nothing, and the system's own metrics, are shown too.
        shown: columns that are shown though they would not be by default.
        hidden: columns that are not shown though they would be by default.
        pinned: columns that stay on the left while the rest scrolls.
        sequence: columns that come first, in this order; the rest follows as it does by default.
        widths: terminal cells, of columns whose width is not what their values need.
        looks: of columns that do not show their plain value.
        aggregates: by metric, where its column does not show the latest value.
        directions: by metric, which values the user said are better.
        target: the metric that matters most.
    """

    filter: str = ""
    order: tuple[Order, ...] = ()
    lifecycle: Lifecycle = Lifecycle.ACTIVE
    everything: bool = False
    shown: frozenset[Column] = frozenset()
    hidden: frozenset[Column] = frozenset()
    pinned: tuple[Column, ...] = ()
    sequence: tuple[Column, ...] = ()
    widths: Mapping[Column, int] = field(default_factory=dict)
    looks: Mapping[Column, Look] = field(default_factory=dict)
    aggregates: Mapping[str, Aggregate] = field(default_factory=dict)
    directions: Mapping[str, Direction] = field(default_factory=dict)
    target: str | None = None
    nesting: Nesting = Nesting()
