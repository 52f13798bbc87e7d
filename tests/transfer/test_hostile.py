"""A few hundred names that mean harm, and a look at the whole disk below the test's root after each."""

import itertools
import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from mltrack_tui.domain.artifacts import Artifact, ArtifactKind
from mltrack_tui.transfer.downloads import Existing, State
from mltrack_tui.transfer.plan import MOST_DEEP
from tests.transfer.given import all_below, fetch
from tests.transfer.names import ALL, HOSTILE, LOOK_ALIKES
from tests.transfer.sources import Listing, Served


def _refused_or_below(target: Path, before: dict[str, bytes | str | None], root: Path) -> None:
    after = all_below(root)
    beside = {path: data for path, data in after.items() if not f"{path}/".startswith(f"{target.name}/")}
    assert beside == before


def test_there_are_a_few_hundred_names() -> None:
    assert len(HOSTILE) > 200


@pytest.mark.parametrize("folder", ["", "model"])
@pytest.mark.parametrize("is_dir", [False, True])
async def test_no_listed_name_leads_out_of_the_folder(tmp_path: Path, folder: str, is_dir: bool) -> None:
    (tmp_path / "x").write_bytes(b"mine")
    (tmp_path / "victim").mkdir()
    (tmp_path / "victim" / "x").write_bytes(b"mine")
    target = tmp_path / "out"
    target.mkdir()
    before = {path: data for path, data in all_below(tmp_path).items() if path != "out"}
    prefix = f"{folder}/" if folder else ""
    listed = [Artifact(prefix + name, is_dir=is_dir, size=4) for name in HOSTILE]
    good = Artifact(prefix + "good.txt", is_dir=False, size=4)
    source = Listing({prefix + name: [] for name in HOSTILE} | {folder: [*listed, good]})

    one = await fetch(source, folder, target, Existing.REPLACE)

    _refused_or_below(target, before, tmp_path)
    assert (one.targets[0] / "good.txt").read_bytes() == b"data"
    failed = {each.path for each in one.failures}
    assert {prefix + name for name in ALL if name not in LOOK_ALIKES} <= failed
    came = {path for path, data in all_below(one.targets[0]).items() if (data is None) == is_dir} - {"good.txt"}
    assert {prefix + name for name in came} | failed == {prefix + name for name in HOSTILE}


@pytest.mark.parametrize("path", [name for name in ALL if name.rstrip("/") and name not in {*LOOK_ALIKES, "a/"}])
async def test_a_path_that_was_asked_for_is_checked_like_a_listed_one(tmp_path: Path, path: str) -> None:
    class Obliging(Served):
        async def artifacts(self, candidate: object, path: str = "") -> Sequence[Artifact]:
            return [Artifact(path, is_dir=False, size=4)]

    one = await fetch(Obliging({path: b"data"}), path, tmp_path / "out")

    assert one.state is State.FAILED
    assert "is refused" in one.problem
    assert one.problem.isprintable()
    assert all_below(tmp_path) == {}


async def test_a_path_listed_elsewhere_or_twice_and_what_is_no_file_are_failures_of_their_own(tmp_path: Path) -> None:
    listing = [
        Artifact("elsewhere/file", is_dir=False, size=4),
        Artifact("twice", is_dir=False, size=4),
        Artifact("twice", is_dir=True),
        Artifact("link", is_dir=False, kind=ArtifactKind.LINK, about="it leads to /etc/passwd"),
        Artifact("odd", is_dir=False, kind=ArtifactKind.REFUSED, about="it holds a backslash"),
        Artifact("datasets:/d@1", is_dir=False, kind=ArtifactKind.DATASET),
        Artifact("models:/m-1", is_dir=True, kind=ArtifactKind.MODEL),
    ]
    source = Listing({"": listing, "models:/m-1": [Artifact("models:/m-1/MLmodel", is_dir=False, size=4)]})
    one = await fetch(source, "", tmp_path)

    assert [each.path for each in one.failures] == ["elsewhere/file", "twice", "link", "odd"]
    assert all_below(tmp_path / "c0ffee") == {"twice": b"data", "m-1": None, "m-1/MLmodel": b"data"}


class Endless:
    """Lists the same in every folder; ``width`` folders and a file whose name is new each time, or is not."""

    def __init__(self, width: int, *, changing: bool) -> None:
        self._width, self._changing = width, changing
        self._count = itertools.count()

    async def artifacts(self, candidate: object, path: str = "") -> list[Artifact]:
        prefix = f"{path}/" if path else ""
        file = f"f{next(self._count)}" if self._changing else "f"
        folders = [Artifact(f"{prefix}{name}", is_dir=True) for name in range(self._width)]
        return [*folders, Artifact(prefix + file, is_dir=False, size=0)]

    content = Listing({}, b"").content


@pytest.mark.parametrize(("width", "changing"), [(1, False), (1, True), (40, False), (40, True)])
async def test_folders_without_an_end_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, width: int, changing: bool
) -> None:
    monkeypatch.setattr("mltrack_tui.transfer.plan.MOST_ENTRIES", 500)
    source = Endless(width, changing=changing)
    one = await fetch(source, "", tmp_path)

    assert one.state is State.FAILED
    assert len(all_below(tmp_path)) < 1000
    deepest = max(path.count("/") for path in all_below(tmp_path))
    assert deepest <= MOST_DEEP + 1
    said = " ".join(each.reason for each in one.failures)
    assert ("circle" in said) or ("folders deep" in said) or ("more than 500 artifacts" in said)


async def test_a_link_that_was_planted_in_the_target_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "victim").mkdir()
    (tmp_path / "victim" / "x").write_bytes(b"mine")
    out = tmp_path / "out"
    (out / "model").mkdir(parents=True)
    (out / "model" / "data").symlink_to(tmp_path / "victim")
    (out / "model" / "x").symlink_to(tmp_path / "victim" / "x")
    source = Served({"model/data/x": b"of data", "model/x": b"of x", "model/y": b"of y"})
    for existing in (Existing.REPLACE, Existing.SKIP):
        one = await fetch(source, "model", out, existing)
        assert {each.path for each in one.failures} == {"model/data", "model/data/x"}
        assert all("a link is in the way" in each.reason for each in one.failures)
        assert all_below(tmp_path / "victim") == {"x": b"mine"}
    assert (out / "model" / "y").read_bytes() == b"of y"
    assert (out / "model" / "x").read_bytes() == b"of x"  # the link was replaced, not what it led to


async def test_a_folder_that_becomes_a_link_while_the_bytes_come_does_not_move_them(tmp_path: Path) -> None:
    (tmp_path / "victim").mkdir()
    out = tmp_path / "out"

    class Swapping(Served):
        async def _chunks(self, path: str, data: bytes, fault: object) -> object:  # type: ignore[override]
            yield data[: 2 << 20]
            (out / "c0ffee" / "folder").rename(out / "moved")
            (out / "c0ffee" / "folder").symlink_to(tmp_path / "victim")
            yield data[2 << 20 :]

    data = os.urandom(4 << 20)
    one = await fetch(Swapping({"folder/large": data}), "", out)

    assert all_below(tmp_path / "victim") == {}
    assert one.state is State.DONE or one.failures
    assert all_below(out / "moved") == {"large": data}
