"""Which endpoint answers which path. Whatever is not here, GitLab has not."""

import re
from collections.abc import Callable
from urllib.parse import unquote

from tests.gitlab import auth, errors, files, graphql_api, projects, registry, runs, tracking
from tests.gitlab.calls import Answer, Call
from tests.gitlab.profiles import Profile
from tests.gitlab.things import Project

InProject = Callable[[Call, Project], Answer]

TRACKING: dict[str, InProject] = {
    "GET experiments/get": tracking.get_experiment,
    "GET experiments/get-by-name": tracking.get_experiment_by_name,
    "GET experiments/list": tracking.list_experiments,
    "POST experiments/search": tracking.search_experiments,
    "POST experiments/create": tracking.create_experiment,
    "POST experiments/set-experiment-tag": tracking.set_experiment_tag,
    "POST experiments/delete": tracking.delete_experiment,
    "POST runs/create": runs.create_run,
    "GET runs/get": tracking.get_run,
    "POST runs/search": tracking.search_runs,
    "POST runs/update": runs.update_run,
    "POST runs/log-metric": runs.log_metric,
    "POST runs/log-parameter": runs.log_parameter,
    "POST runs/set-tag": runs.set_tag,
    "POST runs/log-batch": runs.log_batch,
    "POST runs/delete": runs.delete_run,
    "GET metrics/get-history": tracking.metric_history,
}
NEWEST = {"GET metrics/get-history"}
"""What older servers have not."""
REGISTRY: dict[str, InProject] = {
    "GET registered-models/search": registry.search_models,
    "GET registered-models/get": registry.get_model,
    "POST registered-models/create": registry.create_model,
    "PATCH registered-models/update": registry.update_model,
    "DELETE registered-models/delete": registry.delete_model,
    "POST registered-models/get-latest-versions": registry.latest_versions,
    "GET registered-models/alias": registry.by_alias,
    "GET model-versions/get": registry.get_version,
    "GET model-versions/get-download-uri": registry.download_uri,
    "POST model-versions/create": registry.create_version,
    "PATCH model-versions/update": registry.update_version,
}

_ML = r"/projects/(?P<told>[^/]+)/ml/mlflow/api/2\.0"
_PACKAGES = r"/projects/(?P<told>[^/]+)/packages"
_MODEL_FILE = rf"{_PACKAGES}/ml_models/(?P<whose>[^/]+)/files/(?P<path>.+)"
OTHERS: list[tuple[str, str, Callable[..., Answer]]] = [
    ("GET", "/user", auth.user),
    ("GET", "/personal_access_tokens/self", auth.own_token),
    ("GET", "/version", auth.version),
    ("GET", "/metadata", auth.version),
    ("GET", "/projects", projects.list_projects),
    ("GET", "/projects/(?P<told>[^/]+)", projects.get_project),
    ("GET", _PACKAGES, files.list_packages),
    ("GET", rf"{_PACKAGES}/(?P<package_id>\d+)/package_files", files.list_package_files),
    ("GET", rf"{_PACKAGES}/generic/(?P<name>[^/]+)/(?P<version>[^/]+)/(?P<path>.+)", files.get_generic_file),
    ("GET", _MODEL_FILE, files.get_model_file),
    ("PUT", _MODEL_FILE, files.put_model_file),
]


def answer(call: Call) -> Answer:
    """The answer to a request. Raises a `Refusal` if there is none."""
    if call.path == "/api/graphql":
        return graphql_api.answer(call)
    path = call.path.removeprefix("/api/v4")
    if path == call.path:
        raise errors.no_route()
    if found := re.fullmatch(rf"{_ML}/mlflow/(?P<endpoint>[\w/-]+)", path):
        return _tracking(call, unquote(found["told"]), found["endpoint"])
    if found := re.fullmatch(rf"{_ML}/mlflow-artifacts/artifacts(?:/(?P<whose>[^/]+)/(?P<path>.+))?", path):
        return _artifacts(call, found)
    for method, pattern, endpoint in OTHERS:
        if _method(call) == method and (found := re.fullmatch(pattern, path)):
            call.token = auth.token_of(call.world, call.headers, bearer_only="ml_models" in pattern)
            return endpoint(call, **{name: unquote(value) for name, value in found.groupdict().items()})
    raise errors.no_route()


def _method(call: Call) -> str:
    return "GET" if call.method == "HEAD" else call.method


def _tracking(call: Call, told: str, endpoint: str) -> Answer:
    name = f"{_method(call)} {endpoint}"
    of_runs, of_models = TRACKING.get(name), REGISTRY.get(name)
    if (not of_runs and not of_models) or (name in NEWEST and call.profile is not Profile.NEW):
        raise errors.no_route()
    project = _let_in(call, told)
    if of_runs:
        auth.check_experiments(call, project)
        return of_runs(call, project)
    assert of_models
    auth.check_models(call, project, only_reads=endpoint.endswith("get-latest-versions"))
    return of_models(call, project)


def _artifacts(call: Call, found: re.Match[str]) -> Answer:
    if _method(call) != "GET":
        raise errors.no_route()
    project = _let_in(call, unquote(found["told"]))
    auth.check_experiments(call, project)
    auth.check_models(call, project)
    if found["whose"] is None:
        return files.list_artifacts(call, project)
    return files.download_artifact(call, project, unquote(found["whose"]), unquote(found["path"]))


def _let_in(call: Call, told: str) -> Project:
    call.token = auth.token_of(call.world, call.headers)
    auth.check_scope(call)
    return auth.project_of(call, told)
