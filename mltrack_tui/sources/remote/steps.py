"""What the steps of an examination have in common."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from mltrack_tui.sources.checks import Check, failed
from mltrack_tui.sources.remote.sentences import sentence
from server_client import TimedOutError, TrackingError

T = TypeVar("T")

PATIENCE = 15.0
"""Seconds that one step may take."""


def failure(step: str, error: TrackingError, host: str) -> Check:
    """What went wrong, and what to do: a sentence of ours has both, with a colon between them."""
    said = str(sentence(error, host))
    finding, colon, advice = said.rpartition(": ")
    if not colon or finding.count("(") != finding.count(")"):
        return failed(step, said)
    return failed(step, finding, advice[:1].upper() + advice[1:])


async def in_time(asked: Awaitable[T]) -> T:
    """The answer. Raises TimedOutError where it takes longer than `PATIENCE`."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await asked
    except TimeoutError:
        raise TimedOutError("no answer in time") from None
