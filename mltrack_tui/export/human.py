"""Values as people read them, harmless for a terminal."""

import unicodedata
from datetime import UTC, datetime, timedelta

from mltrack_tui.domain.numbers import exact
from mltrack_tui.domain.text import clean
from mltrack_tui.domain.times import duration
from mltrack_tui.export.shape import Form, Value

MISSING = "–"
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
        return duration(int(value))
    if isinstance(value, int):
        return str(value)
    rounded = f"{value:.6g}"
    return exact(value) if form is Form.EXACT or rounded.endswith(("n", "f")) else rounded


def moment(milliseconds: int) -> str:
    """A time in UTC (Z), to the second; one that no calendar holds is its milliseconds."""
    try:
        return f"{_EPOCH + timedelta(milliseconds=milliseconds):%Y-%m-%d %H:%M:%SZ}"
    except OverflowError:
        return str(milliseconds)


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
