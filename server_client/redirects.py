"""Where a redirect leads, and what goes along."""

import httpx

from server_client.errors import Hint, UnexpectedAnswerError
from server_client.question import Question

MOST_REDIRECTS = 5

_FOR_OTHERS = frozenset({"accept", "accept-encoding", "content-type", "if-range", "range", "user-agent"})


def origin(url: httpx.URL) -> str:
    """Scheme, host and port: ``https://mlflow.example``, ``http://localhost:5000``."""
    host = f"[{url.host}]" if ":" in url.host else url.host
    return f"{url.scheme}://{host}" + (f":{url.port}" if url.port is not None else "")


def next_request(question: Question, response: httpx.Response) -> httpx.Request | None:
    """The request that a redirect asks for, or None where the answer is no redirect.

    A GET goes wherever it leads. What was sent by POST is sent again only by 307 and 308 and on the same host, as
    the other redirects would make it a GET without its question; what writes is never sent twice. Credentials,
    workspace and whatever else is for one server stay behind when scheme, host or port change: also on the way from
    http to https, where they were seen.

    Raises:
        UnexpectedAnswerError: the redirect cannot be followed; its location says where the server points.
    """
    location = response.headers.get("Location")
    if response.status_code not in (301, 302, 303, 307, 308) or location is None:
        return None
    try:
        target = response.request.url.join(location).copy_with(username=None, password=None, fragment=None)
    except (httpx.InvalidURL, ValueError):
        target = httpx.URL()
    sent = response.request
    away = origin(target) != origin(sent.url)
    followed = target.scheme in ("http", "https") and bool(target.host)
    if sent.method != "GET":
        followed &= question.repeatable and response.status_code in (307, 308) and target.host == sent.url.host
    if not followed:
        raise elsewhere(question, target)
    kept = {name: value for name, value in sent.headers.items() if not away or name.lower() in _FOR_OTHERS}
    headers = httpx.Headers(kept)
    headers.pop("Host", None)
    return httpx.Request(sent.method, target, headers=headers, content=sent.content, extensions=sent.extensions)


def elsewhere(question: Question, target: httpx.URL) -> UnexpectedAnswerError:
    """The error of a redirect that is not followed."""
    location = origin(target) if target.host else None
    return UnexpectedAnswerError(
        Hint.REDIRECT,
        f"to {location}" if location else "",
        method=question.method,
        path=question.path,
        location=location,
    )
