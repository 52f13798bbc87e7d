"""The sources that can be opened, and those that are open: each once, until the end."""

import asyncio
from collections.abc import Callable, Sequence

from mltrack_tui.sources.base import Source
from mltrack_tui.sources.known import Known


class Sources:
    """What there is to open.

    Attributes:
        here: the one that is looked at, or None where the user has to choose.
        opened: those that were looked at so far.
    """

    def __init__(self, find: Callable[[], Sequence[Known]] = tuple, here: Known | None = None) -> None:
        """``find`` tells those that the user has; it may look at files, so it is asked on another thread."""
        self._find = find
        self.here = here
        self.opened: dict[Known, Source] = {}

    async def listed(self) -> Sequence[tuple[Known, bool]]:
        """All there are, each with whether it is the one that is looked at."""
        known = list(await asyncio.to_thread(self._find))
        here = self.here
        if here is not None and here not in known:
            same = next((each for each in known if each.location == here.location), None)
            if same is None:
                known.insert(0, here)
            here = same or here
        return [(each, each == here) for each in known]

    async def open(self, known: Known) -> Source:
        """Open a source and look at it from now on; those that were opened before stay open. Raises SourceError."""
        if known not in self.opened:
            self.opened[known] = await asyncio.to_thread(known.open)
        self.here = known
        return self.opened[known]

    def open_at_once(self, known: Known) -> Source:
        """The same, where no event loop waits for it."""
        self.here = known
        self.opened[known] = known.open()
        return self.opened[known]

    async def aclose(self) -> None:
        """Let go of all."""
        await asyncio.gather(*(source.aclose() for source in self.opened.values()))
