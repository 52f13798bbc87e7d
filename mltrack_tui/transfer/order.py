"""What a user ordered to be downloaded, and what has become of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.sources.artifacts import ArtifactSource


class State(Enum):
    """What becomes of a download."""

    WAITING = "waiting"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    FAILED = "failed"
    """At least one of its files could not be brought here; the others are."""
    CANCELLED = "cancelled"


class Existing(Enum):
    """What becomes of a file whose name is taken in the target folder."""

    REFUSE = "refuse"
    """Nothing is downloaded at all."""
    SKIP = "skip"
    """The file that is there stays, and counts as done."""
    RENAME = "rename"
    """What is downloaded, file or folder, gets a name that is free: ``model (1)``."""
    REPLACE = "replace"
    """The file that is there is replaced, at the moment that the new one is complete."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Something to be downloaded.

    Attributes:
        candidate: whose it is.
        path: a file or folder of its artifacts; '' is all of them, in a folder of the candidate's id.
        below: a folder within the target folder that it goes into, for instance one a candidate; '' for none. With
            the path '' it takes the place of the folder of the candidate's id.
    """

    candidate: CandidateId
    path: str
    below: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a download is.

    Attributes:
        files_total: None until everything was listed.
        bytes_total: None where the source does not tell every size.
        speed: bytes per second over the last seconds; 0 while nothing comes.
        left: seconds that it will still take; None where that cannot be told.
        silence: whole seconds for which no byte of what is waited for has come; 0 while they come.
    """

    files_done: int = 0
    files_total: int | None = None
    bytes_done: int = 0
    bytes_total: int | None = None
    speed: float = 0.0
    left: float | None = None
    silence: int = 0


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be brought here, and why: one line that says what to do now.

    Both are as the source wrote them: `domain.text.clean` before they are shown.
    """

    path: str
    reason: str


@dataclass(eq=False)
class Download:
    """One order of a user: some files and folders into one folder.

    Attributes:
        title: what it is called on the screen.
        active: the files that are being brought just now, by their artifacts' paths, with how far each is.
        targets: where what was wanted lies, or will lie.
        finished: the files that lie there complete, brought or skipped.
        problem: why it could not begin or go on; '' if that is not so.
        failures: the files that could not be brought here, in the order they failed.
    """

    source: ArtifactSource
    wanted: Sequence[Wanted]
    folder: Path
    existing: Existing
    title: str
    state: State = State.WAITING
    progress: Progress = field(default_factory=Progress)
    active: dict[str, Progress] = field(default_factory=dict)
    targets: list[Path] = field(default_factory=list)
    finished: list[Path] = field(default_factory=list)
    problem: str = ""
    failures: list[Failure] = field(default_factory=list)
