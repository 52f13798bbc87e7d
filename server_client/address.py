"""A tracking URI taken apart."""

import re
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

import httpx

from server_client.auth import BasicAuth
from server_client.errors import AccessError

_HEADER_TEXT = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server is: its URI without user, password, query, fragment and the slash at the end; and these two."""

    uri: str
    auth: httpx.Auth | None = field(default=None, repr=False)


def parsed(tracking_uri: str) -> Address:
    """What a tracking URI says. Raises AccessError, without quoting it, where it is no server's address.

    User and password become Basic credentials, as ``requests`` and so mlflow make them, and are in no URL of ours.
    """
    try:
        parts = urlsplit(tracking_uri.strip())
        netloc = parts.netloc.rpartition("@")[2]
        uri = f"{parts.scheme.lower()}://{netloc}{parts.path}".rstrip("/")
        good = parts.scheme.lower() in ("http", "https") and bool(parts.hostname) and parts.port != 0
        good = good and bool(httpx.URL(uri).host)
    except (ValueError, httpx.InvalidURL):  # whose texts may quote a password
        good = False
    if not good:
        raise AccessError("a server's address begins with http:// or https:// and a host")
    if parts.username is None:
        return Address(uri)
    return Address(uri, BasicAuth(unquote(parts.username), unquote(parts.password or "")))


def checked_workspace(name: str | None) -> str | None:
    """A workspace's name as it can be sent in a header; None of an empty one. Raises AccessError."""
    if not name:
        return None
    if _HEADER_TEXT.fullmatch(name) is None:
        raise AccessError("a workspace's name has neither spaces nor letters beyond ASCII")
    return name
