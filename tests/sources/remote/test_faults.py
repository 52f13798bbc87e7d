"""A server as a source over a network that fails: every candidate once, a sentence to act on, and nothing to others."""

import time
import traceback
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest

from mltrack_tui.config.source import SourceSetting
from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.domain.query import Lifecycle, Query
from mltrack_tui.search.order_by import parse_order_by
from mltrack_tui.sources.base import NotFoundError, RefusedError, Source, SourceBusy, SourceError, UnreachableError
from mltrack_tui.sources.pages import final
from mltrack_tui.sources.remote import RemoteSource, open_server
from mltrack_tui.sources.remote.kinds import server_of
from server_client import Access, Timeouts, TrackingClient
from tests.servers import faults
from tests.servers.certificates import Certificates
from tests.servers.fixtures import AuthServer, User
from tests.servers.process import MlflowServer
from tests.servers.proxy import Fault, FaultyProxy
from tests.sources.facts import STORES, read_facts

FACTS = read_facts(STORES / "mlflow-3.17.2.json")
LONG = next(member for member in FACTS.candidates if len(member.history.get("loss", ())) == 60)
EVERYTHING = Query("default", FACTS.ids, lifecycle=Lifecycle.ALL)
ALL_IDS = [member.candidate_id for member in FACTS.members(*FACTS.ids)]
SORTED = replace(EVERYTHING, order=parse_order_by(["metrics.loss DESC"]))
PATIENT = Timeouts(connect=10, read=10, first_pause=0.01)
IMPATIENT = Timeouts(connect=0.3, read=0.3, first_pause=0.01)
Open = Callable[..., RemoteSource]


@pytest.fixture
async def sources() -> AsyncIterator[Open]:
    """Opens sources that page by three, with credentials that nobody else should get; closes them after the test."""
    opened: list[RemoteSource] = []

    def open_one(uri: str, timeouts: Timeouts = PATIENT, access: Access | None = None) -> RemoteSource:
        client = TrackingClient(uri.replace("//", "//ada:hunter2@"), access, timeouts=timeouts)
        opened.append(RemoteSource(server_of(client, "server", 3), "server"))
        return opened[-1]

    yield open_one
    for source in opened:
        await source.aclose()


@pytest.fixture
def source(faulty: FaultyProxy, sources: Open) -> RemoteSource:
    return sources(faulty.uri)


async def ids(source: Source, query: Query = EVERYTHING, begun: Callable[[], object] = bool) -> list[str]:
    """The candidates' ids; ``begun`` is called once some of them are there."""
    found: list[str] = []
    async for page in source.candidates(query):
        if not found and page.items:
            begun()
        found = [one.candidate_id for one in page.items]
    return found


PASSING = [
    (faults.reset, 3),
    (faults.reset_in_the_body, 1),
    (faults.cut_in_the_body, 3),
    (faults.truncated_json, 3),
    (faults.bad_gateway, 3),
    (faults.too_many("0"), 3),
    (faults.huge_field(10_000_000), 1),
]


@pytest.mark.parametrize(("fault", "times"), PASSING)
async def test_what_passes_costs_no_candidate_and_doubles_none(
    faulty: FaultyProxy, source: RemoteSource, fault: Fault, times: int
) -> None:
    assert await ids(source, begun=lambda: faulty.plan(fault, path="runs/search", times=times)) == ALL_IDS


async def test_an_order_of_the_servers_survives_too(faulty: FaultyProxy, sources: Open) -> None:
    expected = await ids(sources(faulty.upstream), SORTED)
    assert sorted(expected) == sorted(ALL_IDS) != expected
    faulty.plan(faults.reset_in_the_body, path="runs/search", times=2)
    assert await ids(sources(faulty.uri), SORTED) == expected


class Lasting(NamedTuple):
    fault: Fault
    kind: type[SourceError]
    says: str
    advises: str


LASTING = [
    Lasting(faults.reset, UnreachableError, "broke off its answer", "try again"),
    Lasting(faults.dropped, UnreachableError, "broke off its answer", "try again"),
    Lasting(faults.cut_in_the_body, UnreachableError, "broke off its answer", "try again"),
    Lasting(faults.no_http, UnreachableError, "broke off its answer", "try again"),
    Lasting(faults.silent, UnreachableError, "did not answer in time", "try again"),
    Lasting(faults.silent_in_the_body, UnreachableError, "did not answer in time", "try again"),
    Lasting(faults.truncated_json, UnreachableError, "was cut off", "look at the proxy"),
    Lasting(faults.bad_gateway, UnreachableError, "does not answer (502)", "starting, asleep or down"),
    Lasting(faults.too_many("300"), SourceBusy, "has been asked too much", "wait a little"),
    Lasting(faults.strange_host, RefusedError, "does not answer to that name", "--allowed-hosts"),
    Lasting(faults.login_page, RefusedError, "login page", "give a token"),
    Lasting(faults.page(200, "<h1>It works!</h1>"), SourceError, "no MLflow server", "Check the address"),
    Lasting(faults.page(404, "nothing here"), NotFoundError, "has no ", "check the address"),
    Lasting(faults.page(401, "who are you"), RefusedError, "does not know us", "MLFLOW_TRACKING_TOKEN"),
    Lasting(faults.page(403, "go away"), RefusedError, "does not let us", "ask for the permission"),
    Lasting(faults.page(500, "\x1b[2Joops\r\n[bold]"), SourceError, "failed (500)", "its log tells more"),
    Lasting(faults.refused(500, "INTERNAL_ERROR", "disk\nfull"), SourceError, "(disk full)", "its log tells more"),
    Lasting(
        faults.redirected("https://login.example/x"), RefusedError, "sends us on to https://login.example", "name it"
    ),
]


@pytest.mark.parametrize("lasting", LASTING)
async def test_what_lasts_is_a_sentence_that_says_what_to_do(
    faulty: FaultyProxy, sources: Open, lasting: Lasting
) -> None:
    faulty.plan(lasting.fault, path="/search")
    never_answers = lasting.says == "did not answer in time"
    source = sources(faulty.uri, IMPATIENT if never_answers else PATIENT)
    begin = time.monotonic()
    for question in (source.candidates(EVERYTHING), source.experiments("default")):
        with pytest.raises(lasting.kind) as caught:
            await final(question)
        said = str(caught.value)
        assert said.isprintable()
        assert urlsplit(faulty.uri).netloc in said
        assert lasting.says in said
        assert lasting.advises in said
        assert "hunter2" not in "".join(traceback.format_exception(caught.value))
    assert not never_answers or time.monotonic() - begin < 10
    faulty.behave()
    assert never_answers or await ids(source) == ALL_IDS  # what was wrong is over when it is over


async def test_a_list_that_does_not_go_on_ends(faulty: FaultyProxy, source: RemoteSource) -> None:
    faulty.plan(faults.stuck_token, path="/search")
    with pytest.raises(SourceError, match="a list that does not go on"):
        await ids(source)
    assert len(faulty.paths("runs/search")) < 8


@pytest.mark.parametrize(
    ("fault", "words"),
    [(faults.reset_in_the_body, "broke off"), (faults.silent_in_the_body, "in time"), (faults.bad_gateway, "502")],
)
async def test_a_history_fails_in_a_sentence_and_then_comes(
    faulty: FaultyProxy, sources: Open, fault: Fault, words: str
) -> None:
    source = sources(faulty.uri)
    candidate = await source.locate(LONG.candidate_id)
    failing = sources(faulty.uri, IMPATIENT) if words == "in time" else source
    faulty.plan(fault, path="metrics/")
    with pytest.raises(UnreachableError, match=words):
        await final(failing.history(candidate, "loss"))
    faulty.behave()
    assert len(await final(source.history(candidate, "loss"))) == 60


async def test_a_history_whose_token_does_not_advance_ends(faulty: FaultyProxy, source: RemoteSource) -> None:
    faulty.plan(faults.page(404, ""), path="bulk-interval")  # as of a server that is too old for it
    faulty.plan(faults.stuck_token, path="metrics/get-history")
    candidate = await source.locate(LONG.candidate_id)
    with pytest.raises(SourceError, match="a list that does not go on"):
        await final(source.history(candidate, "loss"))
    assert len(faulty.paths("metrics/get-history")) < 6


async def test_a_server_that_died_and_came_back_is_asked_as_before(faulty: FaultyProxy, source: RemoteSource) -> None:
    assert await ids(source) == ALL_IDS
    faulty.close()
    source.forget()
    with pytest.raises(UnreachableError, match=r"Nothing answers at 127\.0\.0\.1:\d+ \(Connection refused\)|broke off"):
        await ids(source)
    assert [one.id.candidate_id for one in await source.read([CandidateId("", "default", "1", ALL_IDS[0])])] == ALL_IDS[
        :1
    ]
    faulty.open()
    assert await ids(source) == ALL_IDS


async def test_a_server_that_dies_in_the_middle_of_a_list_goes_on_where_it_was(
    faulty: FaultyProxy, source: RemoteSource
) -> None:
    with pytest.raises(UnreachableError):
        await ids(source, begun=faulty.close)
    faulty.open()
    assert await ids(source) == ALL_IDS


async def test_nothing_of_ours_goes_where_a_redirect_leads(
    faulty: FaultyProxy, source: RemoteSource, proxies: Callable[..., FaultyProxy]
) -> None:
    elsewhere = proxies(faulty.upstream, host="localhost")
    faulty.plan(faults.redirected(elsewhere.uri, 307))
    for question in (source.projects(), source.experiments("default"), source.candidates(EVERYTHING)):
        try:
            await final(question)
        except SourceError as error:
            assert elsewhere.uri in str(error)  # noqa: PT017 - some are followed, and some are not
    with pytest.raises(SourceError):
        await source.locate("nobody")
    assert "authorization" in faulty.asked[0].headers
    for asked in elsewhere.asked:
        assert not {"authorization", "cookie", "x-mlflow-workspace"} & asked.headers.keys()
        assert "hunter2" not in repr(asked)


@pytest.mark.parametrize(
    ("user", "says"),
    [
        (AuthServer.admin, None),
        (AuthServer.reader, None),
        (AuthServer.stranger, "does not let us see this"),
        (User("ada", "wrong horse"), "does not know us"),
        (None, "does not know us"),
    ],
)
async def test_who_asks_is_let_in_or_told_what_is_missing(
    auth_server: AuthServer, user: User | None, says: str | None
) -> None:
    source = open_server(auth_server.uri_of(user) if user else auth_server.uri)
    query = Query("default", ("1",))
    if says is None:
        assert len(await ids(source, query)) == 18
    else:
        with pytest.raises(RefusedError, match=says) as caught:
            await ids(source, query)
        assert str(caught.value).isprintable()
        assert user is None or user.password not in str(caught.value)
    assert source.location == auth_server.uri
    await source.aclose()


async def test_a_named_sources_token_comes_from_its_variable(
    faulty: FaultyProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEAM_TOKEN", "of.the.team")
    source = open_server(faulty.uri, SourceSetting(faulty.uri, token_env="TEAM_TOKEN"), called="team")  # noqa: S106
    assert await ids(source) == ALL_IDS
    assert {asked.headers["authorization"] for asked in faulty.asked} == {"Bearer of.the.team"}
    await source.aclose()


@pytest.mark.parametrize(
    "bad",
    [
        ("good", None),
        ("expired", "has expired: its administrator must renew it"),
        ("of_another_name", "is for another name: use the name that it was issued for"),
        ("self_signed", "not known here: name its file in MLFLOW_TRACKING_SERVER_CERT_PATH"),
        ("of_an_unknown_authority", "not known here: name its file in MLFLOW_TRACKING_SERVER_CERT_PATH"),
    ],
)
async def test_each_bad_certificate_has_its_sentence(
    mlflow_server: MlflowServer,
    proxies: Callable[..., FaultyProxy],
    certificates: Certificates,
    sources: Open,
    bad: tuple[str, str | None],
) -> None:
    kind, says = bad
    proxy = proxies(mlflow_server.uri, getattr(certificates, kind)())
    source = sources(proxy.uri, access=Access(verify=str(certificates.ca_file)))
    if says is None:
        assert await ids(source) == ALL_IDS
    else:
        with pytest.raises(UnreachableError, match=says):
            await ids(source)
        assert not proxy.asked


@pytest.mark.parametrize("shown", [True, False])
async def test_a_clients_certificate_is_shown_or_asked_for(
    mlflow_server: MlflowServer,
    proxies: Callable[..., FaultyProxy],
    certificates: Certificates,
    monkeypatch: pytest.MonkeyPatch,
    shown: bool,
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_SERVER_CERT_PATH", str(certificates.ca_file))
    if shown:
        monkeypatch.setenv("MLFLOW_TRACKING_CLIENT_CERT_PATH", str(certificates.client()))
    source = open_server(proxies(mlflow_server.uri, certificates.good(client_required=True)).uri)
    if shown:
        assert await ids(source) == ALL_IDS
    else:
        with pytest.raises(UnreachableError, match=r"wants a certificate from us: .*MLFLOW_TRACKING_CLIENT_CERT_PATH"):
            await ids(source)
    await source.aclose()
