"""An MLflow server that says of artifacts whatever a test wants: listings that nobody should trust, and bytes."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs

from tests.servers.proxy import Answer, Exchange, FaultyProxy

ROOT = "mlflow-artifacts:/1/c0ffee/artifacts"
_PROXIED = "/api/2.0/mlflow-artifacts/artifacts"
Files = Callable[[str], Sequence[dict[str, Any]]]
"""What is listed in a folder: ``path``, ``is_dir`` and ``file_size`` of each, as the server would tell them."""
Send = Callable[[Exchange], None]
"""Answers a question for the bytes of a file."""


def data(exchange: Exchange) -> None:
    """The same few bytes, whatever file was asked for."""
    exchange.send(Answer(body=b"data"))


@contextmanager
def saying(files: Files, send: Send = data) -> Iterator[FaultyProxy]:
    """The server, while it is needed. It has one candidate, ``c0ffee``, in experiment 1."""

    def answer(exchange: Exchange) -> None:
        path, query = exchange.asked.path, parse_qs(exchange.asked.query)
        info = {"run_id": "c0ffee", "run_uuid": "c0ffee", "experiment_id": "1", "artifact_uri": ROOT}
        folder = query.get("path", [""])[0]
        if path == "/version":
            exchange.send(Answer(body=b"3.17.2"))
        elif path.endswith("runs/get"):
            _tell(exchange, {"run": {"info": info | {"status": "FINISHED", "lifecycle_stage": "active"}, "data": {}}})
        elif path.endswith("experiments/get"):
            _tell(exchange, {"experiment": {"experiment_id": "1", "name": "one", "lifecycle_stage": "active"}})
        elif path.endswith("artifacts/list"):
            _tell(exchange, {"root_uri": ROOT, "files": files(folder)})
        elif path == _PROXIED:
            _tell(exchange, {"files": files(folder.removeprefix("1/c0ffee/artifacts").removeprefix("/"))})
        elif path.startswith(f"{_PROXIED}/"):
            send(exchange)
        else:
            exchange.send(Answer(404, b"{}", {"Content-Type": "application/json"}))

    with FaultyProxy("http://127.0.0.1:9") as proxy:
        proxy.plan(answer)
        yield proxy


def _tell(exchange: Exchange, answer: object) -> None:
    exchange.send(Answer(body=json.dumps(answer).encode(), headers={"Content-Type": "application/json"}))
