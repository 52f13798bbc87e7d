"""POST /api/graphql: section 4 of the contract. A query that GitLab would not understand is not understood here."""

import json
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    build_schema,
    execute_sync,
    get_operation_ast,
    parse,
    validate,
)

from tests.gitlab import auth, errors
from tests.gitlab.calls import Answer, Call, json_answer
from tests.gitlab.complexity import LIMIT, Complexity
from tests.gitlab.graphql_paging import connection
from tests.gitlab.graphql_things import Teller, Told, gid
from tests.gitlab.things import Project

PATH = "/api/graphql"
FOR_ONE = {"mlExperiments": "Project", "mlModels": "Project", "mlExperiment": "Query", "mlModel": "Query"}
"""The fields that an operation may ask of one thing only, and whose fields they are."""


@cache
def schema() -> GraphQLSchema:
    """What there is to be asked."""
    return build_schema((Path(__file__).parent / "schema.graphql").read_text(encoding="utf-8"))


@cache
def _understood(query: str) -> tuple[DocumentNode, list[GraphQLError]]:
    document = parse(query)
    return document, validate(schema(), document)


def operation(path: str, body: bytes) -> str:
    """The top-level fields of what was asked of GraphQL, with spaces between; empty of anything else."""
    if not path.endswith(PATH):
        return ""
    try:
        document = parse(json.loads(body)["query"])
    except (ValueError, KeyError, TypeError, GraphQLError):
        return ""
    found = next((one for one in document.definitions if isinstance(one, OperationDefinitionNode)), None)
    return " ".join(one.name.value for one in found.selection_set.selections if hasattr(one, "name")) if found else ""


def answer(call: Call) -> Answer:
    """Errors come with 200, except for a token that is no good or has too small a scope."""
    if call.method != "POST":
        raise errors.no_route()
    try:
        call.token = auth.token_of(call.world, call.headers)
    except errors.Refusal as refusal:
        raise errors.Refusal(401, {"errors": [{"message": "Invalid token"}]}) from refusal
    if not call.token.scopes & {"api", "read_api"}:
        raise errors.Refusal(401, {"errors": [{"message": "Invalid token"}]})
    asked = call.given()
    return json_answer(_answered(call, asked.get("query") or "", asked.get("variables") or {}))


def _answered(call: Call, query: str, variables: dict[str, Any]) -> Told:
    try:
        document, wrong = _understood(query)
    except GraphQLError as error:
        return {"errors": [error.formatted]}
    if wrong:
        return {"errors": [one.formatted for one in wrong]}
    found = get_operation_ast(document, None)
    if found is None:
        return {"errors": [{"message": "An operation name is required"}]}
    cost = Complexity(schema(), document, variables).of(found)
    if cost > LIMIT:
        return {"errors": [{"message": f"Query has complexity of {cost}, which exceeds max complexity of {LIMIT}"}]}
    result = execute_sync(schema(), document, _Root(call).fields(), variable_values=variables)
    return dict(result.formatted)


class _Root:
    """One operation: who asks, and what was asked for already."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._asked_for: Counter[str] = Counter()

    def fields(self) -> Told:
        return {
            "project": self._project_at,
            "projects": self._projects,
            "mlExperiment": self._once("mlExperiment", self._experiment),
            "mlModel": self._once("mlModel", self._model),
            "package": self._package,
        }

    def _once(self, name: str, resolve: Callable[..., Any]) -> Callable[..., Any]:
        """As GitLab's extension FieldCallCount: the second time in an operation is an error of that field."""

        def resolved(info: Any, **asked: Any) -> Any:
            self._asked_for[name] += 1
            if self._asked_for[name] > 1:
                raise GraphQLError(f'"{name}" field can be requested only for 1 {FOR_ONE[name]}(s) at a time.')
            return resolve(info, **asked)

        return resolved

    def _seen(self) -> list[Project]:
        return [one for one in self._call.world.projects.values() if one.seen_by(self._call.user)]

    def _project_at(self, _info: Any, fullPath: str) -> Told | None:  # noqa: N803 - the name of the argument
        found = (one for one in self._seen() if one.path_with_namespace.lower() == fullPath.lower())
        project = next(found, None)
        return self._project(project) if project else None

    def _projects(self, _info: Any, *, membership: bool | None = None, search: str | None = None, **page: Any) -> Told:
        seen = [one for one in self._seen() if (search or "") in one.path_with_namespace]
        seen = [one for one in reversed(seen) if one.level(self._call.user) or not membership]
        return connection(seen, self._project, lambda one: one.id, **page)

    def _project(self, project: Project) -> Told:
        return {
            "id": gid("Project", project.id),
            "name": project.name,
            "fullPath": project.path_with_namespace,
            "webUrl": f"{self._call.base}/{project.path_with_namespace}",
            "mlExperiments": self._once("mlExperiments", lambda _info, **asked: self._experiments(project, **asked)),
            "mlModels": self._once("mlModels", lambda _info, **asked: self._models(project, **asked)),
        }

    def _experiments(self, project: Project, name: str | None = None, **asked: Any) -> Told | None:
        """All of them: GitLab takes a name, and does nothing with it."""
        if not auth.may_read_experiments(self._call.user, project):
            return None
        tell = Teller(self._call, project)
        return _listed(list(project.experiments.values()), tell.experiment, **asked)

    def _models(self, project: Project, name: str | None = None, **asked: Any) -> Told | None:
        if not auth.may_read_models(self._call.user, project):
            return None
        found = [one for one in project.models.values() if (name or "").lower() in one.name.lower()]
        return _listed(found, Teller(self._call, project).model, **asked)

    def _experiment(self, _info: Any, id: str) -> Told | None:  # noqa: A002 - the name of the argument
        for project in self._seen():
            found = [one for one in project.experiments.values() if gid("Ml::Experiment", one.id) == id]
            if found and auth.may_read_experiments(self._call.user, project):
                return Teller(self._call, project).experiment(found[0])
        return None

    def _model(self, _info: Any, id: str) -> Told | None:  # noqa: A002 - the name of the argument
        for project in self._seen():
            found = [one for one in project.models.values() if gid("Ml::Model", one.id) == id]
            if found and auth.may_read_models(self._call.user, project):
                return Teller(self._call, project).model(found[0])
        return None

    def _package(self, _info: Any, id: str) -> Told | None:  # noqa: A002 - the name of the argument
        for project in self._seen():
            found = [one for one in project.packages.values() if gid("Packages::Package", one.id) == id]
            if found and auth.may_read_packages(self._call.user, project):
                return Teller(self._call, project).package(found[0])
        return None


def _listed(
    items: list[Any],
    tell: Callable[[Any], Told],
    orderBy: str | None = None,  # noqa: N803 - the name of the argument
    sort: str | None = None,
    **page: Any,
) -> Told:
    """In an order, by which the latest id comes first in what is equal."""
    items.sort(key=lambda one: one.id, reverse=True)
    items.sort(key=lambda one: getattr(one, (orderBy or "ID").lower()), reverse=sort != "ASC")
    return connection(items, tell, lambda one: one.id, **page)
