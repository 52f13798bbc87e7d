"""POST /api/graphql."""
from tests.gitlab.calls import Answer, Call
from tests.gitlab import errors

def operation(path: str, body: bytes) -> str:
    return ""

def answer(call: Call) -> Answer:
    raise errors.no_route()
