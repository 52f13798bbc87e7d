"""A server's word on artifacts is not taken for more than it is."""

from itertools import count
from typing import Any

import pytest

from mltrack_tui.domain.artifacts import Artifact, ArtifactKind
from mltrack_tui.sources.base import NotFoundError, SourceError
from mltrack_tui.sources.remote import RemoteSource
from tests.servers import faults
from tests.servers.proxy import Fault
from tests.sources.reading import whole
from tests.sources.remote.conftest import Open, Own


@pytest.fixture
def source(own: Own, opened: Open) -> RemoteSource:
    return opened(own.uri)


@pytest.mark.parametrize(
    "path", ["../secret", "/etc/passwd", "a\\b", "%2e%2e/x", "a\x1bb", "models:/../x", "models:/", "models:/m/../x"]
)
async def test_what_leads_elsewhere_is_not_asked_for(own: Own, source: RemoteSource, path: str) -> None:
    place = own.place(source, await own.run(1))
    with pytest.raises(NotFoundError):
        await source.artifacts(place, path)
    with pytest.raises(NotFoundError):
        await whole(source.content(place, path))
    assert not own.proxy.paths("artifact")


async def test_a_listing_shows_what_lies_in_its_folder_and_names_that_could_do_harm_as_that(
    own: Own, source: RemoteSource
) -> None:
    hostile = [
        *(
            "../evil",
            "/etc/passwd",
            "model/..",
            "model/",
            "model//x",
            "model/./x",
            "model/%2e%2e/x",
            "model/%252e%252e",
        ),
        *("model/a\\b", "C:\\x", "c:x", "model/a\x1b[2J", "model/a\nb", "model/\u2028", "models:/m-1", "datasets:/x"),
        *("model/a%20b", "models:", "%2fetc/passwd", "model/%5c%5chost"),
    ]

    def told(answer: dict[str, Any]) -> None:
        paths = [*hostile, "other/x", "model/a/b", "model/fine", "model"]
        answer["files"] = [{"path": path, "is_dir": path.endswith("x")} for path in paths]

    place = own.place(source, await own.run(1))
    own.proxy.plan(faults.changed(told), path="artifacts/list")
    listed = await source.artifacts(place, "model")
    assert [one for one in listed if one.kind is ArtifactKind.LOGGED] == [Artifact("model/fine", False)]
    refused = [one for one in listed if one.kind is ArtifactKind.REFUSED]
    assert {one.path for one in refused} == set(hostile)
    assert all(one.about for one in refused)
    own.proxy.asked.clear()
    for one in refused:
        with pytest.raises(NotFoundError):
            await whole(source.content(place, one.path))
    assert not own.proxy.paths("artifact")


async def test_a_folder_without_end_is_cut_and_says_so(
    own: Own, source: RemoteSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mltrack_tui.sources.remote.artifacts.MOST_ENTRIES", 250)
    pages = count()

    def endless(answer: dict[str, Any]) -> None:
        page = next(pages)
        answer["files"] = [{"path": f"{page:05}-{number}", "file_size": 1} for number in range(100)]
        answer["next_page_token"] = str(page + 1)

    own.proxy.plan(faults.changed(endless), path="artifacts/list", times=20)
    *listed, rest = await source.artifacts(own.place(source, await own.run(1)))
    assert len(listed) == 250
    assert (rest.name, rest.kind) == ("…", ArtifactKind.REFUSED)
    assert "the others are not listed" in rest.about
    assert len(own.proxy.paths("artifacts/list")) <= 4


@pytest.mark.parametrize(
    "refusal", [faults.page(404, "<h1>Not Found</h1>"), faults.page(405, ""), faults.page(403, "")]
)
async def test_a_server_that_knows_no_logged_models_has_none(own: Own, source: RemoteSource, refusal: Fault) -> None:
    own.proxy.plan(refusal, path="logged-models")
    place = own.place(source, await own.run(1))
    assert await source.artifacts(place) == []
    own.proxy.plan(faults.page(500, "<h1>Oh</h1>"), path="artifacts/list")
    with pytest.raises(SourceError):
        await source.artifacts(place)


async def test_a_candidate_without_artifacts_has_none(own: Own, source: RemoteSource) -> None:
    assert await source.artifacts(own.place(source, await own.run(2))) == []
