"""Pages: of runs and experiments by tokens, of projects by numbers and links, of GraphQL by cursors."""

from typing import Any

import httpx
import pytest

from tests.gitlab.asking import Asking, names
from tests.gitlab.seeding import many_candidates, many_projects
from tests.gitlab.things import Experiment

PROJECTS = "/api/v4/projects"


def big(small: Asking, number: int) -> Experiment:
    project = small.project()
    experiment = small.world.experiment(project, "big", small.world.user_named("ann"))
    many_candidates(small.world, project, experiment, number)
    return experiment


@pytest.mark.parametrize("order", ["created_at DESC", "metrics.metric1 ASC", "name"])
def test_all_runs_come_once_page_by_page_in_their_order(small: Asking, order: str) -> None:
    experiment = big(small, 55)
    told: dict[str, Any] = {"experiment_ids": [str(experiment.iid)], "order_by": order, "max_results": 20}
    pages: list[list[str]] = []
    while not pages or told["page_token"] is not None:
        answer = small.tracking("POST runs/search", told).json()
        pages.append([run["info"]["run_id"] for run in answer["runs"]])
        told["page_token"] = answer["next_page_token"]
    assert [len(page) for page in pages] == [20, 20, 15]
    whole = small.runs({"order_by": order}, experiment=experiment.iid)
    assert sum(pages, []) == [run["info"]["run_id"] for run in whole]  # noqa: RUF017


def test_a_page_has_two_hundred_unless_told_and_a_thousand_at_most(small: Asking) -> None:
    experiment = big(small, 1001)
    assert len(small.runs(experiment=experiment.iid)) == 200
    assert len(small.runs({"max_results": 5000}, experiment=experiment.iid)) == 1000


def test_a_token_belongs_to_its_order(small: Asking) -> None:
    told: dict[str, Any] = {"experiment_ids": ["1"], "max_results": 2, "order_by": "name"}
    token = small.tracking("POST runs/search", told).json()["next_page_token"]
    other = small.tracking("POST runs/search", told | {"page_token": token, "order_by": "created_at"})
    assert (other.status_code, other.json()) == (400, {"error": "page_token is invalid"})
    assert small.tracking("POST runs/search", told | {"page_token": "rubbish"}).status_code == 400
    assert names(small.runs({"max_results": 2, "order_by": "name", "page_token": token})) == ["2", "1"]


def test_a_new_run_shifts_no_page(small: Asking) -> None:
    told: dict[str, Any] = {"experiment_ids": ["1"], "max_results": 3}
    first = small.tracking("POST runs/search", told).json()
    small.tracking("POST runs/create", {"experiment_id": 1})
    rest = small.tracking("POST runs/search", told | {"page_token": first["next_page_token"]}).json()
    assert names(first["runs"]) + names(rest["runs"]) == ["4", "3", "2", "1", "0"]


def test_a_history_comes_in_pages_too(small: Asking) -> None:
    told = {"run_id": small.project().experiments[1].candidates[0].eid, "metric_key": "loss", "max_results": 8}
    first = small.tracking("GET metrics/get-history", told).json()
    rest = small.tracking("GET metrics/get-history", told | {"page_token": first["next_page_token"]}).json()
    assert [row["step"] for row in first["metrics"] + rest["metrics"]] == list(range(10))
    assert (len(first["metrics"]), rest["next_page_token"]) == (8, None)


def paths(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [project["path_with_namespace"] for project in answer.json()]


SELECTIONS = [
    ("ann", {"order_by": "last_activity_at", "per_page": 3}, ["group/sub/churn", "ann/digits", "group/vision"]),
    ("ann", {"order_by": "last_activity_at", "sort": "asc", "archived": "true"}, ["group/old"]),
    ("ann", {"order_by": "path", "sort": "asc", "search": "VI"}, ["group/vision"]),
    ("ann", {"search": "sub"}, []),
    ("ann", {"search": "sub", "search_namespaces": "true"}, ["group/sub/churn"]),
    ("gus", {"membership": "true", "order_by": "id", "sort": "asc"}, ["group/vision", "ann/digits", "group/plain"]),
    ("gus", {"min_access_level": 20}, []),
    (
        "dan",
        {"min_access_level": 30, "order_by": "id", "sort": "asc"},
        ["group/vision", "group/sub/churn", "group/plain"],
    ),
    ("sam", {"order_by": "id"}, ["group/open", "ann/digits"]),
    ("sam", {"membership": "true"}, []),
]


@pytest.mark.parametrize(("user", "asked", "expected"), SELECTIONS)
def test_projects_are_selected_and_sorted(small: Asking, user: str, asked: dict[str, Any], expected: list[str]) -> None:
    assert paths(small.by(user).get(PROJECTS, params=asked)) == expected


def test_projects_come_in_numbered_pages(small: Asking) -> None:
    many_projects(small.world, small.world.user_named("sam"), 250)
    asked: dict[str, Any] = {"membership": "true", "order_by": "last_activity_at", "per_page": 500}
    first = small.by("sam").get(PROJECTS, params=asked)
    assert (len(first.json()), paths(first)[0]) == (100, "team-02/project-0249")
    headers = {name: first.headers[f"x-{name}"] for name in ("page", "per-page", "next-page", "prev-page", "total")}
    assert headers == {"page": "1", "per-page": "100", "next-page": "2", "prev-page": "", "total": "250"}
    second = small.by("sam").get(first.links["next"]["url"])
    last = small.by("sam").get(second.links["next"]["url"])
    assert len({*paths(first), *paths(second), *paths(last)}) == 250
    assert last.headers["x-next-page"] == ""
    assert "next" not in last.links


def test_by_id_there_are_pages_without_numbers(small: Asking) -> None:
    asked: dict[str, Any] = {"pagination": "keyset", "order_by": "id", "sort": "asc", "per_page": 4}
    first = small.by().get(PROJECTS, params=asked)
    last = small.by().get(first.links["next"]["url"])
    assert paths(first) + paths(last) == [one.path_with_namespace for one in small.world.projects.values()]
    assert {"x-total", "x-page", "link"} & last.headers.keys() == set()
    other = small.by().get(PROJECTS, params=asked | {"order_by": "last_activity_at"})
    assert other.status_code == 405
    assert other.json() == {"error": "Keyset pagination is not yet available for this type of request"}


def test_numbered_pages_end_and_so_does_counting(small: Asking) -> None:
    assert small.by().get(PROJECTS, params={"page": 501, "per_page": 100}).status_code == 405
    many_projects(small.world, small.world.user_named("sam"), 10_001)
    answer = small.by("sam").get(PROJECTS, params={"membership": "true"})
    assert "x-total" not in answer.headers
    assert {"next", "first"} == answer.links.keys()


def test_a_project_tells_what_it_is_and_what_one_may(small: Asking) -> None:
    project = small.project("group/sub/churn")
    for told in (str(project.id), "group%2Fsub%2Fchurn"):
        answer = small.by("dan").get(f"{PROJECTS}/{told}").json()
        assert (answer["id"], answer["namespace"]["full_path"]) == (project.id, "group/sub")
        assert answer["permissions"] == {
            "project_access": None,
            "group_access": {"access_level": 30, "notification_level": 3},
        }
        assert answer["model_experiments_access_level"] == "enabled"
    simple = small.by("dan").get(PROJECTS, params={"simple": "true"}).json()[0]
    assert {"permissions", "visibility", "model_registry_access_level"}.isdisjoint(simple)
    assert small.by("gus").get(f"{PROJECTS}/{project.id}").json() == {"message": "404 Project Not Found"}


CANDIDATES = """
query($id: MlExperimentID!, $after: String, $first: Int) { mlExperiment(id: $id) {
  candidates(first: $first, after: $after) {
    count nodes { eid } edges { cursor } pageInfo { hasNextPage endCursor } } } }
"""


def candidates(small: Asking, experiment: Experiment, **page: Any) -> dict[str, Any]:
    return small.graphql(CANDIDATES, id=f"gid://gitlab/Ml::Experiment/{experiment.id}", **page)


def test_graphql_has_a_hundred_at_most(small: Asking) -> None:
    experiment = big(small, 150)
    first = candidates(small, experiment, first=500)["data"]["mlExperiment"]["candidates"]
    after = first["pageInfo"]["endCursor"]
    assert after == first["edges"][-1]["cursor"]
    rest = candidates(small, experiment, first=500, after=after)["data"]["mlExperiment"]["candidates"]
    assert [one["pageInfo"]["hasNextPage"] for one in (first, rest)] == [True, False]
    assert [len(one["nodes"]) for one in (first, rest)] == [100, 50]
    found = [node["eid"] for page in (first, rest) for node in page["nodes"]]
    assert found == [one.eid for one in reversed(experiment.candidates)]


def test_graphql_takes_no_cursor_but_its_own(small: Asking) -> None:
    answer = candidates(small, small.project().experiments[1], after="rubbish")
    assert answer["errors"][0]["message"] == "Please provide a valid cursor"


def test_a_count_ends_at_a_thousand(small: Asking) -> None:
    assert candidates(small, big(small, 1200), first=1)["data"]["mlExperiment"]["candidates"]["count"] == 1001


def test_a_world_may_grow_while_it_is_served(small: Asking) -> None:
    world = small.world
    with world.lock:
        many_projects(world, world.user_named("sam"), 3)
    assert len(small.by("sam").get(PROJECTS, params={"membership": "true"}).json()) == 3
