"""Folders of this machine that something may be downloaded into; whatever looks at the disk is for threads."""

import os
import re
import shutil
from pathlib import Path

from mltrack_tui.domain.entities import CandidateId

_LONGEST, _TELLING = 48, 8
"""Characters of a candidate's name and id that a folder's name has."""


def folder_of(text: str) -> Path:
    """The folder that a user means; ``~`` is the home folder."""
    try:
        return Path(text.strip()).expanduser().absolute()
    except RuntimeError:  # no such user
        return Path(text.strip()).absolute()


def why_not(folder: Path) -> str:
    """Why nothing can be written there, in a sentence; '' where that is not known yet."""
    if "\0" in str(folder):
        return "No folder has such a name. Choose another one."
    there = _nearest(folder)
    if not there.is_dir():
        return f"{there} is no folder. Choose another one."
    if not os.access(there, os.W_OK | os.X_OK):
        return f"No permission to write to {there}. Choose another folder."
    return ""


def free_bytes(folder: Path) -> int | None:
    """How much there is room for on its disk; None where that cannot be told."""
    try:
        return shutil.disk_usage(_nearest(folder)).free
    except (OSError, ValueError):
        return None


def _nearest(folder: Path) -> Path:
    """The folder, or of one that is to be made the one that it will lie in."""
    return next((each for each in (folder, *folder.parents) if os.path.lexists(each)), folder)


def completed(text: str) -> tuple[str, list[str]]:
    """A folder's path as far as there is one way to go on, and the names of the folders that it may be."""
    before, slash, begun = text.rpartition("/")
    try:
        with os.scandir(folder_of(before + slash)) as entries:
            names = sorted(each.name for each in entries if each.name.startswith(begun) and each.is_dir())
    except (OSError, ValueError):
        return text, []
    names = [name for name in names if begun.startswith(".") or not name.startswith(".")]
    if not names:
        return text, []
    first, last = names[0], names[-1]  # what these two begin with, all do
    common = next((at for at, letter in enumerate(first) if letter != last[at : at + 1]), len(first))
    return before + slash + first[:common] + ("/" if len(names) == 1 else ""), names


def folder_name(candidate: CandidateId, name: str | None) -> str:
    """What the folder of all artifacts of a candidate is called: no two candidates' are called the same."""
    stem = re.sub(r"[^\w+-]+", "-", name or "")[:_LONGEST].strip("-")
    return f"{stem}-{candidate.candidate_id[:_TELLING]}" if stem else candidate.candidate_id
