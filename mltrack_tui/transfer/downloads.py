"""Downloads under way: what is wanted, how far each is, and a queue that goes on while the user browses."""

from collections.abc import Callable, Sequence
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
        path: a file or folder of its artifacts; '' is all of them, and a folder of the candidate's name or id.
        below: a folder within the target folder that it goes into, for instance one a candidate; '' for none.
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
    """

    files_done: int = 0
    files_total: int | None = None
    bytes_done: int = 0
    bytes_total: int | None = None
    speed: float = 0.0
    left: float | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be brought here, and why: one line that says what to do now."""

    path: str
    reason: str


@dataclass(eq=False)
class Download:
    """One order of a user: some files and folders into one folder.

    Attributes:
        title: what it is called on the screen.
        active: the files that are being brought just now, with how far each is.
        targets: where what was wanted lies, or will lie.
        problem: why nothing of it could be brought here; '' if that is not so.
        failures: the files that could not, in the order they failed.
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
    problem: str = ""
    failures: list[Failure] = field(default_factory=list)


class Downloads:
    """All downloads of a running program, one after the other; the files of one at a few at once.

    Runs in the event loop that adds the first. ``tell`` is called in it when one has changed, ten times a second at
    most for one that only goes on.
    """

    def __init__(self, tell: Callable[[Download], None], jobs: int = 3) -> None:
        raise NotImplementedError

    @property
    def all(self) -> Sequence[Download]:
        """In the order they were added, ended ones too."""
        raise NotImplementedError

    @property
    def under_way(self) -> Sequence[Download]:
        """Those that wait, run or pause: quitting would leave them unfinished."""
        raise NotImplementedError

    def add(
        self, source: ArtifactSource, wanted: Sequence[Wanted], folder: Path, existing: Existing, title: str
    ) -> Download:
        """Begin a download as soon as those before it have ended."""
        raise NotImplementedError

    def pause(self, download: Download) -> None:
        """Stop it for now; what has come stays, in ``.part`` files. One that does not run stays as it is."""
        raise NotImplementedError

    def resume(self, download: Download) -> None:
        """Go on with one that was paused, or try again what failed or was cancelled."""
        raise NotImplementedError

    def cancel(self, download: Download) -> None:
        """Stop it; complete files stay, parts of files do not."""
        raise NotImplementedError

    async def aclose(self) -> None:
        """Stop all of them; what has come stays, to be resumed by another program."""
        raise NotImplementedError


async def taken_names(wanted: Sequence[Wanted], source: ArtifactSource, folder: Path) -> Sequence[Path]:
    """The files of ``folder`` that a download would meet, so that the user can be asked before: `Existing`.

    Raises SourceError and `transfer.errors.TransferError`.
    """
    raise NotImplementedError
