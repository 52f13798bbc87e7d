"""What MLflow's client logged elsewhere is in GitLab as far as that can hold it, and told so."""

from dataclasses import replace
from math import inf, isfinite, nan

import pytest

from tests.gitlab.asking import Asking
from tests.gitlab.fixtures import StartGitLab
from tests.gitlab.profiles import Profile
from tests.gitlab.seeding import PARENT, dashed, hold_facts, many_candidates, many_projects
from tests.gitlab.world import World
from tests.sources.facts import STORES, Facts, read_facts

FACTS = read_facts(STORES / "mlflow-3.17.2.json")
PLACE = "held/facts"


def held(asking: Asking, facts: Facts = FACTS) -> Facts:
    with asking.world.lock:
        return hold_facts(asking.world, PLACE, facts, asking.world.user_named("ann"), base=asking.stub.uri)


@pytest.mark.parametrize("profile", Profile)
def test_what_is_held_is_what_is_told(small: Asking, profile: Profile) -> None:
    facts = held(small)
    for experiment in facts.experiments:
        told = small.tracking("GET experiments/get", {"experiment_id": experiment.experiment_id}, path=PLACE).json()
        assert told["experiment"]["name"] == experiment.name
        assert told["experiment"]["artifact_location"] == experiment.artifact_location
    for facts_of_one in facts.candidates:
        run = small.tracking("GET runs/get", {"run_id": facts_of_one.candidate_id}, path=PLACE).json()["run"]
        info, data = run["info"], run["data"]
        assert (info["run_name"], info["status"]) == (facts_of_one.name, facts_of_one.status)
        assert (info["start_time"], info.get("end_time")) == (facts_of_one.start_time, facts_of_one.end_time)
        assert (info["artifact_uri"], info["experiment_id"]) == (facts_of_one.artifact_uri, facts_of_one.experiment_id)
        for key in ("params", "tags"):
            assert {pair["key"]: pair["value"] for pair in data[key]} == getattr(facts_of_one, key)
        rows = {(row["key"], row["step"], row["timestamp"], row["value"]) for row in data["metrics"]}
        history = {(key, *point) for key, points in facts_of_one.history.items() for point in points}
        assert rows == history if profile is Profile.OLD else rows <= history
        if profile is not Profile.OLD:
            assert {row["key"]: row["value"] for row in data["metrics"]} == facts_of_one.metrics


def test_only_what_is_active_and_finite_is_held(small: Asking) -> None:
    first = next(one for one in FACTS.candidates if one.lifecycle_stage == "active")
    odd = {"all odd": ((0, 1, nan), (1, 2, inf)), "odd at last": ((0, 1, 0.5), (1, 2, -inf))}
    spoilt = replace(
        first, history={**first.history, **odd}, metrics={**first.metrics, "all odd": inf, "odd at last": -inf}
    )
    facts = held(small, replace(FACTS, candidates=(spoilt, *(one for one in FACTS.candidates if one is not first))))
    assert {one.lifecycle_stage for one in facts.experiments} == {"active"}
    assert {one.lifecycle_stage for one in facts.candidates} == {"active"}
    assert len(facts.experiments) == 3
    kept = facts.candidates[0]
    assert (kept.history["odd at last"], kept.metrics["odd at last"]) == (((0, 1, 0.5),), 0.5)
    assert "all odd" not in {*kept.history, *kept.metrics}
    assert all(isfinite(value) for one in facts.candidates for value in one.metrics.values())


def test_the_order_stays_and_ids_get_dashes(small: Asking) -> None:
    facts = held(small)
    active = [one for one in FACTS.experiments if one.lifecycle_stage == "active"]
    assert [one.name for one in facts.experiments] == [one.name for one in active]
    kept = {one.candidate_id for one in facts.candidates}
    assert [one.candidate_id for one in facts.candidates] == [
        dashed(one.candidate_id) for one in FACTS.candidates if dashed(one.candidate_id) in kept
    ]
    parents = {one.tags[PARENT] for one in facts.candidates if PARENT in one.tags}
    assert parents
    assert parents <= kept


def test_the_newest_are_those_that_started_last(small: Asking) -> None:
    facts = held(small)
    for experiment in facts.experiments:
        search = {"experiment_ids": [experiment.experiment_id]}
        runs = small.tracking("POST runs/search", search, path=PLACE).json()["runs"]
        assert [run["info"]["run_id"] for run in runs] == [
            one.candidate_id for one in facts.members(experiment.experiment_id)
        ]
    ends = [one.end_time or one.start_time for one in facts.candidates]
    assert small.project(PLACE).last_activity_at == max(ends)


def test_very_much_is_served_in_pages(gitlab: StartGitLab) -> None:
    world = World()
    ann = world.user("ann")
    many_projects(world, ann, 2000)
    project = next(iter(world.projects.values()))
    experiment = world.experiment(project, "big", ann)
    many_candidates(world, project, experiment, 5000)
    with Asking(gitlab(world=world)) as asking:
        told = {"experiment_ids": ["1"], "max_results": 250}
        runs = asking.tracking("POST runs/search", told, path=project.path_with_namespace).json()["runs"]
        projects = asking.by().get("/api/v4/projects", params={"per_page": 100, "page": 20})
    assert (len(runs), runs[0]["info"]["run_name"]) == (250, "trial-04999")
    assert (len(runs[0]["data"]["metrics"]), len(runs[0]["data"]["params"])) == (6, 8)
    assert (len(projects.json()), projects.headers["x-next-page"]) == (100, "")
