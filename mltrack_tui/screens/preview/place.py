"""The place that an artifact is looked into."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container

from mltrack_tui.commands import DOWNLOAD, HELP, Group, hints
from mltrack_tui.commands.preview import PREVIEW
from mltrack_tui.domain.artifacts import Artifact
from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.domain.sizes import bytes_text
from mltrack_tui.preview.file import ArtifactFile, TooMuch, Unreadable
from mltrack_tui.preview.kinds import HEAD, Look, looks_of
from mltrack_tui.screens.place import Place
from mltrack_tui.screens.preview.view import View
from mltrack_tui.screens.preview.views import view_of
from mltrack_tui.screens.session import Session
from mltrack_tui.sources.base import ChangedError, SourceError
from mltrack_tui.widgets.tabs import TabBar

if TYPE_CHECKING:
    from mltrack_tui.export.table import Exportable
    from mltrack_tui.screens.browsing import Page
    from mltrack_tui.screens.copying import Copyable

T = TypeVar("T")
_READINGS = 3
"""Times that a file is read again which is written anew all the while."""


class PreviewPlace(Place):
    """One file; a tab for each way to look at it, and a step to the files beside it."""

    BINDINGS: ClassVar[list[BindingType]] = [*PREVIEW.bindings(), *Group("", (DOWNLOAD,)).bindings()]

    def __init__(
        self,
        session: Session,
        path: Sequence[str],
        candidate: CandidateId,
        artifacts: Sequence[Artifact],
        index: int,
    ) -> None:
        """``path`` leads to the candidate; ``artifacts`` are those of one folder, and the one of ``index`` is opened.

        Folders among them, and what cannot be read, are stepped over.
        """
        super().__init__(session)
        self._path, self._candidate = tuple(path), candidate
        here = artifacts[index]
        self._files = [each for each in artifacts if each.is_readable and not each.is_dir]
        self._index = self._files.index(here)
        self.file = ArtifactFile(session.source, candidate, here)
        self._head = b""
        self._looks: tuple[Look, ...] = ()
        self._look = 0
        self._chosen: Look | None = None
        """The way that the user wants to look at files, where there is that way."""
        self._is_opening = False
        self._views: dict[Look, View] = {}
        self._why = ""
        self.tabs = TabBar(())
        self._room = Container(id="looks")

    @property
    def view(self) -> View | None:
        """What is looked at; None until the file's beginning was read."""
        return self._views.get(self._looks[self._look]) if self._looks else None

    def candidate_here(self) -> CandidateId | None:
        """The one whose file it is."""
        return self._candidate

    def content(self) -> ComposeResult:
        """The ways to look at it, above the one that is open."""
        yield self.tabs
        yield self._room

    def failed(self, error: SourceError) -> None:
        """Where nothing of the file is shown yet, there is nothing to show but the sentence."""
        super().failed(error)
        if all(view.file.path != self.file.path for view in self._views.values()):
            self._looks, self.tabs.display = (), False
            self.say(str(error))

    def on_mount(self) -> None:
        """The beginning of a file comes soon."""
        self.hold_frame()

    def on_unmount(self) -> None:
        """What was read takes no memory any more, whoever still holds the place."""
        self.file.forget()
        self._views.clear()

    # Opening

    def reload(self) -> None:
        """Open the file anew."""
        artifact = self._files[self._index]
        self.looked_at = self._candidate
        self.file.forget()
        self.file = ArtifactFile(self.session.source, self._candidate, artifact)
        position = f"{self._index + 1:,} of {len(self._files):,}" if len(self._files) > 1 else ""
        self.path.show((self.session.source.name, *self._path, *artifact.path.split("/")), position)
        self.status.show_notice()
        self.status.show_value("", "", "Reading …")
        self._is_opening = True
        self._open()

    @work(exclusive=True, group="open")
    async def _open(self) -> None:
        file = self.file
        head = await self.reading(lambda: file.read(0, HEAD))
        if head is None:
            self._is_opening = False
            return
        self.say("")
        self._views.clear()
        await self._room.remove_children()
        self._head = head
        self._looks = looks_of(file.name, head)
        self._look = self._looks.index(self._chosen) if self._chosen in self._looks else 0
        self.tabs.show(names=[look.value for look in self._looks])
        self.tabs.display = len(self._looks) > 1
        self._is_opening = False
        await self._show(self._look)
        self.ready.set()

    async def _show(self, index: int) -> None:
        """Open a tab or, where its look is impossible, which is said, the next one."""
        self._why = ""
        for at in (*range(index, len(self._looks)), *range(index)):
            look = self._looks[at]
            self._look = at
            self.tabs.show(at)
            view = self._views.get(look) or await self._made(look)
            if view is not None:
                self._have(view)
                view.focus_view()
                self.show_hints()
                self.tell()
                return

    async def _made(self, look: Look) -> View | None:
        """A view that has loaded; None where it cannot be, which was told."""
        view = view_of(look, self, self.file, self._head)
        with self.app.batch_update():
            await self._room.mount(view)
            self._have(view)
        try:
            if await self.reading(lambda: _done(view.load())):
                self._views[look] = view
                return view
            return None
        finally:
            if look not in self._views:  # another was opened meanwhile, too
                view.remove()

    def _have(self, view: View) -> None:
        """Have one on screen, and the others not."""
        for each in self._room.children:
            each.display = each is view

    async def reading(self, read: Callable[[], Awaitable[T]]) -> T | None:
        """What a view reads of its file; None where it failed or the user does not want that much, which was told.

        Asks the source again while it is busy, and the user where it is much; reads anew what changed meanwhile.
        """
        while True:
            try:
                return await self.answer(lambda: self._of_one_version(read))
            except Unreadable as why:
                self._refuse(str(why))
                return None
            except TooMuch as much:
                if not await self._allowed(much.wanted):
                    return None

    async def _of_one_version(self, read: Callable[[], Awaitable[T]]) -> T:
        for _ in range(_READINGS):
            try:
                return await read()
            except ChangedError:
                await self.file.renew()
        return await read()

    async def _allowed(self, size: int) -> bool:
        from mltrack_tui.screens.preview.asking import ReadOn  # few files are so large

        allowed = await self.app.push_screen_wait(ReadOn(self.file, size))
        if allowed:
            self.file.allow(max(2 * size, self.file.fetched))
        else:
            self._refuse(f"This would have read {bytes_text(size)}.")
        return bool(allowed)

    def _refuse(self, why: str) -> None:
        """Say why something is not shown; of a tab that cannot be, with what is shown in its place."""
        self._why = why
        self.status.show_notice(why)

    # What is said

    def show_hints(self) -> None:
        """Show the commands of the view and of the place."""
        own = self.view.HINTS if self.view is not None else ()
        self.hints.show([*own, *hints(PREVIEW), DOWNLOAD, HELP])

    def tell(self) -> None:
        """Show below the view what it says, and how much was fetched for it."""
        view, file = self.view, self.file
        if view is None:
            return
        size = f" of {bytes_text(file.size)}" if file.size is not None else ""
        read = f"{bytes_text(file.fetched)}{size} read" if file.fetched != file.size else f"{bytes_text(file.fetched)}"
        about = " · ".join(text for text in (view.summary(), read) if text)
        if self._why:
            self.status.show_value("", "", f"{self._why} · {about}")
        else:
            at = file.path, self._look, view.at()
            self.status.show_value(about, *(view.value_under_cursor() or ("", "")), at=at)

    # Commands

    def action_look(self, index: int) -> None:
        """Look at it in another way."""
        if index < len(self._looks):
            self._look_at(index)

    def action_step_look(self, step: int) -> None:
        """The next way to look at it, or the one before."""
        if self._looks:
            self._look_at((self._look + step) % len(self._looks))

    @on(TabBar.Picked)
    def _tab_picked(self, event: TabBar.Picked) -> None:
        self._look_at(event.index)

    def _look_at(self, index: int) -> None:
        """The tabs may still be those of the file before: what is opened just now is looked at in this way, too."""
        self._chosen = self._looks[index]
        if not self._is_opening:
            self._show_chosen(index)

    @work(exclusive=True, group="open")
    async def _show_chosen(self, index: int) -> None:
        self.status.show_notice()
        await self._show(index)

    def action_step_file(self, step: int) -> None:
        """Go to the next file of the folder or the one before."""
        index = self._index + step
        if 0 <= index < len(self._files):
            self._index = index
            self.reload()
        else:
            self.status.show_notice("This is the last file here." if step > 0 else "This is the first file here.")

    def action_download(self) -> None:
        """Download the file."""
        from mltrack_tui.screens.transfers.asking import download_to_folder  # when it is first asked for
        from mltrack_tui.transfer.downloads import Wanted

        file = self._files[self._index]
        download_to_folder(self, [Wanted(self._candidate, file.path)], file.name)

    def leave(self) -> bool:
        """Leave what is open within the view first."""
        return (self.view is not None and self.view.leave()) or super().leave()

    # What is taken elsewhere

    def value_under_cursor(self) -> tuple[str, str] | None:
        """What the view's cursor is on."""
        return self.view.value_under_cursor() if self.view is not None else None

    def copyable(self) -> "Sequence[Copyable]":
        """What the view's cursor is on, what it shows, and what names the file."""
        from mltrack_tui.screens.copying import Copyable

        file = self._files[self._index]
        uri = file.uri(self._candidate.candidate_id)
        shown = self.view.copyable() if self.view is not None else ()
        return [*super().copyable(), *shown, Copyable("p", "path", file.path), Copyable("u", "URI", uri)]

    def web_pages(self) -> "Sequence[Page]":
        """The candidate's."""
        return [("page", self._candidate)]

    def exportable(self) -> "Exportable | None":
        """The table that is shown."""
        return self.view.exportable() if self.view is not None else None


async def _done(work: Awaitable[None]) -> bool:
    await work
    return True
