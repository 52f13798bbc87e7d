"""What lies in the folders of a candidate's artifacts, listed when they are opened and counted when that is wanted."""

from collections.abc import AsyncIterator, Sequence
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

from mltrack_tui.domain.artifacts import Artifact
from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.screens.candidate.tree import Total
from mltrack_tui.sources.artifacts import ArtifactSource
from mltrack_tui.sources.base import NoServerError, NotFoundError, SourceError

if TYPE_CHECKING:
    from textual.worker import Worker

    from mltrack_tui.screens.candidate.artifacts import ArtifactsPane
    from mltrack_tui.screens.candidate.place import CandidatePlace

MOST_FILES, MOST_FOLDERS = 100_000, 10_000
"""Where counting ends: a listing may have no end."""
TELL = 0.1
"""Seconds between two counts that are shown, at least."""


class Folders:
    """Lists folders for a place's tree; what comes of a candidate that was left is not shown."""

    def __init__(self, place: "CandidatePlace", pane: "ArtifactsPane") -> None:
        self._place, self._pane = place, pane
        self._counting: Worker[None] | None = None

    def read(self, path: str = "") -> None:
        """Have a folder listed, '' for the top."""
        if (candidate := self._place.shown) is not None:
            _: Worker[None] = self._place.run_worker(self._list(candidate, path), group="folders")

    async def _list(self, candidate: CandidateId, path: str) -> None:
        source = self._place.session.source
        if not source.capabilities.artifacts:
            self._pane.say(source.capabilities.artifacts.reason or "")
            return
        if not self._pane.listed:
            self._pane.say("Listing …")

        def failed(error: SourceError) -> None:
            if self._place.is_open and candidate == self._place.shown:
                self._failed(path, error)

        artifacts = await self._place.answer(partial(source.artifacts, candidate, path), failed)
        if artifacts is not None and self._place.is_open and candidate == self._place.shown:
            self._pane.show(path, artifacts)

    def _failed(self, path: str, error: SourceError) -> None:
        if path:
            self._place.failed(error)
            self._pane.show_problem(path, "gone" if isinstance(error, NotFoundError) else str(error))
        elif isinstance(error, NoServerError):
            from mltrack_tui.screens.candidate.server import words_of

            self._pane.say(words_of(error, self._place.session), can_be_named=True)
        else:
            self._pane.say(str(error))

    def ask_for_server(self) -> None:
        """Have the user say where the server of these artifacts is, and list them from there."""
        from mltrack_tui.screens.candidate.server import ServerDialog  # when it is first needed

        def named(address: str | None) -> None:
            if address is not None:
                self._pane.read()

        self._place.app.push_screen(ServerDialog(self._place.session.source), named)

    # Counting

    def count(self, folders: Sequence[Artifact]) -> None:
        """Count all that lies in some folders, one after the other."""
        if (candidate := self._place.shown) is not None:
            self._counting = self._place.run_worker(self._count(candidate, folders), group="total", exclusive=True)

    def stop(self) -> bool:
        """Count no longer; says whether that was done."""
        counting, self._counting = self._counting, None
        running = counting is not None and counting.is_running
        if counting is not None:
            counting.cancel()
        return running

    async def _count(self, candidate: CandidateId, folders: Sequence[Artifact]) -> None:
        source = self._place.session.source
        for folder in folders:
            total, told = Total(), 0.0
            self._pane.show_total(folder.path, total)
            async for total in self._place.answers(partial(counted_below, source, candidate, folder.path)):
                if candidate != self._place.shown:
                    return
                if total.whole or monotonic() - told >= TELL:
                    told = monotonic()
                    self._pane.show_total(folder.path, total)
            if self._place.is_open and candidate == self._place.shown:
                self._pane.show_total(folder.path, total)


async def counted_below(source: ArtifactSource, candidate: CandidateId, path: str) -> AsyncIterator[Total]:
    """What lies in a folder and all folders below it, growing with each that is listed. Raises SourceError.

    A count that ends at `MOST_FILES` or `MOST_FOLDERS` is never whole.
    """
    files = size = unknown = 0
    waiting, seen = [path], {path}
    while waiting and len(seen) <= MOST_FOLDERS and files <= MOST_FILES:
        for each in await source.artifacts(candidate, waiting.pop()):
            if not each.is_readable:
                continue
            if not each.is_dir:
                files, size, unknown = files + 1, size + (each.size or 0), unknown + (each.size is None)
            elif each.path not in seen:
                seen.add(each.path)
                waiting.append(each.path)
        yield Total(files, size, unknown, whole=not waiting)
