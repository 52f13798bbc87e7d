"""What a machine costs: what ``[cost]`` in ``config.toml`` may say."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from math import isfinite

_LONGEST_CURRENCY = 8


@dataclass(frozen=True, slots=True)
class Cost:
    """What is to be paid.

    Attributes:
        gpu_hour: for an hour of one GPU; None where that was not said, and then there are no costs.
        currency: what stands before an amount, ``$`` or ``CHF``.
    """

    gpu_hour: float | None = None
    currency: str = "$"


def read_cost(said: object) -> tuple[Cost, list[str]]:
    """What is to be paid, and what of it was left out, a line each."""
    if not isinstance(said, Mapping):
        return Cost(), ["cost: write [cost], and below it a line such as gpu_hour = 2.5"]
    known = [field.name for field in fields(Cost)]
    others = [name for name in said if name not in known]
    problems = [f"cost.{name}: there is no such setting; there are {' and '.join(known)}" for name in others]
    gpu_hour, currency = said.get("gpu_hour"), said.get("currency", Cost().currency)
    if gpu_hour is not None and not _is_price(gpu_hour):
        problems.append("cost.gpu_hour: write what an hour of a GPU costs as a number, such as 2.5")
        gpu_hour = None
    if not isinstance(currency, str) or len(currency) > _LONGEST_CURRENCY or not currency.isprintable():
        problems.append(f'cost.currency: write at most {_LONGEST_CURRENCY} characters in quotes, such as "€"')
        currency = Cost().currency
    return Cost(None if gpu_hour is None else float(gpu_hour), currency), problems


def _is_price(said: object) -> bool:
    """Whether it is a finite number of nothing or more; Python takes true for one."""
    return isinstance(said, int | float) and not isinstance(said, bool) and 0 <= said <= 1e9 and isfinite(said)
