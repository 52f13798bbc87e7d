"""Datasets as mlflow's `log_input` describes them: source, schema and profile are JSON."""

import hashlib
import json
from collections.abc import Mapping

from mltrack_tui.demo.values import Dataset


def image_dataset(name: str, url: str, count: int) -> Dataset:
    """Images of 28x28 pixels with a class each, as `mlflow.data.from_numpy` describes them."""
    schema = {
        "mlflow_tensorspec": {
            "features": _tensor("uint8", [-1, 28, 28]),
            "targets": _tensor("int64", [-1]),
        }
    }
    size = count * 28 * 28
    profile = {
        "features_shape": [count, 28, 28],
        "features_size": size,
        "features_nbytes": size,
        "targets_shape": [count],
        "targets_size": count,
        "targets_nbytes": count * 8,
    }
    return _dataset(name, "http", {"url": url}, schema, profile)


def table_dataset(name: str, source_type: str, source: object, columns: Mapping[str, str], rows: int) -> Dataset:
    """A table, as `mlflow.data.from_pandas` describes it; ``columns`` maps names to types of mlflow."""
    schema = {"mlflow_colspec": [{"type": kind, "name": column, "required": True} for column, kind in columns.items()]}
    return _dataset(name, source_type, source, schema, {"num_rows": rows, "num_elements": rows * len(columns)})


def _tensor(dtype: str, shape: list[int]) -> str:
    return json.dumps([{"type": "tensor", "tensor-spec": {"dtype": dtype, "shape": shape}}])


def _dataset(name: str, source_type: str, source: object, schema: object, profile: object) -> Dataset:
    parts = json.dumps(source), json.dumps(schema), json.dumps(profile)
    digest = hashlib.sha256("".join((name, *parts)).encode()).hexdigest()[:8]
    return Dataset(name, digest, source_type, *parts)
