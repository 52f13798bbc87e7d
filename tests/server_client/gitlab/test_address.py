"""Where a GitLab's projects are, and whether there is a GitLab at all."""

import asyncio
import subprocess
import sys

import pytest

from server_client import Access, TrackingClient, UnreachableError
from server_client.auth import TokenAuth
from server_client.dialect import Dialect, Tracker
from server_client.gitlab.address import split
from server_client.gitlab.runs import metric_order
from tests.gitlab.fixtures import StartGitLab
from tests.gitlab.profiles import Profile
from tests.gitlab.seeding import small_world
from tests.server_client.gitlab.asking import client_of, counted
from tests.server_client.loopback import QUICK, Heard, reply, serving


@pytest.mark.parametrize(
    ("uri", "found"),
    [
        ("https://h/api/v4/projects/42/ml/mlflow", ("https://h", "42")),
        ("https://h/api/v4/projects/a%2Fb%2Fc/ml/mlflow/", ("https://h", "a/b/c")),
        ("http://h:81/gitlab/root/api/v4/projects/a%2fb/ml/mlflow", ("http://h:81/gitlab/root", "a/b")),
        ("https://ada:pw@h/api/v4/projects/1/ml/mlflow", ("https://ada:pw@h", "1")),
        (" https://h/api/v4/projects/a%2Fb.c-d/ml/mlflow\n", ("https://h", "a/b.c-d")),
        ("https://h/api/v4/projects/a/b/ml/mlflow", None),
        ("https://h/api/v4/projects/42/ml/mlflow/api/2.0", None),
        ("https://h/mlflow", None),
        ("file:///api/v4/projects/42/ml/mlflow", None),
        ("/api/v4/projects/42/ml/mlflow", None),
    ],
)
def test_a_tracking_uri_of_a_gitlab_tells_the_gitlab_and_the_project(uri: str, found: tuple[str, str] | None) -> None:
    assert split(uri) == found


@pytest.mark.parametrize("root", ["", "/gitlab/root"])
@pytest.mark.parametrize("project", ["group/vision", "number"])
async def test_a_project_is_asked_by_path_or_number_also_below_a_relative_root(
    gitlab: StartGitLab, root: str, project: str
) -> None:
    stub = gitlab(Profile.NEW, small_world(), root=root)
    vision = stub.world.find_project("group/vision")
    project = str(vision.id) if project == "number" else project
    async with client_of(stub, "dan") as client:
        tracker = client.in_project(project)
        assert tracker.uri == stub.tracking_uri(project)
        assert split(tracker.uri) == (client.uri, project) == (stub.uri, project)
        assert {each.name async for each in tracker.experiments.search().all()} >= {"segmentation", "empty"}
        nodes = {each.name: each async for each in tracker.experiments.nodes().all()}
        assert nodes["segmentation"].candidates == 5
        node = await tracker.runs.node(nodes["segmentation"].experiment_id, next(iter(vision.candidates)))
        assert node is not None
        assert node.page == f"{stub.uri}/group/vision/-/ml/candidates/{node.iid}"


@pytest.mark.parametrize("kind", ["good", "read_user", "too small", "unknown", "revoked", "none"])
async def test_a_gitlab_is_known_by_its_version_or_by_how_it_refuses(gitlab: StartGitLab, kind: str) -> None:
    stub = gitlab(Profile.OLD, small_world())
    scopes = {"read_user": "read_user", "too small": "write_repository"}.get(kind, "api")
    value = stub.world.token(stub.world.user_named("gus"), scopes)
    stub.world.tokens[value].revoked = kind == "revoked"
    auth = TokenAuth.known("glpat-of-elsewhere" if kind == "unknown" else value, called="it")
    async with TrackingClient(stub.uri, Access(auth=None if kind == "none" else auth), timeouts=QUICK) as client:
        with counted(stub) as asked:
            assert await client.is_gitlab()
        assert asked == ["GET /version"]


@pytest.mark.parametrize(
    ("status", "body"),
    [
        ("404 Not Found", b"<!doctype html><title>404 Not Found</title>"),
        ("401 Unauthorized", b"You are not authenticated. Please see https://www.mlflow.org/docs/latest/auth"),
        ("200 OK", b"<!doctype html><title>MLflow</title>"),
        ("200 OK", b'{"version": "1.2"}'),
        ("200 OK", b"3.1.0"),
        ("404 Not Found", b'{"detail": "Not Found"}'),
        ("302 Found", b""),
    ],
)
async def test_whatever_else_answers_is_no_gitlab(status: str, body: bytes) -> None:
    async def answer(_: Heard, writer: asyncio.StreamWriter) -> None:
        reply(writer, body, status, location="http://nowhere.invalid/" if status.startswith("302") else None)

    async with serving(answer) as server, TrackingClient(server.uri, timeouts=QUICK) as client:
        assert not await client.is_gitlab()
        assert [heard.target for heard in server.heard] == ["/api/v4/version"]


async def test_where_nothing_answers_nobody_knows() -> None:
    async def answer(_: Heard, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    async with serving(answer) as server, TrackingClient(server.uri, timeouts=QUICK) as client:
        with pytest.raises(UnreachableError):
            await client.is_gitlab()


async def test_a_tracking_client_becomes_one_of_gitlab_over_its_connections(gitlab: StartGitLab) -> None:
    stub = gitlab(Profile.MID, small_world())
    token = stub.world.token(stub.world.user_named("gus"))
    access = Access(auth=TokenAuth.known(token, called="it"))
    async with TrackingClient(stub.uri + "/", access, timeouts=QUICK) as client:
        assert await client.is_gitlab()
        other = client.as_gitlab()
        assert other.uri == stub.uri
        assert (await other.token.user()).username == "gus"
        ports = {asked.headers["host"] for asked in stub.asked}
        assert len(ports) == 1
    with pytest.raises(UnreachableError, match="closed"):
        await other.token.user()


@pytest.mark.parametrize("profile", Profile)
async def test_the_version_is_asked_for_once(gitlab: StartGitLab, profile: Profile) -> None:
    stub = gitlab(profile, small_world())
    async with client_of(stub, "gus", "read_api") as client:
        with counted(stub) as asked:
            assert await client.version() == profile.version
            info = await client.in_project("group/vision").server.info()
            assert (info.version, info.bulk_interval, info.workspaces) == (profile.version, False, False)
        assert asked == ["GET /version"]
        assert await client.in_project("group/vision").server.user() == "gus"


def test_both_kinds_of_client_are_trackers_with_a_dialect() -> None:
    from server_client.gitlab.client import GitLabClient

    trackers: list[Tracker] = [TrackingClient("http://h"), GitLabClient("http://h/r/").in_project("a/b")]
    assert trackers[0].dialect == Dialect()
    assert not trackers[1].dialect.filters
    assert trackers[1].uri == "http://h/r/api/v4/projects/a%2Fb/ml/mlflow"
    assert repr(trackers[1]) == f"ProjectClient('{trackers[1].uri}')"


@pytest.mark.parametrize(
    ("metric", "order"),
    [("loss", "metrics.loss DESC"), ("val/accuracy", "metrics.val/accuracy DESC"), ("日本", "metrics.日本 DESC")]
    + [(name, None) for name in ("val.loss", "top 5", "a\tb", "", "`x`", '"x"')],
)
def test_an_order_by_a_metric_is_said_only_where_its_name_can_be(metric: str, order: str | None) -> None:
    assert metric_order(metric, True) == order
    assert metric_order(metric, False) == (order and order.replace("DESC", "ASC"))


def test_who_asks_no_gitlab_does_not_import_it() -> None:
    code = "import sys, server_client; print([name for name in sys.modules if 'gitlab' in name])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
