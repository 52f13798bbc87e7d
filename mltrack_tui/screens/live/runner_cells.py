"""How candidates that run look in their list."""

from collections.abc import Sequence

from mltrack_tui.analysis.progress import Flag, Progress
from mltrack_tui.analysis.small_pictures import bar
from mltrack_tui.domain.text import clean
from mltrack_tui.domain.times import ago, duration, instant
from mltrack_tui.screens.candidates.looks import STATUS_CELLS
from mltrack_tui.screens.live.runners import Runner
from mltrack_tui.screens.rows import Field
from mltrack_tui.widgets.cells import MISSING, NOTHING, Cell, Ink, Tone

_BAR = 4
_LONGEST = 200
_WATCHED = Ink(" watched", Tone.DIM)
_TONES = {Flag.NAN: Tone.BAD, Flag.DIVERGED: Tone.BAD, Flag.SILENT: Tone.WARN, Flag.STALLED: Tone.DIM}


def runner_fields() -> Sequence[Field[Runner]]:
    """The columns of the list."""
    return (
        Field("", _status, lambda r: r.candidate.status, lambda r: (r.candidate.status or "missing").lower()),
        Field(
            "name",
            lambda r: Cell(clean(r.called, _LONGEST), Tone.STRONG),
            lambda r: r.called,
            lambda r: f"{r.called}   {r.name}",
            widest=18,
        ),
        Field("progress", _progress, lambda r: r.progress.share, lambda r: share_words(r.progress)),
        Field("steps/s", _rate, lambda r: r.progress.rate, lambda r: rate_words(r.progress), right=True),
        Field(
            "last point",
            lambda r: _ago(r.progress.last_point, r.at),
            lambda r: r.progress.last_point,
            lambda r: _instant(r.progress.last_point),
        ),
        Field(
            "ends",
            lambda r: MISSING if r.progress.ends is None else Cell(left_words(r.progress, r.at)),
            lambda r: r.progress.ends,
            lambda r: _instant(r.progress.ends),
        ),
        Field("flags", _worries, _worry_text, _worry_text, widest=34),
        Field("experiment", _experiment, _where, _where, widest=16),
        Field("step", _step, lambda r: r.progress.step, lambda r: step_words(r.progress), right=True),
    )


def share_words(progress: Progress) -> str:
    """How much is done: ``62 %``, or that nobody says how much there is."""
    return f"{progress.share:.0%} of {progress.total:,} steps" if progress.share is not None else "no total is known"


def step_words(progress: Progress) -> str:
    """The step, and how many there will be."""
    if progress.step is None:
        return "no point yet"
    return f"{progress.step:,}" + (f" of {progress.total:,}" if progress.share is not None else "")


def rate_words(progress: Progress) -> str:
    """Steps a second, or what a step takes."""
    rate = progress.rate
    if not rate:
        return "unknown"
    return f"{rate:.3g} steps a second" if rate >= 1 else f"a step in {duration(round(1000 / rate))}"


def left_words(progress: Progress, now: int) -> str:
    """How long it will still take: ``in 1h04m``; once that has passed, that it may be any moment."""
    left = (progress.ends or now) - now
    return f"in {duration(left - left % 1000)}" if left >= 1000 else "any moment"


def _status(runner: Runner) -> Cell:
    cell, worries = STATUS_CELLS.get(runner.candidate.status or "", MISSING), runner.progress.worries
    return cell._replace(tail=Ink("!", _TONES[worries[0].flag])) if worries else cell


def _where(runner: Runner) -> str:
    place = runner.candidate.id
    return f"{place.project} › {runner.candidate.experiment_name or place.experiment_id}"


def _experiment(runner: Runner) -> Cell:
    return Cell(clean(runner.candidate.experiment_name or runner.candidate.id.experiment_id, _LONGEST))


def _progress(runner: Runner) -> Cell:
    share = runner.progress.share
    if share is None:
        return MISSING
    return Cell(f"{int(share * 100):>3}%", tail=Ink(" " + bar(share, _BAR), Tone.GRAPH))


def _step(runner: Runner) -> Cell:
    return MISSING if runner.progress.step is None else Cell(f"{runner.progress.step:,}")


def _rate(runner: Runner) -> Cell:
    rate = runner.progress.rate
    return MISSING if not rate else Cell(f"{rate:.3g}" if rate < 1000 else f"{rate:,.0f}")


def _ago(ms: int | None, now: int) -> Cell:
    return MISSING if ms is None else Cell(ago(ms, now))


def _instant(ms: int | None) -> str:
    return "unknown" if ms is None else instant(ms, None)


def _worries(runner: Runner) -> Cell:
    worries, watched = runner.progress.worries, _WATCHED if runner.watched else NOTHING
    if not worries:
        return Cell("", tail=watched)
    words = dict.fromkeys(f"{worry.flag} {worry.metric}".strip() for worry in worries)
    return Cell(clean(", ".join(words), _LONGEST), _TONES[worries[0].flag], tail=watched)


def _worry_text(runner: Runner) -> str:
    watched = ["watched"] if runner.watched else []
    return "; ".join([*map(str, runner.progress.worries), *watched]) or "nothing"
