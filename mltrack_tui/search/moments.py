"""Times and durations as they are typed in filters."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from mltrack_tui.domain.times import DAY, HOUR, MINUTE, SECOND

_UNITS = {"ms": 1, "s": SECOND, "m": MINUTE, "h": HOUR, "d": DAY, "w": 7 * DAY}
_LENGTH = re.compile(r"([+-]?)((?:\d{1,12}(?:\.\d{1,9})?(?:ms|[smhdw]))+)", re.ASCII)
_PART = re.compile(r"([\d.]+)(ms|[smhdw])")
_DATE = re.compile(
    r"(\d{4})-(\d\d)(?:-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*([Zz]|[+-]\d\d:?\d\d)?)?)?",
    re.ASCII,
)
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
TIME_FORMS = "-7d, today, 2026-11-01, 2026-11-01T14:30 or milliseconds"
DURATION_FORMS = "90s, 5m, 1h30m, 2d or 500ms"


@dataclass(frozen=True, slots=True)
class Period:
    """From ``start`` to before ``end``, in milliseconds since the epoch."""

    start: float
    end: float


def number_or_none(text: str) -> float | None:
    """A number as MLflow takes it, and with a + before it; whole ones exactly, unless they pass 64 bits."""
    if _NUMBER.fullmatch(text) is None:
        return None
    whole = len(text) < 20 and text.lstrip("+-").isdecimal()
    return int(text) if whole else float(text)


def moment(text: str, now: int, zone: tzinfo | None) -> float | Period:
    """A point in time, or the period that a date or a time of less than full precision is.

    Raises:
        ValueError: it is neither; the text is a sentence that names the forms there are.
    """
    if (number := number_or_none(text)) is not None:
        return number
    if (length := _LENGTH.fullmatch(text)) is not None:
        if not length[1]:
            raise ValueError(f"{text} is a length of time: write -{text} for so long ago")
        return now + length_of(text)
    if (word := text.lower()) in {"now", "today", "yesterday"}:
        today = datetime.fromtimestamp(now / 1000, UTC).astimezone(zone).date()
        return now if word == "now" else _day(today - timedelta(days=word == "yesterday"), zone)
    if (match := _DATE.fullmatch(text)) is None:
        raise ValueError(f"no time is written {text}: write {TIME_FORMS}")
    try:
        return _period(match, zone)
    except (ValueError, OverflowError, OSError):
        raise ValueError(f"the calendar has no {text}") from None


def length_of(text: str) -> float:
    """A duration in milliseconds. Raises ValueError with a sentence that names the units."""
    match = _LENGTH.fullmatch(text)
    if match is None:
        if (number := number_or_none(text)) is None:
            raise ValueError(f"no duration is written {text}: write {DURATION_FORMS}")
        if number:
            raise ValueError(f"{text} needs a unit: write {DURATION_FORMS}")
        return 0
    exact = sum(float(count) * _UNITS[unit] for count, unit in _PART.findall(match[2]))
    return round(-exact if match[1] == "-" else exact)


def _period(match: re.Match[str], zone: tzinfo | None) -> Period:
    year, month = int(match[1]), int(match[2])
    if match[3] is None:
        return Period(
            _ms(datetime(year, month, 1, tzinfo=zone)),
            _ms(datetime(year + month // 12, month % 12 + 1, 1, tzinfo=zone)),
        )
    if match[4] is None:
        return _day(date(year, month, int(match[3])), zone)
    if match[8] is not None:
        zone = _offset(match[8])
    at = datetime(year, month, int(match[3]), int(match[4]), int(match[5]), int(match[6] or 0), tzinfo=zone)
    milliseconds = int((match[7] or "").ljust(3, "0")[:3])
    start = _ms(at) + milliseconds
    return Period(start, start + (1 if match[7] else SECOND if match[6] else MINUTE))


def _offset(text: str) -> tzinfo:
    if text in "Zz":
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    return timezone((-1 if text[0] == "-" else 1) * timedelta(hours=hours, minutes=minutes))


def _day(day: date, zone: tzinfo | None) -> Period:
    following = day + timedelta(days=1)
    first, last = (datetime(each.year, each.month, each.day, tzinfo=zone) for each in (day, following))
    return Period(_ms(first), _ms(last))


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)
