"""How a GitLab refuses, in all its ways, and that no secret is told with it."""

import asyncio
import json
import logging

import pytest

from server_client import (
    Access,
    BadRequestError,
    ForbiddenError,
    NotFoundError,
    RefusedError,
    RoleTooLowError,
    ScopeTooSmallError,
    TrackingError,
    UnauthorizedError,
)
from server_client.auth import TokenAuth
from server_client.gitlab.client import GitLabClient
from tests.gitlab.fixtures import StartGitLab
from tests.gitlab.profiles import Profile
from tests.gitlab.seeding import small_world
from tests.server_client.gitlab.asking import client_of, counted
from tests.server_client.loopback import QUICK, Heard, reply, serving
from tests.server_client.test_secrets import told

ROLE = b'{"message":"401 Unauthorized"}'
DESCRIBED = "The request requires higher privileges than provided by the access token."


@pytest.mark.parametrize(
    ("status", "body", "kind", "code", "message"),
    [
        (401, {"message": "401 Unauthorized"}, UnauthorizedError, None, "401 Unauthorized"),
        (401, {"error": "invalid_token", "error_description": "Gone."}, UnauthorizedError, "invalid_token", "Gone."),
        (
            403,
            {"error": "insufficient_scope", "error_description": DESCRIBED, "scope": "api"},
            ScopeTooSmallError,
            "insufficient_scope",
            DESCRIBED,
        ),
        (
            403,
            {"error": "insufficient_granular_scope", "error_description": "Needs x."},
            ScopeTooSmallError,
            "insufficient_granular_scope",
            "Needs x.",
        ),
        (403, {"message": "403 Forbidden"}, ForbiddenError, None, "403 Forbidden"),
        (404, {"message": "404 Project Not Found"}, NotFoundError, None, "404 Project Not Found"),
        (404, {"error": "404 Not Found"}, NotFoundError, None, "404 Not Found"),
        (404, {"error_code": "RESOURCE_DOES_NOT_EXIST"}, NotFoundError, "RESOURCE_DOES_NOT_EXIST", ""),
        (
            400,
            {"error_code": "INVALID_PARAMETER_VALUE", "message": None},
            BadRequestError,
            "INVALID_PARAMETER_VALUE",
            "",
        ),
        (
            400,
            {"error_code": "INVALID_PARAMETER_VALUE", "message": ["Version is bad", 3, "Semver is bad"]},
            BadRequestError,
            "INVALID_PARAMETER_VALUE",
            "Version is bad; Semver is bad",
        ),
        (400, {"error": "run_id is missing"}, BadRequestError, None, "run_id is missing"),
        (401, {"errors": [{"message": "Invalid token"}]}, UnauthorizedError, None, "Invalid token"),
        (405, {"error": "Keyset pagination is not"}, RefusedError, None, "Keyset pagination is not"),
        (400, ["what"], BadRequestError, None, ""),
        (400, {"error": {"message": 3}, "errors": ["x", None]}, BadRequestError, None, "x"),
    ],
)
async def test_every_way_to_refuse_is_understood(
    status: int, body: object, kind: type[RefusedError], code: str | None, message: str
) -> None:
    async def answer(_: Heard, writer: asyncio.StreamWriter) -> None:
        reply(writer, body, f"{status} No")

    async with serving(answer) as server, GitLabClient(server.uri, timeouts=QUICK) as client:
        with pytest.raises(RefusedError) as error:
            await client.projects.get("a/b")
    refusal = error.value
    assert type(refusal) is kind
    assert (refusal.status, refusal.error_code, refusal.message) == (status, code, message)
    if isinstance(refusal, ScopeTooSmallError):
        assert refusal.scope == ("api" if code == "insufficient_scope" else "")


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ({"errors": [{"message": "Field 'x' doesn't exist"}, {"message": "y"}]}, "Field 'x' doesn't exist"),
        ({"data": {"project": None}, "errors": [{"message": "Timeout"}]}, "Timeout"),
        ({"data": None, "errors": [{"message": ""}]}, ""),
    ],
)
async def test_graphql_refuses_with_a_status_of_200(answer: object, message: str) -> None:
    async def reply_with(_: Heard, writer: asyncio.StreamWriter) -> None:
        reply(writer, answer)

    async with serving(reply_with) as server, GitLabClient(server.uri, timeouts=QUICK) as client:
        with pytest.raises(RefusedError) as error:
            await client.projects.counts("a/b")
    assert (error.value.status, error.value.message) == (200, message)
    assert str(error.value).startswith("POST /api/graphql: 200")
    body = server.heard[0].json
    assert isinstance(body, dict)
    assert body["variables"] == {"path": "a/b"}


async def test_graphql_that_tells_a_part_tells_it() -> None:
    part = {
        "data": {"project": {"mlExperiments": {"count": 3}, "mlModels": None}},
        "errors": [{"message": "no models"}],
    }

    async def answer(_: Heard, writer: asyncio.StreamWriter) -> None:
        reply(writer, part)

    async with serving(answer) as server, GitLabClient(server.uri, timeouts=QUICK) as client:
        assert await client.projects.counts("a/b") == (3, None)


async def test_who_asks_too_much_waits_as_long_as_gitlab_says(gitlab: StartGitLab) -> None:
    stub = gitlab(Profile.NEW, small_world())
    refusals = iter([(429, {"Retry-After": "0"}, b"Retry later\n")] * 2)
    stub.refuse = lambda asked: next(refusals, None) if asked.operation else None
    async with client_of(stub, "gus") as client:
        with counted(stub) as asked:
            assert (await client.projects.counts("group/vision")).models == 2
        assert asked == ["GraphQL project"] * 3


@pytest.mark.parametrize("profile", Profile)
async def test_a_guest_who_writes_has_too_low_a_role_and_a_bad_token_is_no_role(
    gitlab: StartGitLab, profile: Profile
) -> None:
    stub = gitlab(profile, small_world(profile))
    async with client_of(stub, "gus") as client:
        experiments = client.in_project("group/vision").experiments
        with counted(stub) as asked, pytest.raises(RoleTooLowError, match="the role Developer") as error:
            await experiments.create("x")
        assert asked == ["POST experiments/create", "GET /user"]
        assert (error.value.status, error.value.method) == (401, "POST")
        for token in stub.world.tokens.values():
            token.revoked = True
        with counted(stub) as asked, pytest.raises(UnauthorizedError, match="revoked"):
            await experiments.create("x")
        assert asked == ["POST experiments/create"]  # GitLab says itself that it is the token
        stub.world.tokens.clear()
        with counted(stub) as asked, pytest.raises(UnauthorizedError):
            await client.in_project("group/vision").runs.search(["1"]).__anext__()
        assert asked == ["POST runs/search", "GET /user"]


async def test_a_token_that_may_not_ask_who_it_is_can_be_good(gitlab: StartGitLab) -> None:
    stub = gitlab(Profile.NEW, small_world())
    scope = json.dumps({"error": "insufficient_granular_scope", "error_description": "Needs User: Read"}).encode()
    stub.refuse = lambda asked: (403, {}, scope) if asked.path.endswith("/user") else None
    async with client_of(stub, "gus") as client:
        with pytest.raises(RoleTooLowError):
            await client.in_project("group/vision").experiments.create("x")


async def role(heard: Heard, writer: asyncio.StreamWriter) -> None:
    reply(writer, {"id": 1, "username": "u"} if heard.target.endswith("/user") else ROLE, _status(heard))


def _status(heard: Heard) -> str:
    return "200 OK" if heard.target.endswith("/user") else "401 Unauthorized"


async def scope(_: Heard, writer: asyncio.StreamWriter) -> None:
    reply(writer, {"error": "insufficient_scope", "error_description": DESCRIBED, "scope": "api"}, "403 Forbidden")


async def graphql(heard: Heard, writer: asyncio.StreamWriter) -> None:
    refused = "200 OK" if heard.target == "/api/graphql" else "403 Forbidden"
    reply(writer, {"errors": [{"message": "No"}]}, refused)


async def away(_: Heard, writer: asyncio.StreamWriter) -> None:
    reply(writer, b"", "302 Found", location="http://nowhere.invalid/?next=1")


@pytest.mark.parametrize("answer", [role, scope, graphql, away])
async def test_no_secret_is_shown_when_a_gitlab_refuses(answer: object, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    assert callable(answer)
    shown: list[str] = []
    async with serving(answer) as server:
        access = Access(auth=TokenAuth.known("glpat-s3cret", called="it"))
        async with GitLabClient(server.uri, access, timeouts=QUICK) as client:
            project = client.in_project("a/b")
            for question in (
                project.experiments.create("x"),
                project.runs.search(["1"]).__anext__(),
                client.projects.counts("a/b"),
                project.artifacts.list("r"),
            ):
                with pytest.raises(TrackingError) as error:
                    await question
                shown += [told(error.value), repr(client), repr(project), project.uri]
        assert {heard.headers.get("authorization") for heard in server.heard} == {"Bearer glpat-s3cret"}
    assert not [text for text in [*shown, caplog.text] if "s3cret" in text]


async def test_a_password_in_the_address_is_in_no_uri_of_ours() -> None:
    client = GitLabClient("https://ada:hunter2@h/root/")
    project = client.in_project("a/b")
    assert client.uri == "https://h/root"
    assert project.uri == "https://h/root/api/v4/projects/a%2Fb/ml/mlflow"
    assert "hunter2" not in repr(client) + repr(project) + repr(vars(client)) + repr(vars(project))
