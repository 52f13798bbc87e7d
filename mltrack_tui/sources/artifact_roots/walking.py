"""A folder of this machine, walked without a way out of it: no link is followed that leads elsewhere.

Looking and opening are one: each part of a path is opened in the folder above it, and never through a link, so that
nothing is gained by putting a link in a folder's place meanwhile. Pipes, sockets and devices are not opened. Where the
system cannot open in a folder (Windows), what was opened is compared with what was looked at.
"""

import errno
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_STEPWISE = {os.open, os.stat} <= os.supports_dir_fd and os.scandir in os.supports_fd and hasattr(os, "O_NOFOLLOW")
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_FLAGS = _NO_LINK | sum(
    getattr(os, name, 0) for name in ("O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY", "O_BINARY", "O_NOINHERIT")
)
_REFUSED_LINK = {errno.ELOOP, errno.EMLINK}
_TRIES = 4  # of a path in which somebody puts links while we walk it


class WayOutError(Exception):
    """A link leads out of the folder."""


class NoFileError(Exception):
    """Neither a file nor a folder; the text says what, with its article."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file or a folder, opened.

    Attributes:
        place: its path; where links were met, without them.
        descriptor: None only of a folder, where the system opens none; whoever wants to keep it copies it.
        status: what was opened.
    """

    place: str
    descriptor: int | None
    status: os.stat_result

    @property
    def is_dir(self) -> bool:
        """Whether it is a folder."""
        return stat.S_ISDIR(self.status.st_mode)

    def entries(self) -> Iterator[os.DirEntry[str]]:
        """What lies in this folder, in the disk's order."""
        with os.scandir(self.place if self.descriptor is None else self.descriptor) as entries:
            yield from entries


@contextmanager
def found_below(root: Path, path: str) -> Iterator[Found]:
    """What a path below a folder is, all links on it followed that stay inside; '' is the folder.

    Raises:
        WayOutError: a link leads out.
        NoFileError: it is a pipe, a socket or a device.
        OSError: it is not there, links run in a circle, or it may not be read.
    """
    found = _open(root, path)
    try:
        yield found
    finally:
        if found.descriptor is not None:
            os.close(found.descriptor)


def place_below(root: Path, path: str) -> str:
    """The path of something below a folder without links. Raises WayOutError and OSError as `found_below`."""
    top = os.path.realpath(root, strict=True)
    place = os.path.realpath(os.path.join(top, path) if path else top, strict=True)  # noqa: PTH118 - keeps what is given
    if not Path(place).is_relative_to(top):
        raise WayOutError
    return place


def require_file_or_folder(mode: int) -> None:
    """Raise NoFileError of what is neither."""
    kinds = {
        stat.S_IFIFO: "a named pipe",
        stat.S_IFSOCK: "a socket",
        stat.S_IFCHR: "a device",
        stat.S_IFBLK: "a device",
    }
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise NoFileError(kinds.get(stat.S_IFMT(mode), "something else"))


def _open(root: Path, path: str) -> Found:
    """Most paths have no link on them: whether one has, and where it leads, is only asked when we meet it."""
    parts: Sequence[str] = path.split("/") if path else ()
    for _ in range(_TRIES):
        try:
            if not _STEPWISE:
                return _open_and_compare(place_below(root, path))
            return _open_stepwise(root, parts)
        except _SwappedError:
            parts = Path(place_below(root, path)).relative_to(os.path.realpath(root, strict=True)).parts
    raise OSError(errno.EAGAIN, "somebody is changing it")


class _SwappedError(Exception):
    """There is a link where none was expected."""


def _open_stepwise(root: Path, parts: Sequence[str]) -> Found:
    descriptor = os.open(root, _FLAGS & ~_NO_LINK)  # how the folder itself is reached is its owner's business
    try:
        for part in parts:
            inner = _open_in(part, descriptor)
            os.close(descriptor)
            descriptor = inner
        return Found(str(root.joinpath(*parts)), descriptor, os.fstat(descriptor))
    except BaseException:
        os.close(descriptor)
        raise


def _open_in(name: str, folder: int | None) -> int:
    looked_at = os.stat(name, dir_fd=folder, follow_symlinks=False)
    if stat.S_ISLNK(looked_at.st_mode):
        raise _SwappedError
    require_file_or_folder(looked_at.st_mode)
    try:
        descriptor = os.open(name, _FLAGS, dir_fd=folder)
    except OSError as error:
        if error.errno in _REFUSED_LINK:
            raise _SwappedError from error
        raise
    try:
        status = os.fstat(descriptor)
        require_file_or_folder(status.st_mode)
        if not _STEPWISE:
            _require_same(status, looked_at)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _require_same(opened: os.stat_result, looked_at: os.stat_result) -> None:
    if (opened.st_dev, opened.st_ino) != (looked_at.st_dev, looked_at.st_ino):
        raise _SwappedError


def _open_and_compare(place: str) -> Found:
    status = Path(place).lstat()
    if stat.S_ISDIR(status.st_mode):
        return Found(place, None, status)
    descriptor = _open_in(place, None)
    return Found(place, descriptor, os.fstat(descriptor))
