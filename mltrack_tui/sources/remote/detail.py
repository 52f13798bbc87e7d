"""One candidate and what hangs on it."""

from mltrack_tui.domain.entities import PARENT_TAG, Candidate, CandidateDetail
from mltrack_tui.domain.query import Lifecycle
from mltrack_tui.sources.remote.holding import Holding
from mltrack_tui.sources.remote.pool import UnlessGone
from mltrack_tui.sources.remote.workspace import Workspace
from server_client.together import together

_CHILDREN_AT_ONCE = 250


async def read_detail(holding: Holding, candidate_id: str) -> CandidateDetail:
    """A candidate as it is now, with its parent, its children in its own experiment, its datasets and its origin.

    Of a server without filters the children are those among the candidates that were fetched.
    Raises server_client's NotFoundError.
    """
    workspace = holding.workspace
    candidate = await workspace.pool.one(candidate_id, fresh=True)
    (children, every), parent, origin = await together(
        _children(workspace, candidate), _parent(workspace, candidate), holding.extras.origin(candidate)
    )
    return CandidateDetail(
        candidate=holding.extras.with_user(candidate),
        experiment_name=candidate.experiment_name or candidate.id.experiment_id,
        parent=parent,
        children=children,
        datasets=workspace.pool.datasets(candidate_id),
        origin=origin,
        every_child=every,
    )


async def _parent(workspace: Workspace, candidate: Candidate) -> Candidate | None:
    parent = candidate.tags.get(PARENT_TAG)
    if not parent:
        return None
    with UnlessGone():
        return await workspace.pool.one(parent)
    return None


async def _children(workspace: Workspace, candidate: Candidate) -> tuple[tuple[Candidate, ...], bool]:
    """The candidates that name this one as their parent, in the order of their start, and whether these are all."""
    experiment, told = candidate.id.experiment_id, candidate.id.candidate_id
    bases = workspace.bases([experiment], Lifecycle.ALL)
    filters = workspace.client.dialect.filters
    if not filters and not bases.ready:
        await bases.begin()
    if bases.complete:
        ids = bases.ids()
    elif filters:
        ids = await _found_children(workspace, experiment, told)
    else:
        ids = workspace.loaded([experiment], Lifecycle.ALL)
    held = [each for each in map(workspace.pool.get, ids) if each and each.tags.get(PARENT_TAG) == told]
    children = tuple(sorted(held, key=lambda each: (each.start_time or 0, each.id.candidate_id)))
    return children, filters or bases.complete


async def _found_children(workspace: Workspace, experiment: str, candidate_id: str) -> list[str]:
    if not candidate_id.isalnum():
        return []
    text = f"tags.`{PARENT_TAG}` = '{candidate_id}'"
    pager = workspace.client.runs.search([experiment], text, (), "ALL", _CHILDREN_AT_ONCE)
    found = [run async for run in pager.all()]
    workspace.pool.take(found)
    return [run.run_id for run in found]
