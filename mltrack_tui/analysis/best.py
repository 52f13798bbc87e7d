"""Which values of a column are best: their extent, and which way is better."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import inf, isfinite

from mltrack_tui.domain.numbers import number_of
from mltrack_tui.domain.query import Direction, Value

_DOWN = re.compile(
    r"(?:log)?loss(?:es)?|err(?:or)?s?|r?mse|mae|s?mape|perplexity|ppl|nll|bpc|[wc]er|fid|kl|divergence|regret|latency|"
    r"cost|brier"
)
_UP = re.compile(
    r"acc(?:uracy)?|au(?:c|roc|prc)|roc|f1|fscore|r2|precision|recall|sensitivity|specificity|m?ap|m?iou|dice|bleu|rouge|"
    r"mcc|kappa|psnr|ssim|ndcg|mrr|score|reward|return|throughput"
)


def guessed_direction(metric: str) -> Direction | None:
    """Which values are probably better, by the words of a metric's name; the last word that says something counts.

    A guess, to be shown as one: ``val/loss`` down, ``test_acc5`` up, ``grad_norm`` unknown.
    """
    for word in reversed(re.findall(r"[a-z]+\d*", re.sub(r"([a-z])([A-Z])", r"\1 \2", metric).lower())):
        for pattern, direction in ((_DOWN, Direction.MIN), (_UP, Direction.MAX)):
            if pattern.fullmatch(word) or pattern.fullmatch(word.rstrip("0123456789")):
                return direction
    return None


def direction_of(metric: str, directions: Mapping[str, Direction]) -> tuple[Direction | None, bool]:
    """Which values are better, and whether the user said so; else it is a guess."""
    told = directions.get(metric)
    return (told, True) if told is not None else (guessed_direction(metric), False)


@dataclass(frozen=True, slots=True)
class Extent:
    """The smallest and the largest of some numbers, with and without the infinities; NaN is none of them.

    Of no number at all: ``smallest`` is greater than ``largest``.
    """

    smallest: float = inf
    largest: float = -inf
    low: float = inf
    high: float = -inf

    @classmethod
    def of(cls, values: Iterable[Value]) -> "Extent":
        """Take in a column; texts count as the numbers that they say."""
        numbers: list[float] = []
        for value in values:
            number = number_of(value) if isinstance(value, str) else value
            if number is not None and number == number:  # noqa: PLR0124 (NaN differs from itself)
                numbers.append(number)
        if not numbers:
            return cls()
        smallest, largest = min(numbers), max(numbers)
        if isfinite(smallest) and isfinite(largest):
            return cls(smallest, largest, smallest, largest)
        finite = [number for number in numbers if isfinite(number)]
        return cls(smallest, largest, min(finite, default=inf), max(finite, default=-inf))

    def best(self, direction: Direction) -> float | None:
        """The best of the numbers; None of none."""
        if self.smallest > self.largest:
            return None
        return self.smallest if direction is Direction.MIN else self.largest

    def share(self, value: float) -> float | None:
        """How far a value lies from the smallest finite one (0) to the largest (1); None of NaN."""
        if value != value or self.low > self.high:  # noqa: PLR0124
            return None
        if self.low == self.high:
            return 1.0
        return min(max((value - self.low) / (self.high - self.low), 0.0), 1.0)
