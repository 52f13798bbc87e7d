"""Who asks a stub of GitLab, and what it was asked."""

from collections.abc import Iterator
from contextlib import contextmanager

from server_client import Access
from server_client.auth import TokenAuth
from server_client.gitlab.client import GitLabClient
from tests.gitlab.server import GitLabStub
from tests.server_client.loopback import QUICK

API = "/api/2.0/mlflow"


def client_of(stub: GitLabStub, username: str, *scopes: str, root: str | None = None) -> GitLabClient:
    """A client with a new token of a user's, of the scope ``api`` if none is named."""
    token = stub.world.token(stub.world.user_named(username), *scopes)
    access = Access(auth=TokenAuth.known(token, called="a test's token"))
    return GitLabClient(stub.uri if root is None else root, access, timeouts=QUICK)


@contextmanager
def counted(stub: GitLabStub) -> Iterator[list[str]]:
    """What is asked meanwhile, each as ``GET runs/get``, ``GET /user`` or ``GraphQL mlExperiment``."""
    before, said = len(stub.asked), list[str]()
    yield said
    for asked in stub.asked[before:]:
        path = asked.path.removeprefix(stub.root).removeprefix("/api/v4").split(f"ml/mlflow{API}/")[-1]
        path = path.split("/ml/mlflow/api/2.0/")[-1]
        said.append(f"GraphQL {asked.operation}" if asked.operation else f"{asked.method} {path}")
