"""How often changes are looked for, as the user chooses."""

from math import inf

from mltrack_tui.screens.dialogs import Picker
from mltrack_tui.screens.live.watcher import SELDOM
from mltrack_tui.screens.session import Session

_INTERVALS = (
    ("1 s", 1.0),
    ("2 s", 2.0),
    ("5 s", 5.0),
    ("10 s", 10.0),
    ("30 s", 30.0),
    ("1 min", 60.0),
    ("5 min", 300.0),
    ("10 min", 600.0),
)


def interval_picker(session: Session) -> Picker[float]:
    """The intervals to choose from, in seconds: 0 as soon as something changes, infinite for never.

    A source that notices changes by itself is looked at twice a second; an interval is how often at most, then.
    """
    watches = bool(session.source.capabilities.watch)
    here = session.live.every if session.live.every is not None else (0.0 if watches else SELDOM)
    choices = [("as soon as something changes", 0.0)] if watches else []
    choices += [*((f"every {name}", seconds) for name, seconds in _INTERVALS), ("off: only when you ask", inf)]
    return Picker("Look for changes", [(f"{name}   · now" if each == here else name, each) for name, each in choices])


def told(seconds: float) -> str:
    """What was chosen, in a sentence."""
    if seconds == inf:
        return "Changes are not looked for any more."
    name = next((name for name, each in _INTERVALS if each == seconds), None)
    return f"Changes are looked for every {name}." if name else "Changes are shown as soon as they are there."
