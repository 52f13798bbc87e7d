"""A small world behind a stub, and somebody who asks it."""

from collections.abc import Iterator

import pytest

from tests.gitlab.asking import Asking
from tests.gitlab.fixtures import StartGitLab
from tests.gitlab.profiles import Profile
from tests.gitlab.seeding import small_world


@pytest.fixture
def profile() -> Profile:
    """Of what is the same on all: a test that is about one, or about each, says so by parameters of this name."""
    return Profile.NEW


@pytest.fixture
def small(gitlab: StartGitLab, profile: Profile) -> Iterator[Asking]:
    """The small world of a profile, to be asked."""
    with Asking(gitlab(profile, small_world(profile))) as asking:
        yield asking
