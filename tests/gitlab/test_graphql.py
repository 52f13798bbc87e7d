"""What GraphQL tells, and what it refuses: section 4 of the contract."""

import pytest

from tests.gitlab.asking import VISION, Asking

EXPERIMENTS = """
query($path: ID!) { project(fullPath: $path) { mlExperiments(first: 100) { count nodes {
  id name createdAt updatedAt candidateCount path modelId creator { name username } } } } }
"""
CANDIDATES = """
query($id: MlExperimentID!) { mlExperiment(id: $id) { candidates(first: 10) { nodes { id name iid eid status createdAt
  creator { username } ciJob { id name webPath
  pipeline { id user { username webUrl } mergeRequest { iid title webUrl } } } _links { showPath artifactPath } } } } }
"""
ROWS = """
query($id: MlExperimentID!) { mlExperiment(id: $id) { candidates(first: 1) { nodes {
  metrics { nodes { id name step value } } params { nodes { name value } } metadata { nodes { name value } } } } } }
"""
MODELS = """
query($path: ID!) { project(fullPath: $path) { mlModels(first: 10) { count nodes { id name versionCount candidateCount
  author { username } latestVersion { version } defaultExperimentPath } } } }
"""
MODEL = """
query($id: MlModelID!) { mlModel(id: $id) { description versions(first: 10, orderBy: VERSION, sort: DESC) {
  nodes { id version packageId artifactsCount candidate { eid } _links { showPath } } } } }
"""


def gid(small: Asking, iid: int = 1) -> str:
    return f"gid://gitlab/Ml::Experiment/{small.project().experiments[iid].id}"


def test_experiments_have_ids_that_are_not_iids(small: Asking) -> None:
    found = small.graphql(EXPERIMENTS, path=VISION)["data"]["project"]["mlExperiments"]
    assert found["count"] == 4
    first = found["nodes"][-1]
    assert (first["id"], first["path"]) == (gid(small), "/group/vision/-/ml/experiments/1")
    assert (first["name"], first["candidateCount"], first["creator"]["username"]) == ("segmentation", 5, "ann")
    assert (first["createdAt"], first["updatedAt"]) == ("2023-11-14T22:13:20Z", "2023-11-14T22:53:20Z")
    assert [bool(one["modelId"]) for one in found["nodes"]] == [True, True, False, False]


def test_candidates_come_newest_first_with_their_jobs(small: Asking) -> None:
    nodes = small.graphql(CANDIDATES, id=gid(small))["data"]["mlExperiment"]["candidates"]["nodes"]
    assert [one["name"] for one in nodes] == ["run 4", "run 3", "run 2", "run 1", "run 0"]
    assert [one["status"] for one in nodes[:2]] == ["finished", "failed"]
    first = nodes[-1]
    assert first["_links"]["showPath"] == f"/group/vision/-/ml/candidates/{first['iid']}"
    assert first["_links"]["artifactPath"].startswith("/group/vision/-/packages/")
    assert first["ciJob"]["webPath"].startswith("/group/vision/-/jobs/")
    assert first["ciJob"]["pipeline"]["user"]["username"] == "dan"
    assert first["ciJob"]["pipeline"]["mergeRequest"]["title"] == "Tune the rate (0)"
    assert nodes[2]["ciJob"]["pipeline"]["mergeRequest"] is None
    assert nodes[0]["ciJob"] is None


def test_a_guest_sees_no_jobs(small: Asking) -> None:
    nodes = small.graphql(CANDIDATES, who=small.by("gus", "read_api"), id=gid(small))["data"]["mlExperiment"]
    assert {one["ciJob"] for one in nodes["candidates"]["nodes"]} == {None}


def test_metrics_are_the_rows_of_all_steps(small: Asking) -> None:
    (node,) = small.graphql(ROWS, id=gid(small))["data"]["mlExperiment"]["candidates"]["nodes"]
    rows = node["metrics"]["nodes"]
    assert [row["step"] for row in rows if row["name"] == "loss"] == list(range(10))
    assert all(row["id"].startswith("gid://gitlab/Ml::CandidateMetric/7000") for row in rows)
    assert {"name": "seed", "value": "4"} in node["params"]["nodes"]
    assert {"name": "mlflow.user", "value": "ann"} in node["metadata"]["nodes"]


def test_models_have_versions_with_packages(small: Asking) -> None:
    found = small.graphql(MODELS, path=VISION)["data"]["project"]["mlModels"]["nodes"]
    assert [(one["name"], one["versionCount"], one["candidateCount"]) for one in found] == [
        ("unversioned", 0, 0),
        ("segmenter", 3, 1),
    ]
    assert found[1]["latestVersion"] == {"version": "1.10.0"}
    model = small.graphql(MODEL, id=found[1]["id"])["data"]["mlModel"]
    assert [one["version"] for one in model["versions"]["nodes"]] == ["1.10.0", "1.9.0", "1.0.0"]
    query = "query($id: PackagesPackageID!) { package(id: $id) { packageFiles { nodes { fileName size } } } }"
    package = model["versions"]["nodes"][0]["packageId"]
    files = small.graphql(query, id=package)["data"]["package"]["packageFiles"]["nodes"]
    assert files == [{"fileName": "model%2FMLmodel", "size": "12"}]


@pytest.mark.parametrize(
    ("user", "path", "told"),
    [("sam", VISION, None), ("gus", "group/plain", {"mlExperiments": None}), ("ann", "no/where", None)],
)
def test_what_one_may_not_see_is_null(small: Asking, user: str, path: str, told: object) -> None:
    assert small.graphql(EXPERIMENTS, who=small.by(user), path=path) == {"data": {"project": told}}


REFUSED = [
    ("{ project(fullPath: 1) { stars } }", "stars"),
    ("{ mlCandidate(id: 1) { name } }", "mlCandidate"),
    ("{ project(", "Syntax Error"),
    ('{ project(fullPath: "group/vision") { mlExperiments(search: "x") { count } } }', "search"),
]


@pytest.mark.parametrize(("query", "words"), REFUSED)
def test_what_is_not_in_the_schema_is_an_error_with_200(small: Asking, query: str, words: str) -> None:
    answer = small.graphql(query)
    assert "data" not in answer
    assert words in answer["errors"][0]["message"]


def test_experiments_are_asked_of_one_project_at_a_time(small: Asking) -> None:
    one = 'project(fullPath: "group/vision") { mlExperiments { count } }'
    answer = small.graphql(f"{{ a: {one} b: {one} }}")
    assert answer["data"] == {"a": {"mlExperiments": {"count": 4}}, "b": {"mlExperiments": None}}
    words = '"mlExperiments" field can be requested only for 1 Project(s) at a time.'
    assert [error["message"] for error in answer["errors"]] == [words]
    answer = small.graphql("{ projects(first: 3) { nodes { mlExperiments { count } } } }")
    assert [error["message"] for error in answer["errors"]] == [words, words]
    twice = f'{{ a: mlExperiment(id: "{gid(small)}") {{ name }} b: mlExperiment(id: "{gid(small, 2)}") {{ name }} }}'
    assert small.graphql(twice)["data"]["b"] is None
    both = 'query { project(fullPath: "group/vision") { mlExperiments { count } mlModels { count } } }'
    assert "errors" not in small.graphql(both)


def test_too_much_at_once_is_refused(small: Asking) -> None:
    inner = "pageInfo { endCursor hasNextPage } nodes { id name value }"
    rows = " ".join(f"{name}(first: 100) {{ {inner} }}" for name in ("params", "metadata"))
    query = f'{{ mlExperiment(id: "{gid(small)}") {{ candidates(first: 100) {{ nodes {{ eid {rows} }} }} }} }}'
    assert "errors" not in small.graphql(query)
    aliases = " ".join(f"a{number}: params(first: 100) {{ {inner} }}" for number in range(8))
    answer = small.graphql(query.replace("eid", aliases))
    assert "exceeds max complexity of 250" in answer["errors"][0]["message"]


def test_what_was_asked_is_known_by_its_fields(small: Asking) -> None:
    small.graphql(EXPERIMENTS, path=VISION)
    small.graphql(MODEL, id="gid://gitlab/Ml::Model/1")
    small.tracking("GET experiments/list")
    assert [one.operation for one in small.stub.asked] == ["project", "mlModel", ""]
