"""Where to begin in a source: what is asked of one that has thousands of projects, and what of any other."""

import pytest

from mltrack_tui.sources.base import NotFoundError, SourceError
from mltrack_tui.sources.known import Known, look
from mltrack_tui.sources.opening import back_at, first_answer
from tests.screens.given import several_projects, shelf, workshop


async def test_of_thousands_of_projects_the_first_page_is_enough() -> None:
    source = shelf()
    beginning = await first_answer(source)
    assert (len(beginning.projects.items), beginning.projects.total, beginning.project) == (100, 2000, None)
    assert beginning.counts_apart
    assert source.calls == ["projects"]


async def test_a_project_that_is_named_is_asked_for_alone() -> None:
    source = shelf()
    beginning = await first_answer(source, "vision/project-1500", "digits")
    assert beginning.project is not None
    assert [experiment.name for experiment in beginning.wanted] == ["digits"]
    assert beginning.wanted[0].project == "vision/project-1500"
    assert "projects" not in source.calls
    with pytest.raises(NotFoundError, match=r"git\.example has no project “none”"):
        await first_answer(source, "none")


async def test_an_experiment_is_not_looked_for_in_thousands_of_projects() -> None:
    source = shelf()
    with pytest.raises(SourceError, match="--project says in which"):
        await first_answer(source, experiment="digits")
    assert source.calls == ["projects"]


async def test_elsewhere_it_is_looked_for_in_all() -> None:
    beginning = await first_answer(several_projects(), experiment="forecast")
    assert beginning.project is not None
    assert beginning.project.name == "sales"


async def test_one_project_is_gone_into_at_once() -> None:
    beginning = await first_answer(workshop())
    assert beginning.project is not None
    assert [experiment.name for experiment in beginning.experiments] == ["digits", "churn model", "empty one"]


async def test_a_page_of_one_project_is_not_the_only_one() -> None:
    source = shelf()
    source.projects_page = 1
    assert (await first_answer(source)).project is None


async def test_who_comes_back_has_only_his_project_asked_for() -> None:
    source = shelf()
    member = source.all_candidates[0].id
    beginning = await back_at(source, member.project, [member.experiment_id], member.candidate_id)
    assert beginning is not None
    assert beginning.candidate == member
    assert "projects" not in source.calls
    assert await back_at(source, "none", ["1"]) is None


async def test_a_look_at_thousands_of_projects_counts_the_first_page() -> None:
    source = shelf()
    standing = await look(Known("git", "https://git", "server", "https://git", lambda: source))
    assert (standing.project_count, standing.more) == ("100+", True)
    assert source.calls == ["projects"]
    standing = await look(Known("git", "https://git", "server", "https://git", several_projects))
    assert (standing.project_count, standing.more) == ("3", False)
