"""Artifacts of a store which lie behind a server that somebody has to name, and who gets which credentials."""

from collections.abc import Callable
from pathlib import Path

import pytest

from mltrack_tui.domain.artifacts import Artifact
from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.sources.base import NoServerError, RefusedError, Source, SourceError
from mltrack_tui.sources.open import open_source
from tests.servers.fixtures import AuthServer
from tests.sources.reading import whole
from tests.sources.remote.conftest import Own
from tests.sources.stores import change

ONE = CandidateId("", "default", "1", "one")


@pytest.fixture
async def root(own: Own, auth_server: AuthServer) -> str:
    """The root of a candidate of the server's, which has one file."""
    root = (await own.client.runs.create(own.experiment, name="one", start_time=1)).artifact_uri
    folder = auth_server.artifacts / root.removeprefix("mlflow-artifacts:/")
    folder.mkdir(parents=True)
    (folder / "a.txt").write_bytes(b"behind")
    return root


@pytest.fixture
def store(root: str, copied: Callable[[], Path]) -> Path:
    """A store that another program writes, with the server's candidate."""
    path = copied()
    change(path, f"insert into runs (run_uuid, experiment_id, artifact_uri) values ('one', 1, '{root}')")
    return path


async def the_file(source: Source) -> list[Artifact]:
    try:
        return [each for each in await source.artifacts(ONE) if each.path == "a.txt"]
    finally:
        await source.aclose()


async def test_the_address_may_be_said_when_it_is_missed(store: Path, own: Own) -> None:
    source = open_source(str(store))
    with pytest.raises(NoServerError, match=r"config\.toml"):
        await source.artifacts(ONE)
    with pytest.raises(SourceError, match="https://"):
        source.artifacts_at("/no/server")
    with pytest.raises(NoServerError):
        await whole(source.content(ONE, "a.txt"))
    source.artifacts_at(own.uri)
    assert await whole(source.content(ONE, "a.txt")) == b"behind"
    assert await the_file(source) == [Artifact("a.txt", is_dir=False, size=6)]


async def test_the_configuration_says_it_for_good_with_its_own_token(
    store: Path, own: Own, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("A_TOKEN", "of-this-source")
    (home / "config" / "mltrack").mkdir(parents=True)
    text = f'[sources.mine]\nuri = "{store}"\nartifacts = "{own.proxy.uri}"\ntoken_env = "A_TOKEN"\n'
    (home / "config" / "mltrack" / "config.toml").write_text(text)
    with pytest.raises(SourceError):  # this server knows no tokens
        await the_file(open_source("mine"))
    assert {each.headers["authorization"] for each in own.proxy.asked} == {"Bearer of-this-source"}


async def test_mlflows_variables_are_for_the_server_that_they_name(
    store: Path, own: Own, auth_server: AuthServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_USERNAME", auth_server.admin.name)
    monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", auth_server.admin.password)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", own.proxy.uri)
    assert await the_file(open_source(str(store))) == [Artifact("a.txt", is_dir=False, size=6)]
    own.proxy.asked.clear()
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://elsewhere.example")
    source = open_source(str(store))
    source.artifacts_at(own.proxy.uri)
    with pytest.raises(RefusedError):
        await the_file(source)
    assert own.proxy.asked
    assert not any("authorization" in each.headers for each in own.proxy.asked)


async def test_a_root_of_another_server_is_not_asked_for_here(store: Path, own: Own) -> None:
    change(store, "update runs set artifact_uri = 'mlflow-artifacts://other.example/1' where run_uuid = 'one'")
    source = open_source(str(store))
    source.artifacts_at(own.uri)
    with pytest.raises(NoServerError, match=r"behind the server other\.example, not 127"):
        await the_file(source)
    assert not own.proxy.asked


@pytest.mark.parametrize(
    "uri", ["mlflow-artifacts://[::1/x", "mlflow-artifacts:/workspaces/ü/1", "mlflow-artifacts:/a/../b"]
)
async def test_a_root_that_is_none_is_said_to_be_that(store: Path, own: Own, uri: str) -> None:
    change(store, f"update runs set artifact_uri = '{uri}' where run_uuid = 'one'")
    source = open_source(str(store))
    source.artifacts_at(own.uri)
    with pytest.raises(SourceError, match="The artifacts' URI"):
        await the_file(source)
    assert not own.proxy.asked
