"""What the doctor finds on the way to a real server, and what it says of each thing that can be wrong."""

import socket
from collections.abc import Callable, Mapping

import pytest

from mltrack_tui.config.source import SourceSetting
from mltrack_tui.sources.checks import Check, Outcome
from mltrack_tui.sources.remote.checkup import STEPS, examine_server
from tests.servers import faults
from tests.servers.certificates import Certificates
from tests.servers.fixtures import AuthServer
from tests.servers.process import MlflowServer
from tests.servers.proxy import Answer, Fault, FaultyProxy

Found = Mapping[str, Check]


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


async def examined(uri: str, setting: SourceSetting | None = None) -> Found:
    found = {check.step: check async for check in examine_server(uri, setting)}
    assert tuple(found) == STEPS
    return found


def trouble(found: Found) -> tuple[str, str]:
    """The one step that failed, and what is said of it; what follows was not done."""
    outcomes = [check.outcome for check in found.values()]
    place = outcomes.index(Outcome.FAILED)
    assert set(outcomes[place + 1 :]) <= {Outcome.SKIPPED}
    check = found[STEPS[place]]
    assert check.advice
    assert "\n" not in check.finding + check.advice
    return check.step, f"{check.finding}: {check.advice}"


async def test_a_server_that_is_well_is_fine_at_each_step(mlflow_server: MlflowServer) -> None:
    found = await examined(mlflow_server.uri)
    assert [check.step for check in found.values() if check.outcome is not Outcome.OK] == ["TLS"]
    assert found["name"].finding == "127.0.0.1 is 127.0.0.1"
    assert found["HTTP"].finding.startswith("status 200")
    assert found["MLflow"].finding == "MLflow 3.17.2, SqlStore"
    assert found["login"].finding == "without credentials"
    assert found["experiments"].finding == "3"
    assert " of " in found["artifacts"].finding


async def test_who_we_are_is_told_and_a_wrong_password_too(auth_server: AuthServer) -> None:
    found = await examined(auth_server.uri_of(auth_server.reader))
    assert found["login"].finding == f"as {auth_server.reader.name}"
    assert "password" not in "".join(check.finding for check in found.values())
    step, said = trouble(await examined(auth_server.uri.replace("//", "//ada:wrong@")))
    assert (step, "does not know us" in said, "wrong@" in said) == ("login", True, False)
    step, said = trouble(await examined(auth_server.uri))
    assert (step, "MLFLOW_TRACKING_USERNAME" in said) == ("login", True)


async def test_a_token_that_is_not_set_is_told_before_anything_is_sent() -> None:
    step, said = trouble(await examined("http://127.0.0.1:9", SourceSetting("", token_env="NOWHERE")))  # noqa: S106
    assert (step, "NOWHERE" in said) == ("address", True)


@pytest.mark.parametrize(
    ("fault", "step", "words"),
    [
        (faults.login_page, "login", "login page"),
        (faults.page(200, "<html><title>Welcome to nginx</title></html>"), "MLflow", "is no MLflow server"),
        (faults.page(404, "<html><title>404</title></html>"), "MLflow", "the path before its API"),
        (faults.strange_host, "MLflow", "Invalid Host header"),
        (faults.bad_gateway, "MLflow", "does not answer (502)"),
        (faults.refused(401, "UNAUTHENTICATED", "Token is expired."), "login", "Token is expired"),
        (faults.refused(403, "PERMISSION_DENIED", "Not yours."), "login", "does not let us see this (Not yours)"),
        (faults.no_http, "HTTP", "broke off its answer"),
        (faults.reset, "HTTP", "broke off its answer"),
    ],
)
async def test_each_thing_that_answers_in_its_place_has_a_sentence(
    faulty: FaultyProxy, fault: Fault, step: str, words: str
) -> None:
    faulty.plan(fault)
    found, said = trouble(await examined(faulty.uri))
    assert (found, words in said) == (step, True), said


async def test_no_credential_goes_along_before_it_is_known_what_answers(faulty: FaultyProxy) -> None:
    faulty.plan(faults.answered(Answer(200, b"<html>", {"Content-Type": "text/html"})), path="/version", times=1)
    await examined(faulty.uri.replace("//", "//ada:hunter2@"))
    assert "authorization" not in faulty.asked[0].headers
    assert any("authorization" in asked.headers for asked in faulty.asked)


async def test_a_wrong_path_is_told(mlflow_server: MlflowServer) -> None:
    step, said = trouble(await examined(f"{mlflow_server.uri}/mlflow"))
    assert (step, "the path before its API" in said) == ("MLflow", True)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("self_signed", "of an authority not known here"),
        ("of_an_unknown_authority", "of an authority not known here"),
        ("expired", "has expired"),
        ("of_another_name", "is for another name"),
    ],
)
async def test_each_certificate_that_is_not_to_be_trusted_has_a_sentence(
    faulty: FaultyProxy, proxies: Callable[..., FaultyProxy], certificates: Certificates, kind: str, words: str
) -> None:
    proxy = proxies(faulty.uri, getattr(certificates, kind)())
    trusting = SourceSetting(proxy.uri, verify=str(certificates.ca_file))
    step, said = trouble(await examined(proxy.uri, None if kind == "self_signed" else trusting))
    assert (step, words in said) == ("TLS", True), said
    assert not proxy.asked
    careless = await examined(proxy.uri, SourceSetting(proxy.uri, verify=False))
    assert careless["TLS"].finding == "any certificate is trusted, as you wanted"


async def test_a_good_certificate_says_by_whom_and_until_when(
    faulty: FaultyProxy, proxies: Callable[..., FaultyProxy], certificates: Certificates
) -> None:
    proxy = proxies(faulty.uri, certificates.good())
    found = await examined(proxy.uri, SourceSetting(proxy.uri, verify=str(certificates.ca_file)))
    assert found["TLS"].finding.startswith("issued by mltrack tests, good until 3000-01-01")
    step, said = trouble(await examined(faulty.uri.replace("http://", "https://")))
    assert (step, "or only http?" in said) == ("TLS", True)


async def test_where_nobody_is_or_listens_it_is_said_which() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        step, said = trouble(await examined(f"http://127.0.0.1:{free.getsockname()[1]}"))
    assert (step, "connection refused" in said) == ("TCP", True)
    step, said = trouble(await examined("http://nobody.invalid"))
    assert (step, "there is no host nobody.invalid" in said) == ("name", True)


async def test_a_proxy_that_does_not_answer_is_named_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://ada:hunter2@127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    found = await examined("http://mlflow.invalid")
    step, said = trouble(found)
    assert (step, "HTTPS_PROXY" in said) == ("HTTP", True)
    assert found["name"].finding == "the proxy 127.0.0.1:9 looks it up"
    assert "hunter2" not in repr(found)
