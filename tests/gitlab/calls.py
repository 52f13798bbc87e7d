"""A request as the endpoints see it, what its parameters must be, and an answer."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, Literal

from tests.gitlab import errors
from tests.gitlab.profiles import Profile
from tests.gitlab.schemas import check
from tests.gitlab.things import Project, Token, User
from tests.gitlab.world import World


@dataclass(frozen=True)
class Answer:
    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Call:
    """One request to the API, by somebody who was let in."""

    world: World
    profile: Profile
    base: str
    """Where this GitLab is: scheme, host, port and relative root."""
    elsewhere: str | None
    """Where downloads are sent to, if they are not answered here."""
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    seen_valid: set[object]
    """The kinds of run that a schema was found to admit: looking at each of thousands takes long."""
    token: Token | None = None

    @property
    def user(self) -> User:
        """Who asks."""
        assert self.token
        return self.token.user

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return "/".join(self.base.split("/")[:3])

    def given(self) -> dict[str, Any]:
        """The parameters of the query and of the JSON body."""
        if not self.body:
            return dict(self.query)
        try:
            told = json.loads(self.body)
        except ValueError as error:
            raise errors.malformed("Problem processing request body") from error
        return dict(self.query) | (told if isinstance(told, dict) else {})

    def declared(self, *params: "Param") -> dict[str, Any]:
        """The parameters of an endpoint, converted. Raises a `Refusal` that names all that are not as declared."""
        return _declared(self.given(), params)

    def page(self, project: Project, rest: str) -> str:
        """The address of a page of a project for people."""
        return f"{self.base}/{project.path_with_namespace}/-/{rest}"


def json_answer(
    value: object, schema: str | None = None, status: int = 200, headers: Mapping[str, str] | None = None
) -> Answer:
    """An answer that must be as one of GitLab's schemas has it."""
    if schema:
        check(schema, value)
    return Answer(json.dumps(value).encode(), status, {"Content-Type": "application/json", **(headers or {})})


Kind = Literal["string", "integer", "float", "array"]


@dataclass(frozen=True)
class Param:
    """A parameter as Grape has it: ``values`` are those that it may have, ``of`` is what an array holds."""

    name: str
    kind: Kind = "string"
    required: bool = False
    default: Any = None
    values: Sequence[str] = ()
    of: "Sequence[Param]" = ()


def required(*names: str) -> list[Param]:
    """Strings that must be there."""
    return [Param(name, required=True) for name in names]


def _declared(given: Mapping[str, Any], params: Sequence[Param], within: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    wrong: list[str] = []
    for param in params:
        name = f"{within}[{param.name}]" if within else param.name
        if param.name not in given:
            if param.required:
                wrong.append(f"{name} is missing")
            found[param.name] = param.default
            continue
        try:
            value = found[param.name] = _converted(given[param.name], param.kind)
        except (TypeError, ValueError):
            wrong.append(f"{name} is invalid")
            continue
        if param.values and value is not None and value not in param.values:
            wrong.append(f"{name} does not have a valid value")
        if param.of and value:
            found[param.name], told = _items(value, param, name)
            wrong += told
    if wrong:
        raise errors.malformed(", ".join(wrong)) if not within else _Wrong(wrong)
    return found


class _Wrong(Exception):  # noqa: N818 - not seen by anybody
    """What is wrong with an item of an array."""

    def __init__(self, wrong: list[str]) -> None:
        super().__init__()
        self.wrong = wrong


def _items(values: list[Any], param: Param, name: str) -> tuple[list[dict[str, Any]], list[str]]:
    found: list[dict[str, Any]] = []
    wrong: list[str] = []
    for number, item in enumerate(values):
        try:
            found.append(_declared(item if isinstance(item, dict) else {}, param.of, f"{name}[{number}]"))
        except _Wrong as caught:
            wrong += caught.wrong
    return found, wrong


def _converted(value: Any, kind: Kind) -> Any:
    """A JSON value as a type of Grape's; NaN and the infinities are no numbers to it."""
    if value is None:
        return None
    if kind == "array":
        if not isinstance(value, list):
            raise TypeError
        return value
    if isinstance(value, (list, dict)):
        raise TypeError
    if kind == "string":
        return str(value)
    if kind == "integer":
        return int(value)
    number = float(value)
    if not isfinite(number):
        raise ValueError(value)
    return number
