"""Candidates under others, for the tests of trees and groups."""

import asyncio
from collections.abc import AsyncIterator
from math import nan

from mltrack_tui.domain.entities import PARENT_TAG, Candidate, Experiment
from mltrack_tui.domain.page import Page
from mltrack_tui.domain.query import Column, Query, Value
from mltrack_tui.domain.times import HOUR
from tests.memory import candidate
from tests.screens.given import HeldSource
from tests.screens.harness import NOW

SWEEP, CHILD_A, CHILD_B, GRANDCHILD, ALONE, ORPHAN, RING_A, RING_B = (f"{number:02d}" * 16 for number in range(1, 9))


class NestedSource(HeldSource):
    """A source of which the values of one column may wait.

    Attributes:
        slow: that column; it waits until `answer` is set.
        asked: whether it was asked for.
    """

    slow: Column | None = None

    def __init__(self) -> None:
        super().__init__()
        self.answer = asyncio.Event()
        self.asked = asyncio.Event()

    async def values(self, query: Query, column: Column) -> AsyncIterator[Page[Value]]:
        if column == self.slow:
            self.asked.set()
            await self.answer.wait()
        async for page in super().values(query, column):
            yield page


def nested() -> NestedSource:
    """A sweep of two and one below these, one alone, one whose parent is gone, two that are each other's parent.

    The latest stands first: sweep, alone, child a, child b, grandchild, orphan, ring a, ring b.
    """
    source = NestedSource()
    source.add(Experiment("1", "digits", "default", "active"), members())
    return source


def members() -> list[Candidate]:
    return [
        _one(SWEEP, "sweep", 1, optimizer=None, accuracy=None),
        _one(ALONE, "alone", 2, optimizer="sgd", accuracy=0.95),
        _one(CHILD_A, "child a", 3, SWEEP, optimizer="adam", accuracy=0.97),
        _one(CHILD_B, "child b", 4, SWEEP, optimizer="adam", accuracy=0.99),
        _one(GRANDCHILD, "grandchild", 5, CHILD_B, optimizer="adam", accuracy=nan),
        _one(ORPHAN, "orphan", 6, "f" * 32, optimizer="sgd", accuracy=0.91),
        _one(RING_A, "ring a", 7, RING_B, optimizer="rmsprop", accuracy=0.5),
        _one(RING_B, "ring b", 8, RING_A, optimizer="rmsprop", accuracy=nan),
    ]


def _one(
    id_: str, name: str, number: int, parent: str | None = None, *, optimizer: str | None, accuracy: float | None
) -> Candidate:
    return candidate(
        id_,
        name,
        start_time=NOW - number * HOUR,
        end_time=NOW,
        user="ada" if number < 5 else "bob",
        params=({"optimizer": optimizer} if optimizer else {}) | {"lr": f"0.{number}"},
        metrics={"steps": float(number)} | ({} if accuracy is None else {"accuracy": accuracy}),
        tags={PARENT_TAG: parent} if parent else {},
    )
