"""Which of the answers that replace each other somebody waits for."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from typing import TypeVar

from mltrack_tui.domain.entities import Project
from mltrack_tui.domain.page import Page
from mltrack_tui.sources.base import NotFoundError, SourceError

T = TypeVar("T")


async def final(answers: AsyncIterator[T]) -> T:
    """The last of some answers that replace each other. Raises SourceError where there was none."""
    answer: T | None = None
    async for newer in answers:
        answer = newer
    if answer is None:
        raise SourceError("The source answered nothing.")
    return answer


async def first(answers: AsyncIterator[T]) -> T:
    """The first of some answers; no more is asked for. Raises SourceError where there was none."""
    try:
        async for answer in answers:
            return answer
    finally:
        if isinstance(answers, AsyncGenerator):
            await answers.aclose()
    raise SourceError("The source answered nothing.")


async def taken(pages: AsyncIterator[Page[T]], enough: Callable[[Page[T]], bool]) -> Page[T]:
    """The first of some pages that is enough, else the last: no more is asked for then.

    Raises:
        SourceError: there was none.
    """
    taken: Page[T] | None = None
    try:
        async for page in pages:
            taken = page
            if enough(page):
                break
    finally:
        if isinstance(pages, AsyncGenerator):
            await pages.aclose()
    if taken is None:
        raise SourceError("The source answered nothing.")
    return taken


async def at_hand(pages: AsyncIterator[Page[T]], loaded: int = 0) -> Page[T]:
    """The last of some pages but for those that cost a server requests once so many things are ``loaded``.

    Raises:
        SourceError: there was none.
    """
    return await taken(pages, lambda page: page.on_demand and page.loaded >= loaded)


async def listed(pages: AsyncIterator[Page[T]]) -> Page[T]:
    """The first page that has everything there is, though it may not be counted yet, or whose next costs requests.

    Raises:
        SourceError: there was none.
    """
    return await taken(pages, lambda page: page.on_demand or len(page.items) == page.total)


def named(projects: Sequence[Project], name: str, source: str) -> Project:
    """The project of a name, of all that a source has. Raises NotFoundError."""
    for project in projects:
        if project.name == name:
            return project
    raise NotFoundError(f"{source} has no project “{name}”; mltrack projects lists them.")
