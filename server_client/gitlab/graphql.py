"""GitLab's GraphQL: questions that only read.

One operation asks one connection of experiments or models (their resolvers may be called once only), at most 100 nodes
a page, and stays below a complexity of 250, where a page of nodes counts for each of their fields 1 + 1 % a node.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, TypeVar
from urllib.parse import urlsplit

from server_client.channel import Channel
from server_client.decode import Json, Malformed, flag, member, members, required, text
from server_client.errors import NotFoundError, RefusedError
from server_client.gitlab.decode import number, time_of
from server_client.gitlab.values import CandidateNode, CiJob, Counts, ExperimentNode
from server_client.paging import Listing

T = TypeVar("T")

PATH = "/api/graphql"
MOST_NODES = 100
"""Nodes of a page."""

COUNTS = """query($path: ID!) {
  project(fullPath: $path) { mlExperiments(first: 1) { count } mlModels(first: 1) { count } }
}"""

EXPERIMENTS = """query($path: ID!, $first: Int!, $after: String) {
  project(fullPath: $path) {
    mlExperiments(orderBy: UPDATED_AT, sort: DESC, first: $first, after: $after) {
      nodes { id name createdAt updatedAt candidateCount path creator { username } modelId }
      pageInfo { hasNextPage endCursor }
    }
  }
}"""

IDS = """query($id: MlExperimentID!, $first: Int!, $after: String) {
  mlExperiment(id: $id) { candidates(first: $first, after: $after) {
    nodes { eid }
    pageInfo { hasNextPage endCursor }
  } }
}"""

CANDIDATES = """query($id: MlExperimentID!, $first: Int!, $after: String) {
  mlExperiment(id: $id) { candidates(first: $first, after: $after) {
    edges {
      cursor
      node {
        id iid eid createdAt
        creator { username }
        _links { showPath }
        ciJob {
          name webPath
          pipeline { id mergeRequest { iid title webUrl } user { username } }
        }
      }
    }
    pageInfo { hasNextPage endCursor }
  } }
}"""

METRICS = """query($id: MlExperimentID!, $before: String, $first: Int!, $after: String) {
  mlExperiment(id: $id) { candidates(first: 1, after: $before) { nodes {
    eid
    metrics(first: $first, after: $after) {
      nodes { id name step value }
      pageInfo { hasNextPage endCursor }
    }
  } } }
}"""


async def ask(channel: Channel, query: str, variables: Mapping[str, object], decode: Callable[[Json], T]) -> T:
    """The answer to a query. Raises RefusedError where GraphQL refuses, which it may do with a status of 200."""

    def said(answer: Json) -> T:
        data = member(answer, "data")
        if all(value is None for value in data.values()):
            for problem in members(answer, "errors"):
                raise RefusedError(200, method="POST", path=PATH, message=text(problem, "message"))
        return decode(data)

    return await channel.search(PATH, {"query": query, "variables": variables}, None, said)


def refuses(error: RefusedError) -> bool:
    """Whether a refusal says that this GitLab does not tell us this, by GraphQL; and not that it has trouble now."""
    return error.status in (200, 400, 401, 403, 404) and error.error_code is None


def counts(data: Json) -> Counts:
    """Answers `COUNTS`."""
    project = _there(data, "project")
    return Counts(_count(project, "mlExperiments"), _count(project, "mlModels"))


def _count(project: Json, name: str) -> int | None:
    return number(member(project, name), "count") if project.get(name) is not None else None


def experiments(data: Json) -> Listing[ExperimentNode]:
    """Answers `EXPERIMENTS`."""
    return _page(_there(_there(data, "project"), "mlExperiments"), _experiment)


def _experiment(node: Json) -> ExperimentNode:
    return ExperimentNode(
        experiment_id=required(node, "path").rpartition("/")[2],
        gid=required(node, "id"),
        name=text(node, "name"),
        creation_time=time_of(node, "createdAt"),
        last_update_time=time_of(node, "updatedAt"),
        candidates=number(node, "candidateCount") if node.get("candidateCount") is not None else None,
        creator=text(member(node, "creator"), "username") or None,
        model_id=text(node, "modelId").rpartition("/")[2] or None,
    )


def ids(data: Json) -> Listing[str]:
    """Answers `IDS`."""
    return _page(_candidates(data), lambda node: required(node, "eid"))


def candidates(data: Json, after: str, instance: str) -> Listing[CandidateNode]:
    """Answers `CANDIDATES`; ``instance`` is the URI of the GitLab."""
    connection, nodes = _candidates(data), []
    for edge in members(connection, "edges"):
        nodes.append(_candidate(edge, after, instance))
        after = nodes[-1].cursor
    return Listing(tuple(nodes), _next(connection))


def _candidate(edge: Json, before: str, instance: str) -> CandidateNode:
    node = member(edge, "node")
    return CandidateNode(
        run_id=required(node, "eid"),
        iid=number(node, "iid"),
        gid=required(node, "id"),
        cursor=required(edge, "cursor"),
        before=before,
        creation_time=time_of(node, "createdAt"),
        creator=text(member(node, "creator"), "username") or None,
        page=_absolute(instance, text(member(node, "_links"), "showPath")),
        ci=_ci_job(member(node, "ciJob"), instance) if node.get("ciJob") is not None else None,
    )


def _ci_job(job: Json, instance: str) -> CiJob:
    path, pipeline = text(job, "webPath"), member(job, "pipeline")
    number_of_pipeline = text(pipeline, "id").rpartition("/")[2]
    project = path.partition("/-/")[0]
    request = member(pipeline, "mergeRequest")
    request_number = text(request, "iid")
    return CiJob(
        name=text(job, "name"),
        url=_absolute(instance, path),
        pipeline=number_of_pipeline,
        pipeline_url=_absolute(instance, f"{project}/-/pipelines/{number_of_pipeline}") if number_of_pipeline else None,
        merge_request=f"!{request_number}" if request_number else None,
        merge_request_title=text(request, "title") or None,
        merge_request_url=_absolute(instance, text(request, "webUrl")) or None,
        user=text(member(pipeline, "user"), "username") or None,
    )


class Row(NamedTuple):
    """A metric's value as GraphQL tells it; ids grow as values are logged."""

    row_id: int
    key: str
    step: int
    value: object


def metrics(data: Json) -> tuple[str, Listing[Row]]:
    """Answers `METRICS`: which candidate it is, and its values. Raises Malformed where it is none."""
    for node in members(_candidates(data), "nodes"):
        return required(node, "eid"), _page(_there(node, "metrics"), _row)
    return "", Listing((), None)


def _row(node: Json) -> Row:
    row_id = required(node, "id").rpartition("/")[2]
    if not row_id.isdigit():
        raise Malformed("a metric's id ends with no number")
    step = node.get("step")
    return Row(int(row_id), text(node, "name"), step if isinstance(step, int) else 0, node.get("value"))


def _candidates(data: Json) -> Json:
    return _there(_there(data, "mlExperiment"), "candidates")


def _there(data: Json, name: str) -> Json:
    """An object that is null where it is not there, or not for us."""
    if data.get(name) is None:
        raise NotFoundError(404, method="POST", path=PATH, message=f"there is no {name}, or not for us")
    return member(data, name)


def _page(connection: Json, decode: Callable[[Json], T]) -> Listing[T]:
    nodes: Iterable[Json] = members(connection, "nodes")
    return Listing(tuple(decode(node) for node in nodes), _next(connection))


def _next(connection: Json) -> str | None:
    info = member(connection, "pageInfo")
    return text(info, "endCursor") or None if flag(info, "hasNextPage") else None


def _absolute(instance: str, path: str) -> str:
    """The URL of a path of an instance, which has the instance's relative root already; empty where it is none."""
    if path.startswith("/") and not path.startswith("//"):
        parts = urlsplit(instance)
        return f"{parts.scheme}://{parts.netloc}{path}"
    return path if path.startswith(("https://", "http://")) else ""
