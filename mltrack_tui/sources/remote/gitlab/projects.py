"""The projects of a GitLab: the latest activity first, a page at a time, counted when somebody looks."""

import asyncio
import re
from collections import OrderedDict
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

from mltrack_tui.domain.entities import CandidateId, Experiment, Project
from mltrack_tui.domain.page import Page
from mltrack_tui.sources.base import Capabilities, Capability, NotFoundError, Price, RefusedError, SourceError, no_price
from mltrack_tui.sources.remote.gitlab.experiments import GitLabExperiments
from mltrack_tui.sources.remote.gitlab.origins import GitLabOrigins
from mltrack_tui.sources.remote.holding import Holding
from mltrack_tui.sources.remote.shared import Shared
from mltrack_tui.sources.remote.workspace import Workspace
from server_client import NotFoundError as NotThereError
from server_client import RefusedError as RefusedByServerError
from server_client import ServerError, TooManyRequestsError
from server_client.gitlab.client import GitLabClient, ProjectClient
from server_client.gitlab.values import Project as TheirProject

_NO_PROJECT = "project not found"
_OF_MODELS = "/registered-models/"
_KEPT_SEARCHES = 8
_LOOKED_THROUGH = 20
"""Projects in which a candidate is looked for that nobody said the project of."""
_RUN_NUMBER = re.compile(r"\bcandidate:(\d+)\b")
_ACCESS = ((50, "Owner"), (40, "Maintainer"), (30, "Developer"), (20, "Reporter"), (15, "Planner"), (10, "Guest"))
"""GitLab's roles by their least access level."""

_CAPABILITIES = Capabilities(
    deleted=Capability("GitLab deletes for good: there is nothing deleted to show."),
    not_finite=Capability("GitLab's metrics are finite numbers: what is logged as NaN or infinite is refused there."),
    datasets=Capability("GitLab keeps no datasets."),
    ci=Capability(),
    web=Capability(),
)
_NO_TIMES = Capability("This GitLab tells the steps of a metric's points, but not when they were logged.")
_NO_HISTORY = Capability("This GitLab tells only the value of a metric that was logged last.")


class GitLabProjects:
    """Projects by their full path: all of the user's, or the ``only`` one that a tracking URI names."""

    def __init__(
        self,
        gitlab: GitLabClient,
        called: str,
        page_size: int,
        only: str | None = None,
        gpu_hour: Price = no_price,
    ) -> None:
        """``only`` is a path or a number."""
        self._gpu_hour = gpu_hour
        self._gitlab, self._called, self._page_size, self._only = gitlab, called, page_size, only
        self._held: dict[str, Holding] = {}
        self._clients: dict[str, ProjectClient] = {}
        self._known: dict[str, Project] = {}
        self._searches: OrderedDict[str, _Search] = OrderedDict()

    @property
    def capabilities(self) -> Capabilities:
        """What GitLab can do; what it tells of histories is known when the first was asked for."""
        metrics = [client.metrics for client in self._clients.values()]
        times = _CAPABILITIES.times if all(each.times_told for each in metrics) else _NO_TIMES
        history = _CAPABILITIES.history if all(each.all_told for each in metrics) else _NO_HISTORY
        return replace(_CAPABILITIES, times=times, history=history)

    def __getitem__(self, name: str) -> Holding:
        """What was fetched of a project, whether there is such or not."""
        if name not in self._held:
            client = self._clients[name] = self._gitlab.in_project(name)
            workspace = Workspace(client, self._location, name, self._page_size)
            experiments = GitLabExperiments(workspace, client.experiments)
            self._held[name] = Holding.of(workspace, experiments, GitLabOrigins(client.runs), self._gpu_hour)
        return self._held[name]

    async def pages(self, search: str) -> AsyncIterator[Page[Project]]:
        """The user's projects, the latest activity first; each page but the first when it is wanted."""
        if self._only is not None:
            yield Page((await self._the_only(),), 1, 1)
            return
        listing = self._search(search.strip())
        if not listing.begun:
            await listing.grow()
        while True:
            items = [self._known.get(each.path) or self._told(each) for each in listing.projects]
            total = len(items) if listing.complete else listing.total
            yield Page(items, len(items), total, listing.complete, on_demand=not listing.complete)
            if listing.complete:
                return
            await listing.grow()

    async def find(self, name: str) -> Project:
        """The project of a path; of a number too, whose path it then tells."""
        if self._only is not None:
            project = await self._the_only()
            if name in {project.name, self._only}:
                return project
            raise self._missing(name)
        if name in self._known:
            return self._known[name]
        try:
            return self._told(await self._gitlab.projects.get(name))
        except NotThereError:
            raise self._missing(name) from None

    async def count(self, names: Sequence[str]) -> AsyncIterator[Project]:
        """How many experiments and models some projects hold: a question for each, told as they are answered."""
        asked = [asyncio.ensure_future(self._counted(name)) for name in names]
        try:
            for answer in asyncio.as_completed(asked):
                if (project := await answer) is not None:
                    yield project
        finally:
            for each in asked:
                each.cancel()

    @property
    def are_all_looked_through(self) -> bool:
        """Not where there may be thousands."""
        return self._only is not None

    async def names(self) -> Sequence[str]:
        """The only project; else those that were opened, and some of the latest activity."""
        if self._only is not None:
            return [(await self._the_only()).name]
        listing = self._search("")
        if not listing.begun:
            await listing.grow()
        return list(dict.fromkeys([*self._held, *(each.path for each in listing.projects[:_LOOKED_THROUGH])]))

    def trouble(self, name: str, error: RefusedByServerError) -> SourceError | None:
        """That there is no such project, or that its experiments or models are turned off or not for this user."""
        if error.error_code is not None:
            return None
        if _NO_PROJECT in error.message.lower():
            return self._missing(name)
        what = "models" if _OF_MODELS in error.path else "experiments"
        return RefusedError(f"{name} shows no {what}: they are turned off in its settings, or not for your role there.")

    async def web_page(self, of: Project | Experiment | CandidateId) -> str:
        """GitLab's page of a project, an experiment or a candidate."""
        match of:
            case Project(name):
                return f"{self._gitlab.uri}/{name}"
            case Experiment():
                return f"{self._gitlab.uri}/{of.project}/-/ml/experiments/{of.experiment_id}"
        workspace = self[of.project].workspace
        candidate = await workspace.pool.one(of.candidate_id)
        if (number := _RUN_NUMBER.search(candidate.artifact_uri or "")) is not None:
            return f"{self._gitlab.uri}/{of.project}/-/ml/candidates/{number[1]}"
        node = await self._clients[of.project].runs.node(of.experiment_id, of.candidate_id)
        if node is None:
            raise NotFoundError(f"{self._called} does not say which page candidate {of.candidate_id!r} has.")
        return node.page

    def forget(self) -> None:
        """Rely on nothing that may be otherwise now."""
        self._known.clear()
        self._searches.clear()
        for client in self._clients.values():
            client.forget()
        for held in self._held.values():
            held.forget()

    @property
    def _location(self) -> str:
        return self._gitlab.in_project(self._only).uri if self._only is not None else self._gitlab.uri

    def _search(self, text: str) -> "_Search":
        if text not in self._searches:
            self._searches[text] = _Search(self._gitlab, text)
        self._searches.move_to_end(text)
        while len(self._searches) > _KEPT_SEARCHES:
            self._searches.popitem(last=False)
        return self._searches[text]

    async def _the_only(self) -> Project:
        assert self._only is not None  # noqa: S101 - whoever asks knows
        for project in self._known.values():
            return project
        try:
            found = await self._gitlab.projects.get(self._only)
        except NotThereError:
            raise self._missing(self._only) from None
        return await self._counted(found.path, found) or self._told(found)

    async def _counted(self, name: str, known: TheirProject | None = None) -> Project | None:
        try:
            project = self._told(known) if known is not None else await self.find(name)
            counts = await self._gitlab.projects.counts(name)
        except (TooManyRequestsError, ServerError):  # that may pass: somebody else may try again
            raise
        except (RefusedByServerError, NotFoundError):
            return None
        experiments = project.experiments if counts.experiments is None else counts.experiments
        models = project.models if counts.models is None else counts.models
        counted = replace(project, experiments=experiments, models=models)
        self._known[name] = counted
        return counted

    def _told(self, project: TheirProject) -> Project:
        experiments = 0 if project.experiments_enabled is False else None
        models = 0 if project.models_enabled is False else None
        access = role(project.access_level)
        told = self._known[project.path] = Project(project.path, experiments, project.last_activity, models, access)
        return told

    def _missing(self, name: str) -> SourceError:
        return NotFoundError(f"{self._called} shows no project {name!r}: check the path, and whether you are in it.")


def role(level: int | None) -> str | None:
    """The name of an access level."""
    return next((word for least, word in _ACCESS if level is not None and level >= least), None)


class _Search:
    """The projects that were listed so far, of all or of those that a text finds."""

    def __init__(self, gitlab: GitLabClient, text: str) -> None:
        self._gitlab, self._text = gitlab, text
        self._next: int | None = 1
        self._paths: set[str] = set()
        self.projects: list[TheirProject] = []
        self.total: int | None = None
        self.begun = False
        self.grow = Shared(self._grow)

    @property
    def complete(self) -> bool:
        """Whether all came."""
        return self._next is None

    async def _grow(self) -> None:
        if self._next is None:
            return
        page = await self._gitlab.projects.page(self._text, self._next)
        # what became active meanwhile pushes others onto the next page once more
        fresh = [each for each in page.projects if each.path not in self._paths]
        self._paths.update(each.path for each in fresh)
        self.projects += fresh
        self._next, self.total, self.begun = page.next, page.total, True
