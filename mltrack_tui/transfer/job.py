"""One download being carried out: planned, checked against what is there, fetched; begun again where it stopped."""

import asyncio
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from mltrack_tui.domain.artifacts import Artifact
from mltrack_tui.sources.base import SourceError, UnreachableError
from mltrack_tui.transfer import before
from mltrack_tui.transfer.errors import NoRoomError, TransferError, told
from mltrack_tui.transfer.fetch import Fetch
from mltrack_tui.transfer.meter import Meter, left
from mltrack_tui.transfer.naming import Naming
from mltrack_tui.transfer.order import Download, Existing, Failure, Progress
from mltrack_tui.transfer.parts import Target, discard_parts, with_parts
from mltrack_tui.transfer.plan import Plan, plans_of
from mltrack_tui.transfer.threads import in_thread


class Job:
    """Carries out a download, as often as it is begun again: what was brought stays brought."""

    def __init__(self, download: Download, jobs: int, plans: Sequence[Plan] = ()) -> None:
        """``plans`` are those of what is wanted, where it was listed already."""
        self._download, self._jobs, self._plans = download, jobs, plans
        self._naming = Naming(download.existing)
        self._tops: list[before.Parts] = []
        self._files: dict[Target, Artifact] = {}
        self._listed = False
        self._bytes: int | None = None
        self._begun: set[Target] = set()
        self._done: set[Target] = set()
        self._done_bytes = 0
        self._came = 0
        self._fetching: dict[Target, tuple[Fetch, Meter]] = {}
        self._meter = Meter(time.monotonic())

    async def run(self) -> None:
        """Bring what is not here yet; its failures, and what ended it for all, are the download's at the end."""
        download = self._download
        download.problem, download.failures = "", []
        self._came, self._meter = 0, Meter(time.monotonic())
        try:
            await self._prepare()
            async with asyncio.TaskGroup() as group:
                waiting = iter(self._missing().items())
                for _ in range(self._jobs):
                    group.create_task(self._work(waiting))
        except (SourceError, TransferError) as error:
            download.problem = str(error)
        finally:
            self.measure()
            self._fetching.clear()
            download.active, download.progress = {}, replace(download.progress, speed=0.0, left=None, silence=0)

    def measure(self) -> bool:
        """Write down how far it is; whether that is news."""
        now, download = time.monotonic(), self._download
        told_before = (download.progress, download.active)
        active = {}
        for target, (fetch, meter) in self._fetching.items():
            speed = meter.speed(now, fetch.came)
            name = target.path.relative_to(download.folder).as_posix()
            silence = meter.silence(now) if fetch.at != fetch.total else 0  # else it is being verified
            active[name] = _at(Progress(0, 1, fetch.at, fetch.total), speed, silence)
        done = self._done_bytes + sum(each.bytes_done for each in active.values())
        speed = self._meter.speed(now, self._came + sum(fetch.came for fetch, _ in self._fetching.values()))
        files = len(self._files) if self._listed else None
        silence = self._meter.silence(now) if any(each.silence for each in active.values()) else 0
        download.progress = _at(Progress(len(self._done), files, done, self._bytes), speed, silence)
        download.active = active
        return told_before != (download.progress, download.active)

    async def remove_parts(self) -> None:
        """Remove what there is of files that are not complete."""
        await in_thread(discard_parts, list(self._missing()))

    def _missing(self) -> dict[Target, Artifact]:
        return {target: artifact for target, artifact in self._files.items() if target not in self._done}

    async def _prepare(self) -> None:
        """Decide what goes where, and see that it can. Raises SourceError and TransferError."""
        download = self._download
        plans, self._plans = self._plans or await plans_of(download.source, download.wanted), ()
        with told(str(download.folder)):
            await in_thread(download.folder.mkdir, parents=True, exist_ok=True)
        if not self._tops:
            self._tops = await in_thread(before.tops, download.wanted, plans, download.folder, download.existing)
        download.targets = [download.folder.joinpath(*top) for top in self._tops]
        download.failures = [failure for planned in plans for failure in planned.failures]
        self._files = before.targets_of(download.wanted, plans, self._tops, download.folder)
        sizes = [artifact.size for artifact in self._files.values()]
        self._bytes = sum(size or 0 for size in sizes) if None not in sizes else None
        self._listed = True
        await self._check()
        for top, planned in zip(self._tops, plans, strict=True):
            if planned.is_dir:
                download.failures += await in_thread(before.make_folders, download.folder, top, planned.folders)

    async def _check(self) -> None:
        """Meet what is there already, as the user said, and see that there is room for the rest."""
        there = await in_thread(before.there, self._missing())
        if there and self._download.existing is Existing.REFUSE:
            raise before.taken(list(there))
        if self._download.existing is Existing.SKIP:
            self._finished({target: size for target, size in there.items() if size >= 0})
        sizes = [(target, artifact.size) for target, artifact in self._missing().items()]
        await in_thread(before.check_room, self._download.folder, sizes)
        self._begun = await in_thread(with_parts, list(self._missing()))

    async def _work(self, waiting: Iterator[tuple[Target, Artifact]]) -> None:
        """Bring one file after the other, as long as there are some and nothing is wrong with all of them."""
        for target, artifact in waiting:
            if self._download.problem:
                return
            fetch = Fetch(self._download.source, artifact, target, self._naming, begun=target in self._begun)
            self._fetching[target] = fetch, Meter(time.monotonic())
            try:
                await fetch.run()
            except (UnreachableError, NoRoomError) as error:
                self._download.problem = str(error)
            except (SourceError, TransferError) as error:
                self._download.failures.append(Failure(artifact.path, str(error)))
            finally:
                if fetch.named:
                    self._finished({target: fetch.at})
            self._came += fetch.came
            del self._fetching[target]

    def _finished(self, files: Mapping[Target, int]) -> None:
        self._done |= files.keys()
        self._done_bytes += sum(files.values())
        self._download.finished += [target.path for target in files]


def _at(progress: Progress, speed: float, silence: int) -> Progress:
    """The same at a speed; while nothing comes, how fast the rest came tells nothing."""
    speed = 0.0 if silence else speed
    return replace(progress, speed=speed, left=left(progress.bytes_done, progress.bytes_total, speed), silence=silence)
