"""The files that a training script leaves beside its numbers: logs, tables, configurations, a model's folder."""

import csv
import io
import json
import math
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from mltrack_tui.demo.values import Point, Run

_PYTHON = "3.11.9"


def training_files(run: Run, curves: Sequence[str]) -> dict[str, bytes]:
    """What every script leaves: its configuration, its last metrics, and a log of the metrics ``curves``."""
    return {
        "config.yaml": _config(run),
        "metrics.json": _metrics(run),
        "train.log": _log(run, curves, f"{_clock(run.end or run.start)} INFO done"),
    }


def failure_files(run: Run, curves: Sequence[str], error: str) -> dict[str, bytes]:
    """What a script leaves that ended with a traceback, whose last line is ``error``."""
    script = run.tags["mlflow.source.name"]
    last_words = (
        f'Traceback (most recent call last):\n  File "{script}", line 214, in <module>\n    main()\n'
        f'  File "{script}", line 187, in main\n    train(model, loader, options)\n{error}'
    )
    return {"config.yaml": _config(run), "train.log": _log(run, curves, last_words)}


def json_file(value: object) -> bytes:
    """Indented JSON."""
    return (json.dumps(value, indent=2) + "\n").encode()


def csv_file(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A table."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()


def model_folder(run: Run, *, flavour: str, packages: Sequence[str], weights: bytes) -> dict[str, bytes]:
    """A model as mlflow saves it; ``packages`` are pinned (``torch==2.5.1``), ``weights`` stand for the pickle."""
    requirements = ["mlflow==3.17.2", *packages]
    pip = "".join(f"  - {package}\n" for package in requirements)
    created = datetime.fromtimestamp((run.end or run.start) / 1000, UTC)
    model = (
        f"artifact_path: model\nflavors:\n  python_function:\n    env:\n      conda: conda.yaml\n"
        f"      virtualenv: python_env.yaml\n    loader_module: mlflow.{flavour}\n    model_path: model.pkl\n"
        f"    python_version: {_PYTHON}\n  {flavour}:\n    serialization_format: pickle\nmlflow_version: 3.17.2\n"
        f"model_size_bytes: {len(weights)}\nrun_id: {run.run_id}\nutc_time_created: '{created:%Y-%m-%d %H:%M:%S.%f}'\n"
    )
    conda = f"channels:\n- conda-forge\ndependencies:\n- python={_PYTHON}\n- pip<=24.2\n- pip:\n{pip}name: mlflow-env\n"
    build = "build_dependencies:\n- pip==24.2\n- setuptools\n- wheel\n"
    python = f"python: {_PYTHON}\n{build}dependencies:\n- -r requirements.txt\n"
    return {
        "model/MLmodel": model.encode(),
        "model/conda.yaml": conda.encode(),
        "model/python_env.yaml": python.encode(),
        "model/requirements.txt": "".join(f"{package}\n" for package in requirements).encode(),
        "model/model.pkl": weights,
    }


def _log(run: Run, curves: Sequence[str], last_words: str) -> bytes:
    options = " ".join(f"{key}={value}" for key, value in run.params.items())
    lines = [f"{_clock(run.start)} INFO {run.tags['mlflow.source.name']}: {options}"]
    for points in zip(*(run.history.get(key, []) for key in curves), strict=False):
        values = "  ".join(f"{key} {point.value:.5g}" for key, point in zip(curves, points, strict=True))
        lines.append(f"{_clock(points[0].timestamp)} INFO step {points[0].step:>5}  {values}")
    return "\n".join([*lines, last_words, ""]).encode()


def _config(run: Run) -> bytes:
    """The parameters as YAML; they hold nothing that needs quotes."""
    return "".join(f"{key}: {value}\n" for key, value in run.params.items()).encode()


def _metrics(run: Run) -> bytes:
    latest = run.latest().items()
    return json_file({key: _finite(point) for key, point in latest if not key.startswith("system/")})


def _clock(timestamp: int) -> str:
    return f"{datetime.fromtimestamp(timestamp / 1000, UTC):%Y-%m-%d %H:%M:%S}"


def _finite(point: Point) -> float | None:
    return point.value if math.isfinite(point.value) else None
