"""Which storage is opened, and how: for each kind the path, the settings and the library's own errors.

Only what is here is opened, whatever else fsspec can: a store's URI must not make us read this machine's files, ask any
web server or run what some package registered. Credentials are found by each library as it does everywhere else.
"""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote

from mltrack_tui.sources.base import SourceError

CONNECTING, READING = 5.0, 20.0
"""Seconds until a place that does not answer counts as not there, and until one that is silent does."""
_ACCOUNT = re.compile(r"[a-z0-9]{3,24}")
_TRUE = {"1", "true"}


@dataclass(frozen=True, slots=True)
class Backend:
    """A kind of storage.

    Attributes:
        protocol: fsspec's name of it.
        container: what the first part of a path is called: ``bucket``; '' where it has no such thing.
        settings: what fsspec is given for a URI.
        path: the URI's path as fsspec takes it, without a slash at the end.
        errors: the library's own, as ``module:class``, beside Python's.
        credentials: where the library finds credentials, at the end of a sentence.
        links: it has links, which the other machine would follow wherever they lead.
    """

    protocol: str
    container: str
    settings: Callable[[SplitResult], Mapping[str, Any]]
    path: Callable[[SplitResult], str]
    errors: tuple[str, ...]
    credentials: str
    links: bool = False


def backend_of(scheme: str) -> Backend | None:
    """What opens a URI's scheme, or None."""
    return _BACKENDS.get(scheme)


def _host(uri: SplitResult) -> str:
    return uri.netloc.rpartition("@")[2]


def _in_bucket(uri: SplitResult) -> str:
    return f"{_host(uri)}/{uri.path.strip('/')}".rstrip("/")


def _s3(_uri: SplitResult) -> Mapping[str, Any]:
    """The endpoint as mlflow has it (``MLFLOW_S3_ENDPOINT_URL``), else as Amazon's library finds it."""
    trusting = os.environ.get("MLFLOW_S3_IGNORE_TLS", "").lower() in _TRUE
    return {
        "endpoint_url": os.environ.get("MLFLOW_S3_ENDPOINT_URL") or None,
        "client_kwargs": {"verify": False} if trusting else {},
        "config_kwargs": {
            "connect_timeout": CONNECTING,
            "read_timeout": READING,
            "retries": {"mode": "standard", "max_attempts": 2},
        },
        "use_listings_cache": False,
    }


def _gs(_uri: SplitResult) -> Mapping[str, Any]:
    return {"access": "read_only", "requests_timeout": READING, "use_listings_cache": False}


def _azure(uri: SplitResult) -> Mapping[str, Any]:
    """The account that the URI names (``container@account.…``), else the environment's."""
    account = _host(uri).partition(".")[0] if "@" in uri.netloc else None
    if account is not None and _ACCOUNT.fullmatch(account) is None:
        raise SourceError("The artifacts' URI names no storage account of Azure.")
    key = os.environ.get("AZURE_STORAGE_ACCESS_KEY")  # as mlflow calls it
    return {
        "connection_timeout": CONNECTING,
        "read_timeout": READING,
        "use_listings_cache": False,
        **({"account_name": account} if account else {}),
        **({"account_key": key} if key else {}),
    }


def _in_container(uri: SplitResult) -> str:
    container = uri.netloc.partition("@")[0]
    return f"{container}/{uri.path.strip('/')}".rstrip("/")


def _login(uri: SplitResult) -> Mapping[str, Any]:
    if not uri.hostname or uri.hostname.startswith("-"):
        raise SourceError("The artifacts' URI names no host.")
    told = {
        "port": uri.port,
        "username": unquote(uri.username) if uri.username else None,
        "password": unquote(uri.password) if uri.password else None,
    }
    return {"host": uri.hostname, **{name: value for name, value in told.items() if value is not None}}


def _sftp(uri: SplitResult) -> Mapping[str, Any]:
    waits = {"timeout": CONNECTING, "banner_timeout": READING, "auth_timeout": READING, "channel_timeout": READING}
    return {**_login(uri), **waits, "host_key_policy": _only_known_hosts()}


@cache
def _only_known_hosts() -> Any:
    """A policy of paramiko's that refuses hosts which ``~/.ssh/known_hosts`` does not have.

    fsspec takes any, and a store may name a host of its own to learn who we are. It is always the same object: fsspec
    connects anew, and keeps that, for settings that it has not seen.
    """
    import paramiko

    def require_known(_policy: object, _client: object, hostname: str, key: object) -> None:
        path = Path("~/.ssh/known_hosts").expanduser()
        if not paramiko.HostKeys(str(path) if path.exists() else None).check(hostname, key):
            raise paramiko.SSHException(f"the key of {hostname} is not in ~/.ssh/known_hosts: connect by ssh first")

    return type("OnlyKnownHosts", (paramiko.MissingHostKeyPolicy,), {"missing_host_key": require_known})()


def _absolute(uri: SplitResult) -> str:
    return uri.path.rstrip("/") or "/"


_S3 = Backend(
    "s3",
    "bucket",
    _s3,
    _in_bucket,
    ("botocore.exceptions:BotoCoreError", "botocore.exceptions:ClientError", "aiohttp:ClientError"),
    "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE and ~/.aws",
)
_GS = Backend(
    "gs",
    "bucket",
    _gs,
    _in_bucket,
    ("google.auth.exceptions:GoogleAuthError", "gcsfs.retry:HttpError", "aiohttp:ClientError"),
    "GOOGLE_APPLICATION_CREDENTIALS, or gcloud auth application-default login",
)
_AZURE = Backend(
    "abfs",
    "container",
    _azure,
    _in_container,
    ("azure.core.exceptions:AzureError", "aiohttp:ClientError"),
    "AZURE_STORAGE_CONNECTION_STRING, or AZURE_STORAGE_ACCOUNT_NAME and AZURE_STORAGE_ACCESS_KEY, or az login",
)
_SFTP = Backend(
    "sftp",
    "",
    _sftp,
    _absolute,
    ("paramiko:SSHException", "paramiko.hostkeys:InvalidHostKey"),
    "ssh-agent, or the keys in ~/.ssh",
    links=True,
)
_BACKENDS = {
    **dict.fromkeys(("s3", "s3a", "s3n"), _S3),
    **dict.fromkeys(("gs", "gcs"), _GS),
    **dict.fromkeys(("az", "abfs", "abfss", "wasb", "wasbs"), _AZURE),
    **dict.fromkeys(("sftp", "ssh"), _SFTP),
}
