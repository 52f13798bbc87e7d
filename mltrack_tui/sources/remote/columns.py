"""The columns of what was fetched so far."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

from mltrack_tui.analysis.columns import constants, keys_of
from mltrack_tui.domain.entities import Candidate
from mltrack_tui.domain.query import Columns, Lifecycle
from mltrack_tui.sources.remote.answers import aside
from mltrack_tui.sources.remote.workspace import Workspace


async def columns_known(workspace: Workspace, experiments: Sequence[str]) -> AsyncIterator[Columns]:
    """The keys of the candidates that were fetched; the first pages are asked for where nothing was.

    That of the deleted candidates only where it may complete the answer.
    """
    places = await workspace.existing(experiments)
    active, every = (workspace.bases(places, stage) for stage in (Lifecycle.ACTIVE, Lifecycle.ALL))
    if places and not active.ready:
        await active.begin()
    if places and active.complete and not every.ready:
        yield replace(await _columns(workspace, places), complete=False)
        await every.begin()
    columns = await _columns(workspace, places)
    yield replace(columns, complete=not places or every.complete)


async def _columns(workspace: Workspace, places: Sequence[str]) -> Columns:
    held = [each for each in map(workspace.pool.get, workspace.loaded(places, Lifecycle.ALL)) if each is not None]
    return await aside(len(held), lambda: _told(held))


def _told(candidates: Sequence[Candidate]) -> Columns:
    columns = keys_of(candidates)
    active = [each for each in candidates if Lifecycle.ACTIVE.admits(each.lifecycle_stage)]
    return replace(columns, constant=constants(columns, active))
