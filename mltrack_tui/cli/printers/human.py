"""Values as people read them, harmless for a terminal."""

import unicodedata
from datetime import UTC, datetime, timedelta

from mltrack_tui.cli.printers.shape import Form, Value
from mltrack_tui.domain.numbers import exact
from mltrack_tui.domain.text import clean

MISSING = "–"
_SECOND, _MINUTE, _HOUR, _DAY = 1000, 60_000, 3_600_000, 86_400_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def shown(value: Value, form: Form) -> str:
    """A cell's text on one line; what is missing is a dash."""
    if value is None:
        return MISSING
    if isinstance(value, str):
        return clean(value)
    if form is Form.TIME:
        return moment(int(value))
    if form is Form.DURATION:
        return span(int(value))
    if isinstance(value, int):
        return str(value)
    rounded = f"{value:.6g}"
    return exact(value) if form is Form.EXACT or rounded.endswith(("n", "f")) else rounded


def moment(milliseconds: int) -> str:
    """A time in UTC, to the second; one that no calendar holds is its milliseconds."""
    try:
        return f"{_EPOCH + timedelta(milliseconds=milliseconds):%Y-%m-%d %H:%M:%S}"
    except OverflowError:
        return str(milliseconds)


def span(milliseconds: int) -> str:
    """A duration in the two units that matter: ``350 ms``, ``12.3 s``, ``4m 05s``, ``3h 20m``, ``2d 07h``."""
    sign, length = "-" * (milliseconds < 0), abs(milliseconds)
    if length < _SECOND:
        return f"{sign}{length} ms"
    if length < _MINUTE:
        return f"{sign}{length / _SECOND:.1f} s"
    if length < _HOUR:
        return f"{sign}{length // _MINUTE}m {length % _MINUTE // _SECOND:02}s"
    if length < _DAY:
        return f"{sign}{length // _HOUR}h {length % _HOUR // _MINUTE:02}m"
    return f"{sign}{length // _DAY}d {length % _DAY // _HOUR:02}h"


def width(text: str) -> int:
    """How many columns of a terminal a text takes: wide characters two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if character.isascii():
        return 1
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def fitted(text: str, columns: int) -> str:
    """A text cut to so many columns; the last is then ``…``."""
    if len(text) <= columns and width(text) <= columns:
        return text
    room, kept = columns - 1, []
    for character in text:
        room -= _columns(character)
        if room < 0:
            break
        kept.append(character)
    return "".join(kept) + "…"
