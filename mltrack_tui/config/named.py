"""Sources that a user gave names: what ``[sources.NAME]`` in ``config.toml`` may say."""

import re
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from mltrack_tui.config.source import SourceSetting

KEYS = tuple(field.name for field in fields(SourceSetting))

TAKEN = frozenset(
    (
        *(
            "projects",
            "experiments",
            "candidates",
            "models",
            "show",
            "history",
            "plot",
            "artifacts",
            "download",
            "demo",
            "open",
        ),
        *("sources", "doctor"),
    )
)
"""What a source may not be called: the command line's own words."""

_TOKENS = ("token_env", "token_command", "keyring")
_SECRETS = frozenset(("token", "password", "username", "user", "secret", "api_key"))
_NAME = re.compile(r"\w[\w-]{0,63}")
_PATHS = ("uri", "verify")


def could_be_name(word: str) -> bool:
    """Whether a source may be called so, but for what is taken: no path and no URI looks like it."""
    return _NAME.fullmatch(word) is not None


def name_problem(name: str) -> str | None:
    """Why a source may not be called so, or None."""
    if not could_be_name(name):
        return "a source's name is at most 64 letters, digits, _ and -, and begins with no -"
    return "it is a command of mltrack; choose another name" if name in TAKEN else None


def uri_problem(uri: str) -> str | None:
    """Why a URI may not be written to the file, or None."""
    if not uri.strip() or not uri.isprintable():
        return "write a path or a tracking URI in quotes"
    try:
        secret = "://" in uri and "@" in urlsplit(uri).netloc
    except ValueError:  # of brackets, for example; its text may quote a password
        return "it is no URI; write one such as https://mlflow.example"
    if secret:
        return f"no user or password belongs in the file: {ELSEWHERE}"
    return None


ELSEWHERE = (
    "name where a token is found with token_env, token_command or keyring, "
    "or set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD"
)


def read_sources(read: object) -> tuple[Mapping[str, SourceSetting], list[str]]:
    """What ``[sources]`` says, and what is wrong with it: one line each, never with the value of a secret."""
    if not isinstance(read, Mapping):
        return {}, ['sources: write [sources.NAME], and below it a line such as uri = "https://mlflow.example"']
    sources: dict[str, SourceSetting] = {}
    problems: list[str] = []
    for name, entry in read.items():
        setting, found = _read_source(name, entry)
        problems += [f"sources.{name}: {problem}" for problem in found]
        if setting is not None:
            sources[name] = setting
    return sources, problems


def _read_source(name: str, entry: object) -> tuple[SourceSetting | None, list[str]]:
    if problem := name_problem(name):
        return None, [problem]
    if not isinstance(entry, Mapping):
        return None, ['write [sources.NAME], and below it a line such as uri = "https://mlflow.example"']
    if secrets := [key for key in entry if key.casefold() in _SECRETS]:
        return None, [f"{secrets[0]} does not belong in the file: {ELSEWHERE}"]
    unknown = [f"there is no setting {key}; there are {', '.join(KEYS)}" for key in entry if key not in KEYS]
    known: dict[str, Any] = {key: value for key, value in entry.items() if key in KEYS}
    if problem := _wrong_value(known):
        return None, [*unknown, problem]
    return SourceSetting(**{key: _expanded(value) if key in _PATHS else value for key, value in known.items()}), unknown


def _wrong_value(known: Mapping[str, object]) -> str | None:
    if "uri" not in known:
        return 'it has no uri; write a line such as uri = "https://mlflow.example"'
    for key, value in known.items():
        if key == "verify" and isinstance(value, bool):
            continue
        if not isinstance(value, str) or not value.strip():
            hint = "true, false or a file of certificates in quotes" if key == "verify" else "it in quotes"
            return f"{key}: write {hint}"
    if problem := uri_problem(str(known["uri"])):
        return f"uri: {problem}"
    if (artifacts := known.get("artifacts")) is not None and (problem := _address_problem(str(artifacts))):
        return f"artifacts: {problem}"
    tokens = [key for key in _TOKENS if key in known]
    return f"it has {' and '.join(tokens)}: keep one of them" if len(tokens) > 1 else None


def _address_problem(uri: str) -> str | None:
    if not uri.lower().startswith(("http://", "https://")):
        return "write the address of the tracking server that has them, such as https://mlflow.example"
    return uri_problem(uri)


def _expanded(value: Any) -> Any:
    """A path with the user's folder in place of ``~``."""
    if not isinstance(value, str) or not value.startswith("~"):
        return value
    try:
        return str(Path(value).expanduser())
    except RuntimeError:  # nobody is called so
        return value
