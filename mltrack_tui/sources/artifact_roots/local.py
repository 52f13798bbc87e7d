"""Artifacts in folders of this machine: where they lie, and what is in them."""

import asyncio
import errno
import os
import re
import stat
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import islice
from pathlib import Path, PurePath
from typing import BinaryIO, TypeVar
from urllib.parse import unquote, urlsplit

from mltrack_tui.domain.artifacts import Artifact, ArtifactKind
from mltrack_tui.domain.text import clean
from mltrack_tui.sources.artifact_roots.names import ascending, below, refused, rest_of
from mltrack_tui.sources.artifact_roots.walking import (
    NoFileError,
    WayOutError,
    found_below,
    place_below,
    require_file_or_folder,
)
from mltrack_tui.sources.artifacts import MOST_ENTRIES, WHOLE, Content, Part
from mltrack_tui.sources.base import ChangedError, NotFoundError, SourceError

P = TypeVar("P", bound=PurePath)

_CHUNK = 1 << 20
_LONGEST_SHOWN = 300  # characters of a folder's path in a sentence
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):")
"""Of at least two letters: one is a drive."""


class LocalArtifacts:
    """The artifact folder of one candidate.

    Attributes:
        uri: what mlflow keeps as the candidate's ``artifact_uri``.
        store: the store's file, beside which a relative folder is looked for before the current folder.
        location: the experiment's ``artifact_location``, whose being there tells "nothing logged" from "elsewhere".
    """

    def __init__(self, uri: str, store: Path, location: str | None = None) -> None:
        self.uri = uri
        self._beside = store.absolute().parent
        self._location = location

    async def listing(self, path: str = "") -> Sequence[Artifact]:
        """What lies directly in a folder, by name; of a file, that file alone.

        Raises:
            NotFoundError: there is nothing of this path, or it leads out of the folder.
            SourceError: the folder is not on this machine, or cannot be read.
        """
        return await asyncio.to_thread(self._list, below(path))

    @asynccontextmanager
    async def content(self, path: str, part: Part = WHOLE) -> AsyncIterator[Content]:
        """A file, opened; its bytes come in chunks of 1 MiB. Raises as `listing` does, and ChangedError."""
        opening = asyncio.ensure_future(asyncio.to_thread(self._open, below(path)))
        try:
            file, status = await asyncio.shield(opening)
        except asyncio.CancelledError:
            opening.add_done_callback(_close_unwanted)  # nobody waits for a disk that hangs
            raise
        with file:
            version = f"{status.st_ino}-{status.st_size}-{status.st_mtime_ns}"
            if part.version not in {None, version}:
                raise ChangedError(f"The artifact {path!r} was written anew meanwhile.")
            file.seek(part.start)
            stop = status.st_size if part.stop is None else min(part.stop, status.st_size)
            yield Content(_chunks(file, path, stop - part.start), status.st_size, version, file=file)

    def _list(self, path: str) -> list[Artifact]:
        root = self._root()
        if root is None:
            if path:
                raise NotFoundError(f"There is no artifact {path!r}.")
            return []
        try:
            with found_below(root, path) as found:
                if not found.is_dir:
                    return [Artifact(path, is_dir=False, size=found.status.st_size)]
                entries = found.entries()
                listed = [each for entry in islice(entries, MOST_ENTRIES) if (each := _entry(root, path, entry))]
                return ascending(listed) + ([rest_of(path)] if next(entries, None) else [])
        except (OSError, NoFileError, WayOutError) as error:
            raise _unreadable(path, error) from error

    def _open(self, path: str) -> tuple[BinaryIO, os.stat_result]:
        root = self._root()
        if root is None:
            raise NotFoundError(f"There is no artifact {path!r}.")
        try:
            with found_below(root, path) as found:
                if found.is_dir or found.descriptor is None:
                    raise NotFoundError(f"The artifact {path!r} is a folder, not a file.")
                return os.fdopen(os.dup(found.descriptor), "rb"), found.status
        except (OSError, NoFileError, WayOutError) as error:
            raise _unreadable(path, error) from error

    def _root(self) -> Path | None:
        """The folder, or None where nothing was logged: mlflow makes a folder with the first artifact only."""
        folders = self._folders(self.uri)
        for folder in folders:
            if folder.is_dir():
                return folder
        if any(self._would_be_here(uri) for uri in (self.uri, self._location) if uri):
            return None
        shown = clean(str(folders[0]), _LONGEST_SHOWN)
        raise SourceError(
            f"No artifacts here: the candidate logged none, or their folder {shown} is on another machine."
        )

    def _would_be_here(self, uri: str) -> bool:
        """Whether a folder would be on this machine if it were anywhere: beside the store, or where its like are."""
        folder = local_path(uri)
        if folder.is_absolute():
            return folder.parent.is_dir() or self._beside in folder.parents
        return any(each.is_dir() for each in self._folders(uri))

    def _folders(self, uri: str) -> list[Path]:
        folder = local_path(uri)
        return [folder] if folder.is_absolute() else [self._beside / folder, Path.cwd() / folder]


def _close_unwanted(opening: "asyncio.Future[tuple[BinaryIO, os.stat_result]]") -> None:
    if not opening.cancelled() and opening.exception() is None:
        opening.result()[0].close()


def is_local(uri: str) -> bool:
    """Whether an artifact URI means a folder of a disk."""
    scheme = _SCHEME.match(uri)
    return scheme is None or scheme[1].lower() == "file"


def local_path(uri: str) -> Path:
    """The folder that such a URI means. Raises SourceError where it is on another machine's disk."""
    if _SCHEME.match(uri) is None:
        return _on_a_disk(Path(uri))
    try:
        parts = urlsplit(uri)
        path, host = unquote(parts.path), parts.netloc
    except ValueError:
        raise SourceError("The artifact folder's URI cannot be understood.") from None
    if host not in {"", "localhost"}:
        raise SourceError(f"The artifacts are on the disk of {clean(host, 100)}, which is another machine.")
    return _on_a_disk(Path(path))


def _on_a_disk(path: P) -> P:
    r"""The same path. Raises SourceError of ``\\\\host\\share``: Windows logs in there with who looks at it."""
    if path.drive.startswith("\\\\"):
        raise SourceError(f"The artifacts are on {clean(path.drive, 100)}, the disk of another machine.")
    return path


def _entry(root: Path, folder: str, entry: os.DirEntry[str]) -> Artifact | None:
    """An entry as what it is; None if it went while we looked."""
    path = f"{folder}/{entry.name}" if folder else entry.name
    try:
        status = entry.stat(follow_symlinks=False)
        if (why := refused(path)) is not None:
            return Artifact(path, stat.S_ISDIR(status.st_mode), kind=ArtifactKind.REFUSED, about=why)
        return _link(root, folder, path) if stat.S_ISLNK(status.st_mode) else _known(path, status)
    except FileNotFoundError:
        return None


def _known(path: str, status: os.stat_result) -> Artifact:
    try:
        require_file_or_folder(status.st_mode)
    except NoFileError as error:
        return Artifact(path, is_dir=False, kind=ArtifactKind.REFUSED, about=f"it is {error}")
    is_dir = stat.S_ISDIR(status.st_mode)
    return Artifact(path, is_dir, None if is_dir else status.st_size)


def _link(root: Path, folder: str, path: str) -> Artifact:
    """A link as what it points to, or as a link where that is not to be had: outside, nowhere or in a circle."""
    target = clean(os.readlink(root / path))  # noqa: PTH115 - as it is written
    try:
        place = place_below(root, path)
        if place not in _places_above(root, folder):
            return _known(path, Path(place).lstat())
        about = f"to {target}, in which it lies"
    except WayOutError:
        about = f"to {target}, out of the folder"
    except OSError:
        about = f"to {target}, where nothing is to be had"
    return Artifact(path, is_dir=False, kind=ArtifactKind.LINK, about=about)


def _places_above(root: Path, folder: str) -> set[str]:
    """Where the folders on the way to this one really are: a link to one of them would go on for ever."""
    parts = folder.split("/") if folder else []
    return {place_below(root, "/".join(parts[:depth])) for depth in range(len(parts) + 1)}


async def _chunks(file: BinaryIO, path: str, left: int) -> AsyncIterator[bytes]:
    try:
        while left > 0 and (chunk := await asyncio.to_thread(file.read, min(left, _CHUNK))):
            left -= len(chunk)
            yield chunk
    except OSError as error:
        raise _unreadable(path, error) from error
    if left > 0:
        raise ChangedError(f"The artifact {path!r} became shorter while it was read.")


def _unreadable(path: str, error: Exception) -> SourceError:
    match error:
        case WayOutError():
            return NotFoundError(f"The artifact {path!r} is a link out of its folder, and is not followed.")
        case NoFileError():
            return NotFoundError(f"The artifact {path!r} is {error}, not a file: it is not opened.")
        case FileNotFoundError() | NotADirectoryError():
            return NotFoundError(f"There is no artifact {path!r}.")
        case OSError(errno=errno.ELOOP):
            return NotFoundError(f"The artifact {path!r} is a link that leads to itself.")
        case OSError():
            return SourceError(f"The artifact {path!r} cannot be read: {error.strerror}.")
    raise error
