"""What can go wrong between a server and us: each fault answers one request of a `FaultyProxy` in its own way."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from tests.servers.proxy import Answer, Exchange, Fault

LOGIN_PAGE = "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><form>Password</form></body></html>"
STRANGE_HOST = "Invalid Host header - possible DNS rebinding attack detected"
"""What the security middleware of MLflow 3.5 and later says with 403 to a host name that it was not told."""


def late(seconds: float) -> Fault:
    """The right answer, after a while."""

    def fault(exchange: Exchange) -> None:
        exchange.wait(seconds)
        exchange.send(exchange.forwarded())

    return fault


def silent(exchange: Exchange) -> None:
    """Takes the request, and never says anything."""
    exchange.wait(600)
    exchange.reset()


def reset(exchange: Exchange) -> None:
    """Breaks the connection off instead of answering."""
    exchange.reset()


def dropped(exchange: Exchange) -> None:
    """Ends the connection properly, without an answer: as a server does that had kept it open for long enough."""
    exchange.hang_up()


def reset_in_the_body(exchange: Exchange) -> None:
    """Sends half of the answer, then breaks the connection off."""
    _send_half(exchange)
    exchange.reset()


def cut_in_the_body(exchange: Exchange) -> None:
    """Sends half of the answer, then ends the connection properly."""
    _send_half(exchange)
    exchange.hang_up()


def silent_in_the_body(exchange: Exchange) -> None:
    """Sends half of the answer, then nothing more."""
    _send_half(exchange)
    exchange.wait(600)
    exchange.reset()


def _send_half(exchange: Exchange) -> None:
    answer = exchange.forwarded()
    exchange.send(replace(answer, body=answer.body[: len(answer.body) // 2]), length=len(answer.body))


def truncated_json(exchange: Exchange) -> None:
    """A response that is whole, with half of the JSON in it."""
    answer = exchange.forwarded()
    exchange.send(replace(answer, body=answer.body[: len(answer.body) // 2]))


def no_http(exchange: Exchange) -> None:
    """Bytes that are no HTTP."""
    exchange.send_raw(b"\x00\x15\x1b[2J SSH-2.0-OpenSSH_9.6\r\n\r\n")


def page(status: int, text: str, **headers: str) -> Fault:
    """A page for people, whatever was asked; header names are written with ``_`` for ``-``."""
    kept = {name.replace("_", "-"): value for name, value in headers.items()}
    return answered(Answer(status, text.encode(), {"Content-Type": "text/html; charset=utf-8", **kept}))


def answered(answer: Answer) -> Fault:
    """One answer, whatever was asked."""
    return lambda exchange: exchange.send(answer)


def refused(status: int, error_code: str, message: str) -> Fault:
    """An error as MLflow tells it."""
    body = json.dumps({"error_code": error_code, "message": message}).encode()
    return answered(Answer(status, body, {"Content-Type": "application/json"}))


def too_many(retry_after: str) -> Fault:
    """429, with when to ask again."""
    return page(429, "Slow down", Retry_After=retry_after)


login_page = page(200, LOGIN_PAGE)
bad_gateway = page(502, "<html><body><center><h1>502 Bad Gateway</h1></center><hr>nginx</body></html>")
strange_host = page(403, STRANGE_HOST)


def redirected(base: str, status: int = 302) -> Fault:
    """To the same path and query at another base URI."""
    return lambda exchange: exchange.send(Answer(status, b"", {"Location": base + exchange.asked.target}))


def changed(change: Callable[[dict[str, Any]], object]) -> Fault:
    """The server's JSON answer, changed in place."""

    def fault(exchange: Exchange) -> None:
        answer = exchange.forwarded()
        told = json.loads(answer.body)
        change(told)
        exchange.send(replace(answer, body=json.dumps(told).encode()))

    return fault


def stuck_token(exchange: Exchange) -> None:
    """The first page for ever, each time with the same token: MLflow 3.1 to 3.12 does so to some questions."""
    asked = exchange.asked
    query = urlencode([(name, value) for name, value in parse_qsl(asked.query) if name != "page_token"])
    body = asked.body
    if body:
        told = json.loads(body)
        told.pop("page_token", None)
        body = json.dumps(told).encode()
    exchange.asked = replace(asked, query=query, body=body)
    changed(lambda told: told.setdefault("next_page_token", "b24gYW5kIG9u"))(exchange)


def huge_field(size: int) -> Fault:
    """Gives the first candidate of a page a parameter of so many bytes."""

    def change(told: dict[str, Any]) -> None:
        if told.get("runs"):
            told["runs"][0]["data"].setdefault("params", []).append({"key": "huge", "value": "x" * size})

    return changed(change)
