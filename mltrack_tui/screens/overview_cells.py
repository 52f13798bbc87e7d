"""How projects and experiments look in their lists."""

from mltrack_tui.domain.entities import Experiment
from mltrack_tui.domain.query import Lifecycle
from mltrack_tui.domain.text import clean
from mltrack_tui.domain.times import ago, instant
from mltrack_tui.screens.all_experiments import AllExperiments
from mltrack_tui.screens.session import Session
from mltrack_tui.widgets.cells import MISSING, NOTHING, Cell, Ink, Tone

_UNCOUNTED = Cell("…", Tone.DIM)
_OF_A_MODEL = Ink("  model", Tone.DIM)


def tone_of(experiment: Experiment) -> Tone:
    """Dim where it is deleted."""
    if isinstance(experiment, AllExperiments):
        return Tone.PLAIN
    return Tone.PLAIN if Lifecycle.ACTIVE.admits(experiment.lifecycle_stage) else Tone.DIM


def name_cell(experiment: Experiment) -> Cell:
    """Its name, with a sign where it is deleted; that of a model is the model's."""
    if isinstance(experiment, AllExperiments):
        return Cell(experiment.name, Tone.DIM)
    deleted = tone_of(experiment) is Tone.DIM
    name, tail = (experiment.name, NOTHING) if experiment.model is None else (experiment.model, _OF_A_MODEL)
    return Cell(("⊘ " if deleted else "") + clean(name, 200), tone_of(experiment), tail=tail)


def ago_cell(ms: int | None, session: Session) -> Cell:
    """How long ago a time is."""
    return MISSING if ms is None else Cell(ago(ms, session.now()))


def instant_text(ms: int | None) -> str:
    """All of a time."""
    return "missing" if ms is None else instant(ms, None)


def count_cell(experiment: Experiment) -> Cell:
    """How many candidates it has, as far as they were counted: ``100+``, or ``…`` before any were."""
    if experiment.counted:
        return Cell(f"{experiment.candidates:,}", tone_of(experiment))
    return Cell(f"{experiment.candidates:,}+", Tone.DIM) if experiment.candidates else _UNCOUNTED


def count_text(experiment: Experiment) -> str:
    """The same in words."""
    if experiment.counted:
        return str(experiment.candidates)
    return f"{experiment.candidates}, perhaps more: not all were counted" if experiment.candidates else "not counted"


def activity_cell(experiment: Experiment, session: Session) -> Cell:
    """How long ago its last activity was, once that is known."""
    if experiment.last_activity is None and not experiment.counted:
        return _UNCOUNTED
    return ago_cell(experiment.last_activity, session)


def number_cell(number: int | None) -> Cell:
    """How many there are, once they were counted."""
    return _UNCOUNTED if number is None else Cell(f"{number:,}")


def number_text(number: int | None) -> str:
    """The same in words."""
    return "not counted" if number is None else str(number)
