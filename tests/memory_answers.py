"""How the source in memory makes its answers."""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from math import isnan, nan

from mltrack_tui.analysis.order import arranged
from mltrack_tui.domain.artifacts import Artifact
from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.domain.history import History, MetricSummary
from mltrack_tui.domain.query import Query
from mltrack_tui.search.evaluate import CandidateSubject, matches

Point = tuple[int, int, float]


def answer_to(query: Query, subjects: Sequence[CandidateSubject]) -> tuple[CandidateId, ...]:
    matching = [subject.candidate for subject in subjects if matches(query.where, subject)]
    return tuple(member.id for member in arranged(matching, query.order))


def listing(path: str, files: Mapping[str, bytes]) -> list[Artifact]:
    """What lies in a folder; nothing, where there is none."""
    if path in files:
        return [Artifact(path, is_dir=False, size=len(files[path]))]
    prefix = f"{path}/" if path else ""
    below = {name.removeprefix(prefix).partition("/")[0] for name in files if name.startswith(prefix)}
    return [artifact_of(prefix + name, files) for name in sorted(below)]


def summary_of(metric: str, last: float, values: Sequence[float]) -> MetricSummary:
    numbers = [value for value in values if not isnan(value)] or [nan]
    return MetricSummary(metric, last, min(numbers), max(numbers), len(values))


def history_of(metric: str, points: Sequence[Point], of: Sequence[Point]) -> History:
    return History(
        metric,
        array("q", (step for step, _, _ in points)),
        array("q", (timestamp for _, timestamp, _ in points)),
        array("d", (value for _, _, value in points)),
        len(of),
    )


def place_of(point: Point) -> tuple[int, int, float, bool]:
    """Where a point stands in a history: MLflow gives NaN the value 0 in this order."""
    step, timestamp, value = point
    return (step, timestamp, 0.0, True) if isnan(value) else (step, timestamp, value, False)


def artifact_of(path: str, files: Mapping[str, bytes]) -> Artifact:
    content = files.get(path)
    return Artifact(path, is_dir=content is None, size=None if content is None else len(content))


def latest(times: Iterable[int | None]) -> int | None:
    return max((time for time in times if time is not None), default=None)


def between(points: Sequence[Point], steps: tuple[int, int] | None) -> Sequence[Point]:
    """The points of these steps, the first and the last one included."""
    return points if steps is None else [point for point in points if steps[0] <= point[0] <= steps[1]]
