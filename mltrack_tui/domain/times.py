"""Times and durations as people read them. All are milliseconds; points in time since the epoch, UTC."""

from datetime import UTC, datetime, tzinfo

SECOND, MINUTE, HOUR, DAY = 1000, 60_000, 3_600_000, 86_400_000


def instant(ms: int, zone: tzinfo | None = UTC) -> str:
    """A point in time to the second, as ``2026-11-16 14:03:22 +00:00``; ``zone`` None is the machine's own.

    What no calendar holds is given as the number it is.
    """
    try:
        at = datetime.fromtimestamp(ms / 1000, UTC).astimezone(zone)
    except (ValueError, OverflowError, OSError):
        return f"{ms} ms"
    return at.isoformat(" ", "seconds")


def ago(ms: int, now: int) -> str:
    """How long before ``now``, in one unit: ``now``, ``5m ago``, ``3h ago``, ``2d ago``; the date after a month."""
    passed = now - ms
    if passed < 0 or passed >= 30 * DAY:
        return instant(ms, None).partition(" ")[0]
    for unit, letter in ((DAY, "d"), (HOUR, "h"), (MINUTE, "m")):
        if passed >= unit:
            return f"{passed // unit}{letter} ago"
    return "now"


def duration(ms: int) -> str:
    """A length of time in its two largest units: ``340ms``, ``41s``, ``3m12s``, ``1h04m``, ``2d03h``."""
    if ms < 0:
        return f"-{duration(-ms)}"
    if ms < SECOND:
        return f"{ms}ms"
    if ms < MINUTE:
        return f"{ms // SECOND}s"
    if ms < HOUR:
        return f"{ms // MINUTE}m{ms % MINUTE // SECOND:02d}s"
    if ms < DAY:
        return f"{ms // HOUR}h{ms % HOUR // MINUTE:02d}m"
    return f"{ms // DAY}d{ms % DAY // HOUR:02d}h"
