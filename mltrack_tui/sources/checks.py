"""What is found when a source is examined, step by step."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """How a step ended, in a word."""

    OK = "ok"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Check:
    """One step.

    Attributes:
        step: what was looked at, in a word or two.
        outcome: how it ended; what follows a failure and needs it is skipped.
        finding: what there is, in a line.
        advice: what to do about it, in a sentence, where something is to be done.
    """

    step: str
    outcome: Outcome
    finding: str
    advice: str = ""

    def __bool__(self) -> bool:
        return self.outcome is not Outcome.FAILED


def fine(step: str, finding: str, advice: str = "") -> Check:
    """A step that went well."""
    return Check(step, Outcome.OK, finding, advice)


def failed(step: str, finding: str, advice: str = "") -> Check:
    """A step that did not."""
    return Check(step, Outcome.FAILED, finding, advice)


def skipped(step: str, why: str) -> Check:
    """A step that was not taken."""
    return Check(step, Outcome.SKIPPED, why)


async def examination(steps: Sequence[str], checks: AsyncGenerator[Check, None]) -> AsyncGenerator[Check, None]:
    """The checks up to the first that failed; the steps that were not reached are skipped."""
    left = list(steps)
    async with aclosing(checks):
        async for check in checks:
            left.remove(check.step)
            yield check
            if not check:
                break
    for step in left:
        yield skipped(step, "needs what failed")
