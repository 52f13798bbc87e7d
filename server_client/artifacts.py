"""A run's artifacts."""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import replace
from typing import NamedTuple
from urllib.parse import SplitResult, quote, unquote, urlparse, urlsplit, urlunparse

from server_client.channel import AJAX_API, API, Channel, Params
from server_client.decode import Json, Malformed, file_info, listing, logged_model, member, required, text, within
from server_client.errors import ChangedError, RefusedError, ServerError, TrackingError, UnauthorizedError
from server_client.files import WHOLE, OpenFile, Span, opened
from server_client.paging import Listing, Pager
from server_client.question import Answer
from server_client.values import Artifacts, FileInfo, LoggedModel

_LIST = f"{API}/artifacts/list"
_PRESIGNED = f"{API}/artifacts/presigned-download-url"
_MODELS = f"{API}/logged-models"
_PROXY = "/api/2.0/mlflow-artifacts/artifacts"
_FROM_SERVER = "/get-artifact"
_ON_A_DISK = ("", "file")
_BEHIND_A_SERVER = ("http", "https", "mlflow-artifacts")
MOST_LISTED = 100_000
"""Entries of a folder that are read at most, where nobody says otherwise."""
_MOST_PAGES = 1000
_MODELS_OF_PAGE = 100
_NO_QUOTES = re.compile(r"[\w-]+")
_STRANGE_IN_URL = re.compile(r"[%#?;:]|^[\x00-\x20]|[\t\r\n]")
_PRINTABLE = re.compile(r"[\x20-\x7e]*")
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_OF_THE_CONNECTION = frozenset(
    {"connection", "content-length", "host", "te", "trailer", "transfer-encoding", "upgrade"}
)
"""Headers that no server says for another: they would make one question look like two, or like another host's."""
_NOT_OFFERED = frozenset({400, 403, 404, 405, 501})


class _Signed(NamedTuple):
    url: str
    headers: dict[str, str]


class ArtifactsResource:
    """What can be asked about artifacts. Every call raises TrackingError."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._unsigned: set[str] = set()
        """Of these storages no file is had past the server."""

    async def list(self, run_id: str, path: str = "", *, most: int = MOST_LISTED) -> Artifacts:
        """What lies directly in a folder of a run's artifacts, all pages but ``most`` entries: GET artifacts/list.

        ``path`` is from the run's root. A folder that is not there, and a file, hold nothing.
        Raises NotFoundError where the run is not there.
        """
        return await _listed(self._channel, _LIST, [("run_id", run_id), *([("path", path)] if path else [])], most)

    async def list_of_model(self, model_id: str, path: str = "", *, most: int = MOST_LISTED) -> Artifacts:
        """The same of a logged model's files: GET logged-models/<id>/artifacts/directories (MLflow 3)."""
        params = [("artifact_directory_path", path)] if path else []
        return await _listed(self._channel, f"{_MODELS}/{quote(model_id, safe='')}/artifacts/directories", params, most)

    async def models(self, run_id: str, experiment_id: str) -> tuple[LoggedModel, ...]:
        """The logged models that name a run as their source, at most 100: POST logged-models/search (MLflow 3).

        A server that knows no logged models, or does not let us see them, has none.
        """
        if _NO_QUOTES.fullmatch(run_id) is None:
            return ()
        body = {
            "experiment_ids": [experiment_id],
            "filter": f"source_run_id = '{run_id}'",
            "max_results": _MODELS_OF_PAGE,
        }
        try:
            found = await self._channel.search(f"{_MODELS}/search", body, None, listing("models", logged_model))
        except RefusedError as error:
            if error.status not in _NOT_OFFERED:
                raise
            return ()
        return found.items

    async def model(self, model_id: str) -> LoggedModel:
        """A logged model: GET logged-models/<id> (MLflow 3)."""
        return await self._channel.get(f"{_MODELS}/{quote(model_id, safe='')}", (), within("model", logged_model))

    async def list_below(self, root_uri: str, path: str = "", *, most: int = MOST_LISTED) -> Artifacts:
        """The same of an ``mlflow-artifacts:`` root of this server's, whoever's it is: GET mlflow-artifacts/artifacts.

        Raises ValueError where it is none: `keeps`.
        """
        if (kept := self._kept_as(root_uri, path)) is None:
            raise ValueError(root_uri)
        listed = await _listed(self._channel, _PROXY, [("path", kept)], most)
        above = f"{path}/" if path else ""
        files = tuple(replace(each, path=above + each.path) for each in listed.files)
        return replace(listed, root_uri=root_uri, files=files)

    def open_below(self, root_uri: str, path: str, span: Span = WHOLE) -> AbstractAsyncContextManager[OpenFile]:
        """A file below such a root, as `open`. Raises ValueError as `list_below`."""
        if (proxied := self._proxied(root_uri, path)) is None:
            raise ValueError(root_uri)
        return file_at(self._channel, proxied, (), span)

    def keeps(self, root_uri: str) -> bool:
        """Whether a root is an ``mlflow-artifacts:`` one of this server's."""
        return self._kept_as(root_uri, "") is not None

    def readable(self, path: str) -> str | None:
        """Why a file of this path cannot be had, though it is there; None where it can.

        MLflow takes a path apart and together again as a URL, and decodes it, until nothing changes
        (``validate_path_is_safe``): it would send another file, or refuse the path.
        """
        if not _STRANGE_IN_URL.search(path):
            return None
        if unquote(path) != path:
            return "MLflow takes the percent sign in it for a code"
        if "#" in path:
            return "MLflow refuses a # in it"
        try:
            same = urlunparse(urlparse(path)) == path
        except ValueError:
            same = False
        return None if same else "MLflow takes it for a URL, and that for another name"

    @asynccontextmanager
    async def open(
        self, run_id: str, path: str, span: Span = WHOLE, *, root_uri: str | None = None
    ) -> AsyncIterator[OpenFile]:
        """A file of a run, opened where it is wanted; what `server_client.files.opened` says.

        A root ``mlflow-artifacts:`` on this server goes by its artifact proxy, which is three times as fast as GET
        /get-artifact. That serves any root that the server itself can read, but fetches all of a file that lies in a
        cloud before it sends the first byte: such a file comes from the cloud itself, by an address that the server
        signs (POST artifacts/presigned-download-url, MLflow 3), where it does and we get there. Without ``root_uri``
        it is /get-artifact.

        Raises:
            NotFoundError: there is no such file.
            BadRequestError: it is a folder.
        """
        proxied = self._proxied(root_uri, path)
        params: Params = () if proxied else (("run_id", run_id), ("path", path))
        async with AsyncExitStack() as held:
            file = None if proxied else await self._past_the_server(held, run_id, path, span, root_uri)
            if file is None:
                file = await held.enter_async_context(file_at(self._channel, proxied or _FROM_SERVER, params, span))
            yield file

    @asynccontextmanager
    async def open_of_model(
        self, model_id: str, path: str, span: Span = WHOLE, *, root_uri: str | None = None
    ) -> AsyncIterator[OpenFile]:
        """A file of a logged model, as `open`: through the proxy, else GET logged-models/<id>/artifacts/files."""
        proxied = self._proxied(root_uri, path)
        params: Params = () if proxied else (("artifact_file_path", path),)
        where = proxied or f"{AJAX_API}/logged-models/{quote(model_id, safe='')}/artifacts/files"
        async with file_at(self._channel, where, params, span) as file:
            yield file

    async def _past_the_server(
        self, held: AsyncExitStack, run_id: str, path: str, span: Span, root_uri: str | None
    ) -> OpenFile | None:
        """A file from the cloud where it lies; None where that is not the way."""
        root = _split(root_uri)
        storage = f"{root.scheme}://{root.netloc}"
        if root.scheme in (*_ON_A_DISK, *_BEHIND_A_SERVER) or storage in self._unsigned:
            return None
        try:
            signed = await self._channel.search(_PRESIGNED, {"run_id": run_id, "path": path}, None, _signed)

            def ask(headers: Mapping[str, str]) -> AbstractAsyncContextManager[Answer]:
                return self._channel.content_elsewhere(signed.url, {**signed.headers, **headers}, called=_PRESIGNED)

            return await held.enter_async_context(opened(ask, span, _PRESIGNED))
        except (ChangedError, UnauthorizedError):
            raise
        except TrackingError as error:
            if isinstance(error, RefusedError) and error.error_code == "RESOURCE_DOES_NOT_EXIST":
                raise
            if not isinstance(error, ServerError) or error.status in _NOT_OFFERED:  # which may pass
                self._unsigned.add(storage)
        return None

    def _proxied(self, root_uri: str | None, path: str) -> str | None:
        """The path on this server's artifact proxy, or None where that is not the way."""
        kept = self._kept_as(root_uri, path)
        return None if kept is None else f"{_PROXY}/{quote(kept, errors='replace')}"

    def _kept_as(self, root_uri: str | None, path: str) -> str | None:
        """What the artifact proxy calls a path, or None where it does not have it."""
        root = _split(root_uri)
        here = urlsplit(self._channel.uri)
        parts = [part for part in f"{root.path}/{path}".split("/") if part]
        if root.scheme != "mlflow-artifacts" or root.netloc not in ("", here.netloc):
            return None
        if any(part in (".", "..") for part in parts):  # would leave the root on the way; /get-artifact refuses them
            return None
        return "/".join(parts)


def file_at(channel: Channel, path: str, params: Params, span: Span) -> AbstractAsyncContextManager[OpenFile]:
    """A file that a GET of the server sends."""
    params = tuple(params)
    return opened(lambda headers: channel.content(path, params, headers), span, path)


async def _listed(channel: Channel, path: str, asked: Sequence[tuple[str, str | int]], most: int) -> Artifacts:
    root_uri = ""

    def decode(answer: Json) -> tuple[str, Listing[FileInfo]]:
        return text(answer, "root_uri"), listing("files", file_info)(answer)

    async def fetch(token: str | None, _size: int) -> Listing[FileInfo]:
        nonlocal root_uri
        root, files = await channel.get(path, [*asked, *([("page_token", token)] if token else [])], decode)
        root_uri = root_uri or root
        return files

    files: list[FileInfo] = []
    pages, more = 0, False
    async with aclosing(Pager(fetch, page_size=0, identity=lambda found: found.path, path=path)) as pager:
        async for batch in pager:
            files += batch.items
            pages, more = pages + 1, batch.more
            if more and (pages >= _MOST_PAGES or len(files) >= most):
                break
    return Artifacts(root_uri, tuple(files[:most]), more or len(files) > most)


def _split(root_uri: str | None) -> SplitResult:
    """A root's URI in parts, all of them empty where it is none: a server may say anything."""
    try:
        return urlsplit(root_uri or "")
    except ValueError:
        return urlsplit("")


def _signed(answer: Json) -> _Signed:
    url, told = required(answer, "presigned_url"), member(answer, "headers")
    if not url.startswith(("http://", "https://")) or not _PRINTABLE.fullmatch(url):
        raise Malformed("presigned_url is no address")
    headers = {name: value for name, value in told.items() if isinstance(value, str)}
    if not all(_HEADER.fullmatch(name) and _PRINTABLE.fullmatch(value) for name, value in headers.items()):
        raise Malformed("the headers of presigned_url are none")
    return _Signed(url, {name: value for name, value in headers.items() if name.lower() not in _OF_THE_CONNECTION})
