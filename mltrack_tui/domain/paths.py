"""Paths of artifacts, which are hostile until shown otherwise: whoever logged them chose every character.

The rules are those that mlflow learnt from its own vulnerabilities (``validate_path_is_safe``): decode first, until
nothing changes any more, then refuse whatever could lead out of the folder.
"""

import re
from urllib.parse import unquote

LONGEST_NAME = 255
"""Bytes of a name: what Linux, macOS and Windows can keep at most."""
_LONGEST_PATH = 4000  # bytes; Linux takes 4096 with the folder before it
_MOST_DECODINGS = 10  # as mlflow's; without an end a long name of nothing but %25252525 keeps a program busy for hours
_DRIVE = re.compile(r"[A-Za-z]:")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_DEVICE = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:[ .].*)?", re.IGNORECASE)
"""Names that Windows keeps for devices, with any ending."""


def _decoded(path: str) -> str | None:
    """A path without percent codes, however often they were coded; None where that is too often to be meant."""
    if "%" not in path:
        return path
    for _ in range(_MOST_DECODINGS):
        if (further := unquote(path)) == path:
            return path
        path = further
    return None


def way_out(path: str) -> str | None:
    """Why a path relative to an artifact root could lead elsewhere, at the end of a sentence; None where it cannot.

    The path itself is used as it is given: a name may hold a percent sign. '' is the root.
    """
    if (plain := _decoded(path)) is None:
        return "it is percent-encoded too many times"
    return _leading_out(path) or (None if plain == path else _leading_out(plain))


def _leading_out(path: str) -> str | None:
    if _CONTROL.search(path):
        return "it holds control characters"
    if "\\" in path:
        return "it holds a backslash"
    if path.startswith("/") or _DRIVE.match(path):
        return "it is an absolute path"
    parts = path.split("/") if path else []
    if ".." in parts:
        return "it could lead out of its folder"
    return "a part of it is empty" if "" in parts or "." in parts else None


def no_name(path: str) -> str | None:
    """Why nothing may be written under a path, at the end of a sentence; None where it may.

    Whatever could lead elsewhere, and what some system gives another meaning or has no room for.
    """
    if (why := way_out(path)) is not None:
        return why
    if not path or len(path.encode()) > _LONGEST_PATH:
        return "it is empty" if not path else f"it is longer than {_LONGEST_PATH:,} bytes"
    return next((why for part in path.split("/") if (why := _no_part(part)) is not None), None)


def _no_part(name: str) -> str | None:
    if len(name.encode()) > LONGEST_NAME:
        return f"a name in it is longer than {LONGEST_NAME} bytes"
    if _DEVICE.fullmatch(name):
        return "Windows keeps that name for a device"
    if name[-1] in " ." or ":" in name:
        return "Windows would take it for another name"
    return None
