"""What a GitLab is found to be when it is examined."""

from collections.abc import Callable, Iterator

import pytest

from mltrack_tui.sources.checks import Check, Outcome
from mltrack_tui.sources.remote.checkup import STEPS, examine_server
from tests.gitlab.seeding import small_world
from tests.gitlab.server import GitLabStub

LetIn = Callable[..., str]


@pytest.fixture(scope="module")
def stub() -> Iterator[GitLabStub]:
    with GitLabStub(world=small_world()) as running:
        yield running


async def examined(uri: str) -> dict[str, Check]:
    return {check.step: check async for check in examine_server(uri)}


@pytest.fixture
def token(stub: GitLabStub, monkeypatch: pytest.MonkeyPatch) -> LetIn:
    """Sets the token of a user, with some scopes."""

    def let_in(username: str, *scopes: str) -> str:
        user = next(each for each in stub.world.users.values() if each.username == username)
        secret = stub.world.token(user, *scopes)
        monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", secret)
        return secret

    return let_in


async def test_a_developer_with_a_good_token_has_no_trouble(stub: GitLabStub, token: LetIn) -> None:
    secret = token("dan", "api")
    found = await examined(stub.tracking_uri("group/vision"))
    assert [*found] == list(STEPS)
    assert {check.outcome for check in found.values()} <= {Outcome.OK, Outcome.SKIPPED}
    assert found["MLflow"].finding.startswith("GitLab 18")
    assert "as dan" in found["login"].finding
    assert "scope api" in found["login"].finding
    assert "in group/vision, as Developer" in found["experiments"].finding
    assert found["login"].advice == found["experiments"].advice == ""
    assert secret not in repr(found)


async def test_a_token_that_only_reads_is_told_what_it_costs(stub: GitLabStub, token: LetIn) -> None:
    token("dan", "read_api")
    found = await examined(stub.tracking_uri("group/vision"))
    assert "scope read_api" in found["login"].finding
    assert "one by one" in found["login"].advice
    assert found["artifacts"]


async def test_a_guest_is_told_what_the_role_costs(stub: GitLabStub, token: LetIn) -> None:
    token("gus", "api")
    found = await examined(stub.tracking_uri("group/vision"))
    assert "as Guest" in found["experiments"].finding
    assert "one by one" in found["experiments"].advice
    assert found["artifacts"]


async def test_without_a_project_the_projects_are_counted(stub: GitLabStub, token: LetIn) -> None:
    token("ann", "api")
    found = await examined(stub.uri)
    assert "projects" in found["experiments"].finding
    assert found["artifacts"].outcome is Outcome.SKIPPED


async def test_a_bad_token_fails_at_the_login(stub: GitLabStub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", "glpat-nobodys")
    for uri in (stub.uri, stub.tracking_uri("group/vision")):
        found = await examined(uri)
        assert found["MLflow"].finding == "a GitLab, which answers as MLflow does"
        assert found["login"].outcome is Outcome.FAILED
        assert "glpat" not in repr(found)


async def test_a_project_that_is_not_shown_says_so(stub: GitLabStub, token: LetIn) -> None:
    token("dan", "api")
    found = await examined(stub.tracking_uri("group/nothing"))
    assert found["experiments"].outcome is Outcome.FAILED
