"""What a source holds: projects, experiments, candidates and what hangs on them.

Times are integer milliseconds since the epoch, UTC. A value that the source does not have is ``None``, or absent
from its mapping; NaN and the infinities are floats like any other.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from mltrack_tui.domain.query import Column

NOTE_TAG = "mlflow.note.content"
PARENT_TAG = "mlflow.parentRunId"
_PROMPT_TAG = "mlflow.prompt.is_prompt"
ENDED = frozenset({"FINISHED", "FAILED", "KILLED"})
"""What the status is of a candidate that has ended."""
UNFINISHED = frozenset({"RUNNING", "SCHEDULED"})
"""What it is of one that has not, as far as anybody said; it may have no status at all."""
_DIGITS = re.compile(r"[0-9]+")
_LONGEST_NUMBER = 20


@dataclass(frozen=True, slots=True)
class Project:
    """A place for experiments: a workspace of MLflow (3.10 and later), or a project with everything else it holds.

    ``experiments`` and ``models`` are None as long as nobody counted them: a server with thousands of projects is
    asked for the numbers of those that are looked at (`sources.base.Source.count`). ``access`` is what the user may
    do there, in the server's word, where it says so.
    """

    name: str
    experiments: int | None
    last_activity: int | None
    models: int | None = None
    access: str | None = None


@dataclass(frozen=True, slots=True)
class Experiment:
    """A set of candidates that are comparable with each other.

    ``candidates`` counts the active ones; ``last_activity`` is the latest start or end of one of them. Where a server
    was not asked for all of them (yet), ``counted`` is false, and there may be more, and later ones.
    ``creator`` made it, where the source says who; ``model`` is the name of the model whose candidates it holds.
    """

    experiment_id: str
    name: str
    project: str
    lifecycle_stage: str
    artifact_location: str | None = None
    creation_time: int | None = None
    last_update_time: int | None = None
    candidates: int = 0
    last_activity: int | None = None
    counted: bool = True
    creator: str | None = None
    model: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def description(self) -> str:
        """The note in Markdown that somebody wrote on the experiment, or ''."""
        return self.tags.get(NOTE_TAG, "")

    @property
    def headline(self) -> str:
        """The first line of the description that says something, without Markdown's # before it."""
        return _headline(self.description)


class CandidateId(NamedTuple):
    """Which candidate, among all that one program may have open."""

    source: str
    project: str
    experiment_id: str
    candidate_id: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """One run of a training program (MLflow's run).

    ``metrics`` holds the last value of each metric as MLflow defines it: of the greatest (step, timestamp, value).
    ``aggregates`` holds what was asked for of their histories, ``ci`` what was asked for of the CI pipeline that
    logged it (`query.CI_NAMES`), and ``usage`` what was asked for of its use of the machine (`query.USAGE_NAMES`). A
    candidate that was read for some columns only holds only those. ``last_point`` is when the latest of its metrics'
    last values was logged, where a source tells it along with these; two candidates do not differ by it.
    """

    id: CandidateId
    name: str | None = None
    experiment_name: str | None = None
    status: str | None = None
    start_time: int | None = None
    end_time: int | None = None
    user: str | None = None
    lifecycle_stage: str = "active"
    artifact_uri: str | None = None
    params: Mapping[str, str] = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    aggregates: Mapping[Column, float] = field(default_factory=dict)
    ci: Mapping[str, str] = field(default_factory=dict)
    usage: Mapping[str, float] = field(default_factory=dict)
    last_point: int | None = field(default=None, compare=False)

    @property
    def duration(self) -> int | None:
        """Milliseconds from start to end, or None while it runs or where one of the two is missing."""
        if self.start_time is None or self.end_time is None:
            return None
        return self.end_time - self.start_time


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset that a candidate used: what MLflow's ``log_input`` keeps of it, as it was logged."""

    name: str
    digest: str
    context: str | None
    source_type: str | None
    source: str | None
    schema: str | None
    profile: str | None


@dataclass(frozen=True, slots=True)
class Link:
    """Something elsewhere that a candidate came from: a CI job, a merge request.

    ``label`` is what it is, ``text`` which one, ``url`` where it is looked at, where that is known.
    """

    label: str
    text: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """One version of a registered model.

    ``model`` is the model's name. ``version`` is a number, or semver, as text (`version_key` sorts it). It was made
    of the candidate ``candidate_id``, which may be gone, or of none that the source knows. ``stage`` and ``status``
    are the source's words, None where it has nothing to say; ``aliases`` are the names that point to this version.
    """

    model: str
    version: str
    candidate_id: str | None = None
    creation_time: int | None = None
    description: str = ""
    stage: str | None = None
    status: str | None = None
    user: str | None = None
    aliases: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What it is called among its model's versions."""
        return self.version

    @property
    def marks(self) -> str:
        """Its aliases as people write them: ``@champion @production``, or ''."""
        return " ".join(f"@{alias}" for alias in self.aliases)

    @property
    def headline(self) -> str:
        """The first line of the description that says something, without Markdown's # before it."""
        return _headline(self.description)


@dataclass(frozen=True, slots=True)
class Model:
    """A registered model: a name for one candidate's work after the other.

    ``versions`` are the newest first. ``experiment_id`` is the experiment whose candidates are this model's, where
    the source has such.
    """

    name: str
    project: str
    creation_time: int | None = None
    last_update_time: int | None = None
    description: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    versions: tuple[ModelVersion, ...] = ()
    experiment_id: str | None = None

    @property
    def latest(self) -> ModelVersion | None:
        """The newest version, if there is one."""
        return self.versions[0] if self.versions else None

    @property
    def marks(self) -> str:
        """All aliases, each group with the version that it points to: ``@champion 2  @old 1``, or ''."""
        return "  ".join(f"{each.marks} {each.version}" for each in self.versions if each.aliases)

    @property
    def headline(self) -> str:
        """The first line of the description that says something, without Markdown's # before it."""
        return _headline(self.description)


def is_prompt(tags: Mapping[str, str]) -> bool:
    """Whether a registered model with these tags is one of MLflow's prompts, which it keeps among them."""
    return tags.get(_PROMPT_TAG) == "true"


def version_key(version: str) -> str:
    """A text that sorts as a version does: by its numbers, 1.10.0 after 1.9.0, and 1.0.0-rc.1 before 1.0.0.

    As https://semver.org orders them (section 11); what comes after a + says nothing.
    """
    release, dash, preview = version.partition("+")[0].partition("-")
    return _DIGITS.sub(lambda number: number[0].zfill(_LONGEST_NUMBER), release + (dash + preview if dash else "~"))


def newest_first(versions: Iterable[ModelVersion]) -> tuple[ModelVersion, ...]:
    """Some versions of one model, the newest first."""
    return tuple(sorted(versions, key=lambda each: version_key(each.version), reverse=True))


@dataclass(frozen=True, slots=True)
class CandidateDetail:
    """A candidate with everything around it that its overview shows.

    ``every_child`` is false where a server tells children only of what was fetched so far; ``origin`` is what in CI
    the candidate came from. ``versions`` are the model versions that were made of it, where telling them costs a
    server no request more.
    """

    candidate: Candidate
    experiment_name: str
    parent: Candidate | None = None
    children: tuple[Candidate, ...] = ()
    datasets: tuple[Dataset, ...] = ()
    origin: tuple[Link, ...] = ()
    every_child: bool = True
    versions: tuple[ModelVersion, ...] = ()


def _headline(description: str) -> str:
    lines = (line.strip("# ") for line in description.splitlines())
    return next((line for line in lines if line), "")
