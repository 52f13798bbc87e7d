"""No test sees the variables, the credentials or the proxies of whoever runs it."""

import os
from pathlib import Path

import pytest

_OURS = ("MLFLOW_", "REQUESTS_CA", "CURL_CA", "SSL_CERT")
_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(autouse=True)
def _nothing_in_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.startswith(_OURS) or name.lower() in _PROXIES:
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
