"""Where redirects lead, and what goes along."""

import asyncio

import pytest

from server_client import Access, Hint, TrackingClient, UnexpectedAnswerError
from server_client.auth import BasicAuth
from tests.server_client.loopback import QUICK, Heard, Loopback, reply, serving

ACCESS = Access(BasicAuth("ada", "secret"))
EXPERIMENT = {"experiment": {"experiment_id": "1", "name": "one"}}


def client(server: Loopback) -> TrackingClient:
    return TrackingClient(server.uri, ACCESS, workspace="team", timeouts=QUICK)


async def found(heard: Heard, writer: asyncio.StreamWriter) -> None:
    reply(writer, EXPERIMENT)


async def test_on_the_same_host_everything_goes_along() -> None:
    async def answer(heard: Heard, writer: asyncio.StreamWriter) -> None:
        if heard.target.startswith("/api"):
            reply(writer, b"", "302 Found", location="/moved")
        else:
            reply(writer, EXPERIMENT)

    async with serving(answer) as server, client(server) as asked:
        assert (await asked.experiments.get("1")).name == "one"
        assert server.heard[1].headers["authorization"] == server.heard[0].headers["authorization"]
        assert server.heard[1].headers["x-mlflow-workspace"] == "team"


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
async def test_to_another_host_no_credential_goes_along(status: str) -> None:
    async with serving(found) as other:

        async def answer(_: Heard, writer: asyncio.StreamWriter) -> None:
            location = other.uri.replace("http://", "http://eve:pass@") + "/there"
            reply(writer, b"", status, location=location, set_cookie="session=1")

        async with serving(answer) as server, client(server) as asked:
            await asked.experiments.get("1")
        headers = other.heard[0].headers
        assert "authorization" in server.heard[0].headers
        assert not {"authorization", "cookie", "x-mlflow-workspace"} & set(headers)
        assert headers["host"] == f"127.0.0.1:{other.port}"


async def test_a_host_that_a_redirect_leads_to_and_is_not_there_is_the_one_that_is_named() -> None:
    async def answer(_: Heard, writer: asyncio.StreamWriter) -> None:
        reply(writer, b"", "302 Found", location="http://nowhere.invalid/login")

    async with serving(answer) as server, client(server) as asked:
        with pytest.raises(UnexpectedAnswerError) as error:
            await asked.experiments.get("1")
    assert (error.value.hint, error.value.location) == (Hint.REDIRECT, "http://nowhere.invalid")


async def test_a_refusal_after_credentials_were_dropped_says_where_the_server_points() -> None:
    async def closed(_: Heard, writer: asyncio.StreamWriter) -> None:
        reply(writer, b"", "401 Unauthorized")

    async with serving(closed) as other:

        async def answer(_: Heard, writer: asyncio.StreamWriter) -> None:
            reply(writer, b"", "302 Found", location=f"{other.uri}/login?next=1")

        async with serving(answer) as server, client(server) as asked:
            with pytest.raises(UnexpectedAnswerError) as error:
                await asked.experiments.get("1")
    assert (error.value.hint, error.value.location) == (Hint.REDIRECT, other.uri)


async def test_a_page_on_another_host_is_a_login_page() -> None:
    async def page(_: Heard, writer: asyncio.StreamWriter) -> None:
        reply(writer, b"<html><title>Example Company</title>")

    async with serving(page) as other:

        async def answer(_: Heard, writer: asyncio.StreamWriter) -> None:
            reply(writer, b"", "302 Found", location=other.uri)

        async with serving(answer) as server, client(server) as asked:
            with pytest.raises(UnexpectedAnswerError) as error:
                await asked.experiments.get("1")
    assert (error.value.hint, error.value.location) == (Hint.LOGIN, other.uri)


@pytest.mark.parametrize("status", ["307 Temporary", "308 Permanent"])
async def test_a_search_follows_on_the_same_host(status: str) -> None:
    async def answer(heard: Heard, writer: asyncio.StreamWriter) -> None:
        if heard.target.startswith("/api"):
            reply(writer, b"", status, location="/moved")
        else:
            reply(writer, {"runs": [{"info": {"run_id": "r"}}]})

    async with serving(answer) as server, client(server) as asked:
        assert [run.run_id async for run in asked.runs.search(["1"], "metrics.a > 1").all()] == ["r"]
        assert [heard.method for heard in server.heard] == ["POST", "POST"]
        assert server.heard[1].json == server.heard[0].json


@pytest.mark.parametrize("location", ["/moved", "https://mlflow.example/new/place?token=1"])
async def test_a_search_that_would_lose_its_question_is_not_followed(location: str) -> None:
    async def answer(_: Heard, writer: asyncio.StreamWriter) -> None:
        reply(writer, b"", "302 Found", location=location)

    async with serving(answer) as server, client(server) as asked:
        with pytest.raises(UnexpectedAnswerError) as error:
            await anext(asked.runs.search(["1"]))
        assert error.value.hint is Hint.REDIRECT
        assert error.value.location == (server.uri if location == "/moved" else "https://mlflow.example")
        assert len(server.heard) == 1


async def test_what_writes_is_sent_nowhere_else() -> None:
    async def answer(_: Heard, writer: asyncio.StreamWriter) -> None:
        reply(writer, b"", "307 Temporary", location="/moved")

    async with serving(answer) as server, client(server) as asked:
        with pytest.raises(UnexpectedAnswerError):
            await asked.runs.delete("r")
        assert len(server.heard) == 1


@pytest.mark.parametrize("location", ["/again", "file:///etc/passwd"])
async def test_a_redirect_that_leads_nowhere_ends(location: str) -> None:
    async def answer(_: Heard, writer: asyncio.StreamWriter) -> None:
        reply(writer, b"", "302 Found", location=location)

    async with serving(answer) as server, client(server) as asked:
        with pytest.raises(UnexpectedAnswerError) as error:
            await asked.experiments.get("1")
        assert error.value.hint is Hint.REDIRECT
        assert len(server.heard) == (6 if location == "/again" else 1)
