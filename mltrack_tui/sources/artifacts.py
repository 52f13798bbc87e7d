"""How a source gives out artifacts: which part of a file is wanted, what comes of it, and what else can be said."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from mltrack_tui.config.source import SourceSetting
from mltrack_tui.domain.artifacts import Artifact
from mltrack_tui.domain.entities import CandidateId


@dataclass(frozen=True, slots=True)
class Part:
    """Which bytes of a file are wanted.

    Attributes:
        start: the first of them, counted from 0; behind the file's end there are none.
        stop: the first that is not wanted any more; None: all to the end.
        version: the `Content.version` they have to be of; None: of any.
    """

    start: int = 0
    stop: int | None = None
    version: str | None = None


WHOLE = Part()

MOST_ENTRIES = 100_000
"""How much of one folder is listed at most. The last entry then says, REFUSED, that there is more."""


@dataclass(frozen=True, slots=True)
class Checksum:
    """What the bytes of a whole file come to.

    Attributes:
        algorithm: as hashlib calls it: ``sha256``, ``md5``.
        hexdigest: in lower case.
    """

    algorithm: str
    hexdigest: str


@dataclass(frozen=True, slots=True)
class Content:
    """A file that was opened at the part that was asked for.

    Attributes:
        chunks: the bytes of that part and no others, in chunks of whatever size they come; read them once at most.
            Fewer than were announced raise SourceError; more are not handed on.
        size: of the whole file in bytes; None where the source does not tell.
        version: tells whether the file is still the same: it is another where its bytes are. None: nobody can tell.
        ranged: whether the source begins where it is asked to. If not, everything before ``start`` is sent too, which
            costs as much as it is long, and left out of ``chunks``.
        checksum: of the whole file, where the source tells it.
        file: the file on this machine, at ``start``: for whoever copies it faster than in chunks.
    """

    chunks: AsyncIterator[bytes]
    size: int | None = None
    version: str | None = None
    ranged: bool = True
    checksum: Checksum | None = None
    file: BinaryIO | None = None


class ArtifactSource(Protocol):
    """The part of `sources.base.Source` that downloads and previews ask."""

    async def artifacts(self, candidate: CandidateId, path: str = "") -> Sequence[Artifact]:
        """What lies directly in a folder: `sources.base.Source.artifacts`."""
        ...

    def content(self, candidate: CandidateId, path: str, part: Part = WHOLE) -> AbstractAsyncContextManager[Content]:
        """A file, opened: `sources.base.Source.content`."""
        ...


@dataclass(frozen=True, slots=True)
class ServerOfArtifacts:
    """The tracking server behind which a store's ``mlflow-artifacts:`` roots are.

    Attributes:
        uri: its address; None where nobody said.
        setting_of: what the user configured to be let in at an address; None where that is nothing of its own.
    """

    uri: str | None = None
    setting_of: Callable[[str], SourceSetting | None] = lambda _: None


NO_SERVER = ServerOfArtifacts()
