"""What is asked of a source first: as deep as there is only one way, or where the user wants to begin."""

from collections.abc import Sequence
from dataclasses import dataclass

from mltrack_tui.domain.entities import CandidateId, Experiment, Project
from mltrack_tui.domain.page import Page
from mltrack_tui.domain.query import Lifecycle
from mltrack_tui.sources.base import NotFoundError, Source, SourceError
from mltrack_tui.sources.pages import first, listed


@dataclass(frozen=True, slots=True)
class Beginning:
    """Where to begin.

    Attributes:
        projects: those there are to choose from; of a server that may have thousands the first of them.
        experiments: those of the one project, or none where there are several projects.
        whole: whether these are all, and counted.
        wanted: the experiments to open at once.
        candidate: the candidate of theirs to begin at.
        back: whether somebody was there before.
    """

    projects: Page[Project]
    experiments: Sequence[Experiment] = ()
    whole: bool = True
    wanted: Sequence[Experiment] = ()
    candidate: CandidateId | None = None
    back: bool = False

    @property
    def project(self) -> Project | None:
        """The only project, if there are no others to choose from."""
        return self.projects.items[0] if len(self.projects.items) == 1 and not self.projects.on_demand else None

    @property
    def counts_apart(self) -> bool:
        """Whether the source tells how much is in a project only where that is asked of it."""
        return any(project.experiments is None for project in self.projects.items)


async def first_answer(source: Source, project: str | None = None, experiment: str | None = None) -> Beginning:
    """Find the project and the experiment that are wanted, or what there is.

    Raises:
        NotFoundError: the source has no such project or experiment.
        SourceError: it could not answer.
    """
    projects = await listed(source.projects()) if project is None else _only(await source.project(project))
    if experiment is not None:
        beginning = await _wanted(source, projects, experiment)
        chosen = beginning.wanted[0]
        # the source keeps what the table will ask first: it is read while the screens are imported
        await first(source.columns(chosen.project, (chosen.experiment_id,)))
        return beginning
    beginning = Beginning(projects)
    if beginning.project is None:
        return beginning
    page = await first(source.experiments(beginning.project.name))
    return Beginning(projects, page.items, whole=page.complete)


def _only(project: Project) -> Page[Project]:
    return Page((project,), 1, 1)


async def _wanted(source: Source, projects: Page[Project], wanted: str) -> Beginning:
    """An experiment by its name, else by its id, in the first project that has one."""
    if projects.on_demand:
        raise SourceError(f"{source.name} has too many projects to look through them: --project says in which one.")
    by_id: Beginning | None = None
    for project in projects.items:
        experiments = (await listed(source.experiments(project.name))).items
        for experiment in experiments:
            if experiment.name == wanted:
                return Beginning(_only(project), experiments, wanted=(experiment,))
            if experiment.experiment_id == wanted and by_id is None:
                by_id = Beginning(_only(project), experiments, wanted=(experiment,))
    if by_id is None:
        raise NotFoundError(f"{source.name} has no experiment “{wanted}”; mltrack experiments lists them.")
    return by_id


async def back_at(
    source: Source, project: str, experiments: Sequence[str], candidate: str | None = None
) -> Beginning | None:
    """Where somebody was before: a project, experiments and a candidate by their ids, as far as they are there still.

    Raises:
        SourceError: the source could not answer.
    """
    try:
        projects = _only(await source.project(project))
    except NotFoundError:
        return None
    lifecycle = Lifecycle.ALL if source.capabilities.deleted else Lifecycle.ACTIVE
    known = (await listed(source.experiments(project, lifecycle))).items
    by_id = {experiment.experiment_id: experiment for experiment in known}
    wanted = [by_id[id_] for id_ in experiments if id_ in by_id]
    if not wanted:
        return None
    try:
        here = await source.locate(candidate, project) if candidate is not None else None
    except NotFoundError:
        here = None
    return Beginning(projects, known, wanted=wanted, candidate=here, back=True)
