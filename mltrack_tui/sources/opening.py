"""What is asked of a source first: as deep as there is only one way, or where the user wants to begin."""

from collections.abc import Sequence
from dataclasses import dataclass

from mltrack_tui.domain.entities import CandidateId, Experiment, Project
from mltrack_tui.domain.query import Lifecycle
from mltrack_tui.sources.base import NotFoundError, Source, first, listed


@dataclass(frozen=True, slots=True)
class Beginning:
    """Where to begin.

    Attributes:
        projects: those there are to choose from.
        experiments: those of the one project, or none where there are several projects.
        whole: whether these are all, and counted.
        wanted: the experiments to open at once.
        candidate: the candidate of theirs to begin at.
        back: whether somebody was there before.
    """

    projects: Sequence[Project]
    experiments: Sequence[Experiment] = ()
    whole: bool = True
    wanted: Sequence[Experiment] = ()
    candidate: CandidateId | None = None
    back: bool = False


async def first_answer(source: Source, project: str | None = None, experiment: str | None = None) -> Beginning:
    """Find the project and the experiment that are wanted, or what there is.

    Raises:
        NotFoundError: the source has no such project or experiment.
        SourceError: it could not answer.
    """
    every = await listed(source.projects())
    projects = every.items
    if project is not None:
        projects = [each for each in projects if each.name == project]
        if not projects:
            raise NotFoundError(f"{source.name} has no project “{project}”; mltrack projects lists them.")
    if experiment is not None:
        beginning = await _wanted(source, projects, experiment)
        chosen = beginning.wanted[0]
        # the source keeps what the table will ask first: it is read while the screens are imported
        await first(source.columns(chosen.project, (chosen.experiment_id,)))
        return beginning
    if len(projects) != 1:
        return Beginning(projects, whole=every.complete)
    page = await first(source.experiments(projects[0].name))
    return Beginning(projects, page.items, whole=page.complete)


async def _wanted(source: Source, projects: Sequence[Project], wanted: str) -> Beginning:
    """An experiment by its name, else by its id, in the first project that has one."""
    by_id: Beginning | None = None
    for project in projects:
        experiments = (await listed(source.experiments(project.name))).items
        for experiment in experiments:
            if experiment.name == wanted:
                return Beginning((project,), experiments, wanted=(experiment,))
            if experiment.experiment_id == wanted and by_id is None:
                by_id = Beginning((project,), experiments, wanted=(experiment,))
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
    projects = [each for each in (await listed(source.projects())).items if each.name == project]
    if not projects:
        return None
    lifecycle = Lifecycle.ALL if source.capabilities.deleted else Lifecycle.ACTIVE
    known = (await listed(source.experiments(project, lifecycle))).items
    by_id = {experiment.experiment_id: experiment for experiment in known}
    wanted = [by_id[id_] for id_ in experiments if id_ in by_id]
    if not wanted:
        return None
    try:
        here = await source.locate(candidate) if candidate is not None else None
    except NotFoundError:
        here = None
    return Beginning(projects, known, wanted=wanted, candidate=here, back=True)
