"""Who asks, and what they may: sections 1 and 4 of the contract."""

from collections.abc import Mapping

from tests.gitlab import errors
from tests.gitlab.calls import Answer, Call, json_answer
from tests.gitlab.things import DEVELOPER, GUEST, REPORTER, Access, Project, Token, User
from tests.gitlab.world import World

READING = ("GET", "HEAD")


def token_of(world: World, headers: Mapping[str, str], *, bearer_only: bool = False) -> Token:
    """The token that came with a request. Raises a `Refusal` if there is none that is good."""
    kind, _, value = headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer":
        value = "" if bearer_only else headers.get("private-token", "")
    token = world.tokens.get(value)
    if token is None:
        raise errors.unauthorized()
    if token.revoked:
        raise errors.invalid_token("Token was revoked. You have to re-authorize from the user.")
    if token.expired:
        raise errors.invalid_token("Token is expired. You can either do re-authorization or token refresh.")
    return token


def check_scope(call: Call, *also: str) -> None:
    """``api`` is enough for everything, ``read_api`` for reading; ``also`` are further scopes that are enough."""
    assert call.token
    enough = {"api", *also} | ({"read_api"} if call.method in READING else set())
    if not call.token.scopes & enough:
        raise errors.insufficient_scope(" ".join(sorted(enough)))


def project_of(call: Call, told: str) -> Project:
    """The project of an id or a path, if the user may know of it."""
    with_path = (one for one in call.world.projects.values() if one.path_with_namespace.lower() == told.lower())
    project = call.world.projects.get(int(told)) if told.isdecimal() else next(with_path, None)
    if project is None or not project.seen_by(call.user):
        raise errors.not_found("Project")
    return project


def may_read(user: User | None, project: Project, feature: Access) -> bool:
    """Whether a user may read what belongs to a feature of a project."""
    if user is None or not project.seen_by(user):
        return False
    return feature == "enabled" or (feature == "private" and project.level(user) >= GUEST)


def may_read_experiments(user: User | None, project: Project) -> bool:
    return may_read(user, project, project.model_experiments)


def may_read_models(user: User | None, project: Project) -> bool:
    return may_read(user, project, project.model_registry)


def may_read_packages(user: User | None, project: Project) -> bool:
    return project.seen_by(user) and (project.visibility != "private" or project.level(user) >= REPORTER)


def may_read_jobs(user: User | None, project: Project) -> bool:
    return project.seen_by(user) and (project.visibility == "public" or project.level(user) >= REPORTER)


def check_experiments(call: Call, project: Project) -> None:
    """Reading needs the feature; all but GET needs a developer, even a search."""
    if not may_read_experiments(call.user, project):
        raise errors.not_found()
    if call.method not in READING and project.level(call.user) < DEVELOPER:
        raise errors.unauthorized()


def check_models(call: Call, project: Project, *, only_reads: bool = False) -> None:
    """The same for the registry, where one POST ``only_reads``."""
    if not may_read_models(call.user, project):
        raise errors.not_found()
    if call.method not in READING and not only_reads and project.level(call.user) < DEVELOPER:
        raise errors.unauthorized()


def user(call: Call) -> Answer:
    """GET /user."""
    check_scope(call, "read_user")
    return json_answer(_person(call, call.user) | {"state": "active", "bot": False})


def own_token(call: Call) -> Answer:
    """GET /personal_access_tokens/self, which a token of any scope may ask."""
    token = call.token
    assert token
    told = {
        "id": token.id,
        "name": "of a test",
        "revoked": token.revoked,
        "created_at": "2024-01-01T00:00:00.000Z",
        "scopes": sorted(token.scopes),
        "user_id": token.user.id,
        "active": not token.revoked and not token.expired,
        "expires_at": token.expires_at,
    }
    return json_answer(told)


def version(call: Call) -> Answer:
    """GET /version, and /metadata."""
    check_scope(call, "read_user")
    told = {"version": call.profile.version, "revision": "0a1b2c3d4e5"}
    if call.path.endswith("/metadata"):
        return json_answer(told | {"kas": {"enabled": False}, "enterprise": True})
    return json_answer(told)


def _person(call: Call, user: User) -> dict[str, object]:
    return {
        "id": user.id,
        "username": user.username,
        "name": user.name,
        "avatar_url": f"{call.base}/uploads/-/system/user/avatar/{user.id}/avatar.png",
        "web_url": f"{call.base}/{user.username}",
    }
