"""Worlds to test with: a lifelike one, what MLflow's client logged elsewhere, and very much of everything."""

import uuid
from dataclasses import replace
from math import isfinite

from tests.gitlab.profiles import Profile
from tests.gitlab.things import DEVELOPER, GUEST, OWNER, REPORTER, Candidate, Experiment, MetricRow, Project, User
from tests.gitlab.world import World
from tests.sources.facts import CandidateFacts, ExperimentFacts, Facts, Point

BEGIN = 1_700_000_000_000
"""When the lifelike world began: a day in November 2023."""
MINUTE = 60_000
PARENT = "mlflow.parentRunId"


def small_world(profile: Profile = Profile.NEW) -> World:
    """Four users and six projects, as a team may have them.

    ``ann`` owns all, ``dan`` is a developer, ``gus`` a guest of group/vision and ann/digits and ``sam`` a stranger.
    group/sub/churn is private, and gus may not see it; group/plain has both features disabled and group/old is
    archived. On `Profile.OLD` one candidate has its artifacts in a legacy generic package.
    """
    world = World()
    ann, dan = world.user("ann", "Ann Arbor"), world.user("dan", "Dan D'Arc")
    gus = world.user("gus", "Gus")
    world.user("sam", "Sam")
    vision = world.project("group/vision", name="Vision", owner=ann, description="Pictures", last_activity_at=BEGIN)
    churn = world.project("group/sub/churn", name="Churn", owner=ann, last_activity_at=BEGIN + 90 * MINUTE)
    digits = world.project("ann/digits", owner=ann, visibility="internal", last_activity_at=BEGIN + 60 * MINUTE)
    plain = world.project("group/plain", owner=ann, model_experiments="disabled", model_registry="disabled")
    world.project("group/old", owner=ann, archived=True)
    world.project("group/open", owner=ann, visibility="public", model_registry="private")
    for project in (vision, churn, plain):
        world.add_member(dan, project, DEVELOPER, of_group=True)
    world.add_member(dan, digits, REPORTER)
    for project in (vision, digits, plain):
        world.add_member(gus, project, GUEST)
    _fill_vision(world, vision, ann, dan)
    _fill_churn(world, churn, dan, legacy=profile is Profile.OLD)
    experiment = world.experiment(digits, "mnist", ann, at=BEGIN)
    _trained(world, digits, experiment, ann, number=0)
    return world


def _fill_vision(world: World, project: Project, ann: User, dan: User) -> None:
    """Two experiments, one of them by CI, and a model with three versions."""
    segments = world.experiment(project, "segmentation", ann, {"team": "vision"}, at=BEGIN)
    for number in range(5):
        candidate = _trained(world, project, segments, dan if number % 2 else ann, number)
        if number < 3:
            title = f"Tune the rate ({number})" if number < 2 else None
            candidate.ci_job = world.ci_job(f"train {number}", dan, merge_request=title)
    for path in ("model/MLmodel", "model/data/weights.bin", "plots/loss curve.svg", "notes.md"):
        world.artifact(project, segments.candidates[0], path, f"the content of {path}\n".encode())
    world.experiment(project, "empty", dan, at=BEGIN + MINUTE)
    model = world.model(project, "segmenter", ann, description="Finds **edges**")
    for semver in ("1.0.0", "1.10.0", "1.9.0"):
        version = world.model_version(project, model, semver, ann, description=f"Version {semver}")
        world.artifact(project, version, "model/MLmodel", b"flavors: {}\n")
    _trained(world, project, model.experiment, dan, number=7)
    world.model(project, "unversioned", dan)


def _fill_churn(world: World, project: Project, dan: User, *, legacy: bool) -> None:
    """An experiment with a parent and its children, and a run that goes on."""
    experiment = world.experiment(project, "boost [prod] 日本", dan, at=BEGIN + 2 * MINUTE)
    parent = _trained(world, project, experiment, dan, number=1)
    for number in (2, 3):
        child = _trained(world, project, experiment, dan, number)
        child.tags[PARENT] = parent.eid
    child.status, child.end_time = "RUNNING", None
    if legacy:
        parent.package = world.package(project, f"ml_experiment_{experiment.iid}", str(parent.iid), "generic")
        world.package_file(parent.package, "report.txt", b"an old report\n")


def _trained(world: World, project: Project, experiment: Experiment, user: User, number: int) -> Candidate:
    """A finished candidate with four parameters, and a loss over ten steps."""
    start = BEGIN + number * 10 * MINUTE
    candidate = world.candidate(
        project,
        experiment,
        f"run {number}",
        user,
        at=start,
        start_time=start,
        end_time=start + 5 * MINUTE,
        status="FAILED" if number == 3 else "FINISHED",
        params={"lr": str(0.1 / (number + 1)), "optimizer": "adam" if number % 2 else "sgd", "seed": str(number)},
        tags={"mlflow.user": user.username, "mlflow.source.git.commit": f"{number:040x}"},
    )
    for step in range(10):
        world.metric(candidate, "loss", 1 / (step + number + 1), step=step, timestamp=start + step * 1000)
    world.metric(candidate, "val/accuracy", 0.5 + number / 20, step=0, timestamp=start + 20_000)
    experiment.updated_at = max(experiment.updated_at, start)
    return candidate


def hold_facts(world: World, project: str, facts: Facts, creator: User, *, base: str = "") -> Facts:
    """Put what MLflow's client logged elsewhere into a project, as far as GitLab can hold it.

    Returns the facts as they then are: what was deleted is not there, nor are values that are no finite numbers, and
    run ids have dashes. The order of the facts stays; iids go by the order of the ids. ``base`` is the URI of the
    server, which begins the artifact URIs.
    """
    holding = next((one for one in world.projects.values() if one.path_with_namespace == project), None)
    holding = holding or world.project(project, owner=creator)
    active = [one for one in facts.experiments if one.lifecycle_stage == "active"]
    held = {
        one.experiment_id: world.experiment(holding, one.name, creator, one.tags, at=0)
        for one in sorted(active, key=lambda one: int(one.experiment_id))
    }
    kept = [one for one in facts.candidates if one.lifecycle_stage == "active" and one.experiment_id in held]
    # The later an id, the sooner it comes among what was made at the same time: here the other way round.
    oldest_first = sorted(sorted(kept, key=lambda one: one.candidate_id, reverse=True), key=lambda one: one.start_time)
    told = {one.candidate_id: _held(world, holding, held[one.experiment_id], one, creator) for one in oldest_first}
    times = [one.end_time or one.start_time for one in kept]
    begin = min((one.start_time for one in kept), default=BEGIN)
    holding.last_activity_at = max(times, default=holding.last_activity_at)
    for experiment in held.values():
        its = [max(one.start_time or 0, one.end_time or 0) for one in experiment.candidates]
        experiment.created_at = min((one.created_at for one in experiment.candidates), default=begin)
        experiment.updated_at = max(its, default=begin)
    experiments = tuple(_experiment_held(one, held[one.experiment_id]) for one in active)
    ours = [told[one.candidate_id] for one in kept]
    return Facts(experiments, tuple(replace(one, artifact_uri=base + one.artifact_uri) for one in ours))


def _experiment_held(facts: ExperimentFacts, experiment: Experiment) -> ExperimentFacts:
    return replace(facts, experiment_id=str(experiment.iid), artifact_location="not_implemented")


def _held(
    world: World, project: Project, experiment: Experiment, facts: CandidateFacts, creator: User
) -> CandidateFacts:
    """A candidate with its metrics logged in the order of their time."""
    tags = {key: dashed(value) if key == PARENT else value for key, value in facts.tags.items()}
    candidate = world.candidate(
        project,
        experiment,
        facts.name,
        creator,
        eid=dashed(facts.candidate_id),
        at=facts.start_time,
        start_time=facts.start_time,
        end_time=facts.end_time,
        status=facts.status,
        params=facts.params,
        tags=tags,
    )
    finite = {key: tuple(point for point in points if isfinite(point[2])) for key, points in facts.history.items()}
    history: dict[str, tuple[Point, ...]] = {key: points for key, points in finite.items() if points}
    points = [(timestamp, step, key, value) for key, rows in history.items() for step, timestamp, value in rows]
    for timestamp, step, key, value in sorted(points, key=lambda point: point[:2]):
        world.metric(candidate, key, value, step=step, timestamp=timestamp)
    return replace(
        facts,
        experiment_id=str(experiment.iid),
        candidate_id=candidate.eid,
        artifact_uri=f"/api/v4/projects/{project.id}/packages/ml_models/candidate:{candidate.iid}/files/",
        metrics={key: row.value for key, row in candidate.latest().items()},
        tags=tags,
        history=history,
    )


def dashed(run_id: str) -> str:
    """A run id of MLflow's as GitLab would have it."""
    try:
        return str(uuid.UUID(run_id))
    except ValueError:  # another program's
        return str(uuid.uuid5(uuid.NAMESPACE_OID, run_id))


def many_projects(world: World, user: User, number: int) -> None:
    """So many projects of a developer, in teams of a hundred, the last made active last."""
    for made in range(number):
        path = f"team-{made // 100:02d}/project-{made:04d}"
        project = world.project(path, last_activity_at=BEGIN + made * MINUTE)
        world.add_member(user, project, DEVELOPER)


def many_candidates(
    world: World, project: Project, experiment: Experiment, number: int, *, metrics: int = 6, params: int = 8
) -> None:
    """So many finished candidates, a minute apart, each metric with one value."""
    first = world.number("row")
    owner = next((world.users[one] for one, level in project.members.items() if level == OWNER), None)
    for made in range(number):
        at = BEGIN + made * MINUTE
        candidate = world.candidate(
            project,
            experiment,
            f"trial-{made:05d}",
            owner,
            at=at,
            start_time=at,
            end_time=at + 30_000,
            status="FINISHED",
            params={f"param{one}": str((made * 31 + one * 7) % 1000 / 10) for one in range(params)},
            tags={"mlflow.user": f"user{made % 9}", "stage": ("dev", "prod")[made % 2]},
        )
        candidate.metrics = [
            MetricRow(first + made * metrics + one, f"metric{one}", (made * 37 + one * 11) % 1009 / 1009, at, 0)
            for one in range(metrics)
        ]
    experiment.updated_at = BEGIN + number * MINUTE
    world.skip_numbers("row", number * metrics)
