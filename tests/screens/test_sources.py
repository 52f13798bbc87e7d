"""The list of sources: each is asked on its own, one is gone on with, and none that is dead is in the way."""

import asyncio
from collections.abc import Callable

from mltrack_tui.app.sources import Sources
from mltrack_tui.config.settings import Config
from mltrack_tui.config.source import SourceSetting
from mltrack_tui.sources.base import RefusedError, Source, SourceError, UnreachableError
from mltrack_tui.sources.known import Known
from tests.memory import MemorySource
from tests.screens.given import HeldSource, several_projects, workshop
from tests.screens.given import shelf as many_projects
from tests.screens.harness import explore

NAMED = Config(sources={"lab": SourceSetting("https://lab")})


def known(name: str, open_: Callable[[], Source]) -> Known:
    return Known(name, f"https://{name}.example", "server", f"https://{name}.example", open_)


class Shelf:
    """Sources that are opened anew each time, as a user's are."""

    def __init__(self, **makers: Callable[[], Source]) -> None:
        self.opened: list[str] = []
        self.known = [known(name, lambda name=name: self._open(name)) for name in makers]  # type: ignore[misc]
        self._makers = makers

    def _open(self, name: str) -> Source:
        self.opened.append(name)
        return self._makers[name]()

    def sources(self, here: str | None = None) -> Sources:
        return Sources(lambda: self.known, next((each for each in self.known if each.name == here), None))


def failing(error: SourceError) -> Callable[[], Source]:
    """Makes sources whose every answer is this error."""

    def make() -> Source:
        source = HeldSource()
        source.fail_at("projects", error)
        return source

    return make


def refusing() -> Source:
    return failing(RefusedError("cloud does not know us: the token has expired."))()


async def test_without_a_store_but_with_named_sources_their_list_is_the_first_screen() -> None:
    shelf = Shelf(lab=lambda: workshop(name="lab"), cloud=refusing)
    async with explore(None, config=NAMED, sources=shelf.sources()) as explorer:
        await explorer.shows("2 sources", "● reachable", "⊘ refused", "https://lab.example", " ms")
        assert explorer.cursor_line.startswith("lab")
        await explorer.press("escape")
        await explorer.shows("2 sources")
        await explorer.enter("lab › default", "3 experiments")
        await explorer.press("escape")
        await explorer.shows("lab", "1 project")
        await explorer.press("q")
        await explorer.until(lambda: not explorer.app.is_running)


async def test_a_dead_source_delays_neither_the_others_nor_a_key() -> None:
    silent = MemorySource()
    silent.gate = asyncio.Event()
    shelf = Shelf(dead=lambda: silent, lab=several_projects)
    async with explore(None, config=NAMED, sources=shelf.sources()) as explorer:
        await explorer.shows("· asking", "● reachable", "default, sales +1")
        await explorer.press("j")
        await explorer.enter("3 projects", "vision")
    assert silent.closed


async def test_of_thousands_of_projects_only_the_first_page_is_counted() -> None:
    source = many_projects()
    shelf = Shelf(lab=several_projects, many=lambda: source)
    async with explore(None, config=NAMED, sources=shelf.sources(), size=(120, 24)) as explorer:
        await explorer.shows("default, sales +1", "100+ projects")
        assert source.calls == ["projects"]


async def test_what_is_wrong_with_a_source_is_said_in_full() -> None:
    shelf = Shelf(cloud=refusing, down=failing(UnreachableError("Nothing answers at down: is it running?")))
    async with explore(None, config=NAMED, sources=shelf.sources()) as explorer:
        await explorer.tells("cloud: cloud does not know us: the token has expired.")
        await explorer.press("j")
        await explorer.tells("down: Nothing answers at down: is it running?")
        await explorer.press("l", "z")
        await explorer.shows("unreachable. Nothing answers at down", "esc closes")


async def test_sources_are_listed_from_anywhere_and_left_again() -> None:
    shelf = Shelf(lab=lambda: workshop(name="lab"), cloud=refusing)
    async with explore(workshop(name="lab"), sources=shelf.sources("lab")) as explorer:
        await explorer.shows("3 experiments")
        await explorer.enter("7 candidates")
        await explorer.press("S")
        await explorer.shows("2 sources", "▸ lab", "● reachable")
        await explorer.cursor_on("▸ lab")
        await explorer.press("S")
        await explorer.shows("2 sources")
        await explorer.press("escape")
        await explorer.shows("7 candidates")
        await explorer.press("S")
        await explorer.shows("2 sources")
        await explorer.press("enter")
        await explorer.shows("7 candidates")


async def test_another_source_is_gone_on_with_and_the_places_of_the_first_are_gone() -> None:
    shelf = Shelf(lab=lambda: workshop(name="lab"), sales=several_projects)
    first = workshop(name="lab")
    sources = shelf.sources("lab")
    async with explore(first, sources=sources) as explorer:
        await explorer.shows("3 experiments")
        await explorer.enter("7 candidates")
        await explorer.press("S")
        await explorer.shows("2 sources", "● reachable")
        await explorer.press("j")
        await explorer.enter("3 projects")
        assert [type(place).__name__ for place in explorer.app.screen_stack[1:]] == ["ProjectsPlace"]
        assert not first.closed
        await explorer.press("S")
        await explorer.shows("▸ sales")
        await explorer.cursor_on("▸ sales")
        await explorer.press("escape")
        await explorer.shows("3 projects")
    (opened,) = sources.opened.values()
    assert isinstance(opened, MemorySource)
    assert not opened.closed
    await sources.aclose()
    assert opened.closed


async def test_a_source_that_was_open_before_is_not_opened_again() -> None:
    shelf = Shelf(lab=lambda: workshop(name="lab"), sales=several_projects)
    sources = shelf.sources()
    async with explore(None, config=NAMED, sources=sources) as explorer:
        for name, shown in (("lab", "3 experiments"), ("sales", "3 projects"), ("lab", "3 experiments")):
            await explorer.shows("2 sources", "● reachable")
            await explorer.lacks("· asking")
            while name not in explorer.cursor_line:
                await explorer.press("j" if name == "sales" else "k")
            await explorer.enter(shown)
            await explorer.press("S")
        assert len(sources.opened) == 2
        looks = 4 * 2
        assert len(shelf.opened) <= 2 + looks


async def test_all_are_asked_again_with_r() -> None:
    answers: list[Source] = [refusing(), workshop(name="lab")]
    shelf = Shelf(lab=lambda: answers.pop(0))
    async with explore(None, config=NAMED, sources=shelf.sources()) as explorer:
        await explorer.shows("⊘ refused")
        await explorer.press("r")
        await explorer.shows("● reachable")


async def test_a_source_that_cannot_be_opened_leaves_the_list_as_it_is() -> None:
    def gone() -> Source:
        raise SourceError("There is no file gone.db: check the path.")

    shelf = Shelf(gone=gone)
    async with explore(None, config=NAMED, sources=shelf.sources()) as explorer:
        await explorer.shows("✗ failed")
        await explorer.press("enter")
        await explorer.tells("There is no file gone.db: check the path.")
        assert explorer.app.is_running


async def test_another_source_that_fails_says_so_and_does_not_end_the_program() -> None:
    shelf = Shelf(lab=lambda: workshop(name="lab"), cats=failing(SourceError("cats.db is no MLflow store.")))
    async with explore(workshop(name="lab"), sources=shelf.sources("lab")) as explorer:
        await explorer.shows("3 experiments")
        await explorer.press("S")
        await explorer.shows("✗ failed")
        await explorer.press("j")
        await explorer.enter("cats.db is no MLflow store.", "r tries again", "S shows other sources", "q quits")
        await explorer.press("S")
        await explorer.shows("▸ cats")
        await explorer.cursor_on("▸ cats")
        await explorer.press("k")
        await explorer.enter("3 experiments")


async def test_the_one_that_is_open_is_listed_though_it_has_no_name() -> None:
    shelf = Shelf(lab=lambda: workshop(name="lab"))
    here = known("mlflow.db", lambda: workshop(name="mlflow.db"))
    async with explore(workshop(), sources=Sources(lambda: shelf.known, here)) as explorer:
        await explorer.shows("3 experiments")
        await explorer.press("S")
        await explorer.shows("2 sources", "▸ mlflow.db", "  lab ")
        await explorer.press("x")
        await explorer.shows("2 sources", "CSV")


async def test_the_first_screen_lists_none_and_says_how_they_get_names() -> None:
    async with explore(None) as explorer:
        await explorer.shows("mltrack https://mlflow.example", "mltrack sources add")
        await explorer.press("S")
        await explorer.shows("0 sources", "No source has a name yet.")
        await explorer.press("enter", "r", "j", "escape")
        await explorer.shows("No MLflow store here.")


async def test_a_server_that_does_not_answer_at_the_start_is_tried_again_with_r() -> None:
    source = workshop(name="lab")
    source.fail(UnreachableError("Nothing answers at lab: is it running?"))
    async with explore(source) as explorer:
        await explorer.shows("Nothing answers at lab: is it running?", "r tries again", "q quits")
        await explorer.press("r")
        await explorer.shows("lab › default", "3 experiments")


async def test_a_source_that_answers_while_another_is_looked_for_is_there_when_the_list_is_left() -> None:
    source = workshop(name="lab")
    source.hold("projects")
    shelf = Shelf(lab=lambda: workshop(name="lab"))
    async with explore(source, sources=shelf.sources("lab")) as explorer:
        await explorer.shows("Opening lab …")
        await explorer.press("S")
        await explorer.shows("1 source", "● reachable")
        source.release()
        await explorer.until(lambda: source.calls.count("experiments") == 1)
        await explorer.settle()
        await explorer.shows("1 source", "● reachable")
        await explorer.press("escape")
        await explorer.shows("lab › default", "3 experiments")


async def test_a_filter_narrows_the_list() -> None:
    shelf = Shelf(lab=lambda: workshop(name="lab"), sales=several_projects)
    async with explore(None, config=NAMED, sources=shelf.sources()) as explorer:
        await explorer.shows("2 sources", "● reachable")
        await explorer.press("/")
        await explorer.type("sal")
        await explorer.press("enter")
        await explorer.shows("1 of 2 sources")
        await explorer.enter("3 projects")
