"""How a candidate that runs gets on: how fast, how far, when it ends, and what looks wrong.

All times are milliseconds since the epoch, lengths of time milliseconds. Histories may be reduced: what is said of
points is then worked out as if those left out lay evenly between the others.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from math import isfinite, isnan
from typing import TYPE_CHECKING

from mltrack_tui.analysis.best import direction_of
from mltrack_tui.analysis.quartiles import quantile
from mltrack_tui.domain.numbers import number_of
from mltrack_tui.domain.query import Direction

if TYPE_CHECKING:
    from mltrack_tui.domain.history import History

_TOTALS = (
    ("maxsteps", "numsteps", "totalsteps", "nsteps", "trainsteps", "numtrainsteps", "maxtrainsteps", "maxiters"),
    ("iterations", "numiterations", "niterations", "maxiterations", "totaliterations", "niter", "numiters", "maxiter"),
    ("epochs", "maxepochs", "numepochs", "nepochs", "totalepochs", "numtrainepochs", "trainepochs"),
)
"""What parameters are called that say how many steps or epochs there will be, without case and what joins words: those
of Lightning, Hugging Face (its ``max_steps`` is -1 where epochs count), Keras, PyTorch's and LightGBM's examples."""
_STEP_LIKE = 2
"""As many of these groups count steps; the last counts epochs."""
_RECENT = 10
"""Points that tell how fast it goes now, and what the usual gap between two is."""
_SILENT_GAPS, _LEAST_SILENCE = 10, 60_000
_FEWEST = 5
"""Points without which nothing is said of a metric's course."""
_DIVERGED_BY = 10.0
_TAIL = 3


class Flag(StrEnum):
    """What may be wrong; the value is the word for it."""

    SILENT = "silent"
    """No point came for more than ten usual gaps, and more than a minute."""
    NAN = "NaN"
    """The last value of a metric is NaN, and an earlier one was a number."""
    DIVERGED = "diverged"
    """A metric that should fall has risen far above where it was: see `has_diverged`."""
    STALLED = "no better"
    """A metric has had no better value for as many points as the user is patient."""


@dataclass(frozen=True, slots=True)
class Worry:
    """Something that may be wrong, with the metric and the step at which it began; neither for silence."""

    flag: Flag
    metric: str = ""
    step: int | None = None

    def __str__(self) -> str:
        """In words: ``val/loss is NaN since step 12``."""
        match self.flag:
            case Flag.SILENT:
                return "silent for much longer than usual"
            case Flag.NAN:
                return f"{self.metric} is NaN since step {self.step:,}"
            case Flag.DIVERGED:
                return f"{self.metric} diverged from its best at step {self.step:,}"
            case _:
                return f"{self.metric} is no better since step {self.step:,}"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a candidate is.

    Attributes:
        step: the greatest that was logged; None where nothing was.
        rate: steps a second, over the last points; None where they do not tell.
        last_point: when the last point was logged.
        usual_gap: the median time between two of the last points; None of one.
        total: how many steps there will be, where a parameter or the user says so.
        ends: when it will have made them at this rate, unless it is silent.
        worries: what may be wrong, the worst first.
    """

    step: int | None = None
    rate: float | None = None
    last_point: int | None = None
    usual_gap: float | None = None
    total: int | None = None
    ends: int | None = None
    worries: tuple[Worry, ...] = ()

    @property
    def share(self) -> float | None:
        """How much is done, from 0 to 1, where it is known how much there is to do."""
        if self.total is None or self.step is None:
            return None
        return min(max(self.step / self.total, 0.0), 1.0)


def progress(
    histories: Iterable["History"],
    params: Mapping[str, str],
    started: int | None,
    now: int,
    *,
    patience: int,
    target: int | None = None,
    directions: Mapping[str, Direction] | None = None,
) -> Progress:
    """How a candidate gets on, by some of its metrics' histories.

    Args:
        histories: of metrics that it logs as it trains; those of the machine count steps of their own, and no more
            than the others here.
        params: its parameters, as they were logged.
        started: when it began.
        now: what time it is.
        patience: after so many points without a better one, a metric improves no longer.
        target: how many steps there will be, where the user said so.
        directions: which values of metrics are better, where the user said so; else their names are guessed at.
    """
    known = [each for each in histories if len(each)]
    if not known:
        return Progress(total=target or total_steps(params, None))
    longest = max(known, key=lambda each: (each.steps[-1], len(each)))
    last = max(each.timestamps[-1] for each in known) or None
    rate, gap = _rate(longest, started), _usual_gap(longest)
    step = longest.steps[-1]
    total = target or total_steps(params, step)
    silent = last is not None and gap is not None and now - last > max(_SILENT_GAPS * gap, _LEAST_SILENCE)
    ends = None
    if total is not None and rate and last is not None and step < total and not silent:
        ends = last + round((total - step) / rate * 1000)
    wrong = [Worry(Flag.SILENT)] if silent else []
    for each in known:
        wrong += _worries(each, patience, direction_of(each.metric, directions or {})[0])
    return Progress(step, rate, last, gap, total, ends, tuple(sorted(wrong, key=_gravity)))


def total_steps(params: Mapping[str, str], step: int | None) -> int | None:
    """How many steps there will be, as far as parameters tell: steps before iterations before epochs.

    A number of epochs that was passed already counts something else than steps do, and tells nothing.
    """
    told = {_plain(name): number_of(value) for name, value in params.items()}
    for place, names in enumerate(_TOTALS):
        for name in names:
            number = told.get(name)
            if number is None or not isfinite(number) or number < 1:
                continue
            if place == _STEP_LIKE and step is not None and step > number:
                continue
            return int(number)
    return None


def _plain(name: str) -> str:
    """The last part of a dotted or slashed name, in small letters and digits alone."""
    return re.sub(r"[^a-z0-9]", "", re.split(r"[./]", name)[-1].lower())


def _rate(history: "History", started: int | None) -> float | None:
    """Steps a second, from one of the last points to the last; of a single one, since the candidate began."""
    first = max(len(history) - _RECENT, 0)
    if len(history) > 1:
        steps = history.steps[-1] - history.steps[first]
        passed = history.timestamps[-1] - history.timestamps[first]
    else:
        steps, passed = history.steps[-1], history.timestamps[-1] - (started or history.timestamps[-1])
    return steps * 1000 / passed if steps > 0 and passed > 0 else None


def _usual_gap(history: "History") -> float | None:
    times = history.timestamps[-_RECENT - 1 :]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    return max(quantile(sorted(gaps), 0.5) / _points_each(history), 0.0) if gaps else None


def _points_each(history: "History") -> float:
    """How many points that were logged each of a history stands for."""
    return max((history.total or 0) / len(history), 1.0)


# What may be wrong


def _worries(history: "History", patience: int, direction: Direction | None) -> Iterable[Worry]:
    values = history.values
    if isnan(values[-1]):
        began = next((place for place in range(len(values) - 1, -1, -1) if not isnan(values[place])), None)
        if began is not None:
            yield Worry(Flag.NAN, history.metric, history.steps[began + 1])
        return
    if direction is None:
        return
    numbers = [(step, value) for step, value in zip(history.steps, values, strict=True) if not isnan(value)]
    best = _place_of_best([value for _, value in numbers], direction)
    if direction is Direction.MIN and has_diverged([value for _, value in numbers]):
        yield Worry(Flag.DIVERGED, history.metric, numbers[best][0])
    elif len(numbers) >= _FEWEST and (len(numbers) - 1 - best) * _points_each(history) >= patience:
        yield Worry(Flag.STALLED, history.metric, numbers[best][0])


def _place_of_best(values: Sequence[float], direction: Direction) -> int:
    """The first place of the best of some numbers."""
    best = min(values) if direction is Direction.MIN else max(values)
    return list(values).index(best)


def has_diverged(values: Sequence[float]) -> bool:
    """Whether what should fall has risen far above its least.

    A sober rule of ours: the last values are all infinite, or all higher than the first value, and lie above the least
    by more than ten times the median distance that values had from it until then. A metric that goes up and down
    as it always did has not diverged, nor one that overfits slowly, which stays below where it began.
    """
    if len(values) < _FEWEST:
        return False
    tail, before = values[-_TAIL:], [value for value in values[:-_TAIL] if isfinite(value)]
    if all(value == float("inf") for value in tail):
        return True
    if len(before) < 2 or not all(value > before[0] for value in tail):
        return False
    least = min(before)
    spread = quantile(sorted(value - least for value in before), 0.5)
    return min(tail) - least > _DIVERGED_BY * spread


_GRAVITY = (Flag.NAN, Flag.DIVERGED, Flag.SILENT, Flag.STALLED)


def _gravity(worry: Worry) -> int:
    return _GRAVITY.index(worry.flag)
