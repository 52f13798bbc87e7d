"""Artifacts in folders of this machine: where they lie, what is in them, and no way out of them.

The rules for paths are those that mlflow learnt from its own vulnerabilities (``validate_path_is_safe``): decode first,
until nothing changes any more, then refuse what could lead out of the folder, then resolve links and look again.
"""

import asyncio
import os
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

from mltrack_tui.domain.entities import Artifact
from mltrack_tui.sources.artifacts import WHOLE, Content, Part
from mltrack_tui.sources.base import ChangedError, NotFoundError, SourceError

_CHUNK = 1 << 20
_DRIVE = re.compile(r"[A-Za-z]:")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


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
        return await asyncio.to_thread(self._list, path)

    @asynccontextmanager
    async def content(self, path: str, part: Part = WHOLE) -> AsyncIterator[Content]:
        """A file, opened; its bytes come in chunks of 1 MiB. Raises as `listing` does, and ChangedError."""
        target = await asyncio.to_thread(self._file, path)
        try:
            file = await asyncio.to_thread(target.open, "rb")
        except OSError as error:
            raise _unreadable(path, error) from error
        try:
            about = os.fstat(file.fileno())
            version = f"{about.st_ino}-{about.st_size}-{about.st_mtime_ns}"
            if part.version not in {None, version}:
                raise ChangedError(f"The artifact {path!r} was written anew meanwhile.")
            file.seek(part.start)
            stop = about.st_size if part.stop is None else min(part.stop, about.st_size)
            yield Content(_chunks(file, path, stop - part.start), about.st_size, version, file=file)
        finally:
            file.close()

    def _list(self, path: str) -> list[Artifact]:
        root = self._root()
        if root is None:
            if path.strip("/"):
                raise NotFoundError(f"There is no artifact {path!r}.")
            return []
        target = _inside(root, path)
        try:
            if target.is_file():
                return [Artifact(str(safe_path(path)), is_dir=False, size=target.stat().st_size)]
            below = safe_path(path)
            return [_artifact(root, below, child) for child in sorted(target.iterdir(), key=lambda child: child.name)]
        except FileNotFoundError:
            raise NotFoundError(f"There is no artifact {path!r}.") from None
        except OSError as error:
            raise _unreadable(path, error) from error

    def _file(self, path: str) -> Path:
        root = self._root()
        target = _inside(root, path) if root else None
        if target is None or not target.exists():
            raise NotFoundError(f"There is no artifact {path!r}.")
        if not target.is_file():
            raise NotFoundError(f"The artifact {path!r} is a folder, not a file.")
        return target

    def _root(self) -> Path | None:
        """The folder, or None where nothing was logged: mlflow makes a folder with the first artifact only."""
        folders = self._folders(self.uri)
        for folder in folders:
            if folder.is_dir():
                return folder
        if any(self._would_be_here(uri) for uri in (self.uri, self._location) if uri):
            return None
        raise SourceError(
            f"No artifacts here: the candidate logged none, or their folder {folders[0]} is on another machine."
        )

    def _would_be_here(self, uri: str) -> bool:
        """Whether a folder would be on this machine if it were anywhere: beside the store, or where its like are."""
        folder = local_path(uri)
        if folder.is_absolute():
            return folder.parent.is_dir() or self._beside in folder.parents
        return any(each.is_dir() for each in self._folders(uri))

    def _folders(self, uri: str) -> list[Path]:
        if not uri:
            raise SourceError("This candidate has no artifact folder.")
        folder = local_path(uri)
        return [folder] if folder.is_absolute() else [self._beside / folder, Path.cwd() / folder]


def local_path(uri: str) -> Path:
    """The folder that an artifact URI means. Raises SourceError where it is not one of a local disk."""
    if _DRIVE.match(uri):
        return Path(uri)
    parts = urlsplit(uri)
    if parts.scheme == "":
        return Path(uri)
    if parts.scheme != "file" or parts.netloc not in {"", "localhost"}:
        place = f"{parts.scheme}://{parts.hostname or ''}"
        raise SourceError(f"The artifacts lie on {place}: this version reads artifacts from local folders only.")
    return Path(unquote(parts.path))


def safe_path(path: str) -> PurePosixPath:
    """A path below an artifact folder, as it was given: a name may hold a percent sign.

    Raises:
        NotFoundError: it could lead anywhere else, however often it is decoded.
    """
    decoded = path
    while (further := unquote(decoded)) != decoded:
        decoded = further
    parts = PurePosixPath(decoded)
    hostile = "\\" in decoded or _CONTROL.search(decoded) or _DRIVE.match(decoded)
    if hostile or parts.is_absolute() or ".." in parts.parts:
        raise NotFoundError(f"{path!r} is not a path below the artifact folder.")
    return PurePosixPath(path)


def _inside(root: Path, path: str) -> Path:
    """The place of a path below a folder, all links followed. Raises NotFoundError where it is not below."""
    safe = safe_path(path)
    try:
        top = root.resolve()
        target = (top / safe).resolve()
    except (OSError, RuntimeError) as error:  # a loop of links is a RuntimeError before Python 3.13
        raise NotFoundError(f"There is no artifact {path!r}.") from error
    if not target.is_relative_to(top):
        raise NotFoundError(f"The artifact {path!r} is a link out of its folder, and is not followed.")
    return target


def _artifact(root: Path, below: PurePosixPath, child: Path) -> Artifact:
    path = str(below / child.name)
    try:
        inside = child.resolve().is_relative_to(root.resolve())
        if inside and child.is_dir():
            return Artifact(path, is_dir=True)
        return Artifact(path, is_dir=False, size=child.stat().st_size if inside else None)
    except (OSError, RuntimeError):
        return Artifact(path, is_dir=False)


async def _chunks(file: BinaryIO, path: str, left: int) -> AsyncIterator[bytes]:
    try:
        while left > 0 and (chunk := await asyncio.to_thread(file.read, min(left, _CHUNK))):
            left -= len(chunk)
            yield chunk
    except OSError as error:
        raise _unreadable(path, error) from error
    if left > 0:
        raise SourceError(f"The artifact {path!r} became shorter while it was read.")


def _unreadable(path: str, error: OSError) -> SourceError:
    return SourceError(f"The artifact {path!r} cannot be read: {error.strerror}.")
