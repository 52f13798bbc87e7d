"""The fixtures of real servers, and of what stands between them and us. A plugin: every test may ask for them.

``mlflow_server``     the store of tests/stores/mlflow-3.17.2.json. Only for reading: its facts must hold.
``workspace_server``  the same with the workspaces sales and vision beside default. Only for reading.
``auth_server``       basic authentication, three users, the odd store as experiment 1. For writing too, into own
                      experiments and models: ``auth_server.uri_of(auth_server.admin)`` is its URI for that.
                      ``s3_server`` lets it in, where a test of this session wants that.
``s3_server``         a real S3 server, moto's; ``s3``: the same, named by the environment of one test.
``faulty``            a `FaultyProxy` before mlflow_server, for one test.
``proxies``           makes more of them, with TLS or before other servers.
``certificates``      a private certificate authority, for TLS.

A server needs ten seconds to start, three at once fourteen: the first that is asked for has those started with it
that other tests of this session will want. A test that asks in another way than by its arguments says so:
``@pytest.mark.servers("mlflow_server")``.
"""

import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from tests.servers.certificates import Certificates
from tests.servers.process import MlflowServer
from tests.servers.proxy import FaultyProxy
from tests.servers.s3 import S3Server, s3_server_running
from tests.sources.facts import STORES
from tests.sources.stores import WORKSPACES, with_workspaces

VERSION = "3.17.2"
"""Of which mlflow the stores are that servers get."""


@dataclass(frozen=True, slots=True)
class User:
    name: str
    password: str


class AuthServer(MlflowServer):
    """A server that wants to know who asks. ``reader`` may read experiment 1, ``stranger`` may read nothing."""

    admin = User("admin", "correct horse: battery@staple/")
    reader = User("ada", "ada's own password")
    stranger = User("eve", "eve's own password")

    def uri_of(self, user: User) -> str:
        """The tracking URI that has a user's name and password in it."""
        return self.uri.replace("//", f"//{quote(user.name, safe='')}:{quote(user.password, safe='')}@")

    def let_in(self) -> None:
        """Make the users that are not the administrator."""
        with httpx.Client(base_url=self.uri, auth=(self.admin.name, self.admin.password), trust_env=False) as client:
            for user in (self.reader, self.stranger):
                made = client.post(
                    "/api/2.0/mlflow/users/create", json={"username": user.name, "password": user.password}
                )
                made.raise_for_status()
            grant = {"username": self.reader.name, "resource_type": "experiment", "resource_id": "1"}
            client.post(
                "/api/3.0/mlflow/users/permissions/grant", json=grant | {"permission": "READ"}
            ).raise_for_status()


class Servers:
    """The servers of this session, none of which was started yet."""

    def __init__(
        self, folder: Path, wanted: set[str], odd_store: Callable[[], Path], cloud: Callable[[], Mapping[str, str]]
    ) -> None:
        self._folder = folder
        self._wanted = wanted
        self._odd_store, self._cloud = odd_store, cloud
        self._started: dict[str, MlflowServer] = {}

    def start(self, name: str) -> MlflowServer:
        """The server of a fixture's name, and with it those that will be wanted. Does not wait for any."""
        for each, begin in _STARTS.items():
            if each in self._wanted | {name} and each not in self._started:
                folder = self._folder / each
                folder.mkdir()
                self._started[each] = begin(self, folder)
        return self._started[name]

    def stop(self) -> None:
        for server in self._started.values():
            server.stop()

    def _plain(self, folder: Path) -> MlflowServer:
        shutil.copy(STORES / f"mlflow-{VERSION}.db", folder / "mlflow.db")
        return MlflowServer(_upgraded(folder))

    def _workspaces(self, folder: Path) -> MlflowServer:
        with_workspaces(folder / "mlflow.db", VERSION)
        return MlflowServer(_upgraded(folder), "--enable-workspaces")

    def _auth(self, folder: Path) -> AuthServer:
        shutil.copy(self._odd_store(), folder / "mlflow.db")
        settings = folder / "auth.ini"
        settings.write_text(
            "[mlflow]\n"
            "default_permission = NO_PERMISSIONS\n"
            f"database_uri = sqlite:///{folder / 'users.db'}\n"
            f"admin_username = {AuthServer.admin.name}\n"
            f"admin_password = {AuthServer.admin.password}\n"
            "authorization_function = mlflow.server.auth:authenticate_request_basic_auth\n"
            "auth_cache_ttl_seconds = 600\n",  # else each request takes as long as a password's hash
            encoding="utf-8",
        )
        environment = {"MLFLOW_AUTH_CONFIG_PATH": str(settings), "MLFLOW_FLASK_SERVER_SECRET_KEY": "of this test"}
        environment |= self._cloud()
        return AuthServer(folder, "--app-name", "basic-auth", environment=environment)


_STARTS: dict[str, Callable[[Servers, Path], MlflowServer]] = {
    "mlflow_server": Servers._plain,
    "workspace_server": Servers._workspaces,
    "auth_server": Servers._auth,  # the last: its store takes a while to make
}


def _upgraded(folder: Path) -> Path:
    """A store as the installed mlflow wants it: a server opens no other."""
    if version("mlflow") != VERSION:
        command = [sys.executable, "-m", "mlflow", "db", "upgrade", f"sqlite:///{folder / 'mlflow.db'}"]
        subprocess.run(command, check=True, capture_output=True, cwd=folder)
    return folder


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "servers(*fixtures): servers that a test asks for otherwise than by an argument")


@pytest.fixture(scope="session")
def servers(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """All servers, to be started by name."""
    wanted = {name for item in request.session.items for name in _named(item)}

    def cloud() -> Mapping[str, str]:
        return request.getfixturevalue("s3_server").environment if "s3_server" in wanted else {}

    servers = Servers(
        tmp_path_factory.mktemp("servers"), wanted & _STARTS.keys(), lambda: request.getfixturevalue("odd_store"), cloud
    )
    yield servers
    servers.stop()


def _named(item: pytest.Item) -> Iterator[str]:
    yield from getattr(item, "fixturenames", ())
    for mark in item.iter_markers("servers"):
        yield from mark.args


@pytest.fixture(scope="session")
def mlflow_server(servers: Servers) -> MlflowServer:
    """A plain server with the facts of tests/stores, for reading."""
    return servers.start("mlflow_server")


@pytest.fixture(scope="session")
def workspace_server(servers: Servers) -> MlflowServer:
    """A server with workspaces, for reading."""
    assert set(WORKSPACES) == {"sales", "vision"}
    return servers.start("workspace_server")


@pytest.fixture(scope="session")
def auth_server(servers: Servers) -> AuthServer:
    """A server with users, for writing too."""
    server = servers.start("auth_server")
    assert isinstance(server, AuthServer)
    server.let_in()
    return server


@pytest.fixture(scope="session")
def s3_server() -> Iterator[S3Server]:
    """A real S3 server."""
    with s3_server_running() as server:
        yield server


@pytest.fixture
def s3(s3_server: S3Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[S3Server]:
    """The S3 server, which this test's environment names."""
    for name, value in s3_server.environment.items():
        monkeypatch.setenv(name, value)
    yield s3_server
    from s3fs import S3FileSystem

    S3FileSystem.clear_instance_cache()  # which was let in with this test's credentials


@pytest.fixture(scope="session")
def odd_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store that has everything odd, for reading."""
    from tests.sources.odd import make_odd  # mlflow takes two seconds

    path = tmp_path_factory.mktemp("odd") / "mlflow.db"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # those that mlflow gives are not ours to mend
        make_odd(path)
    return path


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """A private certificate authority."""
    return Certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def proxies() -> Iterator[Callable[..., FaultyProxy]]:
    """Makes proxies with the arguments of `FaultyProxy`, and closes them after the test."""
    with ExitStack() as opened:
        yield lambda *args, **options: opened.enter_context(FaultyProxy(*args, **options))


@pytest.fixture
def faulty(mlflow_server: MlflowServer, proxies: Callable[..., FaultyProxy]) -> FaultyProxy:
    """A proxy before the plain server."""
    return proxies(mlflow_server.uri)
