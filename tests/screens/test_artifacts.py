"""The tree of a candidate's artifacts: folded, filtered, sorted, marked, counted."""

from mltrack_tui.domain.artifacts import Artifact, ArtifactKind
from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.sources.base import NoServerError, SourceError
from tests.screens.given import HeldSource, workshop
from tests.screens.harness import Explorer, explore

FIRST = "01" * 16


async def in_tree(explorer: Explorer, *texts: str) -> None:
    """Open the first candidate's artifacts."""
    await explorer.shows("3 experiments")
    await explorer.enter("adam-wide")
    await explorer.enter("started")
    await explorer.press("5")
    await explorer.shows(*(texts or ("▸ model", "▸ plots", "config.yaml")))


def names(explorer: Explorer) -> list[str]:
    """The names in the tree, from the top, without their signs."""
    grid = explorer.grid
    lines = (explorer.lines[grid.region.y + 1 + row] for row in grid.visible_rows)
    return [line.strip().lstrip("✓▸▾ ").split("  ")[0] for line in lines]


def deep() -> HeldSource:
    """A source whose first candidate logged some folders in each other."""
    source = workshop()
    source.files[FIRST] |= {f"logs/2025/{number}.log": bytes(1000 * number) for number in range(1, 4)}
    source.files[FIRST]["model/data/vocabulary.txt"] = bytes(20_000)
    return source


async def test_l_unfolds_and_goes_in_and_h_goes_out_and_folds() -> None:
    async with explore(deep()) as explorer:
        await in_tree(explorer)
        await explorer.press("j", "l")
        await explorer.shows("▾ model", "weights.bin", "3 in it")
        await explorer.press("l", "l")
        await explorer.shows("vocabulary.txt")
        await explorer.press("l")
        await explorer.cursor_on("vocabulary.txt")
        await explorer.press("h")
        await explorer.cursor_on("data")
        await explorer.press("h")
        await explorer.lacks("vocabulary.txt")
        await explorer.press("h", "h")
        await explorer.cursor_on("▸ model")
        await explorer.lacks("weights.bin")


async def test_the_filter_keeps_folders_that_hold_what_is_found_and_says_what_is_not_known() -> None:
    async with explore(deep()) as explorer:
        await in_tree(explorer)
        await explorer.press("j", "l")
        await explorer.shows("weights.bin")
        await explorer.press("h", "/")
        await explorer.type("weights")
        await explorer.shows("1 of 7 listed · 3 folders not listed")
        await explorer.press("enter")
        assert names(explorer) == ["model", "weights.bin"]
        await explorer.press("escape")
        await explorer.shows("7 artifacts listed", "config.yaml")
        assert names(explorer) == ["logs", "model", "plots", "config.yaml"]


async def test_cursor_folds_marks_and_filter_survive_a_refresh() -> None:
    source = deep()
    async with explore(source) as explorer:
        await in_tree(explorer)
        await explorer.press("j", "l")
        await explorer.shows("weights.bin")
        await explorer.press("/")
        await explorer.type("mod")
        await explorer.press("enter", "j", "j", "space")
        await explorer.shows("1 marked", "✓")
        await explorer.cursor_on("weights.bin")
        source.files[FIRST]["model/adapter.bin"] = b"new"
        await explorer.press("r")
        await explorer.shows("adapter.bin")
        await explorer.cursor_on("weights.bin")
        assert names(explorer) == ["model", "data", "MLmodel", "adapter.bin", "weights.bin"]
        await explorer.shows("5 of 8 listed", "1 marked, 12 B")


async def test_s_sorts_by_size_and_a_counts_a_folder_which_escape_ends() -> None:
    source = deep()
    async with explore(source) as explorer:
        await in_tree(explorer)
        source.files[FIRST]["big.bin"] = bytes(50)
        await explorer.press("r", "s")
        await explorer.shows("largest first", "big.bin")
        assert names(explorer)[-2:] == ["big.bin", "config.yaml"]
        await explorer.press("a")
        await explorer.shows("3 files", "6.0 kB")
        await explorer.press("j")
        source.hold("artifacts", after=1)
        await explorer.press("a")
        await explorer.shows("≥ 4.1 kB", "2 files, not all counted")
        await explorer.press("escape")
        await explorer.until(lambda: "artifacts" in source.cancelled)
        await explorer.shows("≥ 4.1 kB", "▸ model")


class Odd(HeldSource):
    """A source with everything that may lie beside files."""

    async def artifacts(self, candidate: CandidateId, path: str = "") -> list[Artifact]:
        """Four of them, and a file in the model."""
        async with self._call("artifacts"):
            if path:
                return [Artifact(f"{path}/MLmodel", is_dir=False, size=10, kind=ArtifactKind.MODEL)]
            return [
                Artifact("secrets", is_dir=True, kind=ArtifactKind.LINK, about="to /etc"),
                Artifact("a\x1b]0;b", is_dir=False, size=1, kind=ArtifactKind.REFUSED, about="control characters"),
                Artifact("notes.txt", is_dir=False, size=None),
                Artifact("models:/m-1", is_dir=True, kind=ArtifactKind.MODEL, about="ready", title="forest"),
                Artifact("datasets:/mnist@5ac1", is_dir=False, kind=ArtifactKind.DATASET),
            ]


def odd() -> Odd:
    source, plain = Odd(), workshop()
    source.all_experiments, source.all_candidates = plain.all_experiments, plain.all_candidates
    return source


async def test_what_is_no_file_is_shown_as_what_it_is_and_never_asked_for() -> None:
    source = odd()
    async with explore(source) as explorer:
        await in_tree(
            explorer, "link · to /etc", "refused · control characters", "logged model · ready · m-1", "dataset"
        )
        assert names(explorer) == ["secrets", "a·]0;b", "notes.txt", "forest", "mnist@5ac1"]
        asked = source.calls.count("artifacts")
        await explorer.press("enter", "l", "d")
        await explorer.shows("This cannot be downloaded: link · to /etc.")
        await explorer.press("space")
        await explorer.shows("This cannot be downloaded: link · to /etc.")
        await explorer.press("*")
        await explorer.shows("2 marked")
        await explorer.press("u")
        await explorer.press("j", "enter")
        await explorer.shows("This cannot be opened: refused · control characters.")
        await explorer.press("j", "j", "l")
        await explorer.shows("▾ forest", "MLmodel")
        assert source.calls.count("artifacts") == asked + 1


async def test_ten_thousand_artifacts_of_a_folder_are_asked_for_once_and_the_last_is_there_at_once() -> None:
    source = workshop()
    source.files[FIRST] = {f"checkpoint-{number:05d}.pt": b"x" for number in range(10_000)}
    async with explore(source) as explorer:
        await in_tree(explorer, "checkpoint-00000.pt", "10,000 artifacts listed")
        await explorer.press("G")
        await explorer.cursor_on("checkpoint-09999.pt")
        await explorer.press("*")
        await explorer.shows("10,000 marked, 10.0 kB")
        assert source.calls.count("artifacts") == 1


class Served(HeldSource):
    """A store whose artifacts are behind a server that has to be named."""

    server = ""

    async def artifacts(self, candidate: CandidateId, path: str = "") -> list[Artifact]:
        """What the server has."""
        if not self.server:
            raise NoServerError("The artifacts are behind a tracking server, and nobody said where that is.")
        return [Artifact("model.pkl", is_dir=False, size=5)]

    def artifacts_at(self, uri: str) -> None:
        """Any address with a scheme."""
        if "://" not in uri:
            raise SourceError("That is no address of a server.")
        self.server = uri


async def test_the_server_that_has_the_artifacts_can_be_named_there_and_then() -> None:
    source, plain = Served(), workshop()
    source.all_experiments, source.all_candidates = plain.all_experiments, plain.all_candidates
    async with explore(source) as explorer:
        await in_tree(explorer, "nobody said where that is")
        await explorer.press("enter")
        await explorer.shows("enter tries it", "config.toml")
        await explorer.type("nonsense")
        await explorer.press("enter")
        await explorer.shows("That is no address of a server.")
        await explorer.press("ctrl+u")
        await explorer.type("http://localhost:5000")
        await explorer.press("enter")
        await explorer.shows("model.pkl", "5 B")
    assert source.server == "http://localhost:5000"
