"""Values as they are typed in filters, by what the column holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from math import isnan

from mltrack_tui.domain.numbers import as_stored, number_of
from mltrack_tui.domain.text import clean
from mltrack_tui.search.moments import Period, length_of, moment, number_or_none
from mltrack_tui.search.names import nearest_hint
from mltrack_tui.search.vocabulary import STATUSES, Holds

_TOLD = 40


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, or text to be compared exactly or in any case."""

    value: float | str
    any_case: bool = False


def literal(text: str, holds: Holds, now: int, zone: tzinfo | None, *, quoted: bool) -> Literal | Period:
    """What a value means beside a column; ``quoted`` says whether it stood in quotes.

    Raises:
        ValueError: it cannot be a value of such a column; the text is a sentence.
    """
    if holds is Holds.NUMBER:
        return Literal(_number(text))
    if holds is Holds.TIME:
        at = moment(text, now, zone)
        return at if isinstance(at, Period) else Literal(_of_64_bits(at))
    if holds is Holds.DURATION:
        return Literal(_of_64_bits(length_of(text)))
    if holds is Holds.EXPERIMENT_ID:
        return Literal(_experiment_id(text))
    return Literal(text) if quoted else _unquoted(text, holds)


def _unquoted(text: str, holds: Holds) -> Literal:
    if holds is Holds.STATUS:
        return Literal(_status(text))
    if holds is Holds.LOGGED and (number := number_of(text)) is not None:
        return Literal(_finite(number))
    return Literal(text, any_case=True)


def _number(text: str) -> float:
    """A metric's value. MLflow reads 1e400 as more than any metric; ``inf`` is what it stores of an infinite one."""
    if (number := number_or_none(text)) is not None:
        return float(number)
    if (number := number_of(text)) is None:
        raise ValueError(f"{clean(text, _TOLD)} is no number, and a number is expected")
    return _finite(number)


def _finite(number: float) -> float:
    if isnan(number):
        raise ValueError("nothing equals nan, nor is less or more: write is nan")
    return as_stored(number)


def _experiment_id(text: str) -> str:
    """MLflow keeps the ids of experiments as numbers, so that 01 is 1."""
    return str(int(text)) if len(text) < 20 and text.strip().isdecimal() else text


def _of_64_bits(number: float) -> float:
    return number if abs(number) < 2**63 else float(number)


def _status(text: str) -> str:
    if text.upper() not in STATUSES:
        near = nearest_hint(text, STATUSES, f"; there are {', '.join(STATUSES).lower()}")
        raise ValueError(f"there is no status {clean(text, _TOLD)}{near.lower()}")
    return text.upper()


def list_of_strings(text: str) -> Sequence[str] | None:
    """The texts of a list in quotes as MLflow reads it: as Python does, with its escapes; else None."""
    import ast
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Python warns of escapes that it does not know
        try:
            found = ast.literal_eval(f"({text},)")
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            return None
    return found if isinstance(found, tuple) and all(isinstance(each, str) for each in found) else None
