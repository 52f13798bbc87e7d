"""Which candidates are the same but for chance: as many trainings with other seeds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_CHANCE = ("seed", "randomstate")
"""What the names of parameters end with that say with which chance a training began, without _ and in lower case."""


@dataclass(frozen=True, slots=True)
class Repeats:
    """Candidates in groups whose parameters are equal but for seeds.

    Attributes:
        by: the parameters by which the groups differ; none where all candidates are one group.
        groups: each candidate's group by a name that says what it has of those; '' of a sole one.
    """

    by: Sequence[str]
    groups: Sequence[str]

    @classmethod
    def of(cls, params: Sequence[Mapping[str, str]]) -> "Repeats":
        """The groups of candidates with these parameters; one of them all where none or each differs from all others.

        A parameter that some lack is one by which they differ.
        """
        names = sorted({name for each in params for name in each if not _is_chance(name)})
        by = [name for name in names if len({each.get(name) for each in params}) > 1]
        told = [tuple(each.get(name) for name in by) for each in params]
        if len(set(told)) in {1, len(told)}:
            return cls((), [""] * len(told))
        return cls(by, [", ".join(map(_part, by, values)) for values in told])


def _is_chance(name: str) -> bool:
    return name.casefold().replace("_", "").endswith(_CHANCE)


def _part(name: str, value: str | None) -> str:
    return f"no {name}" if value is None else f"{name} {value}"
