"""What the other tests rely on: the servers are what they say, and nothing of them outlives a test session."""

import os
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import httpx
import pytest

from tests.servers import faults, keeper
from tests.servers.certificates import Certificates
from tests.servers.fixtures import AuthServer
from tests.servers.process import MlflowServer
from tests.servers.proxy import Answer, Fault, FaultyProxy

SERVER_INFO = "/api/3.0/mlflow/server-info"


@pytest.fixture
def client(faulty: FaultyProxy) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=faulty.uri, trust_env=False, timeout=10) as client:
        yield client


def test_the_plain_server_has_no_workspaces_and_the_other_has_three(
    mlflow_server: MlflowServer, workspace_server: MlflowServer
) -> None:
    assert httpx.get(mlflow_server.uri + SERVER_INFO).json()["workspaces_enabled"] is False
    assert httpx.get(workspace_server.uri + SERVER_INFO).json()["workspaces_enabled"] is True
    told = httpx.get(f"{workspace_server.uri}/api/3.0/mlflow/workspaces").json()["workspaces"]
    assert {one["name"] for one in told} == {"default", "sales", "vision"}


def test_each_user_of_the_third_sees_what_they_may(auth_server: AuthServer) -> None:
    asked = "/api/2.0/mlflow/experiments/get?experiment_id=1"
    assert httpx.get(auth_server.uri + asked).status_code == 401
    answers = {
        user.name: httpx.get(auth_server.uri_of(user) + asked).status_code
        for user in (auth_server.admin, auth_server.reader, auth_server.stranger)
    }
    assert answers == {"admin": 200, "ada": 200, "eve": 403}


PARENT = """
import subprocess, sys
program = [sys.executable, "-c", "import time; print('started', flush=True); time.sleep(600)"]
kept = subprocess.Popen([sys.executable, sys.argv[1], *program], stdin=subprocess.PIPE, start_new_session=True)
print(kept.pid, flush=True)
kept.wait()
"""


def test_what_a_keeper_runs_ends_with_a_parent_that_was_killed() -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT, keeper.__file__], stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    with parent.stdout as told:
        group = int(told.readline())
        assert told.readline() == "started\n"
        assert _lives(group)
        parent.kill()
        parent.wait()
        assert told.read() == ""  # until the last process that could write to it is gone
    deadline = time.monotonic() + 10
    while _lives(group) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not _lives(group)


def _lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_the_proxy_passes_on_and_notes_what_it_was_asked(faulty: FaultyProxy, client: httpx.Client) -> None:
    for _ in range(2):
        assert client.get(SERVER_INFO, headers={"X-Mark": "1"}).json()["store_type"] == "SqlStore"
    (asked, other) = faulty.asked
    assert (asked.method, asked.target, asked.headers["x-mark"]) == ("GET", SERVER_INFO, "1")
    assert other.path == SERVER_INFO


def test_a_fault_is_for_so_many_requests_of_its_path(faulty: FaultyProxy, client: httpx.Client) -> None:
    faulty.plan(faults.bad_gateway, path="server-info", times=1)
    faulty.plan(faults.too_many("3"), path="server-info", times=1)
    answers = [client.get(path) for path in ("/health", SERVER_INFO, SERVER_INFO, SERVER_INFO)]
    assert [answer.status_code for answer in answers] == [200, 502, 429, 200]
    assert answers[2].headers["retry-after"] == "3"


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (faults.reset, httpx.ReadError),
        (faults.dropped, httpx.RemoteProtocolError),
        (faults.reset_in_the_body, httpx.ReadError),
        (faults.cut_in_the_body, httpx.RemoteProtocolError),
        (faults.no_http, httpx.RemoteProtocolError),
    ],
)
def test_a_connection_breaks_as_it_should(
    faulty: FaultyProxy, client: httpx.Client, fault: Fault, error: type[Exception]
) -> None:
    faulty.plan(fault, times=1)
    with pytest.raises(error):
        client.get(SERVER_INFO)
    assert client.get(SERVER_INFO).status_code == 200


def test_a_dead_server_refuses_and_comes_back_at_the_same_address(faulty: FaultyProxy, client: httpx.Client) -> None:
    assert client.get("/health").text == "OK"
    faulty.close()
    for expected in (httpx.TransportError, httpx.ConnectError):  # the first may still have the old connection
        with pytest.raises(expected):
            client.get("/health")
    faulty.open()
    assert client.get("/health").text == "OK"


def test_the_tls_endpoint_is_trusted_by_those_who_know_its_authority(
    proxies: Callable[..., FaultyProxy], certificates: Certificates
) -> None:
    proxy = proxies("http://127.0.0.1:1", certificates.good(client_required=True))
    proxy.plan(faults.answered(Answer(200, b"hello")))
    verify = ssl.create_default_context(cafile=certificates.ca_file)
    with httpx.Client(verify=verify, trust_env=False) as client, pytest.raises(httpx.TransportError):
        client.get(proxy.uri)
    verify.load_cert_chain(certificates.client())
    with httpx.Client(verify=verify, trust_env=False) as client:
        assert client.get(proxy.uri).text == "hello"


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("expired", "certificate has expired"),
        ("of_another_name", "certificate is not valid for '127.0.0.1'"),
        ("self_signed", "self-signed certificate"),
        ("of_an_unknown_authority", "unable to get local issuer certificate"),
    ],
)
def test_a_certificate_is_bad_as_it_should(
    proxies: Callable[..., FaultyProxy], certificates: Certificates, kind: str, words: str
) -> None:
    proxy = proxies("http://127.0.0.1:1", getattr(certificates, kind)())
    verify = ssl.create_default_context(cafile=certificates.ca_file)
    with pytest.raises(httpx.ConnectError, match=words), httpx.Client(verify=verify, trust_env=False) as client:
        client.get(proxy.uri)
    assert not proxy.asked
