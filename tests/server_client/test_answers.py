"""Answers that are refusals, or not a tracking server's at all."""

import httpx
import pytest

from server_client import (
    BadRequestError,
    ConflictError,
    ForbiddenError,
    Hint,
    NotFoundError,
    RefusedError,
    Run,
    ServerError,
    ServerInfo,
    TooManyRequestsError,
    TrackingClient,
    TrackingError,
    UnauthorizedError,
    UnexpectedAnswerError,
    WorkspacesDisabledError,
)
from tests.server_client.loopback import QUICK


def client(answer: httpx.Response) -> TrackingClient:
    def again(_: httpx.Request) -> httpx.Response:
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)

    return TrackingClient("http://mlflow.example/prefix", timeouts=QUICK, transport=httpx.MockTransport(again))


async def failure(answer: httpx.Response) -> TrackingError:
    async with client(answer) as asked:
        with pytest.raises(TrackingError) as error:
            await asked.runs.get("r")
    return error.value


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, BadRequestError),
        (401, UnauthorizedError),
        (403, ForbiddenError),
        (404, NotFoundError),
        (409, ConflictError),
        (418, RefusedError),
        (429, TooManyRequestsError),
        (500, ServerError),
        (503, ServerError),
    ],
)
async def test_a_refusal_says_what_the_server_says(status: int, kind: type[RefusedError]) -> None:
    error = await failure(httpx.Response(status, json={"error_code": "SOME_CODE", "message": "No\x1b[31m\nway"}))
    assert type(error) is kind
    assert isinstance(error, RefusedError)
    assert (error.status, error.error_code, error.message) == (status, "SOME_CODE", "No [31m way")
    assert str(error) == f"GET /api/2.0/mlflow/runs/get: {status} SOME_CODE: No [31m way"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (httpx.Response(403, text="Invalid Host header - possible DNS rebinding attack detected"), "Invalid Host"),
        (httpx.Response(502, html="<html><head><title>502 Bad &amp; Gateway</title></head>…"), "502 Bad & Gateway"),
        (httpx.Response(502, html="<h1>Bad</h1><script>evil()</script><p>Gateway"), "Bad Gateway"),
        (httpx.Response(400, json={"detail": "Artifact path refers to a directory"}), "Artifact path"),
        (httpx.Response(404, json={"error": "404 Not Found"}), "404 Not Found"),
        (httpx.Response(400, json={"message": {"not": "text"}}), ""),
        (httpx.Response(400, json=["no object"]), ""),
        (httpx.Response(400, text="x" * 100_000), "x" * 499 + "…"),
    ],
)
async def test_a_refusal_that_is_not_mlflows_keeps_its_words(answer: httpx.Response, words: str) -> None:
    error = await failure(answer)
    assert isinstance(error, RefusedError)
    assert error.error_code is None
    assert error.message.startswith(words)
    assert len(error.message) <= 500
    assert "evil" not in error.message


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (httpx.Response(200, html="<!doctype html><title>Hello</title>"), Hint.HTML),
        (httpx.Response(200, content=b"\n<html><input type='password'>"), Hint.LOGIN),
        (httpx.Response(200, html="<html><title>Sign in to Example</title>"), Hint.LOGIN),
        (httpx.Response(200, text="hello"), Hint.NOT_JSON),
        (httpx.Response(200, content=b"\xff\xfe\x00"), Hint.NOT_JSON),
        (httpx.Response(200, content=b'{"run": {"info": {"run_id": "r'), Hint.TRUNCATED),
        (httpx.Response(200, content=b'{"run":' * 100_000), Hint.NOT_JSON),
        (httpx.Response(200, json=[]), Hint.MALFORMED),
        (httpx.Response(200, json="run"), Hint.MALFORMED),
        (httpx.Response(200, json={"runs": []}), Hint.MALFORMED),
        (httpx.Response(200, json={"run": {"info": 3}}), Hint.MALFORMED),
        (httpx.Response(304), Hint.MALFORMED),
    ],
)
async def test_an_answer_that_is_not_a_tracking_servers_says_what_it_is(answer: httpx.Response, hint: Hint) -> None:
    error = await failure(answer)
    assert isinstance(error, UnexpectedAnswerError)
    assert error.hint is hint
    assert "\n" not in str(error)


@pytest.mark.parametrize("content_type", ["text/html", "application/octet-stream", ""])
async def test_json_of_another_type_is_read(content_type: str) -> None:
    answer = httpx.Response(200, content=b'{"run": {"info": {"run_id": "r"}}}', headers={"Content-Type": content_type})
    async with client(answer) as asked:
        assert await asked.runs.get("r") == Run("r", "", "")


@pytest.mark.parametrize("body", [b"", b"{}", b"\n", b"200 OK"])
async def test_an_empty_answer_to_a_change_is_fine(body: bytes) -> None:
    async with client(httpx.Response(200, content=body)) as asked:
        await asked.runs.delete("r")


DISABLED = "Endpoint: /api/3.0/mlflow/workspaces disabled because the server is running without workspaces support."


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(503, text=DISABLED),
        httpx.Response(404, html="<title>404 Not Found</title>"),
        httpx.Response(
            500, json={"error_code": "FEATURE_DISABLED", "message": "Workspace APIs: workspaces are not enabled"}
        ),
    ],
)
async def test_a_server_without_workspaces_says_so_once(answer: httpx.Response) -> None:
    asked = 0

    def count(_: httpx.Request) -> httpx.Response:
        nonlocal asked
        asked += 1
        return answer

    async with TrackingClient("http://mlflow.example", transport=httpx.MockTransport(count)) as client:
        with pytest.raises(WorkspacesDisabledError):
            await client.workspaces.list()
    assert asked == 1


def server(answers: dict[str, httpx.Response]) -> tuple[TrackingClient, list[httpx.Request]]:
    heard = list[httpx.Request]()

    def answer(request: httpx.Request) -> httpx.Response:
        heard.append(request)
        return answers.get(request.url.path, httpx.Response(404, html="<title>404</title>"))

    return TrackingClient("http://h", workspace="w", timeouts=QUICK, transport=httpx.MockTransport(answer)), heard


INFO, VERSION, INTERVAL = (
    "/api/3.0/mlflow/server-info",
    "/version",
    "/ajax-api/2.0/mlflow/metrics/get-history-bulk-interval",
)


@pytest.mark.parametrize(
    ("answers", "info"),
    [
        ({}, ServerInfo()),
        (
            {
                INFO: httpx.Response(200, json={"store_type": "SqlStore", "workspaces_enabled": True}),
                VERSION: httpx.Response(200, html="3.17.2"),
                INTERVAL: httpx.Response(400, json={"error_code": "INVALID_PARAMETER_VALUE"}),
            },
            ServerInfo("3.17.2", "SqlStore", True, True),
        ),
        ({VERSION: httpx.Response(200, html="<html>hello"), INTERVAL: httpx.Response(405)}, ServerInfo()),
        ({INTERVAL: httpx.Response(403)}, ServerInfo(bulk_interval=True)),
    ],
)
async def test_what_a_server_can_do_is_asked_once(answers: dict[str, httpx.Response], info: ServerInfo) -> None:
    asked, heard = server(answers)
    async with asked:
        assert await asked.server.info() == info
        assert await asked.in_workspace("other").server.info() == info
    assert len(heard) == 3
    assert not any("X-MLFLOW-WORKSPACE" in request.headers for request in heard)


@pytest.mark.parametrize(("text", "well"), [("OK", True), ("<html>", False)])
async def test_health_is_mlflows_word(text: str, well: bool) -> None:
    asked, _ = server({"/health": httpx.Response(200, text=text)})
    async with asked:
        assert await asked.server.health() is well
