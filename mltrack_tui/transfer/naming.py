"""How complete files get their names: nothing is replaced that nobody asked to replace."""

import os
import stat
import threading

from mltrack_tui.transfer.errors import TargetExistsError, TransferError, shown, told
from mltrack_tui.transfer.folders import Folder
from mltrack_tui.transfer.order import Existing
from mltrack_tui.transfer.parts import PartFile, Target

_DISK_MIXES_UP = "the disk takes its name for that of another artifact of this download. Download it alone."


class Naming:
    """Gives the files of one download their names, one at a time. For use in threads.

    Two names may be one for a disk (A and a, or two ways to write é): the second of them is not put over the first.
    """

    def __init__(self, existing: Existing) -> None:
        self._existing = existing
        self._ours: set[tuple[int, int]] = set()
        self._one_at_a_time = threading.Lock()
        mask = os.umask(0o077)  # it cannot be had without being set; a moment of less is safe
        os.umask(mask)
        self._mode = 0o666 & ~mask

    def name(self, part: PartFile, part_name: str, target: Target) -> None:
        """Give a part its final name, and the permissions of any new file.

        A file that is to stay where it is (`Existing.SKIP`) does, and the part goes.

        Raises:
            TargetExistsError: something has that name.
            TransferError: it could not be written.
        """
        folder = part.finish(self._mode)
        with self._one_at_a_time, told(str(target.path)):
            there, ours = folder.stat(target.name), folder.stat(part_name)
            if ours is None:
                raise TransferError(f"{shown(part_name)} was removed by another program. Try again.")
            if there is not None and (there.st_dev, there.st_ino) in self._ours:
                part.discard()
                raise TransferError(f"{shown(target.artifact)} is not written: {_DISK_MIXES_UP}")
            if there is None:
                _rename(folder, part_name, target)
            elif self._existing is Existing.REPLACE and not stat.S_ISDIR(there.st_mode):
                folder.replace(part_name, target.name)
            elif self._existing is Existing.SKIP and not stat.S_ISDIR(there.st_mode):
                part.discard()
                return
            else:
                raise in_the_way(target)
            self._ours.add((ours.st_dev, ours.st_ino))


def _rename(folder: Folder, part_name: str, target: Target) -> None:
    try:
        folder.rename(part_name, target.name)
    except FileExistsError:  # it came up in this moment
        raise in_the_way(target) from None


def in_the_way(target: Target) -> TargetExistsError:
    """What is said where a name is taken."""
    return TargetExistsError(f"{shown(str(target.path))} is there already. Move it away, or choose another folder.")
