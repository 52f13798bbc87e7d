"""GitLab's own JSON schemas of its answers; SOURCES.txt says where they are from."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema

from tests.gitlab.errors import SchemaViolation


@cache
def _validator(name: str) -> Any:
    schema = json.loads((Path(__file__).parent / f"{name}.json").read_text(encoding="utf-8"))
    return jsonschema.Draft4Validator(schema)


def check(name: str, value: object) -> None:
    """Raises `SchemaViolation` if an answer is not as a schema has it.

    The token of a search's last page is null, which GitLab's schema of runs/search does not admit: its own tests
    only look at other pages.
    """
    if isinstance(value, dict) and value.get("next_page_token", "") is None:
        value = value | {"next_page_token": ""}
    error = next(_validator(name).iter_errors(value), None)
    if error is not None:
        raise SchemaViolation(f"{name}.json: {error.message} at {list(error.absolute_path)}")
