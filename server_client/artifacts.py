"""A run's artifacts."""

import re
from collections.abc import AsyncIterator
from urllib.parse import quote, unquote, urlsplit

from server_client.channel import API, Channel, Params
from server_client.decode import Json, file_info, listing, text
from server_client.errors import ConnectionLostError, Hint, RefusedError, UnexpectedAnswerError
from server_client.paging import Listing, Pager
from server_client.question import Answer
from server_client.values import Artifacts, FileInfo

_LIST = f"{API}/artifacts/list"
_PROXY = "/api/2.0/mlflow-artifacts/artifacts"
_FROM_SERVER = "/get-artifact"
_CONTENT_RANGE = re.compile(r"bytes (?:(\d+)-\d+|\*)/(\d+|\*)")


class ArtifactsResource:
    """What can be asked about artifacts. Every call raises TrackingError."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    async def list(self, run_id: str, path: str = "") -> Artifacts:
        """What lies directly in a folder of a run's artifacts, all pages: GET artifacts/list.

        ``path`` is from the run's root. A folder that is not there, and a file, hold nothing.
        Raises NotFoundError where the run is not there.
        """
        root_uri = ""

        async def fetch(token: str | None, _size: int) -> Listing[FileInfo]:
            def decode(answer: Json) -> tuple[str, Listing[FileInfo]]:
                return text(answer, "root_uri"), listing("files", file_info)(answer)

            nonlocal root_uri
            params: list[tuple[str, str | int]] = [("run_id", run_id)]
            params += [("path", path)] if path else []
            params += [("page_token", token)] if token else []
            root, files = await self._channel.get(_LIST, params, decode)
            root_uri = root_uri or root
            return files

        pager = Pager(fetch, page_size=0, identity=lambda found: found.path, path=_LIST)
        files = [found async for found in pager.all()]
        return Artifacts(root_uri, tuple(files))

    def readable(self, path: str) -> str | None:
        """Why a file of this path cannot be had, though it is there; None where it can.

        MLflow decodes percent signs until nothing changes (``validate_path_is_safe``): it would send another file.
        """
        return "MLflow takes the percent sign in it for a code" if unquote(path) != path else None

    async def stream(
        self, run_id: str, path: str, *, root_uri: str | None = None, offset: int = 0
    ) -> AsyncIterator[bytes]:
        """A file's bytes from ``offset`` on, as they are stored, in chunks of whatever size they come.

        A root ``mlflow-artifacts:`` on this server goes by its artifact proxy, which is three times as fast as GET
        /get-artifact; that serves any root that the server itself can read, and is what goes without ``root_uri``.
        Nothing is decoded, whatever Content-Encoding a server derives from a file's name.

        The beginning is asked for again where that may help. Once bytes have come, a connection that breaks raises
        ConnectionLostError: ask again with the ``offset`` reached.

        Raises:
            NotFoundError: there is no such file.
            BadRequestError: it is a folder.
            ConnectionLostError: fewer bytes came than were announced.
        """
        proxied = self._proxied(root_uri, path)
        params: Params = () if proxied else (("run_id", run_id), ("path", path))
        async for chunk in content(self._channel, proxied or _FROM_SERVER, params, offset):
            yield chunk

    def _proxied(self, root_uri: str | None, path: str) -> str | None:
        """The path on this server's artifact proxy, or None where that is not the way."""
        root = urlsplit(root_uri or "")
        here = urlsplit(self._channel.uri)
        parts = [part for part in f"{root.path}/{path}".split("/") if part]
        if root.scheme != "mlflow-artifacts" or root.netloc not in ("", here.netloc):
            return None
        if any(part in (".", "..") for part in parts):  # would leave the root on the way; /get-artifact refuses them
            return None
        return f"{_PROXY}/{quote('/'.join(parts), errors='replace')}"


async def content(channel: Channel, path: str, params: Params, offset: int) -> AsyncIterator[bytes]:
    """What a GET sends from ``offset`` on, as it is stored: see `ArtifactsResource.stream`."""
    headers = {"Accept": "*/*", "Accept-Encoding": "identity"}
    if offset:
        headers["Range"] = f"bytes={offset}-"
    try:
        async with channel.content(path, params, headers) as answer:
            async for chunk in _from(offset, answer, path):
                yield chunk
    except RefusedError as error:
        if error.status != 416 or not offset:  # there is nothing behind the offset: the file was complete
            raise


async def _from(offset: int, answer: Answer, path: str) -> AsyncIterator[bytes]:
    """The body of an answer without what lies before the offset, which a server without ranges sends too."""
    skip = offset
    if answer.status == 206:
        match = _CONTENT_RANGE.fullmatch(answer.header("Content-Range") or "")
        if match is None or match[1] != str(offset):
            raise UnexpectedAnswerError(Hint.MALFORMED, "another part of the file", method="GET", path=path)
        skip = 0
    came = 0
    async for chunk in answer.raw():
        came += len(chunk)
        if skip >= len(chunk):
            skip -= len(chunk)
            continue
        yield chunk[skip:]
        skip = 0
    announced = answer.header("Content-Length")
    if announced is not None and announced.isdigit() and came < int(announced):
        raise ConnectionLostError(f"{came} of {announced} bytes came", method="GET", path=path)
