"""Folders that downloads are written to, below which nothing is reached through a link.

A name that was looked at may be another thing a moment later: where the system has it, a folder is held open and
everything is done relative to it (openat and its like), and what is a link is not opened (O_NOFOLLOW).
"""

import errno
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

_HELD = {os.open, os.mkdir, os.stat, os.unlink, os.link, os.rename} <= os.supports_dir_fd
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EXDEV}


class Folder:
    """One folder, held open while it is used. All raise OSError."""

    def __init__(self, path: Path, handle: int | None) -> None:
        self.path = path
        self._handle = handle

    def stat(self, name: str) -> os.stat_result | None:
        """What lies there, a link itself and not where it leads; None for nothing."""
        try:
            return os.stat(self._at(name), dir_fd=self._handle, follow_symlinks=False)
        except FileNotFoundError:
            return None

    def open(self, name: str, flags: int) -> int:
        """A file's descriptor, of a new file for its owner only; a link is not followed."""
        return os.open(self._at(name), flags | _NO_FOLLOW, 0o600, dir_fd=self._handle)

    def remove(self, name: str) -> None:
        """Let a file go that may have gone already."""
        with suppress(FileNotFoundError):
            os.unlink(self._at(name), dir_fd=self._handle)

    def rename(self, old: str, new: str) -> None:
        """Give a file another name, which is free. Raises FileExistsError where it is not."""
        try:
            os.link(
                self._at(old), self._at(new), src_dir_fd=self._handle, dst_dir_fd=self._handle, follow_symlinks=False
            )
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            os.close(self.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY))  # the name is ours from here on
            self.replace(old, new)
        else:
            self.remove(old)

    def replace(self, old: str, new: str) -> None:
        """Give a file another name, in the place of whatever file has it."""
        os.replace(self._at(old), self._at(new), src_dir_fd=self._handle, dst_dir_fd=self._handle)

    def names(self) -> list[str]:
        """What is in it."""
        return os.listdir(self.path if self._handle is None else self._handle)  # noqa: PTH208 - of what is held

    @contextmanager
    def below(self, parts: Sequence[str], *, make: bool = True) -> Iterator["Folder"]:
        """A folder in this one, made with those around it where it is missing. Raises NotADirectoryError of links."""
        if not parts:
            yield self
            return
        name, *further = parts
        if make:
            with suppress(FileExistsError):
                os.mkdir(self._at(name), dir_fd=self._handle)
        if (found := self.stat(name)) is not None and stat.S_ISLNK(found.st_mode):
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), name)
        with _held(self.path / name, self._at(name), self._handle) as folder, folder.below(further, make=make) as last:
            yield last

    def _at(self, name: str) -> str:
        return str(self.path / name) if self._handle is None else name


@contextmanager
def opened(path: Path, *, make: bool = True) -> Iterator[Folder]:
    """A folder that the user chose, links and all, made where it is missing. Raises OSError."""
    if make:
        path.mkdir(parents=True, exist_ok=True)
    with _held(path, str(path), None, chosen=True) as folder:
        yield folder


@contextmanager
def _held(path: Path, at: str, within: int | None, *, chosen: bool = False) -> Iterator[Folder]:
    if not _HELD:
        if not path.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(path))
        yield Folder(path, None)
        return
    handle = os.open(at, os.O_RDONLY | os.O_DIRECTORY | (0 if chosen else _NO_FOLLOW), dir_fd=within)
    try:
        yield Folder(path, handle)
    finally:
        os.close(handle)
