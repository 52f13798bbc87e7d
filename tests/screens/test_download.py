"""Artifacts come into a folder of the user's choice, while the user goes on."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Event
from types import SimpleNamespace

import pytest

from mltrack_tui.app.sources import Sources
from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.screens.transfers import asking
from mltrack_tui.sources.artifacts import WHOLE, Content, Part
from mltrack_tui.sources.base import SourceError
from mltrack_tui.sources.known import Known
from mltrack_tui.transfer import job
from tests.screens.given import HeldSource, workshop
from tests.screens.harness import PATIENCE, Explorer, explore

TOP = ("model", "plots", "config.yaml")
"""What lies on top of the first candidate's artifacts, as the tree shows it."""
FIRST = "01" * 16
PIECE = 1_200_000
"""Bytes; fewer may be held back for a while, to be written together."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the program runs."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def files_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


async def at_artifact(explorer: Explorer, artifact: str = TOP[0], row: int | None = None) -> None:
    """Put the cursor on an artifact of the first candidate."""
    await explorer.shows("3 experiments")
    await explorer.enter("adam-wide")
    await explorer.enter("started")
    await explorer.press("5")
    await explorer.shows(artifact)
    await explorer.press(*"j" * (TOP.index(artifact) if row is None else row))
    await explorer.tells(f"artifact  {artifact}")


async def asked_for(explorer: Explorer, artifact: str, row: int | None = None) -> None:
    """The same, and ask to download it."""
    await at_artifact(explorer, artifact, row)
    await explorer.press("d")
    await explorer.shows(f"Download {artifact}", "enter downloads")


async def into(explorer: Explorer, path: Path) -> None:
    """Choose a folder."""
    await explorer.press("ctrl+u")
    await explorer.type(str(path))
    await explorer.press("enter")


async def test_a_file_comes_into_the_folder_that_is_offered(folder: Path) -> None:
    async with explore(workshop()) as explorer:
        await asked_for(explorer, "config.yaml")
        await explorer.shows("1 file · 10 B", "free there")
        await explorer.press("enter")
        await explorer.shows("Downloaded config.yaml to")
        await explorer.cursor_on("config.yaml")
    assert (folder / "config.yaml").read_bytes() == b"lr: 0.001\n"


async def test_what_is_marked_comes_into_another_folder_which_tab_completes_and_is_offered_again(folder: Path) -> None:
    (folder / "results").mkdir()
    async with explore(workshop(), size=(160, 24)) as explorer:
        await at_artifact(explorer)
        await explorer.press("space", "j", "space", "d")
        await explorer.shows("Download 2 artifacts of adam-wide", "3 files · 4.1 kB")
        await explorer.press("ctrl+u")
        await explorer.type(f"{folder}/re")
        await explorer.press("tab")
        await explorer.shows("results/")
        await explorer.press("enter")
        await explorer.shows("Downloaded 2 artifacts")
        await explorer.press("d")
        await explorer.shows("into the folder", f"{folder}/results")
    assert files_in(folder / "results") == ["config.yaml", "model/MLmodel", "model/weights.bin"]


async def test_each_of_the_marked_candidates_comes_into_a_folder_of_its_own(folder: Path) -> None:
    source = workshop()
    source.files["02" * 16] = {"config.yaml": b"lr: 0.01\n"}
    async with explore(source, size=(160, 24)) as explorer:
        await explorer.shows("3 experiments")
        await explorer.enter("adam-wide")
        await explorer.press("space", "space", "d")
        await explorer.shows("Download all of 2 candidates", "5 files")
        await explorer.press("enter")
        await explorer.shows("Downloaded all of 2 candidates")
    assert files_in(folder) == [
        *(f"adam-wide-01010101/{name}" for name in ("config.yaml", "model/MLmodel", "model/weights.bin")),
        *("adam-wide-01010101/plots/curve.png", "sgd-small-02020202/config.yaml"),
    ]


@pytest.mark.parametrize(("key", "mine", "renamed"), [("s", "mine", False), ("n", "mine", True), ("r", "lr", False)])
async def test_what_is_there_already_is_asked_about(folder: Path, key: str, mine: str, *, renamed: bool) -> None:
    (folder / "config.yaml").write_text("mine")
    async with explore(workshop(), size=(160, 24)) as explorer:
        await asked_for(explorer, "config.yaml")
        await explorer.press("enter")
        await explorer.shows("1 file is there already: config.yaml", "replace")
        assert (folder / "config.yaml").read_text() == "mine"
        await explorer.press(key)
        await explorer.shows("Downloaded config.yaml")
    assert (folder / "config.yaml").read_text().startswith(mine)
    assert (folder / "config (1).yaml").exists() is renamed


async def test_a_folder_that_cannot_be_made_is_refused_in_words(folder: Path) -> None:
    (folder / "a file").write_text("")
    async with explore(workshop(), size=(160, 24)) as explorer:
        await asked_for(explorer, "config.yaml")
        await into(explorer, folder / "a file")
        await explorer.shows("is no folder", "Download config.yaml")
        await explorer.press("escape")
        await explorer.lacks("Download config.yaml")


async def asked_while_counted(explorer: Explorer, source: HeldSource) -> None:
    """Ask for a file; what comes is counted until the source is released."""
    await at_artifact(explorer, "config.yaml")
    source.hold("artifacts")
    await explorer.press("d")
    await explorer.shows("Counting …")


async def test_what_is_wrong_with_a_folder_is_still_said_when_what_comes_is_counted(folder: Path) -> None:
    (folder / "a file").write_text("")
    source = workshop()
    async with explore(source, size=(160, 24)) as explorer:
        await asked_while_counted(explorer, source)
        await into(explorer, folder / "a file")
        await explorer.shows("is no folder")
        source.release()
        await explorer.shows("1 file · 10 B")
        assert "is no folder" in explorer.text


async def test_the_names_that_tab_told_stay_when_what_comes_is_counted(folder: Path) -> None:
    for name in ("here", "hers"):
        (folder / name).mkdir()
    source = workshop()
    async with explore(source, size=(160, 24)) as explorer:
        await asked_while_counted(explorer, source)
        await explorer.press("ctrl+u")
        await explorer.type(f"{folder}/her")
        await explorer.press("tab")
        await explorer.shows("here  hers")
        source.release()
        await explorer.shows("1 file · 10 B")
        assert "here  hers" in explorer.text


@pytest.mark.parametrize("taken", [True, False])
async def test_what_is_typed_while_it_is_looked_what_is_there_goes_to_what_comes_then(
    folder: Path, monkeypatch: pytest.MonkeyPatch, *, taken: bool
) -> None:
    if taken:
        (folder / "config.yaml").write_text("mine")
    looked = Event()

    def late(_: Path) -> str:
        looked.wait(PATIENCE)
        return ""

    monkeypatch.setattr(asking, "why_not", late)
    async with explore(workshop(), size=(160, 24)) as explorer:
        await asked_for(explorer, "config.yaml")
        await explorer.press("enter")
        await explorer.shows("Looking what is there")
        await explorer.press("enter", "r" if taken else "k")
        looked.set()
        await explorer.shows("Downloaded config.yaml")
        await explorer.cursor_on("config.yaml" if taken else "plots")
    assert (folder / "config.yaml").read_bytes() == b"lr: 0.001\n"


class Slow(HeldSource):
    """A source whose files come in pieces, each let through by a test."""

    def __init__(self, pieces: int = 0) -> None:
        super().__init__()
        plain = workshop()
        self.all_experiments, self.all_candidates = plain.all_experiments, plain.all_candidates
        self.files[FIRST] = {"plots/curve.png": bytes(3 * PIECE)}
        self.pieces = asyncio.Semaphore(pieces)

    @asynccontextmanager
    async def content(self, candidate: CandidateId, path: str, part: Part = WHOLE) -> AsyncIterator[Content]:
        """What the other has, in pieces."""
        async with super().content(candidate, path, part) as content:
            chunks = content.chunks

            async def pieces() -> AsyncIterator[bytes]:
                async for chunk in chunks:
                    for start in range(0, len(chunk), PIECE):
                        await self.pieces.acquire()
                        yield chunk[start : start + PIECE]

            yield Content(pieces(), content.size, content.version, checksum=content.checksum)


async def test_a_download_goes_on_while_the_user_looks_elsewhere_and_is_paused_resumed_and_cancelled(
    folder: Path,
) -> None:
    source = Slow(1)
    async with explore(source, size=(80, 24)) as explorer:
        await asked_for(explorer, "plots", 0)
        await explorer.press("enter")
        await explorer.until(lambda: "↓ 1 · 33%" in explorer.path)
        await explorer.press("escape")
        await explorer.until(lambda: "↓ 1 · 33%" in explorer.path and "7 candidates" in explorer.path)
        await explorer.press("T")
        await explorer.shows("1 download", "plots", "● running", "33%", "1.2/3.6 MB")
        await explorer.press("space")
        await explorer.shows("‖ paused", "↓ 1 paused")
        await explorer.press("space")
        source.pieces.release()
        await explorer.shows("● running", "66%")
        await explorer.press("enter")
        await explorer.shows("Coming just now", "plots/curve.png", "Where it will lie")
        await explorer.press("escape", "ctrl+x")
        await explorer.shows("⊘ stopped")
        await explorer.until(lambda: files_in(folder) == [])
        await explorer.press("r")
        await explorer.shows("● running")
        for _ in range(3):
            source.pieces.release()
        await explorer.shows("✓ done", "100%")
        await explorer.press("y", "enter")
        await explorer.shows("Copied path")
        assert explorer.app.clipboard == str(folder / "plots")
        await explorer.press("escape")
        await explorer.until(lambda: "↓" not in explorer.path)
    assert files_in(folder) == ["plots/curve.png"]


async def test_a_server_that_is_silent_is_said_to_be_until_it_goes_on(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, passed = Slow(1), 0.0
    monkeypatch.setattr(job, "time", SimpleNamespace(monotonic=lambda: time.monotonic() + passed))
    async with explore(source, size=(80, 24)) as explorer:
        await asked_for(explorer, "plots", 0)
        await explorer.press("enter", "T")
        await explorer.shows("● running", "33%")
        passed = 60.0
        await explorer.shows("no answer", "↓ 1 · 33% · no answer for 1m")
        await explorer.press("enter")
        await explorer.shows("running · 0 of 1 file · 1.2/3.6 MB · no answer for 1m")
        await explorer.press("escape", "space")
        await explorer.shows("‖ paused")
        assert "no answer" not in explorer.text
        await explorer.press("space")
        source.pieces.release()
        await explorer.until(lambda: "66%" in explorer.text and "no answer" not in explorer.text)


def known(source: HeldSource) -> Known:
    """A source among those of a user."""
    return Known(source.name, source.location, "store", source.location, lambda: source)


async def test_a_download_goes_on_when_another_source_is_looked_at(folder: Path) -> None:
    slow, other = Slow(1), workshop(name="other")
    shelf = [known(slow), known(other)]
    sources = Sources(lambda: shelf)
    async with explore(sources.open_at_once(shelf[0]), sources=sources, size=(120, 24)) as explorer:
        await asked_for(explorer, "plots", 0)
        await explorer.press("enter")
        await explorer.until(lambda: "↓ 1 · 33%" in explorer.path)
        await explorer.press("S")
        await explorer.shows("2 sources")
        await explorer.press("j")
        await explorer.cursor_on("other")
        await explorer.enter("other › default", "↓ 1 · 33%")
        slow.pieces.release()
        slow.pieces.release()
        await explorer.shows("Downloaded plots")
    assert (folder / "plots/curve.png").stat().st_size == 3 * PIECE


async def test_what_fails_is_listed_with_its_reason_and_tried_again(folder: Path) -> None:
    source = workshop()
    async with explore(source, size=(100, 24)) as explorer:
        await at_artifact(explorer, "config.yaml")
        await explorer.press("A")
        await explorer.shows("Download all of adam-wide", "4 files")
        source.fail_at("content", SourceError("The line is cut."))
        await explorer.press("enter")
        await explorer.shows("could not be downloaded: T shows which.")
        await explorer.press("T")
        await explorer.shows("✗ 4 failed")
        await explorer.press("enter")
        await explorer.shows("config.yaml: The line is cut.")
        source.mend()
        await explorer.press("escape", "r")
        await explorer.shows("✓ done", "4/4")
    assert len(files_in(folder)) == 4


@pytest.mark.parametrize("key", ["q", "ctrl+q"])
async def test_quitting_with_a_download_under_way_asks_and_what_has_come_stays(folder: Path, key: str) -> None:
    async with explore(Slow(1)) as explorer:
        await asked_for(explorer, "plots", 0)
        await explorer.press("enter")
        await explorer.until(lambda: "↓ 1 · 33%" in explorer.path)
        await explorer.press(*["escape"] * 3, key)
        await explorer.shows("1 download under way", "What has come stays")
        await explorer.press("s")
        await explorer.lacks("under way")
        await explorer.press(key)
        await explorer.shows("1 download under way")
        await explorer.press("q")
        await explorer.until(lambda: not explorer.app.is_running)
    (part,) = files_in(folder)
    assert part.endswith(".part")
    assert "curve.png" not in [path.name for path in (folder / "plots").iterdir() if not path.name.endswith(".part")]


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
