"""What goes wrong between a client and a server, on real sockets."""

import asyncio
import gzip
import json
import socket
import time

import pytest

from server_client import (
    Access,
    ConnectionLostError,
    ConnectionRefusedByHostError,
    Hint,
    NameNotResolvedError,
    ProxyError,
    TimedOutError,
    Timeouts,
    TooManyRequestsError,
    TrackingClient,
    UnexpectedAnswerError,
)
from server_client.answers import LARGEST_ANSWER
from tests.server_client.loopback import QUICK, Heard, reply, reset, serving

EXPERIMENT = {"experiment": {"experiment_id": "1", "name": "one"}}


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


async def get(uri: str, timeouts: Timeouts = QUICK) -> str:
    async with TrackingClient(uri, timeouts=timeouts) as client:
        return (await client.experiments.get("1")).name


async def test_a_name_that_does_not_resolve() -> None:
    with pytest.raises(NameNotResolvedError) as error:
        await get("http://nowhere.invalid")
    assert (error.value.method, error.value.path) == ("GET", "/api/2.0/mlflow/experiments/get")


async def test_a_port_where_nothing_listens() -> None:
    with pytest.raises(ConnectionRefusedByHostError):
        await get(f"http://127.0.0.1:{free_port()}")


async def test_a_server_that_never_answers_costs_two_timeouts() -> None:
    async def silent(_: Heard, __: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    async with serving(silent) as server:
        with pytest.raises(TimedOutError):
            await get(server.uri, Timeouts(read=0.05, first_pause=0.001))
        assert len(server.heard) == 2


async def test_an_answer_whose_connection_breaks_is_asked_for_again() -> None:
    async def answer(_: Heard, writer: asyncio.StreamWriter) -> None:
        if len(server.heard) < 3:
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{")
            await writer.drain()
            reset(writer)
        else:
            reply(writer, EXPERIMENT)

    async with serving(answer) as server:
        assert await get(server.uri) == "one"


async def test_a_connection_that_always_breaks_is_told_after_four_requests() -> None:
    async def answer(_: Heard, writer: asyncio.StreamWriter) -> None:
        reset(writer)

    async with serving(answer) as server:
        with pytest.raises(ConnectionLostError):
            await get(server.uri)
        assert len(server.heard) == 4


async def test_what_writes_is_sent_once() -> None:
    async def answer(_: Heard, writer: asyncio.StreamWriter) -> None:
        reset(writer)

    async with serving(answer) as server, TrackingClient(server.uri, timeouts=QUICK) as client:
        with pytest.raises(ConnectionLostError):
            await client.runs.delete("r")
        assert len(server.heard) == 1


@pytest.mark.parametrize("status", ["429 Too Many Requests", "502 Bad Gateway", "503 Service Unavailable"])
async def test_a_burst_of_refusals_passes(status: str) -> None:
    async def answer(_: Heard, writer: asyncio.StreamWriter) -> None:
        if len(server.heard) < 4:
            reply(writer, b"<html>busy</html>", status)
        else:
            reply(writer, EXPERIMENT)

    async with serving(answer) as server:
        assert await get(server.uri) == "one"


async def test_retry_after_is_respected() -> None:
    times = list[float]()

    async def answer(_: Heard, writer: asyncio.StreamWriter) -> None:
        times.append(time.monotonic())
        if len(times) == 1:
            reply(writer, b"", "429 Too Many Requests", retry_after=1)
        else:
            reply(writer, EXPERIMENT)

    async with serving(answer) as server:
        await get(server.uri)
    assert times[1] - times[0] >= 0.99


async def test_a_server_that_wants_more_patience_is_left_alone() -> None:
    async def answer(_: Heard, writer: asyncio.StreamWriter) -> None:
        reply(writer, b"", "429 Too Many Requests", retry_after=3600)

    async with serving(answer) as server:
        with pytest.raises(TooManyRequestsError) as error:
            await get(server.uri)
        assert (error.value.retry_after, len(server.heard)) == ("3600", 1)


async def test_json_that_is_cut_off_without_a_word() -> None:
    async def answer(_: Heard, writer: asyncio.StreamWriter) -> None:
        reply(writer, json.dumps(EXPERIMENT).encode()[:-9])

    async with serving(answer) as server:
        with pytest.raises(UnexpectedAnswerError) as error:
            await get(server.uri)
        assert error.value.hint is Hint.TRUNCATED
        assert len(server.heard) == 4


async def test_json_is_asked_for_compressed() -> None:
    async def answer(heard: Heard, writer: asyncio.StreamWriter) -> None:
        assert "gzip" in heard.headers["accept-encoding"]
        reply(writer, gzip.compress(json.dumps(EXPERIMENT).encode()), content_encoding="gzip")

    async with serving(answer) as server:
        assert await get(server.uri) == "one"


async def test_compression_that_is_none_is_told() -> None:
    async def answer(_: Heard, writer: asyncio.StreamWriter) -> None:
        reply(writer, b"not compressed", content_encoding="gzip")

    async with serving(answer) as server:
        with pytest.raises(UnexpectedAnswerError):
            await get(server.uri)


async def test_a_field_of_ten_megabytes_arrives_whole_while_the_loop_goes_on() -> None:
    name = "x" * 10_000_000

    async def answer(_: Heard, writer: asyncio.StreamWriter) -> None:
        reply(writer, {"experiment": {"experiment_id": "1", "name": name}})

    async with serving(answer) as server:
        assert await get(server.uri) == name


async def test_an_answer_without_end_is_not_kept() -> None:
    bomb = gzip.compress(bytes(LARGEST_ANSWER + 1), compresslevel=1)

    async def answer(_: Heard, writer: asyncio.StreamWriter) -> None:
        reply(writer, bomb, content_encoding="gzip")

    async with serving(answer) as server:
        with pytest.raises(UnexpectedAnswerError) as error:
            await get(server.uri)
        assert error.value.hint is Hint.TOO_LARGE


async def test_four_requests_at_once_and_not_more() -> None:
    now, most = [0], [0]
    enough = asyncio.Event()

    async def answer(_: Heard, writer: asyncio.StreamWriter) -> None:
        now[0] += 1
        most[0] = max(most[0], now[0])
        if now[0] == 4:
            asyncio.get_running_loop().call_later(0.05, enough.set)
        await enough.wait()
        now[0] -= 1
        reply(writer, EXPERIMENT)

    async with serving(answer) as server, TrackingClient(server.uri) as client:
        await asyncio.gather(*(client.experiments.get("1") for _ in range(12)))
        assert (most[0], len(server.heard)) == (4, 12)


async def test_connections_are_kept() -> None:
    peers = set[object]()

    async def answer(_: Heard, writer: asyncio.StreamWriter) -> None:
        peers.add(writer.get_extra_info("peername"))
        reply(writer, EXPERIMENT)

    async with serving(answer) as server, TrackingClient(server.uri) as client:
        for _ in range(3):
            await client.experiments.get("1")
    assert len(peers) == 1


async def test_no_origin_and_no_cookie_is_sent() -> None:
    async def answer(_: Heard, writer: asyncio.StreamWriter) -> None:
        reply(writer, EXPERIMENT, set_cookie="session=1")

    async with serving(answer) as server, TrackingClient(server.uri) as client:
        await client.experiments.get("1")
        await client.experiments.get("1")
        assert not {"origin", "cookie"} & set(server.heard[1].headers)


async def test_the_environments_proxy_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    async def answer(_: Heard, writer: asyncio.StreamWriter) -> None:
        reply(writer, EXPERIMENT)

    async with serving(answer) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.uri)
        assert await get("http://mlflow.invalid:5000/prefix") == "one"
        assert proxy.heard[0].target.startswith("http://mlflow.invalid:5000/prefix/api/2.0/")
        monkeypatch.setenv("NO_PROXY", "mlflow.invalid")
        with pytest.raises(NameNotResolvedError):
            await get("http://mlflow.invalid:5000")
        assert len(proxy.heard) == 1


async def test_a_proxy_that_is_not_there_is_told_from_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{free_port()}")
    with pytest.raises(ProxyError):
        await get("http://mlflow.invalid")


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_proxy_that_wants_a_password_is_told(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def answer(_: Heard, writer: asyncio.StreamWriter) -> None:
        reply(writer, b"<title>Who are you?</title>", "407 Proxy Authentication Required")

    async with serving(answer) as proxy:
        monkeypatch.setenv(f"{scheme.upper()}_PROXY", proxy.uri)
        with pytest.raises(ProxyError):
            await get(f"{scheme}://mlflow.invalid")


async def test_a_closed_client_answers_nothing_and_neither_do_its_open_questions() -> None:
    asked = asyncio.Event()

    async def silent(_: Heard, __: asyncio.StreamWriter) -> None:
        asked.set()
        await asyncio.Event().wait()

    async with serving(silent) as server:
        client = TrackingClient(server.uri, Access())
        waiting = asyncio.ensure_future(client.experiments.get("1"))
        await asked.wait()
        await client.aclose()
        with pytest.raises(ConnectionLostError):
            await waiting
        with pytest.raises(ConnectionLostError):
            await client.experiments.get("1")
