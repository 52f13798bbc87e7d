"""What an answer says: JSON, a refusal, or something that is not a tracking server's."""

import asyncio
import html
import json
import re
from collections.abc import Callable
from typing import TypeVar

from server_client.decode import Json, Malformed
from server_client.errors import (
    ForbiddenError,
    Hint,
    ProxyError,
    RefusedError,
    ScopeTooSmallError,
    TrackingError,
    UnexpectedAnswerError,
    WorkspacesDisabledError,
    one_line,
    refusal_class,
)
from server_client.question import Answer, Question

T = TypeVar("T")

LARGEST_ANSWER = 64_000_000
"""Bytes of JSON, after decompression."""
_LARGEST_REFUSAL = 65_536
_DECODED_AT_ONCE = 65_536  # bytes; more are decoded in a thread, so that keys are answered meanwhile

_CODE = re.compile(r"\w{1,100}")
# The second is of GitLab's fine-grained tokens.
_SCOPE_TOO_SMALL = ("insufficient_scope", "insufficient_granular_scope")

_TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<(?:(?:script|style)\b.*?</(?:script|style)|[^>]*)>", re.IGNORECASE | re.DOTALL)
_LOGIN = re.compile(
    r"""type=["']?password|\b(?:log|sign)[ -]?(?:in|on)\b|single sign|saml|oauth|openid""", re.IGNORECASE
)

# What MLflow says is text: "…/workspaces disabled because the server is running without workspaces support" with 503,
# and "Workspace APIs are not available: workspaces are not enabled on this server" with 500.
_NO_WORKSPACES = re.compile(r"without workspaces? support|workspaces? (?:are|is) not enabled", re.IGNORECASE)


async def body(question: Question, answer: Answer) -> bytes:
    """An answer's whole body, decompressed. Raises UnexpectedAnswerError where it is larger than `LARGEST_ANSWER`."""
    parts, size = [], 0
    async for part in answer.response.aiter_bytes():
        parts.append(part)
        size += len(part)
        if size > LARGEST_ANSWER:
            raise UnexpectedAnswerError(
                Hint.TOO_LARGE, f"more than {LARGEST_ANSWER:,} bytes", method=question.method, path=question.path
            )
    return b"".join(parts)


async def decoded(question: Question, answer: Answer, decode: Callable[[Json], T]) -> T:
    """What an answer says. Raises UnexpectedAnswerError."""
    content = await body(question, answer)
    rows = question.rows
    try:
        if len(content) <= _DECODED_AT_ONCE:
            return decode(_json(content, rows))
        return await asyncio.to_thread(lambda: decode(_json(content, rows)))
    except Malformed as problem:
        hint, detail = Hint.MALFORMED, str(problem)
    except RecursionError:
        hint, detail = Hint.NOT_JSON, "too deep"
    except ValueError:
        hint, detail = _instead(content, answer)
    raise UnexpectedAnswerError(hint, detail, method=question.method, path=question.path, location=answer.away)


def _json(content: bytes, rows: str) -> Json:
    if content.strip() in (b"", b"200 OK"):  # an empty answer, as mlflow's own client reads these
        return {}
    value = json.loads(content, object_hook=_same)
    if rows and isinstance(value, list):
        return {rows: value}
    if not isinstance(value, dict):
        raise Malformed("no object")
    return value


def _same(value: T) -> T:
    """Nothing, but in Python: that lets other threads run between two objects, which a page of JSON else does not."""
    return value


def _instead(content: bytes, answer: Answer) -> tuple[Hint, str]:
    """What something that is not JSON is."""
    start = content.lstrip()[:200_000].decode("utf-8", "replace")
    if start.startswith("<"):
        login = answer.away is not None or _LOGIN.search(start) is not None
        return (Hint.LOGIN if login else Hint.HTML), _title(start)
    return (Hint.TRUNCATED, "") if start.startswith(("{", "[")) else (Hint.NOT_JSON, "")


async def refusal(question: Question, answer: Answer) -> TrackingError:
    """The error that an answer of 400 and more is."""
    text = _without_what_was_sent(await _beginning(answer), answer)
    method, path, status = question.method, question.path, answer.status
    if answer.away is not None and status in (401, 403):  # it has not had our credentials, and will not
        return UnexpectedAnswerError(Hint.REDIRECT, f"to {answer.away}", method=method, path=path, location=answer.away)
    if status == 407:
        return ProxyError("the proxy asks for a user and a password", method=method, path=path)
    said = _said(text)
    error_code, message = _code(said), _words(said)
    kind: type[RefusedError] = refusal_class(status)
    if _NO_WORKSPACES.search(text) and (error_code == "FEATURE_DISABLED" or status == 503):
        kind = WorkspacesDisabledError
    elif kind is ForbiddenError and error_code in _SCOPE_TOO_SMALL:
        kind = ScopeTooSmallError
    error = kind(
        status,
        method=method,
        path=path,
        error_code=error_code,
        message=message,
        retry_after=answer.header("Retry-After"),
    )
    error.of_gitlab = answer.header("X-Gitlab-Meta") is not None
    if isinstance(error, ScopeTooSmallError):
        error.scope = one_line(_words({"message": said.get("scope")}))
    return error


def _without_what_was_sent(text: str, answer: Answer) -> str:
    """What a server says without our credentials: some repeat the headers that they were sent."""
    sent = answer.response.request.headers.get("Authorization", "").rpartition(" ")[2]
    return text.replace(sent, "…") if sent else text


async def _beginning(answer: Answer) -> str:
    parts = bytearray()
    async for part in answer.response.aiter_bytes():
        parts += part
        if len(parts) > _LARGEST_REFUSAL:
            break
    return bytes(parts[:_LARGEST_REFUSAL]).decode("utf-8", "replace")


def _said(text: str) -> Json:
    """A refusal's JSON; of a web page its title, of anything else the text, as the message."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return {"message": _title(text) if text.lstrip().startswith("<") else text}
    return said if isinstance(said, dict) else {}


def _code(said: Json) -> str | None:
    """MLflow's name of an error, or OAuth's, which explains itself (RFC 6750, 3.1; ``error`` alone is just words)."""
    code = said.get("error_code") or (said.get("error") if "error_description" in said else None)
    return code if isinstance(code, str) and _CODE.fullmatch(code) else None


def _words(said: Json) -> str:
    """A server's own words. GitLab has many ways: text, a list of texts, GraphQL's list of errors."""
    for name in ("message", "detail", "error_description", "error", "errors"):
        value = said.get(name)
        texts = [_text(each) for each in value] if isinstance(value, list) else [_text(value)]
        if any(texts):
            return "; ".join(filter(None, texts))
    return ""


def _text(value: object) -> str:
    if isinstance(value, dict):
        value = value.get("message")
    return value if isinstance(value, str) else ""


def _title(page: str) -> str:
    match = _TITLE.search(page)
    return html.unescape(match[1] if match is not None else _TAG.sub(" ", page[:2000]))
