"""One file, from its source to its name: continued where it broke off, verified, and named when it is whole."""

import asyncio
import hashlib
import os
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import BinaryIO

from mltrack_tui.domain.artifacts import Artifact
from mltrack_tui.sources.artifacts import ArtifactSource, Checksum, Content, Part
from mltrack_tui.sources.base import ChangedError, SourceError
from mltrack_tui.transfer.errors import TransferError, shown
from mltrack_tui.transfer.naming import Naming
from mltrack_tui.transfer.parts import PartFile, Target
from mltrack_tui.transfer.patience import Patience
from mltrack_tui.transfer.threads import in_thread

_STEP = 1 << 20  # bytes that are written at once; what has no more is written, checked and named at once
_COPY_STEP = 1 << 24  # bytes of a local file between two looks at whether to go on
_LONGEST_HELD = 0.5  # seconds that bytes are held back to be written together
_STARTS_OVER = 2  # times that a file may change while it is read


class Fetch:
    """One file being brought here.

    Attributes:
        at: bytes of it that are here.
        came: bytes that came since this began: those of a part that was there before are not among them.
        total: of the whole file, as far as known.
        named: whether it is complete and has its name. It may be where `run` was cancelled in the same moment.
    """

    def __init__(
        self, source: ArtifactSource, artifact: Artifact, target: Target, naming: Naming, *, begun: bool = True
    ) -> None:
        """``begun`` says whether there may be a part of it: that is not looked for else."""
        self._source, self._artifact, self._target, self._naming = source, artifact, target, naming
        self._is_begun = begun
        self.at = self.came = 0
        self.total = artifact.size
        self.named = False

    async def run(self) -> None:
        """Bring it. What has come stays as a part if this ends early.

        Raises:
            TransferError: it is not what it should be, or could not be written.
            SourceError: the source could not send it, asked again and again where that may help.
        """
        patience = Patience()
        changes = 0
        while True:
            try:
                await self._attempt()
            except ChangedError:
                changes += 1
                if changes > _STARTS_OVER:
                    raise TransferError(f"{self._shown} is being written: it changed while it was read.") from None
            except SourceError as error:
                await patience.after(error, self.at)
            else:
                return

    async def _attempt(self) -> None:
        start, version = await self._begun()
        self.at = start
        async with self._source.content(self._target.candidate, self._artifact.path, Part(start, None, version)) as got:
            if start and got.version != version:
                raise ChangedError(f"The artifact {self._shown} was written anew meanwhile.")
            self.total = got.size if got.size is not None else self._artifact.size
            part_name = self._target.part_name(got.version, got.size)
            if got.file is not None:
                await self._copy(got.file, got.checksum, start, part_name)
            else:
                await self._stream(got, start, part_name)

    async def _begun(self) -> tuple[int, str | None]:
        """How much there is of the version that the source has now, and which that is; parts of others go."""
        if not self._is_begun or (self.total is not None and self.total <= _STEP):
            return 0, None
        parts = await in_thread(self._target.found)
        if not parts:
            return 0, None
        async with self._source.content(self._target.candidate, self._artifact.path, Part(0, 1)) as now:
            name = self._target.part_name(now.version, now.size)
            known = now.version is not None and now.size is not None and now.ranged
            size = parts.get(name, 0) if known else 0
            whole = now.size or 0
        await in_thread(self._target.discard, name)
        return (size, now.version) if size <= whole else (0, None)

    async def _stream(self, content: Content, start: int, part_name: str) -> None:
        async with aclosing(self._batches(content.chunks)) as batches:
            await self._written(batches, content, start, part_name)

    async def _written(
        self, batches: AsyncGenerator[bytes, None], content: Content, start: int, part_name: str
    ) -> None:
        data = await anext(batches, b"")
        if not start and len(data) <= _STEP and len(data) == self.total:
            await anext(batches, b"")  # there must be no more
            await in_thread(self._put, data, part_name, content.checksum)
            return
        part = await self._part(part_name, start)
        try:
            while data:
                await in_thread(part.write, data)
                data = await anext(batches, b"")
            await self._finish(part, part_name, content.checksum)
        except _WrongError:
            await in_thread(part.discard)
            raise
        finally:
            part.close()

    async def _copy(self, file: BinaryIO, checksum: Checksum | None, start: int, part_name: str) -> None:
        """A file on this machine, copied by the system."""
        if not start and self.total is not None and self.total <= _STEP:
            data = await in_thread(file.read, self.total)
            self._arrived(len(data))
            self._complete()
            await in_thread(self._put, data, part_name, checksum)
            return
        begun = os.fstat(file.fileno())
        part = await self._part(part_name, start)
        try:
            left = (self.total or 0) - start
            while left and (copied := await in_thread(part.copy, file, min(left, _COPY_STEP))):
                left -= copied
                self._arrived(copied)
            now = os.fstat(file.fileno())
            if now.st_mtime_ns != begun.st_mtime_ns and now.st_size <= begun.st_size:  # what grows may go on growing
                raise ChangedError(f"The artifact {self._shown} was written anew meanwhile.")
            await self._finish(part, part_name, checksum)
        except _WrongError:
            await in_thread(part.discard)
            raise
        finally:
            part.close()

    async def _part(self, part_name: str, start: int) -> PartFile:
        self._is_begun = True
        opened: list[PartFile] = []
        try:
            await in_thread(lambda: opened.append(PartFile(self._target, part_name, start)))
        except asyncio.CancelledError:  # while it was opened
            for part in opened:
                part.close()
            raise
        return opened[0]

    async def _batches(self, chunks: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
        """The same bytes, as many together as are worth a write; before an error what came until then."""
        held: list[bytes] = []
        size = 0
        since = time.monotonic()
        try:
            async for chunk in chunks:
                self._arrived(len(chunk))
                held.append(chunk)
                size += len(chunk)
                if size >= _STEP or time.monotonic() - since > _LONGEST_HELD:
                    yield b"".join(held)
                    held, size, since = [], 0, time.monotonic()
        except SourceError:
            if size:
                yield b"".join(held)
            raise
        if size:
            yield b"".join(held)

    def _arrived(self, size: int) -> None:
        self.at, self.came = self.at + size, self.came + size
        if self.total is not None and self.at > self.total:  # what never ends would fill the disk
            raise _WrongError(f"{self._shown}: more came than its {self.total:,} bytes. Try again.")

    def _complete(self) -> None:
        if self.total is not None and self.at != self.total:
            raise _WrongError(f"{self._shown}: {self.at:,} came of {self.total:,} bytes. Try again.")

    async def _finish(self, part: PartFile, part_name: str, checksum: Checksum | None) -> None:
        self._complete()
        if checksum is not None:
            digest = hashlib.new(checksum.algorithm, usedforsecurity=False)
            for place in range(0, part.size, _COPY_STEP):
                await in_thread(part.read_into, digest, place, _COPY_STEP)
            self._check(digest.hexdigest(), checksum)
        await in_thread(self._name, part, part_name)

    def _put(self, data: bytes, part_name: str, checksum: Checksum | None) -> None:
        """All of a small file, in one go."""
        if checksum is not None:
            self._check(hashlib.new(checksum.algorithm, data, usedforsecurity=False).hexdigest(), checksum)
        part = PartFile(self._target, part_name)
        try:
            part.write(data)
            self._name(part, part_name)
        finally:
            part.close()

    def _name(self, part: PartFile, part_name: str) -> None:
        self._naming.name(part, part_name, self._target)
        self.named = True

    def _check(self, digest: str, checksum: Checksum) -> None:
        if digest != checksum.hexdigest:
            raise _WrongError(f"{self._shown}: its {checksum.algorithm} is not what the source says. Try again.")

    @property
    def _shown(self) -> str:
        return shown(self._artifact.path)


class _WrongError(TransferError):
    """What came is not the file."""
