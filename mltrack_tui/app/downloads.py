"""Downloads and the application: the places say how far they are, the user hears of an end, quitting asks."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual.app import App

from mltrack_tui.screens.place import Place
from mltrack_tui.screens.session import Session

if TYPE_CHECKING:
    from mltrack_tui.transfer.downloads import Download


class Telling:
    """Tells places of downloads; of an end once."""

    def __init__(self, places: Callable[[], Sequence[Place]]) -> None:
        self._places = places
        self._going_on: set[Download] = set()

    def tell(self, download: "Download") -> None:
        """A download has changed."""
        from mltrack_tui.screens.transfers.words import ended_words  # there is a download
        from mltrack_tui.transfer.downloads import State

        places = self._places()
        for place in places[-1:]:  # the others tell when they are seen again
            place.tell_transfers()
        if download.state not in {State.DONE, State.FAILED, State.CANCELLED}:
            self._going_on.add(download)
        elif download in self._going_on:
            self._going_on.discard(download)
            if places and download.state is not State.CANCELLED:
                tone = "success" if download.state is State.DONE else "error"
                places[-1].status.show_notice(ended_words(download), tone)


def show_downloads(app: App[None], session: Session) -> None:
    """Open the place that lists all, unless it is open."""
    from mltrack_tui.screens.transfers.place import DownloadsPlace  # when it is first asked for

    if not any(isinstance(each, DownloadsPlace) for each in app.screen_stack):
        app.push_screen(DownloadsPlace(session))


def quit_or_ask(app: App[None], session: Session) -> None:
    """Quit; where that would leave downloads unfinished, ask first. Asked for once more, quit."""
    if not (under_way := session.transfers.under_way):
        app.exit()
        return
    from mltrack_tui.screens.transfers.quitting import QuitDialog

    if isinstance(app.screen, QuitDialog):
        app.exit()
    else:
        app.push_screen(QuitDialog(under_way), lambda quits: app.exit() if quits else None)
