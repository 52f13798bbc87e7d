"""Registered models: what the real client wrote and reads is what every source tells."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from mlflow import MlflowClient

from mltrack_tui.domain.entities import Model, ModelVersion, newest_first, version_key
from mltrack_tui.sources.base import SourceError
from mltrack_tui.sources.pages import final
from mltrack_tui.sources.remote import open_server
from mltrack_tui.sources.sqlite import SqliteSource
from tests.servers.fixtures import AuthServer
from tests.servers.proxy import FaultyProxy
from tests.sources.conftest import Given
from tests.sources.registered import HOSTILE, PREFIX, read_by_the_client, register
from tests.sources.stores import change

FRAUD = f"{PREFIX} fraud-net"


def ours(models: Sequence[Model]) -> list[Model]:
    return [model for model in models if model.name.startswith(PREFIX)]


# Any source


async def test_models_are_what_mlflow_read(given: Given) -> None:
    page = await final(given.source.models(given.project))
    known = [(model.name, model.project, model.description, dict(model.tags)) for model in page.items]
    assert known == [(model.name, given.project, model.description, model.tags) for model in given.facts.models]
    for model, facts in zip(page.items, given.facts.models, strict=True):
        told = [(each.model, each.version, each.candidate_id, each.description) for each in model.versions]
        assert told == [(facts.name, each.version, each.run_id, each.description) for each in facts.versions]
        assert {alias: each.version for each in model.versions for alias in each.aliases} == facts.aliases
        assert {(each.stage, each.status, each.user) for each in model.versions} == {(None, "READY", None)}
    number = len(given.facts.models)
    assert (page.loaded, page.total, page.complete) == (number, number, True)


async def test_another_project_has_no_models_of_this_one(given: Given) -> None:
    for project in given.other_projects or ("elsewhere",):
        assert list((await final(given.source.models(project))).items) == []


# A store


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory, odd_store: Path) -> Path:
    """A store with models; not to be changed."""
    path = tmp_path_factory.mktemp("registry") / "mlflow.db"
    shutil.copy(odd_store, path)
    register(MlflowClient(f"sqlite:///{path}"))
    return path


@pytest.fixture
def own_registry(registry: Path, tmp_path: Path) -> Path:
    """The same store, to be changed."""
    return Path(shutil.copy(registry, tmp_path / "mlflow.db"))


async def test_a_store_tells_what_the_client_reads_of_it(
    registry: Path, opened: Callable[[Path], SqliteSource]
) -> None:
    found = (await final(opened(registry).models("default"))).items
    assert list(found) == read_by_the_client(MlflowClient(f"sqlite:///{registry}"))
    (fraud,) = [model for model in found if model.name == FRAUD]
    assert [each.version for each in fraud.versions] == ["12", "11", "10", "9", "8", "7", "6", "5", "3", "2", "1"]
    assert fraud.marks == "@best-so-far @champion 10  @previous 9"
    assert fraud.headline == "Fraud"
    assert len(found) == len(HOSTILE) + 2


async def test_a_candidate_tells_which_versions_were_made_of_it(
    registry: Path, opened: Callable[[Path], SqliteSource]
) -> None:
    source = opened(registry)
    (fraud,) = [model for model in (await final(source.models("default"))).items if model.name == FRAUD]
    for version in fraud.versions:
        if version.candidate_id is None:
            continue
        detail = await source.detail(await source.locate(version.candidate_id))
        assert detail.versions == tuple(each for each in fraud.versions if each.candidate_id == version.candidate_id)
        assert version in detail.versions


async def test_a_version_of_a_prompt_and_a_deleted_one_are_none_of_the_candidates(
    own_registry: Path, opened: Callable[[Path], SqliteSource]
) -> None:
    source = opened(own_registry)
    (fraud,) = [model for model in (await final(source.models("default"))).items if model.name == FRAUD]
    run = fraud.versions[-1].candidate_id or ""
    change(
        own_registry,
        f"update model_versions set run_id = '{run}' where name = '{PREFIX}-greeting'",
        f"update model_versions set current_stage = 'Deleted_Internal' where name = '{FRAUD}' and version = 1",
    )
    detail = await source.detail(await source.locate(run))
    assert [each.version for each in detail.versions] == ["10", "7"]


async def test_models_of_a_store_with_workspaces_stay_in_theirs(
    copied: Callable[[str], Path], opened: Callable[[Path], SqliteSource]
) -> None:
    path = copied("3.18.0")
    change(
        path,
        "insert into registered_models (name, workspace) values ('digit classifier', 'vision')",
        "insert into model_versions (name, version, workspace, run_id) values ('digit classifier', 7, 'vision', '')",
        "insert into registered_model_aliases (alias, version, name, workspace)"
        " values ('mine', 7, 'digit classifier', 'vision')",
    )
    source = opened(path)
    (elsewhere,) = (await final(source.models("vision"))).items
    assert (elsewhere.creation_time, elsewhere.description, elsewhere.tags) == (None, "", {})
    assert elsewhere.versions == (ModelVersion("digit classifier", "7", aliases=("mine",)),)
    (here,) = (await final(source.models("default"))).items
    assert here.marks == "@champion 2"


async def test_a_store_without_tables_of_models_says_so(
    copied: Callable[[str], Path], opened: Callable[[Path], SqliteSource]
) -> None:
    path = copied("1.30.1")
    change(path, "drop table model_version_tags", "drop table model_versions")
    source = opened(path)
    with pytest.raises(SourceError, match="no tables of registered models"):
        await final(source.models("default"))
    assert source.capabilities.models.reason == "This store has no tables of registered models."
    page = await final(source.experiments("default"))
    assert [each.name for each in page.items] == ["churn [prod] 日本", "digits", "Default"]


# A server


@pytest.fixture(scope="module")
def client(auth_server: AuthServer) -> MlflowClient:
    """The real client of a server with models."""
    client = MlflowClient(auth_server.uri_of(auth_server.admin))
    register(client)
    return client


async def test_a_server_tells_what_the_client_reads_of_it_in_two_requests(
    client: MlflowClient, auth_server: AuthServer, proxies: Callable[..., FaultyProxy]
) -> None:
    proxy = proxies(auth_server.uri)
    credentials = auth_server.uri_of(auth_server.admin).partition("//")[2].rpartition("@")[0]
    source = open_server(proxy.uri.replace("//", f"//{credentials}@"))
    page = await final(source.models("default"))
    await source.aclose()
    asked = (each.path.partition("mlflow/")[2] for each in proxy.asked)
    assert sorted(each for each in asked if "model" in each) == ["model-versions/search", "registered-models/search"]
    assert sorted(ours(page.items), key=lambda model: model.name) == read_by_the_client(client)


# Versions


def test_versions_sort_by_their_numbers_and_previews_come_before_what_they_preview() -> None:
    rising = ["1", "2", "10", "11.0.0-alpha", "11.0.0-alpha.2", "11.0.0-alpha.10", "11.0.0-rc.1", "11.0.0", "11.9.0"]
    rising += ["11.10.0"]
    assert version_key("1.0.0+build.7") == version_key("1.0.0")
    shuffled = [ModelVersion("m", version) for version in rising[::2] + rising[1::2]]
    assert [each.version for each in newest_first(shuffled)] == rising[::-1]
