"""Log to a store with the real client until told to stop, and say on standard output how often; started by a test."""

import sys
import threading

from mlflow import MlflowClient


def main() -> None:
    """Write one metric after the other; any failure ends with a traceback."""
    client = MlflowClient(sys.argv[1])
    run = client.create_run("0")
    told_to_stop = threading.Thread(target=sys.stdin.read, daemon=True)
    told_to_stop.start()
    sys.stdout.write("writing\n")
    sys.stdout.flush()
    step = 0
    while told_to_stop.is_alive():
        client.log_metric(run.info.run_id, "loss", 1 / (step + 1), step=step)
        client.set_tag(run.info.run_id, "step", str(step))
        step += 1
    sys.stdout.write(f"{step}\n")


if __name__ == "__main__":
    main()
