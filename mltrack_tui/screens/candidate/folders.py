"""What lies in the folders of a candidate's artifacts, listed when they are opened."""

from functools import partial
from typing import TYPE_CHECKING

from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.sources.base import SourceError

if TYPE_CHECKING:
    from textual.worker import Worker

    from mltrack_tui.screens.candidate.artifacts import ArtifactsPane
    from mltrack_tui.screens.candidate.place import CandidatePlace


class Folders:
    """Lists folders for a place's tree; what comes of a candidate that was left is not shown."""

    def __init__(self, place: "CandidatePlace", pane: "ArtifactsPane") -> None:
        self._place, self._pane = place, pane

    def read(self, candidate: CandidateId, path: str = "") -> None:
        """Have a folder listed, '' for the top."""
        _: Worker[None] = self._place.run_worker(self._list(candidate, path), group="folders")

    async def _list(self, candidate: CandidateId, path: str) -> None:
        source = self._place.session.source
        if not source.capabilities.artifacts:
            self._pane.say(source.capabilities.artifacts.reason or "")
            return
        if not self._pane.listed:
            self._pane.say("Listing …")

        def failed(error: SourceError) -> None:
            if candidate != self._place.shown:
                return
            if path:
                self._place.failed(error)
            else:
                self._pane.say(str(error))

        artifacts = await self._place.answer(partial(source.artifacts, candidate, path), failed)
        if artifacts is not None and candidate == self._place.shown:
            self._pane.show(path, artifacts)
