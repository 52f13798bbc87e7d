"""Pages in a browser: opened where one can be from here, else shown as URLs, to be taken elsewhere."""

import asyncio
import os
import subprocess
import sys
import webbrowser
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mltrack_tui.commands import COPY
from mltrack_tui.domain.entities import CandidateId, Experiment, Project
from mltrack_tui.screens.dialogs import FullValue, Picker

if TYPE_CHECKING:
    from mltrack_tui.screens.place import Place

PATIENCE = 2.0
"""Seconds in which a browser may say that it failed; after that it is taken to show the page."""
_TEXT_BROWSERS = {"www-browser", "browsh", "edbrowse", "elinks", "links", "links2", "lynx", "w3m"}
"""Programs that would draw where mltrack does."""

Page = tuple[str, str | Project | Experiment | CandidateId]
"""What a page is called, and its URL, or what a source knows the URL of."""


async def browse(place: "Place", pages: Sequence[Page]) -> None:
    """Open one of some pages, which the user chooses where there are several; where that cannot be, tell its URL."""
    source = place.session.source
    web = source.capabilities.web
    pages = [page for page in pages if web or isinstance(page[1], str)]
    if not pages:
        place.status.show_notice(web.reason or "There is nothing here that has a page in a browser.")
        return
    page: Page | None = pages[0]
    if len(pages) > 1:
        page = await place.app.push_screen_wait(Picker("Open in a browser", [(name, (name, of)) for name, of in pages]))
    if page is None:
        return
    name, of = page
    here = place.app.focused
    url = of if isinstance(of, str) else await place.answer(lambda: source.web_page(of))
    if url is None:
        return
    if await asyncio.to_thread(opened, url):
        place.status.show_notice(f"Opened in your browser: {url}", "success")
    elif place.app.focused is not here:  # who types elsewhere by now is not interrupted
        place.status.show_notice(f"{name}: {url}")
    else:
        place.app.push_screen(FullValue(name, url, place.session.keys.shown(COPY), wide=True))


def opened(url: str) -> bool:
    """Whether a browser took a page; it is asked only at the user's own screen. Blocks for up to some seconds."""
    if not _is_web_page(url) or not has_screen(os.environ, sys.platform):
        return False
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return False
    if Path(browser.name).name in _TEXT_BROWSERS:
        return False
    if isinstance(browser, webbrowser.GenericBrowser):
        return _runs([browser.name, *(argument.replace("%s", url) for argument in browser.args)])
    return browser.open(url)


def has_screen(environment: Mapping[str, str], platform: str) -> bool:
    """Whether a window that opens from here is seen by the user: the session is graphical, and not from afar."""
    if environment.get("SSH_CONNECTION") or environment.get("SSH_TTY"):
        return False
    return platform in {"darwin", "win32"} or bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def _is_web_page(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc) and url.isprintable() and " " not in url


def _runs(command: Sequence[str]) -> bool:
    """Whether a program starts, and does not fail at once. By itself, Python would let it write over the screen."""
    nowhere = subprocess.DEVNULL
    try:
        process = subprocess.Popen(  # noqa: S603 - the user's own browser, without a shell
            command, stdin=nowhere, stdout=nowhere, stderr=nowhere, start_new_session=True
        )
        return process.wait(PATIENCE) == 0
    except subprocess.TimeoutExpired:
        return True
    except OSError:
        return False
