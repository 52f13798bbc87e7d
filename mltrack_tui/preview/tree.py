"""JSON, YAML and TOML as values that are exactly what the file says: nothing is resolved, rounded or made unique."""

import json
from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from mltrack_tui.preview.file import Unreadable

MOST_BYTES = 8_000_000
"""Of a file that is taken apart; as Python's values it takes some ten times as much."""
_DEEPEST = 200
_YAMLS_OWN = "tag:yaml.org,2002:"
"""What ``!!`` stands for."""
_MOST_YAML = 500_000
"""Events of YAML: it is read a hundred times slower than JSON."""


class Number(str):
    """A number, as it is written: also NaN, Infinity and any number of digits."""

    __slots__ = ()


class Word(str):
    """What is neither text nor a number: true, null, a date, an alias."""

    __slots__ = ()


class Pairs(tuple[tuple[str, "Value"], ...]):
    """Keys with their values, in the order of the file; a key may be there twice."""

    __slots__ = ()


class Noted(NamedTuple):
    """A value of YAML with its tag and its anchor, which are shown and nothing else."""

    note: str
    value: "Value"


class Broken(str):
    """A line that is no JSON."""

    __slots__ = ()


Value: TypeAlias = "str | bool | Pairs | list[Value] | Noted | None"


def tree_of(name: str, data: bytes, *, whole: bool = True) -> Value:
    """What a file says, by its name: ``.yaml`` and ``.yml``, ``.toml``, ``.jsonl`` and ``.ndjson``, else JSON.

    ``whole`` says whether the data reach to the file's end: of lines, the last is else left out.

    Raises:
        Unreadable: it is not what its name says; the text has line and column.
    """
    text = _text(data)
    suffix = name.rpartition(".")[2].lower()
    try:
        if suffix in {"jsonl", "ndjson"}:
            return _json_lines(text, whole=whole)
        if suffix in {"yaml", "yml"} or name in {"MLmodel", "registered_model_meta"}:
            return _yaml(text)
        return _toml(text) if suffix == "toml" else _json_or_lines(text)
    except RecursionError:
        raise Unreadable("It is nested too deep to be shown as a tree.") from None


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(f"It is not UTF-8: byte {error.start:,} is not.") from None


_DECODER = json.JSONDecoder(
    object_pairs_hook=Pairs, parse_float=Number, parse_int=Number, parse_constant=Number, strict=False
)


def _json(text: str) -> Value:
    value: Value = _DECODER.decode(text)
    return value


def _json_or_lines(text: str) -> Value:
    try:
        return _json(text)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data":
            lines = _json_lines(text, whole=True)
            if not any(isinstance(line, Broken) for line in lines):
                return lines
        raise Unreadable(f"Line {error.lineno:,}, column {error.colno:,}: {error.msg}.") from None


def _json_lines(text: str, *, whole: bool) -> list[Value]:
    lines = text.split("\n")
    found: list[Value] = []
    for line in lines if whole else lines[:-1]:
        if line.strip():
            try:
                found.append(_json(line))
            except (json.JSONDecodeError, RecursionError):
                found.append(Broken(line))
    return found


def _toml(text: str) -> Value:
    import tomllib

    try:
        return _from_toml(tomllib.loads(text, parse_float=Number))
    except tomllib.TOMLDecodeError as error:
        raise Unreadable(f"{str(error).removesuffix('.')}.") from None


def _from_toml(value: object) -> Value:
    if isinstance(value, dict):
        return Pairs((key, _from_toml(each)) for key, each in value.items())
    if isinstance(value, list):
        return [_from_toml(each) for each in value]
    if isinstance(value, bool | str):
        return value
    return Number(value) if isinstance(value, int) else Word(value)


def _yaml(text: str) -> Value:
    """The events of YAML made into values; not its nodes: aliases of aliases can be more than any memory holds.

    An alias stays ``*name``, a tag and an anchor what is written before the value.
    """
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    builder = _Builder()
    try:
        for event in yaml.parse(text, Loader=loader):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"Line {mark.line + 1:,}, column {mark.column + 1:,}: " if mark is not None else ""
        raise Unreadable(f"{where}{error.problem or error.context}.") from None
    except yaml.YAMLError as error:  # a character that YAML does not allow
        raise Unreadable(f"It is no YAML: {' '.join(str(error).split())}.") from None
    return builder.documents[0] if len(builder.documents) == 1 else builder.documents


class _Builder:
    """Puts the events of YAML together."""

    def __init__(self) -> None:
        self.documents: list[Value] = []
        self._open: list[tuple[list[Value], bool, str]] = []
        self._events = 0

    def take(self, event: object) -> None:
        """One event more. Raises Unreadable where there are too many, or too many are open."""
        self._events += 1
        if self._events > _MOST_YAML or len(self._open) > _DEEPEST:
            what = "nested too deep" if len(self._open) > _DEEPEST else "too long"
            raise Unreadable(f"It is {what} to be shown as a tree.")
        kind = type(event).__name__
        if kind in {"MappingStartEvent", "SequenceStartEvent"}:
            self._open.append(([], kind == "MappingStartEvent", _note(event)))
        elif kind in {"MappingEndEvent", "SequenceEndEvent"}:
            values, is_mapping, note = self._open.pop()
            closed: Value = values
            if is_mapping:
                closed = Pairs((_key(key), value) for key, value in zip(values[::2], values[1::2], strict=True))
            self._put(closed, note)
        elif kind == "ScalarEvent":
            self._put(_scalar(event), _note(event))
        elif kind == "AliasEvent":
            self._put(Word(f"*{getattr(event, 'anchor', '')}"), "")

    def _put(self, value: Value, note: str) -> None:
        (self._open[-1][0] if self._open else self.documents).append(Noted(note, value) if note else value)


def _note(event: object) -> str:
    tag, anchor = getattr(event, "tag", None), getattr(event, "anchor", None)
    if tag and tag.startswith(_YAMLS_OWN):
        tag = "!!" + tag.removeprefix(_YAMLS_OWN)
    return " ".join([*([tag] if tag and tag != "!" else []), *([f"&{anchor}"] if anchor else [])])


def _scalar(event: object) -> Value:
    from mltrack_tui.domain.numbers import number_of

    text: str = getattr(event, "value", "")
    if getattr(event, "style", None) or not getattr(event, "implicit", (True,))[0]:
        return text
    if text in {"", "~"} or text.lower() in {"null", "true", "false"}:
        return Word(text or "null")
    return Number(text) if number_of(text.lstrip("+-").removeprefix(".")) is not None else text


def _key(value: Value) -> str:
    """A key's text; one that is no text itself is told by what it is."""
    if isinstance(value, Noted):
        return f"{value.note} {_key(value.value)}"
    if isinstance(value, str):
        return value
    return f"({summary(value)})"


def summary(value: Value) -> str:
    """A value in a few words: text as it is, of others how much they hold."""
    match value:
        case Noted(note, inner):
            return f"{note} {summary(inner)}"
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case Pairs():
            return f"{{{len(value):,} {'key' if len(value) == 1 else 'keys'}}}" if value else "{}"
        case list():
            return f"[{len(value):,} {'item' if len(value) == 1 else 'items'}]" if value else "[]"
        case _:
            return value


def written(value: Value) -> str:
    """All of a value on one line, much as JSON has it; text alone stands as it is."""
    return value if isinstance(value, str) else _written(value)


def _written(value: Value) -> str:
    match value:
        case Noted(note, inner):
            return f"{note} {_written(inner)}"
        case Pairs():
            pairs = (f"{json.dumps(key, ensure_ascii=False)}: {_written(each)}" for key, each in value)
            return f"{{{', '.join(pairs)}}}"
        case list():
            return f"[{', '.join(map(_written, value))}]"
        case Number() | Word() | bool() | None:
            return summary(value)
        case _:
            return json.dumps(value, ensure_ascii=False)


def children(value: Value) -> Sequence[tuple[str | int, Value]]:
    """What lies directly in a value, by its keys or its places."""
    inner = value.value if isinstance(value, Noted) else value
    if isinstance(inner, Pairs):
        return inner
    return list(enumerate(inner)) if isinstance(inner, list) else ()
