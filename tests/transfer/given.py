"""What the tests of downloads have in common: an order, waited for; the whole disk below a folder."""

import stat
from collections.abc import Callable
from pathlib import Path

from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.sources.artifacts import ArtifactSource
from mltrack_tui.transfer.downloads import Download, Downloads, Existing, Wanted
from tests.transfer.sources import CANDIDATE


async def fetch(
    source: ArtifactSource,
    path: str,
    folder: Path,
    existing: Existing = Existing.REFUSE,
    *,
    tell: Callable[[Download], None] = lambda _: None,
    candidate: CandidateId = CANDIDATE,
) -> Download:
    """Download and wait for the end, however that is."""
    downloads = Downloads(tell)
    one = downloads.add(source, [Wanted(candidate, path)], folder, existing, path)
    await downloads.ended()
    await downloads.aclose()
    return one


def all_below(folder: Path) -> dict[str, bytes | str | None]:
    """Every path below a folder, hidden ones included, with a file's content and where a link leads."""
    return {str(path.relative_to(folder)): _held(path) for path in sorted(folder.rglob("*"))}


def _held(path: Path) -> bytes | str | None:
    mode = path.lstat().st_mode
    if stat.S_ISLNK(mode):
        return f"-> {path.readlink()}"
    return path.read_bytes() if stat.S_ISREG(mode) else None
