"""Files that are not complete yet: ``weights.bin.3fa9c1d2-77b0e3aa5c12d9f4.part`` beside where they will lie.

The name tells what it is a part of: a digest of whose artifact it is, and one of its version and size. So nothing is
continued that is of another, and nobody needs to remember anything.
"""

import errno
import hashlib
import os
import stat
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.domain.paths import LONGEST_NAME
from mltrack_tui.transfer.errors import TransferError, shown, told
from mltrack_tui.transfer.folders import Folder, opened

if sys.platform != "win32":
    import fcntl

_ENDING = ".part"
_OF_ARTIFACT, _OF_VERSION = 8, 16  # digits of the digests in a part's name
_NO_COPYING = {errno.ENOSYS, errno.EXDEV, errno.EINVAL, errno.EOPNOTSUPP, errno.EPERM, errno.EBADF}


@dataclass(frozen=True, slots=True)
class Target:
    """Where an artifact will lie: a name in a folder some parts below the one that the user chose."""

    chosen: Path
    parts: tuple[str, ...]
    name: str
    candidate: CandidateId
    artifact: str

    @property
    def path(self) -> Path:
        """All of it."""
        return self.chosen.joinpath(*self.parts, self.name)

    def part_name(self, version: str | None, size: int | None) -> str:
        """What a part of this version is called."""
        return f"{self.beginning}{_digest(version, size)[:_OF_VERSION]}{_ENDING}"

    def found(self) -> dict[str, int]:
        """The parts of it that there are, of any version, with their sizes. Raises TransferError."""
        beginning = self.beginning
        with told(str(self.path)), suppress(FileNotFoundError), self.folder(make=False) as folder:
            names = [name for name in folder.names() if name.startswith(beginning) and name.endswith(_ENDING)]
            return {name: about.st_size for name in names if (about := folder.stat(name)) is not None}
        return {}

    def discard(self, keep: str = "") -> None:
        """Remove all parts of it but one, if nobody writes them."""
        for name in self.found().keys() - {keep}:
            with suppress(TransferError), self.folder(make=False) as folder:
                _remove(folder, name)

    @contextmanager
    def folder(self, *, make: bool = True) -> Iterator[Folder]:
        """The folder it lies in. Raises OSError."""
        with opened(self.chosen, make=make) as chosen, chosen.below(self.parts, make=make) as folder:
            yield folder

    @property
    def beginning(self) -> str:
        """What the names of all its parts begin with."""
        of = _digest(*self.candidate, self.artifact, self.name)[:_OF_ARTIFACT]
        room = LONGEST_NAME - len(f".{of}-{_ENDING}") - _OF_VERSION
        short = os.fsencode(self.name)[:room].decode(errors="ignore")
        return f"{short}.{of}-"


def discard_parts(targets: Iterable[Target]) -> None:
    """Remove all parts of some files, if nobody writes them; each folder is looked at once."""
    for folder, parts in _all_parts(targets):
        for name in parts:
            with suppress(OSError, TransferError):
                _remove(folder, name)


def with_parts(targets: Iterable[Target]) -> set[Target]:
    """Those of some files of which there are parts; each folder is looked at once."""
    return {target for _, parts in _all_parts(targets) for target in parts.values()}


def _all_parts(targets: Iterable[Target]) -> Iterator[tuple[Folder, dict[str, Target]]]:
    """Each folder that is there, with the names of the parts in it; one that cannot be looked at has none."""
    together: dict[tuple[Path, tuple[str, ...]], list[Target]] = defaultdict(list)
    for target in targets:
        together[target.chosen, target.parts].append(target)
    for some in together.values():
        beginnings = {target.beginning: target for target in some}
        with suppress(OSError), some[0].folder(make=False) as folder:
            beginnings_of = ((name, name[: -_OF_VERSION - len(_ENDING)]) for name in folder.names())
            yield folder, {name: beginnings[begins] for name, begins in beginnings_of if begins in beginnings}


class PartFile:
    """The part of a file, opened and locked: its owner's only, and written by nobody else. For use in threads.

    ``size`` is how much of it there is. Every call raises TransferError.
    """

    def __init__(self, target: Target, name: str, start: int = 0) -> None:
        """Begin it, or go on at ``start`` where there is so much of it."""
        self._target, self._name = target, name
        self.size = start
        with ExitStack() as opening, told(target.artifact):
            self._folder = opening.enter_context(target.folder())
            handle = self._continued() if start else self._created()
            self._file: BinaryIO = opening.enter_context(open(handle, "r+b", buffering=0))  # noqa: PTH123
            self._file.truncate(start)
            self._file.seek(start)
            self._opened = opening.pop_all()

    def write(self, data: bytes) -> None:
        """Add to it."""
        with told(self._target.artifact):
            view = memoryview(data)
            while view:
                view = view[self._file.write(view) :]
        self.size += len(data)

    def copy(self, file: BinaryIO, most: int) -> int:
        """Add at most so many bytes of another file, from the same place in it; 0 when it has no more."""
        with told(self._target.artifact):
            copied = _copied(file, self._file, self.size, most)
        self.size += copied
        return copied

    def read_into(self, digest: "hashlib._Hash", start: int, most: int) -> None:
        """Let a digest know some of what was written."""
        with told(self._target.artifact):
            self._file.seek(start)
            digest.update(self._file.read(most))

    def finish(self, mode: int) -> Folder:
        """Let others read it; answers with the folder in which it may be given its name."""
        with told(self._target.artifact):
            os.chmod(self._file.fileno() if os.chmod in os.supports_fd else self._path, mode)  # noqa: PTH101
        return self._folder

    def discard(self) -> None:
        """Remove it."""
        with told(self._target.artifact):
            self._folder.remove(self._name)

    def close(self) -> None:
        """Let go of it; it stays where it is."""
        self._opened.close()

    @property
    def _path(self) -> Path:
        return self._folder.path / self._name

    def _created(self) -> int:
        try:
            handle = self._folder.open(self._name, os.O_RDWR | os.O_CREAT | os.O_EXCL)
        except FileExistsError:
            _remove(self._folder, self._name)
            handle = self._folder.open(self._name, os.O_RDWR | os.O_CREAT | os.O_EXCL)
        _lock(handle, self._name)
        return handle

    def _continued(self) -> int:
        return _taken(self._folder, self._name, self.size)


def _taken(folder: Folder, name: str, least: int) -> int:
    """The descriptor of a part that is there, ours, locked, and at least so long."""
    handle = folder.open(name, os.O_RDWR)
    try:
        _lock(handle, name)
        _refuse_strange(os.fstat(handle), folder.stat(name), least, name)
    except BaseException:
        os.close(handle)
        raise
    return handle


def _refuse_strange(about: os.stat_result, there: os.stat_result | None, least: int, name: str) -> None:
    """Raise TransferError of an opened file that is not what lies there, or that we did not write."""
    if there is None or not os.path.samestat(about, there) or about.st_size < least:
        raise TransferError(f"{shown(name)} was changed by another program meanwhile. Try again.")
    if not stat.S_ISREG(about.st_mode) or about.st_nlink != 1 or about.st_uid != _user(about):
        raise TransferError(f"{shown(name)} was not written by mltrack. Remove it, or choose another folder.")


def _remove(folder: Folder, name: str) -> None:
    """Remove a part; what is no file of ours stays. Raises TransferError and OSError."""
    os.close(_taken(folder, name, 0))
    folder.remove(name)


def _user(about: os.stat_result) -> int:
    return os.geteuid() if sys.platform != "win32" else about.st_uid


def _lock(handle: int, name: str) -> None:
    if sys.platform == "win32":
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise TransferError(f"{shown(name)} is being written by another mltrack. Wait for it, or end it.") from None
    except OSError:
        return  # a disk without locks, as some networks' are


def _copied(file: BinaryIO, to: BinaryIO, at: int, most: int) -> int:
    """Copy within the system where it can (Linux: copy_file_range), else through here."""
    if hasattr(os, "copy_file_range"):
        try:
            if copied := os.copy_file_range(file.fileno(), to.fileno(), most, at, at):
                return copied
        except OSError as error:
            if error.errno not in _NO_COPYING:
                raise
    file.seek(at)
    data = file.read(min(most, 1 << 20))
    to.seek(at)
    view = memoryview(data)
    while view:
        view = view[to.write(view) :]
    return len(data)


def _digest(*about: object) -> str:
    return hashlib.sha256("\0".join(map(repr, about)).encode(errors="replace")).hexdigest()
