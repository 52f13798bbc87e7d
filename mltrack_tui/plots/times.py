"""Where an axis of time has its labels, and how they read."""

import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

from mltrack_tui.plots.ticks import labels, ticks

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_STEPS = (
    *(1, 2, 5, 10, 15, 30),
    *(minutes * _MINUTE for minutes in (1, 2, 5, 10, 15, 30)),
    *(hours * _HOUR for hours in (1, 2, 3, 6, 12)),
    *(days * _DAY for days in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)),
)
_CALENDAR = -62_135_000_000, 253_400_000_000
"""Seconds since the epoch that every time zone has a date for."""


def lengths(low: float, high: float, most: int) -> list[tuple[float, str]]:
    """At most ``most`` seconds from low to high as lengths of time: ``0s``, ``30s``, ``1m30s``, ``2h``."""
    step = _step(high - low, most)
    if step is None:
        unit, letter = (1, "s") if high - low < _DAY else (_DAY, "d")
        numbers = ticks(low / unit, high / unit, most)
        return [(float(number) * unit, text + letter) for number, text in zip(numbers, labels(numbers), strict=True)]
    return [(second, length(second)) for second in _every(step, low, high)]


def length(seconds: int) -> str:
    """A length of time, without the units that are nought: ``90`` as ``1m30s``, ``7200`` as ``2h``."""
    if seconds < 0:
        return "-" + length(-seconds)
    text = ""
    for unit, letter in ((_DAY, "d"), (_HOUR, "h"), (_MINUTE, "m"), (1, "s")):
        if seconds >= unit:
            text += f"{seconds // unit}{letter}"
            seconds %= unit
    return text or "0s"


def clock(low: float, high: float, most: int) -> list[tuple[float, str]]:
    """At most ``most`` seconds since the epoch from low to high, as times or dates at this machine: ``14:05``."""
    if not _is_dated(low, high):
        numbers = ticks(low, high, most)
        return [(float(number), text) for number, text in zip(numbers, labels(numbers), strict=True)]
    zone = zone_at(low)
    step = _step(high - low, most)
    if step is None:
        return [(low, _at(low, zone, 1))]
    ahead = int(zone.utcoffset(None).total_seconds())
    return [(second - ahead, _at(second - ahead, zone, step)) for second in _every(step, low + ahead, high + ahead)]


def between(low: float, high: float) -> str:
    """From when to when, with the date and the zone: ``2026-11-16 14:05 to 15:10 +00:00``."""
    if not _is_dated(low, high):
        return f"{low:.0f} to {high:.0f} s"
    zone = zone_at(low)
    begin, end = (datetime.fromtimestamp(second, zone) for second in (low, high))
    precision = "%H:%M" if high - low >= 2 * _MINUTE else "%H:%M:%S"
    text = begin.strftime(f"%Y-%m-%d {precision}")
    if high > low:
        text += end.strftime(f"–{precision}" if end.date() == begin.date() else f" – %Y-%m-%d {precision}")
    return f"{text} {begin.isoformat()[-6:]}"


def zone_at(second: float) -> timezone:
    """This machine's distance from UTC at a time, the same for the whole of a picture."""
    return timezone(datetime.fromtimestamp(second, UTC).astimezone().utcoffset() or timedelta())


def _is_dated(low: float, high: float) -> bool:
    return _CALENDAR[0] < low <= high < _CALENDAR[1]


def _at(second: float, zone: timezone, step: int) -> str:
    at = datetime.fromtimestamp(second, zone)
    if step >= _DAY or (at.hour, at.minute, at.second) == (0, 0, 0):
        return at.strftime("%m-%d" if step < 200 * _DAY else "%Y-%m")
    return at.strftime("%H:%M" if step >= _MINUTE else "%H:%M:%S")


def _step(span: float, most: int) -> int | None:
    """The least round number of seconds that goes into a span no more often than asked, or None."""
    return next((step for step in _STEPS if span / step <= most - 1), None) if span >= 1 else None


def _every(step: int, low: float, high: float) -> Iterator[int]:
    return (place * step for place in range(math.ceil(low / step), math.floor(high / step) + 1))
