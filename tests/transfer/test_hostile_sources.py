"""The same few hundred names, told by each kind of source: none of them leads out of the folder."""

import os
import shutil
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from mltrack_tui.domain.artifacts import ArtifactKind
from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.domain.paths import no_name, way_out
from mltrack_tui.sources.base import NotFoundError, Source
from mltrack_tui.sources.remote import open_server
from mltrack_tui.sources.sqlite import SqliteSource
from mltrack_tui.transfer.downloads import Existing
from tests.gitlab.seeding import many_candidates
from tests.gitlab.things import OWNER, Package, PackageFile
from tests.gitlab.world import World
from tests.servers.s3 import BUCKET, S3Server
from tests.sources.facts import STORES
from tests.sources.stores import change
from tests.transfer.given import all_below, fetch
from tests.transfer.names import HOSTILE
from tests.transfer.servers import ROOT, saying

if TYPE_CHECKING:
    from tests.gitlab.fixtures import StartGitLab

DATA = b"data"
GOOD = "good/fine.txt"
Given = tuple[Source, CandidateId]
_KEPT = [name for name in HOSTILE if name]


def of_store(folder: Path, root: str) -> Given:
    store = Path(shutil.copy(STORES / "mlflow-3.17.2.db", folder / "mlflow.db"))
    change(store, f"insert into runs (run_uuid, experiment_id, artifact_uri) values ('c0ffee', 1, '{root}')")
    return SqliteSource(store), CandidateId("", "default", "1", "c0ffee")


def on_this_machine(request: pytest.FixtureRequest, folder: Path, _: AsyncExitStack) -> Given:
    """Those of the names that a disk takes; their files lie beside what is to stay as it is."""
    root = folder / "logged"
    for name in (GOOD, *_KEPT):
        with suppress(OSError, ValueError):
            path = os.path.normpath(root / name)
            if path.startswith(f"{root}/"):
                Path(path).parent.mkdir(parents=True, exist_ok=True)
                Path(path).write_bytes(DATA)
    (root / "good" / "out").symlink_to(folder / "victim")
    return of_store(folder, root.as_uri())


def in_s3(request: pytest.FixtureRequest, folder: Path, _: AsyncExitStack) -> Given:
    from botocore.exceptions import BotoCoreError, ClientError

    s3: S3Server = request.getfixturevalue("s3")
    for name in (GOOD, *_KEPT):
        with suppress(BotoCoreError, ClientError, UnicodeEncodeError):  # S3 does not take all of them
            s3.put(f"hostile/{name}", DATA)
    return of_store(folder, f"s3://{BUCKET}/hostile")


def listed_by_the_server(folder: str) -> Sequence[dict[str, Any]]:
    """Each name in every folder, once as a file and once as a folder, where it is said to lie and where it is not."""
    if folder not in {"", "good"}:
        return [{"path": path, "file_size": 4} for path in (f"{folder}/../../x", "../x", f"{folder}/x")]
    files = [{"path": name, "is_dir": number % 3 == 0, "file_size": 4} for number, name in enumerate(_KEPT)]
    inside = [{**each, "path": f"good/{each['path']}"} for each in files]
    good = {"path": GOOD, "file_size": 4} if folder else {"path": "good", "is_dir": True}
    return [good, *files, *inside]


def listed_by_the_proxy(folder: str) -> Sequence[dict[str, Any]]:
    """The proxy tells paths from the folder on."""
    own = [each for each in listed_by_the_server(folder) if not each["path"].startswith("good/")]
    return [*own, {"path": "fine.txt", "file_size": 4}] if folder else own


def on_a_server(request: pytest.FixtureRequest, folder: Path, stack: AsyncExitStack) -> Given:
    source = open_server(stack.enter_context(saying(listed_by_the_server)).uri)
    return source, CandidateId(source.location, "default", "1", "c0ffee")


def behind_a_server(request: pytest.FixtureRequest, folder: Path, stack: AsyncExitStack) -> Given:
    source, candidate = of_store(folder, ROOT)
    source.artifacts_at(stack.enter_context(saying(listed_by_the_proxy)).uri)
    return source, candidate


def in_a_gitlab(request: pytest.FixtureRequest, folder: Path, _: AsyncExitStack) -> Given:
    """Each name as it is, which GitLab's decoding may make another of, and so that decoding gives it."""
    start: StartGitLab = request.getfixturevalue("gitlab")
    world = World()
    ann, project = world.user("ann"), world.project("group/vision")
    world.add_member(ann, project, OWNER)
    many_candidates(world, project, world.experiment(project, "one", ann), 1, metrics=1, params=1)
    candidate = project.experiments[1].candidates[0]
    package = candidate.package = Package(1, "p", "v", "ml_model", 0)
    for name in (GOOD, *_KEPT):
        for stored in {name, quote(name, safe="", errors="surrogateescape")}:
            file = package.files[stored] = PackageFile(world.number("file"), stored, DATA, 0)
            world.files[file.id] = file
    monkeypatch: pytest.MonkeyPatch = request.getfixturevalue("monkeypatch")
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", world.token(ann, "api"))
    source = open_server(start(world=world).tracking_uri("group/vision"))
    return source, CandidateId(source.location, "group/vision", "1", candidate.eid)


@pytest.fixture(params=[on_this_machine, in_s3, on_a_server, behind_a_server, in_a_gitlab])
async def given(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Given]:
    make: Callable[[pytest.FixtureRequest, Path, AsyncExitStack], Given] = request.param
    for path in ("x", "victim/x", "down/x"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(b"mine")
    async with AsyncExitStack() as stack:
        source, candidate = make(request, tmp_path, stack)
        yield source, candidate
        await source.aclose()


async def test_no_name_that_any_source_tells_leads_out_of_the_folder(given: Given, tmp_path: Path) -> None:
    source, candidate = given
    target = tmp_path / "down" / "here"
    listed = [*await source.artifacts(candidate), *await source.artifacts(candidate, "good")]
    before = all_below(tmp_path)

    one = await fetch(source, "", target, Existing.REPLACE, candidate=candidate)

    assert one.problem == ""
    own = f"down/here/{candidate.candidate_id}"
    after = all_below(tmp_path)
    came = {path.removeprefix(f"{own}/"): held for path, held in after.items() if path.startswith(f"{own}/")}
    beside = {
        path: held for path, held in after.items() if path not in {"down/here", own} and not path.startswith(f"{own}/")
    }
    assert beside == before
    assert came[GOOD] == DATA
    assert {held for held in came.values() if held is not None} == {DATA}
    assert [path for path in came if no_name(path) is not None] == []
    readable = [each for each in listed if each.kind is ArtifactKind.LOGGED]
    refused = [each for each in listed if each.kind in {ArtifactKind.REFUSED, ArtifactKind.LINK}]
    assert [each.path for each in readable if way_out(each.path) is not None] == []
    assert len(refused) > 50
    assert all(each.about for each in refused)
    assert {each.path for each in refused} <= {each.path for each in one.failures}
    for each in (each for each in refused if not each.path.endswith("/")):  # that is taken off, and may be there
        with pytest.raises(NotFoundError):
            async with source.content(candidate, each.path):
                pass
