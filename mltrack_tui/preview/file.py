"""A file of a candidate's artifacts that is read as far as somebody looks."""

from mltrack_tui.domain.entities import Artifact, CandidateId
from mltrack_tui.sources.artifacts import ArtifactSource

BLOCK = 65_536
"""Bytes that are fetched at once, and kept."""


class Unreadable(Exception):  # noqa: N818 - no failure of ours: the file is not what its name says
    """The file cannot be looked at in this way. The text is a sentence that says why."""


class ArtifactFile:
    """One file: what was fetched of it is kept, up to some megabytes, the least recently wanted going first.

    Attributes:
        size: in bytes, as soon as it is known.
        fetched: how many bytes were asked of the source so far.
    """

    def __init__(self, source: ArtifactSource, candidate: CandidateId, artifact: Artifact) -> None:
        self._source, self._candidate, self._artifact = source, candidate, artifact
        self.size = artifact.size
        self.fetched = 0

    @property
    def name(self) -> str:
        """The last part of its path."""
        return self._artifact.name

    @property
    def path(self) -> str:
        """Its path below the candidate's artifact root."""
        return self._artifact.path

    async def read(self, start: int, stop: int | None = None) -> bytes:
        """Its bytes from ``start`` to before ``stop``, or to its end: only what is missing is fetched, by ranges.

        All bytes are of one version of the file. Raises SourceError, ChangedError where it was written anew: `forget`.
        """
        raise NotImplementedError

    async def tail(self, most: int) -> tuple[int, bytes]:
        """Its last bytes, ``most`` of them, with the offset at which they begin. Raises as `read`.

        Raises Unreadable where the source sends files from their beginning only, and that is too far away.
        """
        raise NotImplementedError

    async def renew(self) -> bool:
        """Ask how long it is now and forget what is no longer so; True where it has changed, as a log that goes on."""
        raise NotImplementedError
