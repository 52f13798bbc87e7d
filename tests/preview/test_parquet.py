"""Parquet by its groups of rows: only those that are looked at are fetched."""

import asyncio
import io

import pyarrow as pa
import pytest
from pyarrow import parquet

from mltrack_tui.domain.artifacts import Artifact
from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.preview.file import ArtifactFile, Unreadable
from mltrack_tui.preview.kinds import HEAD
from mltrack_tui.preview.parquet import ParquetTable
from mltrack_tui.preview.tables import table_in
from tests.memory import MemorySource, candidate

HERE = CandidateId("memory", "default", "1", "c")


def file_of(data: bytes, name: str = "a.parquet") -> ArtifactFile:
    source = MemorySource.of({"one": [candidate("c")]})
    source.files["c"] = {name: data}
    return ArtifactFile(source, HERE, Artifact(name, is_dir=False, size=len(data)))


def written(rows: int, group: int) -> bytes:
    table = pa.table(
        {
            "id": range(rows),
            "x": [number / 7 for number in range(rows)],
            "text": [None if number % 2 else f"n{number}" * 20 for number in range(rows)],
            "nested": [[number, None] for number in range(rows)],
            "odd": [float("nan")] * rows,
        }
    )
    out = io.BytesIO()
    parquet.write_table(table, out, row_group_size=group, compression="none", use_dictionary=False)
    return out.getvalue()


async def test_only_the_groups_that_are_wanted_are_fetched() -> None:
    data = written(60_000, 10_000)
    file = file_of(data)
    table = ParquetTable(file)
    await table.open()
    assert (len(table), table.total, table.complete) == (10_000, "60,000", False)
    assert file.fetched < len(data) / 3
    assert list(table.row(9_999)) == ["9999", repr(9_999 / 7), None, "[9999, None]", "NaN"]
    await table.more()
    assert list(table.row(10_001))[:2] == ["10001", repr(10_001 / 7)]
    while not table.complete:
        await table.more()
    assert (len(table), table.row(59_999)[0]) == (60_000, "59999")


@pytest.mark.parametrize("name", ["a.parquet", "a.csv"])
async def test_no_row_comes_twice_whoever_asks_at_once_again_or_gives_up(name: str) -> None:
    rows = 40_000
    csv = b"id,x\n" + b"".join(b"%d,%060d\n" % (number, number) for number in range(rows))
    data = written(rows, rows // 4) if name == "a.parquet" else csv
    table = table_in(file_of(data, name), data[:HEAD])
    await asyncio.gather(table.more(), table.open(), table.open(), table.more())
    while not table.complete:
        given_up = asyncio.create_task(table.more())
        await asyncio.sleep(0.001)
        given_up.cancel()
        await asyncio.gather(given_up, table.more(), table.more(), return_exceptions=True)
    assert len(table) == rows
    assert all(table.row(place)[0] == str(place) for place in range(0, rows, 1000))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (written(10, 10)[:-30], "its end is missing"),
        (b"PAR1" + b"\x00" * 90 + (2**31).to_bytes(4, "little") + b"PAR1", "its end is missing"),
        (b"PAR1" + b"\xff" * 90 + (90).to_bytes(4, "little") + b"PAR1", "no Parquet that can be read"),
    ],
)
async def test_what_lies_about_itself_is_not_believed(data: bytes, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        await ParquetTable(file_of(data)).open()
