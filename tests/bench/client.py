"""The same first page through the real client: prints milliseconds from this process's start and for a second time.

Run as ``python -m tests.bench.client STORE``.
"""

import os
import sys
import time

PAGE = 100


def main(store: str) -> None:
    """Ask for the newest hundred candidates twice."""
    began = time.perf_counter()
    os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
    from mlflow import MlflowClient

    client = MlflowClient(f"sqlite:///{store}")
    experiment = client.get_experiment_by_name("big")
    assert experiment is not None
    for _ in range(2):
        page = client.search_runs([experiment.experiment_id], max_results=PAGE, order_by=["attributes.start_time DESC"])
        assert len(page) == PAGE
        sys.stdout.write(f"{(time.perf_counter() - began) * 1000}\n")
        began = time.perf_counter()


if __name__ == "__main__":
    main(sys.argv[1])
