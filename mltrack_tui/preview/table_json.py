"""JSON that is a table: as pandas writes it in its orientations, and ``mlflow.log_table`` with it; records in lines."""

import asyncio
from collections.abc import Iterable, Sequence

from mltrack_tui.domain.sizes import bytes_text
from mltrack_tui.preview.delimited import distinct
from mltrack_tui.preview.file import ArtifactFile, Unreadable
from mltrack_tui.preview.table import Cells, ListedTable
from mltrack_tui.preview.tree import MOST_BYTES, Broken, Pairs, Value, tree_of, written

_MOST_COLUMNS = 10_000


class JsonTable(ListedTable):
    """A file of JSON that is a table; lines of it are taken as far as a tree is, other JSON has to be that short."""

    def __init__(self, file: ArtifactFile) -> None:
        super().__init__((), ())
        self._file = file

    async def open(self) -> None:
        """All of it."""
        value, cut = await value_in(self._file)
        found = await asyncio.to_thread(table_of, value)
        if found is None:
            raise Unreadable("This JSON is no table.")
        self.names, self.rows = found.names, found.rows
        self.notes = [cut] if cut else []


async def value_in(file: ArtifactFile) -> tuple[Value, str]:
    """What a file of JSON, YAML or TOML says, and how much of it where that is not all. Raises as `tree.tree_of`."""
    data = await file.read(0, MOST_BYTES + 1)
    whole = len(data) <= MOST_BYTES
    if not whole and not file.name.lower().endswith((".jsonl", ".ndjson")):
        raise Unreadable(f"It is longer than the {bytes_text(MOST_BYTES)} that are taken apart; it is shown as text.")
    value = await asyncio.to_thread(tree_of, file.name, data[:MOST_BYTES], whole=whole)
    return value, "" if whole else f"the first {bytes_text(MOST_BYTES)}"


def table_of(value: Value) -> ListedTable | None:
    """The table that a value is, if it is one."""
    if isinstance(value, Pairs):
        held = dict(value)
        if len(held) == 1 and "dataframe_split" in held:
            return table_of(held["dataframe_split"])
        columns, data = held.get("columns"), held.get("data")
        if isinstance(columns, list) and isinstance(data, list) and all(isinstance(row, list) for row in data):
            rows = [[_cell(each) for each in row] for row in data if isinstance(row, list)]
            return ListedTable(distinct([written(each) for each in columns], _width(columns, rows)), rows)
        return _of_columns(value)
    if isinstance(value, list) and value and all(isinstance(row, Pairs | Broken) for row in value):
        return _of_records([row for row in value if isinstance(row, Pairs)])
    return None


def _width(columns: Sequence[Value], rows: Iterable[Cells]) -> int:
    return min(max([len(columns), *map(len, rows)]), _MOST_COLUMNS)


def _of_columns(value: Pairs) -> ListedTable | None:
    """Lists of equal length by their names."""
    columns = [each for _, each in value if isinstance(each, list)]
    if len(columns) != len(value) or len({len(each) for each in columns}) != 1:
        return None
    rows = [[_cell(each) for each in row] for row in zip(*columns, strict=True)]
    return ListedTable(distinct([key for key, _ in value], len(columns)), rows)


def _of_records(records: Sequence[Pairs]) -> ListedTable | None:
    places: dict[str, int] = {}
    for record in records:
        for key, _ in record:
            places.setdefault(key, len(places))
        if len(places) > _MOST_COLUMNS:
            return None
    rows = []
    for record in records:
        row: list[str | None] = [None] * len(places)
        for key, each in record:
            row[places[key]] = _cell(each)
        rows.append(row)
    return ListedTable(distinct(list(places), len(places)), rows) if places else None


def _cell(value: Value) -> str | None:
    return None if value is None else written(value)
