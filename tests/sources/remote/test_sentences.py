"""Whatever keeps a server from answering has a sentence that says what to do."""

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from mltrack_tui.config.source import SourceSetting
from mltrack_tui.domain.query import Query
from mltrack_tui.sources.base import NotFoundError, RefusedError, SourceBusy, SourceError, UnreachableError
from mltrack_tui.sources.pages import final
from mltrack_tui.sources.remote import open_server
from mltrack_tui.sources.remote.sentences import sentence
from server_client import (
    AccessError,
    BadRequestError,
    ConflictError,
    ConnectionLostError,
    ForbiddenError,
    Hint,
    NameNotResolvedError,
    ProxyError,
    ServerError,
    TimedOutError,
    TlsError,
    TooManyRequestsError,
    TrackingError,
    UnexpectedAnswerError,
    WorkspacesDisabledError,
)
from server_client import NotFoundError as NotThereError
from tests.servers import faults
from tests.servers.certificates import Certificates
from tests.servers.fixtures import AuthServer, User
from tests.servers.process import MlflowServer
from tests.servers.proxy import Answer, Fault, FaultyProxy


async def refusal(uri: str, setting: SourceSetting | None = None) -> SourceError:
    """What is said to who opens the first screen."""
    source = open_server(uri, setting, called="vision")
    with pytest.raises(SourceError) as raised:
        await final(source.experiments("default"))
    await source.aclose()
    return raised.value


@pytest.mark.parametrize(
    ("fault", "kind", "said"),
    [
        (faults.login_page, RefusedError, "login page"),
        (faults.strange_host, RefusedError, "--allowed-hosts"),
        (faults.page(404, "<html><title>404 Not Found</title>"), NotFoundError, "check the address"),
        (faults.page(200, "<html><title>Welcome to nginx</title>"), SourceError, "no MLflow server"),
        (faults.no_http, UnreachableError, "broke off"),
        (faults.truncated_json, UnreachableError, "cut off"),
        (faults.too_many("3600"), SourceBusy, "wait a little"),
        (faults.redirected("https://login.example"), RefusedError, "login.example"),
        (faults.answered(Answer(500, b'{"error_code":"INTERNAL_ERROR","message":"boom"}')), SourceError, "boom"),
        (faults.page(401, "who?"), RefusedError, "MLFLOW_TRACKING_TOKEN"),
        (faults.refused(403, "PERMISSION_DENIED", "no"), RefusedError, "permission"),
    ],
)
async def test_what_a_server_or_something_before_it_answers(
    faulty: FaultyProxy, fault: Fault, kind: type[SourceError], said: str
) -> None:
    faulty.plan(fault)
    error = await refusal(faulty.uri)
    assert type(error) is kind
    assert said in str(error)
    assert faulty.uri.removeprefix("http://") in str(error)
    assert "\n" not in str(error)


async def test_nobody_listens(mlflow_server: MlflowServer) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    error = await refusal(f"http://user:secret@127.0.0.1:{port}")
    assert f"Nothing answers at 127.0.0.1:{port}" in str(error)
    assert "secret" not in repr(error)


async def test_a_wrong_path_below_a_server_is_told(mlflow_server: MlflowServer) -> None:
    assert "check the address" in str(await refusal(f"{mlflow_server.uri}/prefix"))


@pytest.mark.parametrize(
    ("user", "said"),
    [(User("admin", "not the right one"), "does not know us"), (AuthServer.stranger, "does not let us see this")],
)
async def test_a_wrong_password_and_a_missing_permission(auth_server: AuthServer, user: User, said: str) -> None:
    source = open_server(auth_server.uri_of(user), called="vision")
    with pytest.raises(RefusedError, match=said) as raised:
        await source.detail((await final(source.candidates(Query("default", ("1",))))).items[0])
    assert user.password not in repr(raised.value)
    await source.aclose()


async def test_each_trouble_with_a_certificate_and_none_with_a_good_one(
    mlflow_server: MlflowServer, proxies: Callable[..., FaultyProxy], certificates: Certificates
) -> None:
    trusting = SourceSetting("", verify=str(certificates.ca_file))
    troubles = [
        (certificates.of_an_unknown_authority(), None, "name its file in MLFLOW_TRACKING_SERVER_CERT_PATH or verify"),
        (certificates.self_signed(), None, "name its file in"),
        (certificates.expired(), trusting, "has expired"),
        (certificates.of_another_name(), trusting, "for another name"),
        (certificates.good(client_required=True), trusting, "MLFLOW_TRACKING_CLIENT_CERT_PATH"),
    ]
    for context, setting, said in troubles:
        assert said in str(await refusal(proxies(mlflow_server.uri, context).uri, setting))
    source = open_server(proxies(mlflow_server.uri, certificates.good()).uri, trusting)
    assert (await anext(source.projects())).items
    await source.aclose()


@pytest.mark.parametrize(
    ("error", "kind", "said"),
    [
        (NameNotResolvedError("no"), UnreachableError, "no host vision"),
        (TimedOutError("no"), UnreachableError, "in time"),
        (ProxyError("refused"), UnreachableError, "NO_PROXY"),
        (ConnectionLostError("gone"), UnreachableError, "broke off"),
        (TlsError("certificate has expired", certificate=True), UnreachableError, "has expired"),
        (TlsError("Hostname mismatch", certificate=True), UnreachableError, "another name"),
        (TlsError("self-signed certificate", certificate=True), UnreachableError, "verify in config.toml"),
        (TlsError("certificate is not yet valid", certificate=True), UnreachableError, "clocks"),
        (TlsError("tlsv13 alert certificate required"), UnreachableError, "MLFLOW_TRACKING_CLIENT_CERT_PATH"),
        (TlsError("wrong version number"), UnreachableError, "only http"),
        (AccessError("the file is not there"), RefusedError, "the file is not there"),
        (ForbiddenError(403), RefusedError, "permission"),
        (NotThereError(404, error_code="RESOURCE_DOES_NOT_EXIST", message="No run"), NotFoundError, "No run"),
        (TooManyRequestsError(429), SourceBusy, "wait"),
        (ServerError(503), UnreachableError, "asleep"),
        (ServerError(500, message="a\x1b[2Jb"), SourceError, "log"),
        (WorkspacesDisabledError(500), SourceError, "MLFLOW_WORKSPACE"),
        (BadRequestError(400, message="Invalid clause"), SourceError, "Invalid clause"),
        (ConflictError(409, message="taken"), SourceError, "taken"),
        (UnexpectedAnswerError(Hint.TOO_LARGE), SourceError, "filter"),
        (UnexpectedAnswerError(Hint.STUCK_TOKEN), SourceError, "go on"),
    ],
)
def test_each_error_has_its_sentence(error: TrackingError, kind: type[SourceError], said: str) -> None:
    told = sentence(error, "vision")
    assert type(told) is kind
    assert said in str(told)
    assert str(told).endswith((".", "?"))
    assert str(told).isprintable()


def test_an_address_that_is_none_is_told_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="example"):
        open_server("http://example:port")
    monkeypatch.setenv("MLFLOW_TRACKING_AWS_SIGV4", "true")
    with pytest.raises(RefusedError, match="SIGV4"):
        open_server("http://example")


def test_a_source_goes_by_its_name_or_its_host_and_tells_no_password() -> None:
    source = open_server("https://ada:secret@example:8443/prefix/")
    assert (source.name, source.location) == ("example:8443", "https://example:8443/prefix")
    assert open_server("https://example", called="vision").name == "vision"
