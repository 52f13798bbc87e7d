"""What a printer needs to know of an answer's rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Generic, TypeAlias, TypeVar

Row = TypeVar("Row")
Value: TypeAlias = str | int | float | None
Json: TypeAlias = Value | bool | Mapping[str, "Json"] | Sequence["Json"]


class Form(Enum):
    """How a cell is shown to people; the exact formats do not ask."""

    TEXT = auto()
    PARAMETER = auto()  # a text that is a number in most columns
    NUMBER = auto()  # six digits, so that a column compares at a glance
    EXACT = auto()  # every digit
    TIME = auto()  # milliseconds since the epoch
    DURATION = auto()  # milliseconds

    @property
    def is_number(self) -> bool:
        """Whether cells of this form stand to the right."""
        return self in {Form.NUMBER, Form.EXACT, Form.DURATION}


@dataclass(frozen=True, slots=True)
class Cell(Generic[Row]):
    """A column of an answer: its heading and a row's value in it."""

    heading: str
    value: Callable[[Row], Value]
    form: Form = Form.TEXT


@dataclass(frozen=True, slots=True)
class Shape(Generic[Row]):
    """How each kind of format shows the rows of an answer.

    ``record`` is a row as JSON, ``exact`` the columns for programs, ``human`` the columns for people.
    """

    record: Callable[[Row], Json]
    exact: Sequence[Cell[Row]]
    human: Sequence[Cell[Row]]
