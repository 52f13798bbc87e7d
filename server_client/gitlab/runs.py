"""Runs, as GitLab has them: candidates."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from typing import TypeVar

from server_client.channel import API, Channel
from server_client.decode import Json, listing, within
from server_client.errors import BadRequestError, ForbiddenError, Hint, RefusedError, UnexpectedAnswerError
from server_client.gitlab import decode, graphql
from server_client.gitlab.experiments import GitLabExperiments
from server_client.gitlab.kept import Known
from server_client.gitlab.values import CandidateNode
from server_client.paging import Batch, Listing, Pager
from server_client.runs import RunsResource
from server_client.values import Metric, Run

T = TypeVar("T")

_SEARCH = f"{API}/runs/search"
_MOST_RUNS = 1000  # of a page
_SORTABLE = re.compile(r"""[^\s."'`]+""")

FetchRuns = Callable[[str | None, int], Awaitable[Listing[Run]]]


def metric_order(metric: str, descending: bool) -> str | None:
    """The text to sort runs by a metric; None of a metric with a dot or a space in its name.

    GitLab takes for the name what is between the first dot, the next, and the first space, and knows no quotation
    marks (``candidates_order_params``). It compares the values that were logged last.
    """
    return f"metrics.{metric} {'DESC' if descending else 'ASC'}" if _SORTABLE.fullmatch(metric) else None


class GitLabRuns(RunsResource):
    """What can be asked about a project's runs. Every call raises TrackingError.

    GitLab cannot rename or restore them, nor change or remove a tag or parameter that is set. What is deleted is gone.

    Attributes:
        read_singly: why runs are not searched for but read one by one: a token or a role that is too small for POST
            runs/search. None as long as nothing was refused.
    """

    def __init__(self, channel: Channel, instance: Channel, experiments: GitLabExperiments, known: Known) -> None:
        super().__init__(channel)
        self._instance, self._experiments, self._known = instance, experiments, known
        self._walks: dict[str, _Walk] = {}
        self._knows_lists = False
        self._most_runs = _MOST_RUNS
        self.read_singly: RefusedError | None = None

    def _decode(self, item: Json) -> Run:
        return self._with_rows(item)[0]

    def _with_rows(self, item: Json) -> tuple[Run, tuple[Metric, ...]]:
        found, rows = decode.run_and_rows(item)
        if len(found.metrics) < len(rows):
            self._known.every_row = True
        return found, rows

    def search(
        self,
        experiment_ids: Sequence[str],
        filter: str = "",  # noqa: A002, ARG002 - MLflow's name
        order_by: Sequence[str] = (),
        view: str = "ACTIVE_ONLY",
        page_size: int = 250,
    ) -> Pager[Run]:
        """All runs of one experiment, the newest first, whatever the filter: POST runs/search.

        To whom GitLab refuses that (it needs the scope ``api`` and the role Developer), the runs are listed by
        GraphQL and read one by one, which needs no more than to read.

        Args:
            experiment_ids: one; GitLab would leave out the runs of others.
            filter: GitLab has none.
            order_by: at most one, of `metric_order`. Runs without the metric are left out.
            view: there are no deleted runs.
            page_size: runs of a page, at most 1000; where they are read one by one, of a batch.

        Raises:
            BadRequestError: an order was asked for where runs can only be read one by one.
        """
        (experiment_id,) = experiment_ids
        order = order_by[0] if order_by else ""
        way: FetchRuns | None = None

        async def searched(token: str | None, size: int) -> Listing[Run]:
            size = min(size, self._most_runs)
            body: dict[str, object] = {"experiment_ids": [experiment_id], "max_results": size}
            body |= {"order_by": order} if order else {}
            try:
                return await self._channel.search(_SEARCH, body, token, listing("runs", self._decode))
            except UnexpectedAnswerError as error:
                if error.hint is not Hint.TOO_LARGE or size == 1:
                    raise
            self._most_runs = max(size // 8, 1)  # before 17.10 a run comes with every metric value ever logged
            return await searched(token, size)

        async def singly(token: str | None, size: int) -> Listing[Run]:
            return await self._singly(experiment_id, order, token, size)

        async def fetch(token: str | None, size: int) -> Listing[Run]:
            nonlocal way
            if view == "DELETED_ONLY":
                return Listing((), None)
            way = way or (singly if self.read_singly else searched)  # a list goes on the way that it began
            try:
                return await way(token, size)
            except ForbiddenError as error:
                if way is singly or token:
                    raise
                self.read_singly, way = error, singly
            return await singly(token, size)

        return Pager(fetch, page_size=page_size, identity=lambda found: found.run_id, path=_SEARCH)

    async def rows(self, run_id: str) -> tuple[Run, tuple[Metric, ...]]:
        """A run, with all the metric values that it comes with. Raises NotFoundError."""
        return await self._channel.get(f"{API}/runs/get", [("run_id", run_id)], within("run", self._with_rows))

    def nodes(self, experiment_id: str, after: str = "", page_size: int = graphql.MOST_NODES) -> Pager[CandidateNode]:
        """What GraphQL tells of an experiment's candidates, the newest first, after a cursor."""

        async def fetch(token: str | None, size: int) -> Listing[CandidateNode]:
            place = token or after

            def decoded(data: Json) -> Listing[CandidateNode]:
                return graphql.candidates(data, place, self._instance.uri)

            page = await self._candidates(graphql.CANDIDATES, experiment_id, place, size, decoded)
            self._walk(experiment_id).nodes.update((node.run_id, node) for node in page.items)
            return page

        return Pager(fetch, page_size=page_size, identity=lambda found: found.run_id, path=graphql.PATH)

    async def node(self, experiment_id: str, run_id: str) -> CandidateNode | None:
        """What GraphQL tells of one candidate; None where it is not there.

        No question is about one candidate alone, so the experiment's are gone through, a hundred a question, and
        kept: from where the last search ended, then those that are new.
        """
        walk = self._walk(experiment_id)
        async with walk.walking:
            if run_id not in walk.nodes:
                await self._find(experiment_id, run_id, walk)
            return walk.nodes.get(run_id)

    def forget(self) -> None:
        """Rely no longer on the nodes that were kept."""
        self._walks.clear()

    async def _find(self, experiment_id: str, run_id: str, walk: "_Walk") -> None:
        """Go on from where the last search ended; where that is not near, look at what is new first."""
        new_are_known = not walk.end
        async with aclosing(self.nodes(experiment_id, walk.end)) as pages:
            async for batch in pages:
                walk.went_on(batch)
                if run_id not in walk.nodes and not new_are_known:
                    await self._see_new(experiment_id, walk)
                    new_are_known = True
                if run_id in walk.nodes:
                    return

    async def _see_new(self, experiment_id: str, walk: "_Walk") -> None:
        async with aclosing(self.nodes(experiment_id)) as pages:
            async for batch in pages:
                if not walk.passed.isdisjoint(node.run_id for node in batch.items):
                    return

    def _walk(self, experiment_id: str) -> "_Walk":
        return self._walks.setdefault(experiment_id, _Walk())

    async def _singly(self, experiment_id: str, order: str, token: str | None, size: int) -> Listing[Run]:
        """So many runs after a cursor of GraphQL's."""
        assert self.read_singly is not None  # noqa: S101 - else one would search
        if order:
            raise BadRequestError(
                400, method="POST", path=_SEARCH, message="GitLab sorts runs only for those whom it lets search"
            )
        ids: list[str] = []
        try:
            while len(ids) < size:
                page = await self._candidates(graphql.IDS, experiment_id, token, size - len(ids), graphql.ids)
                ids += page.items
                token = page.token
                if token is None:
                    break
        except RefusedError as error:
            if not graphql.refuses(error):
                raise
            refused = self.read_singly
        else:
            return Listing(tuple(await self.some(ids)), token)
        raise refused

    async def _candidates(
        self, query: str, experiment_id: str, after: str | None, size: int, decode: Callable[[Json], Listing[T]]
    ) -> Listing[T]:
        first = min(size, graphql.MOST_NODES)
        variables = {"id": await self._experiments.gid(experiment_id), "first": first, "after": after or None}
        return await graphql.ask(self._instance, query, variables, decode)


class _Walk:
    """An experiment's candidates as far as they were gone through.

    Attributes:
        nodes: those that were seen, also by others.
        passed: the ids of those that were gone through in a row, from where the newest was then.
        end: the cursor of the last of these.
    """

    def __init__(self) -> None:
        self.walking = asyncio.Lock()
        self.nodes: dict[str, CandidateNode] = {}
        self.passed: set[str] = set()
        self.end = ""

    def went_on(self, batch: Batch[CandidateNode]) -> None:
        if batch.items:
            self.passed.update(node.run_id for node in batch.items)
            self.end = batch.items[-1].cursor
