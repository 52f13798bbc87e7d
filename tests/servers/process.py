"""An `mlflow server` of the installed mlflow, as a user starts it, on a free port of this machine."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

import httpx

from tests.servers import keeper

PATIENCE = 120.0
"""Seconds that a start may take where the machine has much else to do; ten are usual."""


class MlflowServer:
    """A server over a store of its own in a folder; it is being started, and ``uri`` waits until it answers."""

    def __init__(self, folder: Path, *options: str, environment: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.log = folder / "server.log"
        command = [
            *(sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", "0", "--workers", "1"),
            *("--backend-store-uri", f"sqlite:///{folder / 'mlflow.db'}"),
            *("--artifacts-destination", str(self.artifacts), *options),
        ]
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, keeper.__file__, *command],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=folder,
                env=_environment(folder) | dict(environment or {}),
                start_new_session=True,
            )

    @property
    def artifacts(self) -> Path:
        """The folder to which the server writes artifacts, and from which it reads them."""
        return self.folder / "artifacts"

    @cached_property
    def uri(self) -> str:
        """Its tracking URI."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self._process.poll() is None:
            # The port is the system's choice, which uvicorn tells: one that we chose could be taken meanwhile.
            told = re.search(r"running on (http://127\.0\.0\.1:\d+)", self.log.read_text(encoding="utf-8"))
            if told and _answers(told[1]):
                return told[1]
            time.sleep(0.05)
        why = "ended" if self._process.poll() is not None else f"did not answer within {PATIENCE:.0f} seconds"
        raise RuntimeError(f"The MLflow server {why}. Its log:\n{self.log.read_text(encoding='utf-8')}")

    def stop(self) -> None:
        """End it with all its processes."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()


def _environment(folder: Path) -> dict[str, str]:
    """No settings of whoever runs the tests, and no job runner, which would start processes of its own."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("MLFLOW_", "_MLFLOW_"))}
    return ours | {
        "HOME": str(folder),
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "NO_PROXY": "*",
    }


def _answers(uri: str) -> bool:
    try:
        return httpx.get(f"{uri}/health", trust_env=False, timeout=5).text == "OK"
    except httpx.TransportError:
        return False
