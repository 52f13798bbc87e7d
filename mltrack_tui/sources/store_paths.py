"""From a path or a URI to the file of a store.

Only cheap questions are asked here (a stat, sixteen bytes), so that an explorer can say at once what is wrong; what
needs the store itself is said by the source when it is first asked.
"""

import os
import re
import shlex
import stat
from pathlib import Path
from urllib.parse import unquote

from mltrack_tui.sources.base import SourceError

DEFAULT_STORE = "mlflow.db"

_MAGIC = b"SQLite format 3\0"
SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+(?=://)|(?:file|sqlite)(?=:)", re.IGNORECASE)
_SQLITE_URI = re.compile(r"sqlite(?:\+pysqlite)?:///([^?]*)", re.DOTALL)
_SHOWN = 5
DATABRICKS = ("databricks", "databricks-uc", "uc")
"""What MLflow understands as a tracking URI though it has no scheme."""


def store_path(text: str) -> Path:
    """The store that a path, a folder that holds it, or a tracking URI names, absolute.

    Raises:
        SourceError: there is no store; the text is one line that says why and what to do.
    """
    return _store_path(text).absolute()


def _store_path(text: str) -> Path:
    scheme = SCHEME.match(text)
    is_path = "://" not in text and os.path.lexists(text)
    if scheme is not None and not is_path:
        return _path_of_uri(scheme[0].lower(), text)
    if text in DATABRICKS and not is_path:
        raise _unopened(text)
    return _checked(Path(text))


def _path_of_uri(scheme: str, uri: str) -> Path:
    if scheme == "file":
        raise _file_store(Path(unquote(re.sub("^file:(//[^/]*(?=/))?", "", uri, flags=re.IGNORECASE))))
    if scheme.partition("+")[0] == "sqlite":
        return _checked(sqlite_path(uri))
    raise _unopened(scheme)


def sqlite_path(uri: str) -> Path:
    """The file that MLflow opens for a ``sqlite:///`` URI: what stands before ``?``, percent-decoded once.

    The rule is SQLAlchemy's: three slashes before a relative path, four before an absolute one.

    Raises:
        SourceError: the URI names no file.
    """
    match = _SQLITE_URI.match(uri)
    if match is None:
        raise SourceError(f"{uri} is no SQLite URI: write sqlite:///relative.db or sqlite:////absolute/path.db.")
    path = unquote(match[1])
    if path in {"", ":memory:"}:
        raise SourceError(f"{uri} names no file: such a store lives in the memory of the program that made it.")
    if path.startswith("file:"):
        raise SourceError(f"{uri} holds SQLite's own URI, which is not read: write sqlite:/// and the file's path.")
    return Path(path)


def _checked(path: Path) -> Path:
    """The store at a path, or in a folder of that path, if it looks like one."""
    try:
        return _regular(path, path.stat().st_mode)
    except FileNotFoundError:
        hint = "it is a link to nothing" if path.is_symlink() else "check the path, or make a store with mltrack demo"
        raise SourceError(f"There is no file {path}: {hint}.") from None
    except PermissionError:
        raise SourceError(f"No permission to read {path}: ask its owner, or copy it to a place of yours.") from None
    except (OSError, ValueError) as error:  # a name too long, a loop of links, a NUL
        raise SourceError(f"{path} cannot be opened: {getattr(error, 'strerror', None) or error}.") from None


def _regular(path: Path, mode: int) -> Path:
    if stat.S_ISDIR(mode):
        return _in_folder(path)
    if not stat.S_ISREG(mode):
        raise SourceError(f"{path} is no file: name an MLflow SQLite store, such as mlflow.db.")
    with path.open("rb") as file:
        head = file.read(len(_MAGIC))
    if not head:
        raise SourceError(f"{path} is empty (zero bytes): log something with MLflow first, or name another file.")
    if head != _MAGIC:
        raise SourceError(f"{path} is not a SQLite file: name the store that MLflow writes, such as mlflow.db.")
    return path


def _in_folder(folder: Path) -> Path:
    default = folder / DEFAULT_STORE
    if default.exists():
        return _checked(default)
    if _is_file_store(folder):
        raise _file_store(folder)
    stores = sorted(path.name for path in folder.glob("*.db") if path.is_file())
    if len(stores) == 1:
        return _checked(folder / stores[0])
    if stores:
        shown = ", ".join([*stores[:_SHOWN], "…"] if len(stores) > _SHOWN else stores)
        raise SourceError(f"The folder {folder} holds several stores: name one of {shown}.")
    if _is_file_store(folder / "mlruns"):
        raise _file_store(folder / "mlruns")
    raise SourceError(
        f"The folder {folder} holds no store: name a folder with an mlflow.db in it, or try mltrack demo."
    )


def _is_file_store(folder: Path) -> bool:
    """Whether a folder is an ``mlruns``: numbered experiments, each with a ``meta.yaml``."""
    if not folder.is_dir():
        return False
    if folder.resolve().name == "mlruns":
        return True
    return any(child.name.isdecimal() and (child / "meta.yaml").is_file() for child in folder.iterdir())


def _file_store(folder: Path) -> SourceError:
    command = f"mlflow migrate-filestore --source {shlex.quote(str(folder))} --target sqlite:///{DEFAULT_STORE}"
    return SourceError(f"{folder} is a file store, which MLflow itself gave up. Make a SQLite store of it: {command}")


def _unopened(kind: str) -> SourceError:
    # The URI itself is not shown: it may hold a password.
    return SourceError(
        f"Sources of the kind {kind} are not opened: name an MLflow SQLite store, such as mlflow.db, or a server."
    )
