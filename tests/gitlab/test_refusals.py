"""Who may do what, and every way in which GitLab says no."""

from typing import Any

import pytest

from tests.gitlab.asking import VISION, Asking
from tests.gitlab.fixtures import StartGitLab
from tests.gitlab.limits import RateLimit
from tests.gitlab.profiles import Profile
from tests.gitlab.seeding import small_world

GET = "GET experiments/list"
SEARCH = "POST experiments/search"
UNAUTHORIZED = {"message": "401 Unauthorized"}
NO_ROUTE = {"error": "404 Not Found"}
NO_RESOURCE = {"error_code": "RESOURCE_DOES_NOT_EXIST"}
RUN = "0a0a0a0a-0a0a-4a0a-8a0a-0a0a0a0a0a0a"


@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Bearer glpat-nobody"}, {"PRIVATE-TOKEN": "glpat-nobody"}, {"Authorization": "Basic eDp5"}],
)
def test_whoever_is_unknown_is_not_let_in(small: Asking, headers: dict[str, str]) -> None:
    who = small.with_headers(headers)
    for url in ("/api/v4/user", "/api/v4/projects", "/api/v4/version", f"/api/v4/projects/{small.project().id}"):
        answer = who.get(url)
        assert (answer.status_code, answer.json()) == (401, UNAUTHORIZED), url
    answer = small.tracking(GET, path="group/open", who=who)
    assert (answer.status_code, answer.json()) == (401, UNAUTHORIZED)
    answer = who.post("/api/graphql", json={"query": "{__typename}"})
    assert (answer.status_code, answer.json()) == (401, {"errors": [{"message": "Invalid token"}]})


@pytest.mark.parametrize(("state", "word"), [("revoked", "revoked"), ("expired", "expired")])
def test_a_token_that_is_no_good_any_more_is_told(small: Asking, state: str, word: str) -> None:
    value = small.world.token(small.world.user_named("ann"))
    setattr(small.world.tokens[value], state, True)
    answer = small.tracking(GET, who=small.with_headers({"Authorization": f"Bearer {value}"}))
    assert answer.status_code == 401
    assert answer.json()["error"] == "invalid_token"
    assert word in answer.json()["error_description"]


def test_a_token_may_come_as_private_token_except_for_files(small: Asking) -> None:
    who = small.with_headers({"PRIVATE-TOKEN": small.world.token(small.world.user_named("ann"))})
    assert small.tracking(GET, who=who).status_code == 200
    assert who.get(_file(small)).status_code == 401
    assert small.by().get(_file(small)).status_code == 302


def _file(small: Asking) -> str:
    return f"/api/v4/projects/{small.project().id}/packages/ml_models/candidate:1/files/notes.md"


# What each user gets, by the project's member level: ann owns, dan develops, gus is a guest, sam a stranger.
ROLES = [
    (GET, "ann", "api", 200, None),
    (GET, "gus", "api", 200, None),
    (GET, "gus", "read_api", 200, None),
    (GET, "sam", "api", 404, {"message": "404 Project Not Found"}),
    (GET, "ann", "read_user", 403, "insufficient_scope"),
    (SEARCH, "dan", "api", 200, None),
    (SEARCH, "dan", "read_api", 403, "insufficient_scope"),
    (SEARCH, "gus", "api", 401, UNAUTHORIZED),
    (SEARCH, "gus", "read_api", 403, "insufficient_scope"),
    ("POST runs/search", "gus", "api", 401, UNAUTHORIZED),
    ("POST runs/search", "dan", "read_api", 403, "insufficient_scope"),
    ("POST runs/create", "gus", "api", 401, UNAUTHORIZED),
    ("GET registered-models/search", "gus", "read_api", 200, None),
    ("POST registered-models/get-latest-versions", "gus", "api", 200, None),
    ("POST registered-models/get-latest-versions", "ann", "read_api", 403, "insufficient_scope"),
    ("POST registered-models/create", "gus", "api", 401, UNAUTHORIZED),
]


@pytest.mark.parametrize("row", ROLES, ids=str)
def test_a_role_and_a_scope_let_do_so_much(small: Asking, row: tuple[str, str, str, int, Any]) -> None:
    endpoint, user, scope, status, body = row
    answer = small.tracking(endpoint, {"name": "segmenter", "experiment_ids": ["1"]}, who=small.by(user, scope))
    assert answer.status_code == status
    if body == "insufficient_scope":
        assert {"error", "error_description", "scope"} == answer.json().keys()
        assert answer.json()["error"] == body
    elif body is not None:
        assert answer.json() == body


def test_a_token_tells_its_scopes_and_a_user_its_name(small: Asking) -> None:
    for scope in ("api", "read_api", "read_user"):
        told = small.by("gus", scope).get("/api/v4/personal_access_tokens/self").json()
        assert (told["scopes"], told["active"], told["revoked"]) == ([scope], True, False)
        assert small.by("gus", scope).get("/api/v4/user").json()["username"] == "gus"


@pytest.mark.parametrize("profile", Profile)
def test_a_version_is_told(small: Asking, profile: Profile) -> None:
    assert small.by().get("/api/v4/version").json()["version"] == profile.version
    assert small.by().get("/api/v4/metadata").json()["version"] == profile.version


def test_a_feature_that_is_off_is_not_found_and_the_other_still_works(small: Asking) -> None:
    assert small.tracking(GET, path="group/plain").json() == {"message": "404 Not Found"}
    models = "GET registered-models/search"
    assert small.tracking(models, path="group/plain").status_code == 404
    dan = small.by("dan")  # no member of a project whose registry is for members
    assert small.tracking(GET, path="group/open", who=dan).status_code == 200
    assert small.tracking(models, path="group/open", who=dan).json() == {"message": "404 Not Found"}
    assert small.tracking(models, path="group/open").status_code == 200


def test_without_a_registry_runs_are_there_and_their_artifacts_are_not(small: Asking) -> None:
    small.project().model_registry = "disabled"
    assert len(small.runs()) == 5
    answer = small.by().get(
        f"/api/v4/projects/{small.project().id}/ml/mlflow/api/2.0/mlflow-artifacts/artifacts",
        params={"path": "candidate:1"},
    )
    assert (answer.status_code, answer.json()) == (404, {"message": "404 Not Found"})


MISSING = """
POST experiments/update, POST experiments/restore, POST experiments/delete-tag, POST runs/restore, POST runs/delete-tag,
POST runs/log-model, POST runs/log-inputs, POST runs/outputs, POST runs/set-tags-batch, GET artifacts/list,
GET metrics/get-history-bulk, POST registered-models/rename, POST registered-models/set-tag,
DELETE registered-models/delete-tag, POST registered-models/alias, DELETE registered-models/alias,
GET model-versions/search, DELETE model-versions/delete, POST model-versions/transition-stage,
POST model-versions/set-tag, DELETE model-versions/delete-tag, POST logged-models/search, POST traces/search
"""


@pytest.mark.parametrize("endpoint", [" ".join(one.split()) for one in MISSING.split(",")])
def test_what_is_not_implemented_is_no_route(small: Asking, endpoint: str) -> None:
    answer = small.tracking(endpoint, {"run_id": RUN})
    assert (answer.status_code, answer.json()) == (404, NO_ROUTE)


@pytest.mark.parametrize("path", ["/version", "/health", "/ajax-api/2.0/mlflow/runs/search", "/api/3.0/mlflow/traces"])
def test_what_other_servers_have_is_no_route(small: Asking, path: str) -> None:
    for prefix in ("", f"/api/v4/projects/{small.project().id}/ml/mlflow"):
        answer = small.by().get(prefix + path)
        assert (answer.status_code, answer.json()) == (404, NO_ROUTE)


REFUSALS: list[tuple[str, dict[str, Any], int, Any]] = [
    ("GET experiments/get", {"experiment_id": "99"}, 404, NO_RESOURCE),
    ("GET experiments/get", {}, 404, NO_RESOURCE),
    ("GET experiments/get-by-name", {"experiment_name": "Segmentation"}, 404, NO_RESOURCE),
    ("GET runs/get", {"run_id": RUN}, 404, NO_RESOURCE),
    ("GET runs/get", {}, 400, {"error": "run_id is missing"}),
    ("POST runs/search", {}, 400, {"error": "experiment_ids is missing"}),
    ("POST runs/search", {"experiment_ids": []}, 404, NO_RESOURCE),
    ("POST runs/search", {"experiment_ids": "1"}, 400, {"error": "experiment_ids is invalid"}),
    ("POST runs/search", {"experiment_ids": ["99"]}, 404, NO_RESOURCE),
    ("POST runs/search", {"experiment_ids": ["1"], "order_by": ["name"]}, 400, {"error": "order_by is invalid"}),
    ("POST experiments/search", {"order_by": ["name"]}, 400, {"error": "order_by is invalid"}),
    ("POST runs/create", {"experiment_id": "one"}, 400, {"error": "experiment_id is invalid"}),
    ("POST runs/update", {"run_id": RUN, "status": "x"}, 400, {"error": "status does not have a valid value"}),
    ("POST runs/log-metric", {"run_id": RUN, "key": "x"}, 400, {"error": "value is missing, timestamp is missing"}),
    (
        "POST runs/log-batch",
        {"run_id": RUN, "metrics": [{"key": "x", "value": "NaN", "timestamp": 1}]},
        400,
        {"error": "metrics[0][value] is invalid"},
    ),
    ("POST experiments/create", {"name": "segmentation"}, 400, {"error_code": "RESOURCE_ALREADY_EXISTS"}),
    ("POST experiments/set-experiment-tag", {"experiment_id": "1", "key": "team", "value": "x"}, 400, "Bad request"),
    ("POST experiments/delete", {"experiment_id": "3"}, 400, "Cannot delete an experiment associated to a model"),
    ("POST registered-models/create", {"name": "segmenter"}, 400, {"error_code": "RESOURCE_ALREADY_EXISTS"}),
    ("POST registered-models/create", {"name": "no good"}, 400, {"error_code": "RESOURCE_ALREADY_EXISTS"}),
    ("GET registered-models/get", {"name": "nothing"}, 404, NO_RESOURCE),
    ("PATCH model-versions/update", {"name": "x", "version": "1", "description": ""}, 400, "UPDATE_FAILED"),
    ("POST model-versions/create", {"name": "segmenter", "run_id": RUN}, 400, "Run not found"),
]


@pytest.mark.parametrize(("endpoint", "told", "status", "body"), REFUSALS)
def test_each_refusal_has_its_shape(small: Asking, endpoint: str, told: dict[str, Any], status: int, body: Any) -> None:
    answer = small.tracking(endpoint, told)
    assert answer.status_code == status
    if isinstance(body, str):
        assert body in answer.text
    else:
        assert answer.json() == body


def test_a_message_may_be_null_or_a_list(small: Asking) -> None:
    answer = small.tracking("GET registered-models/search", {"filter": "name LIKE 'x'"})
    assert answer.json() == {"error_code": "INVALID_PARAMETER_VALUE", "message": None}
    version = {"name": "segmenter", "tags": [{"key": "gitlab.version", "value": "one"}]}
    answer = small.tracking("POST model-versions/create", version)
    assert (answer.status_code, type(answer.json()["message"])) == (400, list)


def test_a_run_of_another_project_is_not_there(small: Asking) -> None:
    theirs = next(iter(small.project("ann/digits").candidates))
    answer = small.tracking("GET runs/get", {"run_id": theirs})
    assert (answer.status_code, answer.json()) == (404, NO_RESOURCE)
    assert small.tracking("GET runs/get", {"run_id": theirs}, path="ann/digits").status_code == 200


def test_a_guest_of_a_private_project_meets_its_packages_forbidden(small: Asking) -> None:
    answer = small.by("gus").get(f"/api/v4/projects/{small.project().id}/packages")
    assert (answer.status_code, answer.json()) == (403, {"message": "403 Forbidden"})


def test_answers_have_the_headers_of_gitlab(small: Asking) -> None:
    for answer in (small.tracking(GET), small.tracking(GET, {}, path="no/where")):
        assert "X-Gitlab-Meta" in answer.headers
        assert int(answer.headers["RateLimit-Limit"]) > int(answer.headers["RateLimit-Remaining"])


def test_a_rate_limit_refuses_for_a_while_and_tells_how_long(small: Asking) -> None:
    small.stub.refuse = RateLimit(1, path="runs/search", retry_after=7)
    assert small.tracking(GET).status_code == 200
    answer = small.tracking("POST runs/search", {"experiment_ids": ["1"]})
    assert (answer.status_code, answer.headers["Retry-After"], answer.text) == (429, "7", "Retry later\n")
    assert answer.headers["RateLimit-Remaining"] == "0"
    assert len(small.runs()) == 5
    assert [(one.method, one.status) for one in small.stub.asked] == [("GET", 200), ("POST", 429), ("POST", 200)]


def test_a_test_may_answer_in_any_way(small: Asking) -> None:
    small.stub.refuse = lambda asked: (503, {}, b"maintenance") if asked.method == "GET" else None
    assert small.tracking(GET).status_code == 503
    assert small.tracking(SEARCH).status_code == 200


def test_an_answer_that_a_schema_forbids_fails_the_test(small: Asking) -> None:
    small.project().experiments[1].name = 17  # type: ignore[assignment]
    assert small.tracking("GET experiments/get", {"experiment_id": "1"}).status_code == 500
    (violation,) = small.stub.violations
    assert "17 is not of type 'string'" in violation
    with pytest.raises(AssertionError, match="not of type"):
        small.stub.check()
    small.stub.violations.clear()


def test_it_may_live_under_a_relative_root(gitlab: StartGitLab) -> None:
    with Asking(gitlab(Profile.NEW, small_world(), root="/gitlab/root")) as asking:
        run = asking.runs()[0]
        assert run["info"]["artifact_uri"].startswith(f"{asking.stub.uri}/api/v4/projects/41/packages/")
        assert asking.stub.uri.endswith("/gitlab/root")
        outside = asking.stub.tracking_uri(VISION).replace("/gitlab/root", "")
        assert asking.by().get(f"{outside}/api/2.0/mlflow/experiments/list").json() == NO_ROUTE
