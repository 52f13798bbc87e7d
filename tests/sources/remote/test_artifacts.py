"""Artifacts are listed and sent by a server, and a listing's word is not taken for more than it is."""

from typing import Any

import httpx
import pytest

from mltrack_tui.domain.entities import Artifact, CandidateId
from mltrack_tui.sources.base import NotFoundError
from mltrack_tui.sources.remote import RemoteSource
from tests.servers import faults
from tests.servers.fixtures import AuthServer
from tests.sources.remote.conftest import Open, Own

FILES = {"model/weights.bin": bytes(range(256)) * 5000, "model/ü [b] 100%.txt": b"x", "notes.md": b"# hello\n"}


@pytest.fixture
async def logged(own: Own, auth_server: AuthServer) -> str:
    """A candidate with files."""
    run = await own.client.runs.get(await own.run(1))
    root = run.artifact_uri.removeprefix("mlflow-artifacts:/")
    async with httpx.AsyncClient(base_url=auth_server.uri_of(auth_server.admin), trust_env=False) as client:
        for path, content in FILES.items():
            place = httpx.URL(f"{auth_server.uri_of(auth_server.admin)}/").copy_with(
                path=f"/api/2.0/mlflow-artifacts/artifacts/{root}/{path}"
            )
            (await client.put(place, content=content)).raise_for_status()
    return run.run_id


@pytest.fixture
def source(own: Own, opened: Open) -> RemoteSource:
    return opened(own.uri)


async def test_folders_and_files_are_listed_by_name(own: Own, logged: str, source: RemoteSource) -> None:
    place = own.place(source, logged)
    assert await source.artifacts(place) == [Artifact("model", True), Artifact("notes.md", False, 8)]
    assert await source.artifacts(place, "model") == [
        Artifact("model/weights.bin", False, 1_280_000),
        Artifact("model/ü [b] 100%.txt", False, 1),
    ]
    assert await source.artifacts(place, "notes.md") == [Artifact("notes.md", False, 8)]
    assert await source.artifacts(place, "model/weights.bin") == [Artifact("model/weights.bin", False, 1_280_000)]


async def test_every_byte_comes(own: Own, logged: str, source: RemoteSource) -> None:
    for path, content in FILES.items():
        assert b"".join([chunk async for chunk in source.content(own.place(source, logged), path)]) == content


@pytest.mark.parametrize("path", ["nothing", "model/nothing", "../secret", "/etc/passwd", "a\\b", "%2e%2e/x", "a\x1bb"])
async def test_what_is_not_there_or_leads_elsewhere_is_not_found(
    own: Own, logged: str, source: RemoteSource, path: str
) -> None:
    place: CandidateId = own.place(source, logged)
    with pytest.raises(NotFoundError):
        await source.artifacts(place, path)
    with pytest.raises(NotFoundError):
        _ = [chunk async for chunk in source.content(place, path)]


async def test_a_folder_is_no_file(own: Own, logged: str, source: RemoteSource) -> None:
    with pytest.raises(NotFoundError):
        _ = [chunk async for chunk in source.content(own.place(source, logged), "model")]


async def test_a_listing_shows_only_what_lies_in_its_folder(own: Own, logged: str, source: RemoteSource) -> None:
    def hostile(told: dict[str, Any]) -> None:
        paths = ["../evil", "/etc/passwd", "model/..", "model/", "other/x", "model/a/b", "model/fine", "model"]
        told["files"] = [{"path": path, "is_dir": False} for path in paths]

    own.proxy.plan(faults.changed(hostile), path="artifacts/list")
    assert await source.artifacts(own.place(source, logged), "model") == [Artifact("model/fine", False)]


async def test_a_candidate_without_artifacts_has_none(own: Own, source: RemoteSource) -> None:
    assert await source.artifacts(own.place(source, await own.run(2))) == []
