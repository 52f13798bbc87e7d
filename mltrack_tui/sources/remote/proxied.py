"""Artifacts that a tracking server has for a store which is opened without it: roots ``mlflow-artifacts:``."""

import os
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from urllib.parse import urlsplit

from mltrack_tui.config.source import SourceSetting
from mltrack_tui.domain.artifacts import Artifact
from mltrack_tui.domain.text import clean
from mltrack_tui.sources.artifact_roots.names import below
from mltrack_tui.sources.artifacts import MOST_ENTRIES, WHOLE, Content, Part
from mltrack_tui.sources.base import NoServerError, NotFoundError, SourceError
from mltrack_tui.sources.remote.artifacts import artifacts_of, content_of, folder_or_file, told
from mltrack_tui.sources.remote.kinds import access_of
from mltrack_tui.sources.remote.sentences import sentence
from server_client import Access, Span, TrackingClient, TrackingError

_WORKSPACE = re.compile(r"mlflow-artifacts:(?://[^/]*)?/workspaces/([^/]+)/")


class ArtifactServer:
    """A tracking server that is asked for artifacts alone."""

    def __init__(self, uri: str, setting: SourceSetting | None = None) -> None:
        """Connect to nothing yet; ``setting`` says how the user is let in. Raises SourceError where it can be none."""
        self._host = _host(uri)
        try:
            self._client = TrackingClient(uri, _access(uri, setting), workspace=setting.workspace if setting else None)
        except TrackingError as error:
            raise sentence(error, self._host or "That") from None

    def root(self, uri: str) -> "ProxiedArtifacts":
        """The artifacts below a root.

        Raises:
            NoServerError: it lies behind another server.
            SourceError: the URI is none.
        """
        workspace = _WORKSPACE.match(uri)
        # The workspace is a part of the root, and the server refuses what is not in the one that it is asked in.
        try:
            client = self._client.in_workspace(workspace[1]) if workspace else self._client
        except TrackingError:
            raise SourceError("The artifacts' URI names a workspace that can be none.") from None
        if not client.artifacts.keeps(uri):
            if not (other := _host(uri)):
                raise SourceError("The artifacts' URI cannot be understood.")
            raise NoServerError(f"These artifacts are behind the server {other}, not {self._host}: say where that is.")
        return ProxiedArtifacts(client, uri, self._host)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()


class ProxiedArtifacts:
    """The artifacts below one root, by the server's artifact proxy."""

    def __init__(self, client: TrackingClient, uri: str, host: str) -> None:
        self._files, self._uri, self._host = client.artifacts, uri, host

    async def listing(self, path: str = "") -> Sequence[Artifact]:
        """What lies directly in a folder, by name; of a file, that file alone. Raises NotFoundError."""
        path = below(path)
        with self._telling():
            return await folder_or_file(path, self._directly_in)

    @asynccontextmanager
    async def content(self, path: str, part: Part = WHOLE) -> AsyncIterator[Content]:
        """A file, opened. Raises NotFoundError and ChangedError."""
        path = below(path)
        if (why := self._files.readable(path)) is not None:
            raise NotFoundError(f"The server cannot send {path!r}: {why}.")
        with self._telling(), told(path):
            async with self._files.open_below(self._uri, path, Span(part.start, part.stop, part.version)) as file:
                yield content_of(file)

    async def _directly_in(self, folder: str) -> list[Artifact]:
        listed = await self._files.list_below(self._uri, folder, most=MOST_ENTRIES)
        return await artifacts_of(listed, folder, self._files)

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except TrackingError as error:
            raise sentence(error, self._host) from None


def _access(uri: str, setting: SourceSetting | None) -> Access:
    """What is configured for this server, and nobody else's: mlflow's variables are for the server that they name."""
    access = access_of(setting)
    named = setting is not None and (setting.token_env or setting.token_command or setting.keyring)
    variables = os.environ.get("MLFLOW_TRACKING_URI", "")
    if named or not variables.lower().startswith(("http://", "https://")) or _origin(variables) == _origin(uri):
        return access
    return replace(access, auth=None)


def _host(uri: str) -> str:
    """Host and port as they are shown; '' where there is none."""
    return clean(_origin(uri)[1], 100)


def _origin(uri: str) -> tuple[str, str]:
    try:
        parts = urlsplit(uri)
    except ValueError:
        return "", ""
    return parts.scheme.lower(), parts.netloc.rpartition("@")[2].lower()
