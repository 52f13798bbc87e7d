"""Filters of candidates from what the cursor is on."""

from mltrack_tui.analysis.order import logged_value
from mltrack_tui.domain.query import Column
from mltrack_tui.screens.candidates.layout import MARK
from mltrack_tui.screens.candidates.table import CandidateTable
from mltrack_tui.search.names import Names


def column_to_filter(table: CandidateTable) -> Column | None:
    """The column under the cursor with what it shows of a history; None, and it is said, where there is no value."""
    rows, place = table.candidates, table.cursor_column
    column = rows.asked[place] if rows is not None and place < len(rows.asked) else None
    if column == MARK:
        table.post_message(table.Told(table, "There is nothing to filter by in this column."))
        return None
    return column


def cell_filter(table: CandidateTable, names: Names) -> str | None:
    """The clause of the cell under the cursor, or None while it is not read."""
    from mltrack_tui.screens.clauses import cell_clause  # when it is first asked for

    rows, here, column = table.candidates, table.cursor_id, column_to_filter(table)
    if rows is None or here is None or column is None:
        return None
    candidate = rows.values.get(rows.values.block_of(column), here)
    return cell_clause(column, logged_value(candidate, column), names) if candidate is not None else None
