"""From what a user calls a thing to the thing, or to the nearest names."""

from collections.abc import Iterable, Sequence
from functools import partial

from mltrack_tui.cli.asking import Asker
from mltrack_tui.cli.errors import CommandError, Status, nearest, suggestion
from mltrack_tui.domain.entities import Candidate, CandidateId, Experiment, Project
from mltrack_tui.domain.filter import words_filter
from mltrack_tui.domain.page import Page
from mltrack_tui.domain.query import Column, Lifecycle, Query
from mltrack_tui.sources.base import NotFoundError, RefusedError
from mltrack_tui.sources.pages import at_hand, final, listed

_FEW = 1000


async def project_names(ask: Asker, wanted: str | None) -> list[str]:
    """The project that is wanted, or all.

    Raises:
        CommandError: there is none of that name, or none is named of a source that may have thousands.
    """
    try:
        if wanted is not None:
            return [(await ask(lambda: ask.source.project(wanted))).name]
    except NotFoundError:
        names = [project.name for project in (await _projects(ask)).items]
        there = suggestion(nearest(wanted or "", names) or names[:3])
        raise CommandError(f"there is no project {wanted}{there}") from None
    page = await _projects(ask)
    if page.on_demand:
        raise _ambiguous(f"{ask.source.name} has too many projects to look through them: name one with --project")
    return [project.name for project in page.items]


async def _projects(ask: Asker) -> Page[Project]:
    return await ask(lambda: listed(ask.source.projects()))


async def experiments_of(
    ask: Asker, projects: Sequence[str], lifecycle: Lifecycle, *, counted: bool = False
) -> list[Experiment]:
    """The experiments of some projects, ``counted`` as far as the source does, the latest activity first in each.

    Of several projects, those that are closed to the user have none.
    """

    async def experiments(project: str) -> Sequence[Experiment]:
        pages = ask.source.experiments(project, lifecycle)
        return (await (final(pages) if counted else listed(pages))).items

    found: list[Experiment] = []
    for project in projects:
        try:
            found += await ask(partial(experiments, project))
        except RefusedError:
            if len(projects) == 1:
                raise
    return found


def require_lifecycle(ask: Asker, lifecycle: Lifecycle) -> None:
    """Raise a CommandError if deleted things are asked of a source that cannot tell them. Ask it something first."""
    deleted = ask.source.capabilities.deleted
    if lifecycle is not Lifecycle.ACTIVE and not deleted:
        raise CommandError(f"--lifecycle {lifecycle}: {deleted.reason}")


def require_told(ask: Asker, columns: Iterable[Column]) -> None:
    """Raise a CommandError if a column is asked of a source that does not know it. Ask it something first."""
    for column in columns:
        if not (told := ask.source.capabilities.telling(column)):
            raise CommandError(f"{column}: {told.reason}")


async def find_experiments(ask: Asker, words: Sequence[str], project: str | None) -> list[Experiment]:
    """The experiments of these names or ids, all in one project; of no words: all experiments of the project.

    Raises:
        CommandError: one is unknown, a word fits several, or they lie in several projects.
    """
    projects = await project_names(ask, project)
    if not words and len(projects) > 1:
        raise _ambiguous(f"there are several projects, choose one with --project: {', '.join(projects)}")
    every = Lifecycle.ALL if ask.source.capabilities.deleted else Lifecycle.ACTIVE
    known = await experiments_of(ask, projects, every)
    found = [_experiment(word, known) for word in words] if words else known
    if len({experiment.project for experiment in found}) > 1:
        places = ", ".join(f"{experiment.name} in {experiment.project}" for experiment in found)
        raise _ambiguous(f"ask one project at a time: {places}")
    return list({experiment.experiment_id: experiment for experiment in found}.values())


def _experiment(word: str, known: Sequence[Experiment]) -> Experiment:
    """A name goes before an id only where no other experiment has that id."""
    fitting = [experiment for experiment in known if word in {experiment.name, experiment.experiment_id}]
    if not fitting:
        near = nearest(word, (experiment.name for experiment in known))
        raise CommandError(f"there is no experiment {word}{suggestion(near, '; see mltrack experiments')}")
    if len(fitting) > 1:
        several = " and ".join(f"{each.name} (id {each.experiment_id}, project {each.project})" for each in fitting)
        hint = "say which by the other's name or id, or with --project"
        raise _ambiguous(f"{word} is both {several}: {hint}")
    return fitting[0]


def _ambiguous(text: str) -> CommandError:
    return CommandError(text, Status.WRONG_COMMAND_LINE)


async def find_candidate(ask: Asker, word: str, project: str | None = None) -> CandidateId:
    """Where the candidate of this id lies, in one project or any. Raises a CommandError that names the nearest."""
    try:
        return await ask(lambda: ask.source.locate(word, project))
    except NotFoundError:
        near = await _near_candidates(ask, word, project)
        raise CommandError(f"there is no candidate {word}{suggestion(near, '; see mltrack candidates')}") from None


async def _near_candidates(ask: Asker, word: str, project: str | None) -> list[str]:
    """Those of nearly this id, and those of this name, as somebody may have thought that a name will do.

    A server is not asked for all of its candidates for that.
    """
    known = await _candidates(ask, "", project)
    if len(known) > _FEW:
        known = [each for each in known if word[:4] == each.candidate_id[:4] or word[-4:] == each.candidate_id[-4:]]
    near = nearest(word, (each.candidate_id for each in known[:_FEW]))
    named = (await _candidates(ask, word, project))[:3]
    candidates: Sequence[Candidate] = await ask(lambda: ask.source.read(named, ()))
    return [*(f"{each.id.candidate_id} ({each.name})" for each in candidates), *near][:3]


async def _candidates(ask: Asker, name: str, wanted: str | None) -> list[CandidateId]:
    async def candidates(query: Query) -> Sequence[CandidateId]:
        return (await at_hand(ask.source.candidates(query))).items

    found: list[CandidateId] = []
    for project in await project_names(ask, wanted):
        try:
            experiments = await experiments_of(ask, [project], Lifecycle.ACTIVE)
        except RefusedError:
            continue
        query = Query(project, tuple(experiment.experiment_id for experiment in experiments), words_filter(name))
        found += await ask(partial(candidates, query))
    return found


async def require_metric(ask: Asker, candidate: CandidateId, metric: str) -> None:
    """Raise a CommandError that names the nearest if this candidate never logged this metric."""
    found = await ask(lambda: ask.source.read([candidate]))
    names = sorted(found[0].metrics) if found else []
    if metric in names:
        return
    near = nearest(metric, names) or names[:3]
    there = suggestion(near, "; it logged none at all")
    raise CommandError(f"candidate {candidate.candidate_id} logged no metric {metric}{there}")
