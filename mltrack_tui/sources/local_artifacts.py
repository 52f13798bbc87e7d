"""Paths below an artifact folder."""

from pathlib import PurePosixPath

from mltrack_tui.sources.artifact_roots.names import below


def safe_path(path: str) -> PurePosixPath:
    """A path below an artifact folder, as it was given. Raises NotFoundError where it could lead elsewhere."""
    return PurePosixPath(below(path))
