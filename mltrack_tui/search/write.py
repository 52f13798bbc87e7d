"""Filters written for the user."""

from mltrack_tui.domain.query import Column, Value


def clause(column: Column, value: Value) -> str:
    """The clause that selects exactly the candidates with this value in this column; None is where it is missing."""
    raise NotImplementedError


def both(text: str, more: str) -> str:
    """A filter and one clause more; plain words become clauses on the name."""
    raise NotImplementedError
