"""Credentials and certificates, found where mlflow's client finds them."""

from collections.abc import Mapping
from pathlib import Path

import certifi
import httpx
import pytest
from mlflow.utils.credentials import get_default_host_creds
from mlflow.utils.rest_utils import http_request

from server_client import Access, AccessError, TrackingClient

USER = {"MLFLOW_TRACKING_USERNAME": "ada", "MLFLOW_TRACKING_PASSWORD": "p:ä%d"}
TOKEN = {"MLFLOW_TRACKING_TOKEN": "t0ken"}
OTHER = "OTHER"
IN_FILE = "[mlflow]\nmlflow_tracking_username = bob\nmlflow_tracking_password = 50%%off\n"


async def authorization(access: Access, uri: str = "http://mlflow.example") -> str | None:
    """What a request says."""
    said: list[str | None] = []

    def answer(request: httpx.Request) -> httpx.Response:
        said.append(request.headers.get("Authorization"))
        return httpx.Response(200, json={})

    async with TrackingClient(uri, access, transport=httpx.MockTransport(answer)) as client:
        await client.runs.search(["1"]).__anext__()
    return said[0]


def mlflows(monkeypatch: pytest.MonkeyPatch) -> tuple[str | None, bool | str]:
    """What mlflow's own client says and trusts, in the same environment."""
    said: list[str | None] = []

    def send(*_: object, headers: Mapping[str, str], **__: object) -> None:
        said.append(headers.get("Authorization"))

    monkeypatch.setattr("mlflow.utils.rest_utils._get_http_response_with_retries", send)
    credentials = get_default_host_creds("http://mlflow.example")  # type: ignore[no-untyped-call] # mlflow's
    http_request(credentials, "/api", "GET")  # type: ignore[no-untyped-call] # mlflow's
    return said[0], credentials.verify


@pytest.mark.parametrize("in_file", [None, IN_FILE, "[other]\na = b\n", "[mlflow]\nmlflow_tracking_username = bob\n"])
@pytest.mark.parametrize(
    "variables",
    [
        {},
        USER,
        TOKEN,
        {**USER, **TOKEN},
        {"MLFLOW_TRACKING_USERNAME": "ada"},
        {"MLFLOW_TRACKING_PASSWORD": "secret"},
        {"MLFLOW_TRACKING_USERNAME": "ada", **TOKEN},
        {"MLFLOW_TRACKING_USERNAME": "", "MLFLOW_TRACKING_PASSWORD": "", **TOKEN},
        {"MLFLOW_TRACKING_INSECURE_TLS": "TRUE"},
        {"MLFLOW_TRACKING_INSECURE_TLS": "0", "MLFLOW_TRACKING_SERVER_CERT_PATH": certifi.where()},
    ],
)
async def test_the_credentials_are_those_that_mlflows_client_sends(
    variables: Mapping[str, str], in_file: str | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    if in_file is not None:
        (tmp_path / ".mlflow").mkdir()
        (tmp_path / ".mlflow" / "credentials").write_text(in_file)
    access = Access.from_environment()
    assert (await authorization(access), access.verify) == mlflows(monkeypatch)


async def test_a_user_in_the_uri_wins_as_with_requests() -> None:
    said = await authorization(Access.from_environment(TOKEN), "http://eve:s%40crot@mlflow.example")
    assert said == httpx.BasicAuth("eve", "s@crot")._auth_header


async def test_a_named_token_wins_over_mlflows_variables() -> None:
    variables = {**USER, **TOKEN, "OTHER": "named\n"}
    assert await authorization(Access.from_environment(variables, token_env=OTHER)) == "Bearer named"


async def test_a_named_token_needs_no_plugin_of_mlflow() -> None:
    access = Access.from_environment({"MLFLOW_TRACKING_AUTH": "kubernetes", "OTHER": "t"}, token_env=OTHER)
    assert await authorization(access) == "Bearer t"


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({"MLFLOW_TRACKING_AWS_SIGV4": "true"}, "AWS"),
        ({"MLFLOW_TRACKING_AUTH": "kubernetes"}, "plugins"),
        ({"MLFLOW_TRACKING_INSECURE_TLS": "yes"}, "true or false"),
        ({"MLFLOW_TRACKING_INSECURE_TLS": "1", "MLFLOW_TRACKING_SERVER_CERT_PATH": "/ca.pem"}, "both"),
        ({"MLFLOW_TRACKING_TOKEN": "a b"}, "MLFLOW_TRACKING_TOKEN"),
        ({"MLFLOW_TRACKING_TOKEN": "a\nb"}, "MLFLOW_TRACKING_TOKEN"),
    ],
)
def test_what_cannot_be_used_is_told(variables: Mapping[str, str], says: str) -> None:
    with pytest.raises(AccessError, match=says):
        Access.from_environment(variables)


def test_a_variable_that_is_not_set_is_told_by_its_name() -> None:
    with pytest.raises(AccessError, match="OTHER"):
        Access.from_environment({"OTHER": " "}, token_env=OTHER)


@pytest.mark.parametrize(
    "text", ["mlflow_tracking_password = hunter2", "[mlflow]\nmlflow_tracking_password = hunter2%"]
)
def test_a_file_that_cannot_be_read_is_told_without_its_text(text: str, tmp_path: Path) -> None:
    (tmp_path / ".mlflow").mkdir()
    (tmp_path / ".mlflow" / "credentials").write_text(text)
    with pytest.raises(AccessError, match="credentials") as error:
        Access.from_environment({})
    assert "hunter2" not in str(error.value)


@pytest.mark.parametrize(
    ("variables", "named", "verify"),
    [
        ({}, None, True),
        ({}, True, True),
        ({}, False, False),
        ({}, "/mine.pem", "/mine.pem"),
        ({"MLFLOW_TRACKING_SERVER_CERT_PATH": "/ca.pem"}, True, "/ca.pem"),
        ({"MLFLOW_TRACKING_SERVER_CERT_PATH": "/ca.pem"}, "/mine.pem", "/mine.pem"),
        ({"MLFLOW_TRACKING_SERVER_CERT_PATH": ""}, None, True),
        ({"MLFLOW_TRACKING_SERVER_CERT_PATH": "/ca.pem", "REQUESTS_CA_BUNDLE": "/other.pem"}, None, "/ca.pem"),
        ({"REQUESTS_CA_BUNDLE": "/other.pem", "CURL_CA_BUNDLE": "/third.pem"}, None, "/other.pem"),
        ({"CURL_CA_BUNDLE": "/third.pem"}, None, "/third.pem"),
        ({"REQUESTS_CA_BUNDLE": "/other.pem", "MLFLOW_TRACKING_INSECURE_TLS": "true"}, None, False),
    ],
)
def test_which_certificates_are_trusted(
    variables: Mapping[str, str], named: bool | str | None, verify: bool | str
) -> None:
    assert Access.from_environment(variables, verify=named).verify == verify


def test_netrc_is_not_read(tmp_path: Path) -> None:
    (tmp_path / ".netrc").write_text("machine mlflow.example login a password b\n")
    assert Access.from_environment({}).auth is None


def test_the_workspace_and_the_clients_certificate_are_mlflows_variables() -> None:
    access = Access.from_environment({"MLFLOW_WORKSPACE": " team ", "MLFLOW_TRACKING_CLIENT_CERT_PATH": "/me.pem"})
    assert (access.workspace, access.client_cert) == ("team", "/me.pem")


@pytest.mark.parametrize(
    ("uri", "normal"),
    [
        ("http://mlflow.example", "http://mlflow.example"),
        ("HTTPS://mlflow.example:8443/a/b/", "https://mlflow.example:8443/a/b"),
        ("http://ada:pass@mlflow.example/", "http://mlflow.example"),
        ("http://[::1]:5000", "http://[::1]:5000"),
        (" http://mlflow.example/#/experiments/1 ", "http://mlflow.example"),
    ],
)
def test_an_address_is_brought_into_one_form(uri: str, normal: str) -> None:
    assert TrackingClient(uri).uri == normal


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "mlflow.example",
        "ftp://mlflow.example",
        "http://",
        "http://h:port",
        "http://h:99999",
        "http://[::1",
        "file:///a",
    ],
)
def test_what_is_no_servers_address_is_refused(uri: str) -> None:
    with pytest.raises(AccessError, match="http://"):
        TrackingClient(uri)


@pytest.mark.parametrize("name", ["a b", "ä", "a\r\nX-Evil: 1"])
def test_what_cannot_be_a_workspace_is_refused(name: str) -> None:
    with pytest.raises(AccessError, match="workspace"):
        TrackingClient("http://mlflow.example", workspace=name)
