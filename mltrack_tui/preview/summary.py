"""What the files beside a model come to: MLmodel, conda.yaml, python_env.yaml, requirements.txt.

MLflow writes all four with a model (``mlflow.models.Model``, ``mlflow.utils.environment``); they are read as data only.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from mltrack_tui.domain.sizes import bytes_text
from mltrack_tui.preview.file import Unreadable
from mltrack_tui.preview.tree import Noted, Number, Pairs, Value, Word, tree_of, written

LONGEST = 4_000_000
"""Bytes of such a file."""
_REQUIREMENT = re.compile(
    r"(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)\s*(?P<extras>\[[^]]*])?\s*(?P<pin>[<>=!~@][^;#]*)?\s*(?P<when>;[^#]*)?(?:#.*)?"
)
_CONDA = re.compile(r"(?:\S+::)?(?P<name>[A-Za-z0-9_][A-Za-z0-9._-]*)\s*(?P<pin>[<>=!~].*)?")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a summary: a title, what is known in words, and a table.

    Attributes:
        facts: names and what they are.
        names, rows: the table; there may be none.
    """

    title: str
    facts: Sequence[tuple[str, str]] = ()
    names: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = field(default=())


def summary_of(name: str, data: bytes) -> Sequence[Part]:
    """What a file comes to. Raises Unreadable where it is not what its name says."""
    if len(data) > LONGEST:
        raise Unreadable(f"It is longer than {bytes_text(LONGEST)}.")
    if name.lower() == "requirements.txt":
        return [_packages("Requirements", _requirements(data.decode("utf-8", "replace")))]
    value = tree_of(name, data)
    if not isinstance(value, Pairs):
        raise Unreadable("It has no keys.")
    held = dict(value)
    if name == "MLmodel":
        return _model(held)
    return _conda(held) if name.lower().startswith("conda") else _python_env(held)


# MLmodel


def _model(held: Mapping[str, Value]) -> Sequence[Part]:
    flavours = held.get("flavors")
    if not isinstance(flavours, Pairs):
        raise Unreadable("It names no flavour of a model.")
    size = held.get("model_size_bytes")
    example = _inner(held.get("saved_input_example_info"))
    known = [
        ("model", _said(held.get("model_id")) or _said(held.get("model_uuid"))),
        ("run", _said(held.get("run_id"))),
        ("created", _said(held.get("utc_time_created")) + (" UTC" if held.get("utc_time_created") else "")),
        ("mlflow", _said(held.get("mlflow_version"))),
        ("size", bytes_text(int(size)) if isinstance(size, Number) and size.isdigit() else ""),
        ("input example", " ".join(filter(None, (_said(example.get("artifact_path")), _said(example.get("type")))))),
        ("path", _said(held.get("artifact_path"))),
        ("metadata", written(held["metadata"]) if held.get("metadata") not in {None, "null"} else ""),
    ]
    signature = _inner(held.get("signature"))
    parts = [Part("Model", [fact for fact in known if fact[1]])]
    parts += [_flavour(key, _inner(each)) for key, each in flavours]
    parts += [_schema(key, signature.get(key)) for key in ("inputs", "outputs", "params") if _said(signature.get(key))]
    if not signature:
        parts.append(Part("Signature", [("", "none: the model does not say what it takes and gives")]))
    return parts


def _flavour(name: str, held: Mapping[str, Value]) -> Part:
    return Part(f"Flavour {name}", [(key, said) for key, value in held.items() if (said := _said(value))])


def _schema(title: str, value: Value) -> Part:
    """Inputs, outputs or parameters, which MLflow writes as JSON in a text."""
    try:
        columns = json.loads(_said(value))
    except ValueError:
        return Part(title.capitalize(), [("", _said(value))])
    if not isinstance(columns, list) or not all(isinstance(each, dict) for each in columns):
        return Part(title.capitalize(), [("", _said(value))])
    told = [key for key in ("required", "default", "shape") if any(key in each for each in columns)]
    rows = [
        [str(each.get("name", place)), _type(each), *(_json(each.get(key)) for key in told)]
        for place, each in enumerate(columns)
    ]
    return Part(f"{title.capitalize()} ({len(rows):,})", (), ("name", "type", *told), rows)


def _type(column: Mapping[str, object]) -> str:
    """A column's type; a tensor's is that of its numbers, with its shape (-1 is any length)."""
    tensor = column.get("tensor-spec")
    if isinstance(tensor, dict):
        return f"{_json(tensor.get('dtype'))} {_json(tensor.get('shape'))}"
    return _json(column.get("type", column.get("dtype", "")))


def _json(value: object) -> str:
    return "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


# Environments


def _conda(held: Mapping[str, Value]) -> Sequence[Part]:
    dependencies = held.get("dependencies")
    listed = dependencies if isinstance(dependencies, list) else []
    conda = [_package(each, _CONDA) for each in listed if isinstance(each, str)]
    pip: list[Sequence[str]] = []
    for each in listed:
        if isinstance(each, Pairs):
            pip += [_package(_said(line), _REQUIREMENT) for _, lines in each for line in _list(lines)]
    python = next((pin for name, pin, _ in conda if name == "python"), "")
    known = [("name", _said(held.get("name"))), ("channels", ", ".join(map(_said, _list(held.get("channels")))))]
    parts = [Part("Conda environment", [fact for fact in [*known, ("python", python)] if fact[1]])]
    return [*parts, _packages("From conda", conda), _packages("From pip", pip)]


def _python_env(held: Mapping[str, Value]) -> Sequence[Part]:
    parts = [Part("Python environment", [("python", _said(held.get("python")) or "not said")])]
    for key, title in (("build_dependencies", "To build"), ("dependencies", "Packages")):
        parts.append(_packages(title, [_package(_said(each), _REQUIREMENT) for each in _list(held.get(key))]))
    return parts


def _requirements(text: str) -> Iterable[Sequence[str]]:
    for line in text.replace("\\\n", " ").splitlines():
        if (said := line.strip()) and not said.startswith("#"):
            yield _package(said, _REQUIREMENT)


def _package(line: str, pattern: re.Pattern[str]) -> Sequence[str]:
    """A package, its version, and under which condition; of anything else, as an option, the line as it is."""
    found = pattern.fullmatch(line.partition(" --hash=")[0].strip())
    if found is None:
        return line, "", ""
    parts = found.groupdict()
    return (
        parts["name"] + (parts.get("extras") or ""),
        (parts["pin"] or "").strip(),
        (parts.get("when") or "").lstrip("; ").strip(),
    )


def _packages(title: str, packages: Iterable[Sequence[str]]) -> Part:
    """Packages as a table, those counted of which there can be one version only."""
    rows = list(packages)
    pinned = sum(bool(re.fullmatch(r"={1,3}[^,*]+", pin)) for _, pin, _ in rows)
    conditional = any(when for *_, when in rows)
    names = ("package", "version", "only where") if conditional else ("package", "version")
    heading = f"{title} ({len(rows):,}, {pinned:,} pinned to one version)"
    return Part(heading, (), names if rows else (), [row if conditional else row[:2] for row in rows])


def _list(value: Value) -> Sequence[Value]:
    return value if isinstance(value, list) else ()


def _inner(value: Value) -> Mapping[str, Value]:
    return dict(value) if isinstance(value, Pairs) else {}


def _said(value: Value) -> str:
    """A value in words, nothing of null."""
    if value is None or isinstance(value, Noted) or (isinstance(value, Word) and value.lower() in {"null", "~", ""}):
        return "" if not isinstance(value, Noted) else written(value)
    return written(value)
