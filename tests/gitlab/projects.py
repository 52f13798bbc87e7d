"""The list of projects and its pages: section 4 of the contract."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from tests.gitlab import errors
from tests.gitlab.auth import check_scope, project_of
from tests.gitlab.calls import Answer, Call, json_answer
from tests.gitlab.things import Project

MOST = 100
"""The most that a page has."""
COUNTED = 10_000
"""How many are counted: of more, no total is told."""
FURTHEST = 50_000
"""How far pages by number go."""
ORDERS = ("id", "name", "path", "created_at", "updated_at", "last_activity_at", "similarity", "star_count")


def iso(milliseconds: int) -> str:
    """A time as the REST API tells it."""
    at = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{milliseconds % 1000:03d}Z"


def list_projects(call: Call) -> Answer:
    """GET /projects."""
    check_scope(call)
    asked = call.query
    order = asked.get("order_by", "created_at")
    if order not in ORDERS:
        raise errors.malformed("order_by does not have a valid value")
    keyset = asked.get("pagination") == "keyset"
    if keyset and order != "id":
        raise _refused("Keyset pagination is not yet available for this type of request")
    found = [one for one in call.world.projects.values() if _wanted(call, one)]
    found.sort(key=_key(order, asked.get("search", "")), reverse=asked.get("sort", "desc") != "asc")
    if keyset:
        return _keyset_answer(call, found)
    return offset_answer(call, found, FURTHEST)


def get_project(call: Call, told: str) -> Answer:
    """GET /projects/:id, by id or by path."""
    check_scope(call)
    return json_answer(_told(call, project_of(call, told)))


def _wanted(call: Call, project: Project) -> bool:
    asked = call.query
    level = project.level(call.user)
    if not project.seen_by(call.user):
        return False
    if "min_access_level" in asked and level < _number(call, "min_access_level", 0):
        return False
    if asked.get("membership") == "true" and not level:
        return False
    if "archived" in asked and (asked["archived"] == "true") != project.archived:
        return False
    word = asked.get("search", "").lower()
    names = [project.name, project.path]
    names += [project.path_with_namespace] if asked.get("search_namespaces") == "true" else []
    return any(word in name.lower() for name in names)


def _key(order: str, word: str) -> Any:
    if order == "similarity" and word:
        return lambda one: (one.path == word, one.path.startswith(word), one.id)
    if order in ("name", "path"):
        return lambda one: (getattr(one, order).lower(), one.id)
    column = {"updated_at": "last_activity_at", "similarity": "id", "star_count": "id"}.get(order, order)
    return lambda one: (getattr(one, column), one.id)


def _refused(error: str) -> errors.Refusal:
    return errors.Refusal(405, {"error": error})


def _number(call: Call, name: str, default: int) -> int:
    told = call.query.get(name, str(default))
    if not told.isdecimal():
        raise errors.malformed(f"{name} is invalid")
    return max(1, int(told))


def _link(call: Call, rel: str, **changed: object) -> str:
    query = urlencode({**call.query, **changed})
    return f'<{call.base}{call.path}?{query}>; rel="{rel}"'


def offset_answer(call: Call, found: Sequence[Any], furthest: int | None = None) -> Answer:
    """A page by its number, with where there are more in the headers."""
    size = min(_number(call, "per_page", 20), MOST)
    page = _number(call, "page", 1)
    if furthest is not None and (page - 1) * size >= furthest:
        raise _refused(
            f"Offset pagination has a maximum allowed offset of {furthest} for requests that return objects of type "
            "Project. Remaining records can be retrieved using keyset pagination."
        )
    shown = found[(page - 1) * size : page * size]
    pages = -(-len(found) // size) or 1
    before, after = page - 1 or "", page + 1 if page * size < len(found) else ""
    headers = {"x-page": page, "x-per-page": size, "x-next-page": after, "x-prev-page": before}
    turns = [("prev", before), ("next", after), ("first", 1)]
    if len(found) <= COUNTED:
        headers |= {"x-total": len(found), "x-total-pages": pages}
        turns.append(("last", pages))
    link = ", ".join(_link(call, rel, page=to, per_page=size) for rel, to in turns if to)
    told = [_told(call, one) if isinstance(one, Project) else one for one in shown]
    return json_answer(told, headers={name: str(value) for name, value in headers.items()} | {"Link": link})


def _keyset_answer(call: Call, found: Sequence[Project]) -> Answer:
    """The page after an id: nothing but the link of the next tells that there is one."""
    size = min(_number(call, "per_page", 20), MOST)
    upwards = call.query.get("sort") == "asc"
    edge = "id_after" if upwards else "id_before"
    if edge in call.query:
        last = _number(call, edge, 0)
        found = [one for one in found if (one.id > last if upwards else one.id < last)]
    shown = [_told(call, one) for one in found[:size]]
    if len(found) <= size:
        return json_answer(shown)
    return json_answer(shown, headers={"Link": _link(call, "next", **{edge: found[size - 1].id})})


def _told(call: Call, project: Project) -> dict[str, Any]:
    namespace = project.namespace
    simple = {
        "id": project.id,
        "description": project.description,
        "name": project.name,
        "name_with_namespace": f"{namespace.replace('/', ' / ')} / {project.name}",
        "path": project.path,
        "path_with_namespace": project.path_with_namespace,
        "created_at": iso(project.created_at),
        "default_branch": project.default_branch,
        "web_url": f"{call.base}/{project.path_with_namespace}",
        "avatar_url": None,
        "last_activity_at": iso(project.last_activity_at),
        "namespace": {
            "name": namespace.rpartition("/")[2],
            "path": namespace.rpartition("/")[2],
            "kind": "user" if namespace == call.user.username else "group",
            "full_path": namespace,
            "web_url": f"{call.base}/{namespace}",
        },
    }
    if call.query.get("simple") == "true":
        return simple
    user = call.user.id
    permissions = {
        "project_access": _access(project.members.get(user)),
        "group_access": _access(project.group_members.get(user)),
    }
    return simple | {
        "visibility": project.visibility,
        "archived": project.archived,
        "updated_at": iso(project.last_activity_at),
        "model_experiments_access_level": project.model_experiments,
        "model_registry_access_level": project.model_registry,
        "permissions": permissions,
    }


def _access(level: int | None) -> dict[str, int] | None:
    return None if level is None else {"access_level": level, "notification_level": 3}
