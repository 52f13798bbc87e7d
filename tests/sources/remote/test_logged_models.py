"""Logged models, datasets, and files in a cloud: what the real client logged to a real server is listed and read."""

import asyncio
import os
import random
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from mlflow import MlflowClient
from mlflow.entities import Dataset as MlflowDataset
from mlflow.entities import DatasetInput, LoggedModelStatus

from mltrack_tui.domain.artifacts import Artifact, ArtifactKind
from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.sources.artifacts import Part
from mltrack_tui.sources.base import ChangedError, NotFoundError
from mltrack_tui.sources.remote import RemoteSource, open_server
from tests.servers import faults
from tests.servers.fixtures import AuthServer
from tests.servers.proxy import FaultyProxy
from tests.servers.s3 import BUCKET, S3Server
from tests.sources.reading import whole

pytestmark = pytest.mark.filterwarnings("ignore")  # those that mlflow gives are not ours to mend

LARGE = random.Random(5).randbytes(300_000)


@pytest.fixture(scope="module")
def client(auth_server: AuthServer) -> MlflowClient:
    return MlflowClient(auth_server.uri_of(auth_server.admin))


@pytest.fixture
def proxy(auth_server: AuthServer, proxies: Callable[..., FaultyProxy]) -> FaultyProxy:
    return proxies(auth_server.uri)


@pytest.fixture
async def source(auth_server: AuthServer, proxy: FaultyProxy) -> AsyncIterator[RemoteSource]:
    credentials = auth_server.uri_of(auth_server.admin).partition("//")[2].rpartition("@")[0]
    source = open_server(proxy.uri.replace("//", f"//{credentials}@"))
    yield source
    await source.aclose()


@pytest.fixture
def cloud(s3_server: S3Server, monkeypatch: pytest.MonkeyPatch) -> str:
    """A root in a cloud, to which the server and this test are let in."""
    for name, value in s3_server.environment.items():
        monkeypatch.setenv(name, value)
    return f"s3://{BUCKET}/remote"


def logged(client: MlflowClient, root: str | None, folder: Path) -> tuple[str, str, str]:
    """A run with a model and a dataset, on a root or the server's own: experiment, run and model."""
    experiment = client.create_experiment(f"models at {root}", root)
    run = client.create_run(experiment).info.run_id
    model = client.create_logged_model(experiment, "forest", source_run_id=run)
    (folder / "model").mkdir()
    (folder / "model" / "MLmodel").write_bytes(b"flavors: {}\n")
    (folder / "large.bin").write_bytes(LARGE)
    client.log_model_artifacts(model.model_id, str(folder))
    client.finalize_logged_model(model.model_id, LoggedModelStatus.READY)
    client.log_artifact(run, str(folder / "large.bin"), "deep")
    client.log_inputs(run, [DatasetInput(MlflowDataset("mine", "d1g", "code", "{}"), [])])
    return experiment, run, model.model_id


async def test_logged_models_and_datasets_come_after_the_files_and_models_are_read_like_them(
    source: RemoteSource, proxy: FaultyProxy, client: MlflowClient, tmp_path: Path
) -> None:
    experiment, run, model = await asyncio.to_thread(logged, client, None, tmp_path)
    place = CandidateId(source.location, "default", experiment, run)
    assert await source.artifacts(place) == [
        Artifact("deep", is_dir=True),
        Artifact(f"models:/{model}", is_dir=True, kind=ArtifactKind.MODEL, about="ready", title="forest"),
        Artifact("datasets:/mine@d1g", is_dir=False, kind=ArtifactKind.DATASET, about="code"),
    ]
    await read_model(source, place, model)
    assert not proxy.paths("/artifacts/files")  # the artifact proxy is faster
    for nothing in ("models:/none", f"models:/{model}/none", "datasets:/mine@d1g"):
        with pytest.raises(NotFoundError):
            await source.artifacts(place, nothing)
        with pytest.raises(NotFoundError):
            await whole(source.content(place, nothing))


async def read_model(source: RemoteSource, place: CandidateId, model: str) -> None:
    top = f"models:/{model}"
    assert [(each.path, each.is_dir, each.size) for each in await source.artifacts(place, top)] == [
        (f"{top}/large.bin", False, len(LARGE)),
        (f"{top}/model", True, None),
    ]
    assert [each.path for each in await source.artifacts(place, f"{top}/model")] == [f"{top}/model/MLmodel"]
    assert [each.path for each in await source.artifacts(place, f"{top}/large.bin")] == [f"{top}/large.bin"]
    assert await whole(source.content(place, f"{top}/model/MLmodel")) == b"flavors: {}\n"
    assert await whole(source.content(place, f"{top}/large.bin", Part(5, 70_000))) == LARGE[5:70_000]


async def test_a_file_that_changed_on_the_servers_disk_is_not_gone_on_with(
    source: RemoteSource, client: MlflowClient, auth_server: AuthServer, tmp_path: Path
) -> None:
    def begin() -> tuple[str, str, Path]:
        run = client.create_run(client.create_experiment("changing"))
        client.log_text(run.info.run_id, "x" * 1000, "a.log")
        file = auth_server.artifacts / run.info.artifact_uri.removeprefix("mlflow-artifacts:/") / "a.log"
        return run.info.experiment_id, run.info.run_id, file

    experiment, run, file = await asyncio.to_thread(begin)
    os.utime(file, (1e9, 1e9))
    place = CandidateId(source.location, "default", experiment, run)
    async with source.content(place, "a.log", Part(0, 10)) as content:
        assert (content.size, content.ranged, content.version is None) == (1000, True, False)
        version = content.version
    assert await whole(source.content(place, "a.log", Part(990, None, version))) == b"x" * 10
    file.write_text("y" * 1000)
    with pytest.raises(ChangedError):
        await whole(source.content(place, "a.log", Part(990, None, version)))
    async with source.content(place, "a.log", Part(2**31)) as content:
        assert (content.size, [chunk async for chunk in content.chunks]) == (1000, [])


@pytest.mark.parametrize("signs", [True, False])
async def test_a_root_in_a_cloud_is_read_with_and_without_the_servers_signature(
    source: RemoteSource, proxy: FaultyProxy, client: MlflowClient, *, cloud: str, tmp_path: Path, signs: bool
) -> None:
    if not signs:
        proxy.plan(faults.page(404, "<h1>Not Found</h1>"), path="presigned")
    experiment, run, model = await asyncio.to_thread(logged, client, f"{cloud}/{signs}", tmp_path)
    place = CandidateId(source.location, "default", experiment, run)
    assert [each.path for each in await source.artifacts(place)] == ["deep", f"models:/{model}", "datasets:/mine@d1g"]
    assert await whole(source.content(place, "deep/large.bin")) == LARGE
    async with source.content(place, "deep/large.bin", Part(100, 200_000)) as content:
        assert b"".join([chunk async for chunk in content.chunks]) == LARGE[100:200_000]
        assert (content.size, content.ranged) == (len(LARGE), True)
    asked = len(proxy.paths("/get-artifact"))
    assert asked == (0 if signs else 2)
    await read_model(source, place, model)
    if signs:  # else MLflow says 500
        with pytest.raises(NotFoundError):
            await whole(source.content(place, "deep/none"))
