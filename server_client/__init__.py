"""A typed, asynchronous client for MLflow tracking servers and what is compatible with them.

from server_client import Access, TrackingClient

async with TrackingClient("https://mlflow.example", Access.from_environment()) as client:
    async for batch in client.runs.search(["1"], "metrics.accuracy > 0.9"):
        for run in batch.items:
            print(run.run_name)

A GitLab, whose projects answer MLflow's questions each under its own address, is asked by
`server_client.gitlab.client.GitLabClient`; `TrackingClient.is_gitlab` tells whether there is one.
"""

from server_client.access import Access
from server_client.checksums import Checksum
from server_client.client import TrackingClient
from server_client.dialect import Dialect, Tracker
from server_client.errors import (
    AccessError,
    BadRequestError,
    ChangedError,
    ConflictError,
    ConnectionLostError,
    ConnectionRefusedByHostError,
    ForbiddenError,
    Hint,
    NameNotResolvedError,
    NotFoundError,
    ProxyError,
    RefusedError,
    RoleTooLowError,
    ScopeTooSmallError,
    ServerError,
    TimedOutError,
    TlsError,
    TooManyRequestsError,
    TrackingError,
    UnauthorizedError,
    UnexpectedAnswerError,
    UnreachableError,
    WorkspacesDisabledError,
)
from server_client.files import OpenFile, Span
from server_client.paging import Batch, Pager
from server_client.transport import Timeouts
from server_client.values import (
    Alias,
    Artifacts,
    Dataset,
    Experiment,
    FileInfo,
    LoggedModel,
    Metric,
    ModelVersion,
    RegisteredModel,
    Run,
    ServerInfo,
    Workspace,
)

__all__ = [
    "Access",
    "AccessError",
    "Alias",
    "Artifacts",
    "BadRequestError",
    "Batch",
    "ChangedError",
    "Checksum",
    "ConflictError",
    "ConnectionLostError",
    "ConnectionRefusedByHostError",
    "Dataset",
    "Dialect",
    "Experiment",
    "FileInfo",
    "ForbiddenError",
    "Hint",
    "LoggedModel",
    "Metric",
    "ModelVersion",
    "NameNotResolvedError",
    "NotFoundError",
    "OpenFile",
    "Pager",
    "ProxyError",
    "RefusedError",
    "RegisteredModel",
    "RoleTooLowError",
    "Run",
    "ScopeTooSmallError",
    "ServerError",
    "ServerInfo",
    "Span",
    "TimedOutError",
    "Timeouts",
    "TlsError",
    "TooManyRequestsError",
    "Tracker",
    "TrackingClient",
    "TrackingError",
    "UnauthorizedError",
    "UnexpectedAnswerError",
    "UnreachableError",
    "Workspace",
    "WorkspacesDisabledError",
]
