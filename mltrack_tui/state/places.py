"""What the state is asked with and what it answers, apart from views."""

from dataclasses import dataclass


class StateError(Exception):
    """Nothing could be remembered. The text is one line: what happened, to which file."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a view belongs to: some experiments, by their ids, of a project of a source (`Source.location`)."""

    source: str
    project: str
    experiments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KnownProject:
    """What was known of a project at an earlier visit; None is not known. Times are milliseconds since the epoch.

    Attributes:
        counted_at: when its experiments and models were counted.
        opened_at: when somebody opened it last.
    """

    experiments: int | None = None
    models: int | None = None
    last_activity: int | None = None
    counted_at: int | None = None
    opened_at: int | None = None


@dataclass(frozen=True, slots=True)
class LastPlace:
    """Where somebody was: a project, some experiments by their ids, the candidate under the cursor or open."""

    project: str
    experiments: tuple[str, ...] = ()
    candidate: str | None = None
