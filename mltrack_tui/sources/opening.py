"""What is asked of a source first: as deep as there is only one way, or where the user wants to begin."""

from collections.abc import Sequence
from dataclasses import dataclass

from mltrack_tui.domain.entities import Experiment, Project
from mltrack_tui.sources.base import NotFoundError, Source, final


@dataclass(frozen=True, slots=True)
class Beginning:
    """Where to begin.

    Attributes:
        projects: those there are to choose from.
        experiments: those of the one project, or none where there are several projects.
        wanted: the one experiment that was asked for.
    """

    projects: Sequence[Project]
    experiments: Sequence[Experiment] = ()
    wanted: Experiment | None = None


async def first_answer(source: Source, project: str | None = None, experiment: str | None = None) -> Beginning:
    """Find the project and the experiment that are wanted, or what there is.

    Raises:
        NotFoundError: the source has no such project or experiment.
        SourceError: it could not answer.
    """
    projects = (await final(source.projects())).items
    if project is not None:
        projects = [each for each in projects if each.name == project]
        if not projects:
            raise NotFoundError(f"{source.name} has no project “{project}”; mltrack projects lists them.")
    if experiment is not None:
        return await _wanted(source, projects, experiment)
    if len(projects) != 1:
        return Beginning(projects)
    return Beginning(projects, (await final(source.experiments(projects[0].name))).items)


async def _wanted(source: Source, projects: Sequence[Project], wanted: str) -> Beginning:
    """An experiment by its name, else by its id, in the first project that has one."""
    by_id: Beginning | None = None
    for project in projects:
        experiments = (await final(source.experiments(project.name))).items
        for experiment in experiments:
            if experiment.name == wanted:
                return Beginning((project,), experiments, experiment)
            if experiment.experiment_id == wanted and by_id is None:
                by_id = Beginning((project,), experiments, experiment)
    if by_id is None:
        raise NotFoundError(f"{source.name} has no experiment “{wanted}”; mltrack experiments lists them.")
    return by_id
