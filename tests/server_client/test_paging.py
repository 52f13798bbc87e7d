"""Long lists, a page at a time."""

import asyncio

import pytest

from server_client.errors import Hint, UnexpectedAnswerError
from server_client.paging import Listing, Pager


class Pages:
    """Answers with these pages, and remembers what was asked."""

    def __init__(self, *pages: tuple[str, str | None]) -> None:
        self.pages, self.asked = list(pages), list[tuple[str | None, int]]()

    async def __call__(self, token: str | None, size: int) -> Listing[str]:
        self.asked.append((token, size))
        await asyncio.sleep(0)
        letters, following = self.pages[len(self.asked) - 1]
        return Listing(tuple(letters), following)


def pager(pages: Pages) -> Pager[str]:
    return Pager(pages, page_size=10, identity=lambda letter: letter)


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_every_page_is_told_and_the_last_one_says_so() -> None:
    batches = [batch async for batch in pager(Pages(("ab", "1"), ("cd", "2"), ("e", None)))]
    assert batches == [(("a", "b"), True), (("c", "d"), True), (("e",), False)]


async def test_rows_come_one_by_one_too() -> None:
    assert [letter async for letter in pager(Pages(("ab", "1"), ("c", ""))).all()] == ["a", "b", "c"]


async def test_rows_that_come_twice_are_told_once() -> None:
    batches = [batch async for batch in pager(Pages(("ab", "1"), ("bcc", "2"), ("c", None)))]
    assert [batch.items for batch in batches] == [("a", "b"), ("c",), ()]


async def test_nobody_asks_for_a_second_page_before_it_is_wanted() -> None:
    pages = Pages(("a", "1"), ("b", "2"), ("c", "3"), ("d", None))
    listed = pager(pages)
    await anext(listed)
    await settle()
    assert len(pages.asked) == 1


async def test_from_the_second_page_on_the_next_one_is_on_its_way() -> None:
    pages = Pages(("a", "1"), ("b", "2"), ("c", "3"), ("d", None))
    listed = pager(pages)
    await anext(listed)
    await anext(listed)
    await settle()
    assert [token for token, _ in pages.asked] == [None, "1", "2"]
    await listed.aclose()


async def test_the_size_of_the_pages_to_come_can_change() -> None:
    pages = Pages(("a", "1"), ("b", None))
    listed = pager(pages)
    await anext(listed)
    listed.page_size = 500
    await anext(listed)
    assert [size for _, size in pages.asked] == [10, 500]


@pytest.mark.parametrize("tokens", [["1", "1"], ["1", "2", "1"], ["1", "2", "2"]])
async def test_a_token_that_does_not_advance_ends_in_an_error_after_its_rows(tokens: list[str]) -> None:
    pages = Pages(*[(letter, token) for letter, token in zip("abc", tokens, strict=False)])
    told = list[str]()

    async def read_all() -> None:
        async for batch in pager(pages):
            told.extend(batch.items)

    with pytest.raises(UnexpectedAnswerError) as error:
        await read_all()
    assert error.value.hint is Hint.STUCK_TOKEN
    assert told == list("abc")[: len(tokens)]
    assert len(pages.asked) == len(tokens)


async def test_an_empty_page_with_a_token_to_itself_ends_at_once() -> None:
    pages = Pages(("a", "1"), ("", "1"))
    listed = pager(pages)
    await anext(listed)
    with pytest.raises(UnexpectedAnswerError):
        await anext(listed)
    with pytest.raises(StopAsyncIteration):
        await anext(listed)


async def test_a_page_that_failed_can_be_asked_for_again() -> None:
    failing = [True]

    async def fetch(token: str | None, _: int) -> Listing[str]:
        if token and failing:
            failing.pop()
            raise ValueError(token)
        return Listing(("a",), "1") if token is None else Listing(("b",), None)

    listed = Pager(fetch, page_size=1)
    await anext(listed)
    with pytest.raises(ValueError, match="1"):
        await anext(listed)
    assert await anext(listed) == (("b",), False)


async def test_closing_lets_go_of_the_page_that_is_on_its_way() -> None:
    gone, asked = asyncio.Event(), list[str | None]()

    async def fetch(token: str | None, _: int) -> Listing[str]:
        asked.append(token)
        if token and len(asked) == 3:
            try:
                await asyncio.Event().wait()
            finally:
                gone.set()
        return Listing(("a",), "2" if token else "1")

    listed = Pager(fetch, page_size=1)
    await anext(listed)
    await anext(listed)
    await settle()
    await listed.aclose()
    assert gone.is_set()
    assert [batch async for batch in listed] == []


async def test_being_cancelled_lets_go_too_and_loses_nothing() -> None:
    asked, hold = [], asyncio.Event()

    async def fetch(token: str | None, _: int) -> Listing[str]:
        asked.append(token)
        await hold.wait()
        return Listing(("a",), None)

    listed = Pager(fetch, page_size=1)
    waiting = asyncio.ensure_future(anext(listed))
    await settle()
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    hold.set()
    assert await anext(listed) == (("a",), False)
    assert asked == [None, None]
