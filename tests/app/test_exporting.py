"""Tables on their way out: whole, exact, in order, and over nothing that is there already."""

import csv
import json
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from mltrack_tui.export.saving import saved
from mltrack_tui.export.shape import Form
from mltrack_tui.export.table import Exportable, Heading, Row
from mltrack_tui.screens.exporting import ExportDialog, file_stem
from mltrack_tui.sources.base import SourceBusy, SourceError
from tests.memory import MemorySource
from tests.screens.given import HeldSource, many, workshop
from tests.screens.harness import Explorer, explore


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the explorer was started."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


async def to_the_candidates(explorer: Explorer) -> None:
    await explorer.shows("3 experiments")
    await explorer.enter("7 candidates", "0.9794")


async def test_the_table_is_written_as_it_is_shown_all_rows_in_their_order(folder: Path) -> None:
    async with explore(workshop(), size=(100, 18)) as explorer:
        await to_the_candidates(explorer)
        await explorer.press("$", "h", "]")
        await explorer.shows("▼accuracy")
        await explorer.press("x")
        await explorer.shows("Export 7 rows", "CSV file", "JSON to the clipboard")
        await explorer.press("c")
        await explorer.shows("to a file in", "digits.csv", "enter writes")
        await explorer.press("enter")
        await explorer.tells("Wrote 7 rows to digits.csv")
    with (folder / "digits.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == [
        *("id", "status", "name", "created", "duration"),
        *("params.lr", "params.optimizer", "metrics.accuracy", "metrics.loss"),
    ]
    assert [row["metrics.accuracy"] for row in rows] == [
        *("0.981234567891", "0.979412345678", "0.9655", "0.961", "0.5", "NaN", ""),
    ]
    assert [row["metrics.loss"] for row in rows][-2:] == ["Infinity", ""]
    assert rows[0]["created"] == "1763308800000"


async def test_json_to_the_clipboard_is_exact(folder: Path) -> None:
    async with explore(workshop()) as explorer:
        await to_the_candidates(explorer)
        await explorer.press("x", "J")
        await explorer.tells("Copied 7 rows")
        rows = json.loads(explorer.app.clipboard)
    assert rows[0]["metrics.accuracy"] == 0.979412345678
    assert (rows[2]["metrics.accuracy"], rows[2]["metrics.loss"]) == ("NaN", "Infinity")
    assert rows[5]["metrics.loss"] == "-Infinity"
    assert rows[6]["metrics.loss"] is None
    assert rows[0]["params.lr"] == "0.001"
    assert list(folder.iterdir()) == []  # noqa: ASYNC240 - a small folder


async def test_a_file_that_is_there_is_overwritten_only_when_enter_is_pressed_again(folder: Path) -> None:
    (folder / "digits.md").write_text("mine")
    (folder / "digits.md").chmod(0o604)
    async with explore(workshop()) as explorer:
        await to_the_candidates(explorer)
        await explorer.press("x", "m", "enter")
        await explorer.shows("There is such a file already")
        assert (folder / "digits.md").read_text() == "mine"
        await explorer.press("backspace", "x", "enter")
        await explorer.tells("Wrote 7 rows to digits.mx")
        assert (folder / "digits.md").read_text() == "mine"
        await explorer.press("x", "m", "enter")
        await explorer.shows("There is such a file already")
        await explorer.press("enter")
        await explorer.tells("Wrote 7 rows to digits.md")
    assert (folder / "digits.md").read_text() == (folder / "digits.mx").read_text()
    assert (folder / "digits.md").stat().st_mode & 0o777 == 0o604
    head, rule, first, *_ = (folder / "digits.md").read_text().splitlines()
    assert head.startswith("| id | status | name | created |")
    assert rule.endswith(" ---: | ---: |")
    assert "| adam-wide | 2025-11-16 17:00:00Z | 1m02s |" in first


async def test_what_cannot_be_written_is_told_and_the_name_can_be_mended(folder: Path) -> None:
    async with explore(workshop()) as explorer:
        await explorer.shows("3 experiments")
        await explorer.press("x", "c", *["backspace"] * 4, "/", "a", "enter")
        await explorer.shows("It cannot be written: No such file or directory.")
        await explorer.press("backspace", "backspace", "enter")
        await explorer.tells("Wrote 3 rows")
    assert (folder / "experiments").read_text().startswith("experiment_id,name,candidates,last_activity,created,")


async def test_escape_stops_an_export_and_leaves_nothing_behind(folder: Path) -> None:
    source = HeldSource()
    source.add(MemorySource.of({"big": many(3000)}).all_experiments[0], many(3000))
    async with explore(source) as explorer:
        await explorer.shows("1 experiment")
        await explorer.enter("3,000 candidates", "run 1 ")
        source.hold("read", after=2)
        await explorer.press("x", "c", "enter")
        await explorer.shows("000 of 3,000 rows")
        await explorer.until(lambda: source.waiting == ["read"])
        assert len(list(folder.iterdir())) == 2  # noqa: ASYNC240 - the name that it will have, and what is written so far
        await explorer.press("escape")
        await explorer.shows("3,000 candidates")
        await explorer.until(lambda: list(folder.iterdir()) == [])
        assert source.cancelled == ["read"]


async def test_a_failing_source_is_told_and_a_busy_one_is_asked_again(folder: Path) -> None:
    source = workshop()
    async with explore(source) as explorer:
        await to_the_candidates(explorer)
        source.fail_at("read", SourceError("The disk is on fire."))
        await explorer.press("x", "c", "enter")
        await explorer.shows("The disk is on fire.")
        assert list(folder.iterdir()) == []  # noqa: ASYNC240 - a small folder
        source.fail_at("read", SourceBusy("memory is busy."))
        await explorer.press("enter")
        asked = source.calls.count("read")
        await explorer.until(lambda: source.calls.count("read") > asked)
        source._failing.clear()
        await explorer.tells("Wrote 7 rows")


async def test_what_is_too_much_for_a_clipboard_is_told() -> None:
    async def batches() -> AsyncIterator[Sequence[Row]]:
        for _ in range(3):
            yield [("x" * 10_000,)] * 100

    async with explore(workshop()) as explorer:
        await explorer.shows("3 experiments")
        table = Exportable("big", [Heading("text", Form.TEXT)], 300, batches)
        explorer.app.push_screen(ExportDialog(table))
        await explorer.shows("Export 300 rows, 1 columns")
        await explorer.press("C")
        await explorer.shows("more than 1,000,000 characters")
        assert explorer.app.clipboard == ""


@pytest.mark.parametrize(
    ("tab", "text"),
    [
        ("2", "name,value\r\nlr,0.001\r\noptimizer,adam\r\n"),
        ("3", "metric,last,min,max,steps\r\naccuracy,0.979412345678,0.0,1.0,60\r\nloss,0.0702,NaN,NaN,5\r\n"),
    ],
)
async def test_the_tabs_of_a_candidate_are_tables_too(folder: Path, tab: str, text: str) -> None:
    async with explore(workshop(), size=(120, 30)) as explorer:
        await to_the_candidates(explorer)
        await explorer.enter("started")
        await explorer.press(tab)
        await explorer.shows("loss" if tab == "3" else "adam")
        if tab == "3":
            await explorer.shows(" 60 ", " 5 ")
        await explorer.press("x", "C")
        await explorer.tells("Copied 2 rows")
        assert explorer.app.clipboard == text
        await explorer.press("1", "x")
        await explorer.tells("There is no table to export here.")


@pytest.mark.parametrize(
    ("name", "stem"),
    [("churn model/2", "churn-model-2"), ("../../etc", "etc"), ("\x1b[2J", "2J"), ("ü", "ü"), ("…", "table")],
)
def test_a_file_is_called_like_what_it_is_of(name: str, stem: str) -> None:
    assert file_stem(name) == stem


def test_a_file_comes_to_be_whole_or_not_at_all(folder: Path) -> None:
    def fail(path: Path, *, overwrite: bool) -> None:
        with saved(path, overwrite=overwrite) as file:
            file.write("half")
            raise ArithmeticError

    with pytest.raises(ArithmeticError):
        fail(folder / "new", overwrite=False)
    (folder / "old").write_text("old")
    with pytest.raises(ArithmeticError):
        fail(folder / "old", overwrite=True)
    with pytest.raises(FileExistsError), saved(folder / "old"):
        pass
    assert [(path.name, path.read_text()) for path in folder.iterdir()] == [("old", "old")]
    with saved(folder / "text") as file:
        file.write("é\r\n\ud800")
    assert (folder / "text").read_bytes() == "é\r\n?".encode()
