"""Files that are no store, and odd paths: one clear line each."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from mltrack_tui.sources.base import NotFoundError, SourceError
from mltrack_tui.sources.pages import final
from mltrack_tui.sources.sqlite import SqliteSource
from tests.sources.conftest import active, tour
from tests.sources.facts import STORES
from tests.sources.stores import change
from tests.unprivileged import folder_for_all, unprivileged

Open = Callable[[Path], SqliteSource]
PAGE = 4096
Copy = Callable[..., Path]


def test_opening_reads_nothing(tmp_path: Path, opened: Open) -> None:
    assert opened(tmp_path / "nowhere" / "mlflow.db").name == "mlflow.db"


async def test_a_path_with_signs_of_a_uri_is_the_file_of_that_name(copied: Copy, opened: Open, tmp_path: Path) -> None:
    odd = tmp_path / "a?mode=rwc#b%20c.db"
    copied().rename(odd)
    assert len(await active(opened(odd), "1")) == 8
    assert [one.name for one in os.scandir(tmp_path)] == [odd.name]


async def test_a_candidate_nobody_knows_is_named_in_the_error(opened: Open) -> None:
    source = opened(STORES / "mlflow-3.18.0.db")
    with pytest.raises(NotFoundError, match=r"mlflow-3\.18\.0\.db has no candidate 'nobody'"):
        await source.locate("nobody")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", r"is empty \(0 bytes\)"),
        (b"no database at all, but long enough to have a header" * 100, "is not an SQLite file"),
        ((STORES / "mlflow-3.18.0.db").read_bytes()[:200_000], "is damaged or cut short"),
        ((STORES / "mlflow-3.18.0.db").read_bytes()[:50], "is damaged or cut short"),
    ],
)
async def test_a_file_that_is_no_store_gets_one_clear_line(
    content: bytes, message: str, tmp_path: Path, opened: Open
) -> None:
    path = tmp_path / "mlflow.db"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=message) as caught:
        await tour(opened(path))
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == content


async def test_a_page_that_is_damaged_behind_others_that_are_not_is_told(copied: Copy, opened: Open) -> None:
    path = copied()
    run = await opened(path).locate((await active(opened(path), "1"))[0])
    notes = ", ".join(f"('note {number:05}', 'long {'o' * 200}', '{run.candidate_id}')" for number in range(3000))
    change(path, f"insert into tags (key, value, run_uuid) values {notes}")
    content = path.read_bytes()
    page = content.index(b"note 01500long") // PAGE * PAGE
    path.write_bytes(content[:page] + b"\xff" * PAGE + content[page + PAGE :])
    with pytest.raises(SourceError, match="is damaged or cut short"):
        await opened(path).read([run])


async def test_an_sqlite_file_of_somebody_else_is_not_mlflows(tmp_path: Path, opened: Open) -> None:
    path = tmp_path / "places.db"
    change(path, "create table places (url text)")
    with pytest.raises(SourceError, match=r"places\.db is an SQLite file, but not an MLflow store: name"):
        await final(opened(path).projects())


async def test_a_folder_is_not_a_store(tmp_path: Path, opened: Open) -> None:
    with pytest.raises(SourceError, match="is a folder"):
        await final(opened(tmp_path).projects())


async def test_a_wal_store_in_a_folder_that_cannot_be_written_is_explained(copied: Copy, opened: Open) -> None:
    with folder_for_all() as folder:
        path = folder / "mlflow.db"
        shutil.copyfile(copied(), path)
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA journal_mode = wal")
        path.chmod(0o444)
        folder.chmod(0o555)
        with unprivileged(), pytest.raises(SourceError, match="copy it, with the -wal file"):
            await final(opened(path).projects())
        assert list(folder.iterdir()) == [path]


async def test_a_store_that_lacks_a_column_is_told_which_and_what_to_do(copied: Copy, opened: Open) -> None:
    path = copied()
    change(path, "alter table runs rename column lifecycle_stage to stage")
    with pytest.raises(SourceError, match=r"no column runs\.lifecycle_stage, .* run mlflow db upgrade on a copy"):
        await final(opened(path).projects())
