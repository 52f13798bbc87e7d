"""What MLflow keeps of a dataset as JSON, told in a line; what is no such JSON stays as it is."""

import json


def told(text: str) -> str:
    """An object's members, ``num_rows 1797, num_elements 115008``."""
    parsed = _parsed(text)
    if not isinstance(parsed, dict):
        return text
    return ", ".join(f"{key} {_brief(value)}" for key, value in parsed.items())


def told_schema(text: str) -> str:
    """The columns of MLflow's ``mlflow_colspec``, or the tensors of its ``mlflow_tensorspec``, as ``name: type``."""
    parsed = _parsed(text)
    if not isinstance(parsed, dict):
        return text
    if isinstance(columns := parsed.get("mlflow_colspec"), list):
        return ", ".join(_column(column) for column in columns)
    if isinstance(tensors := parsed.get("mlflow_tensorspec"), dict):
        return ", ".join(f"{name}: {_tensor(spec)}" for name, spec in tensors.items() if spec is not None)
    return told(text)


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _brief(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _column(column: object) -> str:
    if not isinstance(column, dict):
        return _brief(column)
    name, kind = column.get("name"), _brief(column.get("type"))
    return f"{_brief(name)}: {kind}" if name is not None else kind


def _tensor(spec: object) -> str:
    """``uint8 [-1, 28, 28]``: MLflow writes a tensor's specification as JSON within the JSON."""
    parsed = _parsed(spec) if isinstance(spec, str) else spec
    tensors = [each.get("tensor-spec") for each in parsed if isinstance(each, dict)] if isinstance(parsed, list) else []
    told_tensors = [f"{each.get('dtype')} {each.get('shape')}" for each in tensors if isinstance(each, dict)]
    return " ".join(told_tensors) or _brief(spec)
