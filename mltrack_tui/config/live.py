"""How a user wants changes to be followed: the section ``[live]`` of ``config.toml``."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import inf

_KNOWN = ("every", "patience")
_SECONDS = {"s": 1, "sec": 1, "m": 60, "min": 60}
_LENGTH = re.compile(r"(\d{1,4})\s*([a-z]+)")
_SHORTEST, _LONGEST = 1, 600
PATIENCE = 10
"""Points, where the user sets none."""


@dataclass(frozen=True, slots=True)
class LiveSetting:
    """What the user has set.

    Attributes:
        every: seconds from one look for changes to the next, infinite for none; None: as suits the source.
        patience: after so many points without a better one, a metric improves no longer.
    """

    every: float | None = None
    patience: int = PATIENCE


def read_live(read: object) -> tuple[LiveSetting, list[str]]:
    """Understand the section; what is wrong in it is left out and told."""
    if not isinstance(read, Mapping):
        return LiveSetting(), ['live: write [live], and below it every = "30s"']
    every, patience = read.get("every"), read.get("patience", PATIENCE)
    seconds = _seconds(every) if isinstance(every, str) else None
    good = isinstance(patience, int) and not isinstance(patience, bool) and patience > 0
    return LiveSetting(seconds, patience if good else PATIENCE), list(_problems(read, seconds, good=good))


def _problems(read: Mapping[str, object], seconds: float | None, *, good: bool) -> Iterator[str]:
    for name in read:
        if name not in _KNOWN:
            yield f"live.{name}: there is no such setting; there are {' and '.join(_KNOWN)}"
    if "every" in read and seconds is None:
        yield 'live.every: write "1s" to "10min", or "off"'
    if not good:
        yield "live.patience: write a whole number of points, such as 10"


def _seconds(text: str) -> float | None:
    if text.strip().lower() == "off":
        return inf
    match = _LENGTH.fullmatch(text.strip().lower())
    if match is None or match[2] not in _SECONDS:
        return None
    seconds = int(match[1]) * _SECONDS[match[2]]
    return float(seconds) if _SHORTEST <= seconds <= _LONGEST else None
