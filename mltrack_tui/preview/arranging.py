"""Rows of a table, filtered and sorted."""

from collections.abc import Iterable, Iterator, Sequence
from threading import Event
from typing import TYPE_CHECKING

from mltrack_tui.analysis.order import SortColumn, arrange, text_value
from mltrack_tui.analysis.sorting import Keys
from mltrack_tui.domain.filter import Filter
from mltrack_tui.preview.asking import RowSubject
from mltrack_tui.preview.table import Table
from mltrack_tui.search.evaluate import matches

if TYPE_CHECKING:
    from mltrack_tui.domain.query import Value


def arranged(table: Table, where: Filter | None, order: Keys[int], stopped: Event) -> Sequence[int]:
    """The rows that a filter admits, by some columns; equal ones stay in the order of the file.

    In each column numbers come first, then NaN, then text, then what is missing, in both directions. Once it is
    ``stopped``, nobody wants the answer.
    """
    kept: Sequence[int] = range(len(table))
    if where is not None:
        subject = RowSubject({name: place for place, name in enumerate(table.names)})
        kept = [index for index in _until(stopped, kept) if matches(where, subject.of(table.row(index)))]
    if not order:
        return kept
    values: list[list[Value]] = [[] for _ in order]
    for index in _until(stopped, kept):
        cells = table.row(index)
        for column, (place, _) in zip(values, order, strict=True):
            column.append(text_value(cells[place] or None) if place < len(cells) else None)
    keys = [(SortColumn.of(column), descending) for column, (_, descending) in zip(values, order, strict=True)]
    return [kept[place] for place in arrange(range(len(values[0])), keys)]


def _until(stopped: Event, rows: Iterable[int]) -> Iterator[int]:
    for row in rows:
        if stopped.is_set():
            return
        yield row
