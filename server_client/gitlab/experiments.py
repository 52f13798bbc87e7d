"""Experiments, as GitLab has them."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing

from server_client.channel import API, Channel
from server_client.decode import experiment, listing
from server_client.errors import NotFoundError
from server_client.experiments import ExperimentsResource
from server_client.gitlab import graphql
from server_client.gitlab.values import ExperimentNode
from server_client.paging import Listing, Pager
from server_client.values import Experiment

_LIST = f"{API}/experiments/list"


class GitLabExperiments(ExperimentsResource):
    """What can be asked about a project's experiments. Every call raises TrackingError.

    GitLab cannot rename or restore them, nor change or remove a tag that is set: that raises NotFoundError or
    BadRequestError. What is deleted is gone.
    """

    def __init__(self, channel: Channel, instance: Channel, full_path: Callable[[], Awaitable[str]]) -> None:
        super().__init__(channel)
        self._instance, self._full_path = instance, full_path
        self._gids: dict[str, str] = {}
        self._finding = asyncio.Lock()

    def search(
        self,
        filter: str = "",  # noqa: A002, ARG002 - MLflow's name
        order_by: Sequence[str] = (),  # noqa: ARG002 - as MLflow is asked
        view: str = "ACTIVE_ONLY",
        page_size: int = 1000,
    ) -> Pager[Experiment]:
        """All experiments, on one page and in no order, whatever is asked: GET experiments/list.

        Unlike POST experiments/search it needs no more than to read. There are no deleted ones.
        """

        async def fetch(_token: str | None, _size: int) -> Listing[Experiment]:
            if view == "DELETED_ONLY":
                return Listing((), None)
            return await self._channel.get(_LIST, (), listing("experiments", experiment))

        return Pager(fetch, page_size=page_size, identity=lambda found: found.experiment_id, path=_LIST)

    def nodes(self, page_size: int = graphql.MOST_NODES) -> Pager[ExperimentNode]:
        """What GraphQL tells of the experiments, the last change first."""

        async def fetch(token: str | None, size: int) -> Listing[ExperimentNode]:
            first = min(size, graphql.MOST_NODES)
            variables = {"path": await self._full_path(), "first": first, "after": token}
            page = await graphql.ask(self._instance, graphql.EXPERIMENTS, variables, graphql.experiments)
            self._gids.update((node.experiment_id, node.gid) for node in page.items)
            return page

        return Pager(fetch, page_size=page_size, identity=lambda found: found.experiment_id, path=graphql.PATH)

    async def gid(self, experiment_id: str) -> str:
        """GraphQL's id of an experiment, which nothing else tells; kept. Raises NotFoundError."""
        async with self._finding:
            if experiment_id not in self._gids:
                async with aclosing(self.nodes()) as pages:
                    async for _ in pages:
                        if experiment_id in self._gids:
                            break
        if experiment_id not in self._gids:
            raise NotFoundError(404, error_code="RESOURCE_DOES_NOT_EXIST", message=f"no experiment {experiment_id}")
        return self._gids[experiment_id]
