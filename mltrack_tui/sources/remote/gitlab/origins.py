"""Where in GitLab's CI candidates ran, and who logged them: told by GraphQL a hundred candidates at a time."""

from collections.abc import AsyncIterator, Mapping, Sequence

from mltrack_tui.domain.entities import Candidate, Link
from server_client import RefusedError, ServerError, TooManyRequestsError
from server_client.gitlab.runs import GitLabRuns
from server_client.gitlab.values import CandidateNode

_TOLD_AT_ONCE = 100


class GitLabOrigins:
    """What GraphQL tells of candidates, which it lists the newest first: those above one are told before it."""

    def __init__(self, runs: GitLabRuns) -> None:
        self._runs = runs
        self._nodes: dict[str, CandidateNode | None] = {}
        self._refused = False

    async def learn(self, candidates: Sequence[Candidate]) -> AsyncIterator[int]:
        """Have the nodes of some candidates. Where GraphQL is refused, nothing is known of any.

        Trouble that may pass is raised: nobody is to take it for candidates that no pipeline logged.
        """
        for known, candidate in enumerate(candidates, 1):
            await self._node(candidate)
            if known % _TOLD_AT_ONCE == 0 or known == len(candidates):
                yield known

    def values(self, candidate: Candidate) -> Mapping[str, str]:
        """Pipeline, merge request and user, as far as the candidate has them."""
        node = self._nodes.get(candidate.id.candidate_id)
        if node is None or node.ci is None:
            return {}
        told = {"pipeline": node.ci.pipeline, "merge_request": node.ci.merge_request, "user": node.ci.user}
        return {name: value for name, value in told.items() if value}

    def user(self, candidate: Candidate) -> str | None:
        """Who logged it."""
        node = self._nodes.get(candidate.id.candidate_id)
        return node.creator if node is not None else None

    async def links(self, candidate: Candidate) -> tuple[Link, ...]:
        """The CI job, its pipeline and merge request, and who triggered it."""
        try:
            node = await self._node(candidate)
        except (TooManyRequestsError, ServerError):  # without the links there is still a candidate to be seen
            return ()
        if node is None or node.ci is None:
            return ()
        ci = node.ci
        links = [Link("CI job", ci.name, ci.url), Link("pipeline", ci.pipeline, ci.pipeline_url)]
        if ci.merge_request:
            words = f"{ci.merge_request} {ci.merge_request_title or ''}".rstrip()
            links.append(Link("merge request", words, ci.merge_request_url))
        if ci.user:
            links.append(Link("triggered by", ci.user))
        return tuple(links)

    def forget(self) -> None:
        """Ask anew for those that were not there."""
        self._refused = False
        self._nodes = {each: node for each, node in self._nodes.items() if node is not None}

    async def _node(self, candidate: Candidate) -> CandidateNode | None:
        told = candidate.id.candidate_id
        if told not in self._nodes and not self._refused:
            try:
                self._nodes[told] = await self._runs.node(candidate.id.experiment_id, told)
            except (TooManyRequestsError, ServerError):
                raise
            except RefusedError:
                self._refused = True
        return self._nodes.get(told)
