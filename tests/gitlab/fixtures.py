"""The fixture of a GitLab. A plugin: every test may ask for it.

``gitlab``    starts a stub: ``gitlab(Profile.OLD, small_world())``. It ends with the test, which fails if the stub
              itself went wrong.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any, Protocol

import pytest

from tests.gitlab.profiles import Profile
from tests.gitlab.server import GitLabStub
from tests.gitlab.world import World


class StartGitLab(Protocol):
    def __call__(self, profile: Profile = ..., world: World | None = ..., **options: Any) -> GitLabStub: ...


@pytest.fixture
def gitlab() -> Iterator[StartGitLab]:
    """Starts stubs of GitLab, which run until the end of the test."""
    with ExitStack() as running:

        def start(profile: Profile = Profile.NEW, world: World | None = None, **options: Any) -> GitLabStub:
            return running.enter_context(GitLabStub(profile, world, **options))

        yield start
