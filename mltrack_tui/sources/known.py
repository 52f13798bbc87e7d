"""Sources that are not open, or not yet: what is known of them without asking, and a look at how they are."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from time import monotonic

from mltrack_tui.sources.base import RefusedError, Source, SourceBusy, SourceError, UnreachableError
from mltrack_tui.sources.checks import Check
from mltrack_tui.sources.pages import first

PATIENCE = 4.0
"""Seconds that a source has to show that it is there: more than we try again where nobody listens at a port."""
_CLOSING = 1.0


@dataclass(frozen=True, slots=True)
class Known:
    """A source that can be opened.

    Attributes:
        name: what the user calls it, else a file's name or a host.
        uri: where it is, without secrets.
        kind: ``store`` or ``server``.
        location: what `Source.location` of it is.
        open: opens it, or raises `SourceError`. It may look at files: not on the event loop.
        examine: tells step by step what is so and what is wrong.
    """

    name: str
    uri: str
    kind: str
    location: str
    open: Callable[[], Source] = field(repr=False, compare=False)
    examine: Callable[[], AsyncGenerator[Check, None]] | None = field(default=None, repr=False, compare=False)


class State(StrEnum):
    """How a source is."""

    ASKED = "asking"
    REACHABLE = "reachable"
    BUSY = "busy"
    REFUSED = "refused"
    ASLEEP = "asleep"
    UNREACHABLE = "unreachable"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Standing:
    """What came of a look at a source.

    Attributes:
        state: in a word.
        finding: what is wrong and what to do, in a sentence; '' where nothing is.
        projects: their names, or None where they are not known.
        more: whether there are more projects than these, which were not asked for.
        latency: milliseconds from the first byte sent to the first answer, with whatever it takes to connect.
    """

    state: State
    finding: str = ""
    projects: Sequence[str] | None = None
    latency: float | None = None
    more: bool = False

    @property
    def project_count(self) -> str | None:
        """How many projects there are: ``3``, or ``100+``."""
        return None if self.projects is None else f"{len(self.projects):,}{'+' if self.more else ''}"


ASKED = Standing(State.ASKED)
"""Not known yet."""


async def look(known: Known, patience: float = PATIENCE) -> Standing:
    """Open a source, ask it for its projects, and close it; after so many seconds it counts as asleep."""
    source: Source | None = None
    try:
        async with asyncio.timeout(patience):
            source = await asyncio.to_thread(known.open)  # with all that is imported for it
        async with asyncio.timeout(patience):
            began = monotonic()
            page = await first(source.projects())
            latency = (monotonic() - began) * 1000
            return Standing(State.REACHABLE, "", [each.name for each in page.items], latency, page.on_demand)
    except TimeoutError:
        return Standing(State.ASLEEP, f"No answer within {patience:g} s: it is asleep, far away, or cut off.")
    except SourceError as error:
        return Standing(_state_of(error), str(error))
    finally:
        if source is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(_CLOSING):
                    await source.aclose()


def _state_of(error: SourceError) -> State:
    match error:
        case RefusedError():
            return State.REFUSED
        case UnreachableError():
            return State.UNREACHABLE
        case SourceBusy():
            return State.BUSY
    return State.FAILED
