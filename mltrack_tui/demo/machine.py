"""What mlflow's system metrics say of the machine while a run trains."""

import random

from mltrack_tui.demo.values import Run

_POINTS = 40
_MEMORY, _GPU_MEMORY, _DISK = 32_000.0, 16_000.0, 500_000.0  # megabytes
_READS = 4
"""Intervals in which the data is fetched."""


def log_system_metrics(run: Run, rng: random.Random, *, gpu: bool) -> None:
    """Log a finished run's machine every ten seconds, or more seldom where that would be more than 40 times."""
    seconds = ((run.end or run.start) - run.start) / 1000
    interval = max(10.0, seconds / _POINTS)
    memory, gpu_memory = rng.uniform(5000, 9000), rng.uniform(2000, 11000)
    fetched, disk = 0.0, 0.55 * _DISK
    for step in range(int(seconds / interval)):
        elapsed = (step + 1) * interval
        memory += abs(rng.gauss(0, 20))
        run.log("system/cpu_utilization_percentage", step, elapsed, min(100.0, max(0.0, rng.gauss(62, 11))))
        run.log("system/system_memory_usage_megabytes", step, elapsed, memory)
        run.log("system/system_memory_usage_percentage", step, elapsed, 100 * memory / _MEMORY)
        fetched += interval * (40.0 if step < _READS else 0.2)
        disk += interval * 0.4
        run.log("system/disk_usage_megabytes", step, elapsed, disk)
        run.log("system/disk_usage_percentage", step, elapsed, 100 * disk / _DISK)
        run.log("system/network_receive_megabytes", step, elapsed, fetched)
        run.log("system/network_transmit_megabytes", step, elapsed, elapsed * 0.05)
        if gpu:
            run.log("system/gpu_0_utilization_percentage", step, elapsed, min(100.0, max(0.0, rng.gauss(91, 6))))
            run.log("system/gpu_0_memory_usage_megabytes", step, elapsed, gpu_memory)
            run.log("system/gpu_0_memory_usage_percentage", step, elapsed, 100 * gpu_memory / _GPU_MEMORY)
