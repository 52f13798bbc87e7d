"""server_client over a network that fails: every row once, no word of ours to others, no wait beyond the timeouts."""

import time
import traceback
from collections.abc import AsyncIterator, Callable, Sequence

import pytest

from server_client import (
    Access,
    ConnectionLostError,
    ConnectionRefusedByHostError,
    ForbiddenError,
    Hint,
    ServerError,
    TimedOutError,
    Timeouts,
    TlsError,
    TooManyRequestsError,
    TrackingClient,
    TrackingError,
    UnauthorizedError,
    UnexpectedAnswerError,
)
from tests.servers import faults
from tests.servers.certificates import Certificates
from tests.servers.fixtures import AuthServer, User
from tests.servers.proxy import Fault, FaultyProxy
from tests.sources.facts import STORES, read_facts

FACTS = read_facts(STORES / "mlflow-3.17.2.json")
ALL_IDS = [member.candidate_id for member in FACTS.members(*FACTS.ids)]
PATIENT = Timeouts(connect=10, read=10, first_pause=0.01)
IMPATIENT = Timeouts(connect=0.3, read=0.3, first_pause=0.01)


def as_ada(uri: str) -> str:
    """The URI with credentials, which the plain server takes no notice of: whoever else gets them is noted."""
    return uri.replace("//", "//ada:hunter2%3Aof%2Fada@")


@pytest.fixture
async def client(faulty: FaultyProxy) -> AsyncIterator[TrackingClient]:
    async with TrackingClient(as_ada(faulty.uri), timeouts=PATIENT) as client:
        yield client


async def ids(client: TrackingClient, begun: Callable[[], object] = bool) -> list[str]:
    """The ids of all runs in pages of three; ``begun`` is called after the first."""
    found: list[str] = []
    async for batch in client.runs.search(FACTS.ids, view="ALL", page_size=3):
        if not found:
            begun()
        found += [run.run_id for run in batch.items]
    return found


PASSING: Sequence[tuple[Fault, int]] = [
    (faults.late(0.1), 5),
    (faults.reset, 3),
    (faults.dropped, 3),
    (faults.reset_in_the_body, 1),
    (faults.cut_in_the_body, 3),
    (faults.truncated_json, 3),
    (faults.bad_gateway, 3),
    (faults.too_many("0"), 3),
    (faults.too_many("Fri, 31 Dec 1999 23:59:59 GMT"), 1),
    (faults.huge_field(10_000_000), 1),
]


@pytest.mark.parametrize(("fault", "times"), PASSING)
async def test_what_passes_costs_no_row_and_doubles_none(
    faulty: FaultyProxy, client: TrackingClient, fault: Fault, times: int
) -> None:
    assert await ids(client, lambda: faulty.plan(fault, path="runs/search", times=times)) == ALL_IDS


async def test_a_server_that_says_when_to_come_back_is_not_asked_before(
    faulty: FaultyProxy, client: TrackingClient
) -> None:
    faulty.plan(faults.too_many("1"), times=1)
    begin = time.monotonic()
    assert await ids(client) == ALL_IDS
    assert time.monotonic() - begin >= 1


LASTING: Sequence[tuple[Fault, type[TrackingError], str, int]] = [
    (faults.reset, ConnectionLostError, "Connection reset by peer", 4),
    (faults.dropped, ConnectionLostError, "ended before the answer did", 4),
    (faults.cut_in_the_body, ConnectionLostError, "ended before the answer did", 4),
    (faults.no_http, ConnectionLostError, "", 4),
    (faults.silent, TimedOutError, "no answer in time", 2),
    (faults.silent_in_the_body, TimedOutError, "no answer in time", 2),
    (faults.bad_gateway, ServerError, "502", 4),
    (faults.too_many("300"), TooManyRequestsError, "429", 1),
    (faults.strange_host, ForbiddenError, faults.STRANGE_HOST, 1),
    (faults.login_page, UnexpectedAnswerError, Hint.LOGIN, 1),
    (faults.truncated_json, UnexpectedAnswerError, Hint.TRUNCATED, 4),
    (faults.stuck_token, UnexpectedAnswerError, Hint.STUCK_TOKEN, 2),
    (faults.page(500, "<h1>Oops</h1>\x1b[2J\r\nmore"), ServerError, "500", 1),
    (faults.redirected("https://login.example"), UnexpectedAnswerError, "https://login.example", 1),
]


@pytest.mark.parametrize(("fault", "kind", "words", "requests"), LASTING)
async def test_what_lasts_is_one_line_that_says_what_it_is(
    faulty: FaultyProxy, fault: Fault, kind: type[TrackingError], words: str, requests: int
) -> None:
    faulty.plan(fault)
    begin = time.monotonic()
    timeouts = IMPATIENT if kind is TimedOutError else PATIENT
    async with TrackingClient(as_ada(faulty.uri), timeouts=timeouts) as client:
        with pytest.raises(kind) as caught:
            await ids(client)
    assert kind is not TimedOutError or time.monotonic() - begin < 5
    assert words in str(caught.value)
    assert str(caught.value).isprintable()
    assert "runs/search" in caught.value.path
    assert len(faulty.asked) <= requests
    told = "".join(traceback.format_exception(caught.value)) + repr(client) + repr(vars(caught.value))
    assert "hunter2" not in told
    assert "ada:" not in told


async def test_a_body_is_not_taken_for_an_error_page_of_any_length(faulty: FaultyProxy, client: TrackingClient) -> None:
    faulty.plan(faults.page(403, "no " * 1_000_000))
    with pytest.raises(ForbiddenError) as caught:
        await ids(client)
    assert len(str(caught.value)) < 1000


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_a_redirect_elsewhere_gets_the_question_and_no_credential(
    faulty: FaultyProxy, proxies: Callable[..., FaultyProxy], host: str
) -> None:
    elsewhere = proxies(faulty.upstream, host=host)
    faulty.plan(faults.redirected(elsewhere.uri))
    async with TrackingClient(as_ada(faulty.uri), workspace="default", timeouts=PATIENT) as client:
        answer = await client.experiments.get(FACTS.ids[0])
    assert answer.experiment_id == FACTS.ids[0]
    (ours,), (theirs,) = faulty.asked, elsewhere.asked
    assert {"authorization", "x-mlflow-workspace"} <= ours.headers.keys()
    assert not {"authorization", "x-mlflow-workspace", "cookie"} & theirs.headers.keys()
    assert theirs.target == ours.target
    assert "hunter2" not in repr(theirs)


async def test_no_cookie_comes_back(faulty: FaultyProxy, client: TrackingClient) -> None:
    faulty.plan(faults.page(502, "", Set_Cookie="session=1; Path=/"), times=1)
    await ids(client)
    assert not [asked for asked in faulty.asked if "cookie" in asked.headers]


async def test_nobody_is_told_where_a_question_comes_from(faulty: FaultyProxy, client: TrackingClient) -> None:
    await ids(client)
    assert not {"origin", "referer"} & faulty.asked[0].headers.keys()


async def test_what_changes_something_is_sent_once(faulty: FaultyProxy, client: TrackingClient) -> None:
    for fault in (faults.reset, faults.dropped, faults.bad_gateway):
        faulty.behave()
        faulty.plan(fault, path="set-tag")
        with pytest.raises(TrackingError):
            await client.runs.set_tag(ALL_IDS[0], "never", "arrives")
    assert len(faulty.paths("set-tag")) == 3


async def test_a_server_that_died_is_refused_until_it_is_back(faulty: FaultyProxy, client: TrackingClient) -> None:
    assert await ids(client) == ALL_IDS
    faulty.close()
    with pytest.raises((ConnectionRefusedByHostError, ConnectionLostError)):
        await ids(client)
    faulty.open()
    assert await ids(client) == ALL_IDS


async def test_dying_in_the_middle_of_a_list_costs_no_row(faulty: FaultyProxy, client: TrackingClient) -> None:
    pager = client.runs.search(FACTS.ids, view="ALL", page_size=3)
    found = [run.run_id for run in (await anext(pager)).items]
    faulty.close()
    with pytest.raises((ConnectionRefusedByHostError, ConnectionLostError)):
        await anext(pager)
    faulty.open()
    found += [run.run_id async for run in pager.all()]
    assert found == ALL_IDS


USERS: Sequence[tuple[User | None, type[TrackingError] | None]] = [
    (AuthServer.admin, None),
    (AuthServer.reader, None),
    (AuthServer.stranger, ForbiddenError),
    (User("ada", "wrong"), UnauthorizedError),
    (User("nobody", "wrong"), UnauthorizedError),
    (None, UnauthorizedError),
]


@pytest.mark.parametrize(("user", "error"), USERS)
@pytest.mark.parametrize("way", ["uri", "variables"])
async def test_who_asks_is_let_in_or_told_why_not(
    auth_server: AuthServer, user: User | None, error: type[TrackingError] | None, way: str
) -> None:
    uri, environ = auth_server.uri, {}
    if user and way == "uri":
        uri = auth_server.uri_of(user)
    elif user:
        environ = {"MLFLOW_TRACKING_USERNAME": user.name, "MLFLOW_TRACKING_PASSWORD": user.password}
    async with TrackingClient(uri, Access.from_environment(environ), timeouts=Timeouts(first_pause=0.01)) as client:
        if error is None:
            assert (await client.experiments.get("1")).name == "odd"
            return
        with pytest.raises(error) as caught:
            await client.experiments.get("1")
    assert user is None or user.password not in str(caught.value)


async def test_a_token_goes_along_as_one(faulty: FaultyProxy) -> None:
    access = Access.from_environment({"MY_TOKEN": "of.ada", "MLFLOW_TRACKING_TOKEN": "other"}, token_env="MY_TOKEN")  # noqa: S106
    async with TrackingClient(faulty.uri, access, timeouts=PATIENT) as client:
        assert await ids(client) == ALL_IDS
    assert {asked.headers["authorization"] for asked in faulty.asked} == {"Bearer of.ada"}


@pytest.mark.parametrize("client_required", [False, True])
async def test_a_private_authority_is_trusted_by_its_file(
    faulty: FaultyProxy, proxies: Callable[..., FaultyProxy], certificates: Certificates, client_required: bool
) -> None:
    proxy = proxies(faulty.uri, certificates.good(client_required=client_required))
    environ = {"MLFLOW_TRACKING_SERVER_CERT_PATH": str(certificates.ca_file)}
    if client_required:
        environ["MLFLOW_TRACKING_CLIENT_CERT_PATH"] = str(certificates.client())
    async with TrackingClient(proxy.uri, Access.from_environment(environ), timeouts=PATIENT) as client:
        assert await ids(client) == ALL_IDS


async def test_a_server_that_wants_a_clients_certificate_says_so(
    faulty: FaultyProxy, proxies: Callable[..., FaultyProxy], certificates: Certificates
) -> None:
    proxy = proxies(faulty.uri, certificates.good(client_required=True))
    async with TrackingClient(proxy.uri, Access(verify=str(certificates.ca_file)), timeouts=PATIENT) as client:
        with pytest.raises(TlsError, match="certificate required"):
            await ids(client)
    assert not proxy.asked


BAD_CERTIFICATES = [
    ("expired", "certificate has expired"),
    ("of_another_name", "not valid for '127.0.0.1'"),
    ("self_signed", "self-signed certificate"),
    ("of_an_unknown_authority", "unable to get local issuer certificate"),
]


@pytest.mark.parametrize(("kind", "words"), BAD_CERTIFICATES)
async def test_a_certificate_that_cannot_be_trusted_gets_no_question(
    faulty: FaultyProxy, proxies: Callable[..., FaultyProxy], certificates: Certificates, kind: str, words: str
) -> None:
    proxy = proxies(faulty.uri, getattr(certificates, kind)())
    access = Access(verify=str(certificates.ca_file))
    async with TrackingClient(as_ada(proxy.uri), access, timeouts=PATIENT) as client:
        with pytest.raises(TlsError) as caught:
            await ids(client)
    assert words in str(caught.value)
    assert caught.value.certificate
    assert not proxy.asked


async def test_a_certificate_is_not_looked_at_where_that_is_asked_for(
    faulty: FaultyProxy, proxies: Callable[..., FaultyProxy], certificates: Certificates
) -> None:
    proxy = proxies(faulty.uri, certificates.self_signed())
    access = Access.from_environment({"MLFLOW_TRACKING_INSECURE_TLS": "true"})
    async with TrackingClient(proxy.uri, access, timeouts=PATIENT) as client:
        assert await ids(client) == ALL_IDS


async def test_http_spoken_to_a_tls_port_and_the_other_way_round_are_told(
    faulty: FaultyProxy, proxies: Callable[..., FaultyProxy], certificates: Certificates
) -> None:
    proxy = proxies(faulty.uri, certificates.good())
    async with TrackingClient(proxy.uri.replace("https", "http"), timeouts=PATIENT) as client:
        with pytest.raises(ConnectionLostError):
            await ids(client)
    async with TrackingClient(faulty.uri.replace("http", "https"), timeouts=PATIENT) as client:
        with pytest.raises(TlsError):
            await ids(client)
