"""`o`: pages are opened in a browser where the user would see it, else their URLs are shown."""

import sys
import time
import webbrowser
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from mltrack_tui.domain.entities import Link
from mltrack_tui.screens import browsing
from mltrack_tui.screens.browsing import has_screen, opened
from mltrack_tui.sources.base import Capabilities, Capability, SourceError
from tests.screens.given import HeldSource, several_projects, workshop
from tests.screens.harness import Explorer, explore

WEB = Capabilities(web=Capability())
FIRST = "01" * 16
PAGE = f"https://tracking.example/default/1/{FIRST}"
JOB = "https://ci.example/jobs/77"
ORIGIN = (
    Link("CI job", "train 77", JOB),
    Link("triggered by", "ana"),
    Link("merge request", "!12 Wider", "https://ci.example/mr/12"),
)
SCREEN = {"DISPLAY": ":0"}
KEEP = 'printf %s "$1" > "$0.asked"'
VARIABLES = ("DISPLAY", "WAYLAND_DISPLAY", "SSH_CONNECTION", "SSH_TTY")


@pytest.fixture(autouse=True)
def nothing_to_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody sits at a screen, and no browser of this machine is ever started."""
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(browsing, "PATIENCE", 20.0)

    def get() -> webbrowser.BaseBrowser:
        raise webbrowser.Error

    monkeypatch.setattr(webbrowser, "get", get)


Install = Callable[..., Path]


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Install:
    """Have a browser at a screen; returns where it keeps what it was asked for."""

    def install(name: str = "firefox", script: str = f"{KEEP}; echo garbage; echo worse >&2") -> Path:
        for variable, value in SCREEN.items():
            monkeypatch.setenv(variable, value)
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        monkeypatch.setattr(webbrowser, "get", lambda: webbrowser.BackgroundBrowser([str(program), "%s"]))
        return tmp_path / f"{name}.asked"

    return install


async def at_the_candidates(explorer: Explorer) -> None:
    await explorer.shows("3 experiments")
    await explorer.enter("7 candidates", "adam-wide")


def with_origin(capabilities: Capabilities = WEB, origin: Sequence[Link] = ORIGIN) -> HeldSource:
    source = workshop(capabilities=capabilities)
    source.origins[FIRST] = tuple(origin)
    return source


# In every place


async def test_in_each_place_the_page_of_what_the_cursor_is_on_is_opened(install: Install) -> None:
    asked = install()
    source = several_projects()
    source._capabilities = WEB
    async with explore(source) as explorer:
        await explorer.shows("3 projects")
        await explorer.press("G", "o")
        await explorer.tells("Opened in your browser: https://tracking.example/vision")
        assert asked.read_text() == "https://tracking.example/vision"
        await explorer.enter("3 experiments", "digits")
        await explorer.press("o")
        await explorer.tells("https://tracking.example/digits")
        await explorer.press("k", "o")
        await explorer.tells("https://tracking.example/vision")
        await explorer.press("j")
        await explorer.enter("7 candidates", "adam-wide")
        await explorer.press("j", "o")
        await explorer.tells(f"https://tracking.example/vision/1/{'02' * 16}")
        await explorer.enter("› sgd-small", "started")
        await explorer.press("]", "o")
        await explorer.tells(f"https://tracking.example/vision/1/{'03' * 16}")
        assert asked.read_text() == f"https://tracking.example/vision/1/{'03' * 16}"
        assert "garbage" not in explorer.text


async def test_where_no_browser_is_seen_the_whole_url_is_shown_on_a_line_and_y_copies_it() -> None:
    async with explore(workshop(capabilities=WEB), size=(80, 24)) as explorer:
        await at_the_candidates(explorer)
        await explorer.press("o")
        await explorer.shows(PAGE, "y copies · esc closes")
        assert len(PAGE) > 64
        await explorer.press("y")
        await explorer.shows(f"copied {len(PAGE)} characters")
        assert explorer.app.clipboard == PAGE
        await explorer.press("escape")
        await explorer.lacks("tracking.example")


async def test_a_page_that_comes_late_and_a_candidate_to_be_watched_do_not_interrupt_who_types_by_then() -> None:
    source = workshop(capabilities=WEB)
    async with explore(source, size=(160, 24)) as explorer:
        await explorer.shows("3 experiments")
        await explorer.enter("adam-wide", "cosine")
        await explorer.press("j", "j", "j")
        await explorer.cursor_on("cosine")
        source.hold("web_page")
        source.hold("read")
        await explorer.press("o", "w")
        await explorer.until(lambda: {"web_page", "read"} <= set(source.waiting))
        await explorer.press("/")
        await explorer.type("cos")
        await explorer.shows("1 of 7 candidates")
        source.release()
        await explorer.shows("https://tracking.example/default/1/")
        await explorer.until(lambda: not any(each.group in {"web", "watch"} for each in explorer.app.workers))
        await explorer.type("ine")
        await explorer.shows("╱ cosine")


async def test_a_url_that_is_longer_than_the_screen_goes_on_below() -> None:
    url = "https://ci.example/" + "0123456789" * 30
    async with explore(with_origin(origin=[Link("job", "7", url)]), size=(80, 24)) as explorer:
        await at_the_candidates(explorer)
        await explorer.enter("started")
        await explorer.press("o")
        await explorer.shows("Open in a browser", "job  7")
        await explorer.press("down", "enter")
        await explorer.shows("y copies")
        dialog = [line.strip("│ ") for line in explorer.lines if line.startswith("│")]
        assert "".join(dialog) == url


async def test_a_source_without_pages_says_so() -> None:
    reason = "Only a path leads to this store."
    async with explore(workshop(capabilities=Capabilities(web=Capability(reason)))) as explorer:
        await at_the_candidates(explorer)
        await explorer.press("o")
        await explorer.tells(reason)
        await explorer.enter("started")
        await explorer.press("o")
        await explorer.tells(reason)


async def test_a_page_that_the_source_cannot_tell_is_said_to_have_failed() -> None:
    source = workshop(capabilities=WEB)
    source.fail_at("web_page", SourceError("memory has lost the page."))
    async with explore(source) as explorer:
        await at_the_candidates(explorer)
        await explorer.press("o")
        await explorer.tells("memory has lost the page.")


async def test_where_there_is_nothing_there_is_no_page() -> None:
    async with explore(workshop(capabilities=WEB)) as explorer:
        await explorer.shows("3 experiments")
        await explorer.press("G")
        await explorer.enter("No candidates here yet.")
        await explorer.press("o")
        await explorer.tells("nothing here that has a page")


async def test_the_keys_are_answered_while_the_source_looks_for_the_page(install: Install) -> None:
    asked = install()
    source = workshop(capabilities=WEB)
    source.hold("web_page")
    async with explore(source) as explorer:
        await at_the_candidates(explorer)
        await explorer.press("o")
        await explorer.until(lambda: source.waiting == ["web_page"])
        await explorer.press("j")
        await explorer.cursor_on("sgd-small")
        source.release()
        await explorer.tells(f"Opened in your browser: {PAGE}")
        assert asked.read_text() == PAGE


# Where a candidate came from


async def test_of_a_candidate_that_came_from_ci_one_of_its_pages_is_chosen(install: Install) -> None:
    asked = install()
    async with explore(with_origin()) as explorer:
        await at_the_candidates(explorer)
        await explorer.enter("› adam-wide", "started")
        await explorer.press("o")
        await explorer.shows("Open in a browser", "page", "CI job  train 77", "merge request  !12 Wider")
        await explorer.press("escape")
        await explorer.lacks("Open in a browser")
        await explorer.press("o")
        await explorer.shows("Open in a browser")
        await explorer.type("job")
        await explorer.press("enter")
        await explorer.tells(f"Opened in your browser: {JOB}")
        assert asked.read_text() == JOB
        await explorer.press("]")
        await explorer.shows("› sgd-small")
        await explorer.press("o")
        await explorer.tells(f"https://tracking.example/default/1/{'02' * 16}")


async def test_what_it_came_from_is_opened_where_the_candidate_itself_has_no_page(install: Install) -> None:
    asked = install()
    async with explore(with_origin(Capabilities(), ORIGIN[:2])) as explorer:
        await at_the_candidates(explorer)
        await explorer.enter("› adam-wide", "started")
        await explorer.press("o")
        await explorer.tells(JOB)
        assert asked.read_text() == JOB


# Which browser


@pytest.mark.parametrize(
    ("environment", "platform", "seen"),
    [
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({}, "linux", False),
        ({"DISPLAY": ""}, "linux", False),
        ({"DISPLAY": "localhost:10.0", "SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"}, "linux", False),
        ({"DISPLAY": ":0", "SSH_TTY": "/dev/pts/1"}, "linux", False),
        ({}, "darwin", True),
        ({}, "win32", True),
        ({"SSH_TTY": "/dev/ttys001"}, "darwin", False),
    ],
)
def test_a_window_is_seen_at_ones_own_screen_alone(environment: Mapping[str, str], platform: str, seen: bool) -> None:
    assert has_screen(environment, platform) is seen


@pytest.mark.parametrize(
    "url",
    [
        *("file:///etc/passwd", "javascript:alert(1)", "ftp://host/x", "mailto:a@b", "-new-window", ""),
        *("HTTPS:", "https://", "//host/x", "http://[", "https://host/a\nb", "https://host/\x1b[31m"),
        "https://host/a b",
    ],
)
def test_nothing_but_a_page_of_the_web_is_ever_opened(url: str, install: Install) -> None:
    asked = install()
    assert not opened(url)
    assert not asked.exists()
    assert opened("http://host/x")
    assert asked.read_text() == "http://host/x"


def test_a_browser_that_draws_in_the_terminal_is_not_started(install: Install) -> None:
    asked = install("w3m")
    assert not opened(JOB)
    assert not asked.exists()


def test_no_browser_at_all_opens_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    assert not opened(JOB)


def test_from_afar_no_browser_is_even_looked_for(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = install()
    monkeypatch.setenv("SSH_TTY", "/dev/pts/1")
    assert not opened(JOB)
    assert not asked.exists()


def test_a_browser_that_fails_or_is_gone_has_opened_nothing(install: Install) -> None:
    install(script="exit 4")
    assert not opened(JOB)
    install().with_suffix("").unlink()
    assert not opened(JOB)


@pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")
def test_a_browser_that_stays_is_not_waited_for(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browsing, "PATIENCE", 0.05)
    asked = install(script=f'until test -e "$0.closed"; do sleep 0.05; done; {KEEP}')
    assert opened(JOB)
    assert not asked.exists()
    asked.with_suffix(".closed").touch()
    while not asked.exists():
        time.sleep(0.01)


def test_other_kinds_of_browsers_are_asked_in_their_own_way(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    class Remote(webbrowser.BaseBrowser):
        def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:
            asked.append(url)
            return len(asked) == 1

    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(webbrowser, "get", Remote)
    assert opened(JOB)
    assert not opened(JOB)
    assert asked == [JOB, JOB]
