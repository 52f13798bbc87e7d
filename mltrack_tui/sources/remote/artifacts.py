"""A candidate's artifacts, as a server lists and sends them."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from mltrack_tui.domain.entities import Artifact
from mltrack_tui.sources.artifacts import WHOLE, Content, Part
from mltrack_tui.sources.base import NotFoundError
from mltrack_tui.sources.local_artifacts import safe_path
from server_client import BadRequestError, FileInfo
from server_client import NotFoundError as NotThereError
from server_client.dialect import Tracker


class Artifacts:
    """The artifacts of one workspace's candidates."""

    def __init__(self, client: Tracker) -> None:
        self._client = client
        self._roots: dict[str, str] = {}

    async def listing(self, candidate_id: str, path: str = "") -> Sequence[Artifact]:
        """What lies directly in a folder, by name; of a file, that file alone.

        What a server lists that does not lie there is left out. Raises NotFoundError of ours and server_client's.
        """
        path = str(safe_path(path)) if path.strip("/") else ""
        found = await self._directly_in(candidate_id, path)
        if found or not path:
            return found
        above = await self._directly_in(candidate_id, path.rpartition("/")[0])
        for artifact in above:
            if artifact.path == path:
                return [] if artifact.is_dir else [artifact]
        raise NotFoundError(f"There is no artifact {path!r}.")

    @asynccontextmanager
    async def content(self, candidate_id: str, path: str, part: Part = WHOLE) -> AsyncIterator[Content]:
        """A file, opened. Raises as `listing` does."""
        path = str(safe_path(path))
        if (why := self._client.artifacts.readable(path)) is not None:
            raise NotFoundError(f"The server cannot send {path!r}: {why}.")
        root = await self._root(candidate_id)
        stream = self._client.artifacts.stream(candidate_id, path, root_uri=root, offset=part.start)
        yield Content(self._chunks(stream, path, part), ranged=False)

    async def _chunks(self, stream: AsyncIterator[bytes], path: str, part: Part) -> AsyncIterator[bytes]:
        left = None if part.stop is None else part.stop - part.start
        try:
            async for chunk in stream:
                yield chunk if left is None else chunk[:left]
                if left is not None:
                    left -= len(chunk)
                    if left <= 0:
                        return
        except NotThereError:
            raise NotFoundError(f"There is no artifact {path!r}.") from None
        except BadRequestError:
            raise NotFoundError(f"The artifact {path!r} is a folder, not a file.") from None

    async def _root(self, candidate_id: str) -> str:
        if candidate_id not in self._roots:
            self._roots[candidate_id] = (await self._client.runs.get(candidate_id)).artifact_uri
        return self._roots[candidate_id]

    async def _directly_in(self, candidate_id: str, folder: str) -> list[Artifact]:
        listed = await self._client.artifacts.list(candidate_id, folder)
        self._roots[candidate_id] = listed.root_uri
        found = [Artifact(each.path, each.is_dir, each.file_size) for each in listed.files if _lies_in(each, folder)]
        return sorted(found, key=lambda each: each.name)


def _lies_in(listed: FileInfo, folder: str) -> bool:
    above, _, name = listed.path.rpartition("/")
    return above == folder and name not in {"", ".", ".."}
