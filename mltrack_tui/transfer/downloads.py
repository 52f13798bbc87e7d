"""Downloads under way: what is wanted, how far each is, and a queue that goes on while the user browses."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from mltrack_tui.sources.artifacts import ArtifactSource
from mltrack_tui.transfer.before import targets_of, there, tops
from mltrack_tui.transfer.job import Job
from mltrack_tui.transfer.order import Download, Existing, Failure, Progress, State, Wanted
from mltrack_tui.transfer.plan import Plan
from mltrack_tui.transfer.threads import in_thread

__all__ = ["Download", "Downloads", "Existing", "Failure", "Progress", "State", "Wanted", "taken_names"]

_BEAT = 0.1  # seconds between two looks at how far the one that runs is

_UNDER_WAY = frozenset({State.WAITING, State.RUNNING, State.PAUSED})
_TO_BE_TRIED = frozenset({State.PAUSED, State.FAILED, State.CANCELLED})


class Downloads:
    """All downloads of a running program, one after the other; the files of one at a few at once.

    Runs in the event loop that adds the first. ``tell`` is called in it when one has changed, ten times a second at
    most for one that only goes on.
    """

    def __init__(self, tell: Callable[[Download], None], jobs: int = 3) -> None:
        self._tell, self._jobs = tell, jobs
        self._all: dict[Download, Job] = {}
        self._running: asyncio.Task[None] | None = None
        self._tidying: dict[Download, asyncio.Task[None]] = {}
        self._closed = False

    @property
    def all(self) -> Sequence[Download]:
        """In the order they were added, ended ones too."""
        return list(self._all)

    @property
    def under_way(self) -> Sequence[Download]:
        """Those that wait, run or pause: quitting would leave them unfinished."""
        return [download for download in self._all if download.state in _UNDER_WAY]

    def add(
        self,
        source: ArtifactSource,
        wanted: Sequence[Wanted],
        folder: Path,
        existing: Existing,
        title: str,
        *,
        plans: Sequence[Plan] = (),
    ) -> Download:
        """Begin a download as soon as those before it have ended.

        ``plans`` are those of what is wanted, where it was listed already: it is not listed again, unless what failed
        is tried again.
        """
        download = Download(source, tuple(wanted), folder, existing, title)
        self._all[download] = Job(download, self._jobs, plans)
        self._tell(download)
        self._go_on()
        return download

    def pause(self, download: Download) -> None:
        """Stop it for now; what has come stays, in ``.part`` files. One that does not run stays as it is."""
        if download.state is State.RUNNING and self._running is not None:
            self._running.cancel()  # the next begins when its last write is over
            self._become(download, State.PAUSED)

    def resume(self, download: Download) -> None:
        """Go on with one that was paused, or try again what failed or was cancelled."""
        if download.state in _TO_BE_TRIED:
            self._become(download, State.WAITING)
            self._go_on()

    def cancel(self, download: Download) -> None:
        """Stop it; complete files stay, parts of files do not."""
        running = self._running if download.state is State.RUNNING else None
        if download.state in _UNDER_WAY | _TO_BE_TRIED and download not in self._tidying:
            if running is not None:
                running.cancel()
            self._become(download, State.CANCELLED)
            self._tidy(download, running)

    async def ended(self) -> None:
        """Wait until none waits or runs any more."""
        while tasks := self._tasks():
            await asyncio.wait(tasks)

    async def aclose(self) -> None:
        """Stop all of them; what has come stays, to be resumed by another program."""
        self._closed = True
        if self._running is not None:
            self._running.cancel()
        await self.ended()

    def _tasks(self) -> list[asyncio.Task[None]]:
        return [*self._tidying.values(), *([self._running] if self._running is not None else [])]

    def _go_on(self) -> None:
        """Carry out the next one, unless one is being carried out."""
        if self._running is not None or self._closed:
            return
        waiting = (each for each in self._all if each.state is State.WAITING and each not in self._tidying)
        if (download := next(waiting, None)) is not None:
            self._running = asyncio.create_task(self._carry_out(download))
            self._become(download, State.RUNNING)
            self._running.add_done_callback(lambda task: self._ended(download, task))

    async def _carry_out(self, download: Download) -> None:
        job = self._all[download]
        beating = asyncio.create_task(self._beat(download, job))
        try:
            await job.run()
        finally:
            beating.cancel()
        self._become(download, State.FAILED if download.problem or download.failures else State.DONE)

    async def _beat(self, download: Download, job: Job) -> None:
        while True:
            await asyncio.sleep(_BEAT)
            if job.measure():
                self._tell(download)

    def _ended(self, download: Download, task: asyncio.Task[None]) -> None:
        self._running = None
        if not task.cancelled() and (error := task.exception()) is not None:  # a mistake of ours: not to be hidden
            download.problem = f"mltrack made a mistake: {error!r}"
            self._become(download, State.FAILED)
            task.get_loop().call_exception_handler({"message": "a download failed", "exception": error, "task": task})
        self._go_on()

    def _tidy(self, download: Download, after: asyncio.Task[None] | None) -> None:
        """Remove the parts of a cancelled one, once it has stopped."""

        async def removed() -> None:
            if after is not None:
                await asyncio.wait([after])
            await self._all[download].remove_parts()

        def over(_: asyncio.Task[None]) -> None:
            del self._tidying[download]
            self._go_on()

        self._tidying[download] = asyncio.create_task(removed())
        self._tidying[download].add_done_callback(over)

    def _become(self, download: Download, state: State) -> None:
        download.state = state
        self._tell(download)


async def taken_names(wanted: Sequence[Wanted], plans: Sequence[Plan], folder: Path) -> Sequence[Path]:
    """The files of ``folder`` that a download would meet, so that the user can be asked before: `Existing`.

    ``plans`` are those of what is wanted: `transfer.plan.plans_of`. Raises TransferError.
    """
    targets = targets_of(wanted, plans, tops(wanted, plans, folder, Existing.REFUSE), folder)
    return [target.path for target in await in_thread(there, targets)]
