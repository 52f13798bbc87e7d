"""The place that an artifact is looked into."""

from collections.abc import Sequence

from mltrack_tui.domain.entities import Artifact, CandidateId
from mltrack_tui.screens.place import Place
from mltrack_tui.screens.session import Session


class PreviewPlace(Place):
    """One file; a tab for each way to look at it."""

    def __init__(self, session: Session, path: Sequence[str], candidate: CandidateId, artifact: Artifact) -> None:
        super().__init__(session)
        self._path, self._candidate, self._artifact = tuple(path), candidate, artifact
