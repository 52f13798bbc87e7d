"""The answers there are, and how each is shown: for programs the same names and units as in JSON, for people fewer."""

from collections.abc import Callable, Mapping, Sequence

from mltrack_tui.domain.artifacts import Artifact, ArtifactKind
from mltrack_tui.domain.cells import logged_value
from mltrack_tui.domain.entities import Candidate, Experiment, Project
from mltrack_tui.domain.numbers import as_json
from mltrack_tui.domain.query import Column, Columns, Kind
from mltrack_tui.export.shape import Cell, Form, Json, Row, Shape, Value

Point = tuple[int, int | None, float]
"""A step, a timestamp, a value."""


def projects(found: Sequence[Project]) -> Shape[Project]:
    """A line a project; models and access where the source tells them of any."""
    models: Cell[Project] = Cell("models", lambda project: project.models, Form.NUMBER)
    access: Cell[Project] = Cell("access", lambda project: project.access)
    cells: list[Cell[Project]] = [
        Cell("name", lambda project: project.name),
        Cell("experiments", lambda project: project.experiments, Form.NUMBER),
        Cell("last_activity", lambda project: project.last_activity, Form.TIME),
        *_told([models, access], found),
    ]
    return Shape(lambda project: {cell.heading: cell.value(project) for cell in cells}, cells, cells)


def _told(cells: Sequence[Cell[Row]], rows: Sequence[Row]) -> list[Cell[Row]]:
    """Those columns in which some row has a value."""
    return [cell for cell in cells if any(cell.value(row) is not None for row in rows)]


def _count(experiment: Experiment) -> Value:
    """How many candidates were counted; ``100+`` where there may be more."""
    return experiment.candidates if experiment.counted else f"{experiment.candidates}+"


def experiments(found: Sequence[Experiment]) -> Shape[Experiment]:
    """A line an experiment; its creator and model where the source tells them of any.

    Programs are not told how many candidates it has: a server may not know.
    """
    creator: Cell[Experiment] = Cell("creator", lambda experiment: experiment.creator)
    model: Cell[Experiment] = Cell("model", lambda experiment: experiment.model)
    told = _told([creator, model], found)

    def record(experiment: Experiment) -> Json:
        return {
            "experiment_id": experiment.experiment_id,
            "name": experiment.name,
            "project": experiment.project,
            "lifecycle_stage": experiment.lifecycle_stage,
            "artifact_location": experiment.artifact_location,
            "tags": dict(experiment.tags),
            **{cell.heading: cell.value(experiment) for cell in told},
        }

    exact: list[Cell[Experiment]] = [
        Cell("experiment_id", lambda experiment: experiment.experiment_id),
        Cell("name", lambda experiment: experiment.name),
        Cell("project", lambda experiment: experiment.project),
        Cell("lifecycle_stage", lambda experiment: experiment.lifecycle_stage),
        Cell("artifact_location", lambda experiment: experiment.artifact_location),
        *told,
    ]
    human: list[Cell[Experiment]] = [
        Cell("id", lambda experiment: experiment.experiment_id, Form.PARAMETER),
        Cell("name", lambda experiment: experiment.name),
        Cell("project", lambda experiment: experiment.project),
        Cell("lifecycle", lambda experiment: experiment.lifecycle_stage),
        Cell("candidates", _count, Form.NUMBER),
        Cell("last_activity", lambda experiment: experiment.last_activity, Form.TIME),
        Cell("created", lambda experiment: experiment.creation_time, Form.TIME),
        Cell("description", lambda experiment: experiment.headline),
        *told,
    ]
    return Shape(record, exact, human)


def candidate_record(candidate: Candidate) -> Mapping[str, Json]:
    """A candidate with everything that was logged, as JSON."""
    return {
        "candidate_id": candidate.id.candidate_id,
        "experiment_id": candidate.id.experiment_id,
        "name": candidate.name,
        "status": candidate.status,
        "start_time": candidate.start_time,
        "end_time": candidate.end_time,
        "user": candidate.user,
        "lifecycle_stage": candidate.lifecycle_stage,
        "artifact_uri": candidate.artifact_uri,
        "params": dict(candidate.params),
        "metrics": {name: as_json(value) for name, value in candidate.metrics.items()},
        "tags": dict(candidate.tags),
    }


def candidates(columns: Columns, experiment_names: Mapping[str, str]) -> Shape[Candidate]:
    """A line a candidate, with these parameters and metrics as columns.

    ``experiment_names`` maps the ids of the experiments that were asked for; people see them if there are several.
    """
    logged = _logged(columns)
    exact: list[Cell[Candidate]] = [
        Cell("candidate_id", lambda candidate: candidate.id.candidate_id),
        Cell("name", lambda candidate: candidate.name),
        Cell("status", lambda candidate: candidate.status),
        Cell("start_time", lambda candidate: candidate.start_time),
        Cell("end_time", lambda candidate: candidate.end_time),
        Cell("user", lambda candidate: candidate.user),
        Cell("lifecycle_stage", lambda candidate: candidate.lifecycle_stage),
        Cell("experiment_id", lambda candidate: candidate.id.experiment_id),
        Cell("artifact_uri", lambda candidate: candidate.artifact_uri),
    ]
    experiment: list[Cell[Candidate]] = [
        Cell("experiment", lambda candidate: experiment_names.get(candidate.id.experiment_id))
    ]
    human: list[Cell[Candidate]] = [
        Cell("id", lambda candidate: candidate.id.candidate_id),
        Cell("name", lambda candidate: candidate.name),
        *(experiment if len(experiment_names) > 1 else []),
        Cell("status", lambda candidate: candidate.status),
        Cell("created", lambda candidate: candidate.start_time, Form.TIME),
        Cell("duration", lambda candidate: candidate.duration, Form.DURATION),
        Cell("user", lambda candidate: candidate.user),
    ]
    return Shape(candidate_record, [*exact, *logged], [*human, *logged])


_EXACT_HEADINGS = {"id": "candidate_id", "created": "start_time", "ended": "end_time", "lifecycle": "lifecycle_stage"}
_FORMS = {"created": Form.TIME, "ended": Form.TIME, "duration": Form.DURATION}


def chosen(columns: Sequence[Column], experiment_names: Mapping[str, str]) -> Shape[Candidate]:
    """A line a candidate, with these columns only, under the names that `candidates` gives them."""

    def cell(column: Column, *, exact: bool) -> Cell[Candidate]:
        heading, form = str(column), Form.NUMBER if column.kind in {Kind.METRIC, Kind.USAGE} else Form.PARAMETER
        if column.kind is Kind.ATTRIBUTE:
            form = _FORMS.get(column.name, Form.TEXT)
            heading = _EXACT_HEADINGS.get(column.name, column.name) if exact else column.name
        if column == Column(Kind.ATTRIBUTE, "experiment"):
            return Cell(heading, lambda candidate: experiment_names.get(candidate.id.experiment_id), form)
        return Cell(heading, lambda candidate: logged_value(candidate, column), form)

    cells = [cell(column, exact=True) for column in columns]

    def record(candidate: Candidate) -> Json:
        values = ((each.heading, each.value(candidate)) for each in cells)
        return {name: as_json(value) if isinstance(value, float) else value for name, value in values}

    return Shape(record, cells, [cell(column, exact=False) for column in columns])


def _logged(columns: Columns) -> list[Cell[Candidate]]:
    def param(name: str) -> Callable[[Candidate], Value]:
        return lambda candidate: candidate.params.get(name)

    def metric(name: str) -> Callable[[Candidate], Value]:
        return lambda candidate: candidate.metrics.get(name)

    return [
        *(Cell(f"params.{name}", param(name), Form.PARAMETER) for name in columns.params),
        *(Cell(f"metrics.{name}", metric(name), Form.NUMBER) for name in columns.metrics),
    ]


def points() -> Shape[Point]:
    """A line a point of a metric's history."""

    def record(point: Point) -> Json:
        return {"step": point[0], "timestamp": point[1], "value": as_json(point[2])}

    cells: list[Cell[Point]] = [
        Cell("step", lambda point: point[0], Form.EXACT),
        Cell("timestamp", lambda point: point[1], Form.TIME),
        Cell("value", lambda point: point[2], Form.EXACT),
    ]
    return Shape(record, cells, cells)


def artifacts(found: Sequence[Artifact]) -> Shape[Artifact]:
    """A line a file or folder; for people a folder's path ends in a slash, and what is no file of its own says so."""

    def record(artifact: Artifact) -> Json:
        return {each.heading: each.value(artifact) for each in exact} | {"is_dir": artifact.is_dir}

    about: Cell[Artifact] = Cell("about", _about)

    exact: list[Cell[Artifact]] = [
        Cell("path", lambda artifact: artifact.path),
        Cell("is_dir", lambda artifact: "true" if artifact.is_dir else "false"),
        Cell("size", lambda artifact: artifact.size),
        Cell("kind", lambda artifact: artifact.kind.value),
        Cell("about", lambda artifact: artifact.remark or None),
    ]
    human: list[Cell[Artifact]] = [
        Cell("path", lambda artifact: artifact.path + "/" * artifact.is_dir),
        Cell("size", lambda artifact: artifact.size, Form.EXACT),
        *_told([about], found),
    ]
    return Shape(record, exact, human)


def _about(artifact: Artifact) -> str | None:
    if artifact.kind is ArtifactKind.LOGGED:
        return artifact.remark or None
    return f"{artifact.kind.value}: {artifact.remark}" if artifact.remark else artifact.kind.value


def properties() -> Shape[tuple[str, str]]:
    """A line a property of one thing: for people only."""
    cells: list[Cell[tuple[str, str]]] = [
        Cell("property", lambda row: row[0]),
        Cell("value", lambda row: row[1]),
    ]
    return Shape(lambda row: {row[0]: row[1]}, cells, cells)
