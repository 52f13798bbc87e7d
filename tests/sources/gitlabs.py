"""GitLabs that hold what mlflow read from a store, and who may look at it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from tests.gitlab.profiles import Profile
from tests.gitlab.seeding import hold_facts
from tests.gitlab.server import GitLabStub
from tests.gitlab.world import World
from tests.sources.facts import STORES, Facts, read_facts

PROJECT, OTHER = "group/vision", "ann/digits"
DEVELOPER, GUEST = 30, 10


@dataclass(frozen=True)
class HeldFacts:
    """A running GitLab, what is known to be in `PROJECT`, and tokens: ``api``, ``read_api``, and a ``guest``'s."""

    stub: GitLabStub
    facts: Facts
    tokens: Mapping[str, str]
    number: int

    @classmethod
    @contextmanager
    def started(cls, profile: Profile) -> Iterator["HeldFacts"]:
        """A GitLab of some profile, with one more project that has one experiment."""
        world = World()
        ann, gus = world.user("ann"), world.user("gus")
        project, other = world.project(PROJECT), world.project(OTHER)
        for each in (project, other):
            world.add_member(ann, each, DEVELOPER)
            world.add_member(gus, each, GUEST)
        world.experiment(other, "first")
        tokens = {
            "api": world.token(ann, "api"),
            "read_api": world.token(ann, "read_api"),
            "guest": world.token(gus, "api"),
        }
        with GitLabStub(profile, world) as stub:
            facts = hold_facts(world, PROJECT, read_facts(STORES / "mlflow-3.18.0.json"), ann, base=stub.uri)
            yield cls(stub, facts, tokens, project.id)

    def uri(self, allowed: str) -> str:
        """Where this GitLab is named: by its own address, by a project's path, and by its number."""
        by_token = {"api": self.stub.uri, "read_api": self.stub.tracking_uri(PROJECT)}
        return by_token.get(allowed) or self.stub.tracking_uri(self.number)
