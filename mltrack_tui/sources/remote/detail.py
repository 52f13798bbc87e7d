"""One candidate and what hangs on it."""

from mltrack_tui.domain.entities import PARENT_TAG, Candidate, CandidateDetail
from mltrack_tui.domain.query import Lifecycle
from mltrack_tui.sources.remote.pool import UnlessGone
from mltrack_tui.sources.remote.workspace import Workspace

_CHILDREN_AT_ONCE = 250


async def read_detail(workspace: Workspace, candidate_id: str) -> CandidateDetail:
    """A candidate as it is now, with its parent, its children in its own experiment, and datasets.

    Raises server_client's NotFoundError.
    """
    candidate = await workspace.pool.one(candidate_id, fresh=True)
    return CandidateDetail(
        candidate=candidate,
        experiment_name=candidate.experiment_name or candidate.id.experiment_id,
        parent=await _parent(workspace, candidate),
        children=await _children(workspace, candidate),
        datasets=workspace.pool.datasets(candidate_id),
    )


async def _parent(workspace: Workspace, candidate: Candidate) -> Candidate | None:
    parent = candidate.tags.get(PARENT_TAG)
    if not parent:
        return None
    with UnlessGone():
        return await workspace.pool.one(parent)
    return None


async def _children(workspace: Workspace, candidate: Candidate) -> tuple[Candidate, ...]:
    """The candidates that name this one as their parent, in the order of their start."""
    experiment, told = candidate.id.experiment_id, candidate.id.candidate_id
    bases = workspace.bases([experiment], Lifecycle.ALL)
    ids = bases.ids() if bases.complete else await _found_children(workspace, experiment, told)
    held = [each for each in map(workspace.pool.get, ids) if each and each.tags.get(PARENT_TAG) == told]
    return tuple(sorted(held, key=lambda each: (each.start_time or 0, each.id.candidate_id)))


async def _found_children(workspace: Workspace, experiment: str, candidate_id: str) -> list[str]:
    if not candidate_id.isalnum():
        return []
    text = f"tags.`{PARENT_TAG}` = '{candidate_id}'"
    pager = workspace.client.runs.search([experiment], text, (), "ALL", _CHILDREN_AT_ONCE)
    found = [run async for run in pager.all()]
    workspace.pool.take(found)
    return [run.run_id for run in found]
