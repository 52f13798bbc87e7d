"""Where a GitLab keeps a project's experiments."""

import re
from urllib.parse import quote, unquote

_OF_A_PROJECT = re.compile(r"(https?://[^?#]+)/api/v4/projects/([^/?#]+)/ml/mlflow/?", re.IGNORECASE)


def split(tracking_uri: str) -> tuple[str, str] | None:
    """The GitLab and the project that a tracking URI is about; None where it is not a GitLab's.

    Of ``https://host/root/api/v4/projects/group%2Fname/ml/mlflow`` that is ``https://host/root`` (a user and password
    in it stay) and ``group/name``, or the project's number as text.
    """
    found = _OF_A_PROJECT.fullmatch(tracking_uri.strip())
    return (found[1], unquote(found[2])) if found else None


def project_root(project: str) -> str:
    """The path of a project of GitLab's REST API, by the project's path or number."""
    return f"/api/v4/projects/{quote(project, safe='', errors='replace')}"
