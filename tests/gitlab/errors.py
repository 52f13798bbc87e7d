"""The ways in which GitLab says no. They are not uniform: see section 1 of the contract."""

import json
from collections.abc import Mapping
from typing import Any


class Refusal(Exception):  # noqa: N818 - an answer as good as any other
    """An answer that ends whatever was being done."""

    def __init__(self, status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> None:
        super().__init__(f"{status} {body}")
        self.status = status
        self.body = json.dumps(body).encode()
        self.headers = dict(headers or {})


class SchemaViolation(AssertionError):  # noqa: N818 - what is wrong is the stub
    """The stub was about to answer what GitLab's own schemas forbid."""


def unauthorized() -> Refusal:
    """Nobody known, or somebody whose role is too low: GitLab tells them not apart."""
    return Refusal(401, {"message": "401 Unauthorized"})


def invalid_token(why: str) -> Refusal:
    return Refusal(401, {"error": "invalid_token", "error_description": why})


def insufficient_scope(needed: str = "api") -> Refusal:
    said = "The request requires higher privileges than provided by the access token."
    return Refusal(403, {"error": "insufficient_scope", "error_description": said, "scope": needed})


def forbidden() -> Refusal:
    return Refusal(403, {"message": "403 Forbidden"})


def no_route() -> Refusal:
    """There is no such endpoint."""
    return Refusal(404, {"error": "404 Not Found"})


def not_found(what: str = "") -> Refusal:
    """Nothing of a kind that a user may see: a project, or a feature of one."""
    return Refusal(404, {"message": f"404 {what} Not Found" if what else "404 Not Found"})


def no_resource() -> Refusal:
    return Refusal(404, {"error_code": "RESOURCE_DOES_NOT_EXIST"})


def already_exists() -> Refusal:
    return Refusal(400, {"error_code": "RESOURCE_ALREADY_EXISTS"})


def invalid_value(message: str | list[str] | None = None) -> Refusal:
    return Refusal(400, {"error_code": "INVALID_PARAMETER_VALUE", "message": message})


def update_failed() -> Refusal:
    return Refusal(400, {"error_code": "UPDATE_FAILED"})


def bad_request(message: str = "400 Bad request") -> Refusal:
    return Refusal(400, {"message": message})


def malformed(error: str) -> Refusal:
    """What Grape, the framework of GitLab's API, says of parameters that are not as declared."""
    return Refusal(400, {"error": error})
