"""How a download fails, and how that is told in one line."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from mltrack_tui.domain.text import clean

_LONGEST_SHOWN = 200
_DISK_FULL = "the disk is full. Make room, or choose another folder."
_NOT_ALLOWED = "no permission to write there. Choose another folder."
_REASONS = {
    errno.ENOSPC: _DISK_FULL,
    errno.EDQUOT: _DISK_FULL,
    errno.EFBIG: "it is larger than a file may be there. Choose another folder.",
    errno.EACCES: _NOT_ALLOWED,
    errno.EPERM: _NOT_ALLOWED,
    errno.EROFS: _NOT_ALLOWED,
    errno.EEXIST: "something of that name is in the way. Choose another folder.",
    errno.EISDIR: "a folder of that name is in the way. Choose another folder.",
    errno.ENOTDIR: "what should hold it is no folder. Choose another one.",
    errno.ELOOP: "a link is in the way, and is not followed. Choose another folder.",
    errno.ENAMETOOLONG: "its name is too long for this disk.",
}


class TransferError(Exception):
    """The artifacts could not be brought here. The text is one line: what happened, to what, and what to do now."""


class TargetExistsError(TransferError):
    """Something of that name is there already; it was not touched."""


class NoRoomError(TransferError):
    """The disk has no room for it, nor for anything else."""


@contextmanager
def told(name: str) -> Iterator[None]:
    """Turn what the system refuses into one line about ``name``."""
    try:
        yield
    except OSError as error:
        number = error.errno or 0
        reason = _REASONS.get(number, f"{error.strerror or 'writing failed'}.")
        kind = NoRoomError if number in {errno.ENOSPC, errno.EDQUOT} else TransferError
        raise kind(f"{shown(name)} could not be written: {reason}") from error


def shown(name: str) -> str:
    """A name as it may stand in a message."""
    return clean(name, _LONGEST_SHOWN)
