"""A server's word on artifacts is not taken for more than it is."""

from typing import Any

import pytest

from mltrack_tui.domain.entities import Artifact
from mltrack_tui.sources.base import NotFoundError
from mltrack_tui.sources.remote import RemoteSource
from tests.servers import faults
from tests.sources.reading import whole
from tests.sources.remote.conftest import Open, Own


@pytest.fixture
def source(own: Own, opened: Open) -> RemoteSource:
    return opened(own.uri)


@pytest.mark.parametrize("path", ["../secret", "/etc/passwd", "a\\b", "%2e%2e/x", "a\x1bb"])
async def test_what_leads_elsewhere_is_not_asked_for(own: Own, source: RemoteSource, path: str) -> None:
    place = own.place(source, await own.run(1))
    with pytest.raises(NotFoundError):
        await source.artifacts(place, path)
    with pytest.raises(NotFoundError):
        await whole(source.content(place, path))
    assert not own.proxy.paths("artifact")


async def test_a_listing_shows_only_what_lies_in_its_folder(own: Own, source: RemoteSource) -> None:
    def hostile(told: dict[str, Any]) -> None:
        paths = ["../evil", "/etc/passwd", "model/..", "model/", "other/x", "model/a/b", "model/fine", "model"]
        told["files"] = [{"path": path, "is_dir": False} for path in paths]

    own.proxy.plan(faults.changed(hostile), path="artifacts/list")
    assert await source.artifacts(own.place(source, await own.run(1)), "model") == [Artifact("model/fine", False)]


async def test_a_candidate_without_artifacts_has_none(own: Own, source: RemoteSource) -> None:
    assert await source.artifacts(own.place(source, await own.run(2))) == []
