"""The same questions to the real client: prints milliseconds.

Run as ``python -m tests.bench.client STORE QUESTION``. Of the page it prints the time from this process's start and
that of a second call; of the others that of the first call, without the import.
"""

import os
import sys
import time
from typing import Any

PAGE = 100
FILTER = "metrics.m0 > 0.99 and params.p0 = 'x'"
"""A metric and a parameter."""
QUESTIONS: dict[str, dict[str, Any]] = {
    "filter": {"filter_string": FILTER, "order_by": ["attributes.start_time DESC"]},
    "sort": {"order_by": ["metrics.m0 DESC"]},
}


def main(store: str, question: str = "page") -> None:
    """Ask for a hundred candidates."""
    began = time.perf_counter()
    os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
    from mlflow import MlflowClient

    client = MlflowClient(f"sqlite:///{store}")
    experiment = client.get_experiment_by_name("big")
    assert experiment is not None
    asked = QUESTIONS.get(question, {"order_by": ["attributes.start_time DESC"]})
    if question != "page":
        began = time.perf_counter()
    for _ in range(2 if question == "page" else 1):
        client.search_runs([experiment.experiment_id], max_results=PAGE, **asked)
        sys.stdout.write(f"{(time.perf_counter() - began) * 1000}\n")
        began = time.perf_counter()


if __name__ == "__main__":
    main(*sys.argv[1:])
