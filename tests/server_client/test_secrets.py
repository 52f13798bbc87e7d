"""No secret is where somebody could read it."""

import asyncio
import logging
import sys
import traceback
from pathlib import Path

import pytest
from rich.traceback import Traceback

from server_client import Access, TrackingClient, TrackingError
from tests.server_client.loopback import QUICK, Heard, reply, reset, serving

SECRETS = ("hunter2", "aHVudGVyMg", "YWRhOmh1bnRlcjI=", "s3cret-token")  # and as Basic credentials hold them


async def refused(_: Heard, writer: asyncio.StreamWriter) -> None:
    reply(writer, {"error_code": "PERMISSION_DENIED", "message": "no"}, "403 Forbidden")


async def unauthorized(_: Heard, writer: asyncio.StreamWriter) -> None:
    reply(writer, b"", "401 Unauthorized")


async def broken(_: Heard, writer: asyncio.StreamWriter) -> None:
    reset(writer)


async def garbled(_: Heard, writer: asyncio.StreamWriter) -> None:
    writer.write(b"this is not HTTP\r\n\r\n")


async def page(_: Heard, writer: asyncio.StreamWriter) -> None:
    reply(writer, b"<html>hello")


async def away(_: Heard, writer: asyncio.StreamWriter) -> None:
    reply(writer, b"", "302 Found", location="http://nowhere.invalid/?next=1")


async def silent(_: Heard, __: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


def told(error: BaseException) -> str:
    """All that a crash report shows of an error: Python's, and Textual's, with the variables of our frames."""
    assert error.__traceback__ is not None
    below_the_test = error.__traceback__.tb_next
    stacks = Traceback.extract(type(error), error, below_the_test, show_locals=True).stacks
    nodes = [node for stack in stacks for frame in stack.frames for node in (frame.locals or {}).values()]
    assert nodes
    shown = [node.render() for node in nodes]
    return "\n".join([*shown, *traceback.format_exception(error), repr(error), repr(vars(error))])


@pytest.mark.parametrize(
    ("answer", "kind"),
    [(answer, "token") for answer in (refused, unauthorized, broken, garbled, page, away, silent)]
    + [(answer, kind) for answer in (unauthorized, broken) for kind in ("user in the uri", "user", "command")],
)
async def test_no_secret_is_shown_when_something_fails(
    answer: object, kind: str, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    variables = {
        "user": {"MLFLOW_TRACKING_USERNAME": "ada", "MLFLOW_TRACKING_PASSWORD": "hunter2"},
        "token": {"MLFLOW_TRACKING_TOKEN": "s3cret-token"},
    }.get(kind, {})
    (tmp_path / "token.py").write_text("print('s3cret-token')")
    command = f"{sys.executable} {tmp_path}/token.py" if kind == "command" else None
    assert callable(answer)
    async with serving(answer) as server:
        uri = server.uri.replace("//", "//ada:hunter2@") if kind == "user in the uri" else server.uri
        access = Access.from_environment(variables, token_command=command)
        quick = QUICK if answer is not silent else QUICK.__class__(read=0.05, first_pause=0.001)
        async with TrackingClient(uri, access, timeouts=quick) as client:
            del uri, variables
            with pytest.raises(TrackingError) as error:
                await client.runs.get("r")
            shown = [repr(client), str(client), repr(access), client.uri, told(error.value), caplog.text]
        assert any("authorization" in heard.headers for heard in server.heard)
    assert not [secret for secret in SECRETS for text in shown if secret in text]


async def test_a_proxys_password_is_not_shown_either(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    async with serving(refused) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.uri.replace("//", "//ada:hunter2@"))
        async with TrackingClient("http://mlflow.invalid", timeouts=QUICK) as client:
            with pytest.raises(TrackingError) as error:
                await client.runs.get("r")
        assert "YWRhOmh1bnRlcjI=" in proxy.heard[0].headers["proxy-authorization"]
        assert not [secret for secret in SECRETS if secret in told(error.value) + caplog.text]


@pytest.mark.parametrize("scheme", ["ftp", "socks9", "socks5"])
async def test_a_proxy_that_cannot_be_used_is_told_without_its_address(
    scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"{scheme}://ada:hunter2@127.0.0.1:1")
    async with TrackingClient("http://mlflow.invalid") as client:
        with pytest.raises(TrackingError, match="proxy") as error:
            await client.runs.get("r")
    assert "hunter2" not in "".join(traceback.format_exception(error.value))


@pytest.mark.parametrize(
    "uri", ["http://ada:hunter2@", "ftp://ada:hunter2@h", "http://ada:hunter2@h:port", "http://ada:hunter2@[x"]
)
def test_an_address_that_is_none_is_told_without_it(uri: str) -> None:
    with pytest.raises(TrackingError) as error:
        TrackingClient(uri)
    assert "hunter2" not in str(error.value) + repr(error.value) + repr(error.value.__cause__)


async def echoing(heard: Heard, writer: asyncio.StreamWriter) -> None:
    reply(writer, {"message": f"what did you mean by {heard.headers['authorization']}?"}, "500 Internal Server Error")


async def test_a_server_that_repeats_what_it_was_sent_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", "s3cret-token")
    async with (
        serving(echoing) as served,
        TrackingClient(served.uri, Access.from_environment(), timeouts=QUICK) as client,
    ):
        with pytest.raises(TrackingError, match="what did you mean by Bearer …") as caught:
            await client.experiments.get("1")
    assert "s3cret-token" not in told(caught.value)
