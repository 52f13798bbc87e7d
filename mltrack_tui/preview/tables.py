"""Which table a file is."""

from mltrack_tui.preview.file import ArtifactFile
from mltrack_tui.preview.table import DelimitedTable, Table


def table_in(file: ArtifactFile, head: bytes) -> Table:
    """The table that a file is, by its first bytes; `Table.open` tells whether it is."""
    if head.startswith(b"PAR1"):
        from mltrack_tui.preview.parquet import ParquetTable

        return ParquetTable(file)
    if file.name.lower().endswith((".json", ".jsonl", ".ndjson")):
        from mltrack_tui.preview.table_json import JsonTable

        return JsonTable(file)
    return DelimitedTable(file)
