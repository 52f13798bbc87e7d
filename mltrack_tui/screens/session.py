"""What all places share while mltrack runs: the source, what is remembered, how changes are followed."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mltrack_tui.commands import Keys
from mltrack_tui.config.live import PATIENCE
from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.plots.picture import Style
from mltrack_tui.sources.base import Source

if TYPE_CHECKING:
    from mltrack_tui.screens.live.watching import Watch
    from mltrack_tui.state.state import State
    from mltrack_tui.transfer.downloads import Download, Downloads


def now_ms() -> int:
    """The time now, in milliseconds since the epoch."""
    return time.time_ns() // 1_000_000


@dataclass(slots=True)
class News:
    """What is to be said where the user looks next.

    Attributes:
        greetings: sentences that stay until a key is pressed.
        forgetful: whether it was said that nothing can be remembered.
    """

    greetings: list[str] = field(default_factory=list)
    forgetful: bool = False


@dataclass(slots=True)
class Live:
    """How changes of the source are looked for.

    Attributes:
        every: the seconds between two looks that the user chose, infinite for none; None: as suits the source.
        patience: after so many points without a better one, a metric improves no longer.
        heard: when the source was last heard of, in milliseconds since the epoch; None before that.
        as_of: the same where it does not answer now, else None.
        trouble: why not, in a sentence.
        watched: the candidates that the user wants to hear of.
        unread: those of them that could not be read when they changed.
        totals: how many steps candidates will take, where the user said so.
        turned: set when ``every`` was chosen anew.
    """

    every: float | None = None
    patience: int = PATIENCE
    heard: int | None = None
    as_of: int | None = None
    trouble: str = ""
    watched: "dict[CandidateId, Watch]" = field(default_factory=dict)
    unread: set[CandidateId] = field(default_factory=set)
    totals: dict[CandidateId, int] = field(default_factory=dict)
    turned: asyncio.Event = field(default_factory=asyncio.Event)

    def anew(self) -> "Live":
        """The same for another source, of which nothing was heard yet."""
        return Live(self.every, self.patience)

    def choose(self, every: float) -> None:
        """Look so often from now on, and now."""
        self.every = every
        self.turned.set()


@dataclass(slots=True)
class Transfers:
    """What is downloaded while the program runs, whatever source is looked at.

    Attributes:
        tell: is called when a download has changed.
        folder: where the latest went, as the user wrote it; '' before there was one.
    """

    tell: "Callable[[Download], None]" = lambda _: None
    folder: str = ""
    _downloads: "Downloads | None" = None

    @property
    def downloads(self) -> "Downloads":
        """All downloads."""
        if self._downloads is None:
            from mltrack_tui.transfer.downloads import Downloads  # when there is the first

            self._downloads = Downloads(self.tell)
        return self._downloads

    @property
    def all(self) -> "Sequence[Download]":
        """The downloads of this session, ended ones too."""
        return self._downloads.all if self._downloads is not None else ()

    @property
    def under_way(self) -> "Sequence[Download]":
        """Those that quitting would leave unfinished."""
        return self._downloads.under_way if self._downloads is not None else ()

    def words(self) -> str:
        """How far they are, in a few words; '' where nothing is under way."""
        if not (under_way := self.under_way):
            return ""
        from mltrack_tui.screens.transfers.words import brief

        return brief(under_way)

    async def aclose(self) -> None:
        """Stop all; what has come stays, and the same download goes on from there another time."""
        if self._downloads is not None:
            await self._downloads.aclose()


@dataclass(frozen=True, slots=True)
class Graphics:
    """How a terminal draws images itself.

    Attributes:
        kind: ``sixel``, or ``kitty`` for kitty's graphics protocol.
        send: has the terminal do what codes say.
        cell: how many pixels a cell of it is wide and high, at the time.
    """

    kind: str
    send: Callable[[str], None]
    cell: Callable[[], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Session:
    """What all places share.

    Attributes:
        opened: where data comes from; None where the user has to choose first.
        now: what time it is, in milliseconds since the epoch.
        state: what is remembered; None remembers nothing. `Place.remembered` asks it.
        keys: which keys the commands have.
        currency: what stands before an amount.
        style: the characters that plots are made of.
        transfers: what is downloaded.
        graphics: how the terminal draws images itself; None where nobody said that it does.
    """

    opened: Source | None
    now: Callable[[], int] = now_ms
    state: "State | None" = None
    keys: Keys = field(default_factory=Keys)
    news: News = field(default_factory=News)
    live: Live = field(default_factory=Live)
    currency: str = "$"
    style: Style = Style.BRAILLE
    transfers: Transfers = field(default_factory=Transfers)
    graphics: Graphics | None = None

    @property
    def source(self) -> Source:
        """Where data comes from. Raises LookupError before one was chosen: only the list of sources is open then."""
        if self.opened is None:
            raise LookupError("no source was chosen yet")
        return self.opened

    @property
    def name(self) -> str:
        """What the path begins with."""
        return self.opened.name if self.opened is not None else "mltrack"
