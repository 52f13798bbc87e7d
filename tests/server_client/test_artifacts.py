"""Files of a run, byte by byte."""

import asyncio
import gzip

import pytest

from server_client import (
    Artifacts,
    FileInfo,
    NotFoundError,
    Span,
    TrackingClient,
)
from tests.server_client.loopback import QUICK, Answer, Heard, Loopback, reply, reset, serving

CONTENT = bytes(range(256)) * 1000
ETAG = '"one"'


def client(server: Loopback) -> TrackingClient:
    return TrackingClient(server.uri, timeouts=QUICK)


async def ranged(heard: Heard, writer: asyncio.StreamWriter) -> None:
    if "range" not in heard.headers or heard.headers.get("if-range", ETAG) != ETAG:
        reply(writer, CONTENT, etag=ETAG, accept_ranges="bytes")
        return
    first, _, last = heard.headers["range"].removeprefix("bytes=").partition("-")
    start, end = int(first), min(int(last or len(CONTENT)), len(CONTENT) - 1)
    if start >= len(CONTENT):
        reply(writer, b"", "416 Range Not Satisfiable", content_range=f"bytes */{len(CONTENT)}")
    else:
        span = f"bytes {start}-{end}/{len(CONTENT)}"
        reply(writer, CONTENT[start : end + 1], "206 Partial Content", content_range=span, etag=ETAG)


async def whole(_: Heard, writer: asyncio.StreamWriter) -> None:
    reply(writer, CONTENT)


async def read(
    asked: TrackingClient, root: str | None = None, path: str = "a/b.bin", start: int = 0, stop: int | None = None
) -> bytes:
    async with asked.artifacts.open("r", path, Span(start, stop), root_uri=root) as file:
        return b"".join([chunk async for chunk in file.chunks])


@pytest.mark.parametrize(
    ("root", "path", "target"),
    [
        (None, "a b/ü&.bin", "/get-artifact?run_id=r&path=a+b%2F%C3%BC%26.bin"),
        ("file:///data/1", "a", "/get-artifact?run_id=r&path=a"),
        ("mlflow-artifacts:/1/r", "a b/ü?#%.bin", "/api/2.0/mlflow-artifacts/artifacts/1/r/a%20b/%C3%BC%3F%23%25.bin"),
        ("mlflow-artifacts://elsewhere.example/1/r", "a", "/get-artifact?run_id=r&path=a"),
        ("mlflow-artifacts:/1/r", "../../x", "/get-artifact?run_id=r&path=..%2F..%2Fx"),
        ("mlflow-artifacts:/1/../2", "a", "/get-artifact?run_id=r&path=a"),
    ],
)
async def test_where_a_file_is_asked_for(root: str | None, path: str, target: str) -> None:
    async with serving(whole) as server, client(server) as asked:
        assert await read(asked, root, path) == CONTENT
        assert server.heard[0].target == target
        assert server.heard[0].headers["accept-encoding"] == "identity"


async def test_the_root_may_name_this_server() -> None:
    async with serving(whole) as server, client(server) as asked:
        await read(asked, f"mlflow-artifacts://127.0.0.1:{server.port}/1/r")
        assert server.heard[0].target == "/api/2.0/mlflow-artifacts/artifacts/1/r/a/b.bin"


@pytest.mark.parametrize("answer", [ranged, whole])
@pytest.mark.parametrize("start", [0, 1, 70_000, len(CONTENT) - 1, len(CONTENT), 2**31 + 1])
@pytest.mark.parametrize("stop", [None, 70_001, 2**33])
async def test_exactly_the_part_that_is_wanted_comes(answer: Answer, start: int, stop: int | None) -> None:
    async with (
        serving(answer) as server,
        client(server) as asked,
        asked.artifacts.open("r", "a", Span(start, stop)) as file,
    ):
        assert b"".join([chunk async for chunk in file.chunks]) == CONTENT[start:stop]
        assert file.size == len(CONTENT)
        assert file.ranged is (answer is ranged)


async def test_bytes_are_not_decoded_whatever_their_name_says() -> None:
    content = gzip.compress(CONTENT)

    async def compressed(_: Heard, writer: asyncio.StreamWriter) -> None:
        reply(writer, content, content_encoding="gzip")

    async with serving(compressed) as server, client(server) as asked:
        assert await read(asked, path="a.gz") == content


async def test_a_connection_that_breaks_before_the_first_byte_is_tried_again() -> None:
    async def answer(heard: Heard, writer: asyncio.StreamWriter) -> None:
        if len(server.heard) < 3:
            reset(writer)
        else:
            await whole(heard, writer)

    async with serving(answer) as server, client(server) as asked:
        assert await read(asked) == CONTENT


async def test_a_file_that_is_not_there() -> None:
    async def nothing(_: Heard, writer: asyncio.StreamWriter) -> None:
        reply(writer, {"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "No such artifact"}, "404 Not Found")

    async with serving(nothing) as server, client(server) as asked:
        with pytest.raises(NotFoundError, match="No such artifact"):
            await read(asked)


async def test_a_reader_that_stops_leaves_the_connections_usable() -> None:
    async with serving(whole) as server, client(server) as asked:
        for _ in range(6):
            async with asked.artifacts.open("r", "a") as file:
                await anext(file.chunks)
        assert await read(asked) == CONTENT


async def test_a_folder_is_listed_over_all_its_pages() -> None:
    async def answer(heard: Heard, writer: asyncio.StreamWriter) -> None:
        if "page_token=2" in heard.target:
            reply(writer, {"root_uri": "s3://b", "files": [{"path": "b", "file_size": 3}, {"path": "a"}]})
        else:
            page = {"root_uri": "s3://b", "files": [{"path": "a", "is_dir": True}], "next_page_token": "2"}
            reply(writer, page)

    async with serving(answer) as server, client(server) as asked:
        listed = await asked.artifacts.list("r", "sub folder")
        assert listed == Artifacts("s3://b", (FileInfo("a", True), FileInfo("b", False, 3)))
        assert server.heard[0].target == "/api/2.0/mlflow/artifacts/list?run_id=r&path=sub+folder"


async def test_an_empty_folder_has_no_files() -> None:
    async def answer(_: Heard, writer: asyncio.StreamWriter) -> None:
        reply(writer, {"root_uri": "s3://b"})

    async with serving(answer) as server, client(server) as asked:
        assert await asked.artifacts.list("r") == Artifacts("s3://b")


@pytest.mark.parametrize("root", ["s3://[::1/x", "mlflow-artifacts://[x/1", "\ud800://"])
async def test_a_root_that_is_no_uri_leaves_the_way_by_run(root: str) -> None:
    async with serving(whole) as server, client(server) as tracking:
        assert await read(tracking, root, "x") == CONTENT
        assert server.heard[-1].target.startswith("/get-artifact")


@pytest.mark.parametrize("path", ["a#b", "what?", "a;", "Epoch:1.bin", " a", "a%20b", "x/[y]:1/b?c=#"])
async def test_what_mlflow_would_take_for_another_file_is_not_asked_for(path: str) -> None:
    async with serving(whole) as server, client(server) as tracking:
        assert tracking.artifacts.readable(path) is not None
        assert tracking.artifacts.readable("epoch:1/ü [b] & 100%.csv") is None


async def test_a_size_below_nothing_is_none() -> None:
    async def answer(_: Heard, writer: asyncio.StreamWriter) -> None:
        reply(writer, {"files": [{"path": "a", "file_size": -5}]})

    async with serving(answer) as server, client(server) as tracking:
        assert (await tracking.artifacts.list("r")).files == (FileInfo("a", is_dir=False),)
