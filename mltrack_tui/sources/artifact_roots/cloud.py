"""Artifacts in cloud storage and on other machines, as far as fsspec opens it: the only place that imports fsspec.

fsspec works in a loop or on threads of its own, never on ours. What is asked is bounded in time: a place that is gone
does not keep anybody waiting for minutes.
"""

import asyncio
import base64
import logging
import pkgutil
import stat
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager, contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

from mltrack_tui.domain.artifacts import Artifact, ArtifactKind
from mltrack_tui.domain.text import clean
from mltrack_tui.sources.artifact_roots.backends import READING, Backend
from mltrack_tui.sources.artifact_roots.failures import UnopenedError, explained
from mltrack_tui.sources.artifact_roots.names import ascending, below, refused, rest_of
from mltrack_tui.sources.artifacts import MOST_ENTRIES, WHOLE, Checksum, Content, Part
from mltrack_tui.sources.base import ChangedError, NotFoundError, SourceError, UnreachableError

_PATIENCE = 30.0  # seconds that one question may take, with all pages and repetitions
_FIRST_CHUNK, _LARGEST_CHUNK = 1 << 20, 8 << 20
_TALKATIVE = ("fsspec", "s3fs", "aiobotocore", "botocore", "gcsfs", "google", "adlfs", "azure", "paramiko")
_VERSION_MARK = "?versionId="  # what follows it is no part of the name to s3fs


class CloudArtifacts:
    """An artifact root in some storage."""

    def __init__(self, backend: Backend, uri: str) -> None:
        try:
            parts = urlsplit(uri)
            self._settings, self._base = backend.settings, backend.path(parts)
        except ValueError:
            raise SourceError("The artifacts' URI cannot be understood.") from None
        self._backend, self._uri = backend, parts
        self._place = f"{parts.scheme}://{clean(parts.netloc.rpartition('@')[2], 100)}"

    async def listing(self, path: str = "") -> Sequence[Artifact]:
        """What lies directly in a folder, by name; of a file, that file alone.

        Raises:
            NotFoundError: there is nothing of this path.
            SourceError: the storage cannot be asked; the text says what to do.
        """
        path = below(path)
        target = self._target(path)
        await self._require_no_links(path)
        try:
            found: Sequence[Mapping[str, Any]] = await self._ask("ls", target, detail=True)
        except NotFoundError:
            if path:
                return [Artifact(path, is_dir=False, size=int((await self._info(path))["size"]))]
            await self._require_container()
            return []

        def shown() -> list[Artifact]:
            listed = (_entry(each, target, path) for each in found[:MOST_ENTRIES])
            return ascending(each for each in listed if each) + ([rest_of(path)] if len(found) > MOST_ENTRIES else [])

        return await asyncio.to_thread(shown)

    @asynccontextmanager
    async def content(self, path: str, part: Part = WHOLE) -> AsyncIterator[Content]:
        """A file, opened; its bytes come in ranges of up to 8 MiB. Raises as `listing` does, and ChangedError."""
        path = below(path)
        await self._require_no_links(path)
        info = await self._info(path)
        size, version = int(info["size"]), _version(info)
        if part.version not in {None, version}:
            raise ChangedError(f"The artifact {path!r} was written anew meanwhile.")
        stop = size if part.stop is None else min(part.stop, size)
        async with aclosing(self._chunks(path, part.start, stop, version)) as chunks:
            yield Content(chunks, size, version, checksum=_checksum(info))

    async def _chunks(self, path: str, start: int, stop: int, version: str | None) -> AsyncGenerator[bytes]:
        """The bytes of a file, each range asked for while the one before is used."""
        spans = list(_spans(start, stop))
        coming = self._asked_for(path, *spans[0]) if spans else None
        try:
            for number, (first, behind) in enumerate(spans, start=1):
                chunk = await (coming or self._asked_for(path, first, behind))
                coming = self._asked_for(path, *spans[number]) if number < len(spans) else None
                if len(chunk) != behind - first:
                    raise ChangedError(f"The artifact {path!r} is of another size than it was said to be.")
                yield chunk
            if len(spans) > 1 and _version(await self._ask("info", self._target(path))) != version:
                raise ChangedError(f"The artifact {path!r} was written anew while it was read.")
        finally:
            if coming is not None:
                coming.cancel()
                await asyncio.gather(coming, return_exceptions=True)

    def _asked_for(self, path: str, first: int, behind: int) -> "asyncio.Task[bytes]":
        return asyncio.create_task(self._ask("cat_file", self._target(path), start=first, end=behind))

    async def _info(self, path: str) -> Mapping[str, Any]:
        """What is known of a file. Raises NotFoundError of anything else."""
        info: Mapping[str, Any] = await self._ask("info", self._target(path))
        if info.get("type") != "file":
            raise NotFoundError(f"The artifact {path!r} is a folder, not a file.")
        return info

    async def _require_no_links(self, path: str) -> None:
        """Raise NotFoundError where a part of the path is a link on a machine that would follow it."""

        def look() -> bool:
            files, place = self._files(), self._base.rstrip("/")
            for part in path.split("/"):
                place = f"{place}/{part}"
                if stat.S_ISLNK(files.ftp.lstat(place).st_mode or 0):
                    return True
            return False

        if path and self._backend.links:
            with self._telling(path):
                async with asyncio.timeout(_PATIENCE):
                    linked = await asyncio.to_thread(look)
            if linked:
                raise NotFoundError(f"{path!r} leads through a link on another machine, and is not followed.")

    async def _require_container(self) -> None:
        """Raise SourceError where not even the bucket is there; else nothing was logged."""
        container = self._base.partition("/")[0]
        if self._backend.container and not await self._ask("exists", container):
            raise SourceError(f"There is no {self._backend.container} {clean(container, 100)!r} at {self._place}.")

    def _target(self, path: str) -> str:
        if _VERSION_MARK in path:
            raise NotFoundError(f"{path!r} is not asked for: what follows the mark in it would be taken for a version.")
        return f"{self._base.rstrip('/')}/{path}" if path else self._base

    async def _ask(self, what: str, path: str, **options: Any) -> Any:
        """What fsspec answers, in its own loop where it has one."""
        with self._telling(path):
            async with asyncio.timeout(_PATIENCE):
                files = await asyncio.to_thread(self._files)
                if files.async_impl:
                    work = getattr(files, f"_{what}")(path, **options)
                    return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, files.loop))
                return await asyncio.to_thread(getattr(files, what), path, **options)

    def _files(self) -> Any:
        """The file system, which fsspec makes once for the same settings. Raises UnopenedError."""
        try:
            import fsspec

            _hush()
            files = fsspec.filesystem(self._backend.protocol, **self._settings(self._uri))
        except ImportError as error:
            raise UnopenedError from error
        if self._backend.links:
            # A thread that waits for a machine which fell silent cannot be told to stop: quitting would wait for it.
            files.ftp.get_channel().settimeout(READING)
        return files

    @contextmanager
    def _telling(self, path: str) -> Iterator[None]:
        try:
            yield
        except UnopenedError:
            raise SourceError(
                f"The artifacts are at {self._place}: to read them, pip install 'mltrack-tui[cloud]'."
            ) from None
        except FileNotFoundError:
            raise NotFoundError(f"There is no {clean(path, 200)!r} at {self._place}.") from None
        except _own(self._backend) as error:
            told = explained(error, self._place, self._backend)
            if isinstance(told, UnreachableError):
                self._forget()
            raise told from error

    def _forget(self) -> None:
        """Connect anew next time."""
        import fsspec

        fsspec.get_filesystem_class(self._backend.protocol).clear_instance_cache()


def _hush() -> None:
    """Have the libraries' warnings go where somebody set up that they go, else nowhere: not to the terminal."""
    for name in _TALKATIVE:
        logger = logging.getLogger(name)
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())


def _own(backend: Backend) -> tuple[type[Exception], ...]:
    """The errors of a library, as far as it is there."""
    found: list[type[Exception]] = [OSError, ValueError, EOFError]
    for name in backend.errors:
        with suppress(ImportError):
            found.append(pkgutil.resolve_name(name))
    return tuple(found)


def _spans(start: int, stop: int) -> Iterator[tuple[int, int]]:
    """Ranges that grow: the first bytes come soon, and a large file takes few requests."""
    width = _FIRST_CHUNK
    while start < stop:
        behind = min(start + width, stop)
        yield start, behind
        start, width = behind, min(2 * width, _LARGEST_CHUNK)


def _entry(info: Mapping[str, Any], target: str, folder: str) -> Artifact | None:
    """Something that is listed; None of a folder that lists itself."""
    listed, kind = str(info["name"]), info.get("type")
    is_dir, size = kind == "directory", None if kind == "directory" else info.get("size")
    base = target.strip("/")
    if listed.strip("/") == base and not (is_dir and listed.strip("/") != listed.lstrip("/")):
        return None if is_dir or listed.endswith("/") else Artifact(folder, is_dir=False, size=size)
    name = listed.lstrip("/").removeprefix(f"{base}/")
    path = f"{folder}/{name}" if folder else name or "/"
    why = refused(path) or ("it holds a slash" if "/" in name else None)
    if why is not None or _VERSION_MARK in name:
        about = why or "what follows the mark in it would be taken for a version"
        return Artifact(path, is_dir, kind=ArtifactKind.REFUSED, about=about)
    if kind == "link":
        return Artifact(path, is_dir=False, kind=ArtifactKind.LINK, about="to somewhere on its machine")
    return Artifact(path, is_dir, size)


def _version(info: Mapping[str, Any]) -> str | None:
    for name in ("ETag", "etag", "generation"):
        if told := info.get(name):
            return str(told)
    times = (info.get(name) for name in ("mtime", "LastModified", "last_modified", "modify"))
    changed = next((each for each in times if each is not None), None)
    return None if changed is None else f"{changed} {info.get('size')}"


def _checksum(info: Mapping[str, Any]) -> Checksum | None:
    """Google's, which is always of the content. An ETag of S3 may be that of something encrypted."""
    told = info.get("md5Hash")
    try:
        return Checksum("md5", base64.b64decode(told).hex()) if isinstance(told, str) else None
    except ValueError:
        return None
