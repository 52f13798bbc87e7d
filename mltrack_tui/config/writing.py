"""Writing a named source to ``config.toml``: as text, so that every comment and every line of the user's stays."""

import json
import os
import re
import tempfile
import tomllib
from dataclasses import fields
from pathlib import Path

from mltrack_tui.config.named import name_problem, uri_problem
from mltrack_tui.config.source import SourceSetting


class WritingError(Exception):
    """The file was left as it was. The text is one line: why, and what to do."""


def add_source(path: Path, name: str, setting: SourceSetting) -> None:
    """Append a source to the file, which is made for this user alone if there is none.

    Raises:
        WritingError: the name or the URI cannot be, the name is taken, or the file cannot be read or written.
    """
    require_free(path, name)
    if problem := uri_problem(setting.uri):
        raise WritingError(f"{name}: {problem}")
    text = _text(path)
    before = _parsed(path, text)
    table = _table(name, setting)
    gap = "" if not text else "\n" if text.endswith("\n") else "\n\n"
    wanted = {**before, "sources": {**_names(before), name: _entry(setting)}}
    _replace(path, text + gap + table, wanted, f"write this into {path} yourself: {' '.join(table.splitlines())}")


def require_free(path: Path, name: str) -> None:
    """Raise WritingError unless a source may be called so, and none is."""
    if problem := name_problem(name):
        raise WritingError(f"{name}: {problem}")
    if name in _names(_parsed(path, _text(path))):
        raise WritingError(f"there is a source {name} already, in {path}; choose another name")


def remove_source(path: Path, name: str) -> None:
    """Take a source out of the file.

    Raises:
        WritingError: there is none of that name, or it is written so that only its owner can take it out.
    """
    text = _text(path)
    before = _parsed(path, text)
    if name not in _names(before):
        raise WritingError(f"there is no source {name} in {path}")
    left = {key: entry for key, entry in _names(before).items() if key != name}
    wanted = {key: value for key, value in before.items() if key != "sources"} | ({"sources": left} if left else {})
    _replace(path, _without(text, name), wanted, f"take it out of {path} yourself")


def _without(text: str, name: str) -> str:
    """The text without the lines of a table; what is said above the next heading belongs to that one."""
    heading = re.compile(rf"\s*\[\s*sources\s*\.\s*[\"']?{re.escape(name)}[\"']?\s*\]")
    lines = text.splitlines(keepends=True)
    start = next((index for index, line in enumerate(lines) if heading.match(line)), len(lines))
    end = start + 1
    while end < len(lines) and not lines[end].lstrip().startswith("["):
        end += 1
    while end > start + 1 and lines[end - 1].lstrip()[:1] in {"", "#"}:
        end -= 1
    while start and not lines[start - 1].strip():
        start -= 1
    return "".join(lines[:start] + lines[end:])


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode()  # line ends as they are
    except FileNotFoundError:
        return ""
    except (OSError, ValueError) as error:
        raise WritingError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from None


def _parsed(path: Path, text: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise WritingError(f"{path} is no TOML: {' '.join(str(error).split())}; mend it first") from None


def _names(read: dict[str, object]) -> dict[str, object]:
    sources = read.get("sources")
    return sources if isinstance(sources, dict) else {}


def _entry(setting: SourceSetting) -> dict[str, object]:
    """What is set, without what is so anyway."""
    values = {field.name: getattr(setting, field.name) for field in fields(setting)}
    return {key: value for key, value in values.items() if value is not None and value is not True}


def _table(name: str, setting: SourceSetting) -> str:
    heading = name if name.isascii() else _quoted(name)
    lines = [f"{key} = {_quoted(value)}" for key, value in _entry(setting).items()]
    return "\n".join([f"[sources.{heading}]", *lines, ""])


def _quoted(value: object) -> str:
    """TOML's, whose basic strings and booleans are JSON's as far as no control code is in them."""
    return json.dumps(value, ensure_ascii=False)


def _replace(path: Path, text: str, wanted: dict[str, object], otherwise: str) -> None:
    """Put a text in the file's place, all of it or nothing, if it says what it should."""
    try:
        says = tomllib.loads(text)
    except ValueError:
        says = None
    if says != wanted:
        raise WritingError(otherwise)
    path = Path(os.path.realpath(path))  # a link stays one
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, text)
    except (OSError, ValueError) as error:
        raise WritingError(f"{path} cannot be written: {getattr(error, 'strerror', None) or error}") from None


def _write(path: Path, text: str) -> None:
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", newline="", dir=path.parent, delete=False) as file:
        new = Path(file.name)  # for its owner alone
        try:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
            if path.exists():
                new.chmod(path.stat().st_mode & 0o7777)
            new.replace(path)
        except BaseException:
            new.unlink(missing_ok=True)
            raise
