"""How the projects of a server look in their list."""

from mltrack_tui.domain.times import DAY, HOUR, MINUTE
from mltrack_tui.screens import overview_cells as cells
from mltrack_tui.screens.projects.book import ProjectLine
from mltrack_tui.screens.session import Session
from mltrack_tui.widgets.cells import MISSING, Cell, Ink, Tone

OLD = 10 * MINUTE
"""Milliseconds after which numbers are shown with their age, and asked for anew."""


def age(line: ProjectLine, now: int) -> str:
    """How old its numbers are, in one unit, once they are old; else ''."""
    passed = 0 if line.counted_at is None else now - line.counted_at
    if passed < OLD:
        return ""
    unit, letter = next((each for each in ((DAY, "d"), (HOUR, "h")) if passed >= each[0]), (MINUTE, "m"))
    return f"{passed // unit}{letter}"


def experiments_cell(line: ProjectLine, now: int) -> Cell:
    """How many experiments it has; old numbers are dim, with their age before them: the digits stay in line."""
    cell = number_cell(line, line.project.experiments, now)
    old = age(line, now)
    return cell._replace(lead=Ink(f"{old} · ", Tone.DIM)) if old and line.project.experiments is not None else cell


def number_cell(line: ProjectLine, number: int | None, now: int) -> Cell:
    """One of its numbers, none dim: most projects have none. What was not there to be counted is missing."""
    if number is None:
        return cells.number_cell(None) if line.counted_at is None else MISSING
    empty = line.counted_at is not None and not number
    return Cell(f"{number:,}", Tone.DIM if empty or age(line, now) else Tone.PLAIN)


def activity_cell(line: ProjectLine, session: Session) -> Cell:
    """How long ago its last activity was; as it was remembered until the source tells."""
    ms = line.project.last_activity
    if line.told:
        return cells.ago_cell(ms, session)
    return cells.number_cell(None) if ms is None else cells.ago_cell(ms, session)._replace(tone=Tone.DIM)


def number_text(line: ProjectLine, number: int | None, now: int) -> str:
    """The same in words."""
    if number is None and line.counted_at is not None:
        return "missing"
    old = age(line, now)
    return cells.number_text(number) + (f", counted {old} ago" if old else "")
