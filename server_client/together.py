"""Several questions at once."""

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar, overload

T = TypeVar("T")
A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")


@overload
async def together(first: Awaitable[A], second: Awaitable[B], third: Awaitable[C], /) -> tuple[A, B, C]: ...
@overload
async def together(*questions: Awaitable[T]) -> tuple[T, ...]: ...


async def together(*questions: Awaitable[Any]) -> Any:
    """The answers to some questions at once; where one fails, that is told when none is on its way any more.

    Otherwise whoever asks again might be told of trouble that is over, and a secure connection that is given up half
    made is never closed.
    """
    answers: list[Any] = []
    for answer in await asyncio.gather(*questions, return_exceptions=True):
        if isinstance(answer, BaseException):
            raise answer
        answers.append(answer)
    return tuple(answers)
