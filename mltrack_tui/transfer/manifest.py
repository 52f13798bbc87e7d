"""What a download brought, written down so that anybody can check it later.

The lines are those of sha256sum (GNU coreutils), whose ``sha256sum --check`` reads them and leaves out those that
begin with #: there each file's size stands, and what could not be brought.
"""

import hashlib
import os
from pathlib import Path

from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.domain.text import clean
from mltrack_tui.transfer.errors import TransferError, shown, told
from mltrack_tui.transfer.naming import Naming
from mltrack_tui.transfer.order import Download, Existing
from mltrack_tui.transfer.parts import PartFile, Target
from mltrack_tui.transfer.threads import in_thread


async def write_manifest(download: Download, file: Path, existing: Existing = Existing.REFUSE) -> None:
    """Write names (relative to the download's folder), sizes in bytes and sha256 of all its files that are here.

    Raises:
        TargetExistsError: the file is there already and is not to be replaced.
        TransferError: it could not be written, or a file could not be read.
    """
    lines = [
        f"# {len(download.finished):,} files, from mltrack. Check them in their folder: sha256sum --check",
        *(f"# not here: {clean(each.path)}: {clean(each.reason)}" for each in download.failures),
    ]
    for path in sorted(download.finished):
        size, digest = await in_thread(_about, path)
        lines += [f"# {size} bytes:", f"{digest}  {path.relative_to(download.folder).as_posix()}"]
    await in_thread(_write, file, "".join(f"{line}\n" for line in lines).encode(), existing)


def refuse_manifest(file: Path) -> None:
    """Raise TransferError where a manifest would replace something."""
    if os.path.lexists(file):
        raise TransferError(f"{shown(str(file))} is there already. Name another file for the manifest.")


def _about(path: Path) -> tuple[int, str]:
    with told(str(path)), path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return file.tell(), digest


def _write(file: Path, data: bytes, existing: Existing) -> None:
    target = Target(file.parent, (), file.name, CandidateId("", "", "", ""), file.name)
    part = PartFile(target, name := target.part_name(None, len(data)))
    try:
        part.write(data)
        Naming(existing).name(part, name, target)
    finally:
        part.close()
