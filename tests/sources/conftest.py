"""The sources that the contract is tested over, and stores to change."""

import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from mltrack_tui.domain.entities import Candidate, CandidateId, Experiment, Model, ModelVersion
from mltrack_tui.domain.filter import words_filter
from mltrack_tui.domain.query import Lifecycle, Order, Query
from mltrack_tui.sources.base import Source
from mltrack_tui.sources.pages import final
from mltrack_tui.sources.remote import open_server
from mltrack_tui.sources.sqlite import SqliteSource, open_store
from tests.gitlab.profiles import Profile
from tests.memory import MemorySource
from tests.sources.facts import STORES, Facts, ModelFacts, read_facts
from tests.sources.gitlabs import OTHER, PROJECT, HeldFacts
from tests.sources.large import make_large
from tests.sources.stores import WORKSPACES, with_workspaces

VERSIONS = ("1.30.1", "2.9.2", "2.22.1", "3.0.1", "3.17.2", "3.18.0")


@dataclass(frozen=True)
class Given:
    """A source, and what is known to be in it."""

    source: Source
    facts: Facts
    other_projects: tuple[str, ...] = ()
    project: str = "default"


@pytest.fixture(scope="session", params=["2.9.2", "3.17.2"])
def large(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with thousands of candidates; nobody writes to it."""
    return make_large(tmp_path_factory.mktemp("large") / "large.db", request.param)


SERVERS = {"server": "mlflow_server", "server, three workspaces": "workspace_server"}
"""Sources that are real servers, and their fixtures."""


GITLABS = [(profile, allowed) for profile in Profile for allowed in ("api", "read_api", "guest")]
"""Profiles of GitLab, and what the user may do there: search, only read for the token's or for the role's sake."""


@pytest.fixture(scope="session")
def gitlabs() -> Iterator[Callable[[Profile], HeldFacts]]:
    """GitLabs that hold what mlflow read, each started once; nobody writes to them."""
    held: dict[Profile, HeldFacts] = {}
    with ExitStack() as stack:

        def start(profile: Profile) -> HeldFacts:
            if profile not in held:
                held[profile] = stack.enter_context(HeldFacts.started(profile))
            return held[profile]

        yield start


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each source; the whole contract over all GitLabs, what else any source answers over one of each profile."""
    if "given" in metafunc.fixturenames:
        whole = metafunc.module.__name__.endswith("test_contract")
        sources = [
            *(*VERSIONS, "three workspaces", "memory", "memory, paged"),
            *(pytest.param(kind, marks=pytest.mark.servers(fixture)) for kind, fixture in SERVERS.items()),
            *(pytest.param(kind, id=", ".join(kind)) for kind in (GITLABS if whole else GITLABS[::4])),
        ]
        metafunc.parametrize("given", sources, indirect=True)


@pytest.fixture
async def given(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Given]:
    """Each source that must keep the contract."""
    if isinstance(request.param, tuple):
        profile, allowed = request.param
        held: HeldFacts = request.getfixturevalue("gitlabs")(profile)
        monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", held.tokens[allowed])
        given = Given(open_server(held.uri(allowed)), held.facts, (OTHER,) if allowed == "api" else (), PROJECT)
    else:
        given = _given(request.param, request, tmp_path)
    yield given
    await given.source.aclose()


def _given(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Given:
    source: Source
    if kind.startswith("memory"):
        facts = read_facts(STORES / "mlflow-3.18.0.json")
        source = memory_of(facts)
        source.page_size = 3 if kind.endswith("paged") else None
    elif kind in SERVERS:
        facts = read_facts(STORES / "mlflow-3.17.2.json")
        source = open_server(request.getfixturevalue(SERVERS[kind]).uri)
    elif kind == "three workspaces":
        facts = read_facts(STORES / "mlflow-3.18.0.json")
        source = open_store(with_workspaces(tmp_path / "mlflow.db"))
    else:
        facts = read_facts(STORES / f"mlflow-{kind}.json")
        source = open_store(STORES / f"mlflow-{kind}.db")
    return Given(source, facts, WORKSPACES if kind.endswith("three workspaces") else ())


@pytest.fixture
def copied(tmp_path: Path) -> Callable[[str], Path]:
    """Copies the store of an mlflow version to where the test may change it."""

    def copy(version: str = "3.17.2") -> Path:
        return Path(shutil.copy(STORES / f"mlflow-{version}.db", tmp_path / "mlflow.db"))

    return copy


@pytest.fixture
async def opened() -> AsyncIterator[Callable[[Path], SqliteSource]]:
    """Opens stores, and closes them after the test."""
    sources: list[SqliteSource] = []

    def open_one(path: Path) -> SqliteSource:
        sources.append(open_store(path))
        return sources[-1]

    yield open_one
    for source in sources:
        await source.aclose()


def memory_of(facts: Facts) -> MemorySource:
    """The in-memory source with the same content as a store."""
    source = MemorySource()
    for experiment in facts.experiments:
        entity = Experiment(
            experiment_id=experiment.experiment_id,
            name=experiment.name,
            project="default",
            lifecycle_stage=experiment.lifecycle_stage,
            artifact_location=experiment.artifact_location,
            tags=experiment.tags,
        )
        source.add(
            entity,
            [
                Candidate(
                    id=CandidateId("", "", "", member.candidate_id),
                    name=member.name,
                    status=member.status,
                    start_time=member.start_time,
                    end_time=member.end_time,
                    user=member.tags.get("mlflow.user"),
                    lifecycle_stage=member.lifecycle_stage,
                    artifact_uri=member.artifact_uri,
                    params=member.params,
                    metrics=member.metrics,
                    tags=member.tags,
                )
                for member in facts.members(experiment.experiment_id)
            ],
        )
    source.points = {
        (member.candidate_id, metric): list(points)
        for member in facts.candidates
        for metric, points in member.history.items()
    }
    source.all_models = [_model(model) for model in facts.models]
    return source


def _model(facts: ModelFacts) -> Model:
    versions = [
        ModelVersion(
            facts.name,
            version.version,
            version.run_id,
            description=version.description,
            status="READY",
            aliases=tuple(alias for alias, pointed_to in facts.aliases.items() if pointed_to == version.version),
        )
        for version in facts.versions
    ]
    return Model(facts.name, "default", description=facts.description, tags=facts.tags, versions=tuple(versions))


async def tour(source: Source) -> None:
    """Ask everything there is to ask."""
    projects = await final(source.projects())
    for project in projects.items:
        experiments = tuple(
            experiment.experiment_id
            for experiment in (await final(source.experiments(project.name, Lifecycle.ALL))).items
        )
        await final(source.models(project.name))
        columns = await final(source.columns(project.name, experiments))
        for key in ("name", "created", *(f"metrics.{key}" for key in columns.metrics)):
            query = Query(project.name, experiments, words_filter("a"), Lifecycle.ALL, (Order.parse(key),))
            page = await final(source.candidates(query))
        for candidate in await source.read(page.items):
            await source.detail(candidate.id)
            await final(source.summaries(candidate.id))
            for metric in candidate.metrics:
                await final(source.history(candidate.id, metric, 100))


async def active(source: Source, *experiments: str) -> list[str]:
    """The ids of the active candidates of some experiments."""
    page = await final(source.candidates(Query("default", experiments)))
    return [one.candidate_id for one in page.items]
