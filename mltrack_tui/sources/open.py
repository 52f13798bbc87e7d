"""From what a user calls a source to the source: the only place that knows the kinds.

Only cheap questions are asked here (a stat, sixteen bytes, the user's configuration), so that an explorer can say at
once what is wrong; what needs the source itself is said by it when it is first asked.
"""

import os
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, suppress
from functools import cache, partial
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

from mltrack_tui.config.named import could_be_name
from mltrack_tui.config.settings import Config, load
from mltrack_tui.config.source import SourceSetting
from mltrack_tui.sources.artifacts import ServerOfArtifacts
from mltrack_tui.sources.base import Price, Source, SourceError
from mltrack_tui.sources.checks import Check, failed, fine
from mltrack_tui.sources.known import Known
from mltrack_tui.sources.store_paths import DATABRICKS, DEFAULT_STORE, SCHEME, store_path

TRACKING_URI = "MLFLOW_TRACKING_URI"
STORE, SERVER = "store", "server"


def open_default() -> Source | None:
    """What is meant where no source is named. Raises SourceError where it cannot be opened."""
    found = find_default()
    return found.open() if found is not None else None


def open_source(text: str) -> Source:
    """Open what is called so. Raises SourceError where it cannot be opened."""
    return find(text).open()


def find_default() -> Known | None:
    """What is meant where no source is named: ``MLFLOW_TRACKING_URI``, else ``mlflow.db`` in this folder, else None.

    Raises:
        SourceError: what is meant is no source.
    """
    if uri := os.environ.get(TRACKING_URI):
        try:
            return _at(uri)
        except SourceError as error:
            raise SourceError(f"{TRACKING_URI}: {error}") from None
    return _at(DEFAULT_STORE) if os.path.lexists(DEFAULT_STORE) else None


def find(text: str) -> Known:
    """What a user calls a source: a name of theirs, else a path, a folder that holds a store, or a tracking URI.

    A file that is called like a source is ``./name``.

    Raises:
        SourceError: there is no such source; the text is one line that says why and what to do.
    """
    if not text:
        raise SourceError("No source is named: name a store's path, or leave it out for the one in this folder.")
    config = _config_for(text)
    if setting := config.sources.get(text):
        return _at(setting.uri, text, setting)
    if wrong := _problems_of(text, config):
        raise SourceError(f"{config.path}: {wrong[0]}")
    return _at(text)


def is_location(word: str) -> bool:
    """Whether a word can only be meant as a source: something with a scheme, a path that exists, or a name."""
    if SCHEME.match(word) is not None or word in DATABRICKS or os.path.lexists(word):
        return True
    config = _config_for(word)
    return word in config.sources or bool(_problems_of(word, config))


def source_names() -> Sequence[str]:
    """What the user's sources are called."""
    return list(_config().sources)


def known_sources() -> list[Known]:
    """The sources that have a name, then what is meant where none is named. It looks at files."""
    known = [source_of(name, setting) for name, setting in _config().sources.items()]
    if default := os.environ.get(TRACKING_URI) or (DEFAULT_STORE if os.path.lexists(DEFAULT_STORE) else None):
        unnamed = _listed(None, default, None)
        if all(each.location != unnamed.location for each in known):
            known.append(unnamed)
    return known


def source_of(name: str, setting: SourceSetting) -> Known:
    """The source that such a setting names; where there is none, opening it says so."""
    return _listed(name, setting.uri, setting)


def _at(text: str, name: str | None = None, setting: SourceSetting | None = None) -> Known:
    if _is_server(text):
        uri, host = _without_secrets(text)
        opened, examined = partial(_open_server, text, setting, name), partial(_examine_server, text, setting)
        return Known(name or host, uri, SERVER, uri, opened, examined)
    path = store_path(text)
    opened, examined = partial(_open_store, path, name, setting), partial(_examine_store, path)
    return Known(name or path.name, str(path), STORE, str(path), opened, examined)


def _listed(name: str | None, text: str, setting: SourceSetting | None) -> Known:
    """The same, but what cannot be found says so only when it is opened."""
    try:
        return _at(text, name, setting)
    except SourceError as error:
        # A URI that is not understood is not shown: it may hold a password.
        shown = text if SCHEME.match(text) is None or setting is not None else ""
        kind = SERVER if _is_server(text) else STORE
        return Known(name or shown or TRACKING_URI, shown, kind, shown, partial(_fail, error))


def _is_server(text: str) -> bool:
    return text[:8].lower().startswith(("http://", "https://"))


def _without_secrets(uri: str) -> tuple[str, str]:
    """A server's URI without user, password and query, as its source has it, and its host with the port."""
    try:
        parts = urlsplit(uri.strip())
        named = bool(parts.hostname) and parts.port != 0
    except ValueError:  # whose text may quote a password
        named = False
    if not named:
        raise SourceError("This is no server's address: write it as in https://mlflow.example.") from None
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme.lower()}://{host}{parts.path}".rstrip("/"), host


def _open_store(path: Path, called: str | None, setting: SourceSetting | None) -> Source:
    from mltrack_tui.sources.sqlite import open_store

    return open_store(path, called, _price(), _server_of_artifacts(setting))


def _server_of_artifacts(own: SourceSetting | None) -> ServerOfArtifacts:
    """Where a store's artifacts are that lie behind a server, and how we are let in there.

    The store's own setting says both. Another address is let in as the source is that has it as its own.
    """
    named, variable = own.artifacts if own else None, os.environ.get(TRACKING_URI, "")

    def setting_of(uri: str) -> SourceSetting | None:
        if own is not None and uri == own.artifacts:
            return own
        asked = _without_secrets(uri)
        others = (each for each in _config().sources.values() if _is_server(each.uri))
        with suppress(SourceError):  # of an address that is none
            return next((each for each in others if _without_secrets(each.uri) == asked), None)
        return None

    return ServerOfArtifacts(named or (variable if _is_server(variable) else None), setting_of)


def _open_server(uri: str, setting: SourceSetting | None, called: str | None) -> Source:
    from mltrack_tui.sources.remote import open_server

    return open_server(uri, setting, called=called, gpu_hour=_price())


def _fail(error: SourceError) -> NoReturn:
    raise error


def _price() -> Price:
    """What tells what an hour of a GPU costs: the configuration is read when somebody asks for it first."""
    return cache(lambda: _config().cost.gpu_hour)


def _config() -> Config:
    from mltrack_tui.config.paths import config_path

    return load(config_path())


def _config_for(word: str) -> Config:
    """The user's configuration, if the word can be a name in it: paths and URIs start without it."""
    return _config() if could_be_name(word) else Config()


def _problems_of(name: str, config: Config) -> list[str]:
    return [problem for problem in config.problems if problem.startswith(f"sources.{name}: ")]


async def examine(text: str | None) -> AsyncGenerator[Check, None]:
    """Examine a source step by step, the one that is meant where none is named too; stops where it cannot go on."""
    try:
        known = find_default() if text is None else find(text)
    except SourceError as error:
        yield failed("source", str(error))
        return
    if known is None:
        yield failed("source", "none is named, and this folder has no mlflow.db", "Name one: mltrack doctor SOURCE.")
        return
    yield fine("source", f"{known.name}: a {known.kind}")
    if known.examine is not None:
        async with aclosing(known.examine()) as checks:
            async for check in checks:
                yield check


def _examine_store(path: Path) -> AsyncGenerator[Check, None]:
    from mltrack_tui.sources.sqlite.checkup import examine_store

    return examine_store(path)


def _examine_server(uri: str, setting: SourceSetting | None) -> AsyncGenerator[Check, None]:
    from mltrack_tui.sources.remote.checkup import examine_server

    return examine_server(uri, setting)
