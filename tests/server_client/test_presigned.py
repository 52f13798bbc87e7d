"""Files that lie in a cloud come from there, by addresses that the server signs; what is ours stays with the server."""

import asyncio
from collections.abc import Callable

import pytest

from server_client import Access, ChangedError, NotFoundError, Span, TrackingClient
from server_client.auth import TokenAuth
from server_client.files import WHOLE
from tests.server_client.loopback import QUICK, Answer, Heard, Loopback, reply, serving

ROOT = "s3://bucket/1/r/artifacts"
SIGN = "/api/2.0/mlflow/artifacts/presigned-download-url"
TOKEN = "very-s3cret"  # noqa: S105 - a token of this test
ACCESS = Access(auth=TokenAuth.known(TOKEN, called="it"))
HEADERS = {"X-Key": "for the gate", "Host": "metadata.internal", "Content-Length": "7", "Connection": "x-key"}
OURS = {"authorization", "cookie", "x-mlflow-workspace"}

Sign = Callable[[asyncio.StreamWriter], None]


def client_of(server: Loopback) -> TrackingClient:
    return TrackingClient(server.uri, ACCESS, workspace="mine", timeouts=QUICK)


async def read(client: TrackingClient, span: Span = WHOLE) -> bytes:
    async with client.artifacts.open("r", "a.bin", span, root_uri=ROOT) as file:
        return b"".join([chunk async for chunk in file.chunks])


def signing(sign: Sign) -> Answer:
    async def answer(heard: Heard, writer: asyncio.StreamWriter) -> None:
        if heard.target == SIGN:
            sign(writer)
        else:
            reply(writer, b"from the server")

    return answer


async def storing(heard: Heard, writer: asyncio.StreamWriter) -> None:
    if "range" in heard.headers:
        reply(writer, b"cloud", "206 Partial Content", content_range="bytes 9-13/14", etag='"one"')
    else:
        reply(writer, b"from the cloud", set_cookie="spy=1", etag='"one"')


async def test_nothing_of_ours_goes_to_the_cloud_nor_on_from_there() -> None:
    async def moved(heard: Heard, writer: asyncio.StreamWriter) -> None:
        reply(writer, b"", "307 Temporary Redirect", location=f"{store.uri}{heard.target}", set_cookie="spy=1")

    def sign(writer: asyncio.StreamWriter) -> None:
        reply(writer, {"presigned_url": f"{gate.uri}/a?X-Amz-Signature=5ecret", "headers": HEADERS})

    async with (
        serving(storing) as store,
        serving(moved) as gate,
        serving(signing(sign)) as server,
        client_of(server) as client,
    ):
        assert await read(client) == b"from the cloud"
        assert await read(client, Span(9, None, '"one"')) == b"cloud"
        with pytest.raises(ChangedError) as caught:
            await read(client, Span(9, None, '"two"'))
    assert "5ecret" not in f"{caught.value!r} {caught.value}"
    assert len(gate.heard) == len(store.heard) == 3
    for heard in gate.heard + store.heard:
        assert not (OURS | {"content-length"}) & set(heard.headers)
        assert heard.headers["host"].startswith("127.0.0.1:")
        assert TOKEN not in str(heard)
    assert all(heard.headers["x-key"] == "for the gate" for heard in gate.heard)
    assert not any("x-key" in heard.headers for heard in store.heard)
    assert store.heard[1].headers["range"] == "bytes=9-"
    assert all(heard.headers["authorization"] == f"Bearer {TOKEN}" for heard in server.heard)
    assert all(heard.headers["x-mlflow-workspace"] == "mine" for heard in server.heard)


@pytest.mark.parametrize(
    "sign",
    [
        lambda writer: reply(writer, b"<h1>Not Found</h1>", "404 Not Found", content_type="text/html"),
        lambda writer: reply(writer, {"error_code": "NOT_IMPLEMENTED", "message": "no"}, "501 Not Implemented"),
        lambda writer: reply(writer, {"error_code": "INVALID_PARAMETER_VALUE", "message": "no"}, "400 Bad Request"),
        lambda writer: reply(writer, {"presigned_url": "file:///etc/passwd"}),
        lambda writer: reply(writer, {"presigned_url": "http://[::1/x"}),
        lambda writer: reply(writer, {"presigned_url": "http://\ud800/x"}),
        lambda writer: reply(writer, {"presigned_url": "http://x/", "headers": {"x": "\u00fc"}}),
        lambda writer: reply(writer, {"presigned_url": "http://x/", "headers": {"x y": "1"}}),
        lambda writer: reply(writer, {}),
    ],
)
async def test_a_server_that_signs_nothing_sends_the_file_itself_and_is_asked_once(sign: Sign) -> None:
    async with serving(signing(sign)) as server, client_of(server) as client:
        assert [await read(client), await read(client)] == [b"from the server"] * 2
        assert [heard.target.partition("?")[0] for heard in server.heard] == [SIGN, *["/get-artifact"] * 2]


@pytest.mark.parametrize("status", ["403 Forbidden", "400 Bad Request", "302 Found"])
async def test_a_cloud_that_does_not_let_us_in_leaves_the_server(status: str) -> None:
    async def refusing(_: Heard, writer: asyncio.StreamWriter) -> None:
        reply(writer, b"<Error><Code>AccessDenied</Code></Error>", status)

    def sign(writer: asyncio.StreamWriter) -> None:
        reply(writer, {"presigned_url": f"{store.uri}/a"})

    async with serving(refusing) as store, serving(signing(sign)) as server, client_of(server) as client:
        assert [await read(client), await read(client)] == [b"from the server"] * 2
        assert len(store.heard) == 1


async def test_a_cloud_that_is_not_reached_leaves_the_server() -> None:
    async with serving(storing) as gone:
        pass

    def sign(writer: asyncio.StreamWriter) -> None:
        reply(writer, {"presigned_url": f"http://localhost:{gone.port}/a"})

    async with serving(signing(sign)) as server, client_of(server) as client:
        assert [await read(client), await read(client)] == [b"from the server"] * 2
        assert sum(heard.target == SIGN for heard in server.heard) == 1


async def test_a_file_that_is_not_in_the_cloud_is_not_asked_for_again() -> None:
    def sign(writer: asyncio.StreamWriter) -> None:
        reply(writer, {"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "Not Found"}, "404 Not Found")

    async with serving(signing(sign)) as server, client_of(server) as client:
        with pytest.raises(NotFoundError):
            await read(client)
        assert len(server.heard) == 1
