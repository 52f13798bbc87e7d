"""What a candidate uses of its machine, in its overview: read once that is on screen, and anew where it changed."""

import asyncio
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from math import isfinite
from typing import TYPE_CHECKING

from textual.content import Content

from mltrack_tui.analysis.small_pictures import bar, hills
from mltrack_tui.analysis.usage import gpus_among
from mltrack_tui.domain.entities import CandidateDetail, CandidateId
from mltrack_tui.domain.numbers import exact
from mltrack_tui.domain.query import SYSTEM, Aggregate, Column, Kind
from mltrack_tui.domain.sizes import bytes_text
from mltrack_tui.screens.place import Place
from mltrack_tui.sources.base import SourceError
from mltrack_tui.widgets.cells import MISSING

if TYPE_CHECKING:
    from textual.worker import Worker

    from mltrack_tui.analysis.gauges import Gauge, Unit
    from mltrack_tui.domain.history import History
    from mltrack_tui.screens.candidate.overview import OverviewPane

REST = 0.1
"""Seconds that a candidate is looked at before its machine is asked for: that may cost a server many requests."""
_POINTS = 1000
"""Parts of a history that is reduced; one of twice as many points comes whole. A source that keeps it as it grows needs
a kilobyte for each: a machine with eight GPUs logs thirty such histories."""
_BAR, _LEAST_CURVE, _LONGEST_CURVE = 10, 4, 32
"""Characters of a bar, and of a curve: as many as there is room for."""
UsageLine = tuple[str, Content]
"""What is used, and how much of it."""
_HOURS, _COST = Column(Kind.USAGE, "gpu_hours"), Column(Kind.USAGE, "cost")


class UsageLines:
    """Reads the system metrics of a place's candidate, and shows them in its overview."""

    def __init__(self, place: Place, pane: "OverviewPane") -> None:
        self._place, self._pane = place, pane
        self._asked: object = None
        """What was asked for last: a candidate and the last values of its system metrics."""

    def show(self, detail: CandidateDetail) -> None:
        """Have those of a candidate shown soon; those that it had before stay until then.

        As long as none of them changed, nothing is read: other metrics may be logged many times a second.
        """
        metrics = {name: value for name, value in detail.candidate.metrics.items() if name.startswith(SYSTEM)}
        asked = detail.candidate.id, detail.candidate.status, repr(metrics)
        if asked != self._asked:
            self._asked = asked
            _: Worker[None] = self._place.run_worker(self._load(detail, metrics), group="usage", exclusive=True)

    async def _load(self, detail: CandidateDetail, metrics: Mapping[str, float]) -> None:
        lines: list[UsageLine] = []
        if metrics:
            await asyncio.sleep(REST)
            lines = [*await self._total(detail), *await self._parts(detail.candidate.id, metrics)]
        self._pane.show_usage(lines)

    def _failed(self, error: SourceError) -> None:
        """Say so, and ask again the next time."""
        self._asked = None
        self._place.failed(error)

    async def _total(self, detail: CandidateDetail) -> list[UsageLine]:
        """What the GPUs were used for, and what that cost."""
        candidate = detail.candidate
        if not gpus_among(candidate.metrics):
            return []
        asked = [_HOURS, _COST] if self._place.session.source.capabilities.cost else [_HOURS]
        found = await self._place.answer(lambda: self._place.session.source.read([candidate.id], asked), self._failed)
        used = found[0].usage if found else {}
        if "gpu_hours" not in used:
            return []
        words = f"{_hours(used['gpu_hours'])} GPU hours"
        if "cost" in used:
            words += f"   {money(used['cost'], self._place.session.currency)}"
        running = candidate.end_time is None
        return [("used", Content(f"{words}   so far" if running else words))]

    async def _parts(self, candidate: CandidateId, metrics: Mapping[str, float]) -> list[UsageLine]:
        """A line a part of the machine."""
        from mltrack_tui.analysis.gauges import PARTS, Unit, gauge, times_of  # of such candidates alone

        timed = self._place.session.source.capabilities.times
        parts = {
            part: names
            for part in PARTS
            if (names := part.among(metrics)) and (timed or part.unit is not Unit.MEGABYTES_A_SECOND)
        }
        histories = {name: await self._history(candidate, name) for names in parts.values() for name in names}
        means = await self._means(candidate, histories)

        def gauges() -> "list[Gauge]":
            times = times_of(histories.values())
            own = ((part, [histories[name] for name in names]) for part, names in parts.items())
            return [gauge(part, metrics, some, means, (times, _LONGEST_CURVE)) for part, some in own]

        return _lines(await asyncio.to_thread(gauges), self._pane.room)

    async def _history(self, candidate: CandidateId, metric: str) -> "History":
        """A metric over time, of a server's long history what it tells at once; no points where that fails."""
        from mltrack_tui.domain.history import History

        source = self._place.session.source
        found = History(metric, array("q"), array("q"), array("d"), None)
        if not source.capabilities.history:
            return found
        async for history in self._place.answers(partial(source.history, candidate, metric, _POINTS), self._failed):
            found = history
            if history.on_demand:
                break
        return found if source.capabilities.times else replace(found, timestamps=found.steps)

    async def _means(self, candidate: CandidateId, histories: "Mapping[str, History]") -> Mapping[str, float]:
        """The means of those histories that are known but did not come whole; a server would take long for more."""
        lacking = [each for each in histories.values() if each.exact and not each.on_demand and len(each) != each.total]
        columns = [Column(Kind.METRIC, each.metric, Aggregate.MEAN) for each in lacking if len(each)]
        if not columns:
            return {}
        found = await self._place.answer(lambda: self._place.session.source.read([candidate], columns))
        return {column.name: mean for one in found or () for column, mean in one.aggregates.items()}


def _lines(gauges: "Sequence[Gauge]", room: int) -> list[UsageLine]:
    """How much of each part is used, its last value, its curve, its mean and peak, all of a kind below each other."""
    numbers = [_numbers(each) for each in gauges]
    last, mean, peak = (max(map(len, column)) for column in zip(*numbers, strict=True)) if numbers else (0, 0, 0)
    beside = _BAR + len("   mean  peak ") + last + mean + peak
    curve = min(max(room - beside, _LEAST_CURVE), _LONGEST_CURVE)
    return [
        (
            found.part.label,
            Content.assemble(
                (bar(found.filled, _BAR) if found.filled else " " * _BAR, "$graph"),
                f" {told[0]:>{last}} ",
                (hills(_shorter(found.curve, curve), found.top), "$graph"),
                (" mean ", "$dim"),
                told[1].rjust(mean),
                (" peak ", "$dim"),
                told[2].rjust(peak),
            ),
        )
        for found, told in zip(gauges, numbers, strict=True)
    ]


def _shorter(curve: Sequence[float | None], width: int) -> list[float | None]:
    """The last value in each of fewer equal parts."""
    return [curve[(place + 1) * len(curve) // width - 1] for place in range(width)] if curve else []


def _numbers(found: "Gauge") -> tuple[str, str, str]:
    last, mean, peak = (_number(each, found.part.unit) for each in (found.last, found.mean, found.peak))
    return (f"{found.count} × {last}" if found.count > 1 else last), mean, peak


def _number(value: float | None, unit: "Unit") -> str:
    from mltrack_tui.analysis.gauges import Unit

    if value is None:
        return MISSING.text
    if not isfinite(value):
        return exact(value)
    if unit is Unit.PERCENT:
        return f"{value:.0f} %"
    if unit is Unit.WATTS:
        return f"{value:,.0f} W"
    return bytes_text(round(value * 1e6)) + ("/s" if unit is Unit.MEGABYTES_A_SECOND else "")


def _hours(hours: float) -> str:
    return f"{hours:,.2f}" if hours < 10 else f"{hours:,.1f}"


def money(amount: float, currency: str) -> str:
    """A price to the cent: ``$8.50``, ``CHF 8.50``; one of less than that says so."""
    if 0 < amount < 0.01:
        return f"less than {money(0.01, currency)}"
    return f"{currency}{' ' if currency[-1:].isalpha() else ''}{amount:,.2f}"
