"""From the URI of an artifact root to what lists and opens its files."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from mltrack_tui.domain.artifacts import Artifact
from mltrack_tui.domain.text import clean
from mltrack_tui.sources.artifact_roots.local import LocalArtifacts, is_local
from mltrack_tui.sources.artifacts import NO_SERVER, WHOLE, Content, Part, ServerOfArtifacts
from mltrack_tui.sources.base import NoServerError, SourceError

if TYPE_CHECKING:
    from mltrack_tui.sources.remote.proxied import ArtifactServer

PROXIED = "mlflow-artifacts"
"""The scheme of roots that a tracking server keeps for others: where it really has them, only it knows."""


class Root(Protocol):
    """The artifacts of one candidate, or of one logged model."""

    async def listing(self, path: str = "") -> Sequence[Artifact]:
        """What lies directly in a folder, by name; of a file, that file alone. Raises NotFoundError."""
        ...

    def content(self, path: str, part: Part = WHOLE) -> AbstractAsyncContextManager[Content]:
        """A file, opened. Raises NotFoundError and ChangedError."""
        ...


class Roots:
    """The artifact roots of a store's candidates, wherever they lie.

    Attributes:
        store: the store's file, beside which relative folders are looked for.
        server: where those are that lie behind a tracking server.
    """

    def __init__(self, store: Path, server: ServerOfArtifacts = NO_SERVER) -> None:
        self._store, self._server = store, server
        self._asked: dict[str, ArtifactServer] = {}
        self._uri = server.uri

    def at(self, uri: str, location: str | None = None) -> Root:
        """The root at a URI; ``location`` is what its experiment keeps as such.

        Raises:
            NoServerError: it lies behind a tracking server whose address is not known.
            SourceError: nothing here opens it.
        """
        if not uri:
            raise SourceError("This candidate has no artifact folder.")
        if is_local(uri):
            return LocalArtifacts(uri, self._store, location)
        scheme = uri.partition(":")[0].lower()
        if scheme == PROXIED:
            return self._proxied(uri)
        from mltrack_tui.sources.artifact_roots.backends import backend_of

        if (backend := backend_of(scheme)) is None:
            raise SourceError(f"The artifacts are at {_place(uri)}, and nothing here opens that: ask their server.")
        from mltrack_tui.sources.artifact_roots.cloud import CloudArtifacts

        return CloudArtifacts(backend, uri)

    def server_at(self, uri: str) -> None:
        """Have what lies behind a tracking server from this address. Raises SourceError where it can be none."""
        self._asking(uri)
        self._uri = uri

    async def aclose(self) -> None:
        """Close the connections."""
        for server in self._asked.values():
            await server.aclose()

    def _proxied(self, uri: str) -> Root:
        if self._uri is None:
            raise NoServerError(
                "These artifacts are behind a tracking server: say where it is, in MLFLOW_TRACKING_URI or for good in "
                'config.toml, below [sources.NAME], as artifacts = "https://mlflow.example".'
            )
        return self._asking(self._uri).root(uri)

    def _asking(self, uri: str) -> "ArtifactServer":
        from mltrack_tui.sources.remote.proxied import ArtifactServer

        if uri not in self._asked:
            self._asked[uri] = ArtifactServer(uri, self._server.setting_of(uri))
        return self._asked[uri]


def _place(uri: str) -> str:
    """Where a URI leads, without user, password and path."""
    scheme = clean(uri.partition(":")[0], 30)
    try:
        return f"{scheme}://{clean(urlsplit(uri).hostname or '', 100)}"
    except ValueError:
        return f"{scheme}:"
