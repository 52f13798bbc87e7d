"""Artifacts come into a folder of the user's choice."""

import asyncio
from pathlib import Path

import pytest

from mltrack_tui.sources.base import SourceError
from tests.screens.given import workshop
from tests.screens.harness import Explorer, explore

TOP = ("config.yaml", "model", "plots")
"""What lies on top of the first candidate's artifacts."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the program runs."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def asked_for(explorer: Explorer, artifact: str) -> None:
    """Put the cursor on an artifact of the first candidate and ask to download it."""
    await explorer.shows("3 experiments")
    await explorer.enter("adam-wide")
    await explorer.enter("started")
    await explorer.press("5")
    await explorer.shows(artifact)
    for _ in range(TOP.index(artifact)):
        await explorer.press("j")
    await explorer.tells(f"artifact  {artifact}")
    await explorer.press("d")
    await explorer.shows(f"Download {artifact}", "enter downloads")


async def into(explorer: Explorer, path: Path) -> None:
    """Choose a folder."""
    await explorer.press("ctrl+u")
    await explorer.type(str(path))
    await explorer.press("enter")


async def test_a_file_comes_into_the_folder_that_is_offered(folder: Path) -> None:
    source = workshop()
    async with explore(source) as explorer:
        await asked_for(explorer, "config.yaml")
        await explorer.press("enter")
        await explorer.shows("Downloaded to")
        await explorer.cursor_on("config.yaml")
    assert (folder / "config.yaml").read_bytes() == b"lr: 0.001\n"


async def test_a_folder_comes_whole_into_another_folder(folder: Path) -> None:
    source = workshop()
    async with explore(source, size=(160, 24)) as explorer:
        await asked_for(explorer, "model")
        await into(explorer, folder / "new")
        await explorer.shows("Downloaded to")
    assert (folder / "new" / "model" / "weights.bin").read_bytes() == bytes(4096)
    assert (folder / "new" / "model" / "MLmodel").read_bytes() == b"flavors: {}\n"


async def test_what_is_there_already_is_left_alone_and_another_folder_can_be_named(folder: Path) -> None:
    (folder / "config.yaml").write_text("mine")
    source = workshop()
    async with explore(source, size=(160, 24)) as explorer:
        await asked_for(explorer, "config.yaml")
        await explorer.press("enter")
        await explorer.shows("is there already")
        await into(explorer, folder / "elsewhere")
        await explorer.shows("Downloaded to")
    assert (folder / "config.yaml").read_text() == "mine"
    assert (folder / "elsewhere" / "config.yaml").exists()


async def test_a_folder_that_cannot_be_made_is_refused_in_words(folder: Path) -> None:
    (folder / "a file").write_text("")
    async with explore(workshop(), size=(160, 24)) as explorer:
        await asked_for(explorer, "config.yaml")
        await into(explorer, folder / "a file")
        await explorer.until(lambda: "a file" in explorer.text.partition("into the folder")[2].partition("\n")[2])
        await explorer.shows("Download config.yaml")
        await explorer.press("escape")
        await explorer.lacks("Download config.yaml")


async def test_the_progress_is_told_and_escape_cancels_and_leaves_nothing_behind(folder: Path) -> None:
    source = workshop()
    async with explore(source) as explorer:
        await asked_for(explorer, "plots")
        source.page_size = 500_000
        source.gate = Chunks(1)
        await explorer.press("enter")
        await explorer.shows("0 of 1 files", "500.0 kB of 1.5 MB", "33%")
        await explorer.press("escape")
        await explorer.lacks("Download plots")
        await explorer.cursor_on("plots")
        await explorer.until(lambda: names_in(folder) == [])


class Chunks(asyncio.Event):
    """Lets the calls for a listing and so many chunks pass."""

    def __init__(self, chunks: int) -> None:
        super().__init__()
        self._left = 2 + chunks

    async def wait(self) -> bool:  # type: ignore[override]  # what asyncio returns is Literal[True]
        self._left -= 1
        return self._left >= 0 or await super().wait()


async def test_a_source_that_fails_on_the_way_says_so_and_leaves_nothing_behind(folder: Path) -> None:
    source = workshop()
    async with explore(source) as explorer:
        await asked_for(explorer, "config.yaml")
        source.fail(SourceError("The line is cut."))
        await explorer.press("enter")
        await explorer.shows("The line is cut.")
        await explorer.press("enter")
        await explorer.shows("Downloaded to")
    assert names_in(folder) == ["config.yaml"]


async def test_d_elsewhere_says_where_it_works() -> None:
    async with explore(workshop()) as explorer:
        await explorer.shows("3 experiments")
        await explorer.enter("adam-wide")
        await explorer.enter("started")
        await explorer.press("d")
        await explorer.shows("Open the tab Artifacts (5)")
        await explorer.press("5")
        await explorer.shows("config.yaml")
        await explorer.lacks("Open the tab")
