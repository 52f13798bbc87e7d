"""The same questions to the real client: prints milliseconds.

Run as ``python -m tests.bench.client TRACKING_URI QUESTION``. Of the page it prints the time from this process's start
and that of a second call; of the others that of the first call, without the import.
"""

import os
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlflow import MlflowClient

PAGE, MOST = 100, 1000
"""Candidates that a screen shows; that the client asks for at once where it wants all."""
FILTER = "metrics.m0 > 0.99 and params.p0 = 'x'"
"""A metric and a parameter."""


def _page(client: "MlflowClient", experiment: str) -> None:
    client.search_runs([experiment], max_results=PAGE, order_by=["attributes.start_time DESC"])


def _filter(client: "MlflowClient", experiment: str) -> None:
    client.search_runs([experiment], FILTER, max_results=PAGE, order_by=["attributes.start_time DESC"])


def _sort(client: "MlflowClient", experiment: str) -> None:
    client.search_runs([experiment], max_results=PAGE, order_by=["metrics.m0 DESC"])


def _all(client: "MlflowClient", experiment: str) -> None:
    token = None
    while token != "":
        page = client.search_runs([experiment], max_results=MOST, page_token=token)
        token = page.token or ""


def _experiments(client: "MlflowClient", experiment: str) -> None:
    client.search_experiments()


QUESTIONS: dict[str, Callable[["MlflowClient", str], None]] = {"filter": _filter, "sort": _sort}
"""What a store is asked; a server is asked more."""
_ALL_QUESTIONS = {"page": _page, "all": _all, "experiments": _experiments, **QUESTIONS}


def main(uri: str, question: str = "page") -> None:
    """Ask it, and the page twice."""
    began = time.perf_counter()
    os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
    from mlflow import MlflowClient

    client = MlflowClient(uri)
    experiment = client.get_experiment_by_name("big")
    assert experiment is not None
    if question != "page":
        began = time.perf_counter()
    for _ in range(2 if question == "page" else 1):
        _ALL_QUESTIONS[question](client, experiment.experiment_id)
        sys.stdout.write(f"{(time.perf_counter() - began) * 1000}\n")
        began = time.perf_counter()


if __name__ == "__main__":
    main(*sys.argv[1:])
