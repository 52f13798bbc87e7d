"""How metrics are looked at as curves: what the command line, the screens and the state all mean by it."""

from dataclasses import dataclass
from enum import StrEnum


class XAxis(StrEnum):
    """What a metric is drawn over."""

    STEP = "step"
    RELATIVE = "relative"
    """Seconds since the candidate's first point that is drawn."""
    WALL = "wall"
    """The time at which it was logged: seconds since the epoch."""
    METRIC = "metric"
    """Another metric of the same candidate, by their steps."""


class Scale(StrEnum):
    """How values become heights."""

    LINEAR = "linear"
    LOG = "log"
    """Base 10; what is not positive is left out and counted."""
    SYMLOG = "symlog"
    """Logarithmic in both directions and linear around zero."""


class Shape(StrEnum):
    """What is drawn of a metric."""

    VALUES = "values"
    SLOPE = "slope"
    """Its derivative by what it is drawn over."""
    DIFFERENCE = "difference"
    """Its values less those of the baseline candidate at the same x."""
    BAND = "band"
    """The mean of all candidates, or of each group, and one standard deviation around it."""


SMOOTHINGS = (0.0, 0.5, 0.8, 0.9, 0.95, 0.99)
"""The weights of the exponential moving average that a key goes through; 0 is none."""


@dataclass(frozen=True, slots=True)
class CurveLook:
    """What the user chose for all curves of a place.

    Attributes:
        x, x_metric: what they are drawn over; ``x_metric`` names the metric of `XAxis.METRIC`.
        y: how values become heights.
        shape: what is drawn of them.
        smoothing: the weight that the past has in the average, at least 0 and less than 1 (TensorBoard's).
        clips_outliers: whether the heights go by the values between the 5th and the 95th percentile alone.
    """

    x: XAxis = XAxis.STEP
    x_metric: str | None = None
    y: Scale = Scale.LINEAR
    shape: Shape = Shape.VALUES
    smoothing: float = 0.0
    clips_outliers: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """What part of a picture is looked at, in the units of its axes; None is all of it.

    ``y`` is in values, whatever the scale.
    """

    x: tuple[float, float] | None = None
    y: tuple[float, float] | None = None
