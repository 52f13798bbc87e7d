"""The command that finds out what is wrong with a source."""

import asyncio
from contextlib import aclosing

import click

from mltrack_tui.cli.errors import Status
from mltrack_tui.cli.printing import write_text
from mltrack_tui.domain.text import clean
from mltrack_tui.sources.checks import Check, Outcome
from mltrack_tui.sources.open import examine

_STEP, _OUTCOME = 12, 8


@click.command
@click.argument("source", metavar="[SOURCE]", required=False)
def doctor(source: str | None) -> int:
    """Check a source step by step, and say what to do about the first thing that is wrong."""
    return asyncio.run(_doctor(source))


async def _doctor(source: str | None) -> int:
    first: Check | None = None
    async with aclosing(examine(source)) as checks:
        async for check in checks:
            write_text(_line(check))
            if first is None and check.outcome is Outcome.FAILED:
                first = check
    if first is None:
        write_text("\nNothing is wrong.\n")
        return Status.FINE
    if first.advice:
        write_text(f"\nWhat to do: {clean(first.advice, 2000)}\n")
    return Status.NO_ANSWER


def _line(check: Check) -> str:
    advice = f" ({check.advice})" if check.advice and check.outcome is Outcome.OK else ""
    finding = clean(check.finding + advice, 2000)
    return f"{clean(check.step, _STEP):<{_STEP}} {check.outcome:<{_OUTCOME}} {finding}\n"
