"""One download, waited for: what the screens of earlier days ask for. `Downloads` is the way."""

from collections.abc import Callable
from pathlib import Path

from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.sources.artifacts import ArtifactSource
from mltrack_tui.transfer.downloads import Download, Downloads, Existing, Progress, Wanted
from mltrack_tui.transfer.errors import TransferError


async def download(
    source: ArtifactSource, candidate: CandidateId, path: str, folder: Path, *, progress: Callable[[Progress], None]
) -> Path:
    """Bring an artifact of a candidate, file or folder, into ``folder``, and say where it lies now.

    Raises TransferError.
    """

    def tell(changed: Download) -> None:
        if changed.progress.files_total is not None:
            progress(changed.progress)

    downloads = Downloads(tell)
    one = downloads.add(source, [Wanted(candidate, path)], folder, Existing.REFUSE, path)
    try:
        await downloads.ended()
    finally:
        await downloads.aclose()
    if one.problem or one.failures:
        raise TransferError(one.problem or f"{one.failures[0].path}: {one.failures[0].reason}")
    return one.targets[0]
