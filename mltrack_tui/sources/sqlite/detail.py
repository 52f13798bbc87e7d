"""One candidate and what hangs on it."""

from sqlalchemy import and_, select
from sqlmodel import col

from mltrack_tui.domain.entities import PARENT_TAG, Candidate, CandidateDetail, CandidateId, Dataset
from mltrack_tui.sources.base import NotFoundError
from mltrack_tui.sources.sqlite.cells import read_candidates
from mltrack_tui.sources.sqlite.dataset_tables import DatasetRow, Input, InputTag
from mltrack_tui.sources.sqlite.models import versions_of
from mltrack_tui.sources.sqlite.reader import Reader
from mltrack_tui.sources.sqlite.tables import Experiment, Run
from mltrack_tui.sources.sqlite.value_tables import Tag
from mltrack_tui.sources.sqlite.values import CONTEXT_TAG, DEFAULT_PROJECT


def locate(reader: Reader, source: str, candidate_id: str) -> CandidateId | None:
    """Where the candidate of an id lies, or None."""
    workspace = reader.schema.optional(Experiment.workspace)
    statement = (
        select(col(Run.experiment_id), workspace)
        .join(Experiment, col(Experiment.experiment_id) == col(Run.experiment_id))
        .where(col(Run.run_uuid) == candidate_id)
    )
    for experiment, project in reader.rows(statement):
        return CandidateId(source, project or DEFAULT_PROJECT, str(experiment), candidate_id)
    return None


def read_detail(reader: Reader, identity: CandidateId) -> CandidateDetail:
    """A candidate with parent, children and datasets. Raises NotFoundError."""
    candidate = read_one(reader, identity)
    names = reader.rows(
        select(col(Experiment.name))
        .join(Run, col(Run.experiment_id) == col(Experiment.experiment_id))
        .where(col(Run.run_uuid) == identity.candidate_id)
    )
    return CandidateDetail(
        candidate=candidate,
        experiment_name=names[0][0] if names else identity.experiment_id,
        parent=_parent(reader, candidate),
        children=_children(reader, identity),
        datasets=datasets_of(reader, identity),
        versions=versions_of(reader, identity) if reader.schema.has_models else (),
    )


def artifact_place(reader: Reader, identity: CandidateId) -> tuple[str, str | None]:
    """The candidate's artifact URI and its experiment's artifact location. Raises NotFoundError."""
    statement = (
        select(col(Run.artifact_uri), col(Experiment.artifact_location))
        .outerjoin(Experiment, col(Experiment.experiment_id) == col(Run.experiment_id))
        .where(col(Run.run_uuid) == identity.candidate_id)
    )
    for uri, location in reader.rows(statement):
        return uri or "", location
    raise NotFoundError(f"There is no candidate {identity.candidate_id!r} any more.")


def read_one(reader: Reader, identity: CandidateId) -> Candidate:
    """A candidate with all its values. Raises NotFoundError."""
    for candidate in read_candidates(reader, [identity]):
        return candidate
    raise NotFoundError(f"The store has no candidate {identity.candidate_id}.")


def _parent(reader: Reader, candidate: Candidate) -> Candidate | None:
    parent_id = candidate.tags.get(PARENT_TAG)
    parent = locate(reader, candidate.id.source, parent_id) if parent_id else None
    return next(iter(read_candidates(reader, [parent], ())), None) if parent else None


def _children(reader: Reader, identity: CandidateId) -> tuple[Candidate, ...]:
    """The candidates that name this one as their parent, in the order of their start."""
    statement = (
        select(col(Run.run_uuid), col(Run.experiment_id))
        .join(Tag, and_(col(Tag.run_uuid) == col(Run.run_uuid), col(Tag.key) == PARENT_TAG))
        .where(col(Tag.value) == identity.candidate_id)
    )
    ids = [identity._replace(experiment_id=str(number), candidate_id=run) for run, number in reader.rows(statement)]
    children = read_candidates(reader, ids, ())
    return tuple(sorted(children, key=lambda child: (child.start_time or 0, child.id.candidate_id)))


def datasets_of(reader: Reader, identity: CandidateId) -> tuple[Dataset, ...]:
    """The datasets that a candidate used, by name; none in a store without them."""
    if not reader.schema.has_datasets:
        return ()
    statement = (
        select(
            col(DatasetRow.name),
            col(DatasetRow.digest),
            col(InputTag.value),
            col(DatasetRow.dataset_source_type),
            col(DatasetRow.dataset_source),
            col(DatasetRow.dataset_schema),
            col(DatasetRow.dataset_profile),
        )
        .join(Input, and_(col(Input.source_id) == col(DatasetRow.dataset_uuid), col(Input.source_type) == "DATASET"))
        .outerjoin(InputTag, and_(col(InputTag.input_uuid) == col(Input.input_uuid), col(InputTag.name) == CONTEXT_TAG))
        .where(col(Input.destination_type) == "RUN", col(Input.destination_id) == identity.candidate_id)
        .order_by(col(DatasetRow.name), col(DatasetRow.digest))
    )
    return tuple(Dataset(*row) for row in reader.rows(statement))
