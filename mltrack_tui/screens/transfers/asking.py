"""Asking where to download something, and what becomes of files that are there already."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from mltrack_tui.domain.sizes import bytes_text
from mltrack_tui.domain.text import clean
from mltrack_tui.screens.dialogs import KeyedDialog
from mltrack_tui.screens.place import Place, counted
from mltrack_tui.screens.transfers.folder import completed, folder_of, free_bytes, why_not
from mltrack_tui.screens.transfers.words import LONGEST
from mltrack_tui.sources.base import Source, SourceBusy, SourceError
from mltrack_tui.transfer.downloads import Existing, Wanted, taken_names
from mltrack_tui.transfer.errors import TransferError
from mltrack_tui.transfer.plan import Plan, plans_of

RETRY = 0.5
"""Seconds between two questions to a source that is busy."""
MOST_NAMES = 12
"""Names of folders that are offered at once."""
_WAYS = (
    ("s", Existing.SKIP, "skip them: what is there stays"),
    ("n", Existing.RENAME, "rename: what comes gets a name that is free"),
    ("r", Existing.REPLACE, "replace them, each when the new one is complete"),
)
_SUBTITLE = "enter downloads · tab completes · esc cancels"


@dataclass(frozen=True, slots=True)
class Order:
    """Where to, what becomes of what is there already, and what was listed."""

    folder: Path
    existing: Existing
    plans: Sequence[Plan] = field(repr=False)


def download_to_folder(place: Place, wanted: Sequence[Wanted], title: str) -> None:
    """Ask where to, then download it while the user goes on; ``title`` is what it is called."""
    source, transfers = place.session.source, place.session.transfers
    if not source.capabilities.artifacts:
        place.status.show_notice(source.capabilities.artifacts.reason or "")
        return

    def chosen(order: Order | None) -> None:
        if order is None:
            return
        transfers.folder = str(order.folder)
        transfers.downloads.add(source, wanted, order.folder, order.existing, title, plans=order.plans)
        place.tell_transfers()
        place.status.show_notice(f"Downloading {title} to {order.folder}.  T shows how far it is.", "success")

    place.app.push_screen(DownloadDialog(source, wanted, title, transfers.folder or str(Path.cwd())), chosen)


class FolderInput(Input):
    """The name of a folder, which ``tab`` completes."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("tab", "screen.complete", show=False)]

    async def on_key(self, event: events.Key) -> None:
        """From enter on, what is typed is no part of the name any more: the dialog has it."""
        if self.disabled:
            event.prevent_default()
        elif event.key == "enter":
            event.stop()
            event.prevent_default()
            if self.value.strip():
                await self.action_submit()
                self.disabled = True


class DownloadDialog(KeyedDialog[Order]):
    """Asks for a folder and says what comes; where names are taken, asks what becomes of them."""

    def __init__(self, source: Source, wanted: Sequence[Wanted], title: str, folder: str) -> None:
        super().__init__()
        self._source, self._wanted, self._title = source, wanted, title
        self._input = FolderInput(folder, select_on_focus=False)
        self._input.cursor_blink = False
        self._comes, self._told = Static(classes="label"), Static(id="progress")
        self._coming = ""
        self._bytes: int | None = None
        self._plans: Sequence[Plan] | None = None
        self._listing = asyncio.Lock()
        self._options = OptionList(
            *(Option(Content.assemble((f"{key}  ", "$accent"), label)) for key, _, label in _WAYS)
        )
        self._folder: Path | None = None
        self._early: list[events.Key] = []
        """Keys that came while it was looked what is there."""

    def compose(self) -> ComposeResult:
        """The folder, what comes there, a sentence, the ways."""
        with Vertical(classes="dialog small") as frame:
            frame.border_title = Content(clean(f"Download {self._title}", LONGEST))
            frame.border_subtitle = _SUBTITLE
            yield Static("into the folder", classes="label")
            yield self._input
            yield self._comes
            yield self._told
            yield self._options

    def on_mount(self) -> None:
        """Count what comes while the user thinks."""
        self._options.display = self._told.display = False
        self._count()

    # What comes

    @work(exclusive=True, group="count")
    async def _count(self) -> None:
        """Say what it comes to; what goes wrong is said when it is wanted."""
        self._coming = "Counting …"
        self._tell_coming()
        try:
            files = [artifact.size for planned in await self._planned() for artifact, _ in planned.files]
        except (SourceError, TransferError) as error:
            self._coming = "" if isinstance(error, SourceBusy) else str(error)
        else:
            self._bytes = sum(size or 0 for size in files)
            least = "at least " if None in files else ""
            self._coming = f"{counted(len(files), 'file')} · {least}{bytes_text(self._bytes)}"
        if self.is_open:
            self._tell_coming()

    async def _planned(self) -> Sequence[Plan]:
        """What comes: listed once, by whoever asks first, unless that fails. Raises as `transfer.plan.plan` does."""
        async with self._listing:
            if self._plans is None:
                self._plans = await plans_of(self._source, self._wanted)
        return self._plans

    @work(exclusive=True, group="free")
    async def _tell_coming(self) -> None:
        folder = folder_of(self._input.value)
        free = await asyncio.to_thread(free_bytes, folder)
        room = "" if free is None else f"{bytes_text(free)} free there"
        short = free is not None and self._bytes is not None and self._bytes > free
        text = " · ".join(filter(None, (self._coming, room + (": too little" if short else ""))))
        self._comes.update(Content.styled(clean(text), f"${'warning' if short else 'dim'}"))

    @on(Input.Changed)
    def _typed(self) -> None:
        self._say("")
        self._tell_coming()

    def _say(self, text: str, tone: str = "dim") -> None:
        self._told.display = bool(text)
        self._told.update(Content.styled(clean(text), f"${tone}"))

    @work(exclusive=True, group="complete")
    async def action_complete(self) -> None:
        """Go on with the folder's name as far as there is one way, and say which ways there are."""
        text = self._input.value
        further, names = await asyncio.to_thread(completed, text)
        if not self.is_open or self._input.value != text:
            return
        self._input.value = further
        self._input.cursor_position = len(further)
        if len(names) != 1 and further == text:
            more = f"  … {len(names) - MOST_NAMES:,} more" if len(names) > MOST_NAMES else ""
            self._say("  ".join(names[:MOST_NAMES]) + more if names else "No folder begins with that.")

    # What is there already

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        self._look(folder_of(event.value))

    @work(exclusive=True, group="look")
    async def _look(self, folder: Path) -> None:
        self._folder = folder
        self._say("Looking what is there already …")
        try:
            problem = await asyncio.to_thread(why_not, folder)
            taken = () if problem else await self._taken(folder)
        except (SourceError, TransferError) as error:
            problem, taken = str(error), ()
        if not self.is_open:
            return
        if problem:
            self._input.disabled, self._folder = False, None
            self._early.clear()  # they were not meant for the folder's name
            self._input.focus()
            self._say(problem, "error")
        elif taken:
            names = ", ".join(path.name for path in taken[:3]) + (" …" if len(taken) > 3 else "")
            are = "is" if len(taken) == 1 else "are"
            self._say(f"{counted(len(taken), 'file')} {are} there already: {names}", "warning")
            self.query_one(".dialog").border_subtitle = "enter chooses · esc cancels"
            self._options.display = True
            self._options.focus()
        else:
            self._order(folder, Existing.REFUSE)
        self._hand_on()

    def on_key(self, event: events.Key) -> None:
        """Keep what is typed while it is looked what is there, for the ways or the place below, whichever comes.

        Not enter, which somebody presses again who sees nothing happen: it would choose what nobody has read.
        """
        if self._input.disabled and not self._options.display and event.is_printable:
            event.stop()
            self._early.append(event)
            if not self.is_current:  # it was on its way here when this was closed
                self._hand_on()

    def _hand_on(self) -> None:
        while self._early:
            key = self._early.pop(0)
            self.app.post_message(events.Key(key.key, key.character))

    async def _taken(self, folder: Path) -> Sequence[Path]:
        """The names that are taken, asked again for as long as the source is busy. Raises as `_planned` does."""
        while True:
            try:
                return await taken_names(self._wanted, await self._planned(), folder)
            except SourceBusy as busy:
                if self.is_open:
                    self._say(f"{busy} Trying again…", "warning")
                await asyncio.sleep(RETRY)

    @property
    def choice_keys(self) -> Sequence[str]:
        """The ways have a key each, where there is something to choose."""
        return [key for key, *_ in _WAYS] if self._options.display else ()

    def choose(self, index: int) -> None:
        """Download, and meet what is there in this way."""
        if self._folder is not None:
            self._order(self._folder, _WAYS[index][1])

    def _order(self, folder: Path, existing: Existing) -> None:
        self.dismiss(Order(folder, existing, self._plans or ()))
